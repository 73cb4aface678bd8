"""Every controller is written to when somebody becomes a controller, or is one no longer, or could be another.

Who decides in the firm changes with it, and a change that nobody was told of would be found too late.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, HandledController, RoleAssignment
from governance.identity.permissions import person
from governance.identity.service.facts import account_fact
from governance.ids import IdSource

_NEWS: Final = {True: Letter.CONTROLLER_NAMED, False: Letter.CONTROLLER_GONE}


def tell_controllers(session: Session, clock: Clock, ids: IdSource, account_id: uuid.UUID, *, named: bool) -> None:
    """Write to every controller, and to whom it is about."""
    for reader in sorted(_in_force(session, clock.now()) | {account_id}):
        tell(session, ids, clock, reader, _NEWS[named])


def note_handled(session: Session, clock: Clock, ids: IdSource, actor: Actor, account_id: uuid.UUID) -> None:
    """Note that somebody has a way into a controller's account in hand; every controller is written to.

    Nothing of the kind is noted of any other account, of one's own, or where the host does it.
    """
    by, now = person(actor), clock.now()
    controllers = _in_force(session, now)
    if by is None or by == account_id or account_id not in controllers:
        return
    session.add(HandledController(id=ids.new(), account_id=account_id, handled_by=by, handled_at=now))
    session.flush()
    for reader in sorted(controllers):
        tell(session, ids, clock, reader, Letter.CONTROLLER_HANDLED)
    record(session, account_fact(actor, account_id, "controller-handled"))


def _in_force(session: Session, now: datetime) -> set[uuid.UUID]:
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
    return {row.account_id for row in rows if row.valid_until is None or row.valid_until > now}
