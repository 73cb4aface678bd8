"""Data that came from elsewhere opens to what a notice names once its people were told, and not before. ADR 0049."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from audit.entries import Action
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.customers.errors import StillToBeToldError
from governance.customers.importing.job import ImportFile
from governance.customers.importing.models import ImportedRow, ImportRun
from governance.customers.importing.run import run_import
from governance.customers.tables import TABLES
from governance.days import day_of
from governance.gate.row_macs import given_of
from governance.vocabulary import Channel
from register.notices.values import ToldBy
from register.service import SettleInformation, settle_information
from register.values import NoticeRef
from tests.builders.customers import TestHouse, a_csv, a_person, allow_import
from tests.builders.informing import SALES, Bought, a_bought_import, allow_writing, publish_notice, register_desk
from tests.builders.notices import FAIR, a_bought_file
from tests.builders.register import the_dpo


def settle(bought: Bought, told_by: ToldBy, note: str = "Cupboard 3") -> None:
    house = bought.house
    command = SettleInformation(task=bought.task_id, told_by=told_by, told_on=day_of(house.clock.now()), note=note)
    with house.write() as session:
        settle_information(session, register_desk(house), the_dpo(), command)


def kept(house: TestHouse) -> int:
    """Return how many rows are remembered as those of an import."""
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(ImportedRow)) or 0


def given(house: TestHouse) -> list[bytes]:
    table = TABLES["customers"]
    with house.read() as session:
        return [given_of(mac) for mac in session.scalars(select(table.c.row_mac).order_by(table.c.number))]


def test_nothing_opens_before_it_is_settled_that_they_were_told(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    assert bought.given() == 0

    bought.message()
    bought.follow()
    assert (bought.given(), kept(house)) == (0, 3)

    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)
    bought.follow()
    assert bought.given() == 3


def test_whoever_was_left_out_of_the_message_was_told_nothing_by_it(house: TestHouse, tmp_path: Path) -> None:
    rows = [list(a_person(number)) for number in range(3)]
    rows[1][4] = ""
    bought = a_bought_import(house, tmp_path, [tuple(row) for row in rows])
    allow_writing(house)
    bought.message(Channel.EMAIL)

    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()

    assert [bool(each) for each in given(house)] == [True, False, True]
    assert (bought.given(), kept(house)) == (2, 0)


def test_rows_know_the_notice_in_the_language_in_which_their_people_were_told(house: TestHouse, tmp_path: Path) -> None:
    header = ("Code client", "Nom", "E-mail", "Langue")
    rows = [("C-1", "Un", "un@demo.example", "en"), ("C-2", "Deux", "deux@demo.example", "fr")]
    bought = a_bought_import(house, tmp_path, rows, header=header)
    allow_writing(house)
    bought.message()
    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()

    numbers = house.gate.snapshot().purposes.notices
    english, french = (numbers[NoticeRef(slug=FAIR, version=1, language=each)] for each in ("en", "fr"))
    assert [int.from_bytes(each[2:]) for each in given(house)] == [english, french]
    with house.read() as session:
        told = session.scalars(select(LogEntry).where(LogEntry.action == Action.CHANGE.code)).all()
    assert len(told) == 1


@pytest.mark.parametrize(("told_by", "opened"), [(ToldBy.LETTER, 3), (ToldBy.KNOWN_ALREADY, 0)])
def test_told_by_another_way_all_know_what_was_in_force_and_an_exception_tells_nobody(
    house: TestHouse, tmp_path: Path, told_by: ToldBy, opened: int
) -> None:
    bought = a_bought_import(house, tmp_path)

    settle(bought, told_by)
    bought.follow()

    assert (bought.given(), kept(house)) == (opened, 0)


def test_told_of_nothing_that_was_published_nothing_opens(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path, published=False)

    settle(bought, ToldBy.LETTER)
    publish_notice(house)
    bought.follow()

    assert (bought.given(), kept(house)) == (0, 0)


def test_what_came_after_it_was_settled_was_told_to_nobody(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    settle(bought, ToldBy.LETTER)
    house.clock.advance(seconds=1)
    with house.write() as session:
        unrecorded(session, "as if the import had finished only now")
        session.execute(update(ImportRun).values(changed_at=house.clock.now()))

    bought.follow()

    assert (bought.given(), kept(house)) == (0, 0)


def test_an_altered_row_keeps_nobody_else_waiting(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    settle(bought, ToldBy.LETTER)
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text("UPDATE crm_customers SET person_identity_revision = 9 WHERE number = 'C-000001'"))

    bought.follow()

    assert [bool(each) for each in given(house)] == [True, False, True]


def test_a_notice_is_not_said_to_be_given_to_whoever_is_still_to_be_told(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, register_desk(house))
    publish_notice(house)
    path = a_csv(tmp_path / "bought.csv", map(a_person, range(2)))
    notice = NoticeRef(slug=FAIR, version=1, language="fr")

    with pytest.raises(StillToBeToldError):
        run_import(house, SALES, ImportFile(path=path, table="customers", point=FAIR, notice=notice))
    # Whoever was told by the partner when they gave their data is no longer to be told.
    run_import(house, SALES, ImportFile(path=path, table="customers", notice=notice))
    assert kept(house) == 0
    assert Bought(house=house, import_id=uuid.UUID(int=0), task_id=uuid.UUID(int=0)).given() == 2
