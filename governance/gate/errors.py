"""What can go wrong at the gate. No error carries a value of a row, nor one that was searched for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, Phrase, listed, mark
from governance.gate.reasons import Reason


@dataclass(kw_only=True, eq=False)
class GateError(DomainError):
    """Base of the gate's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class ReadRefusedError(GateError):
    """A read that the rules do not allow: every rule that failed is named."""

    message: ClassVar[str] = mark("Refused. {why}")
    reasons: tuple[Reason, ...]

    @property
    def places(self) -> Mapping[str, object]:
        """Every reason in words, then who can give what is missing; each once."""
        sentences = dict.fromkeys(reason.sentence for reason in self.reasons)
        remedies = dict.fromkeys(reason.remedy for reason in self.reasons)
        return {"why": listed([*sentences, *remedies], between=" ")}


@dataclass(kw_only=True, eq=False)
class NotInDataMapError(ReadRefusedError):
    """A read that names a table or a field that the data map does not know."""

    message: ClassVar[str] = mark("The data map does not know this. {why}")


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
class NoticeUnknownError(GateError):
    """A write that names a notice which nobody published: whoever publishes it later would open what was never told."""

    message: ClassVar[str] = mark("The notice {notice} was never published.")
    notice: str


@dataclass(kw_only=True, eq=False)
class TamperedError(GateError):
    """Something of a row that was altered outside Égide. Never raised itself."""

    table: str
    row: str


@dataclass(kw_only=True, eq=False)
class BoxTamperedError(TamperedError):
    """A box that does not open: it was altered, moved or replayed outside Égide. Nothing of the read was released."""

    message: ClassVar[str] = mark("The box {category} of row {row} of {table} was altered. Nothing was released.")
    category: str


@dataclass(kw_only=True, eq=False)
class MarksTamperedError(TamperedError):
    """A person's marks, or the link to them, that were altered outside Égide. Nothing of the read was released."""

    message: ClassVar[str] = mark("The person {link} of row {row} of {table} was altered. Nothing was released.")
    link: str


@dataclass(kw_only=True, eq=False)
class RowTamperedError(TamperedError):
    """A row that was pointed at another person, or lost a box, outside Égide. Nothing of the read was released."""

    message: ClassVar[str] = mark("The row {row} of {table} was altered. Nothing was released.")


@dataclass(kw_only=True, eq=False)
class PolicyUnsettledError(GateError):
    """Policies that changed during every attempt to read."""

    message: ClassVar[str] = mark("The policies are changing: try again in a moment.")


@dataclass(kw_only=True, eq=False)
class DatabaseUnavailableError(GateError):
    """Égide's own database does not answer, or is too busy to."""

    message: ClassVar[str] = mark("Nothing can be read for the moment: {reason}. Try again.")
    reason: str


@dataclass(kw_only=True, eq=False)
class PurposeSwitchNeededError(GateError):
    """A record that is open on a page for one purpose is asked for under another, without a reason.

    Attributes:
        opened: The purpose that it is open for.
        row: The record; None where it was opened by a row that says something about the person.
    """

    message: ClassVar[str] = mark(
        "You have a record of this answer open for {opened}: open it for the other purpose on its page, and say why."
    )
    opened: str
    row: str | None


@dataclass(kw_only=True, eq=False)
class WriteRefusedError(ReadRefusedError):
    """A write that the rules do not allow: every rule that failed is named."""

    message: ClassVar[str] = mark("Not written. {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongValue:
    """What is wrong with one field: a code for programs, a sentence for people. The value itself is not told."""

    field: str
    code: str
    sentence: Phrase

    def as_json(self, say: Callable[[Phrase], str] = str) -> dict[str, str]:
        """The same for programs, its sentence as `say` says it."""
        return {"field": self.field, "code": self.code, "message": say(self.sentence)}


@dataclass(kw_only=True, eq=False)
class ValuesInvalidError(GateError):
    """Values that their fields cannot hold, each with its code. The values themselves are not told."""

    message: ClassVar[str] = mark("Some values cannot be kept: {names}.")
    problems: tuple[tuple[str, str], ...]
    reasons: tuple[WrongValue, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """The fields with their codes and, by their kinds, sentences; the fields' names for the sentence of it all."""
        names = ", ".join(name for name, _ in self.problems)
        errors = {name: [code] for name, code in self.problems}
        return {"errors": errors, "names": names, "reasons": self.reasons or None}


@dataclass(kw_only=True, eq=False)
class RevisionConflictError(GateError):
    """Somebody else changed the row first."""

    message: ClassVar[str] = mark(
        "Row {row} was changed meanwhile: read it again, then write. It is at revision {found}."
    )
    row: str
    found: int


@dataclass(kw_only=True, eq=False)
class AlreadyOnFileError(GateError):
    """A person who seems to be on file already. Who it is, is not told: whoever may look for them can."""

    message: ClassVar[str] = mark(
        "Somebody on file has the same {field}. Look whether it is the same person; if not, say so and send it again."
    )
    table: str
    field: str


@dataclass(kw_only=True, eq=False)
class AdoptedTableError(GateError):
    """A write to a table that another program keeps."""

    message: ClassVar[str] = mark("{table} belongs to another program: change it there. It can be read here.")
    table: str


@dataclass(kw_only=True, eq=False)
class LinkMissingError(GateError):
    """A row that must speak of a person who is on file already, and does not say who."""

    message: ClassVar[str] = mark("Say whose row this is: {link} takes the identifier of a row of {table}.")
    link: str
    table: str


@dataclass(kw_only=True, eq=False)
class SubjectRestrictedError(GateError):
    """A write about a person whose data may only be stored. GDPR Art. 18(2)."""

    message: ClassVar[str] = mark("The use of this person's data is restricted: nothing was written.")
    subject_id: int


@dataclass(kw_only=True, eq=False)
class RowReferredToError(GateError):
    """A row that others still refer to."""

    message: ClassVar[str] = mark("Other rows still refer to row {row}: delete those first.")
    row: str


@dataclass(kw_only=True, eq=False)
class BatchTooLargeError(GateError):
    """More rows at once than one entry of the log can hold."""

    message: ClassVar[str] = mark("A batch holds at most {limit} rows, not {got}.")
    got: int
    limit: int


@dataclass(kw_only=True, eq=False)
class RetryMismatchError(GateError):
    """The same Idempotency-Key with another request."""

    message: ClassVar[str] = mark("This Idempotency-Key was used for another request: take a new one.")
