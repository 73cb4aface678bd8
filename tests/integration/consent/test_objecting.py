"""Objections: against which purposes, where they are kept, that they are recorded."""

import pytest
from sqlalchemy import select

from audit.models import LogEntry
from consent.errors import NoObjectionRightError, NotForYouError, PersonNotFoundError
from consent.service import Desk, Objection, object_to
from governance.actor import Role
from governance.database import Database
from governance.vault.models import DataSubject
from governance.vault.subject_keys import erase, objections_of
from register.errors import PurposeNotFoundError
from tests.builders.ground import an_actor

SUPPORT = an_actor(Role.SUPPORT)


def test_an_objection_stands_in_the_persons_own_row_until_lifted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        for purpose in ("statistics", "newsletter", "statistics"):
            object_to(session, desk, SUPPORT, Objection(subject_id=1, purpose=purpose))
        assert objections_of(session.get_one(DataSubject, 1).objections) == {1, 5}
        object_to(session, desk, SUPPORT, Objection(subject_id=1, purpose="newsletter", objected=False))

    with database.read() as session:
        assert objections_of(session.get_one(DataSubject, 1).objections) == {5}
        entries = session.scalars(select(LogEntry).order_by(LogEntry.leaf_index)).all()
        assert [entry.object_id for entry in entries][-1] == "1.newsletter"
        assert b'"verb":"lift"' in bytes(entries[-1].body)


def test_there_is_no_objection_to_a_contract(database: Database, desk: Desk) -> None:
    with database.write() as session, pytest.raises(NoObjectionRightError, match="contract"):
        object_to(session, desk, SUPPORT, Objection(subject_id=1, purpose="orders"))


def test_nobody_unknown_or_erased_objects(database: Database, desk: Desk) -> None:
    with database.write() as session:
        erase(session, 2)
        for subject_id in (2, 99):
            with pytest.raises(PersonNotFoundError):
                object_to(session, desk, SUPPORT, Objection(subject_id=subject_id, purpose="statistics"))
        with pytest.raises(PurposeNotFoundError):
            object_to(session, desk, SUPPORT, Objection(subject_id=1, purpose="nothing"))
        with pytest.raises(NotForYouError):
            object_to(session, desk, an_actor(Role.ADMIN), Objection(subject_id=1, purpose="statistics"))
        object_to(session, desk, SUPPORT, Objection(subject_id=1, purpose="statistics"))
