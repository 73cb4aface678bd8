"""Reading the keys of adopted rows, page by page and by name.

Values are sent without a type, as the driver gave them: the database then compares them as it compares its own.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.types import NULLTYPE

from governance.datamap.columns_there import check_columns
from governance.datamap.physical import adopted_table
from governance.datamap.source_keys import key_values, source_key_of
from governance.datamap.sources import Readable
from governance.datamap.values import MappedTable

# SQLite takes expressions of a depth of 1,000.
_AT_ONCE: Final = 500


def page_after(
    database: Readable, table: MappedTable, columns: Sequence[str], after: str | None, limit: int
) -> list[tuple[Any, ...]]:
    """Return rows in the order of their keys: first the key's columns, then those asked for.

    Rows whose key has a NULL are left out: nothing can name them.

    Args:
        database: Where the table stands.
        table: An adopted table.
        columns: Further columns.
        after: The key after which the page begins.
        limit: Rows at most.

    Raises:
        SourceUnreachableError: If the database does not answer.
    """
    physical = adopted_table(table)
    key = [physical.c[name] for name in table.key]
    statement = select(*key, *(physical.c[name].label(f"_{i}") for i, name in enumerate(columns)))
    statement = statement.where(*(part.is_not(None) for part in key)).order_by(*key).limit(limit)
    if after is not None:
        values = [_untyped(value) for value in key_values(after)]
        statement = statement.where(key[0] > values[0] if len(key) == 1 else tuple_(*key) > tuple_(*values))
    with database.read() as session:
        check_columns(session.connection(), table)
        return [tuple(row) for row in session.execute(statement)]


def present(database: Readable, table: MappedTable, source_keys: Collection[str]) -> set[str]:
    """Return those of the keys that the table still has.

    Raises:
        SourceUnreachableError: If the database does not answer.
    """
    if not source_keys:
        return set()
    found: set[str] = set()
    with database.read() as session:
        check_columns(session.connection(), table)
        keys = list(source_keys)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            found.update(source_key_of(tuple(row)) for row in session.execute(_by_keys(table, some)))
    return found & set(source_keys)


def _by_keys(table: MappedTable, source_keys: Sequence[str]) -> Select[*tuple[Any, ...]]:
    physical = adopted_table(table)
    key = [physical.c[name] for name in table.key]
    wanted = [[_untyped(value) for value in key_values(text)] for text in source_keys]
    if len(key) == 1:
        return select(*key).where(key[0].in_([values[0] for values in wanted]))
    rows = (and_(*(part == value for part, value in zip(key, values, strict=True))) for values in wanted)
    return select(*key).where(or_(*rows))


def _untyped(value: object) -> ColumnElement[Any]:
    return bindparam(None, value, type_=NULLTYPE)
