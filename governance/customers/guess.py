"""Which way of looking fits what somebody typed: an @ is an e-mail address, digits a telephone or a postcode.

Given names have no index, as a whole name is rarely needed and says more: of several words, one is looked for as a
family name, and the given names of those who are found are compared with the other.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from governance.customers.ways import WAYS, Way

# As the form calls it: the way follows from what was typed.
AUTOMATIC: Final = ""
_BETWEEN: Final = re.compile(r"[\s.()/-]+")
_PHONE_DIGITS: Final = 9
_POSTCODE_DIGITS: Final = 5
_BY_SLUG: Final[Mapping[str, Way]] = {way.slug: way for way in WAYS}


def ways_for(slug: str, wanted: str, offered: Sequence[Way]) -> tuple[Way, ...]:
    """Return the ways to try, of those that a purpose offers.

    Args:
        slug: The way that was chosen, or `AUTOMATIC`.
        wanted: What was typed.
        offered: The ways that the purpose offers.
    """
    if slug != AUTOMATIC:
        chosen = _BY_SLUG.get(slug)
        # Whether the purpose allows it, the gate says.
        return () if chosen is None else (chosen,)
    return tuple(_BY_SLUG[each] for each in _likely(wanted) if _BY_SLUG[each] in offered)


def looks_like_a_number(slug: str, wanted: str) -> bool:
    """Say whether what was typed may be the number of a customer or an order, as far as nobody chose another way."""
    return slug in {AUTOMATIC, "number"} and _likely(wanted.strip()) == ("number",)


def full_names(wanted: str) -> tuple[tuple[str, str], ...]:
    """Return the family and given names that several words may be: either may come first, and have several words."""
    words = wanted.split()
    cuts = sorted({1, len(words) - 1} - {0, len(words)})
    parts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in cuts]
    return tuple(pair for first, last in parts for pair in ((last, first), (first, last)))


def _likely(wanted: str) -> tuple[str, ...]:
    if "@" in wanted:
        return ("email",)
    compact = _BETWEEN.sub("", wanted)
    digits = compact.removeprefix("+")
    if digits.isdecimal():
        return _of_digits(compact, digits)
    return ("number",) if any(each.isdecimal() for each in compact) else ("name",)


def _of_digits(compact: str, digits: str) -> tuple[str, ...]:
    if compact.startswith("+") or len(digits) >= _PHONE_DIGITS:
        return ("phone", "mobile")
    return ("postcode",) if len(digits) <= _POSTCODE_DIGITS else ("number",)
