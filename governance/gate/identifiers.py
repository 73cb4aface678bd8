"""What people are known by, opened for the list of refusals alone: nothing of it is released, only keyed hashes stay.

Rows of Égide's own tables. What another program's database says of people lies there, and nothing is read of it here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.identifiers import NOBODY, Identifier, IdentifierKind, Identifiers, KnownBy
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.values import (
    DataMap,
    MappedField,
    MappedTable,
    Search,
    Storage,
    box_column,
    box_companion,
    subject_column,
)
from governance.gate.boxing import Owner, RowBoxer, clear_fields, physical_table
from governance.gate.errors import BoxTamperedError, RowTamperedError
from governance.gate.holders import find_all_holders
from governance.gate.row_macs import RowSigner
from governance.vault.attest import Attestor
from governance.vault.errors import LookupValueError, SubjectErasedError, SubjectKeyError, SubjectUnknownError
from governance.vault.keyring import Keyring
from governance.vault.normal_forms import normalise
from governance.vault.subject_keys import open_subject
from governance.vocabulary import SubjectKind

_AT_ONCE: Final = 500
_KINDS: Final[Mapping[str, IdentifierKind]] = {kind.value: kind for kind in IdentifierKind}


def identifying_fields(table: MappedTable) -> list[tuple[str, MappedField, IdentifierKind]]:
    """Return the fields by which people are reached, each with its link and what it is."""
    return [
        (mapped.link, mapped, _KINDS[mapped.kind.value])
        for mapped in table.fields.values()
        if mapped.link is not None and mapped.kind.value in _KINDS
    ]


def read_form(kind: IdentifierKind, value: object) -> str | None:
    """Return the normal form of what a field holds; None where it has none, or nothing is there."""
    if not isinstance(value, str):
        return None
    try:
        return normalise(kind, value)
    except LookupValueError:
        return None


def identifiers_by(keyring: Keyring, attestor: Attestor, base: DataMap) -> Identifiers:
    """Return what opens identifiers and finds who has them.

    The data map is read in the caller's transaction, and not taken from the policies: an objection is heard while these
    are closed, too.
    """

    def opener(session: Session) -> _Opener:
        return _Opener(session, keyring, load_catalogue(session, attestor, base))

    return Identifiers(
        of=lambda session, subject_id: opener(session).of(subject_id),
        holders=lambda session, identifiers: opener(session).holders(identifiers),
    )


@dataclass(frozen=True, slots=True)
class _Opener:
    session: Session
    keyring: Keyring = field(repr=False)
    catalogue: Catalogue = field(repr=False)

    def of(self, subject_id: int) -> KnownBy:
        try:
            subject, key = open_subject(self.session, self.keyring, subject_id)
        except (SubjectErasedError, SubjectUnknownError, SubjectKeyError):
            return NOBODY
        kind = SubjectKind.from_code(subject.kind)
        owner = Owner(id=subject_id, kind=kind, key=key, key_version=subject.key_version)
        found: set[Identifier] = set()
        unread = 0
        for table in self._tables():
            for row in self._rows(table, subject_id):
                try:
                    found |= self._of_row(table, owner, row)
                except (BoxTamperedError, RowTamperedError):
                    unread += 1
        return KnownBy(identifiers=frozenset(found), unread=unread)

    def holders(self, identifiers: Collection[Identifier]) -> set[int]:
        people: set[int] = set()
        for table in self._tables():
            for link, mapped, kind in identifying_fields(table):
                if mapped.storage is Storage.SEALED and Search.EXACT in mapped.search:
                    values = sorted({each.form for each in identifiers if each.kind is kind})
                    people |= self._people(table, link, self._holding((table, mapped), values))
        return people

    def _holding(self, where: tuple[MappedTable, MappedField], values: list[str]) -> set[Any]:
        try:
            found = find_all_holders(self.session, self.keyring, self.catalogue, where, values)
        except (BoxTamperedError, SubjectKeyError):
            if len(values) == 1:
                # Whoever altered the row closed it: nothing of it opens.
                return set()
            # One altered row hides none of the others.
            return {row_id for value in values for row_id in self._holding(where, [value])}
        return {row_id for row_ids in found.values() for row_id in row_ids}

    def _people(self, table: MappedTable, link: str, row_ids: Collection[Any]) -> set[int]:
        physical = physical_table(table)
        number = physical.c[subject_column(link)]
        ordered = sorted(row_ids)
        return {
            each
            for start in range(0, len(ordered), _AT_ONCE)
            for each in self.session.scalars(select(number).where(physical.c.id.in_(ordered[start : start + _AT_ONCE])))
        }

    def _tables(self) -> Iterator[MappedTable]:
        return (table for table in self.catalogue.tables.values() if not table.adopted and identifying_fields(table))

    def _rows(self, table: MappedTable, subject_id: int) -> list[Mapping[str, Any]]:
        physical = physical_table(table)
        links = {link for link, _, _ in identifying_fields(table)}
        found: dict[Any, Mapping[str, Any]] = {}
        for link in sorted(links):
            statement = select(physical).where(physical.c[subject_column(link)] == subject_id)
            found |= {row["id"]: dict(row) for row in self.session.execute(statement).mappings()}
        return [*found.values()]

    def _of_row(self, table: MappedTable, owner: Owner, row: Mapping[str, Any]) -> set[Identifier]:
        RowSigner(table, self.keyring).check(row)
        boxer = RowBoxer(self.catalogue, table, self.keyring.installation)
        fields = [each for each in identifying_fields(table) if row[subject_column(each[0])] == owner.id]
        values: dict[str, object] = {each.name: row[each.column] for each in clear_fields(table)}
        for place in {(link, mapped.category) for link, mapped, _ in fields if mapped.storage is Storage.SEALED}:
            box = row[box_column(*place)]
            if box is not None:
                values |= boxer.open(place, owner, row["id"], row[box_companion(*place, "revision")], box)
        read = ((kind, read_form(kind, values.get(mapped.name))) for _, mapped, kind in fields)
        return {Identifier(kind, form) for kind, form in read if form is not None}
