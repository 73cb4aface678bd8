"""What a field may hold: strict checks by kind, and one normal form for each value.

Whatever enters a governed row passes here first, be it written through the gate, imported or generated. A clean value
is ready for JSON: text (NFC), a whole number, a truth value, or None. Types are strict: a caller who means a number
sends a number. An error names the field and a code, never the value, which is personal data.
"""

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.fr import nir, siren, siret

from governance.clock import to_rfc3339
from governance.datamap.values import FieldKind, MappedField
from governance.errors import mark
from governance.gate.errors import GateError
from governance.gate.spellings import declared_choice, respell

CleanValue = str | int | bool | None

# Characters at most, by kind; RFC 5321 section 4.5.3.1.3 leaves 254 for an address.
_LENGTHS: Final[Mapping[FieldKind, int]] = {
    FieldKind.TEXT: 200, FieldKind.NAME: 100, FieldKind.EMAIL: 254, FieldKind.PHONE: 40, FieldKind.ADDRESS: 200,
    FieldKind.CITY: 100, FieldKind.POSTCODE: 12, FieldKind.URL: 500, FieldKind.FREE_TEXT: 4000, FieldKind.IBAN: 60,
}  # fmt: skip
_DEFAULT_LENGTH: Final = 64
# What JSON readers hold exactly (RFC 8259, section 6).
_LARGEST_INTEGER: Final = 2**53 - 1
_EARLIEST: Final = date(1800, 1, 1)
_EARLIEST_BIRTH: Final = date(1900, 1, 1)
_LATEST: Final = date(2200, 1, 1)
# They reverse what a reader sees; nobody's name needs them (Unicode UAX 9, explicit directional formatting).
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Mobile numbers that Arcep keeps for fiction; libphonenumber holds them for unassigned, demonstrations need them.
_FICTION: Final = re.compile(r"\+3363998[0-9]{4}")
_POSTCODE: Final = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,9}")
_SPACED_POSTCODE: Final = re.compile(r"[0-9]{2} [0-9]{3}")
_NAF: Final = re.compile(r"([0-9]{2})\.?([0-9]{2})([A-Z])")
# Six decimals at most: what every column and every reader keeps exactly.
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,16}(\.[0-9]{1,6})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})"
)


class FieldProblem(StrEnum):
    """Why a value is refused. Codes are stable: reports and problem documents show them."""

    REQUIRED = "required"
    EMPTY = "empty"
    TYPE = "type"
    TOO_LONG = "too-long"
    CHARACTERS = "characters"
    RANGE = "range"
    CHOICE = "choice"
    REFERENCE = "reference"
    MALFORMED = "malformed"
    TAKEN = "taken"
    FUTURE = "future"
    COUNTRY = "country"


@dataclass(kw_only=True, eq=False)
class FieldInvalidError(GateError):
    """A value that its field cannot hold. The value itself is not told."""

    message: ClassVar[str] = mark("{field}: refused ({code}).")
    field: str
    code: str


