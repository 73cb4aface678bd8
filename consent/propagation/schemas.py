"""What crosses the edge of propagation: strict in, listed out."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from consent.propagation.service.looking import DeliveryQuery
from consent.propagation.values import (
    ADDRESS_LENGTH,
    MOST_PURPOSES,
    NAME_LENGTH,
    DeliveryState,
    NewSubscriber,
    PauseCause,
    SubscriberState,
    Way,
    Whereto,
)
from consent.states import ConsentState, EventKind
from governance.vocabulary import SLUG_LENGTH, Channel
from governance.web.fields import PlainText
from register.schemas.fields import count, limit

_MOST_CHANGES: Final = 500
_MOST_POSITIONS: Final = 2**63 - 1
_REASON_LENGTH: Final = 1_000


def _address() -> PlainText:
    return PlainText(load_default=None, allow_none=True, validate=validate.Length(min=1, max=ADDRESS_LENGTH))


def _token() -> fields.UUID:
    told = "The token of the program that reads a feed."
    return fields.UUID(load_default=None, allow_none=True, metadata={"description": told})


class WheretoSchema(Schema):
    """Where somebody is told."""

    address = _address()
    token_id = _token()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Whereto:
        """Build the command."""
        return Whereto(**data)


class NewSubscriberSchema(Schema):
    """Somebody to tell of changes."""

    name = PlainText(required=True, validate=validate.Length(min=1, max=NAME_LENGTH))
    way = fields.Enum(Way, by_value=True, required=True)
    address = _address()
    token_id = _token()
    purposes = fields.List(
        PlainText(validate=validate.Length(min=1, max=SLUG_LENGTH)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=MOST_PURPOSES),
        metadata={"description": "Whose changes are told; null for all purposes, later ones too."},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewSubscriber:
        """Build the command."""
        whereto = Whereto(address=data.pop("address"), token_id=data.pop("token_id"))
        purposes = data.pop("purposes")
        return NewSubscriber(**data, whereto=whereto, purposes=None if purposes is None else frozenset(purposes))


class SayingSchema(Schema):
    """Who is told, how and what."""

    name = fields.String(required=True)
    way = fields.Enum(Way, by_value=True, required=True)
    state = fields.Enum(SubscriberState, by_value=True, required=True)
    address = fields.String(required=True, allow_none=True)
    token_id = fields.UUID(required=True, allow_none=True)
    purposes = fields.List(fields.String(), required=True, allow_none=True)
    paused_because = fields.Enum(PauseCause, by_value=True, required=True, allow_none=True)
    made_by = fields.UUID(required=True, allow_none=True)
    made_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class SubscriberSchema(Schema):
    """A subscriber, and how far it was told."""

    id = fields.UUID(required=True)
    intact = fields.Boolean(
        required=True, metadata={"description": "False where it was altered outside Égide: it is told nothing then."}
    )
    says = fields.Nested(SayingSchema, required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    dead = fields.Integer(required=True)
    waiting_since = fields.AwareDateTime(required=True, allow_none=True)
    failures = fields.Integer(required=True)
    retry_at = fields.AwareDateTime(required=True, allow_none=True)
    last_status = fields.Integer(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)


class SubscribersSchema(Schema):
    """Everybody who is told of changes."""

    subscribers = fields.List(fields.Nested(SubscriberSchema), required=True)


class IssuedSchema(Schema):
    """A subscriber, and its secret, shown once."""

    subscriber = fields.Nested(SubscriberSchema, required=True)
    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What changes are signed with (Standard Webhooks); null for a feed."},
    )


class ToldSchema(Schema):
    """What is told of a change."""

    position = fields.Integer(required=True)
    subject_id = fields.Integer(required=True)
    purpose = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    sequence = fields.Integer(required=True)
    kind = fields.Enum(EventKind, by_value=True, required=True)
    state = fields.Enum(ConsentState, by_value=True, required=True)
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    holds_until = fields.AwareDateTime(required=True, allow_none=True)


class DeliverySchema(Schema):
    """One change on its way to one subscriber."""

    position = fields.Integer(required=True)
    subject_id = fields.Integer(required=True)
    message_id = fields.String(required=True)
    told = fields.Nested(
        ToldSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the change was altered outside Égide: it is told to nobody."},
    )
    state = fields.Enum(DeliveryState, by_value=True, required=True)
    attempts = fields.Integer(required=True)
    last_status = fields.Integer(required=True, allow_none=True)
    due_at = fields.AwareDateTime(required=True)
    tried_at = fields.AwareDateTime(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)


class DeliveryPageSchema(Schema):
    """Deliveries by position."""

    deliveries = fields.List(fields.Nested(DeliverySchema), attribute="rows", required=True)
    next = fields.Integer(required=True, allow_none=True)


class DeliveryQuerySchema(Schema):
    """Which deliveries to list."""

    state = fields.Enum(DeliveryState, by_value=True, load_default=None)
    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_MOST_POSITIONS))
    limit = limit()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DeliveryQuery:
        """Build the query."""
        return DeliveryQuery(**data)


class ReasonSchema(Schema):
    """Why a change is not told."""

    reason = PlainText(required=True, validate=validate.Length(min=1, max=_REASON_LENGTH))


class ReplaySchema(Schema):
    """What to tell again."""

    after = count(
        _MOST_POSITIONS,
        load_default=None,
        allow_none=True,
        metadata={"description": "Everything after this position; null for the dead letters alone."},
    )


class ReplayedSchema(Schema):
    """How many changes are on their way again."""

    deliveries = fields.Integer(required=True)


class FeedQuerySchema(Schema):
    """From where to read on."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_MOST_POSITIONS))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=_MOST_CHANGES))


class FeedSchema(Schema):
    """Changes in order, and the position to go on from."""

    changes = fields.List(fields.Nested(ToldSchema), required=True)
    next = fields.Integer(required=True)


class AcknowledgeSchema(Schema):
    """Up to which position a program has everything."""

    through = count(_MOST_POSITIONS, required=True)


class AcknowledgedSchema(Schema):
    """How many changes were not acknowledged before."""

    deliveries = fields.Integer(required=True)
