"""What the page of health is made of: lines, each with a state, what was found, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from governance.errors import Phrase, mark
from governance.jobs.queue import JobStatus


class State(StrEnum):
    """How something stands."""

    GOOD = "good"
    WATCH = "to-watch"
    BAD = "broken"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.GOOD: mark("in order"),
    State.WATCH: mark("to watch"),
    State.BAD: mark("broken"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at.

    Attributes:
        name: Its stable name, for programs.
        label: What it is called, marked for translation.
        found: What was found, in a sentence.
        mend: What to do, where there is something to do.
        at: The moment that the sentence is about, where it is about one.
    """

    name: str
    label: str
    state: State
    found: Phrase
    mend: Phrase | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the installation stands. It names nobody."""

    lines: tuple[Line, ...]
    dead_jobs: tuple[JobStatus, ...] = field(default=())

    @property
    def state(self) -> State:
        """The worst of all lines."""
        states = {line.state for line in self.lines}
        return State.BAD if State.BAD in states else State.WATCH if State.WATCH in states else State.GOOD
