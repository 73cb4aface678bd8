"""What a file for an inspection is made of."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from governance.errors import mark

# How long an archive is kept; what it held, and its digests, stay.
KEPT: Final = timedelta(hours=24)
OCCASION_LENGTH: Final = 200
MOST_ACTIVITIES: Final = 200
LANGUAGES: Final = ("fr", "en")
# What the log's key signs a manifest as.
KIND: Final = "inspection"


class InspectionState(StrEnum):
    """How far a file has come."""

    QUEUED = mark("queued")
    READY = mark("ready")
    FAILED = mark("broken off")
    EXPIRED = mark("expired")


# The pieces of any other are destroyed.
WITH_FILES: Final = (InspectionState.QUEUED, InspectionState.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderInspection:
    """A file to make.

    Attributes:
        occasion: Why, in a few words; it stands on the cover.
        languages: In which languages, the first of them that of the index.
        only: The slugs of the activities it is about; empty for all.
    """

    occasion: str
    languages: tuple[str, ...] = LANGUAGES
    only: tuple[str, ...] = ()
