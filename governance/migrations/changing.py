"""Changing the schema: Alembic applies revisions, in one transaction or not at all.

Two programs that start at once do not meet: PostgreSQL holds an advisory lock until the transaction ends, SQLite its
write lock, so the second one waits and then finds nothing left to do. There is no `alembic.ini`; these functions are
the only way in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from governance.database import BUSY_SECONDS, IMMEDIATE, Database
from governance.migrations.errors import BrokenReferencesError, UnknownRevisionError
from governance.migrations.revisions import current_revision

FOLDER: Final = Path(__file__).parent
# "egide" in ASCII: any constant does, as long as every version of this program uses the same.
_LOCK: Final = 0x6567696465
_PATIENCE_SECONDS: Final = 60


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the tables up to a revision, the newest by default; nothing happens where they are there.

    Raises:
        UnknownRevisionError: If the database, or the caller, names a revision that this version does not know.
    """
    with _migrating(database) as config:
        command.upgrade(config, to)


def downgrade(database: Database, to: str) -> None:
    """Take the tables back to a revision; `base` leaves none.

    Raises:
        UnknownRevisionError: If the database, or the caller, names a revision that this version does not know.
    """
    with _migrating(database) as config:
        command.downgrade(config, to)


def history() -> list[str]:
    """Return every revision, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, for a connection where there is one."""
    config = Config()
    # ConfigParser interpolates percent signs, which a path may hold.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(database: Database) -> Iterator[Config]:
    on_sqlite = database.dialect == "sqlite"
    with database.engine.connect().execution_options(**{IMMEDIATE: True}) as connection:
        driver: Any = connection.connection.driver_connection
        if on_sqlite:
            # A table that is rebuilt is dropped first, which must not delete what refers to it; has no effect inside
            # a transaction, so it comes before.
            driver.execute("PRAGMA foreign_keys=OFF")
            # A second start waits for the first one's whole history, not for one statement.
            driver.execute(f"PRAGMA busy_timeout={_PATIENCE_SECONDS * 1000}")
        try:
            with connection.begin():
                if not on_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield configuration(connection)
                if on_sqlite:
                    _check_references(connection)
        except CommandError:
            raise UnknownRevisionError(found=current_revision(database) or "base") from None
        finally:
            if on_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
                driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenReferencesError(table=broken[0])
