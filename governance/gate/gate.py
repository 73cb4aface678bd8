"""The gate: the only door to governed rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, overload

from pyroaring import BitMap

from audit.log import Log
from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.datamap.sources import Sources
from governance.datamap.values import DataMap
from governance.gate.connections import ReadConnections
from governance.gate.explain import Explanation, Explanations
from governance.gate.openings import Openings, people_of
from governance.gate.places import PlaceKeeper
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.policy_cache import PolicyCache
from governance.gate.query import HIGHEST_LIMIT, Chunk, Condition, Page, Query
from governance.gate.questions import Asked, Questions, check_query
from governance.gate.reads import ReadParts, Reads
from governance.gate.runs import RunParts
from governance.gate.snapshot import PolicySnapshot
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vocabulary import GrantedAction


@dataclass(frozen=True, slots=True, kw_only=True)
class GateParts:
    """What the gate is built from."""

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)
    keyring: Keyring = field(repr=False)
    attestor: Attestor = field(repr=False)
    log: Log = field(repr=False)
    sources: Sources = field(repr=False)
    base: DataMap = field(repr=False)


class Gate:
    """Plans, reads and explains. Thread-safe; one per process."""

    def __init__(self, parts: GateParts) -> None:
        """Open nothing yet; the first read loads the policies."""
        self._parts: Final = parts
        self._connections: Final = ReadConnections(parts.database)
        self._reads: Final = Reads(
            ReadParts(
                clock=parts.clock,
                log=parts.log,
                policies=PolicyCache(parts.database, self._connections, parts.attestor, parts.base),
                connections=self._connections,
                questions=Questions(parts.keyring, lambda source: parts.sources.database(source).dialect),
                runs=RunParts(
                    database=parts.database,
                    sources=parts.sources,
                    connections=self._connections,
                    keyring=parts.keyring,
                    attestor=parts.attestor,
                ),
            )
        )

    def close(self) -> None:
        """Close the gate's own connections."""
        self._connections.close()

    def snapshot(self) -> PolicySnapshot:
        """Return the policies in force.

        Raises:
            PolicySetError: If what decides was altered outside Égide; then nothing opens.
            AttestationError: If what decides was altered outside Égide; then nothing opens.
        """
        return self._reads.current_book().snapshot

    def snapshot_anew(self) -> PolicySnapshot:
        """Return the policies as they lie in the database now, for whoever reports on them.

        The epoch alone does not tell that a row was altered or taken away since `snapshot` was verified.

        Raises:
            PolicySetError: If what decides was altered outside Égide.
            AttestationError: If what decides was altered outside Égide.
        """
        return self._reads.policies_anew()

    def place_keeper(self) -> PlaceKeeper:
        """Return what fills the orders of purposes that give pseudonyms; its handler belongs to the worker."""
        return PlaceKeeper(self._parts.database, self._parts.keyring, self.snapshot)

    def plan(self, request: PlanRequest) -> ReadPlan:
        """Return the plan of a request under the policies in force; a refusal is recorded.

        Raises:
            NotInDataMapError: If the data map does not know the table or a field.
            ReadRefusedError: If nothing of what is asked for is given.
        """
        return self._reads.settled(request, lambda book, now: book.plan(request, now))

    def explain(
        self,
        actor: Actor,
        purpose: str,
        table: str,
        fields: Sequence[str] | None = None,
        *,
        action: GrantedAction = GrantedAction.READ,
    ) -> Explanation:
        """Return the plan in words, of reading or of another action. Nothing is read, and nothing recorded."""
        return self.explanations().explain(actor, purpose, table, fields, action=action)

    def explanations(self) -> Explanations:
        """Return what explains many plans in a row, for one page: the policies are compared with those of now once.

        Nothing is read by an explanation. Whatever is read afterwards is compared again, and released under the
        policies of its own moment.
        """
        return Explanations(self._reads.current_book(), self._parts.clock.now())

    @overload
    def read(self, actor: Actor, asked: Query, *, action: GrantedAction = ...) -> Page: ...

    @overload
    def read(
        self, actor: Actor, asked: str, table: str, fields: Sequence[str] | None = None, where: Sequence[Condition] = ()
    ) -> Iterator[dict[str, Any]]: ...

    def read(
        self,
        actor: Actor,
        asked: Query | str,
        table: str = "",
        fields: Sequence[str] | None = None,
        where: Sequence[Condition] = (),
        *,
        action: GrantedAction = GrantedAction.READ,
    ) -> Page | Iterator[dict[str, Any]]:
        """Return one page of a query; given a purpose and a table, iterate over all of its rows, page after page.

        Args:
            actor: Who reads.
            asked: The query, or the slug of a purpose.
            table: The table, where a purpose is given.
            fields: The fields, where a purpose is given; None for all.
            where: The filters, where a purpose is given.
            action: Reading, or exporting.

        Raises:
            ReadRefusedError: If nothing of what is asked for is given; every rule that failed is named.
            QueryError: If it cannot be asked so.
            BoxTamperedError: If a box does not open; nothing is released.
            MarksTamperedError: If a person's marks were altered; nothing is released.
            LogUnavailableError: If the read cannot be recorded; nothing is released.
        """
        if isinstance(asked, Query):
            check_query(asked)
            return self._reads.page(Asked(actor=actor, query=asked, action=action))[0]
        wanted = None if fields is None else tuple(fields)
        query = Query(purpose=asked, table=table, fields=wanted, where=tuple(where), limit=HIGHEST_LIMIT)
        check_query(query)
        return self._every_row(Asked(actor=actor, query=query, action=action))

    def find(self, actor: Actor, query: Query, openings: Openings | None) -> Page:
        """Return one page of a query, as `read` does, and ask first about the people of whom it speaks.

        Args:
            actor: Who reads.
            query: The query.
            openings: Says for which purpose they are open; None asks about nobody.

        Raises:
            PurposeSwitchNeededError: If one of them is open for another purpose; nothing is released.
            ReadRefusedError: As for `read`, and its other errors.
        """
        check_query(query)
        return self._reads.page(Asked(actor=actor, query=query, openings=openings))[0]

    def one(self, actor: Actor, query: Query, row: str, openings: Openings | None = None) -> Page:
        """Return one row by the identifier under which the purpose shows it.

        The identifier takes the place of filters, order and limit. To those who may change or delete anything for the
        purpose, a row of Égide's own tables bears its revision, unless it bears pseudonyms.

        Args:
            actor: Who reads.
            query: For which purpose, of which table, which fields.
            row: The identifier.
            openings: Says for which purpose the person is open of whom the row speaks; None asks about nobody.

        Raises:
            PurposeSwitchNeededError: If that is another purpose; nothing is released.
            RowNotFoundError: If there is none, or none that this purpose may see.
            RowIdInvalidError: If it is no identifier.
            ReadRefusedError: As for `read`, and its other errors.
        """
        alone = query
        if query.where or query.order or query.after is not None:
            alone = replace(query, where=(), order=(), after=None)
        check_query(alone)
        return self._reads.row(Asked(actor=actor, query=alone, openings=openings), row)

    def stream(
        self,
        actor: Actor,
        query: Query,
        *,
        most: int | None = None,
        action: GrantedAction = GrantedAction.READ,
        openings: Openings | None = None,
    ) -> Iterator[Chunk]:
        """Return all rows of a query as newline-delimited JSON, or so many at most, in chunks of 1,000 rows.

        The query's own limit is that of a page, and does not count.

        Each chunk is recorded before it is handed out, and plans are compared for each: where a grant ends, the stream
        ends with the refusal. The first chunk is made when it is asked for.

        Raises:
            ReadRefusedError: As for `read`, and its other errors.
        """
        check_query(query)
        return self._reads.chunks(Asked(actor=actor, query=query, action=action, openings=openings), most)

    def people_of(self, table: str, row: str) -> BitMap:
        """Return the numbers of the people of whom a row speaks, by its own identifier; nothing is opened.

        Nobody may be told them: they say that two rows speak of the same person, whatever the purpose.
        """
        tables = self.snapshot().catalogue.tables
        with self._parts.database.read() as session:
            return people_of(session, tables[table], row) if table in tables else BitMap()

    def _every_row(self, asked: Asked) -> Iterator[dict[str, Any]]:
        page, position = self._reads.page(asked)
        yield from page
        while position is not None:
            page, position = self._reads.page(asked, position)
            yield from page
