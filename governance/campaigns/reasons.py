"""Why somebody may not be solicited: words of a fixed order, the gravest first.

A count of people by the first reason that excludes them is the same whoever counts: new reasons find their place by
what they mean, and `Reason` is the order.
"""

from enum import StrEnum
from typing import Final

from consent.states import ConsentState


class Reason(StrEnum):
    """Why somebody may not be solicited."""

    DECEASED = "deceased"
    ERASED = "erased"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    SUPPRESSED = "suppressed"
    MINOR_ALONE = "minor-alone"
    NO_RULE = "no-rule"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    INVALIDATED = "invalidated"
    EXPIRED = "expired"
    UNANSWERED = "unanswered"
    NEVER_ASKED = "never-asked"
    NEVER_BOUGHT = "never-bought"
    NOT_SIMILAR = "not-similar"
    NO_OBJECTION_AT_COLLECTION = "no-objection-at-collection"
    NO_OBJECTION_IN_MESSAGE = "no-objection-in-message"
    NO_CONTRACT = "no-contract"
    NOT_ITS_OBJECT = "not-its-object"
    RESTING = "resting"
    TOO_OFTEN = "too-often"
    PUBLIC_HOLIDAY = "public-holiday"
    CLOSED_DAY = "closed-day"
    OUT_OF_HOURS = "out-of-hours"


PLACE: Final = {reason: place for place, reason in enumerate(Reason)}

# Why a consent that does not hold does not.
OF_CONSENT: Final[dict[ConsentState | None, Reason]] = {
    None: Reason.NEVER_ASKED,
    ConsentState.REQUESTED: Reason.UNANSWERED,
    ConsentState.REFUSED: Reason.REFUSED,
    ConsentState.WITHDRAWN: Reason.WITHDRAWN,
    ConsentState.EXPIRED: Reason.EXPIRED,
    ConsentState.INVALIDATED: Reason.INVALIDATED,
}
