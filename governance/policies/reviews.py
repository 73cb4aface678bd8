"""What is to be looked at again: each activity's grants in force, with their holders, last use and last review."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from audit.counts import GIVING
from audit.models import LogEntry
from governance.actor import Actor, Role
from governance.days import day_of
from governance.identity.models import ApiToken, RoleAssignment
from governance.policies.holders import Holders, holders_of
from governance.policies.models import Grant, GrantReview
from governance.policies.requests import in_order
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.models import Activity, Purpose

# What nobody looked at for so long stands first.
STALE: Final = timedelta(days=180)
_MOST: Final = 2_000
_Use = Mapping[tuple[Role, str], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Grants that are looked at together: one role, purpose, action and form, ending on one day.

    Attributes:
        grant_ids: One for each kind of person and category.
        since: When the oldest of them was approved.
        last_review: When the one that was looked at longest ago was; None where one never was.
        last_use: When somebody with the role last read for the purpose, within the time that was looked at.
        alone: One of them was approved by whoever asked for it.
    """

    grant_ids: tuple[uuid.UUID, ...]
    role: Role
    purpose: str
    action: GrantedAction
    form: Form
    categories: tuple[DataCategory, ...]
    kinds: tuple[SubjectKind, ...]
    since: datetime
    until: datetime
    holders: Holders
    last_review: datetime | None
    last_use: datetime | None
    alone: bool
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedActivity:
    """An activity with its grants in force, those that nobody looked at for long first."""

    activity: Activity
    grants: Sequence[Reviewed]

    @property
    def due(self) -> int:
        """How many have to be looked at."""
        return sum(each.due for each in self.grants)


def reviews_for(session: Session, actor: Actor, now: datetime) -> list[ReviewedActivity]:
    """Return the activities that somebody reviews, with their grants, in a fixed number of statements.

    The head of a business line reviews that line, a controller all of them.
    """
    statement = select(Activity).order_by(Activity.name_fr, Activity.id)
    if Role.CONTROLLER not in actor.roles:
        statement = statement.where((Activity.owner_id == actor.id) | Activity.owner_id.is_(None))
    activities = session.scalars(statement).all()
    looked_at = func.max(GrantReview.reviewed_at).label("at")
    last = select(GrantReview.grant_id, looked_at).group_by(GrantReview.grant_id).subquery()
    rows = session.execute(
        select(Grant, Purpose.slug, Purpose.activity_id, last.c.at)
        .join(Purpose, Purpose.id == Grant.purpose_id)
        .outerjoin(last, last.c.grant_id == Grant.id)
        .where(
            Purpose.activity_id.in_([activity.id for activity in activities]),
            Grant.approved_at.is_not(None),
            Grant.revoked_at.is_(None),
            Grant.valid_to > now,
        )
        .order_by(Grant.id)
        .limit(_MOST)
    ).all()
    holders = holders_of(session, {row[0].role for row in rows}, now)
    used = last_uses(session, {row[1] for row in rows}, now - STALE)
    found = _grouped(rows, holders, used, now)
    return [
        ReviewedActivity(activity=activity, grants=found[activity.id]) for activity in activities if found[activity.id]
    ]


def last_uses(session: Session, purposes: Iterable[str], since: datetime) -> _Use:
    """Return when somebody with a role last read for a purpose, of those for which anybody did since then."""
    rows = session.execute(
        select(LogEntry.purpose, LogEntry.actor_id, func.max(LogEntry.at))
        .where(LogEntry.at >= since, LogEntry.action.in_(GIVING), LogEntry.purpose.in_(list(purposes)))
        .group_by(LogEntry.purpose, LogEntry.actor_id)
    ).all()
    roles: dict[uuid.UUID, set[Role]] = defaultdict(set)
    actors = {row[1] for row in rows}
    for account_id, role in session.execute(
        select(RoleAssignment.account_id, RoleAssignment.role).where(RoleAssignment.account_id.in_(actors)).distinct()
    ):
        roles[account_id].add(role)
    for token_id, role in session.execute(select(ApiToken.id, ApiToken.role).where(ApiToken.id.in_(actors))):
        roles[token_id].add(role)
    used: dict[tuple[Role, str], datetime] = {}
    for purpose, actor_id, at in rows:
        if actor_id is None or purpose is None:
            continue
        for role in roles.get(actor_id, ()):
            used[role, purpose] = max(at, used.get((role, purpose), at))
    return used


def _grouped(
    rows: Sequence[Row[Grant, str, uuid.UUID, datetime | None]],
    holders: Mapping[Role, Holders],
    used: _Use,
    now: datetime,
) -> Mapping[uuid.UUID, list[Reviewed]]:
    groups: dict[tuple[object, ...], list[Row[Grant, str, uuid.UUID, datetime | None]]] = defaultdict(list)
    for row in rows:
        grant = row[0]
        groups[row[2], grant.role, row[1], grant.action, grant.form, day_of(grant.valid_to)].append(row)
    found: dict[uuid.UUID, list[Reviewed]] = defaultdict(list)
    for together in groups.values():
        first, purpose, activity_id, _ = together[0]
        found[activity_id].append(_reviewed(together, holders[first.role], used.get((first.role, purpose)), now))
    for grants in found.values():
        grants.sort(key=lambda each: (not each.due, each.role, each.purpose, each.action.code, -each.form.code))
    return found


def _reviewed(
    together: Sequence[Row[Grant, str, uuid.UUID, datetime | None]],
    holders: Holders,
    last_use: datetime | None,
    now: datetime,
) -> Reviewed:
    grants = [row[0] for row in together]
    looked = [row[3] for row in together]
    last = None if None in looked else min(each for each in looked if each is not None)
    since = min(grant.approved_at for grant in grants if grant.approved_at is not None)
    return Reviewed(
        grant_ids=tuple(grant.id for grant in grants),
        role=grants[0].role,
        purpose=together[0][1],
        action=grants[0].action,
        form=grants[0].form,
        categories=tuple(in_order({grant.category for grant in grants})),
        kinds=tuple(in_order({grant.subject_kind for grant in grants})),
        since=since,
        until=min(grant.valid_to for grant in grants),
        holders=holders,
        last_review=last,
        last_use=last_use,
        alone=any(grant.alone for grant in grants),
        due=now - (last or since) >= STALE,
    )
