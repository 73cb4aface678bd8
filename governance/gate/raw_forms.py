"""Forms of values that are still JSON: bytes to bytes, for the loop, which then decodes nothing.

Each does what its form in `forms` does to the decoded value, on the spellings that are met most, and asks that form in
every other case; a test compares them on anything.
"""

from collections.abc import Callable, Mapping
from typing import Final

import orjson

from governance.datamap.values import FieldKind
from governance.gate.forms import MASK, Transform, mask_of

RawForm = Callable[[bytes], bytes]

_QUOTE: Final = ord('"')
_BULLETS: Final = f'{MASK}"'.encode()
_MASKED: Final = orjson.dumps(MASK)
_PHONE: Final = '"•• •• •• •• '.encode()
_PHONE_LEAST: Final = 6
_IBAN: Final = "•• ••• ".encode()
_IBAN_LEAST: Final = 14


def raw_form(kind: FieldKind, transform: Transform) -> RawForm:
    """Return the form of a kind for values that are still JSON.

    Args:
        kind: What the values look like.
        transform: The form of the decoded value.
    """

    def by_value(raw: bytes) -> bytes:
        return orjson.dumps(transform(orjson.loads(raw)))

    fast = _FAST.get(kind) if transform is mask_of(kind) else None
    return by_value if fast is None else fast(by_value)


def _phone(slow: RawForm) -> RawForm:
    def masked(raw: bytes) -> bytes:
        if raw[2:-1].isdigit() and len(raw) > _PHONE_LEAST + 2 and raw[0] == _QUOTE:
            return _PHONE + raw[-3:]
        return slow(raw)

    return masked


def _iban(slow: RawForm) -> RawForm:
    def masked(raw: bytes) -> bytes:
        if raw[1:-1].isalnum() and raw[1:3].isupper() and len(raw) >= _IBAN_LEAST + 2 and raw[0] == _QUOTE:
            return raw[:3] + _IBAN + raw[-5:] if raw[1:3].isalpha() else slow(raw)
        return slow(raw)

    return masked


def _name(slow: RawForm) -> RawForm:
    def masked(raw: bytes) -> bytes:
        if raw[1:2].isalpha() and len(raw) > 3 and raw[0] == _QUOTE:  # noqa: PLR2004 -- two letters in quotes
            return raw[:2] + _BULLETS
        return slow(raw)

    return masked


def _year(slow: RawForm) -> RawForm:
    def masked(raw: bytes) -> bytes:
        if raw[1:5].isdigit() and raw[0] == _QUOTE:
            return raw[:5] + b'"'
        return slow(raw)

    return masked


def _whole(_: RawForm) -> RawForm:
    return lambda raw: raw if raw == b"null" else _MASKED


_FAST: Final[Mapping[FieldKind, Callable[[RawForm], RawForm]]] = {
    FieldKind.PHONE: _phone,
    FieldKind.IBAN: _iban,
    FieldKind.NAME: _name,
    FieldKind.CITY: _name,
    FieldKind.DATE: _year,
    FieldKind.BIRTH_DATE: _year,
    FieldKind.MOMENT: _year,
    FieldKind.ADDRESS: _whole,
    FieldKind.TEXT: _whole,
    FieldKind.URL: _whole,
    FieldKind.CHOICE: _whole,
    FieldKind.COUNTRY: _whole,
    FieldKind.INTEGER: _whole,
    FieldKind.NUMBER: _whole,
    FieldKind.BOOLEAN: _whole,
    FieldKind.SIRET: _whole,
    FieldKind.SIREN: _whole,
    FieldKind.NAF: _whole,
}
