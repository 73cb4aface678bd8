"""The keyring: private, whole, followed by every process, and silent about its keys."""

import json
import multiprocessing
import os
import pickle
import threading
import traceback
from copy import deepcopy
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from governance.vault.errors import (
    KeyMissingError,
    KeyringCorruptError,
    KeyringError,
    KeyringMissingError,
    KeyringPermissionsError,
    KeyringUnwritableError,
)
from governance.vault.keyring import Keyring, create_keyring, open_keyring
from governance.vault.ring import EPOCH_TRANSITIONS, EpochState, new_ring
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring

NONCE = bytes(12)


def reopen(tmp_path: Path) -> Keyring:
    return open_keyring(str(tmp_path / "keys"), tmp_path)


def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


def every_key(tmp_path: Path) -> list[str]:
    document = json.loads(key_file(tmp_path).read_text())
    return [*document["master"].values(), *(epoch["key"] for epoch in document["epochs"].values() if epoch["key"])]


def test_a_keyring_opens_again_with_the_same_keys(tmp_path: Path) -> None:
    made, opened = a_keyring(tmp_path), reopen(tmp_path)

    assert made.installation == opened.installation
    assert made.secret("leaf") == opened.secret("leaf")
    assert opened.current_epoch == 1
    sealed = made.epoch_key(1).encrypt(NONCE, b"x", None)
    assert opened.epoch_key(1).decrypt(NONCE, sealed, None) == b"x"


def test_a_keyring_that_exists_is_not_made_anew(tmp_path: Path) -> None:
    assert a_keyring(tmp_path).secret("leaf") == a_keyring(tmp_path).secret("leaf")


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one, other = a_keyring(tmp_path / "one"), a_keyring(tmp_path / "other")

    assert one.installation != other.installation
    assert one.secret("leaf") != other.secret("leaf")
    with pytest.raises(InvalidTag):
        other.epoch_key(1).decrypt(NONCE, one.epoch_key(1).encrypt(NONCE, b"x", None), None)


def test_each_use_has_its_own_secret(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    names = ["attestation", "leaf", "cursor", "index/1/exact", "index/11/exact", "pseudonym/1"]

    assert len({keyring.secret(name) for name in names}) == len(names)
    assert all(len(keyring.secret(name)) == 32 for name in names)


def test_file_and_directory_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        a_keyring(tmp_path)
    finally:
        os.umask(old)

    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert key_file(tmp_path).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("which", "mode"), [("file", 0o640), ("file", 0o604), ("directory", 0o750), ("directory", 0o701)]
)
def test_a_keyring_open_to_others_is_refused(tmp_path: Path, which: str, mode: int) -> None:
    a_keyring(tmp_path)
    path = key_file(tmp_path) if which == "file" else key_file(tmp_path).parent
    path.chmod(mode)

    with pytest.raises(KeyringPermissionsError) as caught:
        reopen(tmp_path)

    assert str(caught.value) == f"{path} is open to other users (mode {mode:04o}): expected at most " + (
        "0600." if which == "file" else "0700."
    )
    path.chmod(0o700)


def test_a_missing_keyring_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(KeyringMissingError) as caught:
        reopen(tmp_path)

    assert str(caught.value) == (
        f"There is no keyring at {key_file(tmp_path)}. Run `egide init`, or restore the keyring's backup."
    )


def test_an_empty_directory_holds_no_keyring(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)

    with pytest.raises(KeyringMissingError):
        reopen(tmp_path)


@pytest.mark.parametrize(
    "damage", ["empty", "cut", "format", "short key", "no current", "no master", "two current", "list"]
)
def test_a_damaged_keyring_is_refused_without_showing_it(tmp_path: Path, damage: str) -> None:
    a_keyring(tmp_path)
    keys = every_key(tmp_path)
    path = key_file(tmp_path)
    document = json.loads(path.read_text())
    first = document["epochs"]["1"]
    changed = {
        "empty": "",
        "cut": path.read_text()[:-20],
        "format": json.dumps({**document, "format": "egide-keyring/2"}),
        "short key": json.dumps({**document, "master": {"1": keys[0][:-2]}}),
        "no current": json.dumps({**document, "epochs": {"1": {**first, "state": "retiring"}}}),
        "no master": json.dumps({**document, "master": {}}),
        "two current": json.dumps({**document, "epochs": {"1": first, "2": first}}),
        "list": "[]",
    }
    path.write_text(changed[damage])

    with pytest.raises(KeyringCorruptError) as caught:
        reopen(tmp_path)

    shown = "".join(traceback.format_exception(caught.value))
    assert str(caught.value).startswith(f"The keyring at {path} is damaged (")
    assert "\n" not in str(caught.value)
    assert not any(key in shown for key in keys)


