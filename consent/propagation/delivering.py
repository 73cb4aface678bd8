"""The job that tells webhooks: one subscriber at a step, one change a post, in the order of the positions.

At least once: an attempt is written down after its answer, so that what a killed worker had just posted is posted
again, under the same id. Nothing of a person is told before what came earlier of them is settled; nobody waits for
what is refused about somebody else. A subscriber that does not answer is let rest, and misses nothing by it.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

import orjson
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from audit.transaction import unrecorded
from consent.propagation.backoff import Verdict
from consent.propagation.changes import Teller
from consent.propagation.models import Delivery, Subscriber, SubscriberLine, is_unsettled
from consent.propagation.noting import give_up, line_of, note_attempt, note_failure, skip
from consent.propagation.numbering import AT_ONCE, anything_unnumbered, number_changes
from consent.propagation.sealing import signing_secrets
from consent.propagation.sending import Post
from consent.propagation.signing import message_id, signed_headers
from consent.propagation.subscribers import whole
from consent.propagation.values import DeliveryState, SubscriberState, Told, Way
from governance.clock import Clock, to_rfc3339
from governance.database import Database
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues

JOB: Final = "consent-propagation"
EVENT_TYPE: Final = "consent.changed"
# The worker looks far more often whether there is anything to do; this is for what nothing brings about but time.
_EVERY: Final = timedelta(minutes=1)
# One subscriber's turn: others wait for it.
_TURN: Final = timedelta(seconds=5)
_MOST_OF_A_TURN: Final = 50
_UNTIL_NAMED: Final = timedelta(minutes=5)
_AFTER: Final = "after"


class _Obstacle(Enum):
    """Why the next change cannot be posted."""

    CLOSED = auto()  # the subscriber was altered outside Égide: nothing is told
    UNNAMED = auto()  # the purpose was: nobody knows how it is called
    ALTERED = auto()  # the change itself was: it is told to nobody
    UNWANTED = auto()  # it was put on its way while nobody knew what the subscriber wants


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A change ready to be posted."""

    address: str
    body: bytes = field(repr=False)
    secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Propagation:
    """Does the work of the kind `consent-propagation`."""

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)
    attestor: Attestor = field(repr=False)
    seal: SealedValues = field(repr=False)
    post: Callable[[], Post] = field(repr=False)

    def handler(self) -> Handler:
        """Return how changes are told, for the worker."""
        return Handler(kind=JOB, step=self.step, every=_EVERY, wanted=self.wanted)

    def wanted(self, session: Session) -> bool:
        """Say whether there is anything to do now."""
        return anything_unnumbered(session) or self._next(session, "") is not None

    def step(self, lease: Lease) -> Progress:
        """Number what is new, then give the next subscriber its turn."""
        numbered = self._number()
        with self.database.read() as session:
            after = lease.payload.get(_AFTER, "")
            subscriber_id = self._next(session, after) or self._next(session, "")
        if subscriber_id is None:
            return Progress(finished=numbered < AT_ONCE, progress=lease.progress)
        told = self._serve(subscriber_id, lease)
        return Progress(finished=False, progress=lease.progress + told, payload={_AFTER: subscriber_id.hex})

    def _number(self) -> int:
        with self.database.read() as session:
            # Only who has something to number takes SQLite's one write lock.
            if not anything_unnumbered(session):
                return 0
        with self.database.write() as session:
            return number_changes(session, self.clock, self.attestor)

    def _next(self, session: Session, after: str) -> uuid.UUID | None:
        """Return the next subscriber that may be told something now."""
        now = self.clock.now()
        statement = (
            select(Subscriber.id)
            .outerjoin(SubscriberLine, SubscriberLine.subscriber_id == Subscriber.id)
            .where(
                Subscriber.way == Way.WEBHOOK,
                Subscriber.state == SubscriberState.ACTIVE,
                or_(SubscriberLine.retry_at.is_(None), SubscriberLine.retry_at <= now),
                exists().where(Delivery.subscriber_id == Subscriber.id, _due(now)),
            )
        )
        if after:
            statement = statement.where(Subscriber.id > uuid.UUID(after))
        return session.scalar(statement.order_by(Subscriber.id).limit(1))

    def _serve(self, subscriber_id: uuid.UUID, lease: Lease) -> int:
        """Tell a subscriber what is due, as long as its turn lasts, and return how many changes it took."""
        until = self.clock.now() + _TURN
        taken = 0
        with self.post() as post:
            for _ in range(_MOST_OF_A_TURN):
                verdict = self._tell_next(post, subscriber_id, lease)
                taken += verdict is Verdict.TAKEN
                if verdict in {None, Verdict.LATER, Verdict.GONE} or self.clock.now() >= until:
                    break
        return taken

    def _tell_next(self, post: Post, subscriber_id: uuid.UUID, lease: Lease) -> Verdict | None:
        """Tell the next change that is due, and return what came of it; None where nothing is."""
        with self.database.read() as session:
            position = self._due_position(session, subscriber_id)
            letter = None if position is None else self._letter(session, subscriber_id, position)
        if position is None or letter is None:
            return None
        status = None
        if isinstance(letter, _Letter):
            message = message_id(subscriber_id, position)
            signed = signed_headers(message, self.clock.now(), letter.body, letter.secrets)
            status = post.send(letter.address, letter.body, signed)
        with self.database.write() as session:
            # Whoever lost the job writes nothing down: another is at it.
            lease.advance(session, progress=lease.progress, payload=lease.payload)
            return self._note(session, (subscriber_id, position), letter, status)

    def _due_position(self, session: Session, subscriber_id: uuid.UUID) -> int | None:
        due = select(Delivery.position).where(Delivery.subscriber_id == subscriber_id, _due(self.clock.now()))
        return session.scalar(due.order_by(Delivery.position).limit(1))

    def _letter(self, session: Session, subscriber_id: uuid.UUID, position: int) -> _Letter | _Obstacle | None:
        """Return what is to be posted, or why nothing can be; None where somebody has just paused the subscriber."""
        subscriber = whole(session, self.attestor, subscriber_id)
        if subscriber is None or subscriber.address is None:
            return _Obstacle.CLOSED
        if subscriber.state is not SubscriberState.ACTIVE:
            return None
        try:
            secrets = signing_secrets(self.seal, subscriber, self.clock.now())
        except AttestationError:
            return _Obstacle.CLOSED
        told = self._told(session, subscriber, position)
        if isinstance(told, _Obstacle):
            return told
        return _Letter(address=subscriber.address, body=body_of(told), secrets=secrets)

    def _told(self, session: Session, subscriber: Subscriber, position: int) -> Told | _Obstacle:
        try:
            told = Teller(session, self.attestor).at(position)
        except AttestationError:
            return _Obstacle.UNNAMED
        if told is None:
            return _Obstacle.ALTERED
        return told if subscriber.wants(told.purpose_id) else _Obstacle.UNWANTED

    def _note(
        self, session: Session, key: tuple[uuid.UUID, int], letter: _Letter | _Obstacle, status: int | None
    ) -> Verdict | None:
        unrecorded(session, "what was told to whom stands in the row of the delivery")
        delivery = session.get(Delivery, key, with_for_update=True, populate_existing=True)
        if delivery is None or delivery.state is not DeliveryState.WAITING:
            # Ended, or sent again, in between: whoever did it has said how it stands.
            return Verdict.REFUSED
        now = self.clock.now()
        if isinstance(letter, _Letter):
            return note_attempt(session, delivery, status, now)
        return _note_obstacle(session, delivery, letter, now)


