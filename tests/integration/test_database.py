"""Transactions of the ground floor, on both databases."""

import pytest
from sqlalchemy import text

from governance.database import Database, UnsafeDatabaseError


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
    database.check_durability()


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
                database.check_durability()
    finally:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("ALTER SYSTEM RESET full_page_writes")
            )
            connection.execute(text("SELECT pg_reload_conf()"))
        database.close()
