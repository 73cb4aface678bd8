"""Words of cells as our own words have them: bases, kinds of people, categories, services, safeguards, days."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from governance.actor import ROLE_LABELS, Role
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.exchange.cnil.labels import KIND_OF, ROLE_NAMES, SAFEGUARDS, SERVICES, plain
from register.exchange.cnil.labels import KINDS as USUAL_KINDS
from register.exchange.tables.data_words import DATA_WORDS
from register.exchange.words import spoken_in
from register.lines.labels import SAFEGUARD_LABELS
from register.lines.values import Safeguard
from register.values import Capacity

_Member = TypeVar("_Member")
# GDPR Art. 6(1)(a) to (f), however the paragraph is set: "6.1.b", "6-1-b", "6(1)(b)", "6 §1 b)".
_LETTER: Final = re.compile(r"\b6\W{0,3}1\W{0,3}([a-f])\b", re.IGNORECASE)
_NO: Final = frozenset({"non", "no", "faux", "false", "inactif", "n", "none"})
_YES: Final = frozenset({"oui", "yes", "vrai", "true", "actif", "x", "o", "y"})
# The first that fits; what comes later would fit words of what comes before.
_BASES: Final[Mapping[str, LawfulBasis]] = {
    "consent": LawfulBasis.CONSENT,
    "contra": LawfulBasis.CONTRACT,
    "obligation": LawfulBasis.LEGAL_OBLIGATION,
    "legitim": LawfulBasis.LEGITIMATE_INTERESTS,
    "vita": LawfulBasis.VITAL_INTERESTS,
    "public": LawfulBasis.PUBLIC_TASK,
}
_CAPACITIES: Final[Mapping[str, Capacity]] = {
    "conjoint": Capacity.JOINT_CONTROLLER,
    "joint": Capacity.JOINT_CONTROLLER,
    "sous traitant": Capacity.PROCESSOR,
    "processor": Capacity.PROCESSOR,
    "responsable": Capacity.CONTROLLER,
    "controller": Capacity.CONTROLLER,
}


def _words(labels: Mapping[_Member, str]) -> dict[str, _Member]:
    """Return what our own words are called in either language, for our own tables."""
    return {plain(spoken_in(language)(label)): each for language in ("fr", "en") for each, label in labels.items()}


_ROLES: Final = {plain(name): role for role, name in ROLE_NAMES.items()} | _words(ROLE_LABELS)
KINDS: Final = _words(KINDS_LABELS)
_USUAL: Final = frozenset(map(plain, USUAL_KINDS.values()))
CATEGORIES: Final = _words(CATEGORY_LABELS)
_SAFEGUARDS: Final = {plain(label)[:24]: each for each, label in SAFEGUARDS.items()} | _words(SAFEGUARD_LABELS)


def means_no(text: str) -> bool:
    """Say whether a cell denies."""
    return plain(text) in _NO or text.strip() == "0"


def means_yes(text: str) -> bool:
    """Say whether a cell affirms."""
    return plain(text) in _YES or text.strip() == "1"


def basis_of(text: str) -> LawfulBasis | None:
    """Return the lawful basis that a cell names, in words or by its letter."""
    letter = _LETTER.search(text)
    if letter is not None:
        return LawfulBasis.from_code(ord(letter[1].lower()) - ord("a") + 1)
    return next((basis for word, basis in _BASES.items() if word in plain(text)), None)


def capacity_of(text: str) -> Capacity | None:
    """Return in what capacity the organisation processes."""
    words = plain(text)
    return next((found for word, found in _CAPACITIES.items() if word in words), None)


def role_of(text: str) -> Role | None:
    """Return the role of the house that a service is."""
    words = plain(text)
    return _ROLES.get(words) or next((found for word, found in SERVICES.items() if word in words), None)


def kind_of(text: str) -> SubjectKind | None:
    """Return the kind of people."""
    words = plain(text)
    found = (kind for word, kind in KIND_OF.items() if words.startswith(word.rstrip("s")))
    return KINDS.get(words) or next(found, None)


def category_of(text: str) -> DataCategory | None:
    """Return the category of data."""
    words = plain(text)
    return CATEGORIES.get(words) or next((found for word, found in DATA_WORDS.items() if word in words), None)


def is_our_category(text: str) -> bool:
    """Say whether a category is called as we call it."""
    return plain(text) in CATEGORIES


def is_our_kind(text: str) -> bool:
    """Say whether a kind of people is called as we, or the simplified register, call it."""
    return plain(text) in KINDS or plain(text) in _USUAL


def safeguard_of(text: str) -> Safeguard | None:
    """Return the safeguard that a text names."""
    words = plain(text)
    return next((each for word, each in _SAFEGUARDS.items() if words and word in words), None)
