"""How the register's use cases find a row and hold it: locked, and verified before anything is built upon it."""

import uuid
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from governance.vault.attest import Attested, Attestor
from register.errors import ActivityNotFoundError, PurposeNotFoundError
from register.lines.told import named_by, read_lines
from register.models import Activity, Purpose, PurposeData, PurposeRecipient
from register.on_file import measures_on_file, parties_and_theirs
from register.slugs import is_slug

ActivityRef = uuid.UUID | str
PurposeRef = int | str
_Row = TypeVar("_Row", bound=Attested)


def locked_activity(session: Session, attestor: Attestor, reference: ActivityRef) -> Activity:
    """Return the activity with this identifier or slug, held until the transaction ends.

    Raises:
        ActivityNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide: signing it again would make that good.
    """
    found = None if _is_no_slug(reference) else _locked(session, select(Activity).where(_activity_is(reference)))
    if found is None:
        raise ActivityNotFoundError(reference=str(reference))
    attestor.verify(found)
    return found


def locked_purpose(session: Session, attestor: Attestor, reference: PurposeRef) -> tuple[Purpose, Activity]:
    """Return the purpose with this number or slug, and its activity; the activity is held.

    Raises:
        PurposeNotFoundError: If there is none.
        AttestationError: If one of them was altered outside Égide.
    """
    purpose = find_purpose(session, reference)
    activity = locked_activity(session, attestor, purpose.activity_id)
    session.refresh(purpose)
    attestor.verify(purpose)
    return purpose, activity


def verify_record(session: Session, attestor: Attestor, activity: Activity) -> None:
    """Check every row of an activity's record, and what it names of what is on file: who decides on it signs that.

    Raises:
        AttestationError: If one was altered outside Égide.
    """
    purposes = session.scalars(select(Purpose).where(Purpose.activity_id == activity.id)).all()
    named = [each.id for each in purposes]
    lines = [row for rows in read_lines(session, activity.id).values() for row in rows]
    rows: list[Attested] = [
        *purposes,
        *session.scalars(select(PurposeData).where(PurposeData.purpose_id.in_(named))),
        *session.scalars(select(PurposeRecipient).where(PurposeRecipient.purpose_id.in_(named))),
        *lines,
    ]
    for row in rows:
        attestor.verify(row)
    on_file = {each for row in lines if (each := named_by(row)) is not None}
    parties_and_theirs(session, on_file if activity.controller_id is None else on_file | {activity.controller_id})
    measures_on_file(session, on_file)


def find_activity(session: Session, reference: ActivityRef) -> Activity:
    """Return the activity with this identifier or slug.

    Raises:
        ActivityNotFoundError: If there is none.
    """
    found = None if _is_no_slug(reference) else session.scalar(select(Activity).where(_activity_is(reference)))
    if found is None:
        raise ActivityNotFoundError(reference=str(reference))
    return found


def find_purpose(session: Session, reference: PurposeRef) -> Purpose:
    """Return the purpose with this number or slug.

    Raises:
        PurposeNotFoundError: If there is none.
    """
    condition = Purpose.id == reference if isinstance(reference, int) else Purpose.slug == reference
    found = None if _is_no_slug(reference) else session.scalar(select(Purpose).where(condition))
    if found is None:
        raise PurposeNotFoundError(reference=str(reference))
    return found


def _activity_is(reference: ActivityRef) -> ColumnElement[bool]:
    return Activity.id == reference if isinstance(reference, uuid.UUID) else Activity.slug == reference


def _is_no_slug(reference: uuid.UUID | int | str) -> bool:
    # What a caller made up need not reach the database; PostgreSQL would not even take every text.
    return isinstance(reference, str) and not is_slug(reference)


def _locked(session: Session, statement: Select[_Row]) -> _Row | None:
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))
