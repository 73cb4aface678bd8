"""What can go wrong at the gate. No error carries a value of a row, nor one that was searched for."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark
from governance.gate.reasons import Reason


@dataclass(kw_only=True, eq=False)
class GateError(DomainError):
    """Base of the gate's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class ReadRefusedError(GateError):
    """A read that the rules do not allow: every rule that failed is named."""

    message: ClassVar[str] = mark("Refused: {codes}.")
    reasons: tuple[Reason, ...]

    @property
    def facts(self) -> dict[str, object]:
        """The reasons, and their codes for the sentence."""
        return {"reasons": self.reasons, "codes": ", ".join(dict.fromkeys(reason.code for reason in self.reasons))}


@dataclass(kw_only=True, eq=False)
class NotInDataMapError(ReadRefusedError):
    """A read that names a table or a field that the data map does not know."""

    message: ClassVar[str] = mark("The data map does not know this: {codes}.")


@dataclass(kw_only=True, eq=False)
class QueryError(GateError):
    """A question that cannot be asked so. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class QueryInvalidError(QueryError):
    """A part of the question that is malformed."""

    message: ClassVar[str] = mark("{part} is malformed: expected {expected}.")
    part: str
    expected: str


@dataclass(kw_only=True, eq=False)
class LimitInvalidError(QueryError):
    """A page that is too small or too large."""

    message: ClassVar[str] = mark("A page holds {lowest} to {highest} rows, not {got}.")
    got: int
    lowest: int
    highest: int


@dataclass(kw_only=True, eq=False)
class CursorInvalidError(QueryError):
    """A cursor that is malformed, or was given to somebody else, for another purpose or for another question."""

    message: ClassVar[str] = mark("This cursor does not belong to this question: ask for the first page again.")


@dataclass(kw_only=True, eq=False)
class RowIdInvalidError(QueryError):
    """An identifier of a row that is malformed, or was given for another purpose."""

    message: ClassVar[str] = mark("This is not an identifier of a row of {table} for this purpose.")
    table: str


@dataclass(kw_only=True, eq=False)
class FilterRefusedError(QueryError):
    """A filter that would tell something about a value that is not given."""

    message: ClassVar[str] = mark("{field} cannot be filtered by {operator}: {because}.")
    field: str
    operator: str
    because: str


@dataclass(kw_only=True, eq=False)
class FilterInvalidError(QueryError):
    """A filter whose value is not one of its field. The value itself is not told."""

    message: ClassVar[str] = mark("The filter on {field} takes {expected}.")
    field: str
    expected: str


@dataclass(kw_only=True, eq=False)
class OrderRefusedError(QueryError):
    """An order that would tell something about a value that is not given."""

    message: ClassVar[str] = mark("Rows cannot be ordered by {field}: {because}.")
    field: str
    because: str


@dataclass(kw_only=True, eq=False)
class RowNotFoundError(GateError):
    """No such row, or none that this purpose may see: which of the two is not told."""

    message: ClassVar[str] = mark("There is no such row of {table} for this purpose.")
    table: str


@dataclass(kw_only=True, eq=False)
class BoxTamperedError(GateError):
    """A box that does not open: it was altered, moved or replayed outside Égide. Nothing of the read was released."""

    message: ClassVar[str] = mark("The box {category} of row {row} of {table} was altered. Nothing was released.")
    table: str
    row: str
    category: str


@dataclass(kw_only=True, eq=False)
class MarksTamperedError(GateError):
    """A person's marks, or the link to them, that were altered outside Égide. Nothing of the read was released."""

    message: ClassVar[str] = mark("The person {link} of row {row} of {table} was altered. Nothing was released.")
    table: str
    row: str
    link: str


@dataclass(kw_only=True, eq=False)
class PolicyUnsettledError(GateError):
    """Policies that changed during every attempt to read."""

    message: ClassVar[str] = mark("The policies are changing: try again in a moment.")


@dataclass(kw_only=True, eq=False)
class SourceUnavailableError(GateError):
    """An adopted database that does not answer."""

    message: ClassVar[str] = mark("The database {source} does not answer: {reason}.")
    source: str
    reason: str
