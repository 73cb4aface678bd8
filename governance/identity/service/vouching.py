"""Credentials that somebody else may have: an administrator can hand out a link, and use it.

While an account holds no role that an administrator may not have, that opens nothing. Before the first such role comes
into force, whatever was set that way is taken away, and its holder chooses anew through a link that nobody else saw.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, OneTimeLink, RoleAssignment
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.service.sessions import close_sessions_of
from governance.ids import IdSource
from governance.vault.attest import attestor_of

_ACCOUNT = "account"


def void_unvouched(session: Session, clock: Clock, ids: IdSource, actor: Actor, assignment: RoleAssignment) -> None:
    """Take away the credentials that nobody vouches for, since a role comes into force that they would open.

    Raises:
        AttestationError: If a row was changed behind our back.
    """
    if assignment.role is Role.ADMIN:
        return
    attestor = attestor_of(session)
    account = session.get_one(Account, assignment.account_id, populate_existing=True)
    attestor.verify(account)
    _close_links(session, account)
    if account.vouched:
        return
    closed = close_sessions_of(session, clock, attestor, account.id)
    # A way in that was linked by whoever held the password.
    for identity in session.scalars(select(OpenIdIdentity).where(OpenIdIdentity.account_id == account.id)):
        session.delete(identity)
    account.password_hash, account.vouched = None, True
    account.credentials_revision += 1
    session.flush()
    tell(session, ids, clock, account.id, Letter.FIRST_LINK)
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.ACCOUNT,
            actor=actor,
            object_type=_ACCOUNT,
            object_id=str(account.id),
            details={"verb": "credentials-voided", "sessions": closed},
        ),
    )


def _close_links(session: Session, account: Account) -> None:
    session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.account_id == account.id, OneTimeLink.made_by.is_not(None), OneTimeLink.used_at.is_(None)
        )
    )
