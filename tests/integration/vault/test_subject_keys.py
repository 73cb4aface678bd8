"""Data subjects on file: their numbers, their marks, and what SQL can do to them."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from governance.database import Database
from governance.vault.errors import (
    SubjectErasedError,
    SubjectKeyError,
    SubjectTransitionError,
    SubjectUnknownError,
)
from governance.vault.keyring import Keyring
from governance.vault.models import DataSubject, SubjectState
from governance.vault.subject_keys import (
    create_subjects,
    erase,
    lift,
    objections_of,
    open_subject,
    restrict,
    set_objection,
)
from governance.vocabulary import SubjectKind
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring

NONCE = bytes(12)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return a_keyring(tmp_path)


@pytest.fixture
def people(database: Database, keyring: Keyring, clock: StandingClock) -> list[int]:
    with database.write() as session:
        created = create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER, SubjectKind.PROSPECT])
    return [subject.id for subject in created]


def run_sql(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        connection.execute(text(statement))


def test_a_new_persons_key_opens_what_it_sealed(database: Database, keyring: Keyring, clock: StandingClock) -> None:
    with database.write() as session:
        (ada,) = create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER])
        sealed = ada.key.encrypt(NONCE, b"x", None)

    with database.read() as session:
        row, key = open_subject(session, keyring, ada.id)

        assert key.decrypt(NONCE, sealed, None) == b"x"
        assert (row.kind, row.state, row.epoch, row.objections) == (SubjectKind.CUSTOMER.code, 1, 1, b"")
        assert row.created_at == clock.now()


def test_each_person_has_a_key_of_their_own(database: Database, keyring: Keyring, people: list[int]) -> None:
    with database.read() as session:
        keys = [open_subject(session, keyring, person)[1] for person in people]

    assert keys[0].encrypt(NONCE, b"x", None) != keys[1].encrypt(NONCE, b"x", None)


def test_numbers_are_dense_and_never_given_twice(database: Database, keyring: Keyring, clock: StandingClock) -> None:
    with database.write() as session:
        first = create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 3)
    run_sql(database, "DELETE FROM data_subject WHERE id = 3")
    with database.write() as session:
        second = create_subjects(session, keyring, clock, [SubjectKind.PROSPECT] * 2)

    assert [subject.id for subject in first + second] == [1, 2, 3, 4, 5]


def test_nobody_is_created_for_nothing(database: Database, keyring: Keyring, clock: StandingClock) -> None:
    with database.write() as session:
        assert create_subjects(session, keyring, clock, []) == []


def test_people_created_at_once_get_different_numbers(
    database: Database, keyring: Keyring, clock: StandingClock
) -> None:
    numbers: list[int] = []

    def create() -> None:
        for _ in range(5):
            with database.write() as session:
                numbers.extend(one.id for one in create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 2))

    threads = [threading.Thread(target=create) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(numbers)) == 30


def test_objections_are_kept_in_the_mark(database: Database, keyring: Keyring, people: list[int]) -> None:
    for purpose, objected in ((300, True), (7, True), (7, True), (8, False), (300, False), (9, True)):
        with database.write() as session:
            set_objection(session, keyring, people[0], purpose, objected=objected)

    with database.read() as session:
        row, _ = open_subject(session, keyring, people[0])
        assert objections_of(row.objections) == {7, 9}
        assert row.objections == b"\0\7\0\t"


def test_restriction_and_its_lifting_keep_the_key(database: Database, keyring: Keyring, people: list[int]) -> None:
    with database.read() as session:
        sealed = open_subject(session, keyring, people[0])[1].encrypt(NONCE, b"x", None)

    with database.write() as session:
        restrict(session, keyring, people[0])
    with database.read() as session:
        row, key = open_subject(session, keyring, people[0])
        assert SubjectState.from_code(row.state) is SubjectState.RESTRICTED
    assert key.decrypt(NONCE, sealed, None) == b"x"

    with database.write() as session:
        lift(session, keyring, people[0])
    with database.read() as session:
        row, key = open_subject(session, keyring, people[0])
        assert SubjectState.from_code(row.state) is SubjectState.ACTIVE
    assert key.decrypt(NONCE, sealed, None) == b"x"


def test_erasure_destroys_the_key_and_is_final(database: Database, keyring: Keyring, people: list[int]) -> None:
    with database.write() as session:
        erase(session, people[0])

    with database.read() as session:
        with pytest.raises(SubjectErasedError):
            open_subject(session, keyring, people[0])
        row = session.get_one(DataSubject, people[0])
        assert (row.wrapped_key, row.epoch, row.state) == (None, 0, SubjectState.ERASED.code)
        open_subject(session, keyring, people[1])
    with pytest.raises(SubjectTransitionError, match="erased: cannot lift"), database.write() as session:
        lift(session, keyring, people[0])
    with pytest.raises(SubjectTransitionError, match="erased: cannot erase"), database.write() as session:
        erase(session, people[0])
    with pytest.raises(SubjectErasedError), database.write() as session:
        set_objection(session, keyring, people[0], 7, objected=True)


def test_restricting_twice_or_lifting_nothing_is_refused(
    database: Database, keyring: Keyring, people: list[int]
) -> None:
    with pytest.raises(SubjectTransitionError, match="active: cannot lift"), database.write() as session:
        lift(session, keyring, people[0])
    with database.write() as session:
        restrict(session, keyring, people[0])
    with pytest.raises(SubjectTransitionError, match="restricted: cannot restrict"), database.write() as session:
        restrict(session, keyring, people[0])


def test_somebody_unknown_is_named_by_number_only(database: Database, keyring: Keyring) -> None:
    with database.read() as session, pytest.raises(SubjectUnknownError, match="no data subject 99"):
        open_subject(session, keyring, 99)
    with pytest.raises(SubjectUnknownError), database.write() as session:
        restrict(session, keyring, 99)


@pytest.mark.parametrize(
    ("marked", "freed"),
    [
        ("restrict", "state = 1"),
        ("object", "objections = (SELECT objections FROM data_subject WHERE id = 2)"),
        ("nothing", "kind = 3"),
        ("nothing", "key_version = 2"),
        ("nothing", "wrapped_key = (SELECT wrapped_key FROM data_subject WHERE id = 2)"),
    ],
)
def test_a_mark_removed_by_sql_closes_the_person_instead_of_freeing_them(
    database: Database, keyring: Keyring, people: list[int], marked: str, freed: str
) -> None:
    with database.write() as session:
        if marked == "restrict":
            restrict(session, keyring, people[0])
        elif marked == "object":
            set_objection(session, keyring, people[0], 7, objected=True)
    run_sql(database, f"UPDATE data_subject SET {freed} WHERE id = 1")

    with database.read() as session, pytest.raises(SubjectKeyError, match="data subject 1 does not open"):
        open_subject(session, keyring, people[0])
    with pytest.raises(SubjectKeyError), database.write() as session:
        set_objection(session, keyring, people[0], 8, objected=True)
    with database.write() as session:
        erase(session, people[0])


@pytest.mark.parametrize(
    "broken",
    ["state = 4", "kind = 0", "key_version = 0", "state = 3", "wrapped_key = NULL"],
)
@pytest.mark.usefixtures("people")
def test_the_database_refuses_marks_that_mean_nothing(database: Database, broken: str) -> None:
    with pytest.raises(IntegrityError):
        run_sql(database, f"UPDATE data_subject SET {broken} WHERE id = 1")


def test_an_old_row_put_back_opens_only_while_its_epoch_lasts(
    database: Database, keyring: Keyring, people: list[int], clock: StandingClock
) -> None:
    run_sql(database, "CREATE TABLE backup AS SELECT * FROM data_subject")
    with database.write() as session:
        erase(session, people[0])
    run_sql(database, "DELETE FROM data_subject WHERE id = 1")
    run_sql(database, "INSERT INTO data_subject SELECT * FROM backup WHERE id = 1")
    with database.read() as session:
        open_subject(session, keyring, people[0])

    keyring.begin_epoch(clock)
    keyring.destroy_epoch(1, clock)

    with database.read() as session, pytest.raises(Exception, match="epoch 1 is not in the keyring"):
        open_subject(session, keyring, people[0])


def test_reading_many_rows_takes_no_query_a_row(database: Database, people: list[int]) -> None:
    with database.read() as session:
        assert session.scalars(select(DataSubject.id).order_by(DataSubject.id)).all() == people
