"""One-time links: for the first administrator, and for whoever sets a password. There is never a default password.

Opening a link changes nothing, for scanners of mail open links; what acts is the form on the page that it opens.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.actor import Actor, ActorKind, Role
from governance.clock import Clock
from governance.identity.bearer import Secret, hash_secret, is_same, new_secret
from governance.identity.errors import AdministratorExistsError, LinkByMailError, LinkRefusedError, NotPermittedError
from governance.identity.letters import Letter, tell
from governance.identity.lockout import forget_failures
from governance.identity.models import Account, LinkKind, OneTimeLink, RoleAssignment
from governance.identity.permissions import check_administers, check_not_through_a_token, check_resets, person
from governance.identity.service.accounts import (
    NewAccount,
    PasswordHash,
    account_by_id,
    add_account,
    change_password,
    is_usable,
)
from governance.identity.service.controllers import note_handled
from governance.identity.service.facts import account_fact
from governance.identity.service.roles import NewRole, assign_role, live_assignments, roles_in_force
from governance.identity.service.vouching import sees_links, vouch_for, vouches_alone
from governance.ids import IdSource
from governance.vault.attest import Attestor

LINK: Final = "link"
VALID_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLink:
    """A link just made. Its secret is shown once and kept nowhere."""

    link: OneTimeLink
    secret: Secret = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLink:
    """What the page behind a link has to ask.

    Attributes:
        email: Whose password it sets; None for the first administrator, who names their own.
    """

    link: OneTimeLink
    email: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptLink:
    """The form behind a link, sent.

    Attributes:
        email: The first administrator's; otherwise the account's own.
    """

    secret: str = field(repr=False)
    email: str = field(repr=False)
    password_hash: PasswordHash = field(repr=False)
    locale: str = "fr"
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A link about to be made."""

    id: uuid.UUID
    kind: LinkKind
    now: datetime
    account: Account | None = None
    valid_for: timedelta = VALID_FOR


def link_first_administrator(session: Session, clock: Clock, ids: IdSource, actor: Actor) -> IssuedLink:
    """Make the link by which the first administrator comes in. An older one, not used yet, opens nothing from now on.

    Raises:
        NotPermittedError: If it is not the host who asks.
        AdministratorExistsError: If there is an administrator.
    """
    check_administers(actor)
    _check_no_administrator(session)
    now = clock.now()
    older = select(OneTimeLink).where(OneTimeLink.kind == LinkKind.FIRST_ADMINISTRATOR, OneTimeLink.used_at.is_(None))
    for link in session.scalars(older):
        session.delete(link)
    return issue(session, actor, Draft(id=ids.new(), kind=LinkKind.FIRST_ADMINISTRATOR, now=now))


def link_password(session: Session, clock: Clock, ids: IdSource, actor: Actor, account: Account) -> IssuedLink:
    """Make a link by which a person sets their password.

    Raises:
        NotPermittedError: If the actor may not, since whoever makes the link could use it; or acts through a token.
        LinkByMailError: If a controller asks who is not alone, for an account whose roles are confirmed.
        AttestationError: If a row that says so was changed behind our back.
    """
    check_not_through_a_token(actor)
    held = _confirmed_roles(session, account)
    check_resets(actor, held)
    if not sees_links(session, actor, held, clock.now()):
        raise LinkByMailError
    note_handled(session, clock, ids, actor, account.id)
    draft = Draft(id=ids.new(), kind=LinkKind.SET_PASSWORD, now=clock.now(), account=account)
    return issue(session, actor, draft)


def open_link(session: Session, clock: Clock, attestor: Attestor, secret: str, *, holding: bool = False) -> OpenedLink:
    """Return what a link is for. Changes nothing.

    Args:
        session: The session.
        clock: What says whether it has expired.
        attestor: What says whether it was altered.
        secret: The secret in the link.
        holding: Keep others from using it until the transaction ends.

    Raises:
        LinkRefusedError: If it is unknown, expired or used, if what it is for has been done otherwise, or if the person
            who made it could not make it now.
        AttestationError: If a row on the way was changed behind our back.
    """
    now = clock.now()
    query = select(OneTimeLink).where(OneTimeLink.secret_hash == hash_secret(secret))
    found = session.scalar(query.with_for_update() if holding else query)
    if found is None or not is_same(found.secret_hash, secret):
        raise LinkRefusedError
    attestor.verify(found)
    if found.used_at is not None or found.expires_at <= now:
        raise LinkRefusedError
    if found.account_id is None:
        return OpenedLink(link=_still_first(session, found), email=None)
    account = account_by_id(session, found.account_id)
    attestor.verify(account)
    if not is_usable(account, now) or account.credentials_revision != found.credentials_revision:
        raise LinkRefusedError
    _check_maker(session, account, _maker(session, attestor, found.made_by, now), now)
    return OpenedLink(link=found, email=account.email)


