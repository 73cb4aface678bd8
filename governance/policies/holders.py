"""Who holds a role at a moment: people with open accounts, and programs by their tokens."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import Account, ApiToken, RoleAssignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """How many hold a role."""

    people: int = 0
    programs: int = 0

    @property
    def all(self) -> int:
        """Both together."""
        return self.people + self.programs


def holders_of(session: Session, roles: Collection[Role], now: datetime) -> Mapping[Role, Holders]:
    """Return how many hold each of these roles, in two statements."""
    people = session.execute(
        select(RoleAssignment.role, func.count())
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role.in_(roles),
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until > now),
            Account.disabled_at.is_(None),
        )
        .group_by(RoleAssignment.role)
    )
    # A token of somebody's own gives nobody a role that they do not hold already.
    programs = session.execute(
        select(ApiToken.role, func.count())
        .where(
            ApiToken.role.in_(roles),
            ApiToken.account_id.is_(None),
            ApiToken.countersigned_at.is_not(None),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
        .group_by(ApiToken.role)
    )
    by_people = Counter({row[0]: row[1] for row in people})
    by_programs = Counter({row[0]: row[1] for row in programs})
    return {role: Holders(people=by_people[role], programs=by_programs[role]) for role in roles}
