"""Vigilance: what was refused or failed, whose volume is not their usual one, who is locked out, what was altered.

The rule of the volume is simple on purpose, and stated on the page: a day is unusual for an account when it holds more
than three times the reads of that account's own median day, and at least fifty more. The median is taken over the days
on which the account read anything within four weeks, the day itself left out; somebody without five such days has no
usual volume yet, and is told apart from two hundred reads on. CNIL recommendation 2021-122: logs are to be looked at.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.counts import Span, Trouble, reads_by_account, refusals, troubles
from governance.identity.lockout import key_of
from governance.identity.models import Account, FailedSignIns
from governance.identity.service import CALLED
from governance.oversight.mirror import alterations
from governance.oversight.values import Item
from governance.vault.attest import Attestor

TIMES: Final = 3
AT_LEAST: Final = 50
USUAL_DAYS: Final = 5
WITHOUT_USUAL: Final = 200
WEEKS: Final = 4
# How far back refusals, failures and unusual days are told.
TOLD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualDay:
    """A day on which an account read much more than it does.

    Attributes:
        usual: Its median day; None where it has no usual volume yet.
        course: Its last four weeks, day by day.
    """

    actor_id: uuid.UUID
    day: date
    count: int
    usual: int | None
    course: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An account that waits after failed sign-ins."""

    account_id: uuid.UUID
    called: str
    failures: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What there is to look at.

    Attributes:
        locked_unknown: How many addresses without an account wait as well: somebody tries names.
        refused: Refusals, day by day, over the span.
    """

    span: Span
    troubles: list[Trouble]
    unusual: list[UnusualDay]
    locked: list[Locked]
    locked_unknown: int
    altered: list[Item]
    refused: tuple[int, ...]

    @property
    def quiet(self) -> bool:
        """Whether nothing asks for a look."""
        return not (self.troubles or self.unusual or self.locked or self.locked_unknown or self.altered)


def watch(session: Session, attestor: Attestor, now: datetime, span: Span) -> Watch:
    """Return what there is to look at, in a fixed number of queries."""
    locked, unknown = _locked(session, attestor, now)
    return Watch(
        span=span,
        troubles=troubles(session, now - TOLD),
        unusual=unusual_days(reads_by_account(session, span), span.days),
        locked=locked,
        locked_unknown=unknown,
        altered=alterations(session, now),
        refused=tuple(refusals(session, span)),
    )


def unusual_days(reads: dict[uuid.UUID, list[int]], days: Sequence[date]) -> list[UnusualDay]:
    """Return the unusual days of the last week, the latest first."""
    told = range(max(len(days) - TOLD.days, 0), len(days))
    found = [
        UnusualDay(
            actor_id=actor,
            day=days[place],
            count=course[place],
            usual=usual_without(course, place),
            course=tuple(course),
        )
        for actor, course in reads.items()
        for place in told
        if is_unusual(course, place)
    ]
    return sorted(found, key=lambda each: (each.day, each.count), reverse=True)


def is_unusual(course: Sequence[int], place: int) -> bool:
    """Say whether a day of a course is unusual, by the rule above."""
    usual, count = usual_without(course, place), course[place]
    if usual is None:
        return count >= WITHOUT_USUAL
    return count > TIMES * usual and count - usual >= AT_LEAST


def usual_without(course: Sequence[int], place: int) -> int | None:
    """Return the median of the days with any read, but one; None where there are too few."""
    others = [count for each, count in enumerate(course) if count and each != place]
    return round(median(others)) if len(others) >= USUAL_DAYS else None


def _locked(session: Session, attestor: Attestor, now: datetime) -> tuple[list[Locked], int]:
    rows = session.execute(
        select(FailedSignIns.email_key, FailedSignIns.failures, FailedSignIns.locked_until).where(
            FailedSignIns.locked_until > now
        )
    ).all()
    if not rows:
        return [], 0
    # The table holds no addresses, only keyed hashes of them; those of our own accounts can be made again.
    accounts = session.execute(select(Account.id, Account.email, CALLED))
    by_key = {key_of(attestor, email): (account, called) for account, email, called in accounts}
    locked = [
        Locked(account_id=by_key[key][0], called=by_key[key][1], failures=failures, until=until)
        for key, failures, until in rows
        if key in by_key and until is not None
    ]
    return sorted(locked, key=lambda each: (each.called, each.account_id)), len(rows) - len(locked)
