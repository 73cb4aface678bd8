"""Whose account an identity of the provider opens: found, linked, unlinked.

An account is found by issuer and subject, which the provider never gives to anybody else; by e-mail only once, and only
where nothing else opens the account yet: a provider's administrator can call anybody by any address, and would come
into every account by its name. Once is once: an account whose link was taken back does not wait for the next comer.
Whoever has a password links the two from inside.
"""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import record
from governance.actor import Actor, ActorKind
from governance.clock import Clock
from governance.identity.errors import (
    OnlyWayInError,
    OpenIdNotLinkedError,
    OpenIdTakenError,
    OpenIdUnknownError,
    UnknownAccountError,
)
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, SecondFactorState, SignInMethod
from governance.identity.openid.identity import ProvidedIdentity
from governance.identity.openid.models import OpenIdIdentity
from governance.identity.permissions import check_resets, person
from governance.identity.service.accounts import account_by_email, account_by_id, is_usable
from governance.identity.service.facts import account_fact
from governance.identity.service.roles import live_assignments
from governance.identity.service.second_factor_rules import is_word_of_provider_enough
from governance.identity.service.sessions import close_session, open_sessions
from governance.identity.service.uniqueness import flush_unique
from governance.ids import IdSource
from governance.vault.attest import Attestor


def account_of_identity(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, identity: ProvidedIdentity
) -> Account:
    """Return the account that an identity opens; the first time, link the two where that is safe.

    Raises:
        OpenIdUnknownError: If it opens none, or one that is closed; which, is not told.
        OpenIdTakenError: If somebody linked it at this very moment.
        AttestationError: If a row on the way was changed behind our back.
    """
    known = session.scalar(
        select(OpenIdIdentity).where(
            OpenIdIdentity.issuer == identity.issuer, OpenIdIdentity.subject == identity.subject
        )
    )
    if known is not None:
        attestor.verify(known)
        account = account_by_id(session, known.account_id)
    else:
        account = _never_opened(session, identity)
    attestor.verify(account)
    if not is_usable(account, clock.now()):
        raise OpenIdUnknownError
    if known is None:
        _link(session, clock, ids, account, identity)
    return account


def link_identity(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, account_id: uuid.UUID, identity: ProvidedIdentity
) -> None:
    """Let an identity open the account of somebody who is signed in to it and has just come back from the provider.

    Raises:
        OpenIdTakenError: If the identity opens an account already, or the account is opened by another.
        AttestationError: If the account was changed behind our back; linking it now would make that good.
    """
    account = account_by_id(session, account_id)
    attestor.verify(account)
    _link(session, clock, ids, account, identity)


def identity_of(session: Session, account_id: uuid.UUID) -> OpenIdIdentity | None:
    """Return the identity that opens an account, where one does."""
    return session.scalar(select(OpenIdIdentity).where(OpenIdIdentity.account_id == account_id))


def unlink_identity(session: Session, clock: Clock, attestor: Attestor, actor: Actor, account_id: uuid.UUID) -> None:
    """Take a link back, one's own or, by whoever may give them another way in, anybody's; what it opened is closed.

    Raises:
        OnlyWayInError: If a person would shut themselves out.
        OpenIdNotLinkedError: If there is none.
        NotPermittedError: If it is somebody else's, and the actor could become somebody whom they may not be.
        AttestationError: If a row was changed behind our back.
    """
    if person(actor) != account_id:
        live = live_assignments(session, account_id)
        check_resets(actor, frozenset(a.role for a in live if a.countersigned_at is not None))
    account = account_by_id(session, account_id)
    attestor.verify(account)
    found = identity_of(session, account_id)
    if found is None:
        raise OpenIdNotLinkedError
    attestor.verify(found)
    if account.password_hash is None and person(actor) == account_id:
        raise OnlyWayInError
    session.delete(found)
    for opened in open_sessions(session, clock, account_id):
        if opened.method is SignInMethod.OPENID:
            close_session(session, clock, attestor, actor, opened.id)
    session.flush()
    record(session, account_fact(actor, account_id, "identity-unlinked"))


def counts_as_second_factor(session: Session, account: Account, identity: ProvidedIdentity) -> bool:
    """Say whether several factors shown to the provider stand for the second one here.

    It counts only for whoever has no factor here, and owes none; and not for a role that needs one of one's own, held
    or about to be.
    """
    if not identity.second_factor or account.second_factor is not SecondFactorState.NONE:
        return False
    return is_word_of_provider_enough({each.role for each in live_assignments(session, account.id)})


def _never_opened(session: Session, identity: ProvidedIdentity) -> Account:
    """Return the account of the provider's verified address, where nothing opens it yet."""
    try:
        account = account_by_email(session, identity.email or "")
    except UnknownAccountError:
        raise OpenIdUnknownError from None
    if account.password_hash is not None or account.second_factor is not SecondFactorState.NONE:
        raise OpenIdUnknownError
    if account.known_to_provider or identity_of(session, account.id) is not None:
        raise OpenIdUnknownError
    return account


def _link(session: Session, clock: Clock, ids: IdSource, account: Account, identity: ProvidedIdentity) -> None:
    session.add(
        OpenIdIdentity(
            id=ids.new(),
            account_id=account.id,
            issuer=identity.issuer,
            subject=identity.subject,
            linked_at=clock.now(),
        )
    )
    account.known_to_provider = True
    flush_unique(session, OpenIdTakenError())
    tell(session, ids, clock, account.id, Letter.SIGN_IN_LINKED)
    own = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset())
    record(session, account_fact(own, account.id, "identity-linked"))
