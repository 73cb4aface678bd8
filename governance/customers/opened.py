"""For which purpose a record is open: the log remembers it, and switching says why.

Every reading of a person is in the log before a value is shown, with who read which row for what, and whose it is; so
the newest entry of somebody about one person, since they signed in, is the purpose under which they have the record
open. It may be a row of another table: an exchange says as much about whom it was with. Nothing else is kept, and
nothing can be forgotten by closing a window. The reason is chosen, not written: the log is kept for long and edited by
nobody, and free words would sooner or later speak of the person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.search import FoundEntry, entries_since
from audit.transaction import record
from governance.actor import Actor
from governance.customers.errors import NotOpenError, SwitchReasonError
from governance.errors import mark
from governance.gate.errors import PurposeSwitchNeededError
from governance.gate.openings import Handing
from governance.ids import parse_id

_TABLE: Final = "customers"
# What somebody reads beside the pages, on the terminal or through a token of their own, opens no page.
_BESIDE: Final = frozenset({"token", "host_user"})
# What opens. A write hands nothing out, so it is no way to open a record for another purpose either.
_OPENING: Final = frozenset({Action.READ.value, Action.SWITCH.value})


class SwitchReason(StrEnum):
    """Why a record that is open for one purpose is opened for another."""

    ASKED = "asked"
    NEXT_TASK = "next-task"
    COMPLAINT = "complaint"
    PAYMENT = "payment"
    CORRECTION = "correction"
    WRONG = "wrong"


SWITCH_LABELS: Final = {
    SwitchReason.ASKED: mark("The person asks about something else"),
    SwitchReason.NEXT_TASK: mark("The case goes on in another task"),
    SwitchReason.COMPLAINT: mark("A complaint has to be answered"),
    SwitchReason.PAYMENT: mark("A payment or a refund has to be settled"),
    SwitchReason.CORRECTION: mark("Something on file has to be corrected"),
    SwitchReason.WRONG: mark("The first purpose was the wrong one"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record that somebody has open.

    Attributes:
        purpose: For which purpose.
        entry: What the log says of it.
    """

    purpose: str
    entry: FoundEntry = field(repr=False)

    @property
    def row(self) -> str | None:
        """The record; None where it was opened by a row of another table."""
        about = self.entry.said["object"]
        row: str | None = about["id"] if about["type"] == _TABLE else None
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPurpose:
    """A record that is open for one purpose, to be opened for another.

    Attributes:
        row: The record.
        people: Whose it is.
        since: When the reader signed in.
        after: The purpose to open it for.
        reason: Why.
    """

    row: str
    people: BitMap = field(repr=False)
    since: datetime
    after: str
    reason: str


def opened_by(session: Session, actor: Actor, people: BitMap, since: datetime) -> Iterator[Opened]:
    """Yield for which purpose somebody has each of some people open, each once; nothing of who is not open.

    Args:
        session: A transaction; nothing is changed.
        actor: Who.
        people: The people, by number.
        since: When they signed in.
    """
    if actor.id is None or not people:
        return
    sought = people.copy()
    for entry in entries_since(session, actor.id, since):
        said = entry.said
        whose = entry.subjects if _opens(said) else BitMap()
        if len(whose) == 1 and whose <= sought:
            yield Opened(purpose=said["purpose"], entry=entry)
            sought -= whose
            if not sought:
                return


def opened_for(session: Session, actor: Actor, people: BitMap, since: datetime) -> Opened | None:
    """Return for which purpose somebody has a record open; None where they have not opened it since they signed in.

    Args:
        session: A transaction; nothing is changed.
        actor: Who.
        people: Whose record it is.
        since: When they signed in.
    """
    return next(opened_by(session, actor, people, since), None)


def check_open(session: Session, actor: Actor, handing: Handing, since: datetime) -> None:
    """Refuse to hand out people whose records are open for another purpose.

    Raises:
        PurposeSwitchNeededError: If one is, until `switch_purpose` says why.
    """
    if _TABLE not in handing.tables:
        return
    for opened in opened_by(session, actor, handing.people, since):
        if opened.purpose != handing.purpose:
            raise PurposeSwitchNeededError(opened=opened.purpose, row=handing.row or opened.row)


def switch_purpose(session: Session, actor: Actor, command: SwitchPurpose) -> None:
    """Record why a record is opened for another purpose: from which, to which, and whose it is.

    Raises:
        SwitchReasonError: If no reason is chosen.
        NotOpenError: If the record is not open: there is nothing to switch from.
    """
    if command.reason not in set(SwitchReason):
        raise SwitchReasonError
    before = opened_for(session, actor, command.people, command.since)
    if before is None:
        raise NotOpenError
    record(
        session,
        Fact(
            retention=Retention.ACCESS,
            action=Action.SWITCH,
            actor=actor,
            object_type=_TABLE,
            object_id=command.row,
            purpose=command.after,
            subjects=before.entry.subjects,
            details={"from": before.purpose, "to": command.after, "reason": command.reason},
        ),
    )


def _opens(said: Mapping[str, Any]) -> bool:
    """Say whether an entry is about a person whom somebody opened, if it concerns one only."""
    if said["action"] not in _OPENING or said["outcome"] != Outcome.DONE.value or said["purpose"] is None:
        return False
    if _BESIDE & said["actor"].keys():
        return False
    row = said["object"]["id"]
    # Under a pseudonym nobody knows whom they read.
    return said["details"].get("one_person") is True if row is None else parse_id(row) is not None
