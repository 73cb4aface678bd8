"""What a campaign is made of, and where its messages stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from governance.errors import mark
from governance.vocabulary import Coded

# Campaigns write to the people of the reference customer database.
TABLE: Final = "customers"
NAME_LENGTH: Final = 200
SUBJECT_LENGTH: Final = 200
TEXT_LENGTH: Final = 10_000
MOST_IN_A_WEEK: Final = 7


class CampaignState(StrEnum):
    """How far a campaign has come."""

    DRAFT = mark("draft")
    LAUNCHED = mark("launched")
    DONE = mark("done")
    STOPPED = mark("stopped")


class CampaignVerb(StrEnum):
    """What moves a campaign."""

    LAUNCH = mark("launch")
    FINISH = mark("finish")
    STOP = mark("stop")


# A stopped campaign sends nothing any more: what was left is another campaign's.
TRANSITIONS: Final[Mapping[tuple[CampaignState, CampaignVerb], CampaignState]] = {
    (CampaignState.DRAFT, CampaignVerb.LAUNCH): CampaignState.LAUNCHED,
    (CampaignState.DRAFT, CampaignVerb.STOP): CampaignState.STOPPED,
    (CampaignState.LAUNCHED, CampaignVerb.FINISH): CampaignState.DONE,
    (CampaignState.LAUNCHED, CampaignVerb.STOP): CampaignState.STOPPED,
}


class MessageState(Coded):
    """Where one message stands. Stored as its code."""

    QUEUED = mark("queued")
    SENDING = mark("sending")
    SENT = mark("sent")
    LEFT_OUT = mark("left-out")
    FAILED = mark("failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTerms:
    """What a campaign says, to whom, when.

    Attributes:
        purpose: The purpose for which people are written to; it rests on consent to e-mail.
        send_at: Not before this moment; None for as soon as it is launched.
        most_in_a_week: How many messages of campaigns one person gets in seven days, this one included.
    """

    name: str
    purpose: str
    subject_fr: str
    subject_en: str
    text_fr: str = field(repr=False)
    text_en: str = field(repr=False)
    send_at: datetime | None = None
    most_in_a_week: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the messages of a campaign stand: how many in each state, and of those left out or failed, why."""

    counts: Mapping[MessageState, int]
    reasons: Mapping[str, int]
