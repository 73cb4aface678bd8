"""Subscribers made, paused, resumed and ended. Each is a decision about where facts about people go, and recorded."""

import uuid
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.entries import JsonValue
from consent.propagation.addresses import check_address
from consent.propagation.entries import record_decision
from consent.propagation.errors import (
    FeedReaderError,
    SubscriberNotFoundError,
    SubscriberStepError,
    SubscriberTakenError,
    SubscriberWayError,
)
from consent.propagation.labels import SUBSCRIBER_LABELS
from consent.propagation.models import Delivery, Subscriber, SubscriberLine, is_unsettled
from consent.propagation.permissions import KEEPERS, PAUSERS, check_role
from consent.propagation.sealing import seal_secret
from consent.propagation.service.looking import record_of
from consent.propagation.signing import new_signing_secret
from consent.propagation.values import (
    SUBSCRIBER_TRANSITIONS,
    DeliveryState,
    Desk,
    Issued,
    NewSubscriber,
    PauseCause,
    SubscriberRecord,
    SubscriberState,
    SubscriberVerb,
    Way,
    Whereto,
)
from governance.actor import Actor, Role
from governance.errors import phrase
from governance.identity.bearer import Secret
from governance.identity.models import ApiToken
from governance.identity.permissions import person
from governance.identity.service.tokens import is_in_force
from governance.vault.sealed_values import SealedValues
from register.declared import purpose_on_file

_LOCK: Final = text("LOCK TABLE subscriber IN ACCESS EXCLUSIVE MODE")


def add_subscriber(session: Session, desk: Desk, seal: SealedValues, actor: Actor, command: NewSubscriber) -> Issued:
    """Let somebody be told of every change from now on. The secret of a webhook is shown by this alone.

    Raises:
        NotSubscriberKeeperError: If the actor is not the controller.
        SubscriberWayError: If a webhook has no address, a feed no reader, or either what belongs to the other.
        WebhookAddressError: If people's choices must not be sent to the address.
        FeedReaderError: If the token is not a program's, in force.
        PurposeNotFoundError: If there is no such purpose.
        AttestationError: If a purpose or the token was altered outside Égide.
        SubscriberTakenError: If another has the name or the token.
    """
    check_role(actor, KEEPERS)
    _wait_for_recorders(session)
    now = desk.clock.now()
    _check_way(session, desk, command.way, command.whereto)
    subscriber = Subscriber(
        id=desk.ids.new(),
        name=command.name,
        way=command.way,
        address=command.whereto.address,
        token_id=command.whereto.token_id,
        purposes=_numbers(session, desk, command.purposes),
        made_by=person(actor),
        made_at=now,
    )
    secret = None
    if command.way is Way.WEBHOOK:
        secret = new_signing_secret()
        subscriber.secret, subscriber.secret_since = seal_secret(seal, secret, subscriber.id), now
    session.add(subscriber)
    _flush(session)
    purposes: list[JsonValue] | None = None if command.purposes is None else [*sorted(command.purposes)]
    details = {"verb": "make", "way": command.way.value, "purposes": purposes, **_where(command.whereto)}
    record_decision(session, actor, subscriber.id, details)
    return Issued(subscriber=record_of(session, desk.attestor, subscriber.id), secret=secret)


def move_subscriber(
    session: Session, desk: Desk, actor: Actor, subscriber_id: uuid.UUID, verb: SubscriberVerb
) -> SubscriberRecord:
    """Pause, resume or end a subscriber. While paused it is told nothing, and everything once it is resumed.

    One that was altered outside Égide can only be ended: nobody knows any more where its facts were to go.

    Raises:
        NotSubscriberKeeperError: If the actor may not.
        SubscriberNotFoundError: If there is none.
        SubscriberStepError: If its state does not allow it.
        AttestationError: If it was altered outside Égide, and is not to be ended.
    """
    check_role(actor, PAUSERS if verb is SubscriberVerb.PAUSE else KEEPERS)
    subscriber = _held(session, subscriber_id)
    altered = not desk.attestor.is_whole(subscriber)
    if altered and verb is not SubscriberVerb.END:
        desk.attestor.verify(subscriber)
    # Whatever SQL says of one that was altered, it is ended.
    state = SubscriberState.ENDED if altered else _next_state(subscriber, verb)
    details: dict[str, JsonValue] = {"verb": verb.value}
    if verb is SubscriberVerb.END:
        details["skipped"] = _skip_everything(session, subscriber_id)
        subscriber.ended_at = desk.clock.now()
        subscriber.secret = subscriber.older_secret = subscriber.secret_since = None
    if verb is SubscriberVerb.RESUME:
        _try_at_once(session, subscriber_id)
    subscriber.state = state
    subscriber.paused_because = PauseCause.DECIDED if verb is SubscriberVerb.PAUSE else None
    if altered:
        details["altered"] = True
        desk.attestor.sign_anew(subscriber)
    session.flush()
    record_decision(session, actor, subscriber_id, details)
    return record_of(session, desk.attestor, subscriber_id)


