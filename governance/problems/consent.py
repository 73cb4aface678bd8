"""What consents refuse."""

from http import HTTPStatus
from typing import Final

import consent.errors as consents
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        consents.NotForYouError,
        consents.OperatorRequiredError,
    ),
    HTTPStatus.NOT_FOUND: (
        consents.ConsentNotFoundError,
        consents.PersonNotFoundError,
    ),
    HTTPStatus.CONFLICT: (
        consents.NotAskedError,
        consents.PurposeNotInForceError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (consents.BatchTooLargeError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        consents.ExpiryError,
        consents.FutureEventError,
        consents.NoObjectionRightError,
    ),
}
