"""Credentials that somebody else may have: whoever hands out a link can use it.

An administrator's word vouches for nothing, and a controller's only where there is no other controller: with two, both
look at an account before anything opens, and neither may become its holder afterwards. So a controller who is not alone
sees the links of accounts that wait, as an administrator does, and has any other mailed.

While an account holds no role that an administrator may not have, that opens nothing. Before the first such role comes
into force, whatever was set that way is taken away, and its holder chooses anew through a link that nobody else saw.

Whoever was in before could have prepared other ways in beside the password: an identity of their own at the provider,
a factor, a token, a link. So all of them go where an account comes to be vouched for, however it does: by the first
role in force, or by a password chosen through a link that somebody vouches for.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.factors.models import FactorUse, Passkey, RecoveryCodes, TotpFactor
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, ApiToken, OneTimeLink, RoleAssignment, SecondFactorState
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.permissions import may_countersign, person, vouches
from governance.identity.service.facts import account_fact
from governance.identity.service.second_person import another_decides, another_will_decide
from governance.identity.service.sessions import close_sessions_of
from governance.ids import IdSource
from governance.vault.attest import attestor_of


def vouches_alone(session: Session, actor: Actor, now: datetime) -> bool:
    """Say whether credentials may rest on this actor's word, for whoever is about to write by it.

    Raises:
        AttestationError: If a row that says so was changed behind our back.
    """
    who = person(actor)
    return vouches(actor) and (who is None or not another_will_decide(session, who, now))


def sees_links(session: Session, actor: Actor, held: Collection[Role], now: datetime, *, sure: bool = True) -> bool:
    """Say whether a link may be shown to this controller, given the confirmed roles of the account.

    Args:
        session: The session.
        actor: Who would see it.
        held: The roles that the account holds, countersigned.
        now: The moment.
        sure: It is asked to write by it, and not for a page.

    Raises:
        AttestationError: If a row that says so was changed behind our back.
    """
    who = person(actor)
    if not held or who is None or not may_countersign(actor):
        return True
    return not (another_will_decide if sure else another_decides)(session, who, now)


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
    account.password_hash = None
    account.credentials_revision += 1
    factors = vouch_for(session, clock, account)
    tell(session, ids, clock, account.id, Letter.FIRST_LINK)
    record(session, account_fact(actor, account.id, "credentials-voided", sessions=closed, factors=factors))


def vouch_for(session: Session, clock: Clock, account: Account) -> int:
    """Let an account be vouched for from now on, without any way in from before, and return how many factors it had.

    Its password is the business of whoever calls it, who has just had it chosen or takes it away, and so is the record.
    With the password its sessions have ended. That the provider knew the account stays, so that nobody is linked to it
    by its address: its holder links the two from inside. (Whoever comes in by the provider alone never had a password
    by somebody's link, and keeps that way in.)

    Raises:
        AttestationError: If a token was changed behind our back; taking it back now would make that good.
    """
    factors: list[TotpFactor | Passkey] = [
        *session.scalars(select(TotpFactor).where(TotpFactor.account_id == account.id)),
        *session.scalars(select(Passkey).where(Passkey.account_id == account.id)),
    ]
    session.execute(delete(FactorUse).where(FactorUse.id.in_([factor.id for factor in factors])))
    identities = session.scalars(select(OpenIdIdentity).where(OpenIdIdentity.account_id == account.id))
    codes = session.scalars(select(RecoveryCodes).where(RecoveryCodes.account_id == account.id))
    for row in (*factors, *identities, *codes):
        session.delete(row)
    _take_tokens_back(session, clock, account)
    unused = (OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
    session.execute(delete(OneTimeLink).where(*unused))
    if account.second_factor is SecondFactorState.ENROLLED:
        account.second_factor = SecondFactorState.NONE
    account.vouched = True
    session.flush()
    return len(factors)


def _take_tokens_back(session: Session, clock: Clock, account: Account) -> None:
    attestor, now = attestor_of(session), clock.now()
    own = (ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
    for token in session.scalars(select(ApiToken).where(*own)):
        attestor.verify(token)
        token.revoked_at = now


def _close_links(session: Session, account: Account) -> None:
    session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.account_id == account.id, OneTimeLink.made_by.is_not(None), OneTimeLink.used_at.is_(None)
        )
    )