def accept_link(session: Session, clock: Clock, ids: IdSource, attestor: Attestor, command: AcceptLink) -> Account:
    """Do what the link is for, once.

    Raises:
        LinkRefusedError: If it is unknown, expired or used.
        InvalidEmailError: If the first administrator's e-mail cannot be one.
        EmailTakenError: If an account has it.
        AttestationError: If a row on the way was changed behind our back.
    """
    # Before the link is held: whoever puts a role in force closes links under this lock.
    attestor.hold_policy_set(session)
    link = open_link(session, clock, attestor, command.secret, holding=True).link
    now = clock.now()
    link.used_at = now
    if link.account_id is None:
        return _make_first_administrator(session, clock, ids, command)
    account = account_by_id(session, link.account_id)
    actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset(), address=command.address)
    first = account.password_hash is None
    change_password(session, attestor, actor, account, command.password_hash)
    if link.made_by != account.id:
        maker = _maker(session, attestor, link.made_by, now)
        if maker is not None and not vouches_alone(session, maker, now):
            account.vouched = False
        else:
            # A mailbox alone takes no factor away from somebody in office: an administrator, whose role waits for
            # nobody. Should another role come, what nobody vouches for goes with its confirmation.
            if not account.vouched and not roles_in_force(session, attestor, account.id, now):
                _void_what_was_prepared(session, clock, actor, account)
            # Whoever has the mailbox, or the controller's word, need not wait for what strangers guessed.
            forget_failures(session, attestor, account.email)
        session.flush()
    if not first:
        tell(session, ids, clock, account.id, Letter.PASSWORD_CHANGED)
    return account


def _void_what_was_prepared(session: Session, clock: Clock, actor: Actor, account: Account) -> None:
    factors = vouch_for(session, clock, account)
    record(session, account_fact(actor, account.id, "ways-in-voided", factors=factors))


def issue(session: Session, actor: Actor, draft: Draft) -> IssuedLink:
    """Make a link, whoever may. The use cases above say who may."""
    secret = new_secret()
    link = OneTimeLink(
        id=draft.id,
        kind=draft.kind,
        account_id=None if draft.account is None else draft.account.id,
        secret_hash=hash_secret(secret),
        credentials_revision=0 if draft.account is None else draft.account.credentials_revision,
        made_by=person(actor),
        made_at=draft.now,
        expires_at=draft.now + draft.valid_for,
    )
    session.add(link)
    session.flush()
    record(
        session,
        Fact(
            retention=Retention.SECURITY,
            action=Action.ACCOUNT,
            actor=actor,
            object_type=LINK,
            object_id=str(link.id),
            details={"verb": "made", "kind": link.kind.value},
        ),
    )
    return IssuedLink(link=link, secret=secret)


def _make_first_administrator(session: Session, clock: Clock, ids: IdSource, command: AcceptLink) -> Account:
    # Nobody has an account yet: the house acts, at the address from which the link was used.
    house = Actor(kind=ActorKind.SYSTEM, id=None, roles=frozenset(), address=command.address)
    new = NewAccount(email=command.email, locale=command.locale, password_hash=command.password_hash)
    account = add_account(session, clock, ids, house, new)
    assign_role(session, clock, ids, house, NewRole(account_id=account.id, role=Role.ADMIN, reason="first"))
    return account


def _maker(session: Session, attestor: Attestor, account_id: uuid.UUID | None, now: datetime) -> Actor | None:
    """Return whoever had a link in hand, in the roles that they hold now; None for the host and the house."""
    if account_id is None:
        return None
    account = account_by_id(session, account_id)
    attestor.verify(account)
    roles = roles_in_force(session, attestor, account_id, now) if is_usable(account, now) else frozenset()
    return Actor(kind=ActorKind.PERSON, id=account_id, roles=roles)


def _check_maker(session: Session, account: Account, maker: Actor | None, now: datetime) -> None:
    if maker is None:
        return
    held = _confirmed_roles(session, account)
    try:
        check_resets(maker, held)
    except NotPermittedError:
        raise LinkRefusedError from None
    # Only shown, perhaps: whoever uses the link is looked at again, under the lock of what decides.
    if not sees_links(session, maker, held, now, sure=False):
        raise LinkRefusedError


def _confirmed_roles(session: Session, account: Account) -> frozenset[Role]:
    live = live_assignments(session, account.id)
    return frozenset(a.role for a in live if a.countersigned_at is not None)


def _still_first(session: Session, link: OneTimeLink) -> OneTimeLink:
    try:
        _check_no_administrator(session)
    except AdministratorExistsError:
        raise LinkRefusedError from None
    return link


def _check_no_administrator(session: Session) -> None:
    living = (
        select(Account.id)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .where(RoleAssignment.role == Role.ADMIN, RoleAssignment.revoked_at.is_(None), Account.disabled_at.is_(None))
        .limit(1)
    )
    if session.scalar(living) is not None:
        raise AdministratorExistsError
