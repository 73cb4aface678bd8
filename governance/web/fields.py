"""Fields of what crosses the edge that every room's schemas use."""

from datetime import date, datetime
from typing import Any, Final

from marshmallow import ValidationError, fields

from governance.days import FIRST_DAY, LAST_DAY, can_be_kept, moment_can_be_kept
from governance.text import is_plain, is_storable

UNSTORABLE: Final = "Holds characters that cannot be stored."
UNSEEN: Final = "Holds characters that are not seen, such as those that turn the direction of writing: take them out."
NO_DAY: Final = f"Not a day from {FIRST_DAY} to {LAST_DAY}."


class PlainText(fields.String):
    """Text that every database can hold: no NUL, no half of a character, and nothing unseen that misleads."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text):
            raise ValidationError(UNSTORABLE)
        if not is_plain(text):
            raise ValidationError(UNSEEN)
        return text


class Day(fields.Date):
    """A day that the house can keep and count from, as `DayField` reads it on forms."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day: date = super()._deserialize(value, attr, data, **kwargs)
        if not can_be_kept(day):
            raise ValidationError(NO_DAY)
        return day


class Moment(fields.AwareDateTime):
    """A moment of a day that the house can keep and count from."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not moment_can_be_kept(moment):
            raise ValidationError(NO_DAY)
        return moment
