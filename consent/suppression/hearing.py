"""What is said of consents by, or of, people who refused: what counts, what takes a refusal back, what is set aside.

A file of consents cannot bring a refusal back: it tells what others say that somebody said. The person can, with a time
of its own, after the refusal. GDPR Art. 4(11), 7(1).
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from sqlalchemy.orm import Session

from consent.events import Event
from consent.states import EventKind, Method
from consent.suppression.listing import SuppressionList
from consent.suppression.service import take_back
from consent.suppression.values import EVERY_PURPOSE
from consent.values import Desk, RecordEvent
from governance.actor import Actor, ActorKind
from governance.vault.subject_keys import objections_of


class Voice(Enum):
    """Who speaks."""

    OWN = auto()
    REPORTED = auto()


class Effect(Enum):
    """What becomes of an event about somebody who refused."""

    RECORD = auto()
    TAKE_BACK = auto()
    SET_ASIDE = auto()


_K: Final = EventKind
EFFECTS: Final[Mapping[tuple[EventKind, Voice], Effect]] = {
    # Asking opens nothing.
    **{(_K.REQUESTED, voice): Effect.RECORD for voice in Voice},
    # The person says yes: what they refused for this purpose ends, if they say so later.
    (_K.GIVEN, Voice.OWN): Effect.TAKE_BACK,
    (_K.GIVEN, Voice.REPORTED): Effect.SET_ASIDE,
    # A renewal prolongs what was given, and brings nothing back: the state's own table sees to that for the person.
    (_K.RENEWED, Voice.OWN): Effect.RECORD,
    (_K.RENEWED, Voice.REPORTED): Effect.SET_ASIDE,
    # What closes is always heard.
    **{
        (kind, voice): Effect.RECORD
        for kind in (_K.REFUSED, _K.WITHDRAWN, _K.EXPIRED, _K.INVALIDATED)
        for voice in Voice
    },
}

_OWN: Final = frozenset({Method.CHECKBOX, Method.DOUBLE_OPT_IN, Method.PAPER, Method.ORAL})
_BY_SOMEBODY: Final = frozenset({Method.PAPER, Method.ORAL})
_PEOPLE: Final = frozenset({ActorKind.PERSON, ActorKind.HOST})


class Hearing:
    """Hears events of people whose rows the transaction holds, for one actor."""

    def __init__(self, session: Session, desk: Desk, actor: Actor, marks: Mapping[int, bytes]) -> None:
        """Take what the people object to, as their rows say.

        Args:
            session: A writing transaction.
            desk: What recording takes.
            actor: Who records.
            marks: The objections of each person. Unverified: whoever took one away by SQL closed the person whole.
        """
        self._session: Final = session
        self._desk: Final = desk
        self._actor: Final = actor
        self._marks: Final = {number: objections_of(each) for number, each in marks.items() if each}

    def counts(self, event: Event, command: RecordEvent, *, said_now: bool) -> bool:
        """Say whether an event is to be recorded; a yes that takes a refusal back does so.

        Args:
            event: The event.
            command: What it was made of.
            said_now: Whether it happens as it is recorded, where it has no time of its own.
        """
        marks = self._marks.get(event.key.subject_id, frozenset())
        if marks.isdisjoint({event.key.purpose_id, EVERY_PURPOSE}):
            return True
        dated = command.occurred_at is not None
        effect = EFFECTS[event.kind, self._voice(event, timed=dated or said_now)]
        if effect is not Effect.TAKE_BACK:
            return effect is Effect.RECORD
        if dated and not self._is_later(event):
            return False
        if event.key.purpose_id in marks:
            take_back(self._session, self._desk, self._actor, event.key.subject_id, event.key.purpose_id)
        return True

    def _voice(self, event: Event, *, timed: bool) -> Voice:
        heard = event.method not in _BY_SOMEBODY or self._actor.kind in _PEOPLE
        return Voice.OWN if event.method in _OWN and heard and timed else Voice.REPORTED

    def _is_later(self, event: Event) -> bool:
        """Say whether an event is later than every refusal; where the list does not say since when, it is not."""
        known_by = self._desk.identifiers.of(self._session, event.key.subject_id)
        found = SuppressionList(self._desk.keyring).find(self._session, known_by.identifiers)
        _, purpose_id, channel = event.key
        told = [each.since for refused in found.values() for each in refused if each.concerns(purpose_id, channel)]
        return bool(told) and event.occurred_at > max(told)
