"""The check of the log where it lies: whatever a database administrator changes is found and located."""

import pytest
from sqlalchemy import text

from audit.entries import Action, Fact, Retention
from audit.live import LiveCheck, verify_live
from audit.transaction import record
from governance.actor import SYSTEM
from governance.database import Database
from tests.builders.audit import LEAF_KEY, AnchoredLog, a_fact

SIZE = 300


@pytest.fixture
def grown(anchored: AnchoredLog) -> AnchoredLog:
    """A log of 300 entries with two checkpoints, one full tile, and entries of few and of many data subjects."""
    anchored.grow(100)
    anchored.checkpoint()
    many = Fact(
        retention=Retention.EVIDENCE, action=Action.EXPORT, actor=SYSTEM, object_type="customers", subjects=range(1000)
    )
    anchored.log.append(many)
    anchored.grow(SIZE - 102, start=1_000)
    with anchored.database.write() as session:
        record(session, a_fact(5))
    anchored.checkpoint()
    return anchored


@pytest.fixture
def small(anchored: AnchoredLog) -> AnchoredLog:
    """A log of five entries with two checkpoints, for what is tried byte by byte."""
    for count in (3, 2):
        anchored.grow(count)
        anchored.checkpoint()
    return anchored


def run(database: Database, statement: str, **values: object) -> None:
    with database.write_connection() as connection:
        assert connection.execute(text(statement), values).rowcount


def findings(log: AnchoredLog) -> set[tuple[int | None, str]]:
    return {(finding.index, finding.part) for finding in log.verify().findings}


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def change_byte(database: Database, table: str, column: str, where: str, place: int) -> None:
    with database.write_connection() as connection:
        data = connection.execute(text(f"SELECT {column} FROM {table} WHERE {where}")).scalar_one()
        changed = text(f"UPDATE {table} SET {column} = :data WHERE {where}")
        connection.execute(changed, {"data": flip(bytes(data), place)})


def test_an_untouched_log_is_intact(grown: AnchoredLog) -> None:
    report = grown.verify()

    assert report.findings == []
    assert (report.size, report.entries, report.absent, report.signed) == (SIZE, SIZE, 0, SIZE)
    assert report.intact


def test_an_empty_log_is_intact(anchored: AnchoredLog) -> None:
    assert anchored.verify().intact
    anchored.checkpoint()
    assert anchored.verify().intact


