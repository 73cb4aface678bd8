"""Actions of the plan, documents of the library and the file of accountability, as the officer makes them."""

import io
import uuid
from datetime import timedelta
from typing import Any

from governance.actor import Role
from governance.days import day_of
from governance.oversight.accountability.letters import keep_letter
from governance.oversight.accountability.maturity import assess
from governance.oversight.accountability.officer import keep_officer
from governance.oversight.accountability.training import keep_training
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.service import put_document
from governance.oversight.plan.service import add_action
from governance.oversight.values import Thing
from governance.oversight.values.accountability import (
    Assessed,
    Direction,
    LetterTerms,
    Mandate,
    MaturityActivity,
    MaturityTerms,
    OfficerTerms,
    TrainingTerms,
)
from governance.oversight.values.evidence import DocumentTerms
from governance.oversight.values.plan import ActionTerms
from governance.wiring import Wired
from register.service import Desk
from tests.builders.oversight import account_of, acting

A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def desk_of(wired: Wired) -> Desk:
    """Return what writing takes."""
    return Desk(wired.clock, wired.ids, wired.attestor)


def terms(wired: Wired, to: Role = Role.OWNER, *, due_in: int = 10, **more: Any) -> ActionTerms:
    """Return an action that is due in so many days."""
    due_on = day_of(wired.clock.now()) + timedelta(days=due_in)
    return ActionTerms(**{"title": "Sign the contract", "owner_id": account_of(wired, to), "due_on": due_on, **more})


def given_action(
    wired: Wired, to: Role = Role.OWNER, *, by: Role = Role.DPO, due_in: int = 10, **more: Any
) -> uuid.UUID:
    """Put an action in the plan; return it."""
    wanted = terms(wired, to, due_in=max(due_in, 0), **more)
    with wired.write() as session:
        action = add_action(session, desk_of(wired), acting(wired, by), wanted)
        # What is late was due later than today on the day when it came into the plan.
        action.due_on = day_of(wired.clock.now()) + timedelta(days=due_in)
        return action.id


def put_on_shelf(wired: Wired, *proves: Thing, by: Role = Role.DPO, content: bytes = A_PDF, **more: Any) -> uuid.UUID:
    """Put a document on file; return it."""
    wanted = DocumentTerms(
        **{"title": "Signed minutes", "dated_on": day_of(wired.clock.now()), "proves": proves, **more}
    )
    return put_document(EvidenceDesk.of(wired), acting(wired, by), wanted, io.BytesIO(content)).id


def letter_terms(wired: Wired, *, due_in: int | None = 20, **more: Any) -> LetterTerms:
    """Return a letter of the CNIL that came today, to be answered in so many days."""
    today = day_of(wired.clock.now())
    said = {
        "authority": "CNIL",
        "direction": Direction.IN,
        "dated_on": today,
        "subject": "Dossier 2026-7",
        "due_on": None if due_in is None else today + timedelta(days=due_in),
    }
    return LetterTerms(**{**said, **more})


def training_terms(wired: Wired, *roles: Role, days_ago: int = 3, **more: Any) -> TrainingTerms:
    """Return a session that was held so many days ago, in which some of the staff took part."""
    held_on = day_of(wired.clock.now()) - timedelta(days=days_ago)
    people = frozenset(account_of(wired, role) for role in roles)
    return TrainingTerms(
        **{
            "subject": "Demandes de droits",
            "held_on": held_on,
            "minutes": 90,
            "accounts": people,
            **_said(people),
            **more,
        }
    )


def _said(people: frozenset[uuid.UUID]) -> dict[str, str]:
    return {} if people else {"note": "Twelve people of the shop"}


def officer_terms(wired: Wired, *, since_days: int = 100, **more: Any) -> OfficerTerms:
    """Return the designation of an officer of the house."""
    since = day_of(wired.clock.now()) - timedelta(days=since_days)
    return OfficerTerms(**{"name": "Ada Lefranc", "mandate": Mandate.INTERNAL, "since": since, **more})


def assessed(level: int, target: int = 4) -> MaturityTerms:
    """Return a self-assessment in which every activity stands at one level."""
    return {each: Assessed(level=level, target=target, justification="Vu en réunion.") for each in MaturityActivity}


def whole_file(wired: Wired) -> dict[str, object]:
    """Have the officer keep a session, a designation, a letter and a self-assessment; return what they are."""
    desk, dpo = desk_of(wired), acting(wired, Role.DPO)
    with wired.write() as session:
        training = keep_training(session, desk, dpo, (None, training_terms(wired, Role.SUPPORT, Role.SALES)))
        officer = keep_officer(session, desk, dpo, (None, officer_terms(wired)))
        letter = keep_letter(session, desk, dpo, (None, letter_terms(wired)))
        assess(session, desk, dpo, assessed(1))
        return {"training": training.id, "officer": officer.id, "letter": letter.id}
