"""Stable numbers for tables, fields and shapes: given once, kept for ever.

Boxes, registrations and blind indexes go by them, so a name never comes to mean another table, and a number never
returns. A writing transaction gives them: SQLite's write lock, or an advisory lock of PostgreSQL, keeps two apart.
"""

from collections.abc import Iterable
from typing import Final

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance.datamap.errors import MeaningChangedError
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.models import BoxShape, FieldNumber, Source, TableNumber
from governance.datamap.values import DataMap, MappedTable
from governance.errors import phrase

# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the numbers of the data map.
_LOCK: Final = (0x45474944, 2)


def number(session: Session, data_map: DataMap) -> int:
    """Give every table, field and shape of a map its number, and return how many are new or were changed.

    The caller records the fact, where there is one.

    A table that is only called otherwise keeps its number, and with it its rows' people: their consents and objections.

    Args:
        session: A writing transaction, with an attestor attached.
        data_map: A map that is about to be in force.

    Raises:
        MeaningChangedError: If a name would come to stand for something else.
    """
    lock_numbers(session)
    known = list(session.scalars(select(TableNumber).order_by(TableNumber.id)))
    new = 0
    for table in data_map.tables.values():
        numbered = _number_of(table, known) or _renamed(table, known, data_map)
        if numbered is None:
            numbered = TableNumber(id=next_number(session, TableNumber.id), name=table.name, **_describe(table))
            session.add(numbered)
            session.flush()
            known.append(numbered)
            new += 1
        elif numbered in session.dirty:
            new += 1
        new += _number_fields(session, numbered.id, table.fields) + _number_shapes(session, numbered.id, table)
    session.flush()
    return new


def number_source(session: Session, name: str) -> int:
    """Return the number of a source of data, giving it one the first time.

    Args:
        session: A writing transaction.
        name: What a person called it: a file, a fair, a partner.
    """
    found = session.scalar(select(Source.id).where(Source.name == name))
    if found is not None:
        return found
    lock_numbers(session)
    found = session.scalar(select(Source.id).where(Source.name == name))
    if found is not None:
        return found
    fresh = next_number(session, Source.id)
    session.execute(insert(Source), [{"id": fresh, "name": name}])
    return fresh


def lock_numbers(session: Session) -> None:
    """Keep other transactions from giving numbers until this one ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(*_LOCK)))


def next_number(session: Session, column: InstrumentedAttribute[int]) -> int:
    """Return the number after the highest. Call it under the lock."""
    return (session.scalar(select(func.max(column))) or 0) + 1


def _describe(table: MappedTable) -> dict[str, str]:
    return {
        "source": table.source or OWN_DATABASE,
        "physical": table.physical if table.schema is None else f"{table.schema}.{table.physical}",
        "key": _json(table.key),
        "persons": _json([link.name for link in table.links.values() if link.of is None]),
    }


def _number_of(table: MappedTable, known: Iterable[TableNumber]) -> TableNumber | None:
    """Return the number that a table's name has, brought up to date."""
    for numbered in known:
        if table.name in orjson.loads(numbered.former):
            raise MeaningChangedError(
                name=table.name, before=phrase("the table that is {name} now", name=numbered.name)
            )
        if numbered.name == table.name:
            _check_meaning(table, numbered)
            _update(numbered, table)
            return numbered
    return None


def _renamed(table: MappedTable, known: Iterable[TableNumber], data_map: DataMap) -> TableNumber | None:
    """Return the number of the same physical table under a name that the map no longer has."""
    wanted = _describe(table)
    for numbered in known:
        same = all(getattr(numbered, part) == wanted[part] for part in ("source", "physical", "key"))
        if same and numbered.name not in data_map.tables:
            _check_meaning(table, numbered)
            numbered.former = _json([*orjson.loads(numbered.former), numbered.name])
            numbered.name = table.name
            _update(numbered, table)
            return numbered
    return None


def _check_meaning(table: MappedTable, numbered: TableNumber) -> None:
    wanted = _describe(table)
    if (wanted["source"], wanted["key"]) != (numbered.source, numbered.key):
        key = ", ".join(orjson.loads(numbered.key))
        kept = phrase("a table that Égide keeps")
        other = phrase("a table of {source} with the key {key}", source=numbered.source, key=key)
        before = other if key else kept
        raise MeaningChangedError(name=table.name, before=before)
    for link in orjson.loads(numbered.persons) if table.adopted else ():
        if link not in table.links or table.links[link].of is not None:
            # Under another name, everybody would become somebody new, without their consents and objections.
            raise MeaningChangedError(
                name=f"{table.name}.{link}", before=phrase("persons who are enrolled; keep the link")
            )


def _update(numbered: TableNumber, table: MappedTable) -> None:
    for column, value in _describe(table).items():
        if getattr(numbered, column) != value:
            setattr(numbered, column, value)


def _json(names: Iterable[str]) -> str:
    return orjson.dumps(list(names)).decode()


def _number_fields(session: Session, table_id: int, names: Iterable[str]) -> int:
    known = set(session.scalars(select(FieldNumber.name).where(FieldNumber.table_id == table_id)))
    fresh = [name for name in names if name not in known]
    if fresh:
        first = next_number(session, FieldNumber.id)
        session.add_all(
            FieldNumber(id=number, table_id=table_id, name=name) for number, name in enumerate(fresh, first)
        )
        session.flush()
    return len(fresh)


def _number_shapes(session: Session, table_id: int, table: MappedTable) -> int:
    select_known = select(BoxShape.link, BoxShape.category, BoxShape.fields).where(BoxShape.table_id == table_id)
    known = {(link, category, fields) for link, category, fields in session.execute(select_known)}
    shapes = [(link, category.code, _json(fields)) for (link, category), fields in table.boxes.items()]
    fresh = [shape for shape in shapes if shape not in known]
    if fresh:
        first = next_number(session, BoxShape.id)
        session.add_all(
            BoxShape(id=number, table_id=table_id, link=link, category=category, fields=fields)
            for number, (link, category, fields) in enumerate(fresh, first)
        )
        session.flush()
    return len(fresh)
