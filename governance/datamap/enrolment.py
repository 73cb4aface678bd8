"""Enrolment: every row of every adopted table gets Égide's id and the persons it speaks of.

A job does it, never a read. Done again and again, it finds new rows, rows that speak of somebody else now, and rows
that are gone. Each step reads one page of a source, holding nothing, and then writes what is new in one short
transaction; a step done twice does nothing the second time. A row whose person is not enrolled yet waits for the next
run.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import SYSTEM
from governance.clock import Clock
from governance.database import Database
from governance.datamap.catalogue import Catalogue
from governance.datamap.enrolment_difference import (
    Comparison,
    Difference,
    SourceRow,
    read_page,
    referring_columns,
)
from governance.datamap.enrolment_plan import Cursor, Stage, plan_enrolment, stage_of
from governance.datamap.errors import (
    DataMapError,
    RegistryAlteredError,
    SourceUnknownError,
    SourceUnreachableError,
)
from governance.datamap.models import RegisteredRow
from governance.datamap.registry import NO_LINK, Registration, Signer, registrations, registrations_after
from governance.datamap.registry_seal import check_count, move_seal
from governance.datamap.source_rows import page_after, present
from governance.datamap.sources import Sources
from governance.datamap.values import MappedTable
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import create_subjects

# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the registry.
_LOCK: Final = (0x45474944, 3)
_FIRST_BATCH: Final = 200
_SMALLEST_BATCH: Final = 100
_LARGEST_BATCH: Final = 2_000
# Other writers wait no longer than this.
_WRITE_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a step, or a whole run, has done.

    Attributes:
        seen: Source rows looked at, once for each level of their links.
        unusable: Rows whose key cannot name them.
        people: Data subjects put on file.
        registered: Registrations written: one for each link of a row.
        moved: Links that lead to somebody else now.
        waiting: Links to rows that are not enrolled yet.
        gone: Rows that left their database.
        returned: Links of rows whose key came back, about which a person must decide.
        altered: Registrations that were altered outside Égide, and stay closed.
    """

    seen: int = 0
    unusable: int = 0
    people: int = 0
    registered: int = 0
    moved: int = 0
    waiting: int = 0
    gone: int = 0
    returned: int = 0
    altered: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolProgress:
    """Where an enrolment stands after a step.

    Attributes:
        cursor: Where the next step begins; None at the end.
        table: The table that was looked at.
        counts: What was done.
        problem: Why the table could not be enrolled; the others are.
    """

    cursor: Cursor | None
    table: str
    counts: Counts
    problem: DataMapError | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EnrolmentHouse:
    """What an enrolment works with."""

    database: Database
    sources: Sources
    keyring: Keyring
    attestor: Attestor
    clock: Clock
    ids: IdSource


