"""The fictional staff: their accounts, passwords made here and kept in the home, and how they act while loading."""

import os
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy.orm import Session

from governance.actor import Actor, ActorKind, Role
from governance.customers.demo.company import DOMAIN, STAFF
from governance.customers.house import House
from governance.identity.service.accounts import (
    NewAccount,
    PasswordHash,
    account_by_email,
    add_account,
    prepare_password,
)
from governance.identity.service.roles import NewRole, assign_role, name_first_controller

ACCOUNTS_FILE: Final = "demo-accounts.json"
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # without those that look like others: 5 bits a letter
_GROUPS: Final = 4
_LETTERS: Final = 5
_HOST_USER: Final = "egide demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account of the demonstration, with the password to type."""

    email: str
    role: Role
    name: str
    password: str = field(repr=False)


def demo_accounts(home: Path) -> tuple[DemoAccount, ...]:
    """Return the accounts as kept in the home; makes passwords and the file where there are none.

    The file comes before the accounts: a load that was killed between the two finds the passwords again.
    """
    path = home / ACCOUNTS_FILE
    if not path.exists():
        _write(path, [_new(role, name) for role, name in STAFF])
    kept = orjson.loads(path.read_bytes())["accounts"]
    return tuple(
        DemoAccount(email=each["email"], role=Role(each["role"]), name=each["name"], password=each["password"])
        for each in kept
    )


def hire(session: Session, house: House, accounts: tuple[DemoAccount, ...], hashes: Mapping[str, PasswordHash]) -> None:
    """Add every account with its role: the host makes them and names the controller, who confirms everybody else."""
    host = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user=_HOST_USER)
    controller = host
    for each in accounts:
        account = add_account(
            session,
            house.clock,
            house.ids,
            host,
            NewAccount(email=each.email, name=each.name, password_hash=hashes[each.email]),
        )
        if each.role is Role.CONTROLLER:
            name_first_controller(session, house.clock, house.ids, host, account)
            controller = _acting(account.id, Role.CONTROLLER)
        else:
            assign_role(session, house.clock, house.ids, controller, NewRole(account_id=account.id, role=each.role))


def hash_passwords(house: House, accounts: tuple[DemoAccount, ...]) -> dict[str, PasswordHash]:
    """Return the hash of each password by address; before the transaction, for it takes a second in all."""
    return {each.email: prepare_password(house.passwords, each.email, each.password) for each in accounts}


def actor(session: Session, role: Role) -> Actor:
    """Return the member of staff with this role, on whose behalf the host loads."""
    return _acting(account_by_email(session, f"{role.value}@{DOMAIN}").id, role)


def _acting(account_id: uuid.UUID, role: Role) -> Actor:
    return Actor(kind=ActorKind.HOST, id=account_id, roles=frozenset({role}), host_user=_HOST_USER)


def _new(role: Role, name: str) -> dict[str, str]:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return {"email": f"{role.value}@{DOMAIN}", "role": role.value, "name": name, "password": "-".join(groups)}


def _write(path: Path, accounts: list[dict[str, str]]) -> None:
    content = {"notice": "Fictional company, fictional people: for trying Égide out only.", "accounts": accounts}
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
