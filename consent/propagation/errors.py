"""What is refused about subscribers and deliveries. No error names an address, a secret or a person."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class PropagationError(DomainError):
    """Base of all errors about telling others of consents. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class NotSubscriberKeeperError(PropagationError):
    """Something about subscribers that is for other roles to do."""

    message: ClassVar[str] = mark("Whom changes of consents are told to is for these roles: {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class SubscriberNotFoundError(PropagationError):
    """No subscriber has this id, or the program reads no feed."""

    message: ClassVar[str] = mark("There is no such subscriber.")


@dataclass(kw_only=True, eq=False)
class SubscriberTakenError(PropagationError):
    """A name, or the token of a program, that another subscriber has."""

    message: ClassVar[str] = mark("Another subscriber has this name, or is read with this token.")


@dataclass(kw_only=True, eq=False)
class SubscriberStepError(PropagationError):
    """A step that the state of a subscriber does not allow."""

    message: ClassVar[str] = mark("This is not possible: the subscriber is {state}.")
    state: str


@dataclass(kw_only=True, eq=False)
class SubscriberWayError(PropagationError):
    """A webhook without an address, a feed without a reader, or either with what belongs to the other."""

    message: ClassVar[str] = mark(
        "A webhook has an address and a secret; a feed has the token of the program that reads it."
    )


@dataclass(kw_only=True, eq=False)
class WebhookAddressError(PropagationError):
    """An address that people's choices must not be sent to."""

    message: ClassVar[str] = mark(
        "The address of a webhook begins with https:// (http:// for this host alone), and names no password."
    )


@dataclass(kw_only=True, eq=False)
class FeedReaderError(PropagationError):
    """A token by which no feed can be read."""

    message: ClassVar[str] = mark("A feed is read with a program's token in the role service, in force.")


@dataclass(kw_only=True, eq=False)
class DeliveryNotFoundError(PropagationError):
    """The subscriber has no delivery at this position."""

    message: ClassVar[str] = mark("There is no such delivery.")


@dataclass(kw_only=True, eq=False)
class DeliveryStepError(PropagationError):
    """A step that the state of a delivery does not allow."""

    message: ClassVar[str] = mark("This is not possible: the change is {state}.")
    state: str
