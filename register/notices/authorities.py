"""To whom people complain: the supervisory authority of each country. GDPR Art. 13(2)(d), 14(2)(e), 77."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import orjson

# Whose authority is named where that of the controller's country is not one of ours.
HOME: Final = "FR"
# Parts of the Republic with a code of their own; Åland is Finland's, and Svalbard Norway's.
_PARTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT"), "FR"),
    "AX": "FI",
    "SJ": "NO",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A supervisory authority, and where it takes complaints."""

    country: str
    name: str
    site: str
    address: str = ""


def authority_of(country: str) -> Authority:
    """Return the authority of a country; that of our own where the country has none under the Regulation."""
    known = _authorities()
    return known.get(_PARTS.get(country, country), known[HOME])


@cache
def _authorities() -> Mapping[str, Authority]:
    told = orjson.loads(files("register.notices").joinpath("authorities.json").read_bytes())
    return {country: Authority(country=country, **each) for country, each in told["authorities"].items()}