def rotate_secret(session: Session, desk: Desk, seal: SealedValues, actor: Actor, subscriber_id: uuid.UUID) -> Issued:
    """Give a webhook another secret; the one before signs beside it for a day.

    Raises:
        NotSubscriberKeeperError: If the actor is not the controller.
        SubscriberNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
        SubscriberStepError: If it has ended.
        SubscriberWayError: If it is a feed.
    """
    check_role(actor, KEEPERS)
    subscriber = _held_alive(session, desk, subscriber_id)
    if subscriber.way is not Way.WEBHOOK:
        raise SubscriberWayError
    secret: Secret = new_signing_secret()
    subscriber.older_secret = subscriber.secret
    subscriber.secret, subscriber.secret_since = seal_secret(seal, secret, subscriber_id), desk.clock.now()
    session.flush()
    record_decision(session, actor, subscriber_id, {"verb": "rotate-secret"})
    return Issued(subscriber=record_of(session, desk.attestor, subscriber_id), secret=secret)


def redirect_subscriber(
    session: Session, desk: Desk, actor: Actor, subscriber_id: uuid.UUID, whereto: Whereto
) -> SubscriberRecord:
    """Tell a webhook at another address, or let another token read a feed, from where the one before stopped.

    Raises:
        NotSubscriberKeeperError: If the actor is not the controller.
        SubscriberNotFoundError: If there is none.
        AttestationError: If it, or the token, was altered outside Égide.
        SubscriberStepError: If it has ended.
        SubscriberWayError: If a webhook is given a token, or a feed an address.
        WebhookAddressError: If people's choices must not be sent to the address.
        FeedReaderError: If the token is not a program's, in force.
        SubscriberTakenError: If another is read with the token.
    """
    check_role(actor, KEEPERS)
    subscriber = _held_alive(session, desk, subscriber_id)
    _check_way(session, desk, subscriber.way, whereto)
    subscriber.address, subscriber.token_id = whereto.address, whereto.token_id
    _try_at_once(session, subscriber_id)
    _flush(session)
    record_decision(session, actor, subscriber_id, {"verb": "redirect", **_where(whereto)})
    return record_of(session, desk.attestor, subscriber_id)


def _wait_for_recorders(session: Session) -> None:
    """Wait until whoever has looked for subscribers, and found this one missing, is done.

    What they recorded is on file then, so whoever takes everything that is on file now and is told of the rest misses
    nothing. Every look at the table is a lock that this one waits for; SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK)


def _check_way(session: Session, desk: Desk, way: Way, whereto: Whereto) -> None:
    if way is Way.WEBHOOK:
        if whereto.address is None or whereto.token_id is not None:
            raise SubscriberWayError
        check_address(whereto.address)
        return
    if whereto.token_id is None or whereto.address is not None:
        raise SubscriberWayError
    token = session.get(ApiToken, whereto.token_id)
    if token is None:
        raise FeedReaderError
    desk.attestor.verify(token)
    if token.account_id is not None or token.role is not Role.SERVICE or not is_in_force(token, desk.clock.now()):
        raise FeedReaderError


def _where(whereto: Whereto) -> dict[str, JsonValue]:
    """Return what the log says of where somebody is told: a path may hold a secret of theirs, a host none."""
    if whereto.address is not None:
        return {"host": urlsplit(whereto.address).hostname}
    return {"token": str(whereto.token_id)}


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        # The driver's error quotes the row.
        raise SubscriberTakenError from None


def _numbers(session: Session, desk: Desk, slugs: frozenset[str] | None) -> list[int] | None:
    if slugs is None:
        return None
    return sorted(purpose_on_file(session, desk.attestor, slug).id for slug in slugs)


def _held(session: Session, subscriber_id: uuid.UUID) -> Subscriber:
    found = session.get(Subscriber, subscriber_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise SubscriberNotFoundError
    return found


def _held_alive(session: Session, desk: Desk, subscriber_id: uuid.UUID) -> Subscriber:
    subscriber = _held(session, subscriber_id)
    desk.attestor.verify(subscriber)
    if subscriber.state is SubscriberState.ENDED:
        raise SubscriberStepError(state=phrase(SUBSCRIBER_LABELS[subscriber.state]))
    return subscriber


def _next_state(subscriber: Subscriber, verb: SubscriberVerb) -> SubscriberState:
    state = SUBSCRIBER_TRANSITIONS.get((subscriber.state, verb))
    if state is None:
        raise SubscriberStepError(state=phrase(SUBSCRIBER_LABELS[subscriber.state]))
    return state


def _skip_everything(session: Session, subscriber_id: uuid.UUID) -> int:
    skipped = session.execute(
        update(Delivery)
        .where(Delivery.subscriber_id == subscriber_id, is_unsettled(Delivery))
        .values(state=DeliveryState.SKIPPED)
        .returning(Delivery.position)
    )
    return len(skipped.all())


def _try_at_once(session: Session, subscriber_id: uuid.UUID) -> None:
    line = session.get(SubscriberLine, subscriber_id, populate_existing=True)
    if line is not None:
        line.failures, line.failing_since, line.retry_at = 0, None, None
