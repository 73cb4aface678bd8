"""Intake: a command becomes an event, or is refused with the reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from consent.errors import ExpiryError, FutureEventError, NotAskedError, OperatorRequiredError, PurposeNotInForceError
from consent.events import Event
from consent.states import EventKind, Method
from consent.values import Desk, RecordEvent, key_of
from governance.actor import Actor, ActorKind
from governance.clock import to_microseconds
from governance.datamap.numbering import number_source
from register.declared import purpose_on_file
from register.models import Purpose
from register.service import NoticeRef, number_notice
from register.values import FORCE

# Clocks of programs that report events run a little ahead of ours.
_TOLERANCE: Final = timedelta(seconds=60)
# What asks or opens needs a purpose that rests on consent and is in force; what closes is always heard.
_ASKING: Final = frozenset({EventKind.REQUESTED, EventKind.GIVEN, EventKind.RENEWED})
_EXPIRING: Final = frozenset({EventKind.GIVEN, EventKind.RENEWED})
# Somebody hears what is said and sees what is signed.
_WITH_OPERATOR: Final = frozenset({Method.ORAL, Method.PAPER})
# Nobody agrees for longer than a life; and beyond it lie times that not every database can hold.
_LONGEST: Final = timedelta(days=36_525)
_PEOPLE: Final = frozenset({ActorKind.PERSON, ActorKind.HOST})


class Intake:
    """Turns commands into events, for one actor at one moment; looks up each purpose and notice once."""

    def __init__(self, session: Session, desk: Desk, actor: Actor) -> None:
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self.now: Final = desk.clock.now()
        self._purposes: Final[dict[str, Purpose]] = {}
        self._notices: Final[dict[NoticeRef, int]] = {}
        self._sources: Final[dict[str, int]] = {}

    def check_operator(self, command: RecordEvent) -> None:
        """Refuse what a person must have received where no person did.

        Raises:
            OperatorRequiredError: If the method is oral or on paper and a program reports it.
        """
        if command.method in _WITH_OPERATOR and self._actor.kind not in _PEOPLE:
            raise OperatorRequiredError(method=command.method)

    def events(self, commands: Iterable[RecordEvent]) -> list[Event]:
        """Return the events of these commands; see `event`."""
        return [self.event(command) for command in commands]

    def event(self, command: RecordEvent) -> Event:
        """Return the event of a command.

        Raises:
            PurposeNotFoundError: If there is no such purpose.
            AttestationError: If the purpose was altered outside Égide.
            NotAskedError: If the purpose does not rest on consent.
            PurposeNotInForceError: If nobody can agree to it yet, or any more.
            FutureEventError, ExpiryError: If the times make no sense.
            SlugInvalidError: If the notice's slug is none.
        """
        purpose = self._purpose(command.purpose)
        if command.kind in _ASKING:
            _check_asked(purpose)
        occurred_at = self.now if command.occurred_at is None else command.occurred_at
        _check_times(command, occurred_at, self.now)
        # Nothing on file lies ahead, so that whatever voids the past voids all of it.
        occurred_at = min(occurred_at, self.now)
        return Event(
            key=key_of(command.ref, purpose.id),
            kind=command.kind,
            method=command.method,
            notice_id=None if command.notice is None else self._notice(command.notice),
            source_id=None if command.source is None else self._source(command.source),
            occurred_at=occurred_at,
            recorded_at=self.now,
            expires_at=command.expires_at,
            operator_id=self._actor.id,
        )

    def _purpose(self, slug: str) -> Purpose:
        found = self._purposes.get(slug)
        if found is None:
            found = self._purposes[slug] = purpose_on_file(self._session, self._desk.attestor, slug)
        return found

    def _notice(self, reference: NoticeRef) -> int:
        found = self._notices.get(reference)
        if found is None:
            found = self._notices[reference] = number_notice(self._session, reference)
        return found

    def _source(self, name: str) -> int:
        found = self._sources.get(name)
        if found is None:
            found = self._sources[name] = number_source(self._session, name)
        return found


def _check_asked(purpose: Purpose) -> None:
    if purpose.consent_channel is None:
        raise NotAskedError(purpose=purpose.slug)
    if purpose.standing not in FORCE:
        raise PurposeNotInForceError(purpose=purpose.slug)


def _check_times(command: RecordEvent, occurred_at: datetime, now: datetime) -> None:
    if occurred_at > now + _TOLERANCE or to_microseconds(occurred_at) <= 0:
        raise FutureEventError
    if command.expires_at is None:
        return
    in_time = occurred_at < command.expires_at <= now + _LONGEST
    if command.kind not in _EXPIRING or not in_time:
        raise ExpiryError
