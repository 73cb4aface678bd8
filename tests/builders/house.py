"""The whole house's schema, made at once from the models."""

from governance.database import Database
from governance.migrations.metadata import whole_metadata


def create_schema(database: Database) -> None:
    """Create every table of the house in an empty database."""
    with database.write_connection() as connection:
        whole_metadata().create_all(connection)
