"""The longest period for which the open purposes keep a category of a kind of person: beyond it nothing covers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from governance.oversight.drift.values import Pair
from register.values import DeclaredPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """The latest day of an event from which no purpose keeps data any more, and the purpose that keeps them longest."""

    latest_over: date
    purpose: DeclaredPurpose


def longest_period(purposes: Iterable[DeclaredPurpose], pair: Pair, today: date) -> Longest | None:
    """Return where the longest period of these purposes for a pair ends by a day; None where there are none.

    By the calendar three months are longer than ninety days on one day and shorter on another, so that a day decides.
    """
    found = (
        Longest(latest_over=purpose.declared[pair].retention.latest_over(today), purpose=purpose)
        for purpose in purposes
    )
    return min(found, key=lambda each: each.latest_over, default=None)
