"""What the gate refuses."""

from http import HTTPStatus
from typing import Final

import governance.gate.errors as gate
from governance.gate.values import FieldInvalidError
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        gate.PurposeSwitchNeededError,
        gate.ReadRefusedError,
        gate.WriteRefusedError,
    ),
    HTTPStatus.NOT_FOUND: (
        gate.NotInDataMapError,
        gate.RowIdInvalidError,
        gate.RowNotFoundError,
    ),
    HTTPStatus.CONFLICT: (
        gate.AdoptedTableError,
        gate.AlreadyOnFileError,
        gate.RetryMismatchError,
        gate.RevisionConflictError,
        gate.RowReferredToError,
        gate.SubjectRestrictedError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (gate.BatchTooLargeError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        FieldInvalidError,
        gate.CursorInvalidError,
        gate.FilterInvalidError,
        gate.FilterRefusedError,
        gate.LimitInvalidError,
        gate.LinkMissingError,
        gate.NoticeUnknownError,
        gate.OrderRefusedError,
        gate.QueryInvalidError,
        gate.ValuesInvalidError,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        gate.DatabaseUnavailableError,
        gate.PolicyUnsettledError,
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        gate.BoxTamperedError,
        gate.MarksTamperedError,
        gate.RowTamperedError,
    ),
}
