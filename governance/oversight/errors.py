"""What can go wrong with oversight."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class OversightError(DomainError):
    """Base of oversight's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class UnknownHolderError(OversightError):
    """Neither an account nor a token."""

    message: ClassVar[str] = mark("There is neither an account nor a token here.")


@dataclass(kw_only=True, eq=False)
class OwnAccountError(OversightError):
    """Somebody who would shut themselves out, perhaps by mistake."""

    message: ClassVar[str] = mark("This is your own account: ask somebody else to close it.")


@dataclass(kw_only=True, eq=False)
class NothingWaitsError(OversightError):
    """A decision about what does not wait for one, or no longer."""

    message: ClassVar[str] = mark("Nothing waits here any more: somebody decided meanwhile.")


@dataclass(kw_only=True, eq=False)
class PersonNeededError(OversightError):
    """A program or the house itself would write what has an author."""

    message: ClassVar[str] = mark("Only a person, signed in, may do this.")


@dataclass(kw_only=True, eq=False)
class NotYoursError(OversightError):
    """Something that somebody else keeps."""

    message: ClassVar[str] = mark("This is for somebody else: {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class ThingNotFoundError(OversightError):
    """An action or a document would be about something that is not there."""

    message: ClassVar[str] = mark("There is nothing of the kind {kind} under this reference.")
    kind: str


@dataclass(kw_only=True, eq=False)
class ActionNotFoundError(OversightError):
    """No action has this identifier, or none that whoever asks may know of."""

    message: ClassVar[str] = mark("There is no such action.")


@dataclass(kw_only=True, eq=False)
class ActionOwnerError(OversightError):
    """An action would be given to somebody who cannot do it."""

    message: ClassVar[str] = mark("An action is given to an account in use that holds one of the roles that act on it.")


@dataclass(kw_only=True, eq=False)
class ActionStateError(OversightError):
    """A step that the state of an action does not know."""

    message: ClassVar[str] = mark("The action is {state}: this step is not possible now.")
    state: str


@dataclass(kw_only=True, eq=False)
class ActionChangedError(OversightError):
    """A step with an action that is not any more what the person read who takes it."""

    message: ClassVar[str] = mark(
        "This action was changed since you read it: no step was taken. Read it as it stands now, then decide."
    )


@dataclass(kw_only=True, eq=False)
class EvidenceMissingError(OversightError):
    """An action would be done without evidence."""

    message: ClassVar[str] = mark("Say what was done, or put a document on file that proves it.")


@dataclass(kw_only=True, eq=False)
class ActionReasonError(OversightError):
    """An action would be dropped, or taken up again, without a reason."""

    message: ClassVar[str] = mark("Say why: the reason is kept.")


@dataclass(kw_only=True, eq=False)
class DocumentNotFoundError(OversightError):
    """No document has this identifier, or none that whoever asks may know of, or it was taken away."""

    message: ClassVar[str] = mark("There is no such document.")


@dataclass(kw_only=True, eq=False)
class FileKindError(OversightError):
    """A file of a kind that the library does not keep."""

    message: ClassVar[str] = mark(
        "This is none of the kinds of files that are kept: PDF, PNG, JPEG or WebP image, plain text in UTF-8, XLSX, "
        "ODS, DOCX or ODT without macros."
    )


@dataclass(kw_only=True, eq=False)
class FileBrokenError(OversightError):
    """A file that broke off on its way: it begins as one that is kept, and lacks its end."""

    message: ClassVar[str] = mark(
        "The end of this file is missing: it broke off while it was saved or sent. Open it to see whether it is whole, "
        "save or download it again, then put it on file."
    )


@dataclass(kw_only=True, eq=False)
class DocumentTooLargeError(OversightError):
    """A file of too many bytes."""

    message: ClassVar[str] = mark("The file has more than {limit} bytes.")
    limit: int


@dataclass(kw_only=True, eq=False)
class DocumentDatesError(OversightError):
    """A document that would end before its own day."""

    message: ClassVar[str] = mark("Its last day is before its own day.")


@dataclass(kw_only=True, eq=False)
class EndBeforeBeginError(OversightError):
    """A designation that would end before it began."""

    message: ClassVar[str] = mark(
        "The designation would end before its first day: correct one of the two days, or leave its end empty."
    )


@dataclass(kw_only=True, eq=False)
class DueBeforeLetterError(OversightError):
    """An answer that would be due before its letter was written."""

    message: ClassVar[str] = mark("The answer would be due before the day of the letter.")


@dataclass(kw_only=True, eq=False)
class AnswerBeforeLetterError(OversightError):
    """A letter that would answer one that was not written yet."""

    message: ClassVar[str] = mark("An answer is not older than its letter: correct the day, or choose another letter.")


@dataclass(kw_only=True, eq=False)
class DayToComeError(OversightError):
    """Something that was held, or written, on a day that has not come."""

    message: ClassVar[str] = mark("This day is still to come: only what has taken place is put on file.")


@dataclass(kw_only=True, eq=False)
class NobodyTrainedError(OversightError):
    """A session of training in which nobody took part."""

    message: ClassVar[str] = mark(
        "Say who took part: choose accounts, or, for people who have none, write in the note who they were, such as a "
        "team and its number."
    )


@dataclass(kw_only=True, eq=False)
class DayPassedError(OversightError):
    """An action that would be late as soon as it is in the plan."""

    message: ClassVar[str] = mark("This day has passed: choose today or a later one.")


@dataclass(kw_only=True, eq=False)
class RecordNotFoundError(OversightError):
    """No session, designation or letter has this identifier."""

    message: ClassVar[str] = mark("There is no such record.")


@dataclass(kw_only=True, eq=False)
class AccountsUnknownError(OversightError):
    """Somebody who took part has no account."""

    message: ClassVar[str] = mark("One of those who took part has no account here.")


@dataclass(kw_only=True, eq=False)
class FirmInternalError(OversightError):
    """An officer of the house who would be of a firm."""

    message: ClassVar[str] = mark("An internal officer is of no firm: choose external, or name no firm.")


@dataclass(kw_only=True, eq=False)
class MaturityIncompleteError(OversightError):
    """A self-assessment that leaves an activity out, or aims below where it stands without saying why."""

    message: ClassVar[str] = mark("Assess each of the eight activities, from 0 to 5.")
