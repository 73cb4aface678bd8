"""What a refusal on the list says, and what is told of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from consent.identifiers import Identifier
from governance.vault.subject_keys import EVERY_SOLICITATION
from governance.vocabulary import Channel, Coded

# In the place of a purpose's number: everything that solicits. In the place of a channel's code: every one.
EVERY_PURPOSE: Final = EVERY_SOLICITATION
EVERY_CHANNEL: Final = 0


class Reason(Coded):
    """Why somebody is on the list. Stored as its code."""

    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    ERASURE = "erasure"
    TOLD = "told"
    COMPLAINT = "complaint"


# Those that somebody may tell of another; the others follow from what people do here.
TOLD_REASONS: Final = (Reason.TOLD, Reason.COMPLAINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is refused, since when, and why.

    Attributes:
        purpose_id: A purpose's number, or `EVERY_PURPOSE`.
        channel: A channel's code, or `EVERY_CHANNEL`.
        source_id: Whose list told of it, by the number of the source.
    """

    since: datetime
    reason: Reason
    purpose_id: int = EVERY_PURPOSE
    channel: int = EVERY_CHANNEL
    source_id: int | None = None

    def concerns(self, purpose_id: int, channel: int) -> bool:
        """Say whether it refuses to be asked, on a channel, for a purpose."""
        return self.purpose_id in {EVERY_PURPOSE, purpose_id} and self.channel in {EVERY_CHANNEL, channel}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """A list of addresses and numbers that somebody told of, to be put on the list.

    Attributes:
        identifiers: Those that could be read.
        unreadable: How many could not.
        purpose: The purpose's slug; None for everything that solicits.
        channel: None for every channel.
        reason: One of `TOLD_REASONS`.
        since: When they refused; None for now.
        source: Whose list it is, in words.
    """

    identifiers: Collection[Identifier] = field(repr=False)
    unreadable: int = 0
    purpose: str | None = None
    channel: Channel | None = None
    reason: Reason = Reason.TOLD
    since: datetime | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellReport:
    """What telling came to: in counts, and never of people on file, for whom a list would then be a way to look.

    Attributes:
        added: Refusals that are new.
        repeated: Those that were on the list already.
        unreadable: Addresses and numbers that are none.
    """

    added: int
    repeated: int
    unreadable: int
