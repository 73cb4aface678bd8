"""Whole numbers on forms: read as people write them, and refused in one sentence that says what is asked for."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_decimal, gettext
from wtforms import IntegerField


class WholeNumberField(IntegerField):
    """A whole number, written with spaces between its thousands or without."""

    # WTForms has no types: an int, or None where nothing was written or what was written is none.
    data: Any

    def __init__(
        self, label: Any, validators: Sequence[Any], *, least: int, most: int | None = None, **more: Any
    ) -> None:
        """Take the numbers from `least` to `most`, both included."""
        super().__init__(label, validators, **more)
        self.least, self.most = least, most
        # Browsers know them too.
        self.flags.min = least
        if most is not None:
            self.flags.max = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number.

        Raises:
            ValueError: If it is none of those that are asked for; the form shows the sentence beside the field.
        """
        try:
            super().process_formdata(["".join(each.split()) for each in valuelist])
        except ValueError:
            raise ValueError(self._asked_for()) from None
        if self.data is not None and not self._is_asked_for(self.data):
            self.data = None
            raise ValueError(self._asked_for())

    def _is_asked_for(self, number: int) -> bool:
        return number >= self.least and (self.most is None or number <= self.most)

    def _asked_for(self) -> str:
        if self.most is None:
            return str(gettext("Write a whole number in figures, %(least)s or more.", least=format_decimal(self.least)))
        least, most = format_decimal(self.least), format_decimal(self.most)
        return str(gettext("Write a whole number in figures, from %(least)s to %(most)s.", least=least, most=most))