def _note_obstacle(session: Session, delivery: Delivery, obstacle: _Obstacle, now: datetime) -> Verdict:
    if obstacle is _Obstacle.CLOSED:
        note_failure(session, line_of(session, delivery), now)
        return Verdict.LATER
    if obstacle is _Obstacle.UNNAMED:
        # It waits until somebody has put the purpose right, and nothing about anything else waits for it.
        delivery.due_at = now + _UNTIL_NAMED
    elif obstacle is _Obstacle.ALTERED:
        give_up(session, delivery)
    else:
        skip(delivery)
    return Verdict.REFUSED


def body_of(told: Told) -> bytes:
    """Return a change as it is posted: the type, the time and the facts, as Standard Webhooks recommends."""
    return orjson.dumps(
        {
            "type": EVENT_TYPE,
            "timestamp": to_rfc3339(told.recorded_at),
            "data": {
                "position": told.position,
                "subject_id": told.subject_id,
                "purpose": told.purpose,
                "channel": told.channel.value,
                "sequence": told.sequence,
                "kind": told.kind.value,
                "state": told.state.value,
                "occurred_at": to_rfc3339(told.occurred_at),
                "recorded_at": to_rfc3339(told.recorded_at),
                "holds_until": None if told.holds_until is None else to_rfc3339(told.holds_until),
            },
        }
    )


def _due(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which a delivery is to be made now: nothing earlier of its person is unsettled."""
    earlier = aliased(Delivery)
    return and_(
        Delivery.state == DeliveryState.WAITING,
        Delivery.due_at <= now,
        ~exists().where(
            earlier.subscriber_id == Delivery.subscriber_id,
            earlier.subject_id == Delivery.subject_id,
            earlier.position < Delivery.position,
            is_unsettled(earlier),
        ),
    )