@pytest.mark.parametrize("index", [0, 7, 255, 256, SIZE - 1])
def test_any_changed_byte_of_a_body_is_located(grown: AnchoredLog, index: int) -> None:
    with grown.database.read() as session:
        length = len(
            session.execute(text("SELECT body FROM audit_entry WHERE leaf_index = :i"), {"i": index}).scalar_one()
        )
    for place in {0, length // 2, length - 1}:
        change_byte(grown.database, "audit_entry", "body", f"leaf_index = {index}", place)

        assert (index, "entry") in findings(grown)

        change_byte(grown.database, "audit_entry", "body", f"leaf_index = {index}", place)
    assert grown.verify().intact


def test_each_byte_of_an_entry_counts(small: AnchoredLog) -> None:
    with small.database.read() as session:
        length = len(session.execute(text("SELECT body FROM audit_entry WHERE leaf_index = 3")).scalar_one())
    for column, bytes_of in (("body", length), ("salt", 32)):
        for place in range(bytes_of):
            change_byte(small.database, "audit_entry", column, "leaf_index = 3", place)
            report = small.verify()
            assert report.findings[0].index == 3, place
            change_byte(small.database, "audit_entry", column, "leaf_index = 3", place)


def test_a_changed_leaf_is_located(grown: AnchoredLog) -> None:
    change_byte(grown.database, "audit_leaf", "data", "leaf_index = 9", 5)

    assert {(9, "leaf"), (9, "entry"), (9, "tile"), (None, "checkpoint")} <= findings(grown)


def test_each_byte_of_a_leaf_counts(small: AnchoredLog) -> None:
    for column, length, expected in (
        ("data", 32, {(3, "leaf"), (3, "entry"), (None, "checkpoint"), (None, "head")}),
        ("mac", 17, {(3, "leaf")}),
    ):
        for place in range(length):
            change_byte(small.database, "audit_leaf", column, "leaf_index = 3", place)
            assert findings(small) == expected, place
            change_byte(small.database, "audit_leaf", column, "leaf_index = 3", place)


def test_a_changed_tile_is_located(grown: AnchoredLog) -> None:
    for place in (0, 31, 32 * 77 + 3, 8191):
        change_byte(grown.database, "audit_tile", "hashes", "level = 0 AND number = 0", place)
        assert (place // 32, "tile") in findings(grown)
        change_byte(grown.database, "audit_tile", "hashes", "level = 0 AND number = 0", place)


def test_a_changed_root_of_a_tile_is_located(grown: AnchoredLog) -> None:
    for place in range(0, 32, 7):
        change_byte(grown.database, "audit_tile", "root", "level = 0 AND number = 0", place)
        assert findings(grown) == {(0, "tile")}
        change_byte(grown.database, "audit_tile", "root", "level = 0 AND number = 0", place)


def test_a_changed_head_is_found(grown: AnchoredLog) -> None:
    for column, length in (("frontier", 4 * 32), ("mac", 17)):
        for place in range(0, length, 7):
            change_byte(grown.database, "audit_head", column, "id = 1", place)
            assert (None, "head") in findings(grown)
            change_byte(grown.database, "audit_head", column, "id = 1", place)
    run(grown.database, "UPDATE audit_head SET size = size - 1")
    assert (SIZE, "head") in findings(grown)


def test_a_column_that_does_not_say_what_the_body_says_is_found(grown: AnchoredLog) -> None:
    for column, value, honest in (
        ("retention", "2", "1"),
        ("action", "4", "3"),
        ("outcome", "2", "1"),
        ("object_type", "'companies'", "'customers'"),
        ("object_id", "NULL", "'row-1003'"),
        ("object_id", "'row-4'", "'row-1003'"),
        ("purpose", "'scoring'", "'after-sales'"),
        ("actor_id", "NULL", None),
    ):
        run(grown.database, f"UPDATE audit_entry SET {column} = {value} WHERE leaf_index = 104")
        assert findings(grown) == {(104, "entry")}, column
        if honest is not None:
            run(grown.database, f"UPDATE audit_entry SET {column} = {honest} WHERE leaf_index = 104")


def test_a_changed_time_is_found(grown: AnchoredLog) -> None:
    later = "at + 1" if grown.database.dialect == "sqlite" else "at + interval '1 second'"
    run(grown.database, f"UPDATE audit_entry SET at = {later} WHERE leaf_index = 3")

    assert findings(grown) == {(3, "entry")}


def test_a_changed_summary_is_found(grown: AnchoredLog) -> None:
    run(grown.database, "UPDATE audit_subjects SET subjects = :empty", empty=b"")

    assert findings(grown) == {(0, "summary")}


def test_a_deleted_entry_is_missed(grown: AnchoredLog) -> None:
    run(grown.database, "DELETE FROM audit_entry WHERE leaf_index = 3")

    report = grown.verify()

    assert "3 to 3 are missing and no purge names them" in {finding.what for finding in report.findings}
    assert (3, "entry") in {(finding.index, finding.part) for finding in report.findings}


def test_a_deleted_leaf_is_missed(grown: AnchoredLog) -> None:
    run(grown.database, "DELETE FROM audit_leaf WHERE leaf_index BETWEEN 3 AND 5")

    found = findings(grown)

    assert {(3, "leaf"), (3, "entry"), (4, "entry"), (5, "entry"), (None, "checkpoint")} <= found


def test_the_newest_entries_deleted_before_the_checkpoint_are_missed(grown: AnchoredLog) -> None:
    grown.grow(5)
    run(grown.database, "DELETE FROM audit_entry WHERE leaf_index >= 303")
    run(grown.database, "DELETE FROM audit_leaf WHERE leaf_index >= 303")

    assert (303, "head") in findings(grown)


def test_a_log_that_was_set_back_is_found_against_the_anchor(grown: AnchoredLog) -> None:
    last = grown.anchor.last()
    assert last is not None
    run(grown.database, "DELETE FROM audit_entry WHERE leaf_index >= 299")
    run(grown.database, "DELETE FROM audit_leaf WHERE leaf_index >= 299")

    assert (299, "anchor") in findings(grown)
    assert (None, "checkpoint") in {(f.index, f.part) for f in grown.verify(against=last[0]).findings}


def test_an_entry_without_a_leaf_is_found(grown: AnchoredLog) -> None:
    for index in (-4, 4_000):
        run(
            grown.database,
            "INSERT INTO audit_entry SELECT :index, :id, at, retention, action, outcome, actor_id, object_type, "
            "object_id, purpose, body, salt FROM audit_entry WHERE leaf_index = 3",
            index=index,
            id=(index % 251).to_bytes(16, "big") if grown.database.dialect == "sqlite" else str(an_id(index)),
        )

    assert {(-4, "entry"), (4_000, "entry")} <= findings(grown)


def an_id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number % 251:012d}"


def test_two_leaves_that_changed_places_are_found(grown: AnchoredLog) -> None:
    for statement in (
        "UPDATE {} SET leaf_index = -1 WHERE leaf_index = 3",
        "UPDATE {} SET leaf_index = 3 WHERE leaf_index = 4",
        "UPDATE {} SET leaf_index = 4 WHERE leaf_index = -1",
    ):
        for table in ("audit_leaf", "audit_entry"):
            run(grown.database, statement.format(table))

    assert {(3, "leaf"), (4, "leaf")} <= findings(grown)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_checkpoint SET note = note || 'x' WHERE size = 100",
        "UPDATE audit_checkpoint SET size = 101 WHERE size = 100",
    ],
)
def test_a_changed_copy_of_a_checkpoint_is_found(grown: AnchoredLog, statement: str) -> None:
    run(grown.database, statement)

    assert (None, "checkpoint") in findings(grown)


def test_each_byte_of_the_anchor_counts(small: AnchoredLog) -> None:
    path = small.folder / "checkpoints"
    published = path.read_bytes()
    for place in range(len(published)):
        path.write_bytes(flip(published, place))
        assert not small.verify().intact, place
    path.write_bytes(published)
    assert small.verify().intact


def test_a_tile_too_many_is_found(grown: AnchoredLog) -> None:
    run(grown.database, "INSERT INTO audit_tile SELECT 0, 7, hashes, root FROM audit_tile")
    run(grown.database, "INSERT INTO audit_subjects SELECT 7, subjects FROM audit_subjects")

    assert findings(grown) == {(None, "tile"), (None, "summary")}


def test_a_second_head_is_found(grown: AnchoredLog) -> None:
    with grown.database.write_connection() as connection:
        if grown.database.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_head DROP CONSTRAINT ck_audit_head_single")
        connection.exec_driver_sql("INSERT INTO audit_head SELECT 2, size, frontier, mac FROM audit_head")

    assert findings(grown) == {(None, "head")}


def test_progress_is_told(grown: AnchoredLog) -> None:
    told: list[tuple[int, int]] = []
    check = LiveCheck(database=grown.database, anchor=grown.folder, leaf_key=LEAF_KEY)

    verify_live(check, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (SIZE, SIZE)
