"""What becomes of each kind of event about somebody who refused: the table, whole."""

import pytest

from consent.states import EventKind
from consent.suppression.hearing import EFFECTS, Effect, Voice

K, E, V = EventKind, Effect, Voice


@pytest.mark.parametrize(
    ("kind", "own", "reported"),
    [
        (K.REQUESTED, E.RECORD, E.RECORD),
        (K.GIVEN, E.TAKE_BACK, E.SET_ASIDE),
        (K.RENEWED, E.RECORD, E.SET_ASIDE),
        (K.REFUSED, E.RECORD, E.RECORD),
        (K.WITHDRAWN, E.RECORD, E.RECORD),
        (K.EXPIRED, E.RECORD, E.RECORD),
        (K.INVALIDATED, E.RECORD, E.RECORD),
    ],
)
def test_only_a_yes_of_the_persons_own_takes_a_refusal_back_and_whatever_closes_is_heard(
    kind: EventKind, own: Effect, reported: Effect
) -> None:
    assert (EFFECTS[kind, V.OWN], EFFECTS[kind, V.REPORTED]) == (own, reported)


def test_every_event_by_every_voice_has_an_effect() -> None:
    assert set(EFFECTS) == {(kind, voice) for kind in EventKind for voice in Voice}
