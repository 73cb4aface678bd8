"""How people write values in files: dates with slashes, numbers with a comma, *oui* and *non*, names of countries.

A spelling is turned into what a JSON caller would have sent; whether that is a value of the field is not decided here.
What is not recognised is handed on as it came, so that validation refuses it.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Final

from unidecode import unidecode

from governance.datamap.values import FieldKind

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
# A spreadsheet writes a date as a moment at midnight.
_AT_MIDNIGHT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?")
_YES: Final = frozenset({"oui", "vrai", "yes", "true", "1", "x", "o", "y"})
_NO: Final = frozenset({"non", "faux", "no", "false", "0", "n"})
# Names of the neighbours and of the European Union, in French and in English, without accents.
COUNTRIES: Final[Mapping[str, str]] = {
    "france": "FR", "allemagne": "DE", "germany": "DE", "autriche": "AT", "austria": "AT", "belgique": "BE",
    "belgium": "BE", "bulgarie": "BG", "bulgaria": "BG", "chypre": "CY", "cyprus": "CY", "croatie": "HR",
    "croatia": "HR", "danemark": "DK", "denmark": "DK", "espagne": "ES", "spain": "ES", "estonie": "EE",
    "estonia": "EE", "finlande": "FI", "finland": "FI", "grece": "GR", "greece": "GR", "hongrie": "HU",
    "hungary": "HU", "irlande": "IE", "ireland": "IE", "italie": "IT", "italy": "IT", "lettonie": "LV",
    "latvia": "LV", "lituanie": "LT", "lithuania": "LT", "luxembourg": "LU", "malte": "MT", "malta": "MT",
    "pays-bas": "NL", "netherlands": "NL", "pologne": "PL", "poland": "PL", "portugal": "PT",
    "republique tcheque": "CZ", "tchequie": "CZ", "czechia": "CZ", "roumanie": "RO", "romania": "RO",
    "slovaquie": "SK", "slovakia": "SK", "slovenie": "SI", "slovenia": "SI", "suede": "SE", "sweden": "SE",
    "suisse": "CH", "switzerland": "CH", "royaume-uni": "GB", "united kingdom": "GB", "monaco": "MC",
    "andorre": "AD", "andorra": "AD", "norvege": "NO", "norway": "NO", "islande": "IS", "iceland": "IS",
    "etats-unis": "US", "united states": "US", "canada": "CA", "maroc": "MA", "morocco": "MA", "algerie": "DZ",
    "algeria": "DZ", "tunisie": "TN", "tunisia": "TN",
}  # fmt: skip


def plain(text: str) -> str:
    """Return the text without accents, in small letters, for looking words up."""
    return unidecode(text).strip().casefold()


def respell(kind: FieldKind, text: str) -> str | int | bool | None:
    """Return what a JSON caller would have sent for a cell that says `text`.

    Args:
        kind: The kind of the field that the cell fills.
        text: The cell; an empty one stands for no value.
    """
    stripped = unicodedata.normalize("NFC", text).strip()
    if not stripped:
        return None
    reader = _READERS.get(kind)
    return stripped if reader is None else reader(stripped)


def declared_choice(choices: Collection[str], text: str) -> str | None:
    """Return the choice, as it is declared, that a cell stands for: the same text, or the one that reads the same.

    Accents, capitals, and what joins words do not count, unless they are all that tells two choices apart.

    Args:
        choices: What the field may hold.
        text: The cell; an empty one stands for no value. What stands for no choice is returned as it came.
    """
    stripped = unicodedata.normalize("NFC", text).strip()
    if not stripped or stripped in choices:
        return stripped or None
    alike = [choice for choice in choices if _folded(choice) == _folded(stripped)]
    return alike[0] if len(alike) == 1 else stripped


def _folded(text: str) -> str:
    return plain(text).replace(" ", "-").replace("_", "-")


def _date(text: str) -> str:
    midnight = _AT_MIDNIGHT.fullmatch(text)
    if midnight:
        return midnight[1]
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = day_first.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return text


def _number(text: str) -> str:
    return "".join(text.split()).replace(",", ".")


def _integer(text: str) -> str | int:
    number = _number(text)
    # A spreadsheet that keeps numbers as floats writes 12 as 12.0.
    number = re.sub(r"\.0+$", "", number)
    return int(number) if re.fullmatch(r"[+-]?[0-9]{1,18}", number) and number.isascii() else text


def _boolean(text: str) -> str | bool:
    word = plain(text)
    if word in _YES:
        return True
    return False if word in _NO else text


def _country(text: str) -> str:
    return COUNTRIES.get(plain(text), text.upper())


_READERS: Final[Mapping[FieldKind, Callable[[str], str | int | bool]]] = {
    FieldKind.DATE: _date,
    FieldKind.BIRTH_DATE: _date,
    FieldKind.NUMBER: _number,
    FieldKind.INTEGER: _integer,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.COUNTRY: _country,
}
