"""Adopted databases are opened to be read, and nothing else."""

from pathlib import Path

import pytest
from sqlalchemy import text

from governance.database import Database, UnsupportedDatabaseError
from governance.datamap.errors import SourceUnknownError, SourceUnreachableError
from governance.datamap.loader import parse_map
from governance.datamap.sources import SourceDatabase, Sources
from tests.builders.music_shop import run_sql


@pytest.mark.parametrize(
    "statement", ["INSERT INTO album VALUES (99, 'x', 1)", "DELETE FROM album", "CREATE TABLE more (id INTEGER)"]
)
def test_nothing_can_be_written_to_a_source(shop_url: str, statement: str) -> None:
    source = SourceDatabase("shop", shop_url)

    with pytest.raises(SourceUnreachableError), source.read() as session:
        session.execute(text(statement))
    source.close()


def test_a_sqlite_source_keeps_its_journal_mode(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'legacy.sqlite'}"
    run_sql(url, "CREATE TABLE t (id INTEGER)")
    source = SourceDatabase("legacy", url)

    with source.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "delete"
    source.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["legacy.sqlite"]


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    source = SourceDatabase("legacy", f"sqlite:///{tmp_path / 'absent.sqlite'}")

    with pytest.raises(SourceUnreachableError, match="its file is not there"), source.read():
        pass
    source.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:a?mode=rwc&uri=true", "nonsense"])
def test_an_address_that_could_ask_for_more_than_reading_is_refused(url: str) -> None:
    with pytest.raises(SourceUnreachableError, match="malformed"):
        SourceDatabase("legacy", url)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(UnsupportedDatabaseError):
        SourceDatabase("legacy", "mysql://host/name")


def test_a_cell_that_is_not_utf8_is_readable(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'legacy.sqlite'}"
    run_sql(url, "CREATE TABLE t (name TEXT)", "INSERT INTO t VALUES (CAST(x'436166e9' AS TEXT))")
    source = SourceDatabase("legacy", url)

    with source.read() as session:
        assert session.scalar(text("SELECT name FROM t")) == "Caf\ufffd"
    source.close()


def test_an_error_of_a_source_quotes_no_row(shop_url: str) -> None:
    source = SourceDatabase("shop", shop_url)

    with pytest.raises(SourceUnreachableError) as caught, source.read() as session:
        session.execute(text("SELECT nowhere FROM client WHERE courriel = :mail"), {"mail": "b1@courrier.example"})
    source.close()

    assert "courrier" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_egides_own_database_is_no_source(database: Database, database_url: str) -> None:
    source = SourceDatabase("sly", database_url)

    with pytest.raises(SourceUnreachableError, match="Égide's own"), source.read():
        pass
    source.close()


def test_the_hosts_setting_wins_over_the_map(database: Database, tmp_path: Path) -> None:
    for name in ("map", "host"):
        statements = ("CREATE TABLE t (name TEXT)", f"INSERT INTO t VALUES ('{name}')")
        run_sql(f"sqlite:///{tmp_path / name}.sqlite", *statements)
    mapped = parse_map(f"version: 1\nsource: shop\naddress: sqlite:///{tmp_path}/map.sqlite\ntables: {{}}\n", "a.yaml")

    def name_told(addresses: dict[str, str]) -> str | None:
        sources = Sources(database, addresses)
        sources.follow((mapped,))
        with sources.database("shop").read() as session:
            told: str | None = session.scalar(text("SELECT name FROM t"))
        sources.close()
        return told

    assert name_told({}) == "map"
    assert name_told({"shop": f"sqlite:///{tmp_path}/host.sqlite"}) == "host"


def test_a_changed_address_is_followed(database: Database, tmp_path: Path) -> None:
    sources = Sources(database, {})
    for name in ("a", "b"):
        run_sql(f"sqlite:///{tmp_path / name}.sqlite", f"CREATE TABLE {name} (id INTEGER)")
        head = f"version: 1\nsource: shop\naddress: sqlite:///{tmp_path / name}.sqlite\ntables: {{}}\n"
        sources.follow((parse_map(head, "a.yaml"),))
        with sources.database("shop").read() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 0
        assert sources.database("shop") is sources.database("shop")
    sources.close()


def test_a_source_without_an_address_is_told_by_its_setting(database: Database) -> None:
    with pytest.raises(SourceUnknownError, match="EGIDE_SOURCE_SHOP"):
        Sources(database, {}).database("shop")


def test_egides_own_database_needs_no_address(database: Database) -> None:
    assert Sources(database, {}).database(None) is database
