"""Fields of what crosses the edge that every room's schemas use."""

from typing import Any, Final

from marshmallow import ValidationError, fields

from governance.text import is_plain, is_storable

UNSTORABLE: Final = "Holds characters that cannot be stored."
UNSEEN: Final = "Holds characters that are not seen, such as those that turn the direction of writing: take them out."


class PlainText(fields.String):
    """Text that every database can hold: no NUL, no half of a character, and nothing unseen that misleads."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text):
            raise ValidationError(UNSTORABLE)
        if not is_plain(text):
            raise ValidationError(UNSEEN)
        return text
