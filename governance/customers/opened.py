"""For which purpose a record is open: the log remembers it, and switching says why.

Every reading of a record is in the log before a value is shown, with who read which row for what; so the newest entry
of somebody about a row, since they signed in, is the purpose under which they have it open. Nothing else is kept, and
nothing can be forgotten by closing a window. The reason is chosen, not written: the log is kept for long and edited by
nobody, and free words would sooner or later speak of the person.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.search import Filters, FoundEntry, search
from audit.transaction import record
from governance.actor import Actor
from governance.customers.errors import NotOpenError, SwitchReasonError
from governance.errors import mark
from governance.gate.errors import PurposeSwitchNeededError

_TABLE: Final = "customers"
# What somebody reads beside the pages, on the terminal or through a token of their own, opens no page.
_BESIDE: Final = frozenset({"token", "host_user"})
_LOOKED_AT: Final = 50


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPurpose:
    """A record that is open for one purpose, to be opened for another.

    Attributes:
        row: The record.
        since: When the reader signed in.
        after: The purpose to open it for.
        reason: Why.
    """

    row: str
    since: datetime
    after: str
    reason: str


def opened_for(session: Session, actor: Actor, row: str, since: datetime) -> Opened | None:
    """Return for which purpose somebody has a record open; None where they have not opened it since they signed in.

    Args:
        session: A transaction; nothing is changed.
        actor: Who.
        row: The identifier under which they see it.
        since: When they signed in.
    """
    if actor.id is None:
        return None
    asked = Filters(actor_id=actor.id, object_type=_TABLE, object_id=row, outcome=Outcome.DONE, since=since)
    for entry in search(session, asked, limit=_LOOKED_AT):
        said = entry.said
        if said["purpose"] is not None and not _BESIDE & said["actor"].keys():
            return Opened(purpose=said["purpose"], entry=entry)
    return None


def check_open(session: Session, actor: Actor, row: str, purpose: str, since: datetime) -> None:
    """Refuse to read a record that is open for another purpose.

    Raises:
        PurposeSwitchNeededError: If it is, until `switch_purpose` says why.
    """
    opened = opened_for(session, actor, row, since)
    if opened is not None and opened.purpose != purpose:
        raise PurposeSwitchNeededError(opened=opened.purpose, row=row)


def switch_purpose(session: Session, actor: Actor, command: SwitchPurpose) -> None:
    """Record why a record is opened for another purpose: from which, to which, and whose it is.

    Raises:
        SwitchReasonError: If no reason is chosen.
        NotOpenError: If the record is not open: there is nothing to switch from.
    """
    if command.reason not in set(SwitchReason):
        raise SwitchReasonError
    before = opened_for(session, actor, command.row, command.since)
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
