"""Minors under 15: their yes counts together with that of a holder of parental authority. GDPR Art. 8, LIL art. 45."""

from collections.abc import Mapping, Sequence

from consent.errors import GuardianRequiredError
from consent.events import Event, Key
from consent.evidence.keeping import EvidenceKeeper
from consent.evidence.values import Age, Evidence
from consent.ledger import Chain
from consent.states import EventKind


def check_age(
    keeper: EvidenceKeeper, chains: Mapping[Key, Chain], said: Sequence[tuple[Event, Evidence | None]]
) -> None:
    """Refuse the yes of a minor alone: by what is said with it, or was said last.

    What a minor alone agreed to is recorded as a request, and given once a holder of parental authority agreed too.

    Args:
        keeper: Who tells what is on file.
        chains: What is recorded of each consent.
        said: Each event, with the evidence that comes with it.

    Raises:
        GuardianRequiredError: If nobody agreed with them.
    """
    alone = [
        (event.key, None if evidence is None else evidence.age)
        for event, evidence in said
        if event.kind is EventKind.GIVEN and (evidence is None or evidence.guardian is None)
    ]
    before = keeper.with_personal_part(key for key, age in alone if age is None and chains[key].events)
    for key, age in alone:
        if (age or (_said_last(keeper, chains[key]) if key in before else None)) is Age.UNDER_15:
            raise GuardianRequiredError


def _said_last(keeper: EvidenceKeeper, known: Chain) -> Age | None:
    kept = keeper.of(known.key, dict(zip(known.places, known.events, strict=True)))
    said = [kept[place].evidence.age for place in sorted(kept)]
    return next((age for age in reversed(said) if age is not None), None)
