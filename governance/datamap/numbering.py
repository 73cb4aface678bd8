"""Stable numbers for tables, fields and shapes: given once, kept for ever.

The log, the boxes and the blind indexes go by them, so a name never comes to mean another table, and a number never
returns. A writing transaction gives them: SQLite's write lock, or an advisory lock of PostgreSQL, keeps two apart.
"""

from collections.abc import Iterable
from typing import Any, Final

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance.datamap.errors import MeaningChangedError
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.models import BoxShape, FieldNumber, Source, TableNumber
from governance.datamap.values import DataMap, MappedTable

# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the numbers of the data map.
_LOCK: Final = (0x45474944, 2)


def number(session: Session, data_map: DataMap) -> int:
    """Give every table, field and shape of a map its number, and return how many were new. The caller records the fact.

    Args:
        session: A writing transaction.
        data_map: A map that is about to be in force.

    Raises:
        MeaningChangedError: If a table's name stands for another table already.
    """
    lock_numbers(session)
    new = 0
    known = {row.name: row for row in session.scalars(select(TableNumber))}
    for table in data_map.tables.values():
        stands_for = known.get(table.name)
        if stands_for is None:
            table_id = next_number(session, TableNumber.id)
            session.execute(insert(TableNumber), [_describe(table) | {"id": table_id, "name": table.name}])
            new += 1
        else:
            _check_meaning(table, stands_for)
            table_id = stands_for.id
        new += _number_fields(session, table_id, table.fields) + _number_shapes(session, table_id, table)
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


def _describe(table: MappedTable) -> dict[str, Any]:
    return {"source": table.source or OWN_DATABASE, "key": orjson.dumps(table.key).decode()}


def _check_meaning(table: MappedTable, stands_for: TableNumber) -> None:
    if _describe(table) == {"source": stands_for.source, "key": stands_for.key}:
        return
    key = ", ".join(orjson.loads(stands_for.key))
    before = f"a table of {stands_for.source} with the key {key}" if key else f"a table of {stands_for.source}"
    raise MeaningChangedError(name=table.name, before=before)


def _number_fields(session: Session, table_id: int, names: Iterable[str]) -> int:
    known = set(session.scalars(select(FieldNumber.name).where(FieldNumber.table_id == table_id)))
    fresh = [name for name in names if name not in known]
    if fresh:
        first = next_number(session, FieldNumber.id)
        rows = [{"id": first + place, "table_id": table_id, "name": name} for place, name in enumerate(fresh)]
        session.execute(insert(FieldNumber), rows)
    return len(fresh)


def _number_shapes(session: Session, table_id: int, table: MappedTable) -> int:
    select_known = select(BoxShape.link, BoxShape.category, BoxShape.fields).where(BoxShape.table_id == table_id)
    known = {(link, category, fields) for link, category, fields in session.execute(select_known)}
    fresh = [
        {"link": link, "category": category.code, "fields": orjson.dumps(fields).decode()}
        for (link, category), fields in table.boxes.items()
    ]
    fresh = [row for row in fresh if (row["link"], row["category"], row["fields"]) not in known]
    if fresh:
        first = next_number(session, BoxShape.id)
        rows = [{**row, "id": first + place, "table_id": table_id} for place, row in enumerate(fresh)]
        session.execute(insert(BoxShape), rows)
    return len(fresh)
