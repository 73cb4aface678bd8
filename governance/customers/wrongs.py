"""What is wrong with a value, said to whoever typed it: by the kind of the field first, then by the code."""

from collections.abc import Mapping
from typing import Final

from governance.customers.record import CENTS, kind_of
from governance.datamap.values import FieldKind, MappedField
from governance.errors import mark
from governance.gate.values import FieldProblem

_BY_CODE: Final[Mapping[str, str]] = {
    FieldProblem.REQUIRED: mark("This is missing."),
    FieldProblem.EMPTY: mark("This is missing."),
    FieldProblem.MALFORMED: mark("Check how this is written."),
    FieldProblem.TYPE: mark("This takes a number."),
    FieldProblem.CHOICE: mark("Choose one of the list."),
    FieldProblem.RANGE: mark("This is out of bounds."),
    FieldProblem.TOO_LONG: mark("This is too long."),
    FieldProblem.CHARACTERS: mark("This holds characters that cannot be kept."),
    FieldProblem.REFERENCE: mark("There is nothing on file under this number."),
    FieldProblem.TAKEN: mark("Something else on file has this number."),
}
_DATE: Final = mark("This is not a date.")
_MALFORMED: Final[Mapping[str, str]] = {
    FieldKind.EMAIL.value: mark("This is not an e-mail address: check what stands around the @."),
    FieldKind.PHONE.value: mark("This is not a telephone number: ten digits in France, elsewhere + and the country."),
    FieldKind.SIRET.value: mark("This is not a SIRET: it has 14 digits, and the last one checks the others."),
    FieldKind.SIREN.value: mark("This is not a SIREN: it has 9 digits, and the last one checks the others."),
    FieldKind.IBAN.value: mark("This is not an IBAN: check its letters and digits."),
    FieldKind.POSTCODE.value: mark("This is not a postcode."),
    FieldKind.DATE.value: _DATE,
    FieldKind.BIRTH_DATE.value: _DATE,
    FieldKind.MOMENT.value: mark("This is not a date with its time."),
    FieldKind.COUNTRY.value: mark("This is not a country."),
    FieldKind.NAF.value: mark("This is not an APE code: four digits and a letter."),
    FieldKind.URL.value: mark("This is not a web address: it begins with https://."),
}
_AMOUNT: Final = mark("This is not an amount.")


def wrong_of(mapped: MappedField, code: str) -> str:
    """Return what is wrong with a field's value, in English."""
    if kind_of(mapped) == CENTS and code in {FieldProblem.TYPE, FieldProblem.MALFORMED}:
        return _AMOUNT
    if code == FieldProblem.MALFORMED and mapped.kind.value in _MALFORMED:
        return _MALFORMED[mapped.kind.value]
    return _BY_CODE.get(code, _BY_CODE[FieldProblem.MALFORMED])
