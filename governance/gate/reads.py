"""How a read goes: plan, fetch, open, record, compare once more, release.

Just before rows are released, the policies and the time are compared with those they were read under. If a grant was
revoked meanwhile, or a grant or a consent has ended, what was opened is thrown away and the question is asked again
under the policies of now. Policy epochs only grow, so policies that are the same at the end were the same all the way.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from audit.entries import EntryRef
from audit.errors import AuditError
from audit.log import Log
from consent.probe import Probe, make_probe, to_seconds
from governance.clock import Clock
from governance.gate.connections import ReadConnections
from governance.gate.errors import (
    FilterRefusedError,
    OrderRefusedError,
    PolicyUnsettledError,
    ReadRefusedError,
    RowNotFoundError,
    TamperedError,
)
from governance.gate.fetching import Position
from governance.gate.opening import Circumstances
from governance.gate.openings import handing_of, is_alone, named_people, shown_id
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.policy_cache import PolicyCache
from governance.gate.query import HIGHEST_LIMIT, Chunk, Page
from governance.gate.questions import Asked, Prepared, Questions
from governance.gate.reading import Opened, RowReader, Span
from governance.gate.reasons import Code, Reason
from governance.gate.recording import read_fact, refusal_fact, tampering_fact
from governance.gate.row_macs import prekeyed_row
from governance.gate.runs import Run, RunBook, RunParts
from governance.gate.snapshot import PolicySnapshot
from governance.gate.watch import Watch
from governance.vault.errors import AttestationError, PolicySetError
from governance.vault.subject_keys import aad_prefix
from governance.vocabulary import SubjectKind

ATTEMPTS: Final = 5
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadParts:
    """What reads are made with."""

    clock: Clock = field(repr=False)
    log: Log = field(repr=False)
    policies: PolicyCache = field(repr=False)
    connections: ReadConnections = field(repr=False)
    questions: Questions = field(repr=False)
    runs: RunParts = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Rows that were opened and recorded, on their way out."""

    prepared: Prepared
    opened: Opened
    entry: EntryRef


