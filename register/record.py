"""The record of an activity as people read it: what is in force and what is proposed, side by side. GDPR Art. 30(1)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.service import called
from governance.vault.attest import Attested, Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from register.catalogue.models import Measure
from register.lines.contents import SPECS, Content
from register.lines.models import ActivityLine
from register.lines.told import Called, called_in, named_by, read_lines
from register.lines.values import Subject
from register.models import Activity, Party, Purpose, PurposeData, PurposeRecipient
from register.on_file import all_on_file
from register.service.loading import ActivityRef, find_activity
from register.service.purposes.records import describe_purposes
from register.values import FORCE, Standing


class Change(StrEnum):
    """What the next activation would do to a line of the record."""

    NONE = "none"
    ADDED = "added"
    ALTERED = "altered"
    LEAVING = "leaving"


_CHANGES: Final[Mapping[Standing, Change]] = {
    Standing.PROPOSED: Change.ADDED,
    Standing.LEAVING: Change.LEAVING,
    Standing.IN_FORCE: Change.NONE,
}


_ON_FILE: Final = frozenset({Party.__tablename__, Measure.__tablename__})

TERMS: Final = (
    "active_for", "archived_for", "starting_event", "final_fate", "obligatory", "provenance", "retention_source",
    "which_fr", "which_en", "whom_fr", "whom_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLine:
    """One category of one kind of person, on the terms in force and on those proposed."""

    kind: SubjectKind
    category: DataCategory
    in_force: PurposeData | None
    proposed: PurposeData | None

    @property
    def change(self) -> Change:
        """What the next activation would do."""
        if self.in_force is None:
            return Change.ADDED
        if self.proposed is not None:
            return Change.ALTERED
        return Change.LEAVING if self.in_force.standing is Standing.LEAVING else Change.NONE

    @property
    def wanted(self) -> PurposeData | None:
        """The terms as they will be after the next activation; None where the line leaves."""
        return self.proposed or (None if self.change is Change.LEAVING else self.in_force)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLine:
    """A role that receives data, and what the next activation would do to that."""

    role: Role
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeLines:
    """A purpose with what it uses and who receives it."""

    purpose: Purpose
    data: tuple[DataLine, ...]
    recipients: tuple[RecipientLine, ...]

    @property
    def change(self) -> Change:
        """What the next activation would do to the purpose itself."""
        return _CHANGES[self.purpose.standing]

    @property
    def changes(self) -> int:
        """How many of its lines the next activation would change, itself among them."""
        lines = [self.change, *(line.change for line in self.data), *(line.change for line in self.recipients)]
        return sum(change is not Change.NONE for change in lines)

    @property
    def groups(self) -> tuple[tuple[DataLine, ...], ...]:
        """Its lines, those of one kind of people that are on the same terms and change alike together."""
        found: dict[object, list[DataLine]] = {}
        for line in self.data:
            alike = (line.kind, line.change, _terms(line.in_force), _terms(line.proposed))
            found.setdefault(alike, []).append(line)
        return tuple(map(tuple, found.values()))

    @property
    def has_proposed_terms(self) -> bool:
        """Whether terms in force have others proposed beside them."""
        return any(line.change is not Change.NONE for line in self.data) and self.change is not Change.ADDED


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A line of a record beside its purposes, as it is in force and as it is proposed.

    Attributes:
        called: What the organisation or the measure that it names is called.
    """

    subject: Subject
    in_force: ActivityLine | None
    proposed: ActivityLine | None
    called: Called | None = None

    @property
    def shown(self) -> ActivityLine:
        """The line as it will be, or as it is where it leaves."""
        shown = self.proposed or self.in_force
        assert shown is not None  # noqa: S101 -- a line has one side at least
        return shown

    @property
    def content(self) -> Content:
        """What it says."""
        return SPECS[self.subject].content_of(self.shown)

    @property
    def before(self) -> "RecordLine":
        """The line as it is in force, without what is proposed beside it."""
        return replace(self, proposed=None)

    @property
    def change(self) -> Change:
        """What the next activation would do."""
        if self.in_force is None:
            return Change.ADDED
        if self.proposed is not None:
            return Change.ALTERED
        return _CHANGES[self.in_force.standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """An activity, whole.

    Attributes:
        activity: Its own row.
        controller: Who answers for it. GDPR Art. 30(1)(a).
        dpo: Their data protection officer; of an external one, `dpo_firm` is whom they act for.
        owner: What the head of the business line is called.
        purposes: Those in force, proposed or to end.
        ended: Those that ended.
        lines: What else the record says, by subject.
        altered: The rows that were altered outside Égide, by table and reference: nothing opens by or states them.
    """

    activity: Activity
    controller: Party | None
    dpo: Party | None
    dpo_firm: Party | None
    owner: str | None
    purposes: tuple[PurposeLines, ...]
    ended: tuple[Purpose, ...]
    lines: Mapping[Subject, tuple[RecordLine, ...]]
    altered: tuple[AttestationError, ...]

    @property
    def altered_on_file(self) -> tuple[AttestationError, ...]:
        """What of it is on file, and is written anew there: organisations and measures, those that they name too."""
        return tuple(each for each in self.altered if each.kind in _ON_FILE)

    @property
    def changes(self) -> int:
        """How many lines the next activation would change."""
        moving = [line for lines in self.lines.values() for line in lines if line.change is not Change.NONE]
        return sum(lines.changes for lines in self.purposes) + len(moving)


def record_of(session: Session, attestor: Attestor, reference: ActivityRef) -> ActivityRecord:
    """Return the record of an activity, in as many statements whatever it holds.

    Raises:
        ActivityNotFoundError: If there is none.
    """
    activity = find_activity(session, reference)
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id).order_by(Purpose.id)).all()
    described = describe_purposes(session, [each for each in purposes if each.standing is not Standing.ENDED])
    rows: list[Attested] = [activity, *purposes]
    for each in described:
        rows += [*each.data, *each.recipients]
    lines = read_lines(session, activity.id)
    rows += [row for subject in lines.values() for row in subject]
    owner = None if activity.owner_id is None else called(session, {activity.owner_id}).get(activity.owner_id)
    named = {found for of_subject in lines.values() for row in of_subject if (found := named_by(row)) is not None}
    rows += all_on_file(session, named if activity.controller_id is None else named | {activity.controller_id})
    controller = _on_file(session, activity.controller_id)
    dpo = None if controller is None else _on_file(session, controller.dpo_id)
    dpo_firm = None if dpo is None else _on_file(session, dpo.firm_id)
    return ActivityRecord(
        activity=activity,
        controller=controller,
        dpo=dpo,
        dpo_firm=dpo_firm,
        owner=owner,
        purposes=tuple(lines_of(each.purpose, each.data, each.recipients) for each in described),
        ended=tuple(each for each in purposes if each.standing is Standing.ENDED),
        lines=record_lines(session, lines),
        altered=tuple(_altered(attestor, rows)),
    )