class Enroller:
    """Enrols adopted rows, one small batch at a time. The size of a batch follows the time that its writing takes."""

    def __init__(self, house: EnrolmentHouse) -> None:
        """Touch nothing yet."""
        self._house: Final = house
        self._signer: Final = Signer(house.attestor)
        self._batch = _FIRST_BATCH

    def step(self, catalogue: Catalogue, cursor: Cursor | None = None) -> EnrolProgress:
        """Do one batch. A table that cannot be enrolled is told of and passed over, so that it holds up no other.

        Args:
            catalogue: The data map in force.
            cursor: Where the last step ended; None to begin.
        """
        stages = plan_enrolment(catalogue)
        if not stages:
            return EnrolProgress(cursor=None, table="", counts=Counts())
        self._house.sources.follow(catalogue.maps)
        place = stage_of(stages, cursor)
        stage, counts, last, problem = stages[place], Counts(), None, None
        try:
            last, counts = self._batch_of(catalogue, stage, cursor)
        except (RegistryAlteredError, SourceUnknownError, SourceUnreachableError) as error:
            problem = error
        following = Cursor(stage=stage.name, after=last) if last is not None else None
        if following is None and place + 1 < len(stages):
            following = Cursor(stage=stages[place + 1].name)
        return EnrolProgress(cursor=following, table=stage.table.name, counts=counts, problem=problem)

    def run(self, catalogue: Catalogue) -> Counts:
        """Do a whole enrolment, batch after batch.

        Raises:
            SourceUnreachableError: If an adopted database does not answer; what can be enrolled is.
            SourceUnknownError: If nobody gave its address.
            RegistryAlteredError: If the registrations of a table were altered outside Égide.
        """
        progress = self.step(catalogue)
        counts, problem = progress.counts, progress.problem
        while progress.cursor is not None:
            progress = self.step(catalogue, progress.cursor)
            counts += progress.counts
            problem = problem or progress.problem
        if problem is not None:
            raise problem
        return counts

    def _batch_of(self, catalogue: Catalogue, stage: Stage, cursor: Cursor | None) -> tuple[str | None, Counts]:
        after = cursor.after if cursor is not None and cursor.stage == stage.name else None
        if after is None:
            # Where registrations vanished, their people would be taken for new ones, without their objections.
            with self._house.database.read() as session:
                check_count(session, stage.table, attestor=self._house.attestor)
        enrol = self._enrol if stage.links else self._tidy
        return enrol(catalogue, stage, after)

    def _enrol(self, catalogue: Catalogue, stage: Stage, after: str | None) -> tuple[str | None, Counts]:
        database, limit = self._house.sources.database(stage.table.source), self._batch
        page = read_page(stage, page_after(database, stage.table, referring_columns(stage), after, limit))
        # Most runs find nothing new, and then no writer is kept waiting.
        with self._house.database.read() as session:
            difference = self._compare(session, catalogue, stage, page.rows)
        if not difference.empty:
            difference = self._write(catalogue, stage, page.rows)
        counts = Counts(
            seen=page.read,
            unusable=page.read - len(page.rows),
            people=sum(new.kind is not None for new in difference.new),
            registered=len(difference.new),
            moved=len(difference.moved) + len(difference.stale),
            waiting=difference.waiting,
            returned=difference.returned,
            altered=difference.altered,
        )
        return (page.last_key if page.read == limit else None), counts

    def _compare(self, session: Session, catalogue: Catalogue, stage: Stage, rows: Sequence[SourceRow]) -> Difference:
        return Comparison(session, self._signer, catalogue.tables, stage).of(rows)

    def _write(self, catalogue: Catalogue, stage: Stage, rows: Sequence[SourceRow]) -> Difference:
        with self._house.database.write() as session:
            started = time.perf_counter()
            _lock_registry(session)
            difference = self._compare(session, catalogue, stage, rows)
            if not difference.empty:
                self._apply(session, stage.table, difference)
        self._learn(time.perf_counter() - started, len(rows))
        return difference

    def _apply(self, session: Session, table: MappedTable, difference: Difference) -> None:
        kinds = [new.kind for new in difference.new if new.kind is not None]
        people = iter(create_subjects(session, self._house.keyring, self._house.clock, kinds))
        written = [self._signer.signed(old._replace(subject_id=person)) for old, person in difference.moved]
        for new in difference.new:
            row_id = difference.row_ids.setdefault(new.source_key, self._house.ids.new())
            subject = new.subject_id if new.kind is None else next(people).id
            row = Registration(table.id, new.source_key, new.link, row_id, subject, None, b"")
            written.append(self._signer.signed(row))
        removed = [*difference.stale, *(old for old, _ in difference.moved)]
        self._replace(session, table, removed, written)
        details = {"job": "enrolment", "people": len(kinds), "links": len(difference.new), "moved": len(removed)}
        record(session, _fact(table, written, details))

    def _replace(
        self,
        session: Session,
        table: MappedTable,
        old: Sequence[Registration],
        new: Sequence[Registration],
    ) -> None:
        if old:
            place = tuple_(RegisteredRow.source_key, RegisteredRow.link)
            places = [(row.source_key, row.link) for row in old]
            session.execute(
                delete(RegisteredRow).where(RegisteredRow.table_id == table.id, place.in_(places)),
                execution_options={"synchronize_session": False},
            )
        if new:
            session.execute(insert(RegisteredRow), [row._asdict() for row in new])
        move_seal(session, table, added=new, removed=old, attestor=self._house.attestor)

    def _tidy(self, _catalogue: Catalogue, stage: Stage, after: str | None) -> tuple[str | None, Counts]:
        """Mark rows that left their database, and forget links that the map no longer has."""
        table, limit = stage.table, self._batch
        with self._house.database.read() as session:
            page = registrations_after(session, table.id, after or "", limit)
        keys = list(dict.fromkeys(row.source_key for row in page if row.gone_at is None))
        missing = set(keys) - present(self._house.sources.database(table.source), table, keys)
        unmapped = {row.source_key for row in page if not _is_mapped(row, table)}
        if missing or unmapped:
            self._write_tidied(table, missing, missing | unmapped)
        last = page[-1].source_key if len(page) == limit else None
        # A row whose links the page cut off is looked at again, unless it fills the page alone.
        if last is not None and last != page[0].source_key:
            last = next(row.source_key for row in reversed(page) if row.source_key != last)
        return last, Counts(gone=len(missing))

    def _write_tidied(self, table: MappedTable, missing: set[str], source_keys: set[str]) -> None:
        now = self._house.clock.now()
        with self._house.database.write() as session:
            started = time.perf_counter()
            _lock_registry(session)
            old, new = [], []
            for row in registrations(session, table.id, source_keys):
                leaves = row.source_key in missing and row.gone_at is None
                if not self._signer.fits(row) or not (leaves or not _is_mapped(row, table)):
                    continue
                old.append(row)
                if _is_mapped(row, table):
                    new.append(self._signer.signed(row._replace(gone_at=now)))
            if old:
                self._replace(session, table, old, new)
                details = {"job": "enrolment", "gone": len(missing), "forgotten": len(old) - len(new)}
                record(session, _fact(table, old, details))
        self._learn(time.perf_counter() - started, len(source_keys))

    def _learn(self, seconds: float, rows: int) -> None:
        """Let the next batch be as large as one that keeps others waiting no longer than allowed."""
        fitting = int(rows * 0.8 * _WRITE_SECONDS / max(seconds, 1e-4))
        self._batch = max(_SMALLEST_BATCH, min(_LARGEST_BATCH, fitting, self._batch * 2))


def _is_mapped(row: Registration, table: MappedTable) -> bool:
    return row.link in table.links or (row.link == NO_LINK and not table.links)


def _lock_registry(session: Session) -> None:
    # Two enrolments at once would both find the same row new. On SQLite the write lock keeps them apart.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(*_LOCK)))


def _fact(table: MappedTable, rows: Sequence[Registration], details: Mapping[str, Any]) -> Fact:
    return Fact(
        retention=Retention.WRITE,
        action=Action.JOB,
        actor=SYSTEM,
        object_type=table.name,
        subjects={row.subject_id for row in rows if row.subject_id is not None},
        details=details,
    )
