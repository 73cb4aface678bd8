"""One spelling for what people write in many, so that equal things get equal tokens.

Kinds go by the slugs of the data map's field kinds. A normal form is for comparing; what is stored and shown stays as
it was written.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import phonenumbers
from unidecode import unidecode

from governance.errors import phrase
from governance.vault.errors import LookupValueError

_REGION: Final = "FR"  # of a telephone number written without its country
_FRENCH_NUMBER: Final = re.compile(r"(?:\+33|0033|0)([1-9]\d{8})")
_PUNCTUATION: Final = re.compile(r"[\s.\-/()\u2010-\u2015]")
_LETTERS: Final = re.compile(r"[a-z]+")
_DEPARTEMENT: Final = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[4678]")
_LONGEST: Final = 320  # characters: the longest address, RFC 3696 erratum 1690; longer input is not worth a parser
_SIRET_DIGITS: Final = 14
_SIREN_DIGITS: Final = 9
_POSTCODE_DIGITS: Final = 5
# Corsica's postcodes begin with 20: 200 and 201 in Corse-du-Sud, 202 and 206 in Haute-Corse.
_NORTHERN_CORSICA: Final = "202"


def normalise(kind: str, value: str) -> str:
    """Return the normal form of a value.

    Args:
        kind: `email`, `phone`, `name`, `siret`, `siren` or `postcode` (which becomes a département).
        value: As somebody wrote it.

    Raises:
        LookupValueError: If it is not of the kind; never shows the value.
        KeyError: If the kind has no normal form.
    """
    form = _FORMS[kind]
    if len(value) > _LONGEST:
        raise LookupValueError(kind=kind, expected=phrase("at most {most} characters", most=_LONGEST))
    return form(value)


def words(value: str) -> list[str]:
    """Return the words of a name in ASCII letters and lower case; hyphens, apostrophes and spaces part them."""
    # The cedilla says "s", which plain letters would lose.
    return _LETTERS.findall(unidecode(value.replace("ç", "ss").replace("Ç", "ss")).casefold())


def _email(value: str) -> str:
    folded = value.strip().casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", value.strip()).casefold())
    local, at, domain = folded.rpartition("@")
    if not (at and local and domain) or len(folded.split()) != 1:
        raise LookupValueError(kind="email", expected=phrase("name@domain"))
    return f"{local}@{_unicode_domain(domain)}"


def _unicode_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _phone(value: str) -> str:
    # French numbers without the library, which takes sixty times as long.
    french = _FRENCH_NUMBER.fullmatch(_PUNCTUATION.sub("", value))
    if french:
        return f"+33{french[1]}"
    try:
        number = phonenumbers.parse(value, _REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        # Raised out here, not in the handler: the library's error quotes the value.
        raise LookupValueError(kind="phone", expected=phrase("a telephone number, with +country outside France"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _name(value: str) -> str:
    joined = "".join(words(value))
    if not joined:
        raise LookupValueError(kind="name", expected=phrase("letters"))
    return joined


def _digits(kind: str, length: int) -> Callable[[str], str]:
    def form(value: str) -> str:
        digits = _PUNCTUATION.sub("", value)
        if len(digits) != length or not (digits.isascii() and digits.isdigit()):
            raise LookupValueError(kind=kind, expected=phrase("{length} digits", length=length))
        return digits

    return form


def _departement(value: str) -> str:
    digits = _PUNCTUATION.sub("", value).upper()
    if len(digits) == _POSTCODE_DIGITS and digits.isascii() and digits.isdigit():
        digits = _of_postcode(digits)
    if not _DEPARTEMENT.fullmatch(digits) or digits == "20":
        raise LookupValueError(kind="postcode", expected=phrase("a French postcode or the number of a département"))
    return digits


def _of_postcode(postcode: str) -> str:
    if postcode.startswith("20"):
        return "2A" if postcode < _NORTHERN_CORSICA else "2B"
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "email": _email,
    "phone": _phone,
    "name": _name,
    "siret": _digits("siret", _SIRET_DIGITS),
    "siren": _digits("siren", _SIREN_DIGITS),
    "postcode": _departement,
}
