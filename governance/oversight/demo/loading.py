"""Loading the fictional plan and file, through the use cases, once the company is there.

Resumed where it stopped; what is there is not loaded again.
"""

import uuid
from datetime import date, timedelta
from io import BytesIO
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.demo.models import DemoStep
from governance.customers.demo.staff import actor
from governance.customers.house import House
from governance.days import day_of
from governance.identity.models import Account
from governance.oversight.accountability.letters import keep_letter
from governance.oversight.accountability.maturity import assess
from governance.oversight.accountability.officer import keep_officer
from governance.oversight.accountability.training import keep_training
from governance.oversight.demo.contents import DESIGNATION, LEVELS, PLAN, SHELF, TRAINING_SHEET, Planned, Shelved
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.service import put_document
from governance.oversight.models import Document, Officer, TrainingSession
from governance.oversight.plan.service import add_action, move_action
from governance.oversight.values import About, Thing
from governance.oversight.values.accountability import (
    Assessed,
    Direction,
    LetterTerms,
    Mandate,
    OfficerTerms,
    TrainingTerms,
)
from governance.oversight.values.evidence import DocumentTerms
from governance.oversight.values.plan import ActionTerms, MoveAction
from register.catalogue.models import Contract
from register.service import Desk

FILE_STEP: Final = "file"
_TRAINED: Final = (Role.SUPPORT, Role.SALES, Role.MARKETING)
_TRAINED_AGO: Final = 12
_IN_OFFICE_FOR: Final = 700


def load_file(house: House) -> None:
    """Load the fictional plan, the file, and the documents that prove some of it."""
    today = day_of(house.clock.now())
    with house.write() as session:
        step = session.get(DemoStep, FILE_STEP)
        if step is not None and step.complete:
            unrecorded(session, "nothing is loaded twice")
            return
        if step is None:
            session.add(DemoStep(name=FILE_STEP, seed="", today=today.isoformat()))
            _keep(session, house, today)
    _fill_shelf(house, today)
    with house.write() as session:
        unrecorded(session, "how far a load has come concerns nobody")
        session.get_one(DemoStep, FILE_STEP).complete = True


def _keep(session: Session, house: House, today: date) -> None:
    """Keep what lies in tables alone, in one transaction."""
    desk, dpo = Desk(house.clock, house.ids, house.attestor), actor(session, Role.DPO)
    for planned in PLAN:
        _plan(session, desk, planned, today)
    account = session.get_one(Account, dpo.id)
    called = account.name or account.email
    trained = frozenset(each for role in _TRAINED if (each := actor(session, role).id) is not None)
    keep_officer(session, desk, dpo, (None, _officer(called, today)))
    keep_training(session, desk, dpo, (None, _training(called, trained, today)))
    keep_letter(session, desk, dpo, (None, _letter(today)))
    stands = {each: Assessed(level=level, target=to, justification=why) for each, (level, to, why) in LEVELS.items()}
    assess(session, desk, dpo, stands)


def _officer(called: str, today: date) -> OfficerTerms:
    return OfficerTerms(
        name=called,
        mandate=Mandate.INTERNAL,
        since=today - timedelta(days=_IN_OFFICE_FOR),
        number="DPO-00000 (fictif)",
        declared_on=today - timedelta(days=_IN_OFFICE_FOR - 5),
        published="Pied de page du site et notices d’information (exemple fictif).",
        resources="Deux jours par semaine ; accès au registre, au journal et à la direction.",
        conflicts="Ne décide ni des finalités ni des moyens.",
        conflicts_on=today - timedelta(days=120),
    )


def _training(called: str, trained: frozenset[uuid.UUID], today: date) -> TrainingTerms:
    return TrainingTerms(
        subject="Reconnaître une demande de droits (séance fictive)",
        held_on=today - timedelta(days=_TRAINED_AGO),
        minutes=90,
        held_by=called,
        note="Trois appels rejoués, puis le trajet d’une demande.",
        accounts=trained,
    )


def _letter(today: date) -> LetterTerms:
    return LetterTerms(
        authority="CNIL",
        direction=Direction.IN,
        dated_on=today - timedelta(days=9),
        subject="Durées de conservation : demande d’information (courrier fictif)",
        reference="FICTIF-0001",
        summary="Courrier fictif. Il est demandé comment les durées de la prospection sont appliquées.",
        due_on=today + timedelta(days=21),
    )


def _plan(session: Session, desk: Desk, planned: Planned, today: date) -> None:
    dpo, doer = actor(session, Role.DPO), actor(session, planned.to)
    if doer.id is None:
        return
    due_on = today + timedelta(days=planned.due_in)
    terms = ActionTerms(
        title=planned.title,
        why=planned.why,
        owner_id=doer.id,
        due_on=max(due_on, today),
        cost=planned.cost,
        priority=planned.priority,
        about=None if planned.about is None else _thing(session, *planned.about),
    )
    action = add_action(session, desk, dpo, terms)
    # What is late by now was not when it came into the plan.
    action.due_on = due_on
    for verb, note in planned.steps:
        move_action(session, desk, doer, MoveAction(action_id=action.id, verb=verb, note=note))


def _fill_shelf(house: House, today: date) -> None:
    """Put on file what is not there yet: each document is a transaction and a file."""
    with house.read() as session:
        dpo = actor(session, Role.DPO)
        there = set(session.scalars(select(Document.title)))
        officer = session.scalars(select(Officer.id)).first()
        training = session.scalars(select(TrainingSession.id)).first()
        shelf = [
            *SHELF,
            Shelved(
                title=DESIGNATION[0], text=DESIGNATION[1], dated=_IN_OFFICE_FOR, about=(About.OFFICER, str(officer))
            ),
            Shelved(
                title=TRAINING_SHEET[0],
                text=TRAINING_SHEET[1],
                dated=_TRAINED_AGO,
                about=(About.TRAINING, str(training)),
            ),
        ]
        wanted = [(each, _thing(session, *each.about)) for each in shelf if each.title not in there]
    library = EvidenceDesk.of(house)
    for each, thing in wanted:
        terms = DocumentTerms(
            title=each.title,
            dated_on=today - timedelta(days=each.dated),
            valid_until=None if each.valid_for is None else today + timedelta(days=each.valid_for),
            proves=(thing,),
        )
        put_document(library, dpo, terms, BytesIO(each.text.encode()))


def _thing(session: Session, about: About, called: str) -> Thing:
    """Return a thing by what the contents call it: a contract by its label, anything else as its room does."""
    if about is not About.CONTRACT:
        return Thing(about, called)
    return Thing(about, str(session.scalars(select(Contract.id).where(Contract.label == called)).one()))