class Reads:
    """Reads pages, rows and streams. Thread-safe."""

    def __init__(self, parts: ReadParts) -> None:
        """Open nothing yet; the first read loads the policies."""
        self._parts: Final = parts
        self._watch: Final = Watch(parts.log)
        self._aad_prefix: Final = aad_prefix(parts.runs.keyring)
        self._book: RunBook | None = None

    def current_book(self) -> RunBook:
        """Return the plans of the policies in force.

        Raises:
            PolicySetError: If what decides was altered outside Égide; it is recorded once.
            AttestationError: If what decides was altered outside Égide; it is recorded once.
        """
        snapshot = self._watched(self._parts.policies.current)
        book = self._book
        if book is None or book.snapshot is not snapshot:
            self._watch.snapshot(snapshot)
            self._parts.runs.sources.follow(snapshot.catalogue.maps)
            book = self._book = RunBook(snapshot, self._parts.runs)
        return book

    def policies_anew(self) -> PolicySnapshot:
        """Return the policies as they lie in the database now; what is at hand stays, for it was verified.

        Raises:
            PolicySetError: If what decides was altered outside Égide; it is recorded once.
            AttestationError: If what decides was altered outside Égide; it is recorded once.
        """
        snapshot = self._watched(self._parts.policies.read_anew)
        self._watch.snapshot(snapshot)
        return snapshot

    def _watched(self, load: Callable[[], PolicySnapshot]) -> PolicySnapshot:
        try:
            return load()
        except (PolicySetError, AttestationError) as error:
            self._watch.policies(error)
            raise

    def settled(self, request: PlanRequest, ask: Callable[[RunBook, datetime], _T]) -> _T:
        """Return an answer of the plans at hand; a refusal counts, and is recorded, if the policies are those of now.

        Raises:
            ReadRefusedError: If nothing is given.
            FilterRefusedError: If a filter would tell what is not given.
            OrderRefusedError: If an order would.
        """
        book = self._book or self.current_book()
        while True:
            try:
                return ask(book, self._parts.clock.now())
            except (ReadRefusedError, FilterRefusedError, OrderRefusedError) as refused:
                current = self.current_book()
                if current is book:
                    self._parts.log.append(refusal_fact(request.actor, request, book.snapshot, _codes(refused)))
                    raise
                book = current

    def page(self, asked: Asked, start: Position | None = None) -> tuple[Page, Position | None]:
        """Return a page, and where the next one begins.

        Args:
            asked: The question; its cursor counts where no start is given.
            start: Where to begin, for whoever has kept it.
        """

        def opened(prepared: Prepared) -> Opened:
            begin = start if start is not None else self._parts.questions.start(asked, prepared)
            reader = self._reader(prepared)
            return reader.page(prepared.question, Span(start=begin, limit=asked.query.limit))

        passage = self._passage(asked, opened)
        plan, end = passage.prepared.run.plan, passage.opened.end
        following = None if end is None else self._parts.questions.cursor(asked, plan, end)
        return page_of(passage, _array(passage.opened.rows), following), end

    def row(self, asked: Asked, row: str) -> Page:
        """Return one row.

        Raises:
            RowNotFoundError: If there is none, or none that this purpose may see.
            ReadRefusedError: If it is there, and collected under no notice that names the purpose.
            RowIdInvalidError: If it is no identifier of this purpose.
        """
        revisions: list[int] = []

        def opened(prepared: Prepared) -> Opened:
            plan, fetcher = prepared.run.plan, prepared.run.fetcher
            row_id = self._parts.questions.find_row(plan, plan.table, row)
            reader, found = self._reader(prepared), fetcher.one(row_id)
            if found is None:
                return reader.nothing()
            revisions[:] = [found[fetcher.program.format.width]] if plan.revisions else []
            return reader.single(found)

        passage = self._passage(asked, opened, row)
        if passage.opened.tally.left_out["older-data"]:
            raise ReadRefusedError(reasons=(Reason(code=Code.OLDER_DATA),))
        if not passage.opened.rows:
            raise RowNotFoundError(table=passage.prepared.run.plan.table.name)
        found = passage.opened.rows[0]
        if revisions and not passage.opened.tally.restricted:
            found = b'%b,"revision":%d}' % (found[:-1], revisions[0])
        return page_of(passage, found, None)

    def chunks(self, asked: Asked, most: int | None = None) -> Iterator[Chunk]:
        """Return every row, or so many at most, a chunk at a time, each recorded before it is handed out.

        Plans are compared for each chunk: a stream ends with a refusal where a grant does.

        Raises:
            ReadRefusedError: If nothing of what is asked for is given, or no longer.
            PolicyUnsettledError: If rows would from now on come in an order in which nothing says where the stream was.
        """
        left = sys.maxsize if most is None else most
        whole = replace(asked, query=replace(asked.query, limit=HIGHEST_LIMIT))
        start: Position | None = None
        opaque: bool | None = None
        while True:

            def opened(
                prepared: Prepared,
                *,
                begin: Position | None = start,
                before: bool | None = opaque,
                size: int = min(left, HIGHEST_LIMIT),
            ) -> Opened:
                if before not in (None, prepared.run.plan.opaque):
                    # Rows now come in another order, in which nothing says where this stream was.
                    raise PolicyUnsettledError
                begin = begin if begin is not None else self._parts.questions.start(whole, prepared)
                return self._reader(prepared).page(prepared.question, Span(start=begin, limit=size))

            passage = self._passage(whole, opened)
            rows = passage.opened.rows
            yield Chunk(lines=b"".join(b"%b\n" % row for row in rows), count=len(rows), entry=passage.entry)
            start, opaque, left = passage.opened.end, passage.prepared.run.plan.opaque, left - len(rows)
            if start is None or left <= 0:
                return

    def _passage(self, asked: Asked, opened: Callable[[Prepared], Opened], row: str | None = None) -> Passage:
        request = asked.request(asked.query.fields)
        for _ in range(ATTEMPTS):
            prepared = self.settled(request, lambda book, now: self._parts.questions.prepare(book, asked, now))
            found = self._opened(prepared, opened)
            if not self._parts.policies.is_current(prepared.run.snapshot):
                # Nothing will be released, so nothing is recorded that would say it was.
                self.current_book()
                continue
            alone = self._asked_first(asked, prepared.run, found)
            if alone and row is None and len(found.rows) == 1:
                row = shown_id(found)
            entry = self._parts.log.append(read_fact(asked, prepared.run, found, row, one_person=alone and row is None))
            if found.tally.broken_consents:
                self._watch.consents(prepared.run.plan.purpose.slug, found.tally.broken_consents)
            if self._still_holds(prepared, found):
                return Passage(prepared=prepared, opened=found, entry=entry)
            self.current_book()
        raise PolicyUnsettledError

    def _asked_first(self, asked: Asked, run: Run, opened: Opened) -> bool:
        """Ask about the people of an answer, and say whether it opens one: who was asked for, and is alone in it.

        A purpose that gives pseudonyms shows other identifiers, so there is nothing that they could be compared with.

        Raises:
            PurposeSwitchNeededError: If one of them is open for another purpose.
        """
        if asked.openings is None or run.plan.opaque:
            return False
        tables = run.snapshot.catalogue.tables
        with self._parts.runs.database.read() as session:
            named = named_people(session, asked.query, run.plan, tables)
        alone = is_alone(opened, named)
        if alone or asked.openings.lists:
            asked.openings.check(handing_of(run.plan, tables, opened, named))
        return alone

    def _opened(self, prepared: Prepared, opened: Callable[[Prepared], Opened]) -> Opened:
        try:
            return opened(prepared)
        except TamperedError as error:
            try:
                self._parts.log.append(tampering_fact(error, prepared.run.plan.purpose.slug))
            except AuditError as unavailable:
                raise unavailable from error
            raise

    def _reader(self, prepared: Prepared) -> RowReader:
        run, runs = prepared.run, self._parts.runs
        now, rule = self._parts.clock.now(), run.plan.consent

        def probe() -> Probe:
            channel = 0 if rule is None else rule.channel.code
            return make_probe(runs.attestor, purpose_id=run.plan.purpose.id, channel=channel, now=now)

        circumstances = Circumstances(
            # Taken before the rows are fetched: an epoch is destroyed only after no row uses it.
            keys=runs.keyring.epoch_keys(),
            now_seconds=to_seconds(now),
            aad_prefix=self._aad_prefix,
            keyed_row=prekeyed_row(runs.attestor),
            make_probe=probe,
            lookups=prepared.question.filters.lookups,
            kinds=prepared.kinds,
            found_by=prepared.found_by,
            shows_restricted=prepared.shows_restricted,
        )
        return RowReader(run.fetcher, run.loop, circumstances)

    def _still_holds(self, prepared: Prepared, opened: Opened) -> bool:
        now = self._parts.clock.now()
        if prepared.valid_until is not None and now >= prepared.valid_until:
            return False
        if opened.expires_at is not None and to_seconds(now) >= opened.expires_at:
            return False
        return self._parts.policies.is_current(prepared.run.snapshot)


