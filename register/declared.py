"""What the register declares, verified: what the gate compiles its plans from."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.periods import Period
from governance.vault.attest import Attested, Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from register.errors import PurposeNotFoundError
from register.lifecycle import ActivityState, Mode
from register.models import Activity, CompatibilityTest, Notice, NoticePurpose, Purpose, PurposeData, PurposeRecipient
from register.service.loading import find_purpose
from register.slugs import is_slug
from register.values import (
    FORCE,
    DeclaredData,
    DeclaredPurpose,
    DeclaredPurposes,
    FinalFate,
    NoticeRef,
    Problem,
    Provenance,
    Retention,
    SpecialCondition,
    Standing,
    StartingEvent,
)
from register.verified import Altered, verified_rows

_Pair = tuple[SubjectKind, DataCategory]


class _Activity(NamedTuple):
    id: uuid.UUID
    slug: str
    state: ActivityState
    running: bool
    mode: Mode
    observed_until: datetime | None


class _Purpose(NamedTuple):
    id: int
    slug: str
    activity_id: uuid.UUID
    standing: Standing
    label_fr: str
    label_en: str
    basis: LawfulBasis | None
    consent_channel: Channel | None
    special_condition: SpecialCondition | None
    collected_for: str | None


class _Data(NamedTuple):
    purpose_id: int
    subject_kind: SubjectKind
    category: DataCategory
    standing: Standing
    obligatory: bool
    provenance: Provenance
    active_for: Period
    archived_for: Period
    starting_event: StartingEvent
    final_fate: FinalFate


class _Recipient(NamedTuple):
    purpose_id: int
    role: Role
    standing: Standing


class _Test(NamedTuple):
    purpose_id: int
    opens_at: datetime | None
    withdrawn_at: datetime | None


class _Named(NamedTuple):
    notice_id: int
    purpose_id: int


class _Notice(NamedTuple):
    id: int
    slug: str
    version: int
    language: str
    published: bool


_Row = TypeVar("_Row", _Activity, _Purpose, _Data, _Recipient, _Test, _Named, _Notice)


class _Reader:
    """Reads verified rows, and remembers the ones that were altered."""

    def __init__(self, session: Session, attestor: Attestor) -> None:
        self._session = session
        self._attestor = attestor
        self.altered: list[Altered] = []

    def rows(self, model: type[Attested], kind: type[_Row], *where: ColumnElement[bool]) -> Iterator[_Row]:
        make: Any = kind._make
        for row in verified_rows(self._session, self._attestor, model, kind._fields, *where):
            if isinstance(row, Altered):
                self.altered.append(row)
            else:
                yield make(row)


def declared_purposes(session: Session, attestor: Attestor) -> DeclaredPurposes:
    """Return every purpose that has not ended, by slug, made of rows whose attestation holds.

    One without a lawful basis is not there: nothing may be done for it (GDPR Art. 6(1)). A row that fails is left out
    and reported, and so is what hangs on it: without its activity a purpose is not there, without its row a pair of
    kind and category is not declared, a role is no recipient. Nothing opens by failing.
    """
    reader = _Reader(session, attestor)
    activities = {row.id: row for row in reader.rows(Activity, _Activity)}
    purposes = [row for row in reader.rows(Purpose, _Purpose) if row.standing is not Standing.ENDED]
    data = _by_purpose(reader.rows(PurposeData, _Data))
    recipients: dict[int, set[Role]] = defaultdict(set)
    for recipient in reader.rows(PurposeRecipient, _Recipient):
        if recipient.standing in FORCE:
            recipients[recipient.purpose_id].add(recipient.role)
    named = list(reader.rows(NoticePurpose, _Named))
    older = _older(named, reader.rows(CompatibilityTest, _Test))
    notices = {
        NoticeRef(slug=row.slug, version=row.version, language=row.language): row.id
        for row in reader.rows(Notice, _Notice)
        if row.published
    }
    by_slug = {
        row.slug: _declared(
            (row, row.basis),
            activities[row.activity_id],
            data.get(row.id, {}),
            recipients.get(row.id, ()),
            older.get(row.id, {}),
        )
        for row in purposes
        if row.activity_id in activities and row.basis is not None
    }
    problems = tuple(Problem(table=altered.table, reference=altered.reference) for altered in reader.altered)
    return DeclaredPurposes(by_slug=MappingProxyType(by_slug), problems=problems, notices=MappingProxyType(notices))


def declared_pairs(
    session: Session, attestor: Attestor, activities: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, frozenset[_Pair]]:
    """Return what the purposes in force of some activities name, of each activity that has one.

    A row that was altered outside Égide counts for nothing.
    """
    reader = _Reader(session, attestor)
    rows = reader.rows(Purpose, _Purpose, Purpose.activity_id.in_(activities), Purpose.standing.in_(FORCE))
    purposes = {row.id: row.activity_id for row in rows}
    found: dict[uuid.UUID, set[_Pair]] = {activity: set() for activity in purposes.values()}
    for purpose, data in _by_purpose(reader.rows(PurposeData, _Data, PurposeData.purpose_id.in_(purposes))).items():
        found[purposes[purpose]] |= data.keys()
    return {activity: frozenset(pairs) for activity, pairs in found.items()}


def declared_purpose(session: Session, attestor: Attestor, reference: int | str) -> DeclaredPurpose:
    """Return one purpose, by number or slug, made of rows whose attestation holds.

    Raises:
        PurposeNotFoundError: If there is none, it has ended, or nobody said what makes it lawful.
        AttestationError: If one of its rows was altered outside Égide.
    """
    if isinstance(reference, str) and not is_slug(reference):
        raise PurposeNotFoundError(reference=reference)
    reader = _Reader(session, attestor)
    is_wanted = Purpose.id == reference if isinstance(reference, int) else Purpose.slug == reference
    found = [row for row in reader.rows(Purpose, _Purpose, is_wanted) if row.standing is not Standing.ENDED]
    _check_unaltered(reader)
    if not found or found[0].basis is None:
        raise PurposeNotFoundError(reference=str(reference))
    purpose = found[0]
    activities = list(reader.rows(Activity, _Activity, Activity.id == purpose.activity_id))
    data = _by_purpose(reader.rows(PurposeData, _Data, PurposeData.purpose_id == purpose.id))
    recipients = list(reader.rows(PurposeRecipient, _Recipient, PurposeRecipient.purpose_id == purpose.id))
    named = reader.rows(NoticePurpose, _Named, NoticePurpose.purpose_id == purpose.id)
    tests = reader.rows(CompatibilityTest, _Test, CompatibilityTest.purpose_id == purpose.id)
    older = _older(named, tests).get(purpose.id, {})
    _check_unaltered(reader)
    roles = [row.role for row in recipients if row.standing in FORCE]
    return _declared((purpose, found[0].basis), activities[0], data.get(purpose.id, {}), roles, older)


def purpose_on_file(session: Session, attestor: Attestor, reference: int | str) -> Purpose:
    """Return a purpose's own row, whatever its standing, with its attestation checked.

    Raises:
        PurposeNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    purpose = find_purpose(session, reference)
    attestor.verify(purpose)
    return purpose


