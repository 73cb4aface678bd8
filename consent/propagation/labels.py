"""What the states of subscribers and deliveries are called; marked for translation."""

from collections.abc import Mapping
from typing import Final

from consent.propagation.values import DeliveryState, SubscriberState
from governance.errors import mark

SUBSCRIBER_LABELS: Final[Mapping[SubscriberState, str]] = {
    SubscriberState.ACTIVE: mark("told of changes"),
    SubscriberState.PAUSED: mark("paused"),
    SubscriberState.ENDED: mark("told nothing any more"),
}
DELIVERY_LABELS: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: mark("on its way"),
    DeliveryState.DELIVERED: mark("received"),
    DeliveryState.DEAD: mark("refused, and set aside"),
    DeliveryState.SKIPPED: mark("not to be told"),
}
