"""What the log refuses."""

from http import HTTPStatus
from typing import Final

import audit.errors as log
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.NOT_FOUND: (
        log.EntryNotFoundError,
        log.NoSuchEntryError,
        log.NoSuchTileError,
        log.NothingSignedError,
    ),
    HTTPStatus.CONFLICT: (
        log.AnchorExistsError,
        log.BundleExistsError,
        log.NotYetSignedError,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (log.EntryTooLargeError,),
    HTTPStatus.SERVICE_UNAVAILABLE: (log.LogUnavailableError,),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        log.AnchorUnusableError,
        log.AppendInsideWriteError,
        log.InvalidFactError,
        log.LogNotAttachedError,
        log.LogTamperedError,
        log.NoRetentionRuleError,
        log.RetentionRulesAlteredError,
        log.SignerRefusedError,
        log.UnrecordedWriteError,
    ),
}
