"""What the keys' status says."""

from pathlib import Path

import pytest

from governance.database import Database
from governance.settings import Settings
from governance.vault.key_status import colocated, status
from governance.vault.keyring import Keyring
from governance.vault.ring import EpochState
from governance.vault.subject_keys import create_subjects, erase
from governance.vocabulary import SubjectKind
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return a_keyring(tmp_path)


def settings_of(tmp_path: Path, **values: str) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=values.get("database_url", f"sqlite:///{tmp_path}/egide.db"),
        keys=values.get("keys", str(tmp_path / "keys")),
        anchor=Path(values.get("anchor", str(tmp_path / "anchor"))),
    )


def test_epochs_are_counted_and_dated(
    database: Database, keyring: Keyring, clock: StandingClock, tmp_path: Path
) -> None:
    with database.write() as session:
        create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 3)
        erase(session, 1)
    clock.advance(days=10)
    keyring.begin_epoch(clock)
    clock.advance(days=1)
    with database.write() as session:
        create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER])

    with database.read() as session:
        found = status(session, keyring, clock, settings_of(tmp_path))

    assert [(epoch.number, epoch.state, epoch.age_days, epoch.subjects) for epoch in found.epochs] == [
        (1, EpochState.RETIRING, 11, 2),
        (2, EpochState.CURRENT, 1, 1),
    ]
    assert found.lost == 0


def test_a_rotation_is_due_a_day_before_the_promise_ends(
    database: Database, keyring: Keyring, clock: StandingClock, tmp_path: Path
) -> None:
    def overdue() -> bool:
        with database.read() as session:
            return status(session, keyring, clock, settings_of(tmp_path), rotation_days=30).overdue

    clock.advance(days=29)
    assert not overdue()
    clock.advance(seconds=1)
    assert overdue()


def test_people_whose_epoch_is_gone_are_counted(
    database: Database, keyring: Keyring, clock: StandingClock, tmp_path: Path
) -> None:
    with database.write() as session:
        create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 2)
    keyring.begin_epoch(clock)
    keyring.destroy_epoch(1, clock)

    with database.read() as session:
        found = status(session, keyring, clock, settings_of(tmp_path))

    assert found.lost == 2
    assert found.epochs[0].destroyed_at == clock.now()


def test_secrets_on_one_file_system_are_named(tmp_path: Path) -> None:
    assert colocated(settings_of(tmp_path)) == (("anchor", "database"), ("anchor", "keys"), ("database", "keys"))


@pytest.mark.parametrize(
    ("values", "pairs"),
    [
        ({"database_url": "postgresql://db.example/egide"}, (("anchor", "keys"),)),
        ({"keys": "pkcs11:token=a;object=b"}, (("anchor", "database"),)),
        ({"keys": "/proc/keys", "anchor": "/sys/anchor"}, ()),
    ],
)
def test_secrets_that_lie_apart_are_not_named(
    tmp_path: Path, values: dict[str, str], pairs: tuple[tuple[str, str], ...]
) -> None:
    assert colocated(settings_of(tmp_path, **values)) == pairs
