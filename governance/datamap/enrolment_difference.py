"""What a page of source rows asks of the registry: which registrations are new, which name somebody else now.

Nothing is written here. Registrations that were altered outside Égide are neither used nor mended: a person must look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.datamap.enrolment_plan import Stage, link_name
from governance.datamap.errors import SourceKeyError
from governance.datamap.registry import Registration, Signer, registrations
from governance.datamap.source_keys import source_key_of
from governance.datamap.values import Link, MappedTable
from governance.vocabulary import SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A row of a source: its key, and for each link that refers to another row, that row's key or None."""

    source_key: str
    referred: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A page of rows as it was read.

    Attributes:
        rows: Those whose key can name them.
        read: How many were read.
        last_key: The last key that can be named; the next page begins after it.
    """

    rows: tuple[SourceRow, ...]
    read: int

    @property
    def last_key(self) -> str | None:
        """Where the next page begins."""
        return self.rows[-1].source_key if self.rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistration:
    """A registration to be written: `kind` where a data subject must be put on file for it."""

    source_key: str
    link: str
    subject_id: int | None = None
    kind: SubjectKind | None = None


@dataclass(slots=True, kw_only=True)
class Difference:
    """What is to be written for a page, and what was noticed.

    Attributes:
        new: Registrations to add.
        moved: Registrations that name somebody else now.
        stale: Registrations to remove, for they name somebody whom their row has left for a person not enrolled yet.
        row_ids: Ids of rows some of whose links are registered already.
        waiting: Links to rows that are not enrolled yet.
        returned: Links of rows that were gone.
        altered: Registrations that Égide did not write.
    """

    new: list[NewRegistration] = field(default_factory=list)
    moved: list[tuple[Registration, int | None]] = field(default_factory=list)
    stale: list[Registration] = field(default_factory=list)
    row_ids: dict[str, UUID] = field(default_factory=dict)
    waiting: int = 0
    returned: int = 0
    altered: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.new or self.moved or self.stale)


def read_page(stage: Stage, page: Sequence[tuple[Any, ...]]) -> SourcePage:
    """Return a page with its keys as texts."""
    rows: dict[str, SourceRow] = {}
    for values in page:
        try:
            row = _read_row(stage, values)
        except SourceKeyError:
            continue
        rows[row.source_key] = row
    return SourcePage(rows=tuple(rows.values()), read=len(page))


def referring_columns(stage: Stage) -> list[str]:
    """Return the columns, beside the key, that a stage needs."""
    return [column for link in stage.links if link is not None for column in link.columns]


def _read_row(stage: Stage, values: tuple[Any, ...]) -> SourceRow:
    width = len(stage.table.key)
    source_key, position = source_key_of(values[:width]), width
    referred: dict[str, str | None] = {}
    for link in stage.links:
        if link is None or link.of is None:
            continue
        reference = values[position : position + len(link.columns)]
        position += len(link.columns)
        # As in SQL, a key with a NULL in it refers to nothing.
        referred[link.name] = None if None in reference else source_key_of(reference)
    return SourceRow(source_key=source_key, referred=referred)


class Comparison:
    """Compares a page with the registry, within one transaction."""

    def __init__(self, session: Session, signer: Signer, tables: Mapping[str, MappedTable], stage: Stage) -> None:
        """Know where to look."""
        self._session = session
        self._signer = signer
        self._tables = tables
        self._stage = stage
        self._found = Difference()

    def of(self, rows: Sequence[SourceRow]) -> Difference:
        """Return what the page asks for."""
        known = self._known(rows)
        for link in self._stage.links:
            persons = self._persons(link, rows)
            for row in rows:
                existing = known.get((row.source_key, link_name(link)))
                if existing is None:
                    self._add(link, row, persons)
                else:
                    self._compare(link, row, existing, persons)
        return self._found

    def _known(self, rows: Sequence[SourceRow]) -> dict[tuple[str, str], Registration]:
        known = {}
        for found in registrations(self._session, self._stage.table.id, [row.source_key for row in rows]):
            known[found.source_key, found.link] = found
            if self._signer.fits(found):
                self._found.row_ids[found.source_key] = found.row_id
        return known

    def _persons(self, link: Link | None, rows: Sequence[SourceRow]) -> dict[str, int | None]:
        """Return the persons of the rows that a link refers to, by their keys."""
        if link is None or link.of is None:
            return {}
        keys = {key for row in rows if (key := row.referred[link.name]) is not None}
        return {
            found.source_key: found.subject_id
            for found in registrations(self._session, self._tables[link.of].id, keys)
            if found.link == link.of_link and found.gone_at is None and self._signer.fits(found)
        }

    def _add(self, link: Link | None, row: SourceRow, persons: Mapping[str, int | None]) -> None:
        name, source_key = link_name(link), row.source_key
        if link is None:
            self._found.new.append(NewRegistration(source_key=source_key, link=name))
        elif link.of is None:
            self._found.new.append(NewRegistration(source_key=source_key, link=name, kind=link.kind))
        else:
            reference = row.referred[link.name]
            if reference is None:
                self._found.new.append(NewRegistration(source_key=source_key, link=name))
            elif reference in persons:
                person = persons[reference]
                self._found.new.append(NewRegistration(source_key=source_key, link=name, subject_id=person))
            else:
                self._found.waiting += 1

    def _compare(
        self, link: Link | None, row: SourceRow, existing: Registration, persons: Mapping[str, int | None]
    ) -> None:
        if not self._signer.fits(existing):
            self._found.altered += 1
        elif existing.gone_at is not None:
            self._found.returned += 1
        elif link is not None and link.of is not None:
            self._follow(link, row, existing, persons)

    def _follow(self, link: Link, row: SourceRow, existing: Registration, persons: Mapping[str, int | None]) -> None:
        reference = row.referred[link.name]
        if reference is not None and reference not in persons:
            self._found.waiting += 1
            self._found.stale.append(existing)
            return
        person = None if reference is None else persons[reference]
        if person != existing.subject_id:
            self._found.moved.append((existing, person))
