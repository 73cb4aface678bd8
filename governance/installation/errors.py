"""What can be wrong with the installation as a whole."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class InstallationError(DomainError):
    """Base of this package's errors."""


@dataclass(kw_only=True, eq=False)
class NotInitialisedError(InstallationError):
    """No house stands here yet."""

    message: ClassVar[str] = mark("Nothing is installed here yet. Run: egide init --controller EMAIL, or egide demo.")


@dataclass(kw_only=True, eq=False)
class AlreadyInitialisedError(InstallationError):
    """A house stands here already: a demonstration, or one for real data."""

    message: ClassVar[str] = mark("An installation exists here already; init makes one once.")
    demonstration: bool


@dataclass(kw_only=True, eq=False)
class ForeignKeyringError(InstallationError):
    """The keyring is that of another installation."""

    message: ClassVar[str] = mark("The keyring belongs to another installation than the database. Check EGIDE_KEYS.")


@dataclass(kw_only=True, eq=False)
class SchemaOutdatedError(InstallationError):
    """The tables are not those that this version expects."""

    message: ClassVar[str] = mark(
        "The database is at revision {found}, this version expects {expected}. Run: egide init --migrate."
    )
    found: str
    expected: str
