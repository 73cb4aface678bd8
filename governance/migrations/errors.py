"""What may go wrong when the schema changes."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class MigrationError(DomainError):
    """Base of the errors of migrations. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class UnknownRevisionError(MigrationError):
    """The tables come from another version, most often a newer one."""

    message: ClassVar[str] = mark(
        "The database is at revision {found}, which this version cannot change. Install the version that made it."
    )
    found: str


@dataclass(kw_only=True, eq=False)
class BrokenReferencesError(MigrationError):
    """A revision would have left rows that refer to nothing, so it was not applied."""

    message: ClassVar[str] = mark("The table {table} holds rows that refer to nothing; the schema was left as it was.")
    table: str
