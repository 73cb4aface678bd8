"""What oversight refuses, drift and inspections among it."""

from http import HTTPStatus
from typing import Final

import governance.oversight.drift.errors as drift
import governance.oversight.errors as oversight
import governance.oversight.inspection.errors as inspection
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        oversight.NotYoursError,
        oversight.PersonNeededError,
    ),
    HTTPStatus.NOT_FOUND: (
        drift.FindingGoneError,
        inspection.ArchiveGoneError,
        inspection.InspectionNotFoundError,
        oversight.ActionNotFoundError,
        oversight.DocumentNotFoundError,
        oversight.RecordNotFoundError,
        oversight.ThingNotFoundError,
        oversight.UnknownHolderError,
    ),
    HTTPStatus.CONFLICT: (
        drift.NothingToDraftError,
        inspection.InspectionUnderWayError,
        oversight.ActionChangedError,
        oversight.ActionStateError,
        oversight.NothingWaitsError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (oversight.DocumentTooLargeError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        drift.AsideDayError,
        drift.AsideReasonError,
        drift.NotSetAsideError,
        inspection.InspectionScopeError,
        inspection.OccasionMissingError,
        oversight.AccountsUnknownError,
        oversight.ActionOwnerError,
        oversight.ActionReasonError,
        oversight.AnswerBeforeLetterError,
        oversight.DayPassedError,
        oversight.DayToComeError,
        oversight.DocumentDatesError,
        oversight.DueBeforeLetterError,
        oversight.EndBeforeBeginError,
        oversight.EvidenceMissingError,
        oversight.FileBrokenError,
        oversight.FileKindError,
        oversight.FirmInternalError,
        oversight.MaturityIncompleteError,
        oversight.NobodyTrainedError,
        oversight.OwnAccountError,
    ),
}
