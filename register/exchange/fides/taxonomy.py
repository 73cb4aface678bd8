"""What the keys of Fides's taxonomies stand for here: our own table of facts, `taxonomy.json`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar

import orjson

from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.lines.values import DecisionGround, Safeguard
from register.values import SpecialCondition

_Found = TypeVar("_Found")
# The first version of the taxonomy told what people provide from what is derived.
_OLDER: Final = ("user.provided.identifiable.", "user.derived.identifiable.", "user.provided.", "user.derived.")
# In small letters; the older spelling of each beside the newer.
BASES: Final[Mapping[str, LawfulBasis]] = {
    "consent": LawfulBasis.CONSENT,
    "contract": LawfulBasis.CONTRACT,
    "legal obligations": LawfulBasis.LEGAL_OBLIGATION,
    "legal obligation": LawfulBasis.LEGAL_OBLIGATION,
    "vital interests": LawfulBasis.VITAL_INTERESTS,
    "vital interest": LawfulBasis.VITAL_INTERESTS,
    "public interest": LawfulBasis.PUBLIC_TASK,
    "legitimate interests": LawfulBasis.LEGITIMATE_INTERESTS,
}
# By how each begins; GDPR Art. 9(2).
CONDITIONS: Final[Mapping[str, SpecialCondition]] = {
    "explicit consent": SpecialCondition.EXPLICIT_CONSENT,
    "employment": SpecialCondition.EMPLOYMENT,
    "vital interest": SpecialCondition.VITAL_INTERESTS,
    "not-for-profit": SpecialCondition.NON_PROFIT_BODY,
    "made public": SpecialCondition.MADE_PUBLIC,
    "legal claims": SpecialCondition.LEGAL_CLAIMS,
    "reasons of substantial public interest": SpecialCondition.PUBLIC_INTEREST,
    "health or social care": SpecialCondition.HEALTH_CARE,
    "public health": SpecialCondition.PUBLIC_HEALTH,
    "archiving": SpecialCondition.ARCHIVING_RESEARCH,
}
SAFEGUARDS: Final[Mapping[str, Safeguard]] = {
    "adequacy decision": Safeguard.ADEQUACY,
    "sccs": Safeguard.STANDARD_CLAUSES,
    "bcrs": Safeguard.BINDING_RULES,
}
GROUNDS: Final[Mapping[str, DecisionGround]] = {
    "explicit consent": DecisionGround.EXPLICIT_CONSENT,
    "contract": DecisionGround.CONTRACT,
    "authorised by law": DecisionGround.LAW,
}
# Uses that say on which channel people are written to.
_CHANNELS: Final[Mapping[str, Channel]] = {
    "marketing.communications.email": Channel.EMAIL,
    "marketing.communications.sms": Channel.SMS,
}


def category_of(key: str) -> DataCategory | None:
    """Return the category that a key stands for; one below a known key stands for the same."""
    found = _nearest(_known()["categories"], _newer(key))
    return None if found is None else DataCategory(found)


def is_of_nobody(key: str) -> bool:
    """Say whether a key stands for data of a system, and of no person."""
    return key.partition(".")[0] in _known()["without_people"]


def kind_of(key: str) -> SubjectKind | None:
    """Return the kind of people that a key stands for."""
    found = _nearest(_known()["subjects"], key)
    return None if found is None else SubjectKind(found)


def words_of_use(key: str) -> tuple[str, str]:
    """Return what a use is called, in French and in English; the key itself where it is not known."""
    fr, en = _nearest(_known()["uses"], key) or (key, key)
    return fr, en


def channel_of(key: str) -> Channel | None:
    """Return the channel that a use is about."""
    return _nearest(_CHANNELS, key)


def _newer(key: str) -> str:
    older = next((each for each in _OLDER if key.startswith(each)), None)
    return key if older is None else f"user.{key.removeprefix(older)}"


def _nearest(known: Mapping[str, _Found], key: str) -> _Found | None:
    while key and key not in known:
        key = key.rpartition(".")[0]
    return known.get(key)


@cache
def _known() -> Mapping[str, Any]:
    known: Mapping[str, Any] = orjson.loads(files("register.exchange.fides").joinpath("taxonomy.json").read_bytes())
    return known
