"""What the customer database refuses."""

from http import HTTPStatus
from typing import Final

import governance.customers.errors as customers
import governance.customers.signing_up.errors as signing_up
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        customers.NoWayToWriteError,
        signing_up.ForeignOriginError,
        signing_up.FormNotForYouError,
    ),
    HTTPStatus.NOT_FOUND: (
        customers.ImportNotFoundError,
        customers.NotOpenError,
        customers.UploadNotFoundError,
        signing_up.FormNotFoundError,
        signing_up.SignUpLinkError,
    ),
    HTTPStatus.CONFLICT: (
        customers.HomeNotEmptyError,
        customers.ImportBusyError,
        customers.ImportChangedError,
        customers.ImportNotUndoableError,
        customers.ImportUnfinishedError,
        customers.ImportWholeError,
        customers.LoadBusyError,
        customers.MessageSupersededError,
        customers.NoNoticeToSendError,
        customers.NobodyToBeToldError,
        customers.NobodyToWriteToError,
        customers.TooManyUploadsError,
        customers.UploadStateError,
        signing_up.FormTermsError,
        signing_up.NoMailError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        customers.ColumnError,
        customers.MappingError,
        customers.StillToBeToldError,
        customers.SwitchReasonError,
        customers.TableNotImportableError,
        signing_up.NothingChosenError,
    ),
}
