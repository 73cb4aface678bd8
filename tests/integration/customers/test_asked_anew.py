"""A task of telling people that was altered outside Égide is asked anew, and nobody of it is lost. GDPR Art. 14."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import bindparam, text

from audit.transaction import unrecorded
from governance.customers.importing.job import ImportFile
from governance.customers.importing.run import run_import
from governance.customers.informing.messages import awaited_messages
from governance.days import day_of
from governance.orm import CompactUuid
from governance.vault.errors import AttestationError
from register.errors import DraftingNotAllowedError
from register.notices.errors import (
    InformationDateError,
    InformationTaskNotFoundError,
    InformationWholeError,
    PointNotFoundError,
)
from register.notices.values import ToldBy
from register.service import (
    AskAnew,
    Information,
    LoggedTask,
    SettleInformation,
    altered_tasks,
    ask_anew,
    find_information,
    information_of,
    list_information,
    logged_task,
    open_information,
    settle_information,
)
from tests.builders.customers import TestHouse, a_csv, a_person
from tests.builders.informing import SALES, Bought, a_bought_import, allow_writing, register_desk
from tests.builders.notices import FAIR
from tests.builders.register import the_controller, the_dpo

_ATTACKS = [
    "told_on = obtained_on, told_by = 'letter', settled_at = made_at",
    "people = 0",
    "obtained_on = '2030-01-01'",
    "part = 7",
    "import_id = point_id",
    "message_on = obtained_on, message_version = 1, message_people = 3, message_of = 3",
]
# SQLite keeps any type in any column.
_NONSENSE = [
    "told_by = 'letter', told_on = 'tomorrow'",
    "made_at = 'never'",
    "people = 'everybody'",
    "part = 'first'",
]


def altered(bought: Bought, change: str) -> Bought:
    """Let whoever administers the database change the task."""
    house = bought.house
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        changed = text(f"UPDATE information_task SET {change} WHERE id = :id").bindparams(
            bindparam("id", type_=CompactUuid())
        )
        session.execute(changed, {"id": bought.task_id})
    return bought


def anew(bought: Bought, *, point: str = FAIR, later: int = 0) -> Information:
    """Let the officer ask anew."""
    house = bought.house
    day = day_of(house.clock.now()) + timedelta(days=later)
    with house.write() as session:
        command = AskAnew(task=bought.task_id, point=point, obtained_on=day)
        found = ask_anew(session, register_desk(house), the_dpo(), command)
        session.expunge_all()
        return found


def settled(bought: Bought, told_by: ToldBy) -> None:
    house = bought.house
    command = SettleInformation(task=bought.task_id, told_by=told_by, told_on=day_of(house.clock.now()), note="Box 3")
    with house.write() as session:
        settle_information(session, register_desk(house), the_dpo(), command)


def follow_whole(bought: Bought) -> None:
    """Tell everybody in the first message, and let the worker follow."""
    allow_writing(bought.house)
    assert len(bought.message()) == 3
    settled(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert bought.given() == 3


@pytest.mark.parametrize("change", _ATTACKS)
def test_a_task_that_was_altered_is_believed_nowhere_and_asked_anew_of_everybody(
    house: TestHouse, tmp_path: Path, change: str
) -> None:
    bought = altered(a_bought_import(house, tmp_path), change)

    desk = register_desk(house)
    with house.read() as session:
        assert altered_tasks(session, desk.attestor) == [bought.task_id]
        assert open_information(session, desk.attestor, 10) == []
        assert list_information(session, desk.attestor, after=None, limit=10).rows == []
        assert awaited_messages(session, house, SALES) == []
        with pytest.raises(AttestationError):
            find_information(session, desk.attestor, bought.task_id)
        logged = logged_task(session, desk.attestor, bought.task_id)
    today = day_of(house.clock.now())
    assert logged == LoggedTask(import_id=bought.import_id, point=FAIR, obtained_on=today, people=3)

    asked = anew(bought)

    assert (asked.task.import_id, asked.task.part, asked.task.people) == (bought.import_id, 1, 3)
    assert not asked.settled
    with house.read() as session:
        assert altered_tasks(session, desk.attestor) == []
    follow_whole(bought)


@pytest.mark.parametrize("change", _NONSENSE)
def test_a_task_that_cannot_even_be_read_is_asked_anew(sqlite_house: TestHouse, tmp_path: Path, change: str) -> None:
    bought = altered(a_bought_import(sqlite_house, tmp_path), change)
    with sqlite_house.read() as session:
        with pytest.raises(AttestationError):
            information_of(session, sqlite_house.attestor, bought.import_id)
        assert open_information(session, sqlite_house.attestor, 10) == []

    anew(bought)

    follow_whole(bought)


def test_whoever_stood_in_a_message_before_the_task_was_altered_stands_in_the_one_that_is_made_anew(
    house: TestHouse, tmp_path: Path
) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    assert len(bought.message()) == 3
    altered(bought, "people = 0")

    anew(bought)

    assert len(bought.message()) == 3


def test_a_part_that_is_asked_anew_comes_behind_the_parts_that_are_whole(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    settled(bought, ToldBy.LETTER)
    second = a_csv(tmp_path / "second.csv", [a_person(9)])
    run = run_import(house, SALES, ImportFile(path=second, table="customers", point=FAIR))
    assert run.id is not None
    with house.read() as session:
        (other,) = (each.task.id for each in open_information(session, house.attestor, 10))
    altered(bought, "told_by = NULL, told_on = NULL")

    asked = anew(bought)

    assert (asked.task.import_id, asked.task.part) == (bought.import_id, 1)
    with house.read() as session:
        assert find_information(session, house.attestor, other).task.part == 1


def test_what_nobody_altered_is_not_asked_anew(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)

    with pytest.raises(InformationWholeError):
        anew(bought)
    with pytest.raises(InformationTaskNotFoundError):
        anew(replace(bought, task_id=bought.import_id))


def test_what_is_given_of_a_task_that_is_asked_anew_is_checked(house: TestHouse, tmp_path: Path) -> None:
    bought = altered(a_bought_import(house, tmp_path), "people = 0")

    with pytest.raises(PointNotFoundError):
        anew(bought, point="nowhere")
    with pytest.raises(InformationDateError):
        anew(bought, later=1)
    command = AskAnew(task=bought.task_id, point=FAIR, obtained_on=day_of(house.clock.now()))
    with house.write() as session:
        unrecorded(session, "refused")
        with pytest.raises(DraftingNotAllowedError):
            ask_anew(session, register_desk(house), the_controller(), command)
