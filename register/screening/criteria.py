"""The criteria of WP 248 rev.01 (III.B.a) that a record can tell, and what they come to. GDPR Art. 35(1), 35(3).

Of the nine, seven are derived from what the record says. That a technology is new, and that a processing keeps people
from a right or a contract, no field of it says: whoever decides has to think of these two. Transfers are none of the
nine.
"""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import orjson

from governance.vocabulary import DataCategory, SubjectKind
from register.values import Provenance

# Two criteria make an assessment likely (WP 248 rev.01, III.B.a); more leave little doubt.
LIKELY: Final = 2
_CLEAR: Final = 3
# What GDPR Art. 9 and 10 guard: on a large scale, Art. 35(3)(b) names both.
_GUARDED: Final = frozenset({DataCategory.SPECIAL, DataCategory.OFFENCES})
# Besides, data that are highly personal: where people are and with what they pay among them.
_PERSONAL: Final = _GUARDED | {DataCategory.LOCATION, DataCategory.ECONOMIC}
_OTHER_HANDS: Final = frozenset({Provenance.THIRD_PARTY_FILE, Provenance.PUBLIC_SOURCE})


class Criterion(StrEnum):
    """What makes a high risk likely, in the order of WP 248 rev.01."""

    EVALUATION = "evaluation"
    DECISION = "automated-decision"
    MONITORING = "monitoring"
    SENSITIVE = "sensitive-data"
    LARGE_SCALE = "large-scale"
    MATCHING = "matching"
    VULNERABLE = "vulnerable-people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What a record says that matters here.

    Attributes:
        data: The kinds of people and categories in use.
        provenances: Where the data come from.
        people: About how many people there are; 0 where nobody said.
        profiles: Whether a machine profiles or decides anything of somebody.
        decides: Whether it decides alone. GDPR Art. 22.
    """

    data: Collection[tuple[SubjectKind, DataCategory]]
    provenances: AbstractSet[Provenance]
    people: int = 0
    profiles: bool = False
    decides: bool = False


def criteria_met(screened: Screened) -> tuple[Criterion, ...]:
    """Return the criteria that a record meets, in their order."""
    return tuple(_met(screened))


def surely_required(screened: Screened) -> bool:
    """Say whether the law itself names such a case, or so many criteria are met that there is little doubt."""
    # GDPR Art. 35(3)(a) and (b).
    large = screened.people >= large_scale()
    named = screened.decides or (large and any(category in _GUARDED for _, category in screened.data))
    return named or len(criteria_met(screened)) >= _CLEAR


@cache
def large_scale() -> int:
    """Return how many people are many: a number that no text gives, kept with its source."""
    told: int = orjson.loads(files("register.screening").joinpath("large_scale.json").read_bytes())["people"]
    return told


def _met(screened: Screened) -> Iterator[Criterion]:
    kinds = {kind for kind, _ in screened.data}
    categories = {category for _, category in screened.data}
    if screened.profiles:
        yield Criterion.EVALUATION
    if screened.decides:
        yield Criterion.DECISION
    if DataCategory.BEHAVIOUR in categories:
        yield Criterion.MONITORING
    if categories & _PERSONAL:
        yield Criterion.SENSITIVE
    if screened.people >= large_scale():
        yield Criterion.LARGE_SCALE
    if screened.provenances & _OTHER_HANDS and screened.provenances - _OTHER_HANDS:
        yield Criterion.MATCHING
    # Who is employed is hardly free to refuse (WP 248 rev.01, criterion 7).
    if SubjectKind.EMPLOYEE in kinds:
        yield Criterion.VULNERABLE
