"""The state of a consent, derived from its events by one table.

The state is never edited: it is what the events amount to, whatever the order in which they were delivered. Events are
ordered by the time at which they happened; at the same instant the one that closes more comes last, and so wins.
See docs/adr/0041.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from governance.clock import to_microseconds
from governance.errors import mark
from governance.vocabulary import Coded


class ConsentState(Coded):
    """What a person's events amount to. Stored as its code."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


class EventKind(Coded):
    """What happened to a consent. Stored as its code."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


class Method(Coded):
    """By what means a person expressed themselves. Stored as its code."""

    CHECKBOX = mark("checkbox")
    DOUBLE_OPT_IN = mark("double-opt-in")
    PAPER = mark("paper")
    ORAL = mark("oral")
    API = mark("api")
    IMPORT = mark("import")


_S: Final = ConsentState
_K: Final = EventKind
_OPENING: Final = frozenset({EventKind.GIVEN, EventKind.RENEWED})

# (state, event) -> state; a pair that is not here leaves the state as it is.
TRANSITIONS: Final[dict[tuple[ConsentState | None, EventKind], ConsentState]] = {
    # Asking closes nothing and opens nothing; it never hides a refusal, whose rest periods run.
    (None, _K.REQUESTED): _S.REQUESTED,
    (_S.EXPIRED, _K.REQUESTED): _S.REQUESTED,
    (_S.INVALIDATED, _K.REQUESTED): _S.REQUESTED,
    # GDPR Art. 4(11): only a statement or a clear affirmative act of the person opens.
    **{(state, _K.GIVEN): _S.GIVEN for state in (None, *ConsentState)},
    # A renewal prolongs what was given; it brings nothing back from a refusal, a withdrawal or an invalid proof.
    (None, _K.RENEWED): _S.INVALIDATED,
    (_S.REQUESTED, _K.RENEWED): _S.INVALIDATED,
    (_S.GIVEN, _K.RENEWED): _S.GIVEN,
    (_S.EXPIRED, _K.RENEWED): _S.GIVEN,
    **{(state, _K.REFUSED): _S.REFUSED for state in (None, *ConsentState)},
    # GDPR Art. 7(3): withdrawing is possible at any time, from anywhere.
    **{(state, _K.WITHDRAWN): _S.WITHDRAWN for state in (None, *ConsentState)},
    # Only what was given expires, for what has expired may be renewed.
    (None, _K.EXPIRED): _S.INVALIDATED,
    (_S.GIVEN, _K.EXPIRED): _S.EXPIRED,
    # GDPR Art. 7(1): consent that cannot be demonstrated is none; what is closed already stays as it is.
    (None, _K.INVALIDATED): _S.INVALIDATED,
    (_S.GIVEN, _K.INVALIDATED): _S.INVALIDATED,
    (_S.EXPIRED, _K.INVALIDATED): _S.INVALIDATED,
    (_S.REQUESTED, _K.INVALIDATED): _S.INVALIDATED,
}

# At the same instant, the later in this list wins: a doubt closes.
_RANK: Final = {
    kind: rank
    for rank, kind in enumerate(
        (_K.REQUESTED, _K.GIVEN, _K.RENEWED, _K.EXPIRED, _K.REFUSED, _K.WITHDRAWN, _K.INVALIDATED)
    )
}
_NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """The part of an event that the state depends on.

    Attributes:
        by_house: Whether nobody said it: the house found that a consent had run out.
    """

    kind: EventKind
    occurred_at: datetime
    expires_at: datetime | None = None
    by_house: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a chain of events amounts to. `state` is None where nothing has happened."""

    state: ConsentState | None = None
    expires_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether consent is given and has not expired. GDPR Art. 6(1)(a)."""
        return self.state is ConsentState.GIVEN and (self.expires_at is None or now < self.expires_at)


def step(standing: Standing, event: Happening) -> Standing:
    """Return what one more event, later than all before, makes of the state."""
    if event.kind is EventKind.EXPIRED and event.by_house and standing.holds(event.occurred_at):
        # A renewal that was recorded later prolonged it: whatever the order of delivery, the same state.
        return standing
    state = TRANSITIONS.get((standing.state, event.kind), standing.state)
    if state is not ConsentState.GIVEN:
        return Standing(state=state)
    if event.kind in _OPENING:
        return Standing(state=state, expires_at=event.expires_at)
    return standing


def fold(events: Iterable[Happening]) -> Standing:
    """Return what the events amount to; the order in which they are given does not matter."""
    standing = Standing()
    for event in sorted(events, key=order_of):
        standing = step(standing, event)
    return standing


def order_of(event: Happening) -> tuple[int, int, int]:
    """Return the place of an event among others: by when it happened, then by how much it closes."""
    # The shorter consent comes last among equals, for the same reason as the ranks.
    expiry = _NEVER if event.expires_at is None else to_microseconds(event.expires_at)
    return (to_microseconds(event.occurred_at), _RANK[event.kind], -expiry)
