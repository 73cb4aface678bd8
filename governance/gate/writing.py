"""One write under way: its transaction, its plan, its actor, and the steps that create, change and delete share."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from consent.suppression.listing import hold_list
from governance.actor import Actor
from governance.clock import Clock
from governance.database import Database
from governance.datamap.given_notices import open_places
from governance.datamap.models import blind_tokens
from governance.datamap.values import MappedTable, box_column, box_companion, subject_column
from governance.gate.boxing import Owner, Place, RowBoxer, clear_fields, physical_table
from governance.gate.errors import (
    AlreadyOnFileError,
    LinkMissingError,
    NoticeUnknownError,
    RevisionConflictError,
    RowNotFoundError,
    WriteRefusedError,
)
from governance.gate.holders import find_holders, hold_table, telling_fields
from governance.gate.identifiers import identifying_fields, read_form
from governance.gate.indexing import BlindIndexer
from governance.gate.listed import ListedPeople, record_listed
from governance.gate.owners import open_owners
from governance.gate.places import remove_places
from governance.gate.plan import PlanRequest, ReadPlan
from governance.gate.reasons import Code, Reason
from governance.gate.row_macs import RowSigner, given_of
from governance.gate.snapshot import PolicySnapshot
from governance.gate.values import CleanValue
from governance.ids import IdSource
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import move_objections
from register.values import NoticeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterParts:
    """What the writer is built from. `plan` raises a refusal naming every rule that failed."""

    database: Database = field(repr=False)
    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    keyring: Keyring = field(repr=False)
    plan: Callable[[PlanRequest], ReadPlan] = field(repr=False)
    snapshot: Callable[[], PolicySnapshot] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What a change writes beside the values: the row's new revision, and where the data comes from."""

    row_id: uuid.UUID
    revision: int
    verified_on: date
    source_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Writing:
    """One write under way: its transaction, its plan, its actor."""

    session: Session
    actor: Actor
    plan: ReadPlan
    parts: WriterParts

    def subject_of(self, link: str, links: Mapping[str, uuid.UUID]) -> int | None:
        """Return the person that a new row speaks of; None where the row itself is a new person.

        Raises:
            LinkMissingError: If it is not said whose the row is.
            RowNotFoundError: If the row that names the person is not there.
            RowTamperedError: If that row was altered outside Égide.
        """
        mapped = self.plan.table.links[link]
        if mapped.of is None:
            return None
        other = self.parts.snapshot().catalogue.table(mapped.of)
        if link not in links:
            raise LinkMissingError(link=link, table=other.name)
        physical = physical_table(other)
        found = self.session.execute(select(physical).where(physical.c.id == links[link])).mappings().first()
        if found is None:
            raise RowNotFoundError(table=other.name)
        RowSigner(other, self.parts.keyring).check(found)
        subject_id: int = found[subject_column(mapped.of_link or link)]
        return subject_id

    def check_new(self, values: Mapping[str, CleanValue], row_id: uuid.UUID | None = None) -> None:
        """Refuse a person who seems to be on file already, in another row than `row_id`.

        Raises:
            AlreadyOnFileError: If they seem to be.
        """
        table, catalogue = self.plan.table, self.parts.snapshot().catalogue
        for mapped in telling_fields(table):
            value = values.get(mapped.name)
            if value is None:
                continue
            hold_table(self.session, table)
            found = find_holders(self.session, self.parts.keyring, catalogue, (table, mapped), {str(value)})
            if set(found.values()) - {row_id}:
                raise AlreadyOnFileError(table=table.name, field=mapped.name)

    def locked_row(self, row_id: uuid.UUID, revision: int) -> RowMapping:
        """Return the row, locked until the end of the transaction, if it is still at the revision.

        Raises:
            RowNotFoundError: If it is not there.
            RevisionConflictError: If it was changed since.
            RowTamperedError: If it was altered outside Égide.
        """
        physical = physical_table(self.plan.table)
        row = self.session.execute(select(physical).where(physical.c.id == row_id).with_for_update()).mappings().first()
        if row is None:
            raise RowNotFoundError(table=self.plan.table.name)
        if row["revision"] != revision:
            raise RevisionConflictError(row=str(row_id), found=row["revision"])
        self.signer().check(row)
        return row

    def notice_id(self, notice: NoticeRef | None) -> int | None:
        """Return the number of a notice that people were given.

        Raises:
            NoticeUnknownError: If it was never published.
        """
        if notice is None:
            return None
        found = self.parts.snapshot().purposes.notices.get(notice)
        if found is None:
            raise NoticeUnknownError(notice=str(notice))
        return found

    def check_open(self, row: RowMapping, places: Collection[Place], notice_id: int | None = None) -> None:
        """Refuse to touch what is closed to the purpose as older data, unless the person gives it anew.

        Args:
            row: The row, its MAC checked.
            places: What is written.
            notice_id: The notice that the person was given this time.

        Raises:
            WriteRefusedError: If it is closed.
        """
        notices = self.plan.notices
        if notices is None or notice_id in notices:
            return
        closed = set(places) - open_places(self.plan.table, given_of(row["row_mac"]), notices)
        reasons = (Reason(code=Code.OLDER_DATA, category=category) for _, category in sorted(closed))
        if closed:
            raise WriteRefusedError(reasons=tuple(reasons))

    def rewritten(
        self, row: RowMapping, owners: Mapping[str, Owner], values: Mapping[str, CleanValue]
    ) -> dict[Place, bool]:
        """Return the places that values are written in, and whether nothing of what stood there is left."""
        table = self.plan.table
        before = self._before(row, owners)
        kept = {name for name, value in before.items() if value is not None and name not in values}
        left = places_of_fields(table, kept)
        return {place: place not in left for place in places_of_fields(table, values)}

    def close_listed(self, row: RowMapping, owners: Mapping[str, Owner], values: Mapping[str, CleanValue]) -> None:
        """Mark what people refused by whom a new address or number of theirs is on the list."""
        fields = [each for each in identifying_fields(self.plan.table) if values.get(each[1].name) is not None]
        if not fields:
            return
        before = self._before(row, owners)
        fresh = {
            mapped.name: values[mapped.name]
            for _, mapped, kind in fields
            if read_form(kind, values[mapped.name]) != read_form(kind, before.get(mapped.name))
        }
        hold_list(self.session, exclusive=False)
        marks = ListedPeople(self.plan.table, self.parts.keyring).marks(self.session, [fresh]).get(0, {})
        for link, numbers in marks.items():
            move_objections(self.session, self.parts.keyring, owners[link].id, numbers, ())
        if marks:
            record_listed(self.session, self.actor, {owners[link].id for link in marks})

    def _before(self, row: RowMapping, owners: Mapping[str, Owner]) -> dict[str, object]:
        """Return what stands in a row."""
        table = self.plan.table
        boxer = RowBoxer(self.parts.snapshot().catalogue, table, self.parts.keyring.installation)
        before: dict[str, object] = {each.name: row[each.column] for each in clear_fields(table)}
        for place in table.boxes:
            before |= _opened(boxer, place, row, owners[place[0]])
        return before

    def signer(self) -> RowSigner:
        """Return what signs the rows of the table."""
        return RowSigner(self.plan.table, self.parts.keyring)

    def owners(self, row: RowMapping) -> dict[str, Owner]:
        """Return by link whose row it is, with their keys."""
        numbers = {link: row[subject_column(link)] for link in self.plan.table.links}
        opened = open_owners(self.session, self.parts.keyring, set(numbers.values()))
        return {link: opened[number] for link, number in numbers.items()}

    def rewrite_boxes(
        self, row: RowMapping, owners: Mapping[str, Owner], values: Mapping[str, CleanValue], rewriting: Rewriting
    ) -> dict[str, Any]:
        """Seal anew each box that holds one of the values, and move its blind tokens."""
        table = self.plan.table
        boxer = RowBoxer(self.parts.snapshot().catalogue, table, self.parts.keyring.installation)
        indexer = BlindIndexer(table, self.parts.keyring)
        columns: dict[str, Any] = {}
        for place, names in table.boxes.items():
            if not values.keys() & set(names):
                continue
            before = _opened(boxer, place, row, owners[place[0]])
            after = before | {name: values[name] for name in names if name in values}
            self._move_tokens(rewriting.row_id, indexer, before, after)
            box = boxer.seal(place, owners[place[0]], rewriting.row_id, rewriting.revision, after)
            columns[box_column(*place)] = box
            columns[box_companion(*place, "revision")] = rewriting.revision
            columns[box_companion(*place, "verified_on")] = rewriting.verified_on
            if row[box_companion(*place, "collected_on")] is None:
                columns[box_companion(*place, "collected_on")] = rewriting.verified_on
            if rewriting.source_id is not None:
                columns[box_companion(*place, "source_id")] = rewriting.source_id
        return columns

    def forget_tokens(self, row: RowMapping, owners: Mapping[str, Owner]) -> None:
        """Delete the blind tokens of a row."""
        table = self.plan.table
        boxer = RowBoxer(self.parts.snapshot().catalogue, table, self.parts.keyring.installation)
        indexer = BlindIndexer(table, self.parts.keyring)
        for place in table.boxes:
            self._move_tokens(row["id"], indexer, _opened(boxer, place, row, owners[place[0]]), {})

    def forget_places(self, row_id: uuid.UUID) -> None:
        """Take the row out of the order of every purpose that gives pseudonyms."""
        purposes = self.parts.snapshot().pseudonymous_purposes()
        remove_places(self.session, self.parts.keyring, self.plan.table.id, [row_id], purposes)

    def _move_tokens(
        self,
        row_id: uuid.UUID,
        indexer: BlindIndexer,
        before: Mapping[str, CleanValue],
        after: Mapping[str, CleanValue],
    ) -> None:
        old, new = indexer.tokens(before), indexer.tokens(after)
        if old - new:
            gone = blind_tokens.c.token.in_(old - new) & (blind_tokens.c.row_id == row_id)
            self.session.execute(delete(blind_tokens).where(gone))
        if new - old:
            fresh = [{"token": token, "row_id": row_id} for token in new - old]
            self.session.execute(insert(blind_tokens), fresh)

    def record(self, action: Action, row: RowMapping, details: Mapping[str, Any]) -> None:
        """Record the write as one of the transaction's last statements."""
        record(
            self.session,
            Fact(
                retention=Retention.WRITE,
                action=action,
                actor=self.actor,
                object_type=self.plan.table.name,
                object_id=str(row["id"]),
                purpose=self.plan.purpose.slug,
                subjects={row[subject_column(link)] for link in self.plan.table.links},
                details=details,
            ),
        )


def places_of_fields(table: MappedTable, names: Iterable[str]) -> frozenset[Place]:
    """Return the places that fields lie in; those that speak of nobody lie in none."""
    fields = (table.field(name) for name in names)
    return frozenset((field.link, field.category) for field in fields if field.link is not None)


def _opened(boxer: RowBoxer, place: Place, row: RowMapping, owner: Owner) -> dict[str, CleanValue]:
    box = row[box_column(*place)]
    if box is None:
        return {}
    return boxer.open(place, owner, row["id"], row[box_companion(*place, "revision")], box)
