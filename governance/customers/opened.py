"""For which purpose a record is open: the log remembers it, and switching says why.

Every reading of a record is in the log before a value is shown, with who read which row for what; so the newest entry
of somebody about a row, since they signed in, is the purpose under which they have it open. Nothing else is kept, and
nothing can be forgotten by closing a window.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.search import Filters, FoundEntry, search
from audit.transaction import record
from governance.actor import Actor
from governance.customers.errors import SwitchReasonError
from governance.errors import mark, phrase

WORDS_LENGTH: Final = 200
_TABLE: Final = "customers"
# An address, or more digits in a row than a year or a postcode has: what names somebody stays out of the log.
_NAMES_SOMEBODY: Final = re.compile(r"@|(?:\d[\s.-]?){6,}")


class SwitchReason(StrEnum):
    """Why a record that is open for one purpose is opened for another."""

    ASKED = "asked"
    NEXT_TASK = "next-task"
    WRONG = "wrong"
    OTHER = "other-reason"


SWITCH_LABELS: Final = {
    SwitchReason.ASKED: mark("The person asks about something else"),
    SwitchReason.NEXT_TASK: mark("The case goes on in another task"),
    SwitchReason.WRONG: mark("The first purpose was the wrong one"),
    SwitchReason.OTHER: mark("Another reason"),
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
        words: Why, in the reader's own words; needed where no common reason fits.
    """

    row: str
    since: datetime
    after: str
    reason: str
    words: str = ""


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
    for entry in search(session, asked, limit=1):
        purpose = entry.said["purpose"]
        return None if purpose is None else Opened(purpose=purpose, entry=entry)
    return None


def switch_purpose(session: Session, actor: Actor, command: SwitchPurpose) -> None:
    """Record why a record is opened for another purpose: from which, to which, and whose it is.

    Raises:
        SwitchReasonError: If no reason is given, or its words would name somebody in the log.
    """
    words = " ".join(command.words.split())
    reason = _checked(command.reason, words)
    before = opened_for(session, actor, command.row, command.since)
    record(
        session,
        Fact(
            retention=Retention.ACCESS,
            action=Action.SWITCH,
            actor=actor,
            object_type=_TABLE,
            object_id=command.row,
            purpose=command.after,
            subjects=() if before is None else before.entry.subjects,
            details={
                "from": None if before is None else before.purpose,
                "to": command.after,
                "reason": reason.value,
                "words": words,
            },
        ),
    )


def _checked(reason: str, words: str) -> SwitchReason:
    if reason not in set(SwitchReason):
        raise SwitchReasonError(problem=phrase("choose one"))
    if reason == SwitchReason.OTHER and not words:
        raise SwitchReasonError(problem=phrase("say it in a few words"))
    if len(words) > WORDS_LENGTH:
        raise SwitchReasonError(problem=phrase("say it in {most} characters at most", most=WORDS_LENGTH))
    if _NAMES_SOMEBODY.search(words):
        raise SwitchReasonError(problem=phrase("leave out addresses and numbers, for the log names nobody"))
    return SwitchReason(reason)
