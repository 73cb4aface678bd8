"""The data protection officer's designation: who, since when, declared, published, provided for. GDPR Art. 37 to 39."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.days import day_of
from governance.oversight.accountability.keeping import locked_record, record_kept, write_whole
from governance.oversight.errors import (
    DayToComeError,
    EndBeforeBeginError,
    FirmInternalError,
    RecordNotFoundError,
)
from governance.oversight.models import Officer
from governance.oversight.permissions import KEEPERS, writer
from governance.oversight.values.accountability import Mandate, OfficerTerms
from governance.vault.attest import attestor_of
from register.models import Party
from register.on_file import party_on_file
from register.service import Desk, find_party, name_officer
from register.service.catalogue.parties import usual_controller
from register.spelling import plain

OBJECT: Final = "officer"
_MOST: Final = 100


def keep_officer(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID | None, OfficerTerms]) -> Officer:
    """Put a designation on file, or correct one, whole. One that comes after others ends those that had no end.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file.
        RecordNotFoundError: If there is no such designation.
        PartyNotFoundError: If the firm is not on file.
        FirmInternalError: If an internal officer would be of a firm.
        EndBeforeBeginError: If it would end before it began.
        DayToComeError: If the authority would have been told, or conflicts looked at, on a day to come.
    """
    officer_id, terms = target
    writer(actor, KEEPERS)
    if terms.firm_id is not None:
        find_party(session, terms.firm_id)
        if terms.mandate is Mandate.INTERNAL:
            raise FirmInternalError
    if terms.until is not None and terms.until < terms.since:
        raise EndBeforeBeginError
    if any(each is not None and each > day_of(desk.clock.now()) for each in (terms.declared_on, terms.conflicts_on)):
        raise DayToComeError
    anew = False
    if officer_id is None:
        if terms.until is None:
            _end_earlier(session, desk, actor, terms.since)
        row = Officer(id=desk.ids.new(), changed_at=desk.clock.now(), **asdict(terms))
        session.add(row)
    else:
        row = locked_record(session, Officer, officer_id)
        anew = write_whole(desk, row, {**asdict(terms), "changed_at": desk.clock.now()})
    session.flush()
    record_kept(session, actor, (OBJECT, row.id), new=officer_id is None, anew=anew)
    return row


def _end_earlier(session: Session, desk: Desk, actor: Actor, since: date) -> None:
    """Let designations that would last longer end the day before another begins: there is one officer at a time."""
    lasting = select(Officer).where(or_(Officer.until.is_(None), Officer.until >= since), Officer.since < since)
    for row in session.scalars(lasting.with_for_update()):
        # What was altered is written anew by a person, or proves nothing anyhow.
        if desk.attestor.is_whole(row):
            row.until, row.changed_at = since - timedelta(days=1), desk.clock.now()
            session.flush()
            record_kept(session, actor, (OBJECT, row.id), new=False)


def list_officers(session: Session) -> Sequence[Officer]:
    """Return the designations, the latest first."""
    return session.scalars(select(Officer).order_by(Officer.since.desc(), Officer.id.desc()).limit(_MOST)).all()


def in_office(officers: Sequence[Officer], today: date) -> Officer | None:
    """Return who is designated on a day."""
    return next((row for row in officers if row.since <= today and (row.until is None or row.until >= today)), None)


class Parting(StrEnum):
    """How the register and the designation say two things about who the officer is."""

    # The register names an officer, and no designation is in force.
    UNDESIGNATED = "undesignated"
    # A designation is in force, and the register names nobody.
    UNNAMED = "unnamed"
    # Somebody else.
    ANOTHER = "another"
    # The same person, for another firm.
    FIRM = "firm"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOfficer:
    """Whom the register names as the officer of whoever answers for most activities."""

    controller: Party
    dpo: Party | None


def named_officer(session: Session) -> NamedOfficer | None:
    """Return whom the register names, in four statements at most; None where nobody answers for anything yet.

    Raises:
        AttestationError: If one of them was altered outside Égide.
    """
    controller = party_on_file(session, usual_controller(session))
    return (
        None
        if controller is None
        else NamedOfficer(controller=controller, dpo=party_on_file(session, controller.dpo_id))
    )


def parting(named: NamedOfficer, officer: Officer | None) -> Parting | None:
    """Return how the register parts from the designation in force; None where they agree.

    Case and accents tell nobody apart.
    """
    if named.dpo is None:
        return None if officer is None else Parting.UNNAMED
    if officer is None:
        return Parting.UNDESIGNATED
    if plain(named.dpo.name) != plain(officer.name):
        return Parting.ANOTHER
    return None if named.dpo.firm_id == officer.firm_id else Parting.FIRM


def nameable(session: Session, officer: Officer) -> Sequence[Party]:
    """Return who on file is, by name and firm, the officer designated; case and accents tell nobody apart.

    Namesakes are all returned: whoever names one of them sees how each is reached.
    """
    attestor = attestor_of(session)
    same_firm = Party.firm_id.is_(None) if officer.firm_id is None else Party.firm_id == officer.firm_id
    found = session.scalars(select(Party).where(same_firm).order_by(Party.id))
    return [each for each in found if plain(each.name) == plain(officer.name) and attestor.is_whole(each)]


def name_designated(session: Session, desk: Desk, actor: Actor, seen: tuple[uuid.UUID, uuid.UUID]) -> Party:
    """Let the register name whom the designation in force names. GDPR Art. 37(1), 37(7).

    Args:
        session: A writing transaction.
        desk: What it takes.
        actor: Who.
        seen: The designation, and who on file is the officer designated, as the controller saw them.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is not the controller in person.
        RecordNotFoundError: If another designation is in force, or who is on file is not the officer it names.
        AttestationError: If the designation, the controller or the officer was altered outside Égide.
    """
    designated = in_office(list_officers(session), day_of(desk.clock.now()))
    named = named_officer(session)
    if named is None or designated is None or designated.id != seen[0]:
        raise RecordNotFoundError
    desk.attestor.verify(designated)
    officer = next((each for each in nameable(session, designated) if each.id == seen[1]), None)
    if officer is None:
        raise RecordNotFoundError
    name_officer(session, actor, named.controller.id, officer.id)
    return officer


def lacking(officer: Officer) -> list[str]:
    """Return what a designation does not say yet, by field, in the order of the articles."""
    asked = ("published", "number", "declared_on", "resources", "conflicts", "conflicts_on")
    return [name for name in asked if not getattr(officer, name)]
