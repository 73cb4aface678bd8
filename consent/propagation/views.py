"""`/consents/subscribers`: who is told of changes, and how far; `/consents/changes`: the feed of a program."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from audit.log import Log
from consent.propagation.permissions import KEEPERS, LISTERS, PAUSERS, READERS, REPLAYERS
from consent.propagation.schemas import (
    AcknowledgedSchema,
    AcknowledgeSchema,
    DeliveryPageSchema,
    DeliveryQuerySchema,
    DeliverySchema,
    FeedQuerySchema,
    FeedSchema,
    IssuedSchema,
    NewSubscriberSchema,
    ReasonSchema,
    ReplayedSchema,
    ReplaySchema,
    SubscriberSchema,
    SubscribersSchema,
    WheretoSchema,
)
from consent.propagation.service import feed, keeping, looking, settling
from consent.propagation.service.feed import Stretch
from consent.propagation.service.looking import DeliveryQuery
from consent.propagation.service.settling import Settle
from consent.propagation.values import (
    DeliveryRecord,
    DeliveryVerb,
    Desk,
    Issued,
    NewSubscriber,
    SubscriberRecord,
    SubscriberVerb,
    Whereto,
)
from governance.actor import Role, confirmed_anew, open_to
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from governance.web.context import current
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint(
    "consent-changes", __name__, url_prefix="/api/v1", description="Who is told when somebody agrees or withdraws."
)
_ONE: Final = "/consents/subscribers/<uuid:subscriber_id>"


@blueprint.route("/consents/subscribers")
class Subscribers(MethodView):
    """Everybody who is told of changes."""

    @blueprint.response(200, SubscribersSchema)
    @open_to(*LISTERS)
    def get(self) -> Mapping[str, Any]:
        """List who is told of changes, and how far they were."""
        context = current()
        return {"subscribers": looking.list_subscribers(context.session, context.get(Attestor), context.actor)}

    @blueprint.arguments(NewSubscriberSchema)
    @blueprint.response(201, IssuedSchema)
    @open_to(*KEEPERS)
    @confirmed_anew
    def post(self, command: NewSubscriber) -> Issued:
        """Let somebody be told of every change from now on. The secret is shown once."""
        context = current()
        return keeping.add_subscriber(context.session, _desk(), context.get(SealedValues), context.actor, command)


@blueprint.route(_ONE)
@blueprint.response(200, SubscriberSchema)
@open_to(*LISTERS)
def get_subscriber(subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Return a subscriber, and how far it was told."""
    context = current()
    return looking.get_subscriber(context.session, context.get(Attestor), context.actor, subscriber_id)


