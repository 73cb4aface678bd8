"""A house with a log and attestation, and a shop beside it on the same kind of database."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.enrolment import EnrolmentHouse
from governance.datamap.numbering import number
from governance.datamap.service import LoadedMap, LoadMap, load_map
from governance.datamap.sources import Sources
from governance.gate.who_reads import who_reads_by
from tests.builders.audit import a_log
from tests.builders.datamap import people_map
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.music_shop import postgres_shop, sqlite_shop
from tests.builders.vault import a_keyring, an_attestor
from tests.postgres import administer

_counter = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Wing(EnrolmentHouse):
    """What these tests work with."""

    log: Log
    clock: StandingClock
    ids: CountingIds

    def load(self, text: str, file: str = "shop.yaml", actor: Actor | None = None) -> LoadedMap:
        command = LoadMap(
            file=file,
            text=text,
            base=people_map(),
            who_reads=who_reads_by(self.attestor),
            address_of=self.sources.address,
        )
        loader = actor or an_actor(Role.CONTROLLER, kind=ActorKind.HOST)
        with self.database.write() as session:
            return load_map(session, self.clock, self.ids, self.attestor, loader, command)

    def unrecorded(self, session: Session) -> None:
        unrecorded(session, "a test looks at one step by itself")

    def catalogue(self) -> Catalogue:
        with self.database.read() as session:
            return load_catalogue(session, self.attestor, people_map())


@pytest.fixture
def shop_url(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a music shop's database, of the same kind as the house."""
    if database.dialect == "sqlite":
        yield sqlite_shop(tmp_path)
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"shop_{next(_counter)}"
    yield postgres_shop(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def wing(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path, shop_url: str) -> Iterator[Wing]:
    attestor = an_attestor(tmp_path)
    attestor.attach(database.sessions)
    with database.write() as session:
        number(session, people_map())
    log = a_log(database, clock, ids)
    sources = Sources(database, {"shop": shop_url})
    yield Wing(
        database=database,
        sources=sources,
        keyring=a_keyring(tmp_path),
        attestor=attestor,
        log=log,
        clock=clock,
        ids=ids,
    )
    sources.close()
    log.close()
