"""Versions of a record that somebody deleted past Égide are missed where the record's versions are read."""

import pytest
from sqlalchemy import text

from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.days import day_of
from register.lifecycle import Opinion, Verb
from register.record import record_of
from register.service import Desk, Step, get_activity, list_versions, thread_of
from register.stated import Stated, state_activities
from tests.builders.oversight import reader
from tests.builders.register import a_complete_draft, activate, step, the_dpo, the_owner
from tests.builders.service import Service
from tests.builders.web import words


@pytest.fixture
def kept(database: Database, desk: Desk) -> list[int]:
    """Return the revisions of the versions of a record that came into force and is reviewed."""
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.REVIEW))
        return [each.revision for each in list_versions(session, "loyalty", after=None, limit=50).rows]


@pytest.mark.parametrize("place", [0, 1, -1], ids=["first", "middle", "last"])
def test_the_list_says_how_many_are_gone_on_each_of_its_pages(database: Database, kept: list[int], place: int) -> None:
    with database.write() as session:
        assert list_versions(session, "loyalty", after=None, limit=50).gone == 0
        session.execute(text("DELETE FROM activity_version WHERE revision = :gone"), {"gone": kept[place]})

    with database.read() as session:
        first = list_versions(session, "loyalty", after=None, limit=1)
        assert first.next is not None
        assert first.gone == list_versions(session, "loyalty", after=int(first.next), limit=50).gone == 1


def test_the_history_says_that_it_was_kept_and_leads_to_none_that_is_gone(database: Database, kept: list[int]) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM activity_version WHERE revision = :gone"), {"gone": kept[-1]})

    with database.read() as session:
        newest = thread_of(session, get_activity(session, "loyalty"))[0]
    assert (newest.verb, newest.revision, newest.number) == ("review", None, None)


def test_the_history_tells_no_note_that_somebody_else_wrote(database: Database, kept: list[int]) -> None:
    with database.write() as session:
        session.execute(text("UPDATE activity_version SET note = 'Forged' WHERE revision = :one"), {"one": kept[-1]})

    with database.read() as session:
        newest = thread_of(session, get_activity(session, "loyalty"))[0]
    assert (newest.revision, newest.note) == (kept[-1], "")


def test_a_document_says_that_its_decisions_are_not_all_there(database: Database, desk: Desk, kept: list[int]) -> None:
    def stated() -> Stated:
        with database.read() as session:
            activity = get_activity(session, "loyalty")
            (found,) = state_activities(session, desk.attestor, [activity], day_of(desk.clock.now()))
            return found

    assert (len(stated().decisions), stated().gone) == (len(kept), 0)

    with database.write() as session:
        session.execute(text("DELETE FROM activity_version WHERE revision = :gone"), {"gone": kept[1]})

    assert (len(stated().decisions), stated().gone) == (len(kept) - 1, 1)


def test_who_advised_and_decided_alone_is_told_whatever_is_taken_away(database: Database, desk: Desk) -> None:
    account = the_dpo().id
    assert account is not None
    both = Actor(kind=ActorKind.PERSON, id=account, roles=frozenset({Role.DPO, Role.CONTROLLER}))
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        step(session, desk, both, Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
        step(session, desk, both, Step(activity="loyalty", verb=Verb.ACTIVATE))

    with database.write() as session:
        session.execute(text("DELETE FROM activity_version WHERE verb = 'advise'"))

    with database.read() as session:
        assert record_of(session, desk.attestor, "loyalty").activity.decided_alone


def test_the_page_and_programs_say_so(service: Service) -> None:
    path, program = "/activities/customer-management/versions", service.program(Role.AUDITOR)
    auditor = reader(service, Role.AUDITOR)
    kept = program.get(path).get_json()
    assert kept["gone"] == 0
    assert "was taken away" not in words(auditor.open(path))

    with service.wired.database.write_connection() as connection:
        first = kept["versions"][0]["revision"]
        named = "activity_id IN (SELECT id FROM activity WHERE slug = 'customer-management')"
        connection.execute(text(f"DELETE FROM activity_version WHERE {named} AND revision = {first}"))

    assert program.get(path).get_json()["gone"] == 1
    assert "1 version of this record was taken away outside Égide" in words(auditor.open(path))
    assert "1 version de cette fiche a été retirée hors d’Égide" in words(auditor.open(path, "fr"))
