"""Which revision the tables are at, and which one this version expects.

Every start asks, so this does without Alembic, whose loading takes longer than most commands.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text

from governance.database import Database

VERSIONS: Final = Path(__file__).with_name("versions")
# Where Alembic keeps the revision; its documented default.
_KEPT_IN: Final = "alembic_version"


def current_revision(database: Database) -> str | None:
    """Return the revision of the tables as they are, or None where there are none."""
    if not inspect(database.engine).has_table(_KEPT_IN):
        return None
    with database.engine.connect() as connection:
        found: str | None = connection.execute(text(f"SELECT version_num FROM {_KEPT_IN}")).scalar()  # noqa: S608 -- a constant
    return found


def head_revision() -> str | None:
    """Return the newest revision that this version knows, from the files' names: each begins with its number."""
    return max((file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py")), default=None)
