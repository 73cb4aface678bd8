"""Pages of Égide's own tables: one statement each.

It fetches the rows, the marks and wrapped keys of the people they speak of, and their consents by a look-up of the
whole primary key, LEFT JOINed so that no planner starts from the consents. Nothing it returns is believed before it is
authenticated.
"""

import uuid
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Dialect, FromClause, LargeBinary, Select, column, func, select, table, true
from sqlalchemy.sql.selectable import TableClause

from consent.models import Consent
from consent.probe import COLUMNS as CONSENT_COLUMNS
from governance.datamap.models import blind_tokens
from governance.datamap.values import MappedTable, box_column, box_companion, subject_column
from governance.gate.comparisons import compare
from governance.gate.connections import ReadConnections
from governance.gate.fetching import Batch, Position, Question, Row
from governance.gate.filters import ROW_PARAMETER, Filters, OfPerson
from governance.gate.models import RowPseudonym
from governance.gate.ordering import ROW
from governance.gate.paging import Sort, after, order_by, positions
from governance.gate.program import MARKS, Program
from governance.gate.statements import Statement, compile_statement, limited, parameter, parameters, size_for
from governance.vault.models import DataSubject

# Statements kept for one program: as many as there are ways to ask, up to a bound that nobody can fill memory past.
_KEPT: Final = 200
_SINGLE: Final = "row_id"


