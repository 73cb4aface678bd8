"""What can go wrong with the log."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class AuditError(DomainError):
    """Base of the log's errors."""


@dataclass(kw_only=True, eq=False)
class LogUnavailableError(AuditError):
    """A fact could not be made durable, so nothing that depends on it may be released."""

    message: ClassVar[str] = mark("The log cannot record: {reason}. Nothing was released.")
    reason: str


@dataclass(kw_only=True, eq=False)
class LogTamperedError(LogUnavailableError):
    """The log's own rows are not what the log wrote, so it refuses to continue from them."""

    message: ClassVar[str] = mark("The log was altered at entry {index}: {reason}. Nothing was released.")
    index: int


@dataclass(kw_only=True, eq=False)
class InvalidFactError(AuditError):
    """A fact that cannot be an entry."""

    message: ClassVar[str] = mark("This fact cannot be recorded: {reason}.")
    reason: str


@dataclass(kw_only=True, eq=False)
class EntryTooLargeError(AuditError):
    """An entry larger than the log takes."""

    message: ClassVar[str] = mark("An entry of {got} bytes is larger than the log takes ({limit}).")
    got: int
    limit: int


@dataclass(kw_only=True, eq=False)
class LogNotAttachedError(AuditError):
    """A fact was recorded in a session that no log listens to; it would be lost."""

    message: ClassVar[str] = mark("No log is attached to this session: the fact would be lost.")


@dataclass(kw_only=True, eq=False)
class UnrecordedWriteError(AuditError):
    """A transaction changed rows and recorded nothing."""

    message: ClassVar[str] = mark("A transaction changed {tables} and recorded nothing. It was rolled back.")
    tables: str


@dataclass(kw_only=True, eq=False)
class AppendInsideWriteError(AuditError):
    """A thread asked for the log's connection while it held a writing transaction, which could wait for ever."""

    message: ClassVar[str] = mark("A writing transaction records with its own statements, never beside them.")


@dataclass(kw_only=True, eq=False)
class AnchorExistsError(AuditError):
    """An anchor that is there already; a second key would make a second log."""

    message: ClassVar[str] = mark("There is an anchor already. The name and the key of a log are given once.")


@dataclass(kw_only=True, eq=False)
class AnchorUnusableError(AuditError):
    """An anchor that cannot be read, written or trusted."""

    message: ClassVar[str] = mark("The anchor cannot be used: {file}: {reason}.")
    file: str
    reason: str


@dataclass(kw_only=True, eq=False)
class SignerRefusedError(AuditError):
    """The database does not hold an extension of what was signed, so nothing new is signed."""

    message: ClassVar[str] = mark("No checkpoint was signed, at entry {index}: {reason}.")
    index: int
    reason: str


@dataclass(kw_only=True, eq=False)
class EntryNotFoundError(AuditError):
    """An entry that the log does not have, or no longer."""

    message: ClassVar[str] = mark("The log has no entry {entry}.")
    entry: str


@dataclass(kw_only=True, eq=False)
class NoSuchEntryError(AuditError):
    """A name that no entry can have. It is not repeated: anything may stand in an address."""

    message: ClassVar[str] = mark("The log has no such entry.")


@dataclass(kw_only=True, eq=False)
class NotYetSignedError(AuditError):
    """An entry newer than the last checkpoint."""

    message: ClassVar[str] = mark("Entry {index} is newer than the last checkpoint ({size} entries). Sign one first.")
    index: int
    size: int


@dataclass(kw_only=True, eq=False)
class NoSuchTileError(AuditError):
    """A tile that no checkpoint needs."""

    message: ClassVar[str] = mark("The log has no such tile.")


@dataclass(kw_only=True, eq=False)
class BundleExistsError(AuditError):
    """A file that an export would overwrite."""

    message: ClassVar[str] = mark("There is a file of that name already.")


@dataclass(kw_only=True, eq=False)
class NoRetentionRuleError(AuditError):
    """A class of entries for which no rule says how long they are kept."""

    message: ClassVar[str] = mark("No rule says how long entries of the class {retention} are kept.")
    retention: str


@dataclass(kw_only=True, eq=False)
class RetentionRulesAlteredError(AuditError):
    """Rules of retention that the log did not record, so that a purge by them would destroy what is owed."""

    message: ClassVar[str] = mark("The retention rules are not those that the log recorded: {reason}.")
    reason: str


@dataclass(kw_only=True, eq=False)
class NothingSignedError(AuditError):
    """A log of which no checkpoint has been signed yet."""

    message: ClassVar[str] = mark("No checkpoint has been signed yet. Sign one: egide audit checkpoint.")
