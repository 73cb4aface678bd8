"""What questionnaires refuse."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import mark
from register.errors import RegisterError


@dataclass(kw_only=True, eq=False)
class QuestionnaireLinkError(RegisterError):
    """A link that is wrong, has ended, was taken back, or whose answers were sent: all are told alike."""

    message: ClassVar[str] = mark(
        "This link opens nothing. Perhaps it has ended, or the answers were sent already. Ask whoever sent it to you "
        "for another one."
    )


@dataclass(kw_only=True, eq=False)
class QuestionnaireNotFoundError(RegisterError):
    """No questionnaire has this identifier."""

    message: ClassVar[str] = mark("There is no questionnaire {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class QuestionnaireNamelessError(RegisterError):
    """A questionnaire in nobody's name: whoever got it could not know who asks."""

    message: ClassVar[str] = mark(
        "Say first who answers for this activity: the questionnaire tells whoever is asked in whose name."
    )


@dataclass(kw_only=True, eq=False)
class ProcessorNotNamedError(RegisterError):
    """An organisation is asked that the record does not name as a processor."""

    message: ClassVar[str] = mark("Name this organisation first as a processor of the activity.")


@dataclass(kw_only=True, eq=False)
class QuestionnaireTermError(RegisterError):
    """A link that would end too soon, or live too long."""

    message: ClassVar[str] = mark("A link lives from 1 to {most} days.")
    most: int


@dataclass(kw_only=True, eq=False)
class TooManyQuestionnairesError(RegisterError):
    """So many wait for answers that nobody would look at more."""

    message: ClassVar[str] = mark(
        "{most} questionnaires about this activity wait for answers. Take one back before you ask more."
    )
    most: int


@dataclass(kw_only=True, eq=False)
class QuestionnaireClosedError(RegisterError):
    """A questionnaire that was settled, or was not answered: nothing of it can be taken or left."""

    message: ClassVar[str] = mark("Nothing of this questionnaire waits for a decision.")


@dataclass(kw_only=True, eq=False)
class RecordMovedError(RegisterError):
    """An answer would take the place of something in the record that whoever takes it over was not shown."""

    message: ClassVar[str] = mark(
        "Somebody changed what the record says of this meanwhile: look at the two side by side again, then decide."
    )


@dataclass(kw_only=True, eq=False)
class AnswerNotFoundError(RegisterError):
    """No answer that waits has this name."""

    message: ClassVar[str] = mark("There is no such answer, or it was decided upon already.")


@dataclass(kw_only=True, eq=False)
class AnswersTooLongError(RegisterError):
    """More was written than a questionnaire holds."""

    message: ClassVar[str] = mark("This is more than a questionnaire holds. Shorten it, please.")


@dataclass(kw_only=True, eq=False)
class NothingAnsweredError(RegisterError):
    """A questionnaire would be sent without an answer, and its link end for nothing."""

    message: ClassVar[str] = mark("Nothing is answered yet: answer at least one question, then send your answers.")


@dataclass(kw_only=True, eq=False)
class NoContractOnFileError(RegisterError):
    """An answer about the contract, of which none is on file."""

    message: ClassVar[str] = mark("No contract with this processor is on file. Put it on file first.")