class NativeFetcher:
    """Fetches rows of one of Égide's own tables, for one program."""

    def __init__(self, program: Program, connections: ReadConnections, dialect: Dialect) -> None:
        """Make no statement yet."""
        self.program: Final = program
        self._connections: Final = connections
        self._dialect: Final = dialect
        self._postgres: Final = dialect.name == "postgresql"
        self._statements: Final[dict[Hashable, Statement]] = {}
        self._rows: Final = _own_table(program.table)
        links = program.format.links
        self._people: Final = {link.name: DataSubject.__table__.alias(f"person_{link.name}") for link in links}
        self._consents: Final = {link.name: Consent.__table__.alias(f"consent_{link.name}") for link in links}

    def batch(self, question: Question, start: Position | None, wanted: int) -> Batch:
        """Return the rows behind a position, in one statement."""
        size = size_for(wanted)
        missing = None if start is None else tuple(value is None for value in start)
        shape = (question.filters.shape, question.order, missing, size)
        statement = self._statement(shape, lambda: self._page(question, missing, size))
        values = dict(question.filters.values)
        if start is not None:
            values |= positions(self._sorts(question), start)
        rows = self._connections.fetch(statement.sql, statement.bind(self._bound(question.filters, values)))
        end = self.position(question, rows[-1]) if rows else start
        return Batch(rows=rows, end=end, exhausted=len(rows) < size)

    def one(self, row_id: uuid.UUID) -> Row | None:
        """Return one row, if it is there; its revision lies behind the tuple."""
        statement = self._statement(_SINGLE, self._single)
        value = row_id if self._postgres else row_id.bytes
        rows = self._connections.fetch(statement.sql, statement.bind({_SINGLE: value}))
        return rows[0] if rows else None

    def position(self, question: Question, row: Row) -> Position:
        """Return where a row stands: what it was ordered by, and its id."""
        return (*row[self.program.format.width :], row[0])

    def order_length(self, question: Question) -> int:
        """Return how many values a position has."""
        return len(self._sorts(question))

    def _statement(self, shape: Hashable, build: Callable[[], Select[Any]]) -> Statement:
        known = self._statements.get(shape)
        if known is None:
            if len(self._statements) >= _KEPT:
                self._statements.clear()
            known = self._statements[shape] = compile_statement(build(), self._dialect)
        return known

    def _bound(self, filters: Filters, values: dict[str, Any]) -> dict[str, Any]:
        for lookup in filters.lookups:
            values |= lookup.values
        if self._postgres:
            rows = (f"{ROW_PARAMETER}_{place}" for place in range(filters.rows))
            named = (*(person.parameter for person in filters.people), *rows)
            values |= {name: uuid.UUID(bytes=values[name]) for name in named}
        return values

    def _sorts(self, question: Question) -> list[Sort]:
        own = self._rows.c
        fields = self.program.table.fields
        as_bound = (lambda raw: uuid.UUID(bytes=raw)) if self._postgres else bytes
        sorts: list[Sort] = []
        for order in question.order:
            if order.field == ROW:
                return [*sorts, Sort("id", own.id, descending=order.descending, bind=as_bound)]
            mapped = fields[order.field]
            sorts.append(Sort(order.field, own[mapped.column], order.descending, nullable=not mapped.required))
        if self.program.plan.opaque:
            sorts.append(Sort("place", RowPseudonym.__table__.c.place))
        return [*sorts, Sort("id", own.id, bind=as_bound)]

    def _page(self, question: Question, missing: tuple[bool, ...] | None, size: int) -> Select[Any]:
        sorts = self._sorts(question)
        statement = self._rows_of(*(sort.expression for sort in sorts[:-1])).select_from(self._joined())
        statement = statement.where(*self._conditions(question.filters))
        if missing is not None:
            statement = statement.where(after(sorts, missing))
        return limited(statement.order_by(*order_by(sorts)), size)

    def _single(self) -> Select[Any]:
        return (
            self._rows_of(self._rows.c.revision)
            .select_from(self._joined(placed=False))
            .where(self._rows.c.id == parameter(_SINGLE))
        )

    def _rows_of(self, *behind: ColumnElement[Any]) -> Select[Any]:
        return select(*self._columns(), *behind)

    def _columns(self) -> Iterator[ColumnElement[Any]]:
        own = self._rows.c
        yield self._bytes(own.id)
        for link in self.program.format.links:
            yield from (self._people[link.name].c[mark] for mark in MARKS)
            if link.consent is not None:
                yield from (self._consents[link.name].c[part] for part in CONSENT_COLUMNS)
        for slot in self.program.format.clear:
            raw = own[slot.field.column]
            yield self._bytes(raw) if slot.field.of is not None else raw
        for box in self.program.format.boxes:
            yield own[box_column(*box.place)]
            yield own[box_companion(*box.place, "revision")]
        mac = self.program.format.mac
        if mac is not None:
            yield own["row_mac"]
            yield from (own[box_companion(*place, "revision")] for place in mac.others)

    def _bytes(self, identifier: ColumnElement[Any]) -> ColumnElement[Any]:
        # The driver would make an object of each identifier, where 16 bytes are wanted.
        return func.uuid_send(identifier, type_=LargeBinary()) if self._postgres else identifier

    def _joined(self, *, placed: bool = True) -> FromClause:
        own = self._rows
        joined: FromClause = own
        if self.program.plan.opaque and placed:
            place = RowPseudonym.__table__
            purpose = place.c.purpose_id == self.program.plan.purpose.id
            joined = place.join(
                own, (own.c.id == place.c.row_id) & purpose & (place.c.table_id == self.program.table.id)
            )
        for link in self.program.format.links:
            subject = self._people[link.name]
            # An outer join: a person who was deleted outside Égide closes the row instead of hiding it.
            joined = joined.outerjoin(subject, subject.c.id == own.c[subject_column(link.name)])
            rule = self.program.plan.consent
            if rule is not None and link.consent is not None:
                consent = self._consents[link.name]
                on = (
                    (consent.c.subject_id == own.c[subject_column(link.name)])
                    & (consent.c.purpose_id == self.program.plan.purpose.id)
                    & (consent.c.channel == rule.channel.code)
                )
                joined = joined.outerjoin(consent, on)
        return joined

    def _conditions(self, filters: Filters) -> Iterator[ColumnElement[bool]]:
        own = self._rows.c
        yield true()
        for comparison in filters.comparisons:
            yield compare(own[comparison.field.column], comparison)
        for lookup in filters.lookups:
            token = blind_tokens.c
            found = select(token.row_id).where(token.token.in_(parameters(lookup.parameter, lookup.count)))
            yield own.id.in_(found)
        if filters.rows:
            yield own.id.in_(parameters(ROW_PARAMETER, filters.rows))
        for person in filters.people:
            yield own[subject_column(person.link)] == self._person(person)

    def _person(self, person: OfPerson) -> Any:
        link = self.program.table.links[person.link]
        name, by = person.by or (link.of or self.program.table.name, link.of_link or link.name)
        theirs = _own_table(self.program.tables[name]).alias(f"owner_{person.link}").c
        wanted = theirs[subject_column(by)]
        return select(wanted).where(theirs.id == parameter(person.parameter)).scalar_subquery()


def _own_table(mapped: MappedTable) -> TableClause:
    names = ["id", "revision", "row_mac", *(subject_column(link) for link in mapped.links)]
    names += [each.column for each in mapped.fields.values()]
    for place in mapped.boxes:
        names += [box_column(*place), box_companion(*place, "revision")]
    return table(mapped.physical, *(column(name) for name in dict.fromkeys(names)))
