"""What consents refuse."""

from http import HTTPStatus
from typing import Final

import consent.errors as consents
import consent.propagation.errors as propagation
import consent.receipts.errors as receipts
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        consents.NotForYouError,
        consents.OperatorRequiredError,
        propagation.NotSubscriberKeeperError,
    ),
    HTTPStatus.NOT_FOUND: (
        consents.ConsentNotFoundError,
        consents.PersonNotFoundError,
        consents.PreferenceLinkError,
        propagation.DeliveryNotFoundError,
        propagation.SubscriberNotFoundError,
    ),
    HTTPStatus.CONFLICT: (
        consents.NotAskedError,
        consents.PurposeNotInForceError,
        propagation.DeliveryStepError,
        propagation.SubscriberStepError,
        propagation.SubscriberTakenError,
        receipts.NothingGivenError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (consents.BatchTooLargeError,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        consents.ExpiryError,
        consents.FutureEventError,
        consents.GuardianRequiredError,
        consents.NoObjectionRightError,
        propagation.FeedReaderError,
        propagation.SubscriberWayError,
        propagation.WebhookAddressError,
        receipts.ReceiptRefusedError,
    ),
}
