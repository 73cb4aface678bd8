"""What the vault refuses."""

from http import HTTPStatus
from typing import Final

import governance.vault.errors as vault
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.NOT_FOUND: (vault.SubjectUnknownError,),
    HTTPStatus.CONFLICT: (
        vault.AttestedConflictError,
        vault.SubjectErasedError,
        vault.SubjectTransitionError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (vault.LookupValueError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        vault.HardwareModuleError,
        vault.KeyMissingError,
        vault.KeyringMissingError,
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        vault.AttestationError,
        vault.BoxError,
        vault.HardwareModuleMissingError,
        vault.KeyLocationError,
        vault.KeyringCorruptError,
        vault.KeyringPermissionsError,
        vault.KeyringUnwritableError,
        vault.PolicySetError,
        vault.SealedFileError,
        vault.SubjectKeyError,
        vault.UnattestedWriteError,
    ),
}
