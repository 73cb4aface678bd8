"""Accounts: added, found, disabled; passwords set."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import record
from governance.actor import Actor, Role
from governance.clock import Clock
from governance.identity.errors import EmailTakenError, InvalidEmailError, UnknownAccountError
from governance.identity.models import NAME_LENGTH, Account
from governance.identity.passwords import PasswordHasher, check_password
from governance.identity.permissions import check_administers, check_contains, person
from governance.identity.service.controllers import tell_controllers
from governance.identity.service.facts import account_fact
from governance.identity.service.roles import live_assignments
from governance.identity.service.second_person import check_another_controller
from governance.identity.service.uniqueness import flush_unique
from governance.identity.service.vouching import vouches_alone
from governance.ids import IdSource
from governance.vault.attest import Attestor

# A password that passed the rules and was hashed; nothing else may be stored.
PasswordHash = NewType("PasswordHash", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to add. Its roles are assigned apart.

    Attributes:
        password_hash: From `prepare_password`; None where a one-time link will let the person choose.
    """

    email: str = field(repr=False)
    name: str = field(repr=False, default="")
    locale: str = "fr"
    password_hash: PasswordHash | None = field(repr=False, default=None)


def normalise_email(written: str) -> str:
    """Return the one form in which an address is stored and looked up.

    Raises:
        InvalidEmailError: If it cannot be an address.
    """
    try:
        # Asking the DNS would tell its operators who has an account here.
        checked = validate_email(written.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise InvalidEmailError from None
    return checked.normalized.lower()


def prepare_password(hasher: PasswordHasher, email: str, password: str) -> PasswordHash:
    """Check a new password and hash it; before the transaction, for it takes a tenth of a second.

    Raises:
        WeakPasswordError: If the rules refuse it.
    """
    check_password(password, email)
    return PasswordHash(hasher.hash(password))


def add_account(session: Session, clock: Clock, ids: IdSource, actor: Actor, command: NewAccount) -> Account:
    """Add an account without any role.

    Raises:
        NotPermittedError: If the actor does not look after accounts.
        InvalidEmailError: If the e-mail cannot be one.
        EmailTakenError: If an account has it, disabled or not.
    """
    check_administers(actor)
    email = normalise_email(command.email)
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise EmailTakenError
    account = Account(
        id=ids.new(),
        email=email,
        name=command.name.strip()[:NAME_LENGTH],
        locale=command.locale,
        password_hash=command.password_hash,
        vouched=command.password_hash is None or vouches_alone(session, actor, clock.now()),
        made_by=person(actor),
        made_at=clock.now(),
    )
    session.add(account)
    flush_unique(session, EmailTakenError())
    record(session, account_fact(actor, account.id, "added", password=account.password_hash is not None))
    return account


def change_password(
    session: Session, attestor: Attestor, actor: Actor, account: Account, password_hash: PasswordHash
) -> None:
    """Give an account another password, which closes its sessions and links.

    Raises:
        AttestationError: If the account was changed behind our back; changing it now would make that good.
    """
    attestor.verify(account)
    account.password_hash = password_hash
    account.credentials_revision += 1
    session.flush()
    record(session, account_fact(actor, account.id, "password-changed"))


def disable_account(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, account_id: uuid.UUID
) -> Account:
    """Close an account for good: its sessions, tokens and roles open nothing from now on. Twice is once.

    Raises:
        NotPermittedError: If the actor neither looks after accounts nor is of security.
        UnknownAccountError: If there is none.
        AccountInUseError: If it would leave the house without a controller.
        AttestationError: If it was changed behind our back.
    """
    check_contains(actor)
    attestor.hold_policy_set(session)
    account = account_by_id(session, account_id)
    attestor.verify(account)
    if account.disabled_at is None:
        held = live_assignments(session, account.id)
        decided = any(a.role is Role.CONTROLLER and a.countersigned_at is not None for a in held)
        if decided:
            check_another_controller(session, account.id)
        account.disabled_at = clock.now()
        account.credentials_revision += 1
        session.flush()
        record(session, account_fact(actor, account.id, "disabled", password=account.password_hash is not None))
        if decided:
            tell_controllers(session, clock, ids, account.id, named=False)
    return account


def account_by_email(session: Session, email: str) -> Account:
    """Return the account with this e-mail, in whatever case it is written.

    Raises:
        UnknownAccountError: If there is none.
    """
    try:
        normalised = normalise_email(email)
    except InvalidEmailError:
        raise UnknownAccountError from None
    found = session.scalar(select(Account).where(Account.email == normalised))
    if found is None:
        raise UnknownAccountError
    return found


def account_by_id(session: Session, account_id: uuid.UUID) -> Account:
    """Return the account with this id.

    Raises:
        UnknownAccountError: If there is none.
    """
    found = session.get(Account, account_id)
    if found is None:
        raise UnknownAccountError
    return found


def list_accounts(session: Session, *, after: uuid.UUID | None = None, limit: int = 200) -> Sequence[Account]:
    """Return accounts in the order in which they were made."""
    query = select(Account).order_by(Account.id).limit(limit)
    return session.scalars(query if after is None else query.where(Account.id > after)).all()


def is_usable(account: Account, at: datetime) -> bool:
    """Say whether the account is open at this moment."""
    return account.disabled_at is None or at < account.disabled_at
