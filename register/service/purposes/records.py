"""Purposes with what they use and who receives it, a whole page in three statements."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.service.purposes.declaring import list_purposes
from register.values import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRecord:
    """A purpose as the register shows it: also what is proposed, and what is leaving."""

    purpose: Purpose
    activity: Activity
    data: Sequence[PurposeData]
    recipients: Sequence[PurposeRecipient]


def describe_purposes(session: Session, purposes: Collection[Purpose]) -> list[PurposeRecord]:
    """Return the records of these purposes, in their order."""
    numbers = [purpose.id for purpose in purposes]
    activities = _activities(session, {purpose.activity_id for purpose in purposes})
    data: dict[int, list[PurposeData]] = defaultdict(list)
    for row in session.scalars(select(PurposeData).where(PurposeData.purpose_id.in_(numbers)).order_by(PurposeData.id)):
        data[row.purpose_id].append(row)
    recipients: dict[int, list[PurposeRecipient]] = defaultdict(list)
    for recipient in session.scalars(
        select(PurposeRecipient).where(PurposeRecipient.purpose_id.in_(numbers)).order_by(PurposeRecipient.id)
    ):
        recipients[recipient.purpose_id].append(recipient)
    return [
        PurposeRecord(
            purpose=purpose,
            activity=activities[purpose.activity_id],
            data=data[purpose.id],
            recipients=recipients[purpose.id],
        )
        for purpose in purposes
    ]


def describe_purpose(session: Session, purpose: Purpose) -> PurposeRecord:
    """Return the record of one purpose."""
    return describe_purposes(session, [purpose])[0]


def list_purpose_records(
    session: Session, *, activity: uuid.UUID | None, after: int | None, limit: int
) -> Page[PurposeRecord]:
    """Return the records of purposes by number, from the one after `after`; of one activity where it is given."""
    page = list_purposes(session, activity_id=activity, after=after, limit=limit)
    return Page(rows=describe_purposes(session, page.rows), next=page.next)


def _activities(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Activity]:
    return {row.id: row for row in session.scalars(select(Activity).where(Activity.id.in_(ids)))}
