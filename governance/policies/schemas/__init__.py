"""What crosses the edge of grants, requests and the matrix: strict in, listed out."""

from governance.policies.schemas.grants import (
    GrantPageSchema,
    GrantQuerySchema,
    GrantSchema,
    GrantsSchema,
    RequestGrantSchema,
    RevocationSchema,
)
from governance.policies.schemas.overview import (
    EnforcingQuerySchema,
    EnforcingSchema,
    HoldingsSchema,
    MatrixQuerySchema,
    MatrixSchema,
    ReviewGrantsSchema,
    ReviewListSchema,
    SimulateGrantSchema,
    SimulationSchema,
)
from governance.policies.schemas.requests import (
    AccessApprovalSchema,
    AccessOpinionSchema,
    AccessRefusalSchema,
    AccessRequestPageSchema,
    AccessRequestQuerySchema,
    AccessRequestSchema,
    AskSchema,
)

__all__ = [
    "AccessApprovalSchema",
    "AccessOpinionSchema",
    "AccessRefusalSchema",
    "AccessRequestPageSchema",
    "AccessRequestQuerySchema",
    "AccessRequestSchema",
    "AskSchema",
    "EnforcingQuerySchema",
    "EnforcingSchema",
    "GrantPageSchema",
    "GrantQuerySchema",
    "GrantSchema",
    "GrantsSchema",
    "HoldingsSchema",
    "MatrixQuerySchema",
    "MatrixSchema",
    "RequestGrantSchema",
    "ReviewGrantsSchema",
    "ReviewListSchema",
    "RevocationSchema",
    "SimulateGrantSchema",
    "SimulationSchema",
]
