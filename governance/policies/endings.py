"""What ends soon, so that whoever needs it asks for its renewal before it does."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import RoleAssignment
from governance.policies.models import Grant
from governance.vocabulary import DataCategory, Form, GrantedAction
from register.models import Purpose

SOON: Final = timedelta(days=30)
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Something that is held and ends soon.

    Attributes:
        account_id: Who holds the role; None for data, which everybody holds who has the role.
        purpose: The slug of the purpose; None for a role.
        categories: Which categories; none for a role.
    """

    role: Role
    until: datetime
    account_id: uuid.UUID | None = None
    purpose: str | None = None
    categories: tuple[DataCategory, ...] = ()
    action: GrantedAction | None = None
    form: Form | None = None


def ending_soon(
    session: Session,
    now: datetime,
    *,
    account_id: uuid.UUID | None = None,
    roles: Collection[Role] | None = None,
    within: timedelta = SOON,
) -> list[Ending]:
    """Return what ends soon and nothing lasting takes the place of, the first to end first; two statements.

    Args:
        session: Where to read.
        now: The time.
        account_id: Whose roles; None for everybody's.
        roles: The data of which roles; None for all.
        within: How soon.
    """
    endings = [*_roles(session, now, account_id, within), *_data(session, now, roles, within)]
    return sorted(endings, key=lambda ending: (ending.until, ending.role, ending.purpose or ""))


def _roles(session: Session, now: datetime, account_id: uuid.UUID | None, within: timedelta) -> list[Ending]:
    statement = select(RoleAssignment).where(
        RoleAssignment.countersigned_at.is_not(None),
        RoleAssignment.revoked_at.is_(None),
        RoleAssignment.valid_until > now,
        RoleAssignment.valid_until <= now + within,
    )
    if account_id is not None:
        statement = statement.where(RoleAssignment.account_id == account_id)
    return [
        Ending(role=row.role, until=row.valid_until, account_id=row.account_id)
        for row in session.scalars(statement.order_by(RoleAssignment.valid_until).limit(_MOST))
        if row.valid_until is not None
    ]


def _data(session: Session, now: datetime, roles: Collection[Role] | None, within: timedelta) -> list[Ending]:
    standing = [Grant.approved_at.is_not(None), Grant.revoked_at.is_(None), Grant.valid_to > now]
    if roles is not None:
        standing.append(Grant.role.in_(roles))
    # One that lasts, and gives as much, takes the place of one that ends.
    rows = session.execute(
        select(Grant.role, Purpose.slug, Grant.subject_kind, Grant.category, Grant.action, Grant.form, Grant.valid_to)
        .join(Purpose, Purpose.id == Grant.purpose_id)
        .where(*standing)
        .order_by(Grant.valid_to, Grant.id)
    ).all()
    lasting = {
        row[:5]: row.form.code for row in sorted(rows, key=lambda row: row.form.code) if row.valid_to > now + within
    }
    grouped: dict[tuple[Role, str, GrantedAction, Form, datetime], set[DataCategory]] = {}
    for row in rows:
        ends = row.valid_to <= now + within
        if ends and lasting.get(row[:5], 0) < row.form.code:
            grouped.setdefault((row.role, row.slug, row.action, row.form, row.valid_to), set()).add(row.category)
    return [
        Ending(
            role=role,
            until=until,
            purpose=slug,
            categories=tuple(sorted(categories, key=lambda category: category.code)),
            action=action,
            form=form,
        )
        for (role, slug, action, form, until), categories in grouped.items()
    ]
