"""Which activities the gate enforces, in part, or not at all: derived from the data map and the mode, never kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.values import DataMap
from governance.gate.rules import governing_category
from governance.oversight.drift.values import Pair
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.declared import declared_pairs
from register.enforcement import Enforcement, Enforcements
from register.lifecycle import Mode
from register.models import Activity


def enforcement_of(pairs: frozenset[Pair], held: frozenset[Pair], *, observes: bool) -> Enforcement:
    """Return the mark of an activity that runs.

    Args:
        pairs: What it names: kinds of people and categories.
        held: What the columns of the map hold.
        observes: Whether its rules only report.
    """
    if not pairs & held:
        return Enforcement.DECLARED
    return Enforcement.PARTLY if observes or pairs - held else Enforcement.ENFORCED


def enforcements_by(attestor: Attestor, base: DataMap) -> Enforcements:
    """Return what gives the marks of activities, from their own rows and the map: no list waits for all policies."""
    return Enforcements(_Marks(attestor, base).of)


class _Marks:
    """Marks activities that run."""

    def __init__(self, attestor: Attestor, base: DataMap) -> None:
        self._attestor: Final = attestor
        self._base: Final = base

    def of(self, session: Session, activities: Collection[Activity], now: datetime) -> Mapping[str, Enforcement]:
        """Return the marks at a moment, in as many statements however many activities; none of what was altered."""
        running = [each for each in activities if each.running and self._is_ours(each)]
        if not running:
            return {}
        named = declared_pairs(session, self._attestor, [each.id for each in running])
        held = held_pairs(load_catalogue(session, self._attestor, self._base))
        return {
            each.slug: enforcement_of(named[each.id], held, observes=each.mode_at(now) is Mode.OBSERVE)
            for each in running
            if each.id in named
        }

    def _is_ours(self, activity: Activity) -> bool:
        try:
            self._attestor.verify(activity)
        except AttestationError:
            return False
        return True


def held_pairs(catalogue: Catalogue) -> frozenset[Pair]:
    """Return whose data of which categories the columns of the map hold."""
    return frozenset(
        (table.links[field.link].kind, governing_category(field))
        for table in catalogue.tables.values()
        for field in table.fields.values()
        if field.link is not None
    )
