"""Pages of adopted tables: the source's rows, then what Égide knows of them, put together as one statement would.

The source may be a database of its own, so nothing is joined: a page of its rows, their registrations, the people and
their consents are fetched one after the other, in bulk. A row that is not registered, or not for all of its links, is
not given; a job enrols it, never a read.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Select, and_, or_, select, true, tuple_
from sqlalchemy.orm import Session

from consent.models import Consent
from consent.probe import COLUMNS as CONSENT_COLUMNS
from governance.database import Database
from governance.datamap.columns_there import check_columns
from governance.datamap.errors import SourceKeyError
from governance.datamap.physical import adopted_table
from governance.datamap.registry import RegisteredKeys, locate, resolve
from governance.datamap.source_keys import key_values, source_key_of
from governance.datamap.sources import Sources
from governance.gate.comparisons import compare
from governance.gate.errors import RowNotFoundError
from governance.gate.fetching import Batch, Position, Question, Row
from governance.gate.filters import NO_FILTERS, Filters
from governance.gate.models import RowPseudonym
from governance.gate.ordering import ROW
from governance.gate.paging import Sort, after, order_by, positions
from governance.gate.program import MARKS, Program
from governance.gate.statements import compile_statement, limited, parameter, size_for
from governance.vault.attest import Attestor
from governance.vault.models import DataSubject

_Item = TypeVar("_Item")

# Numbers and keys in one statement: far below the parameters that any database takes.
_AT_ONCE: Final = 500
_NO_PERSON: Final = (None,) * len(MARKS)
_NO_CONSENT: Final = (None,) * len(CONSENT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where an adopted page comes from."""

    database: Database
    sources: Sources
    attestor: Attestor


