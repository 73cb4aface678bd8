"""How far a grant would reach: the plan without it beside the plan with it, and the people whose data it speaks of.

The plans are the gate's own, so that what a simulation says is what a reader would get. People are counted by SQL over
their rows' columns, without a key; nothing is opened. Whoever objected to the purpose, is restricted or erased does not
count, nor, where the purpose rests on consent, whoever has not given it.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnClause, ColumnElement, Select, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from consent.models import Consent
from consent.probe import GIVEN_CODE, to_seconds
from consent.soliciting import closing_marks
from governance.actor import Actor, ActorKind
from governance.datamap.models import RegisteredRow
from governance.datamap.values import MappedField, MappedTable, Storage, box_column, subject_column
from governance.gate.errors import ReadRefusedError
from governance.gate.plan import PlanRequest, ReadPlan, compile_plan
from governance.gate.rules import STRENGTH, governing_category
from governance.gate.snapshot import PolicySnapshot
from governance.policies.reach import FieldChange, Reached, ReachQuestion
from governance.policies.values import GrantOnFile
from governance.vault.models import DataSubject, SubjectState
from governance.vault.subject_keys import objections_of
from governance.vocabulary import DataCategory, Form, SubjectKind
from register.lifecycle import Mode
from register.values import DeclaredPurpose

# Never stored, and recorded nowhere: it stands for whoever would hold the grant.
_NOBODY: Final = uuid.UUID(int=0)
_DAY: Final = timedelta(days=1)
Measure = Callable[[Session, ReachQuestion, datetime], Reached]


def measure_by(snapshot: Callable[[], PolicySnapshot]) -> Measure:
    """Return what measures a grant against the policies in force."""

    def measure(session: Session, question: ReachQuestion, now: datetime) -> Reached:
        found = snapshot()
        purpose = found.purposes[question.purpose]
        return Reached(
            customers=_count(session, found, _Counted(purpose, tuple(question.pairs)), now),
            fields=tuple(_changes(found, question, now)),
            consent=purpose.consent_channel is not None,
            open=purpose.open,
        )

    return measure


def _changes(snapshot: PolicySnapshot, question: ReachQuestion, now: datetime) -> Iterator[FieldChange]:
    categories = {category for _, category in question.pairs}
    before, after = _judging(snapshot, question), _judging(_with_grant(snapshot, question, now), question)
    for name, mapped in snapshot.catalogue.tables.items():
        fields = [field for field in mapped.fields.values() if governing_category(field) in categories and field.link]
        if not fields:
            continue
        plans = _plan(before, question, name, now), _plan(after, question, name, now)
        for field in fields:
            yield FieldChange(
                table=name,
                field=field.name,
                category=governing_category(field),
                before=_form(plans[0], field),
                after=_form(plans[1], field),
            )


def _judging(snapshot: PolicySnapshot, question: ReachQuestion) -> PolicySnapshot:
    """Return the policies as they are once enforced and open: observing shows everything, and a closed shop nothing."""
    purpose = replace(snapshot.purposes[question.purpose], mode=Mode.ENFORCE, open=True)
    by_slug = MappingProxyType({**snapshot.purposes.by_slug, purpose.slug: purpose})
    return replace(snapshot, purposes=replace(snapshot.purposes, by_slug=by_slug))


def _with_grant(snapshot: PolicySnapshot, question: ReachQuestion, now: datetime) -> PolicySnapshot:
    purpose = snapshot.purposes[question.purpose]
    key = (question.role, purpose.id, question.action)
    cells = dict(snapshot.grants_of(*key))
    for kind, category in question.pairs:
        added = GrantOnFile(
            id=_NOBODY,
            role=question.role,
            purpose_id=purpose.id,
            subject_kind=kind,
            category=category,
            action=question.action,
            form=question.form,
            exact_lookup=False,
            valid_from=now,
            valid_to=now + _DAY,
        )
        cells[kind, category] = (*cells.get((kind, category), ()), added)
    return replace(snapshot, grants=MappingProxyType({**snapshot.grants, key: MappingProxyType(cells)}))


def _plan(snapshot: PolicySnapshot, question: ReachQuestion, name: str, now: datetime) -> ReadPlan | None:
    reader = Actor(kind=ActorKind.PERSON, id=_NOBODY, roles=frozenset({question.role}))
    request = PlanRequest(actor=reader, purpose=question.purpose, table=name, action=question.action)
    try:
        return compile_plan(snapshot, request, now)
    except ReadRefusedError:
        return None


def _form(plan: ReadPlan | None, field: MappedField) -> Form:
    decisions = {} if plan is None else plan.decisions(field.name)
    forms = (decision.form for decision in decisions.values())
    return max(forms, key=STRENGTH.__getitem__, default=Form.WITHHELD)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Who is counted: people with data of these pairs, who may be read of for the purpose."""

    purpose: DeclaredPurpose
    pairs: tuple[tuple[SubjectKind, DataCategory], ...]


