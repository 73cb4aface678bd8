"""A house whose register can part from its practice, on both databases, with a shop of the same kind beside it."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.transaction import unrecorded
from governance.database import Database
from governance.datamap.numbering import number
from governance.datamap.sources import Sources
from governance.gate.gate import Gate, GateParts
from governance.vault.attest import Attestor
from register.catalogue.seeding import seed_catalogues
from register.service import Desk
from tests.builders.audit import a_log
from tests.builders.datamap import create_own_tables
from tests.builders.drift import House
from tests.builders.gate import own_map
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.music_shop import postgres_shop, sqlite_shop
from tests.builders.vault import a_keyring
from tests.postgres import administer

_counter = itertools.count(1)


@pytest.fixture
def shop_url(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a music shop's database, of the same kind as the house."""
    if database.dialect == "sqlite":
        yield sqlite_shop(tmp_path)
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"drift_shop_{next(_counter)}"
    yield postgres_shop(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def addresses() -> dict[str, str]:
    """The databases that the host set up: none, unless a test says otherwise."""
    return {}


@pytest.fixture
def house(
    database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path, addresses: dict[str, str]
) -> Iterator[House]:
    keyring = a_keyring(tmp_path)
    attestor = Attestor(keyring)
    attestor.attach(database.sessions)
    log = a_log(database, clock, ids)
    with database.write() as session:
        unrecorded(session, "a test sets the scene")
        number(session, own_map())
        seed_catalogues(session, ids)
    create_own_tables(database, own_map())
    sources = Sources(database, addresses)
    gate = Gate(
        GateParts(
            database=database, clock=clock, keyring=keyring, attestor=attestor, log=log, sources=sources, base=own_map()
        )
    )
    yield House(
        database=database,
        keyring=keyring,
        desk=Desk(clock, ids, attestor),
        clock=clock,
        log=log,
        gate=gate,
        sources=sources,
    )
    gate.close()
    sources.close()
    log.close()
