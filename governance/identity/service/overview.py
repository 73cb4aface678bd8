"""Accounts and programs' tokens as whoever looks after them sees them: a page of each, and what waits for a controller.

Each list takes the same few statements however long it is.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.identity.models import Account, ApiToken, LastUse, RoleAssignment, SecondFactorState
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.service.names import names_of_actors
from governance.identity.service.roles import live_assignments_of_many, waiting_assignments
from governance.identity.service.sessions import last_uses

# A program that did not come for so long may be forgotten, and its secret with it.
STALE_AFTER: Final = timedelta(days=90)


class AccountState(StrEnum):
    """What a list of accounts may be narrowed to."""

    WAITING = "waiting"
    DISABLED = "disabled"
    WITHOUT_WAY_IN = "without-way-in"
    WITHOUT_SECOND_FACTOR = "without-second-factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts are asked for.

    Attributes:
        text: Stands in the e-mail address or in the name.
    """

    role: Role | None = None
    state: AccountState | None = None
    text: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One account of a list."""

    account: Account = field(repr=False)
    held: Sequence[RoleAssignment]
    signed_in_at: datetime | None
    linked: bool

    @property
    def lacks_way_in(self) -> bool:
        """Whether the person can come in neither with a password nor through the company's provider."""
        return self.account.password_hash is None and not self.linked

    @property
    def has_second_factor(self) -> bool:
        """Whether the person shows one."""
        return self.account.second_factor is SecondFactorState.ENROLLED


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """A page of accounts; `after` is where the next begins, None where none does."""

    rows: Sequence[AccountRow]
    after: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRole:
    """A role that waits for a controller, with whose it is and who made it."""

    assignment: RoleAssignment
    called: str = field(repr=False)
    made_by: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A program's token of a list."""

    token: ApiToken
    made_by: str | None = field(repr=False)
    used_at: datetime | None

    def is_stale(self, now: datetime) -> bool:
        """Say whether it opens something, and nobody has used it for a long time."""
        ended = self.token.revoked_at is not None or (
            self.token.expires_at is not None and self.token.expires_at <= now
        )
        return not ended and now - max(self.used_at or self.token.made_at, self.token.made_at) >= STALE_AFTER


def accounts_page(
    session: Session, wanted: AccountFilter, *, after: uuid.UUID | None = None, limit: int = 50
) -> AccountPage:
    """Return the accounts that fit, in the order in which they were made."""
    query = _narrowed(select(Account, LastUse.used_at).outerjoin(LastUse, LastUse.id == Account.id), wanted)
    if after is not None:
        query = query.where(Account.id > after)
    found = session.execute(query.order_by(Account.id).limit(limit + 1)).all()
    shown = found[:limit]
    ids = [account.id for account, _ in shown]
    held = live_assignments_of_many(session, ids)
    linked = set(session.scalars(select(OpenIdIdentity.account_id).where(OpenIdIdentity.account_id.in_(ids))))
    return AccountPage(
        rows=[
            AccountRow(account=account, held=held[account.id], signed_in_at=at, linked=account.id in linked)
            for account, at in shown
        ],
        after=shown[-1][0].id if len(found) > limit else None,
    )


def waiting_for_controller(session: Session) -> Sequence[WaitingRole]:
    """Return every role that waits, the oldest first."""
    waiting = waiting_assignments(session)
    ids = {each.account_id for each in waiting} | {each.assigned_by for each in waiting if each.assigned_by}
    names = names_of_actors(session, ids)
    return [
        WaitingRole(
            assignment=each,
            called=names.get(each.account_id, ""),
            made_by=None if each.assigned_by is None else names.get(each.assigned_by),
        )
        for each in waiting
    ]


def tokens_page(
    session: Session, *, after: uuid.UUID | None = None, limit: int = 50
) -> tuple[Sequence[TokenRow], uuid.UUID | None]:
    """Return programs' tokens, the newest first, and where the next page begins."""
    query = select(ApiToken).where(ApiToken.account_id.is_(None))
    if after is not None:
        query = query.where(ApiToken.id < after)
    found = session.scalars(query.order_by(ApiToken.id.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    return token_rows(session, shown), shown[-1].id if len(found) > limit else None


def waiting_tokens(session: Session) -> Sequence[TokenRow]:
    """Return every program's token that waits for a controller, the oldest first."""
    waiting = (
        select(ApiToken)
        .where(ApiToken.account_id.is_(None), ApiToken.countersigned_at.is_(None), ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id)
    )
    return token_rows(session, session.scalars(waiting).all())


def token_rows(session: Session, tokens: Sequence[ApiToken]) -> Sequence[TokenRow]:
    """Return tokens with who made them and when they were last used."""
    names: Mapping[uuid.UUID, str] = names_of_actors(session, {token.made_by for token in tokens if token.made_by})
    used = last_uses(session, [token.id for token in tokens])
    return [
        TokenRow(
            token=token,
            made_by=None if token.made_by is None else names.get(token.made_by),
            used_at=used.get(token.id),
        )
        for token in tokens
    ]


def _narrowed(query: Select[Account, datetime | None], wanted: AccountFilter) -> Select[Account, datetime | None]:
    live = (
        select(RoleAssignment.id)
        .where(RoleAssignment.account_id == Account.id, RoleAssignment.revoked_at.is_(None))
        .correlate(Account)
    )
    if wanted.role is not None:
        query = query.where(live.where(RoleAssignment.role == wanted.role).exists())
    match wanted.state:
        case AccountState.WAITING:
            query = query.where(live.where(RoleAssignment.countersigned_at.is_(None)).exists())
        case AccountState.DISABLED:
            query = query.where(Account.disabled_at.is_not(None))
        case AccountState.WITHOUT_WAY_IN:
            linked = select(OpenIdIdentity.id).where(OpenIdIdentity.account_id == Account.id).correlate(Account)
            query = query.where(Account.password_hash.is_(None), ~linked.exists(), Account.disabled_at.is_(None))
        case AccountState.WITHOUT_SECOND_FACTOR:
            query = query.where(Account.second_factor != SecondFactorState.ENROLLED, Account.disabled_at.is_(None))
        case None:
            pass
    if wanted.text:
        text = wanted.text.strip().lower()
        query = query.where(
            Account.email.contains(text, autoescape=True) | func.lower(Account.name).contains(text, autoescape=True)
        )
    return query
