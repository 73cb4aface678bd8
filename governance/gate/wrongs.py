"""What is wrong with a value, in a sentence: by the kind of the field first, then by the code.

The one list of these sentences: forms say them beside the field, programs get them with the code, and the reports of
imports give them as reasons.
"""

from collections.abc import Mapping
from typing import Final

from governance.datamap.values import FieldKind, MappedField
from governance.errors import mark, phrase
from governance.gate.errors import WrongValue
from governance.gate.values import FieldProblem

MISSING: Final = mark("This is missing.")
_BY_CODE: Final[Mapping[str, str]] = {
    FieldProblem.REQUIRED: MISSING,
    FieldProblem.EMPTY: MISSING,
    FieldProblem.MALFORMED: mark("Check how this is written."),
    FieldProblem.TYPE: mark("This takes a number."),
    FieldProblem.CHOICE: mark("Choose one of the list."),
    FieldProblem.RANGE: mark("This is out of bounds."),
    FieldProblem.TOO_LONG: mark("This is too long."),
    FieldProblem.CHARACTERS: mark("This holds characters that cannot be kept."),
    FieldProblem.REFERENCE: mark("There is nothing on file under this number."),
    FieldProblem.TAKEN: mark("Something else on file has this number."),
    FieldProblem.FUTURE: mark("This has not happened yet: the date lies in the future."),
    FieldProblem.COUNTRY: mark("A postcode in France has five digits."),
}
_DATE: Final = mark("This is not a date.")
_DATE_BOUNDS: Final = mark("A date lies between 1800 and 2199.")
_BY_KIND: Final[Mapping[tuple[FieldKind, str], str]] = {
    (FieldKind.EMAIL, FieldProblem.MALFORMED): mark("This is not an e-mail address: check what stands around the @."),
    (FieldKind.PHONE, FieldProblem.MALFORMED): mark(
        "This is not a telephone number: ten digits in France, elsewhere + and the country."
    ),
    (FieldKind.SIRET, FieldProblem.MALFORMED): mark(
        "This is not a SIRET: it has 14 digits, and the last one checks the others."
    ),
    (FieldKind.SIREN, FieldProblem.MALFORMED): mark(
        "This is not a SIREN: it has 9 digits, and the last one checks the others."
    ),
    (FieldKind.IBAN, FieldProblem.MALFORMED): mark("This is not an IBAN: check its letters and digits."),
    (FieldKind.POSTCODE, FieldProblem.MALFORMED): mark("This is not a postcode."),
    (FieldKind.DATE, FieldProblem.MALFORMED): _DATE,
    (FieldKind.DATE, FieldProblem.RANGE): _DATE_BOUNDS,
    (FieldKind.BIRTH_DATE, FieldProblem.MALFORMED): _DATE,
    (FieldKind.BIRTH_DATE, FieldProblem.RANGE): mark("A date of birth lies after 1899."),
    (FieldKind.BIRTH_DATE, FieldProblem.FUTURE): mark("A date of birth does not lie in the future."),
    (FieldKind.MOMENT, FieldProblem.MALFORMED): mark("This is not a date with its time."),
    (FieldKind.MOMENT, FieldProblem.RANGE): _DATE_BOUNDS,
    (FieldKind.COUNTRY, FieldProblem.MALFORMED): mark("This is not a country."),
    (FieldKind.NAF, FieldProblem.MALFORMED): mark("This is not an APE code: four digits and a letter."),
    (FieldKind.URL, FieldProblem.MALFORMED): mark("This is not a web address: it begins with https://."),
    (FieldKind.BOOLEAN, FieldProblem.TYPE): mark("This takes yes or no."),
}


def wrong_of(mapped: MappedField, code: str) -> str:
    """Return what is wrong with a field's value, in English."""
    return _BY_KIND.get((mapped.kind, code)) or _BY_CODE.get(code, _BY_CODE[FieldProblem.MALFORMED])


def is_of_kind(mapped: MappedField, code: str) -> bool:
    """Say whether the kind of a field has a sentence of its own for a code."""
    return (mapped.kind, code) in _BY_KIND or code in {FieldProblem.FUTURE, FieldProblem.COUNTRY}


def wrong_value(mapped: MappedField, code: str) -> WrongValue:
    """Return what is wrong with a field's value, as it is told to programs."""
    return WrongValue(field=mapped.name, code=code, sentence=phrase(wrong_of(mapped, code)))
