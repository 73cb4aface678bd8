"""Every controller is written to when somebody becomes a controller, or is one no longer.

Who decides in the firm changes with it, and a change that nobody was told of would be found too late.
"""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.clock import Clock
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, RoleAssignment
from governance.ids import IdSource

_NEWS: Final = {True: Letter.CONTROLLER_NAMED, False: Letter.CONTROLLER_GONE}


def tell_controllers(session: Session, clock: Clock, ids: IdSource, account_id: uuid.UUID, *, named: bool) -> None:
    """Write to every controller, and to whom it is about."""
    now = clock.now()
    rows = session.execute(
        select(RoleAssignment.account_id, RoleAssignment.valid_until)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.role == Role.CONTROLLER,
            RoleAssignment.countersigned_at.is_not(None),
            RoleAssignment.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    readers = {row.account_id for row in rows if row.valid_until is None or row.valid_until > now}
    for reader in sorted(readers | {account_id}):
        tell(session, ids, clock, reader, _NEWS[named])
