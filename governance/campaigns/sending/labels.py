"""Words of campaigns."""

from collections.abc import Mapping
from typing import Final

from governance.campaigns.labels import REASON_LABELS
from governance.campaigns.sending.values import CampaignState, MessageState
from governance.errors import mark

STATE_LABELS: Final[Mapping[CampaignState, str]] = {
    CampaignState.DRAFT: mark("draft"),
    CampaignState.LAUNCHED: mark("under way"),
    CampaignState.DONE: mark("ended"),
    CampaignState.STOPPED: mark("stopped"),
}
MESSAGE_LABELS: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: mark("waiting to leave"),
    MessageState.SENDING: mark("leaving, or broken off as it left"),
    MessageState.SENT: mark("sent to people"),
    MessageState.LEFT_OUT: mark("kept back"),
    MessageState.FAILED: mark("not taken by the mail server"),
}
# Why a message did not go.
REASONS: Final[Mapping[str, str]] = {
    **{reason.value: label for reason, label in REASON_LABELS.items()},
    "gone": mark("They are not on file any more."),
    "too-many": mark("They had as many messages as one person gets in a week."),
    "altered": mark("Their record was altered outside Égide."),
    "no-address": mark("No e-mail address is on file."),
    "rules-closed": mark("The rules of prospecting were altered outside Égide."),
    "no-consent": mark("They do not agree."),
    "broken-consent": mark("Their consent was altered outside Égide."),
    "older-data": mark("Their data were collected for something else."),
    "kind": mark("They are another kind of person than the purpose is for."),
}
