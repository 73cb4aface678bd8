"""Fields of what crosses the edge, stricter than the library's own."""

from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from governance.periods import PATTERN, Period
from governance.vault.attest import Attested, Attestor
from governance.vocabulary import SLUG_LENGTH
from governance.web.context import current
from governance.web.fields import PlainText
from register.models import LABEL_LENGTH
from register.values import Register

MOST_ROWS: Final = 200
_MOST_WORDS: Final = 10_000


class PeriodField(PlainText):
    """A field for a period as ISO 8601 writes it."""

    def __init__(self, **options: Any) -> None:
        described = {"description": "Days, months or years, of at most a hundred years.", "example": "P5Y"}
        super().__init__(validate=validate.Regexp(PATTERN), metadata=described, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Period:
        try:
            return Period(super()._deserialize(value, attr, data, **options))
        except ValueError:
            raise ValidationError("Not a period such as P30D, P3M or P5Y, of at most a hundred years.") from None


def altered() -> fields.Function:
    """Return the field that says of a row whether it was altered outside Égide, so that nothing states it."""
    told = "Whether it was altered outside Égide: nothing states it until it is written anew, whole."
    described = {"type": "boolean", "description": told}
    return fields.Function(_was_altered, required=True, metadata=described)


def _was_altered(row: Attested) -> bool:
    return not current().get(Attestor).is_whole(row)


def slug() -> PlainText:
    """Return a field for a slug; whether it is one, the register says."""
    return PlainText(required=True, validate=validate.Length(min=1, max=SLUG_LENGTH))


def label(*, required: bool = True) -> PlainText:
    """Return a field for a line of text."""
    return PlainText(required=required, validate=validate.Length(min=1, max=LABEL_LENGTH))


def words(**options: Any) -> PlainText:
    """Return a field for a longer text."""
    return PlainText(validate=validate.Length(max=_MOST_WORDS), **options)


def count(highest: int, *, lowest: int = 0, **options: Any) -> fields.Integer:
    """Return a field for a whole number, not a text or a fraction that resembles one."""
    return fields.Integer(strict=True, validate=validate.Range(min=lowest, max=highest), **options)


def limit() -> fields.Integer:
    """Return a field for the length of a page; in an address every number is text."""
    return fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


def register_asked() -> fields.Enum[Register]:
    """Return the field that asks for one of the two registers."""
    told = "The controller's register, which joint controllers' activities stand in too, or the processor's."
    return fields.Enum(Register, by_value=True, load_default=None, metadata={"description": told})
