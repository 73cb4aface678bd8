"""How many grants are in force: counts only, for pages that say what a decision closes. They open nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.policies.models import Grant


def count_grants(session: Session, now: datetime, purposes: Collection[int]) -> Mapping[int, Mapping[Role, int]]:
    """Return how many grants each role holds for each of these purposes now."""
    statement = (
        select(Grant.purpose_id, Grant.role, func.count())
        .where(
            Grant.purpose_id.in_(purposes),
            Grant.approved_at.is_not(None),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            Grant.valid_to > now,
        )
        .group_by(Grant.purpose_id, Grant.role)
    )
    found: dict[int, dict[Role, int]] = defaultdict(dict)
    for purpose_id, role, count in session.execute(statement):
        found[purpose_id][role] = count
    return found
