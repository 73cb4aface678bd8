"""How far what an activity declares holds by itself: told by the rooms above, who know the data map and the gate."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from governance.errors import mark
from register.models import Activity


class Enforcement(StrEnum):
    """What the gate makes of an activity that runs."""

    # It refuses by itself, and holds all the data that the activity names.
    ENFORCED = "enforced"
    # It holds some of them only, or observes for now.
    PARTLY = "partly-enforced"
    # It holds none of them: the activity lies outside the base.
    DECLARED = "declared-only"


@dataclass(frozen=True, slots=True)
class Enforcements:
    """Gives the mark of each of some activities, by slug, at a moment; of one that is missing nothing can be told."""

    of: Callable[[Session, Collection[Activity], datetime], Mapping[str, Enforcement]]


ENFORCEMENT_LABELS: Final[Mapping[Enforcement, str]] = {
    Enforcement.ENFORCED: mark("enforced"),
    Enforcement.PARTLY: mark("partly enforced"),
    Enforcement.DECLARED: mark("declared only"),
}
ENFORCEMENT_MEANINGS: Final[Mapping[Enforcement, str]] = {
    Enforcement.ENFORCED: mark("The gate refuses what is not declared, and holds all the data named here."),
    Enforcement.PARTLY: mark("The gate observes for now, or holds only some of the data named here."),
    Enforcement.DECLARED: mark("The base holds none of the data named here: nothing enforces what is said of them."),
}