def test_a_keyring_never_shows_or_copies_its_keys(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    keys = every_key(tmp_path)

    shown = repr(keyring) + repr(keyring.epoch_keys()) + repr(keyring.ages) + repr(new_ring(StandingClock().now()))
    assert not any(key in shown or repr(bytes.fromhex(key)) in shown for key in keys)
    for copy in (pickle.dumps, deepcopy):
        for secret in (keyring, keyring.epoch_keys()):
            with pytest.raises(TypeError, match="not pickled"):
                copy(secret)


def test_an_unknown_epoch_is_named(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)

    with pytest.raises(KeyMissingError, match="epoch 9"):
        keyring.epoch_key(9)
    with pytest.raises(KeyMissingError, match="epoch 9"):
        keyring.epoch_keys()[9]


def test_a_process_follows_another_ones_rotation(tmp_path: Path) -> None:
    clock = StandingClock()
    serving, rotating = a_keyring(tmp_path), reopen(tmp_path)
    before_the_read = serving.epoch_keys()

    assert rotating.begin_epoch(clock) == 1
    assert serving.current_epoch == 2
    assert serving.retiring_epoch == 1
    assert {1, 2} == set(serving.epoch_keys())

    rotating.destroy_epoch(1, clock)
    with pytest.raises(KeyMissingError):
        serving.epoch_key(1)
    assert [age.state for age in serving.ages] == [EpochState.DESTROYED, EpochState.CURRENT]
    # A read that began before goes on: it has the old key, and meets the new one.
    before_the_read[1].encrypt(NONCE, b"", None)
    before_the_read[2].encrypt(NONCE, b"", None)


def test_a_rotation_under_way_is_taken_up_not_doubled(tmp_path: Path) -> None:
    keyring, clock = a_keyring(tmp_path), StandingClock()

    assert keyring.begin_epoch(clock) == 1
    assert keyring.begin_epoch(clock) == 1
    assert keyring.current_epoch == 2


def test_destroying_twice_is_harmless_and_destroying_the_current_epoch_is_refused(tmp_path: Path) -> None:
    keyring, clock = a_keyring(tmp_path), StandingClock()
    keyring.begin_epoch(clock)

    keyring.destroy_epoch(1, clock)
    keyring.destroy_epoch(1, clock)

    with pytest.raises(ValueError, match="current"):
        keyring.destroy_epoch(2, clock)
    assert reopen(tmp_path).current_epoch == 2


def test_a_destroyed_key_is_gone_from_the_file_and_overwritten_where_it_lay(tmp_path: Path) -> None:
    keyring, clock = a_keyring(tmp_path), StandingClock()
    first_key = every_key(tmp_path)[1]
    keyring.begin_epoch(clock)
    with key_file(tmp_path).open("rb") as old_file:
        assert first_key in old_file.read().decode()

        keyring.destroy_epoch(1, clock)

        old_file.seek(0)
        assert set(old_file.read()) == {0}
    assert first_key not in key_file(tmp_path).read_text()
    assert [path.name for path in key_file(tmp_path).parent.iterdir()] == ["keyring.json"]


def test_a_write_that_fails_leaves_the_keyring_as_it_was(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    before = key_file(tmp_path).read_bytes()
    # A directory in the place of the new file stands for a disk that is full or read-only.
    key_file(tmp_path).with_suffix(".new").mkdir()

    with pytest.raises(KeyringUnwritableError):
        keyring.begin_epoch(StandingClock())

    assert key_file(tmp_path).read_bytes() == before
    assert reopen(tmp_path).current_epoch == 1


def test_what_a_killed_writer_left_behind_is_taken_over(tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    leftover = key_file(tmp_path).with_suffix(".new")
    leftover.write_bytes(b"half a ring")
    leftover.chmod(0o644)

    keyring.begin_epoch(StandingClock())

    assert reopen(tmp_path).current_epoch == 2
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600


def create_in_another_process(folder: str, answers: "multiprocessing.Queue[str]") -> None:
    answers.put(create_keyring(f"{folder}/keys", Path(folder)).secret("leaf").hex())


def test_of_two_processes_that_create_at_once_one_wins_and_the_other_reads_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = context.Queue()
    processes = [context.Process(target=create_in_another_process, args=(str(tmp_path), answers)) for _ in range(4)]
    for process in processes:
        process.start()
    secrets = {answers.get(timeout=30) for _ in processes}
    for process in processes:
        process.join(timeout=30)
    answers.close()
    answers.join_thread()

    assert secrets == {reopen(tmp_path).secret("leaf").hex()}


def test_readers_never_meet_half_a_keyring(tmp_path: Path) -> None:
    rotating, clock = a_keyring(tmp_path), StandingClock()
    failures: list[KeyringError] = []
    done = threading.Event()

    def read() -> None:
        keyring = reopen(tmp_path)
        while not done.is_set():
            try:
                keyring.epoch_key(keyring.current_epoch)
            except KeyMissingError:
                continue  # the epoch may end between the two questions
            except KeyringError as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(10):
        rotating.destroy_epoch(rotating.begin_epoch(clock), clock)
    done.set()
    for reader in readers:
        reader.join()

    assert failures == []


def test_the_table_of_an_epochs_life_is_complete() -> None:
    assert EPOCH_TRANSITIONS.keys() == set(EpochState)
