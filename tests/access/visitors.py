"""Everybody who may stand at the door: nobody, people half signed in or without a role, people and programs in one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from audit.transaction import unrecorded
from governance.actor import SYSTEM, Role
from governance.identity.models import SignInSession
from governance.identity.service import NewAccount, add_account, prepare_password
from governance.identity.service.factors import enrol
from governance.identity.service.freshness import FRESH
from governance.web.csrf import HEADER
from tests.access.table import ANYONE, HALF_SIGNED_IN, SIGNED_IN
from tests.builders.identity import PASSWORD
from tests.builders.service import Program, Service
from tests.builders.web import sign_in, token_of
from tests.demonstration import Home

NOBODY: Final = "nobody"
HALF: Final = "somebody half signed in"
ROLELESS: Final = "somebody without a role"
NAMES: Final = (
    NOBODY,
    HALF,
    ROLELESS,
    *(f"{role.value} in a browser" for role in Role if role is not Role.SERVICE),
    *(f"{role.value} by token" for role in Role),
)


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door.

    Attributes:
        roles: Those in force; None for who was not let in at all.
        address: Where they come from: each from elsewhere, for limits count addresses.
    """

    program: Program
    roles: frozenset[Role] | None
    address: str
    half: bool = False

    def may(self, who: str) -> bool:
        """Say whether the words of the table mean this visitor too."""
        if who == ANYONE or self.roles is None:
            return who == ANYONE
        if who == HALF_SIGNED_IN or self.half:
            return who == HALF_SIGNED_IN
        return who == SIGNED_IN or any(role in who.split() for role in self.roles)


class Visitors:
    """Everybody of NAMES, who come in when they are first asked for."""

    def __init__(self, service: Service, home: Home) -> None:
        self._service = service
        self._home = home
        self._come: dict[str, Visitor] = {}

    def __getitem__(self, name: str) -> Visitor:
        if name not in self._come:
            address = f"198.51.100.{len(self._come)}"
            program = _program(self._service, self._home, name, address)
            self._come[name] = Visitor(program, _roles(name), address, half=name == HALF)
        return self._come[name]

    def confirm(self) -> None:
        """Let everybody who is signed in have shown who they are just now."""
        self._shown_at(self._service.wired.clock.now())

    def leave_alone(self) -> None:
        """Let it be a while ago for everybody: long enough for a door, and not for a session."""
        self._shown_at(self._service.wired.clock.now() - FRESH - timedelta(seconds=1))

    def _shown_at(self, moment: datetime) -> None:
        with self._service.wired.write() as session:
            unrecorded(session, "a test lets time pass for sessions")
            for each in session.scalars(select(SignInSession)):
                each.first_factor_at = moment
                each.second_factor_at = None if each.second_factor_at is None else moment


def _roles(name: str) -> frozenset[Role] | None:
    if name in {NOBODY, HALF, ROLELESS}:
        return None if name == NOBODY else frozenset()
    return frozenset({Role(name.partition(" ")[0])})


def _program(service: Service, home: Home, name: str, address: str) -> Program:
    if name == NOBODY:
        client = service.app.test_client()
        # With a token against forgery, so that nothing but the door sends them away.
        return Program(client, {HEADER: token_of(client)})
    if name in {HALF, ROLELESS}:
        return _newcomer(service, half=name == HALF)
    role = Role(name.partition(" ")[0])
    return service.program(role) if name.endswith("by token") else service.person(role, home.password(role), address)


def _newcomer(service: Service, *, half: bool) -> Program:
    wired = service.wired
    email = f"{wired.ids.new()}@demo.example"
    password_hash = prepare_password(wired.passwords, email, PASSWORD)
    with wired.write() as session:
        new = NewAccount(email=email, password_hash=password_hash)
        account = add_account(session, wired.clock, wired.ids, SYSTEM, new)
        if half:
            enrol(session, wired.clock, wired.attestor, account)
    client = service.app.test_client()
    sign_in(client, email)
    return Program(client, {HEADER: token_of(client, "/second-factor" if half else "/account")})
