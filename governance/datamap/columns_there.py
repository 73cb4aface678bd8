"""That an adopted table has the columns that its map names.

PostgreSQL takes `t.name`, where `t` has no such column, for a function of the whole row: a map that names
`quote_literal` would give every value of a row as one field, in the category of that field.
"""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import NoSuchTableError

from governance.datamap.errors import SourceUnreachableError
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.physical import adopted_table
from governance.datamap.values import MappedTable
from governance.errors import phrase

# SQLite's own names for the number of a row, which it does not list.
_ROW_NUMBERS: Final = frozenset({"rowid", "oid", "_rowid_"})


def check_columns(connection: Connection, table: MappedTable) -> None:
    """Refuse to read an adopted table whose database does not list each column that is asked for.

    SQLite would refuse such a column by itself, and name neither; it takes a name in any capitals.

    Raises:
        SourceUnreachableError: If the table or a column is not there.
    """
    source = table.source or OWN_DATABASE
    try:
        listed = {each["name"] for each in inspect(connection).get_columns(table.physical, schema=table.schema)}
    except NoSuchTableError:
        raise SourceUnreachableError(
            source=source, reason=phrase("it has no table {table}", table=table.physical)
        ) from None
    missing = _missing([each.name for each in adopted_table(table).columns], listed, connection.dialect.name)
    if missing is not None:
        raise SourceUnreachableError(
            source=source,
            reason=phrase("its table {table} has no column {column}", table=table.physical, column=missing),
        )


def _missing(wanted: Iterable[str], listed: Collection[str], dialect: str) -> str | None:
    if dialect == "sqlite":
        known = {each.casefold() for each in listed} | _ROW_NUMBERS
        return next((each for each in wanted if each.casefold() not in known), None)
    return next((each for each in wanted if each not in listed), None)
