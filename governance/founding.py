"""Making an installation: its home, tables, keyring, anchor, numbers; once, whoever starts first.

A home is made under a lock on its folder, so that two starts at once make one. Each step leaves alone what is there, so
a start that was killed half-way is finished by the next.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import inspect

from audit import anchor
from audit.entries import Action, Fact, JsonValue, Retention
from audit.errors import AnchorExistsError
from audit.retention import install_rules
from audit.transaction import record
from governance.actor import SYSTEM, Actor
from governance.clock import Clock, SystemClock
from governance.customers.reference import reference_map
from governance.database import Database
from governance.datamap.numbering import number
from governance.identity.service.second_factor_rules import REQUIRED_AT_FOUNDING, install_second_factor_rules
from governance.ids import TimeOrderedIds
from governance.installation.errors import AlreadyInitialisedError
from governance.installation.models import ONLY, Installation
from governance.migrations.changing import upgrade
from governance.settings import Settings
from governance.vault.errors import KeyringMissingError
from governance.vault.keyring import Keyring, create_keyring, open_keyring
from governance.wiring import attach
from register.catalogue.seeding import seed_catalogues
from register.notices.seeding import seed_points

_PRIVATE_FOLDER: Final = 0o700
_LOCK_FILE: Final = ".making"
_SHOWN_BYTES: Final = 6


def found(settings: Settings, actor: Actor, *, demonstration: bool = False, clock: Clock | None = None) -> None:
    """Make an installation in the settings' home.

    Args:
        settings: Where everything lies.
        actor: Who makes it: the user of the host.
        demonstration: Whether its data will be fictional.
        clock: The host's where None.

    Raises:
        AlreadyInitialisedError: If one is there.
        KeyringError: If the keyring cannot be made or read.
        NarrowDatabaseError: If the database does not hold every letter.
        UnsafeDatabaseError: If the database may lose what it acknowledged.
    """
    with _alone(settings.home):
        database = Database(settings.database_url)
        try:
            database.check_server()
            _check_free(database)
            upgrade(database)
            keyring = _keyring(settings)
            installation = Installation(
                identifier=keyring.installation,
                origin=_origin(settings, keyring),
                demonstration=demonstration,
                initialised_at=(clock or SystemClock()).now(),
            )
            # A start that was killed between the anchor and the row left one; its origin is the keyring's, the same.
            with suppress(AnchorExistsError):
                anchor.create(settings.anchor, installation.origin)
            _settle(database, keyring, installation, actor)
        finally:
            database.close()


def renew(settings: Settings, actor: Actor = SYSTEM) -> None:
    """Bring an installation's tables and numbers up to this version of the program. Does nothing where they are.

    Args:
        settings: Where everything lies.
        actor: Who does it.

    Raises:
        KeyringError: If the keyring cannot be read.
    """
    with _alone(settings.home):
        database = Database(settings.database_url)
        try:
            upgrade(database)
            _renumber(database, open_keyring(settings.keys, settings.home), actor)
        finally:
            database.close()


def _check_free(database: Database) -> None:
    # Before anything is migrated: what is there belongs to somebody, and may be of another version.
    if not inspect(database.engine).has_table(Installation.__tablename__):
        return
    with database.read() as session:
        there = session.get(Installation, ONLY)
        if there is not None:
            raise AlreadyInitialisedError(demonstration=there.demonstration)


def _renumber(database: Database, keyring: Keyring, actor: Actor) -> None:
    _, log = attach(database, keyring, SystemClock(), TimeOrderedIds())
    try:
        with database.write() as session:
            changed = number(session, reference_map())
            seeded = seed_catalogues(session, TimeOrderedIds())
            if changed or seeded:
                details: dict[str, JsonValue] = {"map": "renewed", "parts": changed + seeded}
                record(
                    session,
                    Fact(
                        retention=Retention.EVIDENCE,
                        action=Action.POLICY,
                        actor=actor,
                        object_type="data-map",
                        details=details,
                    ),
                )
    finally:
        log.close()


def _settle(database: Database, keyring: Keyring, installation: Installation, actor: Actor) -> None:
    _, log = attach(database, keyring, SystemClock(), TimeOrderedIds())
    try:
        with database.write() as session:
            number(session, reference_map())
            install_rules(session, actor)
            seed_catalogues(session, TimeOrderedIds())
            if not installation.demonstration:
                # The demonstration opens its own, once its activities are in force.
                seed_points(session, SystemClock(), TimeOrderedIds())
            # The demonstration holds nobody's data, and is to be tried with a password alone.
            required = frozenset() if installation.demonstration else REQUIRED_AT_FOUNDING
            install_second_factor_rules(session, SystemClock(), actor, required)
            session.add(installation)
            record(
                session,
                Fact(
                    retention=Retention.EVIDENCE,
                    action=Action.START,
                    actor=actor,
                    object_type="installation",
                    object_id=installation.origin,
                    details={"demonstration": installation.demonstration},
                ),
            )
    finally:
        log.close()


def _keyring(settings: Settings) -> Keyring:
    try:
        return open_keyring(settings.keys, settings.home)
    except KeyringMissingError:
        return create_keyring(settings.keys, settings.home)


def _origin(settings: Settings, keyring: Keyring) -> str:
    # C2SP tlog-checkpoint: a schema-less URL that nobody else uses.
    host = urlsplit(settings.base_url).netloc
    return f"{host}/egide/{keyring.installation[:_SHOWN_BYTES].hex()}"


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    home.chmod(_PRIVATE_FOLDER)
    lock = home / _LOCK_FILE
    descriptor = _held(lock)
    try:
        yield
    finally:
        # While it is held: whoever waits for it sees that it is gone, and takes another.
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _held(lock: Path) -> int:
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                return descriptor
        os.close(descriptor)
