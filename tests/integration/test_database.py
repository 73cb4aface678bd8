"""Transactions of the ground floor, on both databases."""

import os
import sqlite3
import stat
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from governance.database import Database, NarrowDatabaseError, UnreadableValueError, UnsafeDatabaseError
from tests.postgres import administer


def test_a_read_transaction_changes_nothing(database: Database) -> None:
    with database.write_connection() as connection:
        connection.execute(text("CREATE TABLE probe (n INTEGER)"))

    with database.read() as session:
        session.execute(text("INSERT INTO probe VALUES (1)"))

    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM probe")).scalar_one() == 0


def test_an_error_rolls_a_write_back(database: Database) -> None:
    with database.write_connection() as connection:
        connection.execute(text("CREATE TABLE probe (n INTEGER)"))

    with pytest.raises(RuntimeError), database.write() as session:
        session.execute(text("INSERT INTO probe VALUES (1)"))
        raise RuntimeError("stop")

    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM probe")).scalar_one() == 0


def test_a_durable_server_is_accepted(database: Database) -> None:
    database.check_server()


def test_a_server_without_fsync_is_refused(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text("ALTER SYSTEM SET full_page_writes = off")
        )
        connection.execute(text("SELECT pg_reload_conf()"))
    try:
        with pytest.raises(UnsafeDatabaseError, match="full_page_writes"):
            for _ in range(100):  # the server reads its configuration again a moment after the signal
                database.check_server()
    finally:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("ALTER SYSTEM RESET full_page_writes")
            )
            connection.execute(text("SELECT pg_reload_conf()"))
        database.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_every_letter_is_refused(postgres_server: str, encoding: str) -> None:
    name = f"egide_{encoding.lower()}"
    administer(postgres_server, f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    database = Database(postgres_server.format(database=name))
    try:
        with pytest.raises(NarrowDatabaseError, match=encoding):
            database.check_server()
    finally:
        database.close()
        administer(postgres_server, f"DROP DATABASE {name}")


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def write(database: Database) -> None:
    with database.write_connection() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS probe (content BLOB)"))


@pytest.fixture
def lax_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_the_files_of_a_database_are_for_their_owner_alone(tmp_path: Path, lax_umask: None) -> None:
    database = Database(f"sqlite:///{tmp_path}/probe.db")
    assert list(tmp_path.iterdir()) == []
    write(database)
    found = modes(tmp_path)
    database.close()
    assert {"probe.db", "probe.db-wal", "probe.db-shm"} <= set(found)
    assert set(found.values()) == {0o600}


def test_files_that_were_open_to_others_are_closed_to_them(tmp_path: Path, lax_umask: None) -> None:
    with closing(sqlite3.connect(tmp_path / "probe.db")) as older:
        older.execute("PRAGMA journal_mode=WAL")
        older.execute("CREATE TABLE older (n INTEGER)")
        assert set(modes(tmp_path).values()) == {0o644}

        database = Database(f"sqlite:///{tmp_path}/probe.db")
        write(database)
        database.close()
        assert set(modes(tmp_path).values()) == {0o600}


def test_a_database_in_a_folder_that_is_not_there_is_told_by_the_driver(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/probe.db")
    with pytest.raises(OperationalError, match="unable to open"):
        write(database)
    database.close()


def test_text_that_cannot_be_decoded_is_an_altered_value_and_is_not_quoted(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/probe.db")
    write(database)
    with database.write_connection() as connection:
        connection.execute(text("INSERT INTO probe VALUES (CAST(x'5a6f65ff' AS TEXT))"))
    with database.read() as session, pytest.raises(UnreadableValueError) as raised:
        session.execute(text("SELECT content FROM probe")).all()
    told = "".join(traceback.format_exception(raised.value))
    database.close()
    assert "Zoe" not in told
    assert "altered outside" in told
