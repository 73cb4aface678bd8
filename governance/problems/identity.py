"""What identity refuses."""

from http import HTTPStatus
from typing import Final

import governance.identity.errors as identity
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.UNAUTHORIZED: (
        identity.ConfirmationsSpentError,
        identity.CredentialsRefusedError,
        identity.FreshSecondFactorNeededError,
        identity.OpenIdRefusedError,
        identity.OpenIdUnknownError,
        identity.TokenNeededError,
        identity.TokenRefusedError,
    ),
    HTTPStatus.FORBIDDEN: (
        identity.AccountDisabledError,
        identity.AnotherControllerNeededError,
        identity.LinkByMailError,
        identity.NotPermittedError,
    ),
    HTTPStatus.NOT_FOUND: (
        identity.LinkRefusedError,
        identity.OpenIdNotLinkedError,
        identity.UnknownAccountError,
        identity.UnknownFactorError,
        identity.UnknownSessionError,
        identity.UnknownTokenError,
    ),
    HTTPStatus.CONFLICT: (
        identity.AccountInUseError,
        identity.AdministratorExistsError,
        identity.ControllerAlreadyNamedError,
        identity.EmailTakenError,
        identity.FactorInUseError,
        identity.FactorLimitError,
        identity.FactorTakenError,
        identity.NoSecondFactorError,
        identity.NothingToCountersignError,
        identity.OnlyWayInError,
        identity.OpenIdTakenError,
        identity.PasskeysUnavailableError,
        identity.RoleAlreadyHeldError,
        identity.RoleConflictError,
        identity.RoleNotHeldError,
        identity.TokenNameTakenError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        identity.DeclineReasonMissingError,
        identity.EndsInThePastError,
        identity.InvalidEmailError,
        identity.PasskeyRefusedError,
        identity.PasswordRefusedError,
        identity.RoleNotForProgramsError,
        identity.RoleTooLongError,
        identity.SecondFactorRefusedError,
        identity.TokenTooLongError,
        identity.WeakPasswordError,
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (identity.SignInLockedError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (identity.OpenIdUnavailableError,),
}
