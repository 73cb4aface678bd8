"""What policies and grants refuse."""

from http import HTTPStatus
from typing import Final

import governance.policies.errors as policies
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        policies.NotForYouError,
        policies.NotYourPurposeError,
        policies.NotYourRequestError,
        policies.OwnAccessRequestError,
        policies.OwnRequestError,
        policies.PersonRequiredError,
    ),
    HTTPStatus.NOT_FOUND: (
        policies.AccessRequestNotFoundError,
        policies.GrantNotFoundError,
    ),
    HTTPStatus.CONFLICT: (
        policies.AskedAlreadyError,
        policies.GrantSettledError,
        policies.NotInForceError,
        policies.OpinionGivenError,
        policies.RequestSettledError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        policies.BeyondDeclarationError,
        policies.FormError,
        policies.MoreThanAskedError,
        policies.NotRecipientError,
        policies.ReasonMissingError,
        policies.RequestEndError,
        policies.RoleCannotHoldError,
        policies.RoleNotAskedForError,
        policies.RoleNotYoursError,
        policies.ValidityError,
    ),
}
