"""Countries by the names that people write, in French and in English, and what to call them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale
from unidecode import unidecode

from register.catalogue.countries import COUNTRIES

_NO_LETTERS: Final = re.compile(r"[^a-z]+")
# Names that have changed, and short ones that registers use.
_ALSO: Final[Mapping[str, str]] = {
    "birmanie": "MM", "bielorussie": "BY", "coree du nord": "KP", "coree du sud": "KR", "cote d ivoire": "CI",
    "congo": "CG", "etats unis d amerique": "US", "usa": "US", "gb": "GB", "uk": "GB", "royaume uni": "GB",
    "guernesey": "GG", "hong kong": "HK", "hongkong": "HK", "ile de man": "IM", "iles feroe": "FO", "macedoine": "MK",
    "marshall": "MH", "palestine": "PS", "rep dem du congo": "CD", "rdc": "CD", "saint christophe et nieves": "KN",
    "salomon": "SB", "salvador": "SV", "swaziland": "SZ", "timor oriental": "TL", "viet nam": "VN", "vietnam": "VN",
    "republique tcheque": "CZ", "hollande": "NL", "turquie": "TR", "turkey": "TR", "emirats arabes unis": "AE",
    "republique centrafricaine": "CF", "republique dominicaine": "DO", "sao tome et principe": "ST",
    "saint vincent et les grenadines": "VC", "angleterre": "GB", "iraq": "IQ", "bahrein": "BH", "moldavie": "MD",
    "russie": "RU", "syrie": "SY", "tanzanie": "TZ", "taiwan": "TW", "laos": "LA", "iran": "IR", "brunei": "BN",
    "macao": "MO", "sahara occidental": "EH", "cap vert": "CV", "micronesie": "FM",
}  # fmt: skip


def country_code(name: str) -> str | None:
    """Return the code of a country by a name or its own two letters; None where no country is called so."""
    code = name.strip().upper()
    return code if code in COUNTRIES else _names().get(_plain(name))


def country_name(code: str, language: str) -> str:
    """Return what a country is called in a language."""
    return str(_locale(language).territories.get(code, code))


@cache
def _locale(language: str) -> Locale:
    return Locale(language)


@cache
def _names() -> Mapping[str, str]:
    found = {
        _plain(name): code
        for language in ("en", "fr")
        for code, name in _locale(language).territories.items()
        if code in COUNTRIES
    }
    return {**found, **_ALSO}


def _plain(name: str) -> str:
    return " ".join(_NO_LETTERS.sub(" ", unidecode(name).lower()).split())
