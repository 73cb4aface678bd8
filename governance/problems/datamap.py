"""What the data map refuses."""

from http import HTTPStatus
from typing import Final

import governance.datamap.errors as datamap
from governance.problems.rows import Rows

ROWS: Final[Rows] = {
    HTTPStatus.FORBIDDEN: (
        datamap.DecisionNeededError,
        datamap.MapAddressError,
        datamap.MapOpensError,
        datamap.MapWeakensError,
    ),
    HTTPStatus.NOT_FOUND: (
        datamap.ProposalNotFoundError,
        datamap.UnknownFieldError,
        datamap.UnknownMapError,
        datamap.UnknownSourceError,
        datamap.UnknownTableError,
    ),
    HTTPStatus.CONFLICT: (
        datamap.MapConflictError,
        datamap.MeaningChangedError,
        datamap.NotAdoptedError,
        datamap.ProposalChangedError,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        datamap.MapError,
        datamap.ProposalFlawedError,
        datamap.SourceKeyError,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (datamap.SourceUnreachableError,),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        datamap.NotNumberedError,
        datamap.RegistryAlteredError,
        datamap.SourceUnknownError,
        datamap.UnknownShapeError,
    ),
}
