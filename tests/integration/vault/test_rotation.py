"""A new epoch while the service runs: short steps, resumable at any point, the old key gone at the end."""

import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from audit.log import Log
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.vault import rotation
from governance.vault.errors import KeyMissingError, KeyringUnwritableError
from governance.vault.keyring import Keyring, open_keyring
from governance.vault.models import DataSubject
from governance.vault.ring import EpochState
from governance.vault.rotation import RotationProgress, Stage
from governance.vault.subject_keys import create_subjects, erase, open_subject, set_objection
from governance.vocabulary import SubjectKind
from tests.builders.audit import a_log
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.vault import a_keyring

ADMIN = an_actor(Role.ADMIN)
NONCE = bytes(12)
PEOPLE = 250
PROBE = b"x"


@pytest.fixture
def log(database: Database, clock: StandingClock, ids: CountingIds) -> Iterator[Log]:
    log = a_log(database, clock, ids)
    yield log
    log.close()


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return a_keyring(tmp_path)


@pytest.fixture
def sealed(database: Database, log: Log, keyring: Keyring, clock: StandingClock) -> dict[int, bytes]:
    """By person, a word that their key sealed before the rotation."""
    return put_on_file(database, keyring, clock, PEOPLE)


def put_on_file(database: Database, keyring: Keyring, clock: StandingClock, count: int) -> dict[int, bytes]:
    with database.write() as session:
        created = create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * count)
        unrecorded(session, "the test is not about who was put on file")
    return {subject.id: subject.key.encrypt(NONCE, PROBE, None) for subject in created}


def rotate(database: Database, keyring: Keyring, clock: StandingClock, **choice: bool) -> list[RotationProgress]:
    return list(rotation.run(database, keyring, clock, actor=ADMIN, **choice))


def assert_everybody_opens(database: Database, keyring: Keyring, sealed: dict[int, bytes]) -> None:
    keys = keyring.epoch_keys()
    with database.read() as session:
        for person, word in sealed.items():
            assert open_subject(session, keyring, person, keys)[1].decrypt(NONCE, word, None) == PROBE


def epochs_of(database: Database) -> dict[int, int]:
    with database.read() as session:
        counts = session.execute(select(DataSubject.epoch, func.count()).group_by(DataSubject.epoch))
        return dict(counts.all())


def steps_on_record(database: Database, detail: str = "step") -> list[object]:
    with database.read() as session:
        found = search(session, Filters(object_type="epoch"))
    return [entry.said["details"][detail] for entry in sorted(found, key=lambda entry: entry.index)]


