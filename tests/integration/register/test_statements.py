"""How many statements a list takes: as many for a long page as for a short one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select

from audit.transaction import unrecorded
from governance.database import Database
from register import completeness
from register.completeness import every_shortcoming, shortcomings
from register.declared import declared_purpose, declared_purposes
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import ImportRegister, import_register
from register.exchange.reading import written_activities
from register.lines.values import Relation, Subject
from register.models import Activity
from register.notices.facts import gather
from register.record import record_of
from register.service import (
    ActivityFilter,
    Desk,
    NewActivity,
    PartyChange,
    change_party,
    draft_activity,
    get_activity,
    list_activity_rows,
    list_purpose_records,
)
from register.service.loading import verify_record
from tests.builders.lines import on_file, put, taking_part
from tests.builders.register import a_complete_draft, a_purpose, activate, the_dpo
from tests.builders.written import a_written_activity, as_read


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("length", [1, 30])
def test_a_page_of_purposes_takes_four_statements(database: Database, desk: Desk, length: int) -> None:
    with database.write() as session:
        for number in range(1, length + 1):
            a_purpose(session, id=number, slug=f"purpose-{number}")
        unrecorded(session, "a test's purposes")

    with database.read() as session, counted(database) as statements:
        page = list_purpose_records(session, activity=None, after=None, limit=50)
    assert (len(page.rows), len(statements)) == (length, 4)


@pytest.mark.parametrize("length", [1, 8])
def test_what_records_lack_takes_as_many_statements_whatever_there_is(
    database: Database, desk: Desk, exchanging: ExchangeDesk, length: int
) -> None:
    activities = [
        a_written_activity(f"activity-{number}", name_fr=f"Activité {number}", name_en=f"Activity {number}")
        for number in range(length)
    ]
    import_register(exchanging, the_dpo(), ImportRegister(register=as_read(*activities)))

    with database.read() as session, counted(database) as statements:
        found = list(every_shortcoming(session, date(2026, 12, 1)))
    with database.read() as session, counted(database) as listing:
        page = list_activity_rows(session, ActivityFilter(), today=date(2026, 12, 1), after=None, limit=50)
        listed = {row.activity.slug: row.missing for row in page.rows}

    one_by_one = Counter(slug for slug, _ in found)
    assert len(one_by_one) == length
    assert listed == one_by_one
    assert len(statements) == 16
    assert len(listing) == 19


def test_records_are_read_some_at_once_and_none_twice(
    database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completeness, "_AT_ONCE", 2)
    with database.write() as session:
        for number in range(5):
            draft_activity(session, desk.clock, desk.ids, the_dpo(), a_draft(number))

    with database.read() as session:
        found = [slug for slug, each in every_shortcoming(session, date(2026, 12, 1)) if each.code == "no-purpose"]
        alone = {
            activity.slug: shortcomings(session, activity, date(2026, 12, 1))
            for activity in session.scalars(select(Activity))
        }

    assert found == [f"activity-{number}" for number in range(5)]
    assert all(each == alone["activity-0"] for each in alone.values())


def a_draft(number: int) -> NewActivity:
    return NewActivity(slug=f"activity-{number}", name_fr="Activité", name_en="Activity")


@pytest.mark.parametrize("length", [1, 30])
def test_what_is_declared_takes_as_many_statements_whatever_there_is(
    database: Database, desk: Desk, exchanging: ExchangeDesk, length: int
) -> None:
    with database.write() as session:
        for number in range(1, length + 1):
            a_purpose(session, id=number, slug=f"purpose-{number}")
        unrecorded(session, "a test's purposes")

    with database.read() as session, counted(database) as every:
        assert len(declared_purposes(session, desk.attestor)) == length
    with database.read() as session, counted(database) as one:
        assert declared_purpose(session, desk.attestor, "purpose-1").id == 1
    assert (len(every), len(one)) == (7, 6)


@pytest.mark.parametrize("length", [1, 12])
def test_what_names_organisations_verifies_them_in_as_many_statements_however_many_there_are(
    database: Database, desk: Desk, length: int
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        for number in range(length):
            receiver = on_file(session, desk, f"Transporteur {number}")
            officer = on_file(session, desk, f"Conseil {number}")
            change_party(session, the_dpo(), receiver.id, PartyChange(dpo_id=officer.id))
            put(session, desk, Subject.PARTIES, taking_part(receiver, Relation.RECIPIENT))
        activate(session, desk)

    counts = []
    for read in (
        lambda session: verify_record(session, desk.attestor, get_activity(session, "loyalty")),
        lambda session: record_of(session, desk.attestor, "loyalty"),
        lambda session: list(written_activities(session, desk.attestor)),
        lambda session: gather(session, desk.attestor, date(2026, 12, 1)),
    ):
        with database.read() as session, counted(database) as statements:
            read(session)
        counts.append(len(statements))
    assert counts == [14, 18, 15, 5]
