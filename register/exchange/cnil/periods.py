"""How long data are kept, in a sentence: written for people, and understood where people wrote the usual ones."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from governance.periods import NONE, Period, Unit
from register.exchange.cnil.labels import plain
from register.exchange.written import WrittenTerms
from register.labels import EVENT_LABELS, FATE_LABELS
from register.values import FinalFate, StartingEvent

_AMOUNT: Final = re.compile(r"(\d{1,5})\s*(?:\(\w+\)\s*)?(an|mois|semaine|jour|year|month|week|day)", re.IGNORECASE)
_UNITS: Final[Mapping[str, tuple[int, Unit]]] = {
    "an": (1, Unit.YEAR), "mois": (1, Unit.MONTH), "semaine": (7, Unit.DAY), "jour": (1, Unit.DAY),
    "year": (1, Unit.YEAR), "month": (1, Unit.MONTH), "week": (7, Unit.DAY), "day": (1, Unit.DAY),
}  # fmt: skip
_NAMES: Final[Mapping[Unit, tuple[str, str]]] = {
    Unit.DAY: ("jour", "jours"), Unit.MONTH: ("mois", "mois"), Unit.YEAR: ("an", "ans")
}  # fmt: skip
# By words that such sentences have, the more telling first.
_EVENTS: Final[Mapping[str, StartingEvent]] = {
    "dernier contact": StartingEvent.LAST_CONTACT,
    "derniere connexion": StartingEvent.LAST_CONTACT,
    "derniere commande": StartingEvent.LAST_ORDER,
    "dernier achat": StartingEvent.LAST_ORDER,
    "exercice": StartingEvent.END_OF_FINANCIAL_YEAR,
    "annee comptable": StartingEvent.END_OF_FINANCIAL_YEAR,
    "relation": StartingEvent.END_OF_RELATIONSHIP,
    "depart": StartingEvent.END_OF_CONTRACT,
    "contrat": StartingEvent.END_OF_CONTRACT,
    "versement": StartingEvent.PAYMENT,
    "paiement": StartingEvent.PAYMENT,
    "retrait": StartingEvent.WITHDRAWAL,
    "cloture": StartingEvent.CLOSURE,
    "collecte": StartingEvent.COLLECTION,
    "commande": StartingEvent.LAST_ORDER,
}
_FATES: Final[Mapping[str, FinalFate]] = {
    "anonym": FinalFate.ANONYMISATION,
    "historique": FinalFate.HISTORICAL_ARCHIVE,
    "versement aux archives": FinalFate.HISTORICAL_ARCHIVE,
}


class Kept(NamedTuple):
    """What a sentence says."""

    active_for: Period
    archived_for: Period
    starting_event: StartingEvent
    final_fate: FinalFate


@lru_cache(maxsize=1024)
def period_in_words(terms: WrittenTerms, speak: Callable[[str], str]) -> str:
    """Return how long data are kept, as a sentence."""
    event, fate = speak(EVENT_LABELS[terms.starting_event]), speak(FATE_LABELS[terms.final_fate])
    told = [f"{_span(terms.active_for)} à compter de : {event}" if terms.active_for else f"Jusqu’à : {event}"]
    if terms.archived_for:
        told.append(f"puis {_span(terms.archived_for)} en archivage intermédiaire")
    told.append(f"sort final : {fate}")
    if terms.retention_source:
        told.append(terms.retention_source)
    return " ; ".join(told)


# A register says the same few periods over and over.
@lru_cache(maxsize=1024)
def understood(sentence: str) -> Kept | None:
    """Return what a sentence says; None where it has neither a number nor an end that is known."""
    words = plain(sentence)
    told = [_amount(number, unit) for number, unit in _AMOUNT.findall(sentence)]
    amounts = [amount for amount in told if amount is not None]
    event = next((found for word, found in _EVENTS.items() if word in words), None)
    if (not told and event is None) or len(amounts) < len(told):
        return None
    fate = next((found for word, found in _FATES.items() if word in words), FinalFate.DELETION)
    archived = "archiv" in words and len(amounts) > 1
    return Kept(
        active_for=amounts[0] if amounts else NONE,
        archived_for=amounts[1] if archived else NONE,
        starting_event=event or StartingEvent.COLLECTION,
        final_fate=fate,
    )


def _amount(number: str, unit: str) -> Period | None:
    times, told = _UNITS[unit.lower()]
    try:
        return Period.of(int(number) * times, told)
    except ValueError:
        return None


def _span(period: Period) -> str:
    one, many = _NAMES[period.unit]
    return f"{period.number} {one if period.number == 1 else many}"
