"""The forms in which a field is given: clear, masked, pseudonym, generalised.

A form is a pure function of the value (and, for an age band, of the day). Whatever it is given, even text that is not
what its kind says, it answers with no more than is written here, and never fails:

- *masked* keeps, of an e-mail address, the first letters of its two halves and the last label of the domain; of a
  telephone number the last two digits; of an IBAN the country and the last four characters; of a name or a city the
  initial, in scripts whose letters are not words; of a date or a moment the year; of a French postcode the first two
  digits; of anything else nothing. The number of bullets says nothing of the length.
- *generalised* gives a band of five years of age for a date of birth, the year of another date or moment, the
  département of a French postcode, the band of a number (its first figure and its order of magnitude).
- *pseudonym* gives 80 bits of a keyed hash of the value's normal form, under a key of the purpose: equal values of one
  kind have equal pseudonyms within a purpose, and nothing in common outside it.

A missing value stays missing in every form: that something is missing is told. See docs/adr/0060.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from governance.datamap.values import FieldKind, MappedField
from governance.vocabulary import Form

Value = Any
Transform = Callable[[Value], Value]

MASK: Final = "•••"
AGE_BAND_YEARS: Final = 5
# Fewer people are very old or known as children: their bands are wider.
_YOUNGEST_BAND: Final = 15
_OLDEST_BAND: Final = 85
_PSEUDONYM_BYTES: Final = 10  # 80 bits: equal by chance once in 2^40 values
_PHONE_SHOWN: Final = 2
_PHONE_LEAST: Final = 6
_IBAN_SHOWN: Final = 4
_IBAN_LEAST: Final = 14
_YEAR: Final = 4
_FRENCH_POSTCODE: Final = 5

_NEVER_HIDDEN_IN_PART: Final = frozenset({FieldKind.FREE_TEXT})
# Of a value among a few, a pseudonym would be found out by counting.
_NOT_PSEUDONYMOUS: Final = frozenset({FieldKind.FREE_TEXT, FieldKind.BOOLEAN, FieldKind.CHOICE, FieldKind.COUNTRY})


def is_possible(field: MappedField, form: Form) -> bool:
    """Return whether the field has this form. Free text is given whole or not at all: nobody knows what it holds."""
    if form in (Form.CLEAR, Form.WITHHELD):
        return True
    if field.free_text or field.kind in _NEVER_HIDDEN_IN_PART:
        return False
    if form is Form.GENERALISED:
        return field.kind in _GENERALISED or field.kind is FieldKind.BIRTH_DATE
    return form is not Form.PSEUDONYM or field.kind not in _NOT_PSEUDONYMOUS


def mask_of(kind: FieldKind) -> Transform:
    """Return the function that masks values of a kind."""
    return _MASKED.get(kind, _mask_whole)


def generalisation_of(kind: FieldKind, today: date) -> Transform:
    """Return the function that generalises values of a kind.

    Args:
        kind: A kind that has the form, see `is_possible`.
        today: The day ages are counted to.
    """
    if kind is FieldKind.BIRTH_DATE:
        return lambda value: _age_band(value, today)
    return _GENERALISED[kind]


class Pseudonymiser:
    """The pseudonyms of one purpose."""

    def __init__(self, key: bytes) -> None:
        """Take the purpose's key.

        Args:
            key: 32 secret bytes, `Keyring.secret("pseudonym/<purpose>")`.
        """
        self._keyed: Final = hashlib.blake2b(key=key, digest_size=_PSEUDONYM_BYTES, person=b"egide/value")

    def of(self, kind: FieldKind) -> Transform:
        """Return the function that gives pseudonyms for values of a kind."""
        prefixed = self._keyed.copy()
        prefixed.update(kind.value.encode() + b"\0")
        copy, encode = prefixed.copy, base64.b32encode

        def pseudonym(value: Value) -> Value:
            if value is None:
                return None
            keyed = copy()
            keyed.update(normal_form(kind, value).encode())
            return encode(keyed.digest()).decode().lower()

        return pseudonym


def normal_form(kind: FieldKind, value: Value) -> str:
    """Return one spelling for values that mean the same, so that they have the same pseudonym."""
    text = unicodedata.normalize("NFKC", str(value)).casefold().strip()
    if kind in _SPACELESS:
        return "".join(character for character in text if character.isalnum())
    if kind in (FieldKind.NUMBER, FieldKind.INTEGER):
        number = _number(value)
        return text if number is None else f"{number.normalize():f}"
    return " ".join(text.split())


_SPACELESS: Final = frozenset({FieldKind.PHONE, FieldKind.IBAN, FieldKind.SIRET, FieldKind.SIREN, FieldKind.POSTCODE})


def _mask_whole(value: Value) -> Value:
    return None if value is None else MASK


def _mask_email(value: Value) -> Value:
    if value is None:
        return None
    local, at, domain = str(value).rpartition("@")
    host, dot, suffix = domain.rpartition(".")
    if not (local and at and host and dot and suffix.isalpha()):
        return MASK
    return f"{_initial(local)}{MASK}@{_initial(host)}{MASK}.{suffix}"


def _mask_phone(value: Value) -> Value:
    if value is None:
        return None
    text = str(value)
    # The normal form (E.164) is what is met most; it needs no search for digits.
    digits = text if text[1:].isdecimal() else "".join(filter(str.isdecimal, text))
    return f"•• •• •• •• {digits[-_PHONE_SHOWN:]}" if len(digits) > _PHONE_LEAST else "•• •• •• •• ••"


def _mask_iban(value: Value) -> Value:
    if value is None:
        return None
    text = str(value)
    plain = text if text.isalnum() else "".join(filter(str.isalnum, text))
    if len(plain) < _IBAN_LEAST or not plain[:2].isalpha():
        return MASK
    return f"{plain[:2].upper()}•• ••• {plain[-_IBAN_SHOWN:]}"


def _mask_name(value: Value) -> Value:
    return None if value is None else f"{_initial(str(value))}•••"


def _initial(text: str) -> str:
    # A letter without cases (李) may be a whole name, and so may a name of one letter.
    first = text[:1]
    return first if first.lower() != first.upper() and len(text) > 1 else "•"


def _year(value: Value) -> Value:
    if value is None:
        return None
    year = str(value)[:_YEAR]
    return year if len(year) == _YEAR and year.isascii() and year.isdigit() else MASK


def _mask_postcode(value: Value) -> Value:
    if value is None:
        return None
    code = _french_postcode(value)
    return MASK if code is None else f"{code[:2]}{MASK}"


def _department(value: Value) -> Value:
    if value is None:
        return None
    code = _french_postcode(value)
    if code is None:
        return MASK
    # Overseas départements and communities have three digits.
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def _french_postcode(value: Value) -> str | None:
    code = str(value).strip()
    return code if len(code) == _FRENCH_POSTCODE and code.isascii() and code.isdigit() else None


def _age_band(value: Value, today: date) -> Value:
    if value is None:
        return None
    try:
        born = date.fromisoformat(str(value)[:10])
    except ValueError:
        return MASK
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < 0:
        return MASK
    if age < _YOUNGEST_BAND:
        return f"0-{_YOUNGEST_BAND - 1}"
    if age >= _OLDEST_BAND:
        return f"{_OLDEST_BAND}+"
    low = age - age % AGE_BAND_YEARS
    return f"{low}-{low + AGE_BAND_YEARS - 1}"


def _number_band(value: Value) -> Value:
    if value is None:
        return None
    number = _number(value)
    if number is None:
        return MASK
    whole = abs(int(number))
    step = 10 ** (len(str(whole)) - 1) if whole else 1
    low = whole - whole % step
    sign = "-" if number < 0 and low else ""
    # A band of one figure is still ten wide: 7 and 3 are both told as 0-9.
    return f"{sign}{low}-{sign}{low + step - 1}" if step > 1 else "0-9" if number >= 0 else "-9-0"


def _number(value: Value) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e30") else None


_MASKED: Final[Mapping[FieldKind, Transform]] = {
    FieldKind.EMAIL: _mask_email,
    FieldKind.PHONE: _mask_phone,
    FieldKind.IBAN: _mask_iban,
    FieldKind.NAME: _mask_name,
    FieldKind.CITY: _mask_name,
    FieldKind.DATE: _year,
    FieldKind.BIRTH_DATE: _year,
    FieldKind.MOMENT: _year,
    FieldKind.POSTCODE: _mask_postcode,
}
_GENERALISED: Final[Mapping[FieldKind, Transform]] = {
    FieldKind.DATE: _year,
    FieldKind.MOMENT: _year,
    FieldKind.POSTCODE: _department,
    FieldKind.NUMBER: _number_band,
    FieldKind.INTEGER: _number_band,
}
