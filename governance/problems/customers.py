"""What the customer database refuses."""

from http import HTTPStatus
from typing import Final

import governance.customers.errors as customers
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (customers.NoWayToWriteError,),
    HTTPStatus.NOT_FOUND: (
        customers.ImportNotFoundError,
        customers.NotOpenError,
        customers.UploadNotFoundError,
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
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        customers.ColumnError,
        customers.MappingError,
        customers.StillToBeToldError,
        customers.SwitchReasonError,
        customers.TableNotImportableError,
    ),
}
