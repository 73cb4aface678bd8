"""Whoever did not give their data is told within a month, sooner with the first message; and how they were is kept."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from governance.database import Database
from governance.days import day_of
from governance.vault.errors import AttestationError
from register.errors import DraftingNotAllowedError, ReasonRequiredError
from register.notices.errors import (
    InformationDateError,
    InformationSettledError,
    InformationTaskNotFoundError,
    NoticeTextMissingError,
    PointNotFoundError,
    PointNotIndirectError,
)
from register.notices.values import ToldBy
from register.service import (
    Desk,
    NewInformationTask,
    PutForward,
    SettleInformation,
    Sooner,
    ask_to_inform,
    count_first_message,
    find_information,
    first_words,
    forget_information,
    list_information,
    make_first_message,
    open_information,
    put_forward,
    settle_information,
)
from register.service.informing.tasks import last_day
from tests.builders.ground import StandingClock, an_actor
from tests.builders.notices import FAIR, a_bought_file, a_point
from tests.builders.register import a_complete_draft, activate, the_controller, the_dpo

IMPORT = uuid.UUID(int=77)


def asked(database: Database, desk: Desk) -> uuid.UUID:
    with database.write() as session:
        a_bought_file(session, desk)
        return ask_to_inform(session, desk, an_actor(), NewInformationTask(point=FAIR, import_id=IMPORT)).id


def today(desk: Desk) -> date:
    return day_of(desk.clock.now())


@pytest.mark.parametrize(
    ("obtained", "used", "last"),
    [
        (date(2026, 11, 22), None, date(2026, 12, 22)),
        (date(2026, 12, 22), None, date(2027, 1, 22)),
        (date(2026, 1, 31), None, date(2026, 2, 28)),
        (date(2028, 1, 30), None, date(2028, 2, 29)),
        # A Sunday makes it no longer.
        (date(2026, 10, 22), None, date(2026, 11, 22)),
        (date(2026, 11, 22), date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 11, 22), date(2027, 2, 1), date(2026, 12, 22)),
    ],
)
def test_people_are_told_within_a_month_and_sooner_where_they_are_written_to(
    obtained: date, used: date | None, last: date
) -> None:
    assert last_day(obtained, used) == last


def test_the_deadline_is_the_end_of_the_last_day_where_the_house_is(database: Database, desk: Desk) -> None:
    task_id = asked(database, desk)

    with database.read() as session:
        (found,) = open_information(session, desk.attestor, 10)
        assert found.task.id == task_id
    obtained = today(desk)
    last = last_day(obtained, None)
    assert found.due.astimezone(UTC) > datetime(last.year, last.month, last.day, 21, tzinfo=UTC)
    assert found.due.astimezone(UTC) < datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)


def test_the_first_message_or_an_earlier_delivery_puts_the_deadline_forward(database: Database, desk: Desk) -> None:
    assert isinstance(desk.clock, StandingClock)
    task_id = asked(database, desk)
    before = today(desk)
    desk.clock.advance(days=2)

    with database.write() as session:
        first = find_information(session, desk.attestor, task_id).due
        early = put_forward(
            session,
            desk,
            the_dpo(),
            PutForward(task=task_id, sooner=Sooner.OBTAINED, on=before.replace(day=max(1, before.day - 5))),
        ).due
        used = put_forward(session, desk, the_dpo(), PutForward(task=task_id, sooner=Sooner.FIRST_USE, on=today(desk)))
        assert used.due < early < first
        for sooner, day in ((Sooner.OBTAINED, today(desk)), (Sooner.FIRST_USE, date(2020, 1, 1))):
            with pytest.raises(InformationDateError):
                put_forward(session, desk, the_dpo(), PutForward(task=task_id, sooner=sooner, on=day))


def test_a_first_use_may_be_put_off_until_it_has_come(database: Database, desk: Desk) -> None:
    assert isinstance(desk.clock, StandingClock)
    task_id = asked(database, desk)
    planned = today(desk) + timedelta(days=2)

    with database.write() as session:
        for day in (planned, planned + timedelta(days=1), planned):
            used = PutForward(task=task_id, sooner=Sooner.FIRST_USE, on=day)
            assert day_of(put_forward(session, desk, the_dpo(), used).due) == day
        desk.clock.advance(days=2)
        with pytest.raises(InformationDateError):
            late = PutForward(task=task_id, sooner=Sooner.FIRST_USE, on=planned + timedelta(days=1))
            put_forward(session, desk, the_dpo(), late)
        assert day_of(find_information(session, desk.attestor, task_id).due) == planned


def test_it_is_settled_once_by_saying_how_and_when(database: Database, desk: Desk) -> None:
    task_id = asked(database, desk)
    told = SettleInformation(task=task_id, told_by=ToldBy.LETTER, told_on=today(desk), note="Cupboard 3")

    with database.write() as session:
        a_complete_draft(session, desk)
        with pytest.raises(DraftingNotAllowedError):
            settle_information(session, desk, the_controller(), told)
        for wrong in (date(2020, 1, 1), date(2126, 1, 1)):
            with pytest.raises(InformationDateError):
                settle_information(
                    session, desk, the_dpo(), SettleInformation(task=task_id, told_by=ToldBy.EMAIL, told_on=wrong)
                )
        with pytest.raises(ReasonRequiredError):
            exempt = SettleInformation(task=task_id, told_by=ToldBy.DISPROPORTIONATE, told_on=today(desk))
            settle_information(session, desk, the_dpo(), exempt)
        settle_information(session, desk, the_dpo(), told)
        with pytest.raises(InformationSettledError):
            settle_information(session, desk, the_dpo(), told)
        assert open_information(session, desk.attestor, 10) == []
        (kept,) = list_information(session, desk.attestor, after=None, limit=10).rows
        assert (kept.settled, kept.task.told_by, kept.task.settled_by) == (True, ToldBy.LETTER, the_dpo().id)


def test_an_altered_task_is_not_settled(database: Database, desk: Desk) -> None:
    task_id = asked(database, desk)
    with database.write_connection() as connection:
        connection.execute(text("UPDATE information_task SET obtained_on = '2027-01-01'"))

    told = SettleInformation(task=task_id, told_by=ToldBy.LETTER, told_on=today(desk))
    with database.write() as session, pytest.raises(AttestationError):
        settle_information(session, desk, the_dpo(), told)


def test_only_what_people_do_not_give_themselves_asks_for_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
        for point, error in (("website", PointNotIndirectError), ("nowhere", PointNotFoundError)):
            with pytest.raises(error):
                ask_to_inform(session, desk, an_actor(), NewInformationTask(point=point, import_id=IMPORT))
        with pytest.raises(InformationTaskNotFoundError):
            find_information(session, desk.attestor, IMPORT)


def test_an_import_of_which_nothing_is_left_leaves_nobody_to_be_told(database: Database, desk: Desk) -> None:
    asked(database, desk)
    with database.write() as session:
        forget_information(session, desk.attestor, an_actor(), IMPORT)
        assert open_information(session, desk.attestor, 10) == []


def test_the_words_for_a_first_message_are_the_first_layer_that_is_published(database: Database, desk: Desk) -> None:
    task_id = asked(database, desk)
    with database.write() as session:
        found = find_information(session, desk.attestor, task_id)
        assert first_words(session, desk.attestor, found) is None
        a_complete_draft(session, desk)
        activate(session, desk)
        words = first_words(session, desk.attestor, found)
    assert words is not None
    assert (words.version, words.newest) == (1, 1)
    assert "Salon Fictif de Lyon" in "\n".join(words.short["fr"])
    assert "Fictional Fair of Lyon" in "\n".join(words.short["en"])


def test_the_first_message_made_keeps_its_version_and_is_the_one_they_were_told_by(
    database: Database, desk: Desk
) -> None:
    assert isinstance(desk.clock, StandingClock)
    task_id = asked(database, desk)
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        made = make_first_message(session, desk, an_actor(), task_id, 1)
        assert made.due == find_information(session, desk.attestor, task_id).due
        assert (made.task.message_on, made.task.used_on) == (today(desk), today(desk))
    made_on = today(desk)
    desk.clock.advance(days=1)
    with database.write() as session:
        a_complete_draft(session, desk, "letters")
        activate(session, desk, "letters")
        again = make_first_message(session, desk, the_dpo(), task_id, 2)
        count_first_message(session, desk, an_actor(), task_id, (3, 5))
        words = first_words(session, desk.attestor, again)
        assert words is not None
        assert (words.version, words.newest) == (1, 2)
        assert (again.task.message_on, again.task.message_by) == (made_on, an_actor().id)
        early = SettleInformation(
            task=task_id, told_by=ToldBy.FIRST_MESSAGE, told_on=made_on.replace(day=made_on.day - 1)
        )
        with pytest.raises(InformationDateError):
            settle_information(session, desk, the_dpo(), early)
        told = SettleInformation(task=task_id, told_by=ToldBy.FIRST_MESSAGE, told_on=today(desk))
        settled = settle_information(session, desk, the_dpo(), told).task
        assert (settled.version, settled.message_people, settled.message_of) == (1, 3, 5)
        with pytest.raises(InformationSettledError):
            make_first_message(session, desk, an_actor(), task_id, 1)


@pytest.mark.parametrize(
    "wrong", ["message_on = '2026-11-02'", "message_people = 2", "message_people = 3, message_of = 2"]
)
def test_a_first_message_is_kept_whole_or_not_at_all(database: Database, desk: Desk, wrong: str) -> None:
    asked(database, desk)
    with database.write_connection() as connection, pytest.raises(IntegrityError):
        connection.execute(text(f"UPDATE information_task SET {wrong}"))


def test_words_whose_text_was_taken_away_are_not_replaced_by_others(database: Database, desk: Desk) -> None:
    task_id = asked(database, desk)
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        make_first_message(session, desk, an_actor(), task_id, 7)
        found = find_information(session, desk.attestor, task_id)
        with pytest.raises(NoticeTextMissingError):
            first_words(session, desk.attestor, found)