def _older(named: Iterable[_Named], tests: Iterable[_Test]) -> dict[int, dict[str, Any]]:
    """Return what opens a purpose's data besides its own row: notices that name it, a compatibility test."""
    by_purpose: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in named:
        notices = by_purpose[row.purpose_id].get("named_by", frozenset())
        by_purpose[row.purpose_id]["named_by"] = notices | {row.notice_id}
    for test in tests:
        if test.opens_at is not None and test.withdrawn_at is None:
            by_purpose[test.purpose_id]["compatible_from"] = test.opens_at
    return by_purpose


def _check_unaltered(reader: _Reader) -> None:
    for altered in reader.altered:
        raise AttestationError(kind=altered.table, reference=altered.reference)


def _by_purpose(rows: Iterable[_Data]) -> dict[int, dict[_Pair, DeclaredData]]:
    by_purpose: dict[int, dict[_Pair, DeclaredData]] = defaultdict(dict)
    # Thousands of rows declare the same few things.
    declared = cache(_data)
    for purpose_id, kind, category, standing, *said in rows:
        if standing in FORCE:
            by_purpose[purpose_id][kind, category] = declared(*said)
    return by_purpose


def _declared(
    found: tuple[_Purpose, LawfulBasis],
    activity: _Activity,
    data: Mapping[_Pair, DeclaredData],
    recipients: Iterable[Role],
    older: Mapping[str, Any],
) -> DeclaredPurpose:
    purpose, basis = found
    return DeclaredPurpose(
        id=purpose.id,
        slug=purpose.slug,
        label_fr=purpose.label_fr,
        label_en=purpose.label_en,
        activity_slug=activity.slug,
        activity_state=activity.state,
        open=activity.running and purpose.standing in FORCE,
        mode=activity.mode,
        observes_until=activity.observed_until,
        basis=basis,
        consent_channel=purpose.consent_channel,
        special_condition=purpose.special_condition,
        data=frozenset(data),
        recipients=frozenset(recipients),
        declared=MappingProxyType(dict(data)),
        collected_for=purpose.collected_for is not None,
        **older,
    )


def _data(
    obligatory: bool,  # noqa: FBT001 -- as the row has it, in its order
    provenance: Provenance,
    active_for: Period,
    archived_for: Period,
    starting_event: StartingEvent,
    final_fate: FinalFate,
) -> DeclaredData:
    retention = Retention(
        active_for=active_for, archived_for=archived_for, starting_event=starting_event, final_fate=final_fate
    )
    return DeclaredData(obligatory=obligatory, provenance=provenance, retention=retention)
