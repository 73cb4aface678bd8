"""Days on forms: read, and refused in a sentence where they are none."""

from typing import Final

from flask_babel import lazy_gettext
from wtforms import DateField

from governance.days import can_be_kept

_NO_DAY: Final = lazy_gettext("This is no day. Write it as year-month-day, such as 2026-03-31.")


class DayField(DateField):
    """A day; what is none is told in a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day.

        Raises:
            ValueError: If it is none; the form shows the sentence beside the field.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_NO_DAY)) from None
        if self.data is not None and not can_be_kept(self.data):
            raise ValueError(str(_NO_DAY))
