"""A house with people in it: cheap hashes, fictional addresses, everybody countersigned unless told otherwise."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.database import Database
from governance.identity.doorkeeper import Doorkeeper, SignIn
from governance.identity.errors import UnknownAccountError
from governance.identity.factors.ceremony import RelyingParty
from governance.identity.factors.models import SecondFactorRule
from governance.identity.models import Account, RoleAssignment
from governance.identity.passwords import HashCost, PasswordHasher
from governance.identity.permissions import NOT_FOR_PROGRAMS
from governance.identity.second_door import SecondDoor, SecondDoorParts
from governance.identity.service import (
    IssuedToken,
    NewAccount,
    NewRole,
    NewToken,
    OpenedSession,
    account_by_email,
    add_account,
    add_token,
    assign_role,
    live_assignments,
    name_first_controller,
    prepare_password,
)
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.vault import a_keyring, an_attestor

CHEAP = HashCost(passes=1, memory_kib=8, lanes=1)
PASSWORD = "correct horse battery staple"
CONTROLLER_EMAIL = "controller@demo.example"


class CountingHasher(PasswordHasher):
    """A cheap hasher that counts its checks."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.checks = 0

    def matches(self, password_hash: str | None, password: str) -> bool:
        self.checks += 1
        return super().matches(password_hash, password)


@dataclass(frozen=True, kw_only=True)
class People:
    """Identity, built on one database."""

    database: Database
    clock: StandingClock
    ids: CountingIds
    attestor: Attestor
    log: Log
    hasher: CountingHasher
    doorkeeper: Doorkeeper
    second_door: SecondDoor

    def account(self, email: str, *roles: Role, by: Actor | None = None, password: str = PASSWORD) -> Account:
        """Add an account with roles, assigned by the controller unless somebody else is named."""
        hashed = prepare_password(self.hasher, email, password)
        by = by or self.controller()
        # Whoever makes an account does not confirm its roles: the house makes those that a controller fills.
        maker = SYSTEM if Role.CONTROLLER in by.roles else by
        with self.database.write() as session:
            new = NewAccount(email=email, password_hash=hashed)
            account = add_account(session, self.clock, self.ids, maker, new)
            for role in roles:
                assign_role(session, self.clock, self.ids, by, NewRole(account_id=account.id, role=role))
        return account

    def controller(self) -> Actor:
        """Return the controller, named by the host at the first call."""
        with self.database.read() as session:
            account = _found(session, CONTROLLER_EMAIL)
        if account is None:
            hashed = prepare_password(self.hasher, CONTROLLER_EMAIL, PASSWORD)
            with self.database.write() as session:
                new = NewAccount(email=CONTROLLER_EMAIL, password_hash=hashed)
                account = add_account(session, self.clock, self.ids, SYSTEM, new)
                name_first_controller(session, self.clock, self.ids, SYSTEM, account)
        return person(account, Role.CONTROLLER)

    def admin(self) -> Actor:
        """Return an administrator, made by the house at the first call."""
        email = "admin@demo.example"
        with self.database.read() as session:
            account = _found(session, email)
        return person(account or self.account(email, Role.ADMIN, by=SYSTEM), Role.ADMIN)

    def assignment(self, account: Account) -> RoleAssignment:
        """Return the first role assignment of an account, as it stands now."""
        with self.database.read() as session:
            found = live_assignments(session, account.id)[0]
            session.expunge(found)
        return found

    def token(self, role: Role = Role.SERVICE, *, name: str = "till", by: Actor | None = None) -> IssuedToken:
        """Make a program's token; in a role in which only people act, that of the one who holds it."""
        if role in NOT_FOR_PROGRAMS:
            by = by or self.holder(role)
        by = by or self.controller()
        command = NewToken(name=name, role=role, own=role in NOT_FOR_PROGRAMS)
        with self.database.write() as session:
            return add_token(session, self.clock, self.ids, by, command)

    def holder(self, role: Role) -> Actor:
        """Return whoever holds a role, hired at the first call."""
        if role is Role.CONTROLLER:
            return self.controller()
        email = f"{role.value}@demo.example"
        with self.database.read() as session:
            account = _found(session, email)
        return person(account or self.account(email, role), role)

    def sign_in(self, email: str, password: str = PASSWORD) -> OpenedSession:
        """Sign somebody in from a fictional address."""
        return self.doorkeeper.sign_in(SignIn(email=email, password=password, address="192.0.2.7", agent="a browser"))


@contextmanager
def people(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    """Build identity, and close its log at the end."""
    attestor = an_attestor(tmp_path)
    attestor.attach(database.sessions)
    log = a_log(database, clock, ids)
    hasher = CountingHasher()
    doorkeeper = Doorkeeper(database=database, clock=clock, ids=ids, attestor=attestor, log=log, hasher=hasher)
    require_no_second_factor(database, clock)
    parts = SecondDoorParts(
        database=database,
        clock=clock,
        ids=ids,
        attestor=attestor,
        log=log,
        hasher=hasher,
        seal=SealedValues(a_keyring(tmp_path)),
        party=RelyingParty.at("http://localhost:8000"),
    )
    try:
        yield People(
            database=database,
            clock=clock,
            ids=ids,
            attestor=attestor,
            log=log,
            hasher=hasher,
            doorkeeper=doorkeeper,
            second_door=SecondDoor(parts),
        )
    finally:
        log.close()


def require_no_second_factor(database: Database, clock: StandingClock) -> None:
    """Set the rules as the demonstration is founded with them, and leave the log alone."""
    with database.write() as session:
        unrecorded(session, "a test's house is founded")
        for role in Role:
            session.add(SecondFactorRule(role=role, required=False, set_by=None, set_at=clock.now()))


def person(account: Account, *roles: Role) -> Actor:
    """Return somebody acting in person, in these roles."""
    return Actor(kind=ActorKind.PERSON, id=account.id, roles=frozenset(roles), address="192.0.2.1")


def stored(value: uuid.UUID, database: Database) -> object:
    """Return an identifier as raw SQL on this database wants it."""
    return value.bytes if database.dialect == "sqlite" else value


def _found(session: Session, email: str) -> Account | None:
    try:
        account = account_by_email(session, email)
    except UnknownAccountError:
        return None
    # So that it outlives the end of the transaction.
    session.expunge(account)
    return account
