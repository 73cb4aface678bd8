"""What every kind reads from: the policies in force, the activities that run, the time; and what was found altered."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from governance.datamap.values import MappedField, MappedTable
from governance.days import day_of
from governance.gate.rules import governing_category
from governance.gate.snapshot import PolicySnapshot
from governance.oversight.drift.models import DriftLook
from governance.oversight.drift.values import ActivityRef, Pair
from governance.oversight.values import Label
from governance.vault.attest import Attested, Attestor
from governance.vault.attested import table_of
from register.models import Activity
from register.values import DeclaredPurpose
from register.verified import Altered, verified_rows


@dataclass(kw_only=True)
class Ground:
    """What the report is worked out of. Each part is read once, when a kind first asks for it.

    Attributes:
        snapshot: The policies, read anew: those that the gate has at hand do not tell what was altered since.
        altered: What was met and is not as Égide wrote it, by table: none of it counts, and the report says so.
    """

    session: Session
    attestor: Attestor
    snapshot: PolicySnapshot
    now: datetime
    altered: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def today(self) -> date:
        """The day."""
        return day_of(self.now)

    @cached_property
    def purposes(self) -> list[DeclaredPurpose]:
        """The purposes that are open, by slug."""
        return [each for _, each in sorted(self.snapshot.purposes.items()) if each.open]

    @cached_property
    def running(self) -> Mapping[uuid.UUID, ActivityRef]:
        """The activities that run; one that was altered is left out, and told of by what the gate left out."""
        wanted = ("id", "slug", "name_fr", "name_en", "owner_id", "capacity")
        rows = verified_rows(self.session, self.attestor, Activity, wanted, Activity.running.is_(True))
        found = (row for row in rows if not isinstance(row, Altered))
        return {
            row[0]: ActivityRef(
                id=row[0], slug=row[1], label=Label(fr=row[2], en=row[3]), owner_id=row[4], capacity=row[5]
            )
            for row in found
        }

    @cached_property
    def by_slug(self) -> Mapping[str, ActivityRef]:
        """The same, by slug."""
        return {each.slug: each for each in self.running.values()}

    @cached_property
    def columns(self) -> Mapping[Pair, list[tuple[MappedTable, MappedField]]]:
        """The columns of the map that speak of somebody, by whom and what the gate takes them for."""
        found: dict[Pair, list[tuple[MappedTable, MappedField]]] = defaultdict(list)
        for table in self.snapshot.catalogue.tables.values():
            for column in table.fields.values():
                if column.link is not None:
                    kind = table.links[column.link].kind
                    found[kind, governing_category(column)].append((table, column))
        return dict(found)

    @cached_property
    def uses(self) -> Mapping[Pair, list[DeclaredPurpose]]:
        """The open purposes that use each pair of kind and category."""
        found: dict[Pair, list[DeclaredPurpose]] = defaultdict(list)
        for purpose in self.purposes:
            for pair in purpose.data:
                found[pair].append(purpose)
        return dict(found)

    @cached_property
    def looks(self) -> Mapping[str, DriftLook]:
        """What the worker saw of the data when it last looked, by place."""
        rows = self.session.scalars(select(DriftLook).order_by(DriftLook.place))
        return {row.place: row for row in rows if self.is_whole(row)}

    def activity_of(self, purpose: DeclaredPurpose) -> tuple[ActivityRef, ...]:
        """Return the activity of a purpose, where it can be told."""
        found = self.by_slug.get(purpose.activity_slug)
        return () if found is None else (found,)

    def whole(
        self, model: type[Attested], wanted: tuple[str, ...], *where: ColumnElement[bool]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the wanted columns of the rows that Égide wrote; any other is counted as altered."""
        for row in verified_rows(self.session, self.attestor, model, wanted, *where):
            if isinstance(row, Altered):
                self.altered[row.table] += 1
            else:
                yield row

    def is_whole(self, row: Attested) -> bool:
        """Say whether Égide wrote a row; one that it did not write is counted as altered."""
        whole = self.attestor.is_whole(row)
        if not whole:
            self.altered[table_of(type(row)).name] += 1
        return whole
