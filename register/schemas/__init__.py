"""What crosses the edge of the register: strict in, listed out."""

from register.schemas.activities import (
    ActivityChangeSchema,
    ActivityPageSchema,
    ActivitySchema,
    ModeSchema,
    NewActivitySchema,
    NewPartySchema,
    NumberPageSchema,
    PageSchema,
    PartyPageSchema,
    PartySchema,
    StepSchema,
    VersionPageSchema,
)
from register.schemas.purposes import (
    NewPurposeSchema,
    PurposeChangeSchema,
    PurposeDataSchema,
    PurposePageSchema,
    PurposeQuerySchema,
    PurposeRecipientsSchema,
    PurposeSchema,
)

__all__ = [
    "ActivityChangeSchema",
    "ActivityPageSchema",
    "ActivitySchema",
    "ModeSchema",
    "NewActivitySchema",
    "NewPartySchema",
    "NewPurposeSchema",
    "NumberPageSchema",
    "PageSchema",
    "PartyPageSchema",
    "PartySchema",
    "PurposeChangeSchema",
    "PurposeDataSchema",
    "PurposePageSchema",
    "PurposeQuerySchema",
    "PurposeRecipientsSchema",
    "PurposeSchema",
    "StepSchema",
    "VersionPageSchema",
]