class _InvalidError(Exception):
    """Carries the problem from a check to `clean_value`, which knows the field. Never leaves this file."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def clean_value(field: MappedField, raw: object) -> CleanValue:
    """Return the normal form of a value that a program sent.

    Args:
        field: The field that shall hold it.
        raw: What JSON gave: text, whole number, truth value or None.

    Raises:
        FieldInvalidError: If the field cannot hold it.
    """
    if raw is None:
        if field.required:
            raise FieldInvalidError(field=field.name, code=FieldProblem.REQUIRED)
        return None
    try:
        return _clean(field, raw)
    except _InvalidError as refused:
        raise FieldInvalidError(field=field.name, code=refused.problem) from None


def parse_text(field: MappedField, text: str) -> CleanValue:
    """Return the normal form of a cell of a file, written as people write.

    Args:
        field: The field that the cell fills.
        text: The cell; an empty one stands for no value.

    Raises:
        FieldInvalidError: If the field cannot hold it.
    """
    spelt = declared_choice(field.choices, text) if field.kind is FieldKind.CHOICE else respell(field.kind, text)
    return clean_value(field, spelt)


def _clean(field: MappedField, raw: object) -> CleanValue:
    if field.kind is FieldKind.INTEGER:
        return _integer(raw)
    if field.kind is FieldKind.BOOLEAN:
        if not isinstance(raw, bool):
            raise _InvalidError(FieldProblem.TYPE)
        return raw
    if field.kind is FieldKind.NUMBER:
        return _number(raw)
    return _clean_text(field, _text(field.kind, raw))


def _clean_text(field: MappedField, text: str) -> str:
    if field.kind is FieldKind.CHOICE:
        if text not in field.choices:
            raise _InvalidError(FieldProblem.CHOICE)
        return text
    if field.nir:
        return _by_standard(nir.validate, text)
    check = _CHECKS.get(field.kind)
    return text if check is None else check(text)


def _integer(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _InvalidError(FieldProblem.TYPE)
    if abs(raw) > _LARGEST_INTEGER:
        raise _InvalidError(FieldProblem.RANGE)
    return raw


def _number(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise _InvalidError(FieldProblem.TYPE)
    if isinstance(raw, str) and not _NUMBER.fullmatch(raw):
        raise _InvalidError(FieldProblem.MALFORMED)
    number = Decimal(str(raw))
    if not number.is_finite() or abs(number) > _LARGEST_INTEGER:
        raise _InvalidError(FieldProblem.RANGE)
    rounded = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded


def _text(kind: FieldKind, raw: object) -> str:
    if not isinstance(raw, str):
        raise _InvalidError(FieldProblem.TYPE)
    text = raw.strip()
    if not text:
        raise _InvalidError(FieldProblem.EMPTY)
    if len(text) > _LENGTHS.get(kind, _DEFAULT_LENGTH):
        raise _InvalidError(FieldProblem.TOO_LONG)
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    allowed = "\n\t" if kind is FieldKind.FREE_TEXT else ""
    if kind is FieldKind.FREE_TEXT:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        # Cc: controls; Cs: halves of surrogate pairs, which no encoding carries; Co and Cn: no agreed meaning.
        unreadable = unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} and character not in allowed
        if unreadable or character in _BIDI_CONTROLS:
            raise _InvalidError(FieldProblem.CHARACTERS)
    return text


def _by_standard(validate: Callable[[str], str], text: str) -> str:
    try:
        return validate(text)
    except ValidationError:
        raise _InvalidError(FieldProblem.MALFORMED) from None


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise _InvalidError(FieldProblem.MALFORMED) from None


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        raise _InvalidError(FieldProblem.MALFORMED) from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not _FICTION.fullmatch(e164):
        raise _InvalidError(FieldProblem.MALFORMED)
    return e164


def _day(text: str, earliest: date) -> str:
    if not _DATE.fullmatch(text):
        raise _InvalidError(FieldProblem.MALFORMED)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _InvalidError(FieldProblem.MALFORMED) from None
    if not earliest <= day < _LATEST:
        raise _InvalidError(FieldProblem.RANGE)
    return text


def _moment(text: str) -> str:
    if not _MOMENT.fullmatch(text):
        raise _InvalidError(FieldProblem.MALFORMED)
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _InvalidError(FieldProblem.MALFORMED) from None
    if not _EARLIEST <= moment.date() < _LATEST:
        raise _InvalidError(FieldProblem.RANGE)
    return to_rfc3339(moment)


def _postcode(text: str) -> str:
    # The value does not know its country, which `gate/likely.py` does: five digits are as good in Rome as in Lyon.
    code = text.upper()
    if _SPACED_POSTCODE.fullmatch(code):
        code = code.replace(" ", "")
    if not _POSTCODE.fullmatch(code):
        raise _InvalidError(FieldProblem.MALFORMED)
    return code


def _country(text: str) -> str:
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise _InvalidError(FieldProblem.MALFORMED)
    return text


def _naf(text: str) -> str:
    found = _NAF.fullmatch(text.upper())
    if found is None:
        raise _InvalidError(FieldProblem.MALFORMED)
    return f"{found[1]}.{found[2]}{found[3]}"


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _InvalidError(FieldProblem.MALFORMED) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(c.isspace() for c in text):
        raise _InvalidError(FieldProblem.MALFORMED)
    return text


def _reference(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise _InvalidError(FieldProblem.REFERENCE) from None


# Kinds without a line here are plain text: text, name, address, city, free text.
_CHECKS: Final[Mapping[FieldKind, Callable[[str], str]]] = {
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.IBAN: lambda text: _by_standard(iban.validate, text),
    FieldKind.SIRET: lambda text: _by_standard(siret.validate, text),
    FieldKind.SIREN: lambda text: _by_standard(siren.validate, text),
    FieldKind.DATE: lambda text: _day(text, _EARLIEST),
    FieldKind.BIRTH_DATE: lambda text: _day(text, _EARLIEST_BIRTH),
    FieldKind.MOMENT: _moment,
    FieldKind.POSTCODE: _postcode,
    FieldKind.COUNTRY: _country,
    FieldKind.NAF: _naf,
    FieldKind.URL: _url,
    FieldKind.REFERENCE: _reference,
}
