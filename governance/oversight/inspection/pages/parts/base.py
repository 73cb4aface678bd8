"""What a part of the file is, and what it is made of. A later room adds its own to `parts.PARTS`."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from governance.days import day_of
from governance.gate.snapshot import PolicySnapshot
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.pages.press import Press
from governance.vault.attest import Attestor
from governance.vault.sealed_store import SealedStore
from register.lifecycle import ActivityState
from register.models import Activity, Purpose

# WeasyPrint takes about 6 MB an activity: a volume holds so many at most.
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a part goes on: `at` is its own word for it, empty at first; `size`, how many things a piece may hold."""

    at: str = ""
    size: int = AT_ONCE


@dataclass(kw_only=True)
class Ground:
    """What parts read from.

    Attributes:
        file: The file that is made; None where somebody only asks what one would hold.
        anchor: The folder of the log's checkpoints.
        evidence: The sealed files of the library.
    """

    session: Session = field(repr=False)
    attestor: Attestor = field(repr=False)
    snapshot: Callable[[], PolicySnapshot] = field(repr=False)
    now: datetime
    anchor: Path
    evidence: SealedStore = field(repr=False)
    file: InspectionFile | None = field(default=None, repr=False)

    @property
    def today(self) -> date:
        """The day."""
        return day_of(self.now)

    @property
    def only(self) -> tuple[str, ...]:
        """The short names of the activities that it is about; empty for all."""
        return () if self.file is None else self.file.only

    @property
    def activities(self) -> ColumnElement[bool]:
        """The condition that an activity is one of those: retired ones are no processing any more."""
        wanted = Activity.state != ActivityState.RETIRED
        if self.only:
            wanted &= Activity.slug.in_(self.only)
        if self.file is not None and self.file.last_id is not None:
            wanted &= Activity.id <= self.file.last_id
        return wanted

    @cached_property
    def purposes(self) -> Mapping[int, tuple[str, str]]:
        """What the purposes of these activities are called, in French and in English, by number."""
        rows = self.session.execute(
            select(Purpose.id, Purpose.label_fr, Purpose.label_en)
            .join(Activity, Activity.id == Purpose.activity_id)
            .where(Activity.slug.in_(self.only) if self.only else true())
            .order_by(Purpose.id)
        )
        return {row.id: (row.label_fr, row.label_en) for row in rows}

    @cached_property
    def in_scope(self) -> frozenset[uuid.UUID]:
        """The activities it is about, where some are named."""
        return frozenset(self.session.scalars(select(Activity.id).where(Activity.slug.in_(self.only))))


class Part(Protocol):
    """One part of the file: a room of the house, as an authority asks for it."""

    @property
    def key(self) -> str:
        """What it is called in the archive, in letters, digits and hyphens."""
        ...

    @property
    def title(self) -> str:
        """What it is called, marked for translation."""
        ...

    @property
    def article(self) -> str:
        """The provision that asks for it."""
        ...

    @property
    def missing(self) -> str:
        """What the house cannot give yet, marked for translation; empty where it gives all of it."""
        ...

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Say how many of what it would hold; the words are marked for translation."""
        ...

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make the pieces of a step, and say where the next one begins; None where nothing is left.

        Args:
            ground: What to read from.
            press: What numbers and seals pieces.
            place: Where the last step ended.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A part that the house cannot give yet: the file says so, rather than being silent."""

    key: str
    title: str
    article: str
    missing: str

    def counts(self, ground: Ground) -> Mapping[str, int]:
        """Count nothing."""
        return {}

    def make(self, ground: Ground, press: Press, place: Place) -> Place | None:
        """Make nothing: the index says what is missing."""
        return None
