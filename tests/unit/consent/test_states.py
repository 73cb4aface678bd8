"""The state of a consent: derived from events, whatever their order; in doubt, closed."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.states import TRANSITIONS, ConsentState, EventKind, Happening, Standing, fold, step
from tests.builders.ground import StandingClock

NOW = StandingClock().now()
K, S = EventKind, ConsentState

moments = st.integers(0, 5).map(lambda minutes: NOW + timedelta(minutes=minutes))


@st.composite
def happenings(draw: st.DrawFn) -> Happening:
    kind = draw(st.sampled_from(EventKind))
    occurred_at = draw(moments)
    expires_at = None
    if kind in {K.GIVEN, K.RENEWED} and draw(st.booleans()):
        expires_at = occurred_at + timedelta(minutes=draw(st.integers(1, 5)))
    return Happening(kind=kind, occurred_at=occurred_at, expires_at=expires_at)


@given(st.lists(happenings(), max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_delivery_comes_to_the_same(events: list[Happening], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random

    assert fold(shuffled) == fold(events)


@given(st.lists(happenings(), max_size=8))
def test_delivering_everything_twice_changes_nothing(events: list[Happening]) -> None:
    assert fold([*events, *events]) == fold(events)


@given(st.lists(happenings(), min_size=1, max_size=8))
def test_an_event_always_leaves_a_state(events: list[Happening]) -> None:
    assert fold(events).state is not None


@given(st.lists(happenings(), max_size=8))
def test_a_later_withdrawal_or_refusal_always_closes(events: list[Happening]) -> None:
    for kind in (K.WITHDRAWN, K.REFUSED):
        last = Happening(kind=kind, occurred_at=NOW + timedelta(minutes=5))

        assert not fold([*events, last]).holds(NOW)


@given(st.lists(happenings(), max_size=8))
def test_nothing_but_giving_opens_what_was_closed(events: list[Happening]) -> None:
    if not any(event.kind is K.GIVEN for event in events):
        assert fold(events).state is not S.GIVEN


@given(st.lists(happenings(), max_size=8))
def test_only_given_consent_carries_an_expiry(events: list[Happening]) -> None:
    standing = fold(events)

    assert standing.state is S.GIVEN or standing.expires_at is None


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], None),
        ([K.REQUESTED], S.REQUESTED),
        ([K.REQUESTED, K.GIVEN], S.GIVEN),
        ([K.GIVEN, K.REQUESTED], S.GIVEN),
        ([K.REFUSED, K.REQUESTED], S.REFUSED),
        ([K.WITHDRAWN, K.REQUESTED], S.WITHDRAWN),
        ([K.REFUSED, K.RENEWED], S.REFUSED),
        ([K.WITHDRAWN, K.RENEWED], S.WITHDRAWN),
        ([K.GIVEN, K.INVALIDATED, K.RENEWED], S.INVALIDATED),
        ([K.GIVEN, K.EXPIRED], S.EXPIRED),
        ([K.GIVEN, K.EXPIRED, K.RENEWED], S.GIVEN),
        ([K.GIVEN, K.EXPIRED, K.REQUESTED], S.REQUESTED),
        ([K.GIVEN, K.WITHDRAWN, K.EXPIRED], S.WITHDRAWN),
        ([K.GIVEN, K.WITHDRAWN, K.INVALIDATED], S.WITHDRAWN),
        ([K.GIVEN, K.WITHDRAWN, K.GIVEN], S.GIVEN),
        ([K.RENEWED], S.INVALIDATED),
        ([K.EXPIRED], S.INVALIDATED),
        ([K.EXPIRED, K.RENEWED], S.INVALIDATED),
        ([K.REQUESTED, K.EXPIRED], S.REQUESTED),
        ([K.REQUESTED, K.EXPIRED, K.RENEWED], S.INVALIDATED),
    ],
)
def test_what_a_chain_amounts_to(kinds: list[EventKind], state: ConsentState | None) -> None:
    events = [Happening(kind=kind, occurred_at=NOW + timedelta(minutes=minute)) for minute, kind in enumerate(kinds)]

    assert fold(events).state is state


@pytest.mark.parametrize(("opening", "closing"), list(product((K.GIVEN, K.RENEWED), (K.WITHDRAWN, K.REFUSED))))
def test_at_the_same_instant_what_closes_wins(opening: EventKind, closing: EventKind) -> None:
    events = [Happening(kind=kind, occurred_at=NOW) for kind in (closing, opening)]

    assert not fold(events).holds(NOW)


def test_at_the_same_instant_the_shorter_consent_counts() -> None:
    short, long = NOW + timedelta(days=1), NOW + timedelta(days=2)
    events = [Happening(kind=K.GIVEN, occurred_at=NOW, expires_at=end) for end in (short, None, long)]

    assert fold(events).expires_at == short


def test_consent_holds_until_just_before_it_expires() -> None:
    standing = Standing(state=S.GIVEN, expires_at=NOW)

    assert standing.holds(NOW - timedelta(microseconds=1))
    assert not standing.holds(NOW)


@pytest.mark.parametrize("state", [state for state in ConsentState if state is not S.GIVEN])
def test_no_other_state_holds(state: ConsentState) -> None:
    assert not Standing(state=state).holds(datetime(1970, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("state", "kind"), list(product([None, *ConsentState], EventKind)))
def test_every_pair_is_decided_and_only_a_yes_opens(state: ConsentState | None, kind: EventKind) -> None:
    after = step(Standing(state=state), Happening(kind=kind, occurred_at=NOW)).state

    assert after is TRANSITIONS.get((state, kind), state)
    if after is S.GIVEN and state is not S.GIVEN:
        assert kind is K.GIVEN or (state, kind) == (S.EXPIRED, K.RENEWED)


@pytest.mark.parametrize(("words", "codes"), [(ConsentState, range(1, 7)), (EventKind, range(1, 8))])
def test_codes_never_move(words: type[ConsentState] | type[EventKind], codes: range) -> None:
    assert [word.code for word in words] == list(codes)
    assert ConsentState.GIVEN.code == EventKind.GIVEN.code == 2
