"""Which rights people have towards an activity: they follow from its bases, and nobody types them. GDPR chapter III."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from governance.errors import mark
from governance.vocabulary import LawfulBasis

_BASES: Final[Mapping[str, frozenset[LawfulBasis]]] = {
    mark("withdrawal of consent"): frozenset({LawfulBasis.CONSENT}),
    mark("portability"): frozenset({LawfulBasis.CONSENT, LawfulBasis.CONTRACT}),
    mark("objection"): frozenset({LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.PUBLIC_TASK}),
    # GDPR Art. 17(3)(b): what a law or a public task asks for is not erased on demand.
    mark("erasure"): frozenset(LawfulBasis) - {LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.PUBLIC_TASK},
}
_ALWAYS: Final = (mark("access"), mark("rectification"), mark("restriction"))
_ARTICLES: Final[Mapping[str, str]] = {
    "access": "GDPR Art. 15",
    "rectification": "GDPR Art. 16",
    "erasure": "GDPR Art. 17",
    "restriction": "GDPR Art. 18",
    "portability": "GDPR Art. 20",
    "objection": "GDPR Art. 21",
    "human intervention": "GDPR Art. 22(3)",
    "withdrawal of consent": "GDPR Art. 7(3)",
}


def rights_under(bases: Collection[LawfulBasis | None], *, decides_alone: bool) -> Iterator[tuple[str, str]]:
    """Yield the rights that people have, each with its article, in the order of the law.

    Args:
        bases: On which the purposes of the activity rest; None where nobody said it of one.
        decides_alone: Whether a machine alone decides something of somebody.
    """
    had = {*_ALWAYS, *(right for right, under in _BASES.items() if under & set(bases))}
    if decides_alone:
        had.add(mark("human intervention"))
    yield from ((right, article) for right, article in _ARTICLES.items() if right in had)