def lines_of(purpose: Purpose, data: Iterable[PurposeData], recipients: Iterable[PurposeRecipient]) -> PurposeLines:
    """Return a purpose with its rows put in lines: kinds of people and categories in the order of the vocabulary."""
    in_force: dict[tuple[SubjectKind, DataCategory], PurposeData] = {}
    proposed: dict[tuple[SubjectKind, DataCategory], PurposeData] = {}
    for row in data:
        (in_force if row.standing in FORCE else proposed)[row.subject_kind, row.category] = row
    pairs = sorted(in_force.keys() | proposed.keys(), key=lambda pair: (pair[0].code, pair[1].code))
    return PurposeLines(
        purpose=purpose,
        data=tuple(
            DataLine(kind=kind, category=category, in_force=in_force.get(pair), proposed=proposed.get(pair))
            for pair in pairs
            for kind, category in (pair,)
        ),
        recipients=tuple(
            RecipientLine(role=row.role, change=_CHANGES[row.standing])
            for row in sorted(recipients, key=lambda row: list(Role).index(row.role))
        ),
    )


def record_lines(
    session: Session, lines: Mapping[Subject, Iterable[ActivityLine]]
) -> Mapping[Subject, tuple[RecordLine, ...]]:
    """Return lines with what is in force and what is proposed of each side by side, in the order in which they came."""
    called = called_in(session, [row for rows in lines.values() for row in rows])
    return {subject: tuple(_beside(subject, rows, called)) for subject, rows in lines.items()}


def _beside(subject: Subject, rows: Iterable[ActivityLine], called: Mapping[uuid.UUID, Called]) -> Iterator[RecordLine]:
    sides: dict[tuple[object, ...], dict[str, ActivityLine]] = {}
    for row in rows:
        side = "in_force" if row.standing in FORCE else "proposed"
        sides.setdefault(SPECS[subject].key_of(row), {})[side] = row
    for found in sides.values():
        row = next(iter(found.values()))
        yield RecordLine(
            subject=subject,
            in_force=found.get("in_force"),
            proposed=found.get("proposed"),
            called=called.get(named_by(row) or uuid.UUID(int=0)),
        )


def _terms(row: PurposeData | None) -> tuple[object, ...] | None:
    return None if row is None else tuple(getattr(row, name) for name in TERMS)


def _on_file(session: Session, party_id: uuid.UUID | None) -> Party | None:
    return None if party_id is None else session.get(Party, party_id)


def _altered(attestor: Attestor, rows: Iterable[Attested]) -> Iterator[AttestationError]:
    for row in rows:
        try:
            attestor.verify(row)
        except AttestationError as error:
            yield error


def wanted_terms(lines: PurposeLines) -> Iterator[PurposeData]:
    """Yield the terms that a purpose shall have after the next activation."""
    for line in lines.data:
        if line.wanted is not None:
            yield line.wanted
