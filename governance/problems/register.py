"""What the register refuses, in each of its rooms."""

from http import HTTPStatus
from typing import Final

import register.catalogue.errors as catalogue
import register.errors as register
import register.exchange.errors as exchange
import register.notices.errors as notices
import register.older_errors as older_data
import register.printing.errors as paper
import register.questionnaires.errors as questionnaires
import register.reviews.errors as reviews
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        exchange.ReadingNotAllowedError,
        register.AdviserDecidesError,
        register.DraftingNotAllowedError,
        register.NotYourActivityError,
        register.PersonRequiredError,
        register.StepNotAllowedError,
    ),
    HTTPStatus.NOT_FOUND: (
        catalogue.AdequacyNotFoundError,
        catalogue.ContractNotFoundError,
        catalogue.MeasureNotFoundError,
        exchange.NoFileWaitsError,
        notices.InformationTaskNotFoundError,
        notices.NoticeNotFoundError,
        notices.NoticeTextMissingError,
        notices.PointNotFoundError,
        older_data.TestNotFoundError,
        paper.PrintNotFoundError,
        questionnaires.AnswerNotFoundError,
        questionnaires.QuestionnaireLinkError,
        questionnaires.QuestionnaireNotFoundError,
        register.ActivityNotFoundError,
        register.LineNotFoundError,
        register.PartyNotFoundError,
        register.PurposeNotFoundError,
        register.StartingPointNotFoundError,
        register.VersionNotFoundError,
    ),
    HTTPStatus.CONFLICT: (
        exchange.ImportElsewhereError,
        exchange.NameClashError,
        exchange.OtherFileWaitsError,
        notices.InformationSettledError,
        notices.InformationWholeError,
        notices.MessageBrokenOffError,
        older_data.AlreadyBegunError,
        older_data.CollectedOnConsentError,
        older_data.InformedTooEarlyError,
        older_data.NoticePublishedError,
        older_data.PastGoneError,
        older_data.TestDecidedError,
        older_data.TestNotNeededError,
        older_data.TestOutgrownError,
        paper.TooManyPrintsError,
        questionnaires.NoContractOnFileError,
        questionnaires.NothingAnsweredError,
        questionnaires.ProcessorNotNamedError,
        questionnaires.QuestionnaireClosedError,
        questionnaires.QuestionnaireNamelessError,
        questionnaires.RecordMovedError,
        questionnaires.TooManyQuestionnairesError,
        register.CapacityInForceError,
        register.CircularPurposeError,
        register.ContentFrozenError,
        register.ControllerRequiredError,
        register.DeclaredTwiceError,
        register.IncompleteActivityError,
        register.LineTwiceError,
        register.OpinionRequiredError,
        register.PartyInForceError,
        register.ProposalsPendingError,
        register.PurposeInForceError,
        register.RecordChangedError,
        register.SlugTakenError,
        register.StepNotPossibleError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        catalogue.AdequacyDatesError,
        catalogue.ContractDatesError,
        catalogue.CountryUnknownError,
        exchange.MalformedRegisterError,
        exchange.NoTableError,
        exchange.NothingToImportError,
        exchange.UnknownFormatError,
        notices.InformationDateError,
        notices.PointNotIndirectError,
        notices.PointSourceError,
        questionnaires.AnswersTooLongError,
        questionnaires.QuestionnaireTermError,
        register.ConsentChannelError,
        register.DerogationError,
        register.ObservationEndError,
        register.PartyNamesItselfError,
        register.ReasonRequiredError,
        register.RoleCannotReceiveError,
        register.SlugInvalidError,
        register.TransferRecipientError,
        reviews.ReviewPeriodError,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (exchange.ReadingBusyError,),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        notices.NoticeTextGoneError,
        register.NumbersExhaustedError,
        register.StartingPointError,
    ),
}
