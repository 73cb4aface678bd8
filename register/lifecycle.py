"""The life of a processing activity: one table of transitions, and the diagram drawn from it.

An activity is *running* when the gate may read for its purposes. Running is apart from the state, for a running
activity under review goes through submission and opinion again without closing the shop: what is in force stays in
force until the controller activates the next revision. See docs/adr/0040.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from governance.actor import Role
from governance.errors import mark


class ActivityState(StrEnum):
    """Where the record of an activity stands."""

    DRAFT = mark("draft")
    SUBMITTED = mark("submitted")
    ADVISED = mark("advised")
    ACTIVE = mark("active")
    UNDER_REVIEW = mark("under-review")
    SUSPENDED = mark("suspended")
    RETIRED = mark("retired")


class Verb(StrEnum):
    """What moves an activity from one state to the next."""

    SUBMIT = mark("submit")
    RETURN = mark("return")
    ADVISE = mark("advise")
    ACTIVATE = mark("activate")
    REVIEW = mark("review")
    CONFIRM = mark("confirm")
    SUSPEND = mark("suspend")
    RESUME = mark("resume")
    REVISE = mark("revise")
    RETIRE = mark("retire")


class Mode(StrEnum):
    """Whether a rule reports what it would refuse, or refuses it."""

    OBSERVE = "observe"
    ENFORCE = "enforce"


# Long enough to see a month's work go by; whoever needs more says again why. See docs/adr/0092.
LONGEST_OBSERVATION: Final = timedelta(days=30)


def mode_at(mode: Mode, until: datetime | None, now: datetime) -> Mode:
    """Return the mode at a moment: an observation that has ended enforces. None: it has not begun."""
    return Mode.ENFORCE if until is not None and now >= until else mode


class Opinion(StrEnum):
    """What the data protection officer thinks of a submitted activity. GDPR Art. 39(1)(a)."""

    FAVOURABLE = "favourable"
    RESERVED = "reserved"
    UNFAVOURABLE = "unfavourable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table.

    Attributes:
        source: The state it leaves.
        verb: What is done.
        target: The state it reaches.
        roles: Who may; an owner only on their own activities.
        article: The provision that asks for the step.
        running: The row applies to a running activity (True), to one that is not (False), or to both (None).
    """

    source: ActivityState
    verb: Verb
    target: ActivityState
    roles: frozenset[Role]
    article: str
    running: bool | None = None


_S: Final = ActivityState
_DRAFTERS: Final = frozenset({Role.OWNER, Role.DPO})
_REVIEWERS: Final = frozenset({Role.OWNER, Role.DPO, Role.CONTROLLER})
# GDPR Art. 38(6): the DPO advises; deciding is the controller's alone.
_ADVISER: Final = frozenset({Role.DPO})
_DECIDER: Final = frozenset({Role.CONTROLLER})


def _row(source: ActivityState, verb: Verb, target: ActivityState, who: frozenset[Role], article: str) -> Transition:
    return Transition(source=source, verb=verb, target=target, roles=who, article=article)


def _returns(source: ActivityState, who: frozenset[Role], article: str) -> tuple[Transition, Transition]:
    # A first draft goes back to the drawer; the next revision of a running activity goes back under review.
    return (
        Transition(source=source, verb=Verb.RETURN, target=_S.DRAFT, roles=who, article=article, running=False),
        Transition(source=source, verb=Verb.RETURN, target=_S.UNDER_REVIEW, roles=who, article=article, running=True),
    )


def _suspends(source: ActivityState) -> Transition:
    return Transition(
        source=source,
        verb=Verb.SUSPEND,
        target=_S.SUSPENDED,
        roles=_DECIDER,
        article="GDPR Art. 5(2), 24(1)",
        running=True,
    )


