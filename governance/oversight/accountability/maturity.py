"""The self-assessment of maturity, on the eight activities of the CNIL's model of 2021. Each one is kept whole."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.oversight.accountability.keeping import record_kept
from governance.oversight.errors import MaturityIncompleteError
from governance.oversight.models import MaturityLevel, MaturityReview
from governance.oversight.permissions import KEEPERS, writer
from governance.oversight.values.accountability import HIGHEST_LEVEL, Assessed, MaturityActivity, MaturityTerms
from governance.vault.attest import attestor_of
from register.service import Desk
from register.values import Page

OBJECT: Final = "maturity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One self-assessment, with where each activity stood; `altered` where a row of it was altered or taken away."""

    id: uuid.UUID
    made_by: uuid.UUID
    made_at: datetime
    levels: Mapping[MaturityActivity, Assessed]
    altered: bool


def assess(session: Session, desk: Desk, actor: Actor, terms: MaturityTerms) -> MaturityReview:
    """Keep a self-assessment; the ones before stay as they are.

    Raises:
        PersonNeededError, NotYoursError: If the actor does not keep the file.
        MaturityIncompleteError: If an activity is left out, or a level is none.
    """
    account = writer(actor, KEEPERS)
    levels = range(HIGHEST_LEVEL + 1)
    whole = set(terms) == set(MaturityActivity)
    if not whole or any(each.level not in levels or each.target not in levels for each in terms.values()):
        raise MaturityIncompleteError
    review = MaturityReview(id=desk.ids.new(), made_by=account, made_at=desk.clock.now())
    session.add(review)
    session.flush()
    session.add_all(
        MaturityLevel(
            review_id=review.id,
            activity=activity,
            level=each.level,
            target=each.target,
            justification=each.justification,
        )
        for activity, each in sorted(terms.items())
    )
    session.flush()
    told = {activity.value: [each.level, each.target] for activity, each in sorted(terms.items())}
    record_kept(session, actor, (OBJECT, review.id), new=True, levels=told)
    return review


def list_reviews(session: Session, *, after: uuid.UUID | None, limit: int) -> Page[Review]:
    """Return the self-assessments, the latest first, in two statements; those that were altered say so."""
    statement = select(MaturityReview)
    if after is not None:
        statement = statement.where(MaturityReview.id < after)
    rows = session.scalars(statement.order_by(MaturityReview.id.desc()).limit(limit + 1)).all()
    levels = _levels(session, [row.id for row in rows])
    whole = attestor_of(session).is_whole
    found = [
        Review(
            id=row.id,
            made_by=row.made_by,
            made_at=row.made_at,
            levels={each.activity: _assessed(each) for each in levels[row.id]},
            altered=not (whole(row) and all(whole(each) for each in levels[row.id]) and _is_full(levels[row.id])),
        )
        for row in rows
    ]
    return Page.cut(found, limit, lambda row: str(row.id))


def levels_gone(session: Session) -> int:
    """Return how many levels were taken away outside Égide: each self-assessment was kept with one of each activity."""
    kept = select(func.count()).where(MaturityLevel.review_id == MaturityReview.id).scalar_subquery()
    missing = session.scalars(select(len(MaturityActivity) - kept).select_from(MaturityReview)).all()
    return sum(each for each in missing if each > 0)


def _is_full(levels: Collection[MaturityLevel]) -> bool:
    return {each.activity for each in levels} == set(MaturityActivity)


def _levels(session: Session, reviews: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[MaturityLevel]]:
    found: dict[uuid.UUID, list[MaturityLevel]] = defaultdict(list)
    for row in session.scalars(select(MaturityLevel).where(MaturityLevel.review_id.in_(reviews))):
        found[row.review_id].append(row)
    return found


def _assessed(row: MaturityLevel) -> Assessed:
    return Assessed(level=row.level, target=row.target, justification=row.justification)
