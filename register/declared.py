"""What the register declares, verified: what the gate compiles its plans from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.vault.attest import Attested, Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.values import FORCE, DeclaredData, DeclaredPurpose, DeclaredPurposes, Problem, Retention, Standing

_Row = TypeVar("_Row", bound=Attested)
_Pair = tuple[SubjectKind, DataCategory]


def declared_purposes(session: Session, attestor: Attestor) -> DeclaredPurposes:
    """Return every purpose that has not ended, by slug, made of rows whose attestation holds.

    A row that fails is left out and reported, and so is what hangs on it: without its activity a purpose is not there,
    without its row a pair of kind and category is not declared, a role is no recipient. Nothing opens by failing.
    """
    problems: list[Problem] = []
    activities = {row.id: row for row in _verified(session, attestor, Activity, problems)}
    purposes = [row for row in _verified(session, attestor, Purpose, problems) if row.standing is not Standing.ENDED]
    data: dict[int, dict[_Pair, DeclaredData]] = defaultdict(dict)
    for row in _verified(session, attestor, PurposeData, problems):
        if row.standing in FORCE:
            data[row.purpose_id][row.subject_kind, row.category] = _data(row)
    recipients: dict[int, set[Role]] = defaultdict(set)
    for recipient in _verified(session, attestor, PurposeRecipient, problems):
        if recipient.standing in FORCE:
            recipients[recipient.purpose_id].add(recipient.role)
    by_slug = {
        row.slug: _declared(row, activities[row.activity_id], data[row.id], recipients[row.id])
        for row in purposes
        if row.activity_id in activities
    }
    return DeclaredPurposes(by_slug=MappingProxyType(by_slug), problems=tuple(problems))


def _declared(
    purpose: Purpose, activity: Activity, data: Mapping[_Pair, DeclaredData], recipients: Iterable[Role]
) -> DeclaredPurpose:
    return DeclaredPurpose(
        id=purpose.id,
        slug=purpose.slug,
        label_fr=purpose.label_fr,
        label_en=purpose.label_en,
        activity_slug=activity.slug,
        activity_state=activity.state,
        open=activity.running and purpose.standing in FORCE,
        mode=activity.mode,
        basis=purpose.basis,
        consent_channel=purpose.consent_channel,
        special_condition=purpose.special_condition,
        data=frozenset(data),
        recipients=frozenset(recipients),
        declared=MappingProxyType(dict(data)),
    )


def _data(row: PurposeData) -> DeclaredData:
    retention = Retention(
        active_days=row.active_days,
        archive_days=row.archive_days,
        starting_event=row.starting_event,
        final_fate=row.final_fate,
    )
    return DeclaredData(obligatory=row.obligatory, provenance=row.provenance, retention=retention)


def _verified(session: Session, attestor: Attestor, model: type[_Row], problems: list[Problem]) -> list[_Row]:
    good: list[_Row] = []
    for row in session.scalars(select(model).execution_options(populate_existing=True)):
        try:
            attestor.verify(row)
        except AttestationError as error:
            problems.append(Problem(table=error.kind, reference=error.reference))
        else:
            good.append(row)
    return good