def _count(session: Session, snapshot: PolicySnapshot, counted: _Counted, now: datetime) -> int:
    by_kinds = [
        (DataSubject.kind == kind.code) & or_(*_rows_of(snapshot, categories))
        for kind, categories in _by_kind(counted.pairs).items()
    ]
    people: Select[int] = select(func.count()).select_from(DataSubject)
    people = people.where(DataSubject.state == SubjectState.ACTIVE.code, or_(*by_kinds))
    if counted.purpose.consent_channel is not None:
        people = people.where(
            exists().where(
                Consent.subject_id == DataSubject.id,
                Consent.purpose_id == counted.purpose.id,
                Consent.channel == counted.purpose.consent_channel.code,
                Consent.state == GIVEN_CODE,
                or_(Consent.holds_until.is_(None), Consent.holds_until > to_seconds(now)),
            )
        )
    # Of the few who objected to anything, which purposes they objected to stands in their row, not in a column.
    objecting = people.with_only_columns(DataSubject.objections).where(func.length(DataSubject.objections) > 0)
    closing = closing_marks(counted.purpose)
    objected = sum(not closing.isdisjoint(objections_of(marks)) for marks in session.scalars(objecting))
    return session.scalars(people).one() - objected


def _by_kind(pairs: Iterable[tuple[SubjectKind, DataCategory]]) -> Mapping[SubjectKind, set[DataCategory]]:
    by_kind: dict[SubjectKind, set[DataCategory]] = {}
    for kind, category in pairs:
        by_kind.setdefault(kind, set()).add(category)
    return by_kind


def _rows_of(snapshot: PolicySnapshot, categories: set[DataCategory]) -> Iterator[ColumnElement[bool]]:
    """Say for each place where such data lies that the person has some there."""
    places: dict[tuple[str, str], set[str | None]] = {}
    for mapped in snapshot.catalogue.tables.values():
        for field in mapped.fields.values():
            if field.link is not None and governing_category(field) in categories:
                sealed = field.storage is Storage.SEALED and not mapped.adopted
                box = box_column(field.link, field.category) if sealed else None
                places.setdefault((mapped.name, field.link), set()).add(box)
    if not places:
        yield DataSubject.id.is_(None)
    for (name, link), boxes in places.items():
        yield _has_row(snapshot.catalogue.tables[name], link, boxes)


def _has_row(mapped: MappedTable, link: str, boxes: set[str | None]) -> ColumnElement[bool]:
    if mapped.adopted:
        # What the rows of another database hold is not known here; that they speak of the person is.
        return exists().where(
            RegisteredRow.subject_id == DataSubject.id,
            RegisteredRow.table_id == mapped.id,
            RegisteredRow.link == link,
            RegisteredRow.gone_at.is_(None),
        )
    subject: ColumnClause[int] = column(subject_column(link))
    filled = [column(box).is_not(None) for box in sorted(filter(None, boxes))]
    rows = select(1).select_from(table(mapped.physical, schema=mapped.schema)).where(subject == DataSubject.id)
    return exists(rows if None in boxes else rows.where(or_(*filled)))