def test_everybody_moves_and_the_old_key_is_destroyed(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    progress = rotate(database, keyring, clock)

    assert progress[-1].stage is Stage.DONE
    assert (progress[-1].moved, progress[-1].total, progress[-1].altered) == (PEOPLE, PEOPLE, 0)
    assert [step.moved for step in progress] == sorted(step.moved for step in progress)
    assert epochs_of(database) == {2: PEOPLE}
    assert [age.state for age in keyring.ages] == [EpochState.DESTROYED, EpochState.CURRENT]
    assert_everybody_opens(database, keyring, sealed)
    with pytest.raises(KeyMissingError):
        keyring.epoch_key(1)
    assert steps_on_record(database) == ["begun", "destroying", "destroyed"]


def test_an_empty_house_rotates(database: Database, log: Log, keyring: Keyring, clock: StandingClock) -> None:
    assert rotate(database, keyring, clock)[-1].stage is Stage.DONE
    assert rotate(database, keyring, clock)[-1].new == 3


def test_a_step_ends_after_its_time(
    database: Database,
    keyring: Keyring,
    clock: StandingClock,
    sealed: dict[int, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "_BUDGET_SECONDS", 1e-9)

    progress = rotate(database, keyring, clock)

    assert [step.moved for step in progress] == [0, 100, 200, 250, 250, 250]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_a_rotation_abandoned_between_two_steps_is_taken_up(
    database: Database,
    keyring: Keyring,
    clock: StandingClock,
    sealed: dict[int, bytes],
    steps: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "_BUDGET_SECONDS", 1e-9)
    list(islice(rotation.run(database, keyring, clock, actor=ADMIN), steps))
    assert_everybody_opens(database, keyring, sealed)

    assert rotate(database, open_keyring(str(keyring.path.parent), keyring.path.parent), clock)[-1].stage is Stage.DONE

    assert epochs_of(database) == {2: PEOPLE}
    assert keyring.current_epoch == 2
    assert_everybody_opens(database, keyring, sealed)


@pytest.mark.parametrize("stage", [Stage.MOVING, Stage.EMPTIED])
def test_a_step_killed_before_its_commit_loses_nobody(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes], stage: Stage
) -> None:
    progress = next(step for step in rotation.run(database, keyring, clock, actor=ADMIN) if step.stage is stage)

    with pytest.raises(RuntimeError), database.write() as session:
        rotation.step(session, keyring, clock, actor=ADMIN, progress=progress)
        raise RuntimeError("killed")

    assert_everybody_opens(database, keyring, sealed)
    assert rotate(database, keyring, clock)[-1].stage is Stage.DONE
    assert_everybody_opens(database, keyring, sealed)
    # The destruction whose own entry the kill took is told by the next one.
    assert steps_on_record(database, "destroyed_up_to")[-3:] == ([0, 0, 1] if stage is Stage.MOVING else [1, 1, 2])


def test_erased_people_hold_nothing_up(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    with database.write() as session:
        erase(session, 3)
        unrecorded(session, "the test is not about erasure")

    assert rotate(database, keyring, clock)[-1].moved == PEOPLE - 1
    assert epochs_of(database) == {0: 1, 2: PEOPLE - 1}


def test_a_row_that_does_not_open_keeps_its_key_until_somebody_gives_it_up(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    run_sql(database, "UPDATE data_subject SET kind = 2 WHERE id = 7")

    blocked = rotate(database, keyring, clock)[-1]
    assert (blocked.stage, blocked.altered, blocked.moved) == (Stage.BLOCKED, 1, PEOPLE - 1)
    keyring.epoch_key(1)

    run_sql(database, "UPDATE data_subject SET kind = 1 WHERE id = 7")
    assert rotate(database, keyring, clock)[-1].stage is Stage.DONE
    assert_everybody_opens(database, keyring, sealed)

    run_sql(database, "UPDATE data_subject SET kind = 2 WHERE id = 8")
    given_up = rotate(database, keyring, clock, abandon_altered=True)[-1]
    assert (given_up.stage, given_up.altered) == (Stage.DONE, 1)
    with database.read() as session, pytest.raises(KeyMissingError, match="epoch 2"):
        open_subject(session, keyring, 8)


def test_old_rows_put_back_behind_the_rotation_are_moved_too(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    run_sql(database, "CREATE TABLE backup AS SELECT * FROM data_subject")
    steps = rotation.run(database, keyring, clock, actor=ADMIN)
    last = next(step for step in steps if step.stage is Stage.EMPTIED)
    run_sql(database, "UPDATE data_subject SET epoch = 1, wrapped_key = "
            "(SELECT backup.wrapped_key FROM backup WHERE backup.id = data_subject.id) WHERE id < 5")  # fmt: skip

    rest = list(steps)

    assert last.moved == PEOPLE
    assert (rest[0].stage, rest[-1].stage, rest[-1].moved) == (Stage.MOVING, Stage.DONE, PEOPLE + 4)
    assert_everybody_opens(database, keyring, sealed)


def test_a_ring_that_cannot_be_written_keeps_the_key_and_says_so(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    steps = rotation.run(database, keyring, clock, actor=ADMIN)
    next(step for step in steps if step.stage is Stage.EMPTIED)
    obstacle = keyring.path.with_suffix(".new")
    obstacle.mkdir()

    with pytest.raises(KeyringUnwritableError):
        next(steps)
    keyring.epoch_key(1)
    assert steps_on_record(database) == ["begun", "destroying"]

    obstacle.rmdir()
    assert rotate(database, keyring, clock)[-1].stage is Stage.DONE
    assert steps_on_record(database) == ["begun", "destroying", "resumed", "destroying", "destroyed"]


def test_people_are_read_created_and_marked_while_keys_move(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    errors: list[Exception] = []
    created: dict[int, bytes] = {}
    done = threading.Event()
    folder = keyring.path.parent

    def serve(read_only: bool) -> None:
        own = open_keyring(str(folder), folder)  # as another process would have it
        turn = 0
        try:
            while not done.is_set():
                turn += 1
                if read_only:
                    assert_everybody_opens(database, own, dict(islice(sealed.items(), turn % 7, None, 7)))
                else:
                    created.update(put_on_file(database, own, clock, 2))
                    with database.write() as session:
                        set_objection(session, own, turn % PEOPLE + 1, 7, objected=True)
                        unrecorded(session, "the test is not about objections")
        except Exception as error:  # noqa: BLE001 -- a thread's error must reach the test
            errors.append(error)

    threads = [threading.Thread(target=serve, args=(read_only,)) for read_only in (True, True, False)]
    for thread in threads:
        thread.start()
    last = [rotate(database, keyring, clock)[-1].stage for _ in range(2)]
    done.set()
    for thread in threads:
        thread.join()

    assert errors == []
    assert last == [Stage.DONE, Stage.DONE]
    assert created
    assert set(epochs_of(database)) == {3}
    assert_everybody_opens(database, keyring, sealed | created)


def test_two_who_rotate_at_once_share_the_work(
    database: Database, keyring: Keyring, clock: StandingClock, sealed: dict[int, bytes]
) -> None:
    outcomes: list[Stage] = []
    errors: list[Exception] = []

    def drive() -> None:
        try:
            outcomes.append(rotate(database, keyring, clock)[-1].stage)
        except Exception as error:  # noqa: BLE001 -- a thread's error must reach the test
            errors.append(error)

    threads = [threading.Thread(target=drive) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert outcomes == [Stage.DONE, Stage.DONE]
    assert set(epochs_of(database)) == {keyring.current_epoch}
    assert_everybody_opens(database, keyring, sealed)


def run_sql(database: Database, statement: str) -> None:
    with database.write_connection() as connection:
        connection.execute(text(statement))
