"""What an action of the plan is made of: its state and what moves it, how pressing it is, which ones are asked for."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from governance.oversight.values import Thing


class ActionState(StrEnum):
    """How far an action is."""

    TO_DO = "to-do"
    UNDER_WAY = "under-way"
    DONE = "done"
    DROPPED = "dropped"


class ActionVerb(StrEnum):
    """What is done to an action."""

    ADD = "add"
    CHANGE = "change"
    START = "start"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


class Priority(StrEnum):
    """How pressing it is."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


OPEN: Final = frozenset({ActionState.TO_DO, ActionState.UNDER_WAY})
TRANSITIONS: Final[dict[tuple[ActionState, ActionVerb], ActionState]] = {
    (ActionState.TO_DO, ActionVerb.START): ActionState.UNDER_WAY,
    (ActionState.TO_DO, ActionVerb.FINISH): ActionState.DONE,
    (ActionState.UNDER_WAY, ActionVerb.FINISH): ActionState.DONE,
    (ActionState.TO_DO, ActionVerb.DROP): ActionState.DROPPED,
    (ActionState.UNDER_WAY, ActionVerb.DROP): ActionState.DROPPED,
    (ActionState.DONE, ActionVerb.REOPEN): ActionState.TO_DO,
    (ActionState.DROPPED, ActionVerb.REOPEN): ActionState.TO_DO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTerms:
    """What an action is.

    Attributes:
        about: What it is about; None where it stands for itself.
        owner_id: The account that does it.
        cost: In whole euros.
    """

    title: str = field(repr=False)
    owner_id: uuid.UUID
    due_on: date
    why: str = field(repr=False, default="")
    about: Thing | None = None
    cost: int | None = None
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAction:
    """A step of an action.

    Attributes:
        note: The statement of what was done, or the reason for dropping or taking it up again.
        revision: Of the action that the person read, who takes the step with no other; None where it is not told.
    """

    action_id: uuid.UUID
    verb: ActionVerb
    note: str = field(repr=False, default="")
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    """Which actions are asked for; None asks for nothing.

    Attributes:
        states: In which states.
        late_on: Those whose day has passed on this one, and that are neither done nor dropped.
    """

    states: frozenset[ActionState] | None = None
    owner_id: uuid.UUID | None = None
    late_on: date | None = None
    about: Thing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the plan comes to, in one state.

    Attributes:
        cost: The sum of the estimates, in euros.
        without_cost: How many have no estimate.
    """

    state: ActionState
    count: int
    late: int
    cost: int
    without_cost: int
