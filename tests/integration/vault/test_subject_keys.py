"""Data subjects on file, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text

from governance.database import Database
from governance.vault.errors import SubjectKeyError
from governance.vault.subject_keys import create_subjects, open_subject, restrict, set_objection
from governance.vocabulary import SubjectKind
from tests.builders.ground import StandingClock
from tests.builders.vault import a_keyring


def test_a_number_is_never_given_twice(database: Database, clock: StandingClock, tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    with database.write() as session:
        first = create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 3)
    with database.write() as session:
        session.execute(text("DELETE FROM data_subject WHERE id = 3"))
    with database.write() as session:
        second = create_subjects(session, keyring, clock, [SubjectKind.PROSPECT])

    assert [subject.id for subject in first + second] == [1, 2, 3, 4]


def test_x(database: Database, clock: StandingClock, tmp_path: Path) -> None:
    keyring = a_keyring(tmp_path)
    with database.write() as session:
        create_subjects(session, keyring, clock, [SubjectKind.CUSTOMER] * 3)
        set_objection(session, keyring, 1, 7, objected=True)
        restrict(session, keyring, 1)
    with database.read() as session:
        open_subject(session, keyring, 1)
    with database.write() as session:
        session.execute(text("UPDATE data_subject SET state=1"))
    with database.read() as session, pytest.raises(SubjectKeyError):
        open_subject(session, keyring, 1)
