"""A small house whose register can part from its practice: one's own tables, a shop beside it, a gate before both."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import SYSTEM, Role
from governance.customers.house import House as LibraryHouse
from governance.database import Database
from governance.datamap.catalogue import load_catalogue
from governance.datamap.sources import Sources
from governance.days import day_of
from governance.gate.bulk import BulkContext, NewRow, load
from governance.gate.errors import ReadRefusedError
from governance.gate.gate import Gate, GateParts
from governance.gate.query import Query
from governance.identity.models import Account
from governance.jobs.queue import Lease
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.looking import Looking, LookingParts
from governance.oversight.drift.report import drift_report
from governance.oversight.drift.values import DriftReport, Finding, Kind
from governance.oversight.evidence.desk import FOLDER, EvidenceDesk
from governance.oversight.evidence.service import put_document
from governance.oversight.values import Thing
from governance.oversight.values.evidence import DocumentTerms
from governance.periods import Period
from governance.vault.keyring import Keyring
from governance.vault.sealed_store import SealedStore
from governance.vocabulary import DataCategory, SubjectKind
from register.lifecycle import Verb
from register.lines.contents import Content
from register.lines.values import Subject
from register.models import Activity
from register.service import (
    DataTerms,
    Desk,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import StartingEvent
from tests.builders.gate import own_map, person_values
from tests.builders.ground import StandingClock, an_actor
from tests.builders.lines import given
from tests.builders.plan import A_PDF
from tests.builders.register import DPO_ID, a_complete_draft, activate, step, terms, the_dpo, the_owner

CUSTOMER = SubjectKind.CUSTOMER


def one_round(looking: Looking) -> None:
    """Look at each place, then keep which findings are there."""
    done, finished = 0, False
    while not finished:
        progress = looking(cast("Lease", SimpleNamespace(payload={"done": done})))
        done, finished = progress.progress, progress.finished


@dataclass(frozen=True, kw_only=True)
class House:
    """What these tests work with."""

    database: Database
    keyring: Keyring
    desk: Desk
    clock: StandingClock
    log: Log
    gate: Gate
    sources: Sources

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session

    def ground(self, session: Session) -> Ground:
        return Ground(
            session=session, attestor=self.desk.attestor, snapshot=self.gate.snapshot_anew(), now=self.clock.now()
        )

    def report(self) -> DriftReport:
        snapshot = self.gate.snapshot_anew()
        with self.database.read() as session:
            return drift_report(
                Ground(session=session, attestor=self.desk.attestor, snapshot=snapshot, now=self.clock.now())
            )

    def found(self, kind: Kind) -> list[Finding]:
        return [each for each in self.report().open if each.kind is kind]

    def told(self, kind: Kind) -> set[tuple[str, ...]]:
        """Return the keys of what is found of a kind."""
        return {each.key for each in self.found(kind)}

    def looking(self) -> Looking:
        return Looking(
            LookingParts(
                read=self.database.read,
                write=self.database.write,
                snapshot=self.gate.snapshot_anew,
                attestor=self.desk.attestor,
                clock=self.clock,
                sources=self.sources,
            )
        )

    def look(self) -> None:
        """Let the worker do one round."""
        one_round(self.looking())

    def active(self, slug: str = "loyalty", *data: DataTerms) -> Activity:
        """Take an activity into force, on these terms."""
        with self.write() as session:
            a_complete_draft(session, self.desk, slug)
            if data:
                set_purpose_data(session, self.desk, the_owner(), SetPurposeData(purpose=f"{slug}-points", data=data))
            return activate(session, self.desk, slug)

    @contextmanager
    def revision(self, slug: str = "loyalty") -> Iterator[Session]:
        """Review an activity: what is written meanwhile comes into force at the end."""
        with self.write() as session:
            step(session, self.desk, the_dpo(), Step(activity=slug, verb=Verb.REVIEW))
            yield session
            activate(session, self.desk, slug)

    def uses(self, session: Session, *data: DataTerms, purpose: str = "loyalty-points") -> None:
        set_purpose_data(session, self.desk, the_owner(), SetPurposeData(purpose=purpose, data=data))

    def gives(self, session: Session, *roles: Role, purpose: str = "loyalty-points") -> None:
        command = SetPurposeRecipients(purpose=purpose, roles=frozenset(roles))
        set_purpose_recipients(session, self.desk, the_owner(), command)

    def lines(self, session: Session, subject: Subject, *lines: Content) -> None:
        given(session, self.desk, subject, *lines)

    def people(self, count: int, collected_on: date) -> None:
        """Put customers in the base, collected on a day."""
        with self.write() as session:
            unrecorded(session, "a test sets the scene")
            catalogue = load_catalogue(session, self.desk.attestor, own_map())
            context = BulkContext(
                keyring=self.keyring,
                clock=self.clock,
                ids=self.desk.ids,
                catalogue=catalogue,
                actor=SYSTEM,
                purpose="loyalty-points",
            )
            rows = [NewRow(values=person_values(number), collected_on=collected_on) for number in range(count)]
            load(session, context, catalogue.table("people"), rows)

    def refused(self, purpose: str = "no-such-purpose", role: Role = Role.SUPPORT, *fields: str) -> None:
        """Let somebody ask for people, and be refused."""
        query = Query(purpose=purpose, table="people", fields=fields or None)
        with pytest.raises(ReadRefusedError):
            self.gate.read(an_actor(role), query)

    def shelve(self, folder: Path, *proves: Thing, valid_until: date | None = None) -> tuple[EvidenceDesk, uuid.UUID]:
        """Let the officer put a document on file; return it, and the library that it is in."""
        transactions = {"read": self.database.read, "write": self.database.write}
        given: Any = SimpleNamespace(**transactions, clock=self.clock, ids=self.desk.ids, attestor=self.desk.attestor)
        house: LibraryHouse = given
        library = EvidenceDesk(house, SealedStore(folder, self.keyring, FOLDER))
        with self.write() as session:
            if session.get(Account, DPO_ID) is None:
                unrecorded(session, "a test sets the scene")
                session.add(Account(id=DPO_ID, email="dpo@demo.example", made_at=self.clock.now()))
                session.flush()
        terms = DocumentTerms(
            title="Impact assessment", dated_on=day_of(self.clock.now()), valid_until=valid_until, proves=proves
        )
        return library, put_document(library, the_dpo(), terms, BytesIO(A_PDF)).id

    def execute(self, statement: str) -> None:
        """Do to Égide's own database what its administrator could."""
        with self.database.write_connection() as connection:
            connection.execute(text(statement))


@contextmanager
def another(house: House) -> Iterator[House]:
    """Open the house as another process sees it, with no policies at hand."""
    parts = GateParts(
        database=house.database,
        clock=house.clock,
        keyring=house.keyring,
        attestor=house.desk.attestor,
        log=house.log,
        sources=house.sources,
        base=own_map(),
    )
    gate = Gate(parts)
    yield replace(house, gate=gate)
    gate.close()


def collected(category: DataCategory, period: str, kind: SubjectKind = CUSTOMER, archive: str = "P0D") -> DataTerms:
    """Return terms whose period begins with the collection."""
    return DataTerms(
        subject_kind=kind,
        category=category,
        active_for=Period(period),
        archived_for=Period(archive),
        starting_event=StartingEvent.COLLECTION,
    )


def later(category: DataCategory, period: str) -> DataTerms:
    """Return terms whose period begins with the end of the relationship."""
    return terms(category, active_for=Period(period))


def days_ago(clock: StandingClock, days: int) -> date:
    return day_of(clock.now()) - timedelta(days=days)
