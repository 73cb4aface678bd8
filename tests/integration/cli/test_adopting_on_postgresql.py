"""A database on a PostgreSQL server of its own, from its address to a read, by the command line alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import create_engine, text

from tests.builders.chinook import has_real_script, real_on_postgres
from tests.builders.music_shop import CUSTOMERS, postgres_shop
from tests.builders.terminal import Terminal
from tests.postgres import administer

# What a person makes of a proposal: who a row is about, and which fields the staff know it by.
_MAP: Final = """\
version: 1
source: shop
tables:
  shop_customers:
    table: {table}
    key: [{key}]
    links:
      person: {{kind: customer}}
    fields:
      name: {{column: {name}, category: identity, link: person, kind: name, origin: provided, search: [exact]}}
      mail: {{column: {mail}, category: contact, link: person, kind: email, origin: provided, search: [exact]}}
"""


@dataclass(frozen=True)
class Shop:
    """A shop's database on PostgreSQL, and what is known of it."""

    url: str
    table: str
    key: str
    name: str
    mail: str
    customers: int

    @property
    def map(self) -> str:
        return _MAP.format(table=self.table, key=self.key, name=self.name, mail=self.mail)

    def rows(self) -> list[tuple[str, str]]:
        """Return the names and addresses that its own program sees."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT {self.name}, {self.mail} FROM {self.table}")).all()
        engine.dispose()
        return [(row[0], row[1]) for row in found]


@pytest.fixture(params=["fictional", *(["real"] if has_real_script() else [])])
def shop(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[Shop]:
    if request.param == "real":
        with real_on_postgres(postgres_server) as url:
            yield Shop(url, "customer", "customer_id", "last_name", "email", 59)
        return
    url = postgres_shop(postgres_server, "shop_by_terminal")
    yield Shop(url, "client", "id_client", "nom", "courriel", CUSTOMERS)
    administer(postgres_server, "DROP DATABASE shop_by_terminal WITH (FORCE)")


def test_a_database_on_postgresql_is_adopted_corrected_loaded_and_read(
    terminal: Terminal, shop: Shop, tmp_path: Path
) -> None:
    address = {"EGIDE_SOURCE_SHOP": shop.url}
    proposal, corrected = tmp_path / "proposal.yaml", tmp_path / "shop.yaml"
    told = terminal.done("adopt", shop.url, "--out", str(proposal), "--json").json
    known = shop.rows()
    assert told["tables"] >= 1
    assert not any(mail in proposal.read_text(encoding="utf-8") for _, mail in known if mail)

    corrected.write_text(shop.map, encoding="utf-8")
    loaded = terminal.done("map", "load", str(corrected), "--as", "controller@demo.example", **address)
    assert f"{shop.customers} people put on file" in loaded.out
    terminal.done("map", "check", **address)

    read = ("read", "shop_customers", "--purpose", "after-sales", "--as", "support@demo.example", "--json")
    rows = terminal.done(*read, **address).json
    assert sorted(((row["name"], row.get("mail")) for row in rows), key=repr) == sorted(known, key=repr)
    name, mail = known[2]
    (found,) = terminal.done(*read, "--where", "@-", stdin=f"mail={mail}\n", **address).json
    assert (found["name"], found["mail"]) == (name, mail)
    (newest,) = terminal.done("audit", "entries", "--limit", "1", "--json").json
    assert (newest["action"], newest["object"]["type"]) == ("read", "shop_customers")


def test_whoever_came_since_is_withheld_until_they_are_enrolled(
    sqlite_terminal: Terminal, shop: Shop, tmp_path: Path
) -> None:
    address = {"EGIDE_SOURCE_SHOP": shop.url}
    corrected = tmp_path / "shop.yaml"
    corrected.write_text(shop.map, encoding="utf-8")
    sqlite_terminal.done("map", "load", str(corrected), "--as", "controller@demo.example", **address)
    columns = ", ".join((shop.key, shop.name, shop.mail) + (("first_name",) if shop.table == "customer" else ()))
    values = "9001, 'Nouvelle', 'nouvelle@courrier.example'" + (", 'Zoé'" if shop.table == "customer" else "")
    engine = create_engine(shop.url)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {shop.table} ({columns}) VALUES ({values})"))
    engine.dispose()
    read = ("read", "shop_customers", "--purpose", "after-sales", "--as", "support@demo.example", "--json")

    assert len(sqlite_terminal.done(*read, **address).json) == shop.customers
    enrolled = sqlite_terminal.done("map", "load", str(corrected), "--as", "controller@demo.example", **address)
    assert "1 person put on file, 1 row registered, 0 links waiting." in enrolled.out
    assert len(sqlite_terminal.done(*read, **address).json) == shop.customers + 1


def test_nothing_is_written_to_it(sqlite_terminal: Terminal, shop: Shop, tmp_path: Path) -> None:
    """An account that may only read is enough from beginning to end."""
    engine = create_engine(shop.url)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE only_reader LOGIN"))
        connection.execute(text(f"GRANT SELECT ON {shop.table} TO only_reader"))
    address = {"EGIDE_SOURCE_SHOP": shop.url.replace("egide@", "only_reader@")}
    corrected = tmp_path / "shop.yaml"
    corrected.write_text(shop.map, encoding="utf-8")
    try:
        sqlite_terminal.done("map", "load", str(corrected), "--as", "controller@demo.example", **address)
        read = ("read", "shop_customers", "--purpose", "after-sales", "--as", "support@demo.example", "--json")
        assert len(sqlite_terminal.done(*read, **address).json) == shop.customers
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY only_reader"))
            connection.execute(text("DROP ROLE only_reader"))
        engine.dispose()


@pytest.mark.parametrize("name", ["quote_literal", "to_jsonb", "client"])
def test_no_function_of_the_whole_row_is_read_as_if_it_were_a_column(
    sqlite_terminal: Terminal, shop: Shop, tmp_path: Path, name: str
) -> None:
    address = {"EGIDE_SOURCE_SHOP": shop.url}
    field = f"      initials: {{column: {name}, category: contact, link: person, kind: text, origin: provided}}\n"
    file = tmp_path / "shop.yaml"
    file.write_text(shop.map.replace("      mail:", f"{field}      mail:"), encoding="utf-8")
    sqlite_terminal.run("map", "load", str(file), "--as", "controller@demo.example", **address)

    read = ("read", "shop_customers", "--purpose", "after-sales", "--as", "support@demo.example", "--json")
    refused = sqlite_terminal.run(*read, **address)

    assert (refused.status, refused.out) == (1, "")
    assert f"has no column {name}" in refused.err
