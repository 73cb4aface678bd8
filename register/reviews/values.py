"""Days of review: so many months after a record was last activated or confirmed. Derived, never kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from governance.days import day_of, latest_day, plus_months, start_of_day

# What may be chosen, in months. GDPR Art. 24(1) asks for a review "where necessary" and names no period.
PERIODS: Final = (3, 6, 12, 18, 24, 36)
DEFAULT_MONTHS: Final = 12
# So long before its day a review is told, and listed.
NOTICE_MONTHS: Final = 1
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When a record is to be looked at again.

    Attributes:
        looked_at: When it was last activated or confirmed; None where it never was.
        own_months: The period of its own; None where the house's counts.
        months: The period that counts.
        due_on: The day; None where nothing runs by the record.
    """

    looked_at: datetime | None
    own_months: int | None
    months: int
    due_on: date | None

    @property
    def due(self) -> datetime | None:
        """The first moment of the day, in UTC."""
        return None if self.due_on is None else start_of_day(self.due_on)

    def pressing(self, today: date) -> bool:
        """Say whether it is due within the month, or late."""
        return self.due_on is not None and plus_months(self.due_on, -NOTICE_MONTHS) <= today


def due_day(looked_at: datetime, months: int) -> date:
    """Return the day on which a record is to be looked at again."""
    return plus_months(day_of(looked_at), months)


def looked_at_before(day: date, months: int) -> datetime:
    """Return the moment before which a record was last looked at that is due by a day: `due_day`, the other way."""
    return start_of_day(latest_day(day, -months) + timedelta(days=1))


def reminder_of(due_on: date, today: date) -> int | None:
    """Return which reminder it is time for: 0 a month before, 1 on the day, one more with each month late."""
    if today < plus_months(due_on, -NOTICE_MONTHS):
        return None
    if today < due_on:
        return 0
    months = (today.year - due_on.year) * _MONTHS + today.month - due_on.month
    return 1 + (months if plus_months(due_on, months) <= today else months - 1)