@blueprint.route(f"{_ONE}/pause", methods=["POST"])
@blueprint.response(200, SubscriberSchema)
@open_to(*PAUSERS)
def pause(subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Tell a subscriber nothing for the time being; what it misses waits."""
    return _move(subscriber_id, SubscriberVerb.PAUSE)


@blueprint.route(f"{_ONE}/resume", methods=["POST"])
@blueprint.response(200, SubscriberSchema)
@open_to(*KEEPERS)
@confirmed_anew
def resume(subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Tell a paused subscriber everything that waited, and what follows."""
    return _move(subscriber_id, SubscriberVerb.RESUME)


@blueprint.route(f"{_ONE}/end", methods=["POST"])
@blueprint.response(200, SubscriberSchema)
@open_to(*KEEPERS)
def end(subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Tell a subscriber nothing any more."""
    return _move(subscriber_id, SubscriberVerb.END)


@blueprint.route(f"{_ONE}/redirect", methods=["POST"])
@blueprint.arguments(WheretoSchema)
@blueprint.response(200, SubscriberSchema)
@open_to(*KEEPERS)
@confirmed_anew
def redirect(whereto: Whereto, subscriber_id: uuid.UUID) -> SubscriberRecord:
    """Tell a webhook at another address, or let another token read a feed, from where the one before stopped."""
    context = current()
    return keeping.redirect_subscriber(context.session, _desk(), context.actor, subscriber_id, whereto)


@blueprint.route(f"{_ONE}/rotate-secret", methods=["POST"])
@blueprint.response(200, IssuedSchema)
@open_to(*KEEPERS)
@confirmed_anew
def rotate_secret(subscriber_id: uuid.UUID) -> Issued:
    """Give a webhook another secret, shown once; the one before signs beside it for a day."""
    context = current()
    return keeping.rotate_secret(context.session, _desk(), context.get(SealedValues), context.actor, subscriber_id)


@blueprint.route(f"{_ONE}/replay", methods=["POST"])
@blueprint.arguments(ReplaySchema)
@blueprint.response(200, ReplayedSchema)
@open_to(*REPLAYERS)
def replay(given: dict[str, Any], subscriber_id: uuid.UUID) -> Mapping[str, int]:
    """Tell the dead letters again, or everything after a position, in order."""
    context = current()
    return {"deliveries": settling.replay(context.session, _desk(), context.actor, subscriber_id, given["after"])}


@blueprint.route(f"{_ONE}/deliveries")
@blueprint.arguments(DeliveryQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, DeliveryPageSchema)
@open_to(*READERS)
def deliveries(query: DeliveryQuery, subscriber_id: uuid.UUID) -> Page[DeliveryRecord]:
    """List what was told to a subscriber, and what is to be; who looked is recorded."""
    context = current()
    asked = (subscriber_id, query)
    return looking.list_deliveries(context.session, context.get(Attestor), context.get(Log), context.actor, asked)


@blueprint.route(f"{_ONE}/deliveries/<int:position>/replay", methods=["POST"])
@blueprint.response(200, DeliverySchema)
@open_to(*REPLAYERS)
def replay_delivery(subscriber_id: uuid.UUID, position: int) -> DeliveryRecord:
    """Tell a dead letter again, and what waits behind it about the same person."""
    return _settle(Settle(subscriber_id=subscriber_id, position=position, verb=DeliveryVerb.REPLAY))


@blueprint.route(f"{_ONE}/deliveries/<int:position>/skip", methods=["POST"])
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, DeliverySchema)
@open_to(*KEEPERS)
def skip_delivery(given: dict[str, str], subscriber_id: uuid.UUID, position: int) -> DeliveryRecord:
    """Leave a dead letter out for a reason; what waits behind it about the same person goes on."""
    return _settle(Settle(subscriber_id=subscriber_id, position=position, verb=DeliveryVerb.SKIP, **given))


@blueprint.route("/consents/changes")
@blueprint.arguments(FeedQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, FeedSchema)
@open_to(Role.SERVICE)
def read_changes(query: dict[str, int]) -> Stretch:
    """Read the changes after a position that the program's feed tells; the reading is recorded."""
    context = current()
    asked = (query["after"], query["limit"])
    return feed.read_feed(context.session, _desk(), context.get(Log), context.actor, asked)


@blueprint.route("/consents/changes/acknowledge", methods=["POST"])
@blueprint.arguments(AcknowledgeSchema)
@blueprint.response(200, AcknowledgedSchema)
@open_to(Role.SERVICE)
def acknowledge(given: dict[str, int]) -> Mapping[str, int]:
    """Say that the program has every change up to a position; again is once."""
    context = current()
    return {"deliveries": feed.acknowledge(context.session, _desk(), context.actor, **given)}


def _move(subscriber_id: uuid.UUID, verb: SubscriberVerb) -> SubscriberRecord:
    context = current()
    return keeping.move_subscriber(context.session, _desk(), context.actor, subscriber_id, verb)


def _settle(command: Settle) -> DeliveryRecord:
    context = current()
    return settling.settle_delivery(context.session, _desk(), context.actor, command)


def _desk() -> Desk:
    context = current()
    return Desk(clock=context.clock, ids=context.ids, attestor=context.get(Attestor))
