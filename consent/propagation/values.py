"""Words and values of propagation: how subscribers are told, how they and their deliveries stand."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from consent.states import ConsentState, EventKind
from governance.clock import Clock
from governance.identity.bearer import Secret
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vocabulary import Channel

NAME_LENGTH: Final = 120
ADDRESS_LENGTH: Final = 500
MOST_PURPOSES: Final = 200
# Who answers nothing for so long is told nothing more until somebody has looked.
SILENT_AFTER: Final = timedelta(days=30)
# GDPR Art. 5(1)(e), 5(2): for so long it can be shown who was told what and when, and no longer.
KEPT: Final = timedelta(days=365)
# For so long the secret before the last signs too, so that a subscriber changes theirs without missing a change.
OLDER_SECRET_SIGNS: Final = timedelta(hours=24)


class Way(StrEnum):
    """How a subscriber is told."""

    WEBHOOK = "webhook"
    FEED = "feed"


class SubscriberState(StrEnum):
    """How a subscriber stands. A paused one is told nothing, and everything once it is resumed."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class SubscriberVerb(StrEnum):
    """What moves a subscriber from one state to another."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


SUBSCRIBER_TRANSITIONS: Final[Mapping[tuple[SubscriberState, SubscriberVerb], SubscriberState]] = {
    (SubscriberState.ACTIVE, SubscriberVerb.PAUSE): SubscriberState.PAUSED,
    (SubscriberState.PAUSED, SubscriberVerb.RESUME): SubscriberState.ACTIVE,
    (SubscriberState.ACTIVE, SubscriberVerb.END): SubscriberState.ENDED,
    (SubscriberState.PAUSED, SubscriberVerb.END): SubscriberState.ENDED,
}


class PauseCause(StrEnum):
    """Why a subscriber is paused: somebody decided it, it said that it is gone, or it has been silent for too long."""

    DECIDED = "decided"
    GONE = "gone"
    SILENT = "silent"


class DeliveryState(StrEnum):
    """How the telling of one change to one subscriber stands. A dead one holds up what follows about its person."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    SKIPPED = "skipped"


class DeliveryVerb(StrEnum):
    """What moves a delivery from one state to another."""

    DELIVER = "deliver"
    GIVE_UP = "give-up"
    REPLAY = "replay"
    SKIP = "skip"


DELIVERY_TRANSITIONS: Final[Mapping[tuple[DeliveryState, DeliveryVerb], DeliveryState]] = {
    (DeliveryState.WAITING, DeliveryVerb.DELIVER): DeliveryState.DELIVERED,
    (DeliveryState.WAITING, DeliveryVerb.GIVE_UP): DeliveryState.DEAD,
    (DeliveryState.DEAD, DeliveryVerb.REPLAY): DeliveryState.WAITING,
    # Whoever lost what they were told is told it again.
    (DeliveryState.DELIVERED, DeliveryVerb.REPLAY): DeliveryState.WAITING,
    (DeliveryState.DEAD, DeliveryVerb.SKIP): DeliveryState.SKIPPED,
    (DeliveryState.WAITING, DeliveryVerb.SKIP): DeliveryState.SKIPPED,
}
# What still stands between a person's later changes and the subscriber.
UNSETTLED: Final = (DeliveryState.WAITING, DeliveryState.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the use cases of propagation work with."""

    clock: Clock
    ids: IdSource
    attestor: Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereto:
    """Where somebody is told.

    Attributes:
        address: Where a webhook posts to; None for a feed.
        token_id: The token of the program that reads a feed; None for a webhook.
    """

    address: str | None = None
    token_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscriber:
    """Somebody to tell.

    Attributes:
        purposes: The slugs of the purposes whose changes are told; None for all of them, later ones too.
    """

    name: str
    way: Way
    whereto: Whereto
    purposes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a subscriber's row says.

    Attributes:
        purposes: Slugs, in order; None for all.
    """

    name: str
    way: Way
    state: SubscriberState
    address: str | None
    token_id: uuid.UUID | None
    purposes: tuple[str, ...] | None
    paused_because: PauseCause | None
    made_by: uuid.UUID | None
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRecord:
    """A subscriber, and how far it was told.

    Attributes:
        says: None where it was altered outside Égide: it says nothing then, and is told nothing.
        waiting: Changes that it is still to be told.
        dead: Changes that it refused, and that wait for somebody to look.
        waiting_since: When the oldest of those waiting was recorded.
        failures: How often in a row it could not be told.
        retry_at: When it is tried again; None where nothing failed.
        last_status: What it answered last: a status of HTTP; None where it never answered, or last did not.
    """

    id: uuid.UUID
    says: Saying | None
    waiting: int = 0
    dead: int = 0
    waiting_since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    last_status: int | None = None
    delivered_at: datetime | None = None

    @property
    def intact(self) -> bool:
        """Whether nothing of it was altered outside Égide."""
        return self.says is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A subscriber, and the secret that its changes are signed with: shown once. A feed has none."""

    subscriber: SubscriberRecord
    secret: Secret | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a change, and nothing else of the person.

    Attributes:
        position: Its place among all changes: ascending, and for one person in the order of their events.
        subject_id: The person's number.
        sequence: How many events of this consent are on file with it.
        kind: What happened last of what was recorded together.
        state: What the consent amounts to since.
        holds_until: When a given consent ends; None for no end.
    """

    position: int
    subject_id: int
    purpose_id: int
    purpose: str
    channel: Channel
    sequence: int
    kind: EventKind
    state: ConsentState
    occurred_at: datetime
    recorded_at: datetime
    holds_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """One change on its way to one subscriber: the evidence of it. GDPR Art. 5(2), 7(3).

    Attributes:
        told: What is told; None where its row was altered outside Égide, so that it is told to nobody.
        message_id: The `webhook-id` under which it is posted, each time the same.
        last_status: What the subscriber answered last: a status of HTTP; None where it did not answer.
    """

    position: int
    subject_id: int
    message_id: str
    told: Told | None
    state: DeliveryState
    attempts: int
    last_status: int | None
    due_at: datetime
    tried_at: datetime | None
    delivered_at: datetime | None