TRANSITIONS: Final[tuple[Transition, ...]] = (
    _row(_S.DRAFT, Verb.SUBMIT, _S.SUBMITTED, _DRAFTERS, "GDPR Art. 30"),
    _row(_S.UNDER_REVIEW, Verb.SUBMIT, _S.SUBMITTED, _DRAFTERS, "GDPR Art. 24(1)"),
    *_returns(_S.SUBMITTED, _DRAFTERS, "GDPR Art. 39(1)(a)"),
    _row(_S.SUBMITTED, Verb.ADVISE, _S.ADVISED, _ADVISER, "GDPR Art. 38(1), 39(1)(a)"),
    *_returns(_S.ADVISED, _REVIEWERS, "GDPR Art. 24(1)"),
    _row(_S.ADVISED, Verb.ACTIVATE, _S.ACTIVE, _DECIDER, "GDPR Art. 24(1), 38(6)"),
    _row(_S.ACTIVE, Verb.REVIEW, _S.UNDER_REVIEW, _REVIEWERS, "GDPR Art. 24(1)"),
    _row(_S.UNDER_REVIEW, Verb.CONFIRM, _S.ACTIVE, _DECIDER, "GDPR Art. 24(1)"),
    _suspends(_S.ACTIVE),
    _suspends(_S.UNDER_REVIEW),
    _suspends(_S.SUBMITTED),
    _suspends(_S.ADVISED),
    _row(_S.SUSPENDED, Verb.RESUME, _S.ACTIVE, _DECIDER, "GDPR Art. 24(1)"),
    _row(_S.SUSPENDED, Verb.REVISE, _S.DRAFT, _DRAFTERS, "GDPR Art. 24(1)"),
    _row(_S.ACTIVE, Verb.RETIRE, _S.RETIRED, _DECIDER, "GDPR Art. 5(1)(e)"),
    _row(_S.SUSPENDED, Verb.RETIRE, _S.RETIRED, _DECIDER, "GDPR Art. 5(1)(e)"),
    _row(_S.DRAFT, Verb.RETIRE, _S.RETIRED, _REVIEWERS, "GDPR Art. 30"),
)

# After these an activity runs, or runs on, as the record says it.
OPENING: Final = frozenset({Verb.ACTIVATE, Verb.CONFIRM, Verb.RESUME})

# Where the content may change: proposals are written here and come into force by activation only.
EDITABLE: Final = frozenset({ActivityState.DRAFT, ActivityState.UNDER_REVIEW})

_RUNNING_AFTER: Final = {
    ActivityState.ACTIVE: True,
    ActivityState.SUSPENDED: False,
    ActivityState.RETIRED: False,
}


def transition_of(state: ActivityState, verb: Verb, *, running: bool) -> Transition | None:
    """Return the row for this step, or None where the table has none."""
    for row in TRANSITIONS:
        if row.source is state and row.verb is verb and row.running in (None, running):
            return row
    return None


def runs_after(row: Transition, *, running: bool) -> bool:
    """Return whether the activity runs once the step is done."""
    return _RUNNING_AFTER.get(row.target, running)


def verbs_open_to(state: ActivityState, roles: frozenset[Role], *, running: bool) -> tuple[Verb, ...]:
    """Return the steps that somebody with these roles may take from here, in the order of the table."""
    return tuple(
        row.verb for row in TRANSITIONS if row.source is state and row.running in (None, running) and row.roles & roles
    )


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {_node(ActivityState.DRAFT)}"]
    for row in TRANSITIONS:
        who = ", ".join(sorted(row.roles))
        when = {None: "", True: ", running", False: ", not running"}[row.running]
        lines.append(f"    {_node(row.source)} --> {_node(row.target)}: {row.verb} ({who}{when})")
    lines.append(f"    {_node(ActivityState.RETIRED)} --> [*]")
    return "\n".join(lines) + "\n"


def _node(state: ActivityState) -> str:
    # Mermaid reads a hyphen as the start of an arrow.
    return state.value.replace("-", "_")
