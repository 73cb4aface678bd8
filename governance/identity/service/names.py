"""What accounts and tokens are called, for pages that show who acted."""

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.identity.models import Account, ApiToken


def names_of_actors(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return the e-mail address of each account and the name of each token among the ids."""
    accounts = session.execute(select(Account.id, Account.email).where(Account.id.in_(ids)))
    tokens = session.execute(select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
    return {row.id: row.email for row in accounts} | {row.id: row.name for row in tokens}


def everybody(session: Session) -> Mapping[uuid.UUID, str]:
    """Return who may have acted, by name: each account by its e-mail address, then each token by its own."""
    accounts = session.execute(select(Account.id, Account.email).order_by(Account.email))
    tokens = session.execute(select(ApiToken.id, ApiToken.name).order_by(ApiToken.name, ApiToken.id))
    return {row.id: row.email for row in accounts} | {row.id: row.name for row in tokens}
