"""That an adopted table has the columns that its map names.

PostgreSQL takes `t.name`, where `t` has no such column, for a function of the whole row: a map that names
`quote_literal` would give every value of a row as one field, in the category of that field.
"""

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import NoSuchTableError

from governance.datamap.errors import SourceUnreachableError
from governance.datamap.loader import OWN_DATABASE
from governance.datamap.physical import adopted_table
from governance.datamap.values import MappedTable
from governance.errors import phrase


def check_columns(connection: Connection, table: MappedTable) -> None:
    """Refuse to read an adopted table whose database does not list each column that is asked for.

    SQLite refuses such a column by itself, and takes a name in any capitals.

    Raises:
        SourceUnreachableError: If the table or a column is not there.
    """
    if connection.dialect.name != "postgresql":
        return
    source = table.source or OWN_DATABASE
    try:
        listed = {each["name"] for each in inspect(connection).get_columns(table.physical, schema=table.schema)}
    except NoSuchTableError:
        raise SourceUnreachableError(source=source, reason=phrase("it has no such table")) from None
    if not {each.name for each in adopted_table(table).columns} <= listed:
        raise SourceUnreachableError(source=source, reason=phrase("it has no such column"))