def page_of(passage: Passage, rows: bytes, following: str | None) -> Page:
    """Return the rows of a passage as they leave."""
    plan = passage.prepared.run.plan
    return Page(
        purpose=plan.purpose.slug,
        table=plan.table.name,
        rows=rows,
        count=len(passage.opened.rows),
        withheld=_withheld(plan, passage.opened),
        entry=passage.entry,
        next=following,
        left_out=dict(passage.opened.tally.left_out),
    )


def _withheld(plan: ReadPlan, opened: Opened) -> Mapping[str, Reason]:
    """Return what is withheld of these very rows, or left rows out of them; of none, what would be of some."""
    fields = [field for name in plan.wanted for field in (plan.table.field(name),) if plan.decisions(name)]
    older = {
        field.name: Reason(code=Code.OLDER_DATA, category=field.category)
        for field in fields
        if (field.link, field.category) in opened.tally.older
    }
    return {**older, **_withheld_by_plan(plan, opened)}


def _withheld_by_plan(plan: ReadPlan, opened: Opened) -> Mapping[str, Reason]:
    if not opened.rows:
        return plan.withheld
    links = plan.table.links
    # A row that names nobody is given as the map expects.
    kinds = {
        link: [links[link].kind if code is None else SubjectKind.from_code(code) for code in codes]
        for link, codes in opened.kinds.items()
    }
    return plan.withheld_from(kinds)


def _codes(refused: ReadRefusedError | FilterRefusedError | OrderRefusedError) -> list[str]:
    match refused:
        case ReadRefusedError():
            return [reason.code.value for reason in refused.reasons]
        case FilterRefusedError():
            return ["filter-refused"]
        case OrderRefusedError():
            return ["order-refused"]


def _array(rows: list[bytes]) -> bytes:
    if not rows:
        return b"[]"
    # The brackets go to the outer rows, so that a page is copied once.
    rows[0] = b"[" + rows[0]
    rows[-1] += b"]"
    return b",".join(rows)
