"""Which purposes of an activity stand beneath which: a tree of any depth, and never a ring."""

import uuid
from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.vault.attest import Attestor, attestor_of
from register.completeness import REMAINING
from register.errors import CircularPurposeError, PurposeNotFoundError
from register.models import Activity, Purpose
from register.service.loading import PurposeRef, find_purpose
from register.values import Standing


def purposes_above(session: Session, activity_id: uuid.UUID) -> list[Purpose]:
    """Return the purposes of an activity beneath which others can stand, by number: those that stay."""
    statement = select(Purpose).where(Purpose.activity_id == activity_id, Purpose.standing.in_(REMAINING))
    return list(session.scalars(statement.order_by(Purpose.id)))


def parent_in(session: Session, activity: Activity, reference: PurposeRef) -> Purpose:
    """Return a purpose beneath which others of an activity can stand: one of its own that stays.

    Raises:
        PurposeNotFoundError: If there is none.
    """
    parent = find_purpose(session, reference)
    if parent.activity_id != activity.id or parent.standing not in REMAINING:
        raise PurposeNotFoundError(reference=str(reference))
    return parent


def parent_for(
    session: Session, attestor: Attestor, purpose: Purpose, activity: Activity, reference: PurposeRef
) -> Purpose:
    """Return a purpose beneath which this one of the same activity can be put.

    Raises:
        PurposeNotFoundError: If there is none that stays.
        AttestationError: If it was altered outside Égide.
        CircularPurposeError: If it is the purpose itself, or one beneath it.
    """
    parent = parent_in(session, activity, reference)
    attestor.verify(parent)
    if parent.id in line_of(session, purpose):
        raise CircularPurposeError(slug=purpose.slug, parent=parent.slug)
    return parent


def stand_alone_beneath(session: Session, purpose: Purpose) -> None:
    """Let what stands beneath a purpose that ends stand by itself.

    Raises:
        AttestationError: If one of those was altered outside Égide.
    """
    beneath = select(Purpose).where(Purpose.parent_id == purpose.id, Purpose.standing != Standing.ENDED)
    for each in session.scalars(beneath).all():
        attestor_of(session).verify(each)
        each.parent_id = None


def line_of(session: Session, purpose: Purpose) -> set[int]:
    """Return the numbers of a purpose and of all beneath it: of those that leave too, for they may be kept."""
    beneath: defaultdict[int | None, set[int]] = defaultdict(set)
    statement = select(Purpose.id, Purpose.parent_id).where(Purpose.activity_id == purpose.activity_id)
    for number, parent in session.execute(statement):
        beneath[parent].add(number)
    line: set[int] = set()
    found = {purpose.id}
    while found:
        line |= found
        found = {each for above in found for each in beneath[above]} - line
    return line