class AdoptedFetcher:
    """Fetches rows of one adopted table, for one program."""

    def __init__(self, program: Program, stores: Stores) -> None:
        """Connect to nothing yet."""
        self.program: Final = program
        self._stores: Final = stores
        self._key: Final = len(program.table.key)
        self._rows: Final = adopted_table(program.table)
        self._checked = False

    def batch(self, question: Question, start: Position | None, wanted: int) -> Batch:
        """Return the rows behind a position."""
        size = size_for(wanted)
        if self.program.plan.opaque:
            return self._batch_by_place(question, start, size)
        sorts, values = self._sorts(question), self._values(question.filters)
        statement = self._select(question.filters, sorts)
        if start is not None:
            statement = statement.where(after(sorts, tuple(value is None for value in start)))
            values |= positions(sorts, start)
        found = self._fetch(limited(statement.order_by(*order_by(sorts)), size), values)
        rows = self._assembled(found)
        end = tuple(found[-1][self._key + len(self.program.format.clear) :]) if found else start
        return Batch(rows=rows, end=end, exhausted=len(found) < size, unenrolled=len(found) - len(rows))

    def one(self, row_id: uuid.UUID) -> Row | None:
        """Return one row, if it is there and registered."""
        return self._by_ids([row_id], NO_FILTERS).get(row_id)

    def position(self, question: Question, row: Row) -> Position:
        """Return where a row stands in the order."""
        return tuple(row[self.program.format.width :])

    def order_length(self, question: Question) -> int:
        """Return how many values a position has."""
        return 2 if self.program.plan.opaque else len(self._sorts(question))

    def _sorts(self, question: Question) -> list[Sort]:
        fields = self.program.table.fields
        sorts: list[Sort] = []
        descending = False
        for order in question.order:
            if order.field == ROW:
                descending = order.descending
                break
            mapped = fields[order.field]
            sorts.append(Sort(order.field, self._rows.c[mapped.column], order.descending, nullable=True))
        return [*sorts, *(Sort(name, self._rows.c[name], descending) for name in self.program.table.key)]

    def _select(self, filters: Filters, sorts: Sequence[Sort] = ()) -> Select[Any]:
        own = self._rows.c
        clear = (own[slot.field.column] for slot in self.program.format.clear)
        statement = select(
            *(own[name] for name in self.program.table.key), *clear, *(sort.expression for sort in sorts)
        )
        conditions = [compare(own[each.field.column], each) for each in filters.comparisons]
        for person in filters.people:
            link = self.program.table.links[person.link]
            columns = link.columns or self.program.table.key
            names = (f"{person.parameter}_{place}" for place in range(len(columns)))
            conditions += [own[name] == parameter(at) for name, at in zip(columns, names, strict=True)]
        return statement.where(true(), *conditions)

    def _fetch(self, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Row]:
        with self._stores.sources.database(self.program.table.source).read() as session:
            connection = session.connection()
            if not self._checked:
                check_columns(connection, self.program.table)
                self._checked = True
            compiled = compile_statement(statement, connection.dialect)
            return connection.exec_driver_sql(compiled.sql, compiled.bind(values)).fetchall()

    def _values(self, filters: Filters) -> dict[str, Any]:
        """The parameters of the filters; people are named by the key of their own row."""
        values = dict(filters.values)
        with self._stores.database.read() as session:
            for person in filters.people:
                link = self.program.table.links[person.link]
                owner = self.program.tables[link.of] if link.of is not None else self.program.table
                row_id = uuid.UUID(bytes=values.pop(person.parameter))
                key = locate(session, owner, [row_id], attestor=self._stores.attestor).get(row_id)
                if key is None:
                    raise RowNotFoundError(table=owner.name)
                values |= {f"{person.parameter}_{place}": value for place, value in enumerate(key_values(key))}
        return values

    def _batch_by_place(self, question: Question, start: Position | None, size: int) -> Batch:
        place = RowPseudonym.place
        statement = select(place, RowPseudonym.row_id).where(
            RowPseudonym.purpose_id == self.program.plan.purpose.id, RowPseudonym.table_id == self.program.table.id
        )
        if start is not None:
            behind = uuid.UUID(bytes=start[1])
            statement = statement.where(tuple_(place, RowPseudonym.row_id) > (start[0], behind))
        with self._stores.database.read() as session:
            places = session.execute(statement.order_by(place, RowPseudonym.row_id).limit(size)).all()
        found = self._by_ids([row_id for _, row_id in places], question.filters)
        rows = [(*found[row_id], at, row_id.bytes) for at, row_id in places if row_id in found]
        end = (places[-1][0], places[-1][1].bytes) if places else start
        return Batch(rows=rows, end=end, exhausted=len(places) < size)

    def _by_ids(self, row_ids: Sequence[uuid.UUID], filters: Filters) -> dict[uuid.UUID, Row]:
        with self._stores.database.read() as session:
            keys = locate(session, self.program.table, row_ids, attestor=self._stores.attestor)
        values, statement = self._values(filters), self._select(filters)
        own = self._rows.c
        found: list[Row] = []
        for some in _chunks(list(keys.values())):
            alternatives = []
            for number, key in enumerate(some):
                names = [f"k{number}_{place}" for place in range(self._key)]
                values |= dict(zip(names, key_values(key), strict=True))
                columns = zip(self.program.table.key, names, strict=True)
                alternatives.append(and_(*(own[name] == parameter(at) for name, at in columns)))
            found += self._fetch(statement.where(or_(*alternatives)), values)
        return {uuid.UUID(bytes=row[0]): row for row in self._assembled(found)}

    def _assembled(self, found: Sequence[Row]) -> list[Row]:
        """Put what Égide knows of source rows before their columns; those that are not registered are not there."""
        keyed = [(key, row) for row in found if (key := _key_of(row[: self._key])) is not None]
        with self._stores.database.read() as session:
            known = resolve(session, self.program.table, [key for key, _ in keyed], attestor=self._stores.attestor)
            people = {subject for each in known.values() for subject in each.subjects.values() if subject is not None}
            marks, consents = self._people(session, people), self._consents(session, people)
        rows: list[Row] = []
        for key, row in keyed:
            registered = known.get(key)
            if registered is not None and registered.subjects.keys() >= self.program.table.links.keys():
                told = self._told(registered, marks, consents)
                rows.append((registered.row_id.bytes, *told, *row[self._key :]))
        return rows

    def _told(self, registered: RegisteredKeys, marks: Mapping[int, Row], consents: Mapping[int, Row]) -> Iterable[Any]:
        for link in self.program.format.links:
            subject = registered.subjects[link.name]
            # A person who is registered and not on file was deleted outside Égide: their number alone closes the row.
            yield from _NO_PERSON if subject is None else marks.get(subject, (subject, *_NO_PERSON[1:]))
            if link.consent is not None:
                yield from _NO_CONSENT if subject is None else consents.get(subject, _NO_CONSENT)

    def _people(self, session: Session, subjects: Iterable[int]) -> dict[int, Row]:
        columns = DataSubject.__table__.c
        found: dict[int, Row] = {}
        for some in _chunks(sorted(subjects)):
            statement = select(*(columns[mark] for mark in MARKS)).where(columns.id.in_(some))
            found |= {row[0]: tuple(row) for row in session.execute(statement)}
        return found

    def _consents(self, session: Session, subjects: Iterable[int]) -> dict[int, Row]:
        rule, columns = self.program.plan.consent, Consent.__table__.c
        found: dict[int, Row] = {}
        if rule is None:
            return found
        for some in _chunks(sorted(subjects)):
            statement = select(columns.subject_id, *(columns[part] for part in CONSENT_COLUMNS)).where(
                columns.subject_id.in_(some),
                columns.purpose_id == self.program.plan.purpose.id,
                columns.channel == rule.channel.code,
            )
            found |= {row[0]: tuple(row[1:]) for row in session.execute(statement)}
        return found


def _key_of(values: Sequence[Any]) -> str | None:
    try:
        return source_key_of(values)
    except SourceKeyError:
        # A row without a whole key cannot be registered.
        return None


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
