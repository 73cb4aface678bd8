"""The shop behind the gate, on both databases and by both ways of fetching."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.datamap.numbering import number
from governance.datamap.service import LoadMap, load_map
from governance.datamap.sources import Sources
from governance.gate.gate import Gate, GateParts
from governance.gate.who_reads import who_reads_by
from governance.vault.attest import Attestor
from tests.builders.audit import a_log
from tests.builders.datamap import create_own_tables
from tests.builders.gate import ADOPTED_YAML, NO_TABLES, Shop, own_map
from tests.builders.gate_rows import AdoptedRows, OwnRows, Rows
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.vault import a_keyring
from tests.postgres import administer

_counter = itertools.count(1)


@pytest.fixture
def legacy_url(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of another program's empty database, of the same kind as the house."""
    if database.dialect == "sqlite":
        yield f"sqlite:///{tmp_path}/legacy.sqlite"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"legacy_{next(_counter)}"
    administer(server, f"CREATE DATABASE {name}")
    yield server.format(database=name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def a_shop(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path, legacy_url: str | None) -> Shop:
    base = own_map() if legacy_url is None else NO_TABLES
    keyring = a_keyring(tmp_path)
    attestor = Attestor(keyring)
    attestor.attach(database.sessions)
    log = a_log(database, clock, ids)
    with database.write() as session:
        unrecorded(session, "a test sets the scene")
        number(session, base)
        if legacy_url is not None:
            command = LoadMap(file="legacy.yaml", text=ADOPTED_YAML, base=base, who_reads=who_reads_by(attestor))
            load_map(session, clock, ids, attestor, an_actor(Role.DPO), command)
    if legacy_url is None:
        create_own_tables(database, base)
    sources = Sources(database, {} if legacy_url is None else {"legacy": legacy_url})
    gate = Gate(
        GateParts(
            database=database, clock=clock, keyring=keyring, attestor=attestor, log=log, sources=sources, base=base
        )
    )
    return Shop(
        database=database,
        keyring=keyring,
        attestor=attestor,
        log=log,
        clock=clock,
        ids=ids,
        sources=sources,
        base=base,
        adopted=legacy_url is not None,
        source_url=legacy_url,
        gate=gate,
    )


@pytest.fixture(params=["own", "adopted"])
def shop(
    request: pytest.FixtureRequest, database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path
) -> Iterator[Shop]:
    """The shop by both ways of fetching."""
    legacy_url = request.getfixturevalue("legacy_url") if request.param == "adopted" else None
    opened = a_shop(database, clock, ids, tmp_path, legacy_url)
    yield opened
    close(opened)


@pytest.fixture
def own_shop(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[Shop]:
    """The shop in Égide's own tables."""
    opened = a_shop(database, clock, ids, tmp_path, None)
    yield opened
    close(opened)


@pytest.fixture
def rows(shop: Shop) -> Iterator[Rows]:
    """What puts rows into the shop."""
    if not shop.adopted:
        yield OwnRows(shop)
        return
    adopted = AdoptedRows(shop)
    yield adopted
    adopted.close()


@pytest.fixture
def own_rows(own_shop: Shop) -> OwnRows:
    return OwnRows(own_shop)


def close(shop: Shop) -> None:
    for gate in (shop.gate, *shop.gates):
        gate.close()
    shop.sources.close()
    shop.log.close()
