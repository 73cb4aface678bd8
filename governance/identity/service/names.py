"""What accounts and tokens are called: one way on every page."""

import uuid
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import Session, aliased

from governance.identity.models import Account, ApiToken

_OTHER: Final = aliased(Account, name="other_account")
_SHARED: Final = exists().where(_OTHER.name == Account.name, _OTHER.id != Account.id).correlate(Account)
# An account goes by its name: with its e-mail address where another has the same, by its address where it has none.
CALLED: Final[ColumnElement[str]] = case(
    (Account.name == "", Account.email),
    (_SHARED, Account.name + " (" + Account.email + ")"),
    else_=Account.name,
).label("called")


def called(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return what to call each account among the ids."""
    rows = session.execute(select(Account.id, CALLED).where(Account.id.in_(ids)))
    return {row.id: row.called for row in rows}


def names_of_actors(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return what to call each account and each token among the ids."""
    tokens = session.execute(select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
    return {**called(session, ids), **{row.id: row.name for row in tokens}}


def everybody(session: Session) -> Mapping[uuid.UUID, str]:
    """Return who may have acted: each account, then each token, by name."""
    accounts = session.execute(select(Account.id, CALLED).order_by(CALLED, Account.id))
    tokens = session.execute(select(ApiToken.id, ApiToken.name).order_by(ApiToken.name, ApiToken.id))
    return {row.id: row.called for row in accounts} | {row.id: row.name for row in tokens}
