"""From a query to a question: judged, with its parameters ready, and where it continues."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from governance.actor import Actor
from governance.datamap.values import MappedTable
from governance.errors import phrase
from governance.gate.cursor import CursorBinding, Cursors, question_digest
from governance.gate.errors import (
    FilterRefusedError,
    LimitInvalidError,
    NotInDataMapError,
    OrderRefusedError,
    QueryInvalidError,
    ReadRefusedError,
    RowIdInvalidError,
)
from governance.gate.fetching import Position, Question
from governance.gate.filters import MOST_CONDITIONS, NO_FILTERS, ROW_PARAMETER, FilterContext, Filters, prepare_filters
from governance.gate.openings import Openings
from governance.gate.ordering import ROW, Ordering, prepare_order
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.program import Place
from governance.gate.pseudonyms import veil_of
from governance.gate.query import HIGHEST_LIMIT, LOWEST_LIMIT, Query
from governance.gate.runs import Run, RunBook
from governance.ids import parse_id
from governance.vault.keyring import Keyring
from governance.vocabulary import GrantedAction, SubjectKind

_NOT_CLEAR: Final = phrase("it is not given clear")
_EVERYTHING: Final = Question()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks what, in what action; and what has to be asked before people are handed out whom the query names."""

    actor: Actor
    query: Query
    action: GrantedAction = GrantedAction.READ
    openings: Openings | None = None

    def request(self, fields: tuple[str, ...] | None) -> PlanRequest:
        """Return the request for a plan of some fields."""
        query = self.query
        return PlanRequest(
            actor=self.actor, purpose=query.purpose, table=query.table, action=self.action, fields=fields
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A question with what answers it.

    Attributes:
        run: The plan, ready to run.
        question: Which rows, in which order.
        kinds: By link, the kinds of people who may be found by it.
        found_by: The places of the fields that rows are found or ordered by.
        shows_restricted: Whether restricted rows may be shown to exist.
        valid_until: When the first of the grants it rests on ends.
    """

    run: Run
    question: Question = field(repr=False)
    kinds: dict[str, frozenset[SubjectKind]] = field(default_factory=dict)
    found_by: frozenset[Place] = frozenset()
    shows_restricted: bool = True
    valid_until: datetime | None = None


class Questions:
    """Prepares questions, and seals and opens their cursors."""

    def __init__(self, keyring: Keyring, dialect_of: Callable[[str | None], str]) -> None:
        """Take the keys.

        Args:
            keyring: Gives the keys of cursors and blind indexes.
            dialect_of: From an adopted database's name (None: Égide's own) to its dialect.
        """
        self._keyring: Final = keyring
        self._dialect_of: Final = dialect_of
        self._cursors: Final = Cursors(keyring.secret("cursor"))

    def prepare(self, book: RunBook, asked: Asked, now: datetime) -> Prepared:
        """Judge a query and make it ready.

        Raises:
            ReadRefusedError: If nothing of what is asked for is given.
            FilterRefusedError: If a filter would tell what is not given.
            OrderRefusedError: If an order would.
            QueryInvalidError: If rows are named of which none is shown under its own identifier.
            FilterInvalidError: If a filter's value is none of its field.
            RowIdInvalidError: If an identifier in a filter is none.
        """
        query = asked.query
        if not query.where and not query.order and not query.rows:
            run = book.run(asked.request(query.fields), now)
            return Prepared(run=run, question=_EVERYTHING, valid_until=run.plan.valid_until)
        plan = book.plan(asked.request(query.fields), now)
        permission = self._permission(book, asked, plan, now)
        _check_known(book, asked, now)
        filters = self._filters(book, query, plan, permission)
        ordering = prepare_order(query.order, plan, permission)
        run = book.run(asked.request(query.fields), now, (lookup.field.name for lookup in filters.lookups))
        ends = [end for end in (plan.valid_until, permission.valid_until) if end is not None]
        return Prepared(
            run=run,
            question=Question(filters=filters, order=ordering.order),
            kinds=_both(filters, ordering),
            found_by=_places(query, plan.table),
            shows_restricted=not (filters.personal or ordering.personal),
            valid_until=min(ends, default=None),
        )

    def start(self, asked: Asked, prepared: Prepared) -> Position | None:
        """Return where the query's cursor says to continue.

        Raises:
            CursorInvalidError: If it belongs to somebody or something else.
        """
        if asked.query.after is None:
            return None
        length = prepared.run.fetcher.order_length(prepared.question)
        return self._cursors.open(_binding(asked, prepared.run.plan), asked.query.after, length=length)

    def cursor(self, asked: Asked, plan: ReadPlan, position: Position) -> str:
        """Return the cursor behind a position."""
        return self._cursors.seal(_binding(asked, plan), position)

    def _permission(self, book: RunBook, asked: Asked, plan: ReadPlan, now: datetime) -> ReadPlan:
        conditions = [each for each in asked.query.where if each.field not in plan.table.links]
        orders = [each for each in asked.query.order if each.field != ROW]
        names = {each.field for each in conditions} | {each.field for each in orders}
        if not names:
            return plan
        try:
            return book.plan(asked.request(tuple(sorted(names))), now)
        except NotInDataMapError:
            raise
        except ReadRefusedError:
            if conditions:
                first = conditions[0]
                raise FilterRefusedError(field=first.field, operator=first.operator, because=_NOT_CLEAR) from None
            raise OrderRefusedError(field=orders[0].field, because=_NOT_CLEAR) from None

    def _filters(self, book: RunBook, query: Query, plan: ReadPlan, permission: ReadPlan) -> Filters:
        if not query.where:
            return _named(NO_FILTERS, query, plan)
        tables = book.snapshot.catalogue.tables
        context = FilterContext(
            plan=plan,
            permission=permission,
            keyring=self._keyring,
            dialect=self._dialect_of(plan.table.source),
            find_row=lambda table, text: self.find_row(plan, tables[table], text).bytes,
            tables=tables,
        )
        return _named(prepare_filters(query.where, context), query, plan)

    def find_row(self, plan: ReadPlan, table: MappedTable, text: str) -> uuid.UUID:
        """Return the row that is shown under an identifier for the plan's purpose.

        Raises:
            RowIdInvalidError: If no row of the table is ever shown so.
        """
        found = parse_id(text)
        if plan.opaque:
            hidden = veil_of(self._keyring, plan.purpose.id).find(table.id, text)
            found = None if hidden is None else uuid.UUID(bytes=hidden)
        if found is None:
            raise RowIdInvalidError(table=table.name)
        return found


def check_query(query: Query) -> None:
    """Refuse what no plan could mend.

    Raises:
        LimitInvalidError: If the page would be too small or too large.
        QueryInvalidError: If no field is asked for, or too many conditions are given.
    """
    if not LOWEST_LIMIT <= query.limit <= HIGHEST_LIMIT:
        raise LimitInvalidError(got=query.limit, lowest=LOWEST_LIMIT, highest=HIGHEST_LIMIT)
    if query.fields is not None and not query.fields:
        raise QueryInvalidError(part="fields", expected=phrase("at least one field, or none to ask for all"))
    if len(query.rows) > query.limit:
        raise QueryInvalidError(part="rows", expected=phrase("no more rows than a page holds"))
    if len(query.where) > MOST_CONDITIONS:
        raise QueryInvalidError(part="where", expected=phrase("at most {most} conditions", most=MOST_CONDITIONS))


def _named(filters: Filters, query: Query, plan: ReadPlan) -> Filters:
    """Return the filters, of the rows alone that are named."""
    if not query.rows:
        return filters
    if plan.opaque or plan.table.adopted:
        # Whoever names a row by its own identifier would learn which pseudonym stands for it.
        raise QueryInvalidError(part="rows", expected=phrase("rows that are shown under their own identifiers"))
    named = {f"{ROW_PARAMETER}_{place}": row.bytes for place, row in enumerate(query.rows)}
    return replace(filters, rows=len(query.rows), values={**filters.values, **named})


def _check_known(book: RunBook, asked: Asked, now: datetime) -> None:
    """Refuse to name somebody by a row of another table of which this purpose gives nothing.

    Raises:
        ReadRefusedError: If it gives nothing of that table.
    """
    for name in {condition.of for condition in asked.query.where if condition.of is not None}:
        book.plan(replace(asked.request(None), table=name), now)


def _both(filters: Filters, ordering: Ordering) -> dict[str, frozenset[SubjectKind]]:
    kinds = dict(filters.kinds)
    for link, found in ordering.kinds.items():
        kinds[link] = kinds.get(link, found) & found
    return kinds


def _places(query: Query, table: MappedTable) -> frozenset[Place]:
    named = {each.field for each in query.where} | {each.field for each in query.order}
    fields = [field for name, field in table.fields.items() if name in named]
    return frozenset((field.link, field.category) for field in fields if field.link is not None)


def _binding(asked: Asked, plan: ReadPlan) -> CursorBinding:
    return CursorBinding(
        actor_id=asked.actor.id,
        purpose_id=plan.purpose.id,
        table_id=plan.table.id,
        opaque=plan.opaque,
        question=question_digest(asked.query),
    )
