"""Data that came from elsewhere opens to what a notice names once its people were told, and not before. ADR 0049."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, select, text

from audit.entries import Action, Outcome, Retention
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.customers.errors import MessageSupersededError, NobodyToWriteToError, StillToBeToldError
from governance.customers.importing.job import ImportFile
from governance.customers.importing.models import ImportedRow
from governance.customers.importing.report import ImportProgress
from governance.customers.importing.run import run_import
from governance.customers.informing import making
from governance.customers.informing.making import MakeMessage, make_message
from governance.customers.informing.messages import awaited_messages
from governance.customers.tables import TABLES
from governance.customers.uploads.reports import typed_imports
from governance.days import day_of
from governance.gate.row_macs import given_of
from governance.orm import CompactUuid
from governance.vocabulary import Channel
from register.notices.errors import MessageBrokenOffError
from register.notices.values import ToldBy
from register.service import SettleInformation, open_information, settle_information
from register.values import NoticeRef
from tests.builders.customers import PURPOSE, TestHouse, a_csv, a_person, allow_import
from tests.builders.informing import (
    HEADINGS,
    SALES,
    Bought,
    a_bought_import,
    allow_writing,
    publish_notice,
    register_desk,
)
from tests.builders.notices import FAIR, a_bought_file
from tests.builders.register import the_dpo


def settle(bought: Bought, told_by: ToldBy, note: str = "Cupboard 3") -> None:
    house = bought.house
    command = SettleInformation(task=bought.task_id, told_by=told_by, told_on=day_of(house.clock.now()), note=note)
    with house.write() as session:
        settle_information(session, register_desk(house), the_dpo(), command)


def open_tasks(house: TestHouse) -> list[tuple[uuid.UUID, int, int | None]]:
    """Return the tasks that are not settled: each with its part of the import, and how many are to be told."""
    with house.read() as session:
        return [
            (each.task.id, each.task.part, each.task.people) for each in open_information(session, house.attestor, 10)
        ]


def the_rest(bought: Bought, people: int) -> Bought:
    """Return what is left of an import once the others were told."""
    ((task_id, part, left),) = open_tasks(bought.house)
    assert (part, left) == (2, people)
    return replace(bought, task_id=task_id)


def alter(house: TestHouse, statement: str, **values: object) -> None:
    """Write as whoever administers the database could."""
    ids = [bindparam(name, type_=CompactUuid()) for name, value in values.items() if isinstance(value, uuid.UUID)]
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text(statement).bindparams(*(each for each in ids if each.key in used)), used)


def row_of(house: TestHouse, number: str) -> uuid.UUID:
    table = TABLES["customers"]
    with house.read() as session:
        found: uuid.UUID = session.scalars(select(table.c.id).where(table.c.number == number)).one()
        return found


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
    assert (bought.given(), kept(house)) == (2, 1)

    # GDPR Art. 14(3)(a): their month runs on, and by another way they are told after all.
    settle(the_rest(bought, people=1), ToldBy.LETTER)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)
    assert open_tasks(house) == []


def test_a_second_message_reaches_whom_the_first_left_out_and_nobody_twice(house: TestHouse, tmp_path: Path) -> None:
    rows = [list(a_person(number)) for number in range(3)]
    rows[1][4] = ""
    bought = a_bought_import(house, tmp_path, [tuple(row) for row in rows])
    allow_writing(house)
    bought.message(Channel.EMAIL)
    settle(bought, ToldBy.FIRST_MESSAGE)

    # Before the worker let the first ones know, and by another way.
    told = bought.message(Channel.TELEPHONE, all_again=True)
    assert [row["notice"] != "" for row in told] == [True]
    bought.follow()
    assert [bool(each) for each in given(house)] == [True, False, True]

    settle(the_rest(bought, people=1), ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)


def test_an_earlier_file_that_was_not_used_tells_nobody_though_the_next_one_reaches_nobody(
    house: TestHouse, tmp_path: Path
) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    bought.message(Channel.EMAIL)
    with pytest.raises(NobodyToWriteToError):
        bought.message(Channel.POST, all_again=True)

    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()

    assert (bought.given(), kept(house)) == (0, 3)
    the_rest(bought, people=3)


def test_a_file_that_broke_off_is_no_message_that_was_sent(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    command = MakeMessage(import_id=bought.import_id, purpose=PURPOSE, channel=Channel.EMAIL)
    next(make_message(house, SALES, command, HEADINGS))

    with pytest.raises(MessageBrokenOffError):
        settle(bought, ToldBy.FIRST_MESSAGE)
    bought.message(all_again=True)
    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)


def a_file(bought: Bought, *, all_again: bool = False) -> Iterator[bytes]:
    """Begin a file of the message, and hand its first part out."""
    command = MakeMessage(import_id=bought.import_id, purpose=PURPOSE, channel=Channel.EMAIL, all_again=all_again)
    made = make_message(bought.house, SALES, command, HEADINGS)
    next(made)
    return made


@pytest.mark.parametrize("whole_before", [False, True], ids=["the only file", "everybody once more"])
def test_nobody_who_stands_in_a_file_that_broke_off_is_taken_for_told(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, whole_before: bool
) -> None:
    monkeypatch.setattr(making, "_BATCH", 1)
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    if whole_before:
        bought.message()
    a_file(bought, all_again=whole_before)

    with pytest.raises(MessageBrokenOffError):
        bought.message()
    with pytest.raises(MessageBrokenOffError):
        settle(bought, ToldBy.FIRST_MESSAGE)

    assert len(bought.message(all_again=True)) == 3
    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)


def test_of_two_files_that_are_made_at_once_the_older_one_ends_and_counts_for_nobody(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_BATCH", 1)
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    older = a_file(bought)
    newer = a_file(bought, all_again=True)

    with pytest.raises(MessageSupersededError):
        next(older)
    with pytest.raises(MessageBrokenOffError):
        settle(bought, ToldBy.FIRST_MESSAGE)

    assert len(list(newer)) == 2
    settle(bought, ToldBy.FIRST_MESSAGE)
    bought.follow()
    assert (bought.given(), kept(house)) == (3, 0)


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


@pytest.mark.parametrize(("told_by", "asked_anew"), [(ToldBy.LETTER, [3]), (ToldBy.KNOWN_ALREADY, [])])
def test_of_an_import_that_was_still_running_when_it_was_settled_all_are_asked_for_anew(
    house: TestHouse, tmp_path: Path, told_by: ToldBy, asked_anew: list[int]
) -> None:
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, register_desk(house))
    publish_notice(house)
    path = a_csv(tmp_path / "bought.csv", map(a_person, range(3)))

    def settle_at_once(progress: ImportProgress) -> None:
        if progress.row == 0 and progress.id is not None:
            ((task_id, _, _),) = open_tasks(house)
            settle(Bought(house=house, import_id=progress.id, task_id=task_id), told_by)

    run = run_import(house, SALES, ImportFile(path=path, table="customers", point=FAIR), settle_at_once)
    assert run.id is not None
    bought = Bought(house=house, import_id=run.id, task_id=run.id)
    bought.follow()

    assert (bought.given(), kept(house)) == (0, sum(asked_anew))
    assert [people for _, _, people in open_tasks(house)] == asked_anew


def test_an_altered_row_keeps_nobody_else_waiting(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    settle(bought, ToldBy.LETTER)
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text("UPDATE crm_customers SET person_identity_revision = 9 WHERE number = 'C-000001'"))

    bought.follow()

    assert [bool(each) for each in given(house)] == [True, False, True]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE imported_row SET notice_id = 9 WHERE row_id = :row",
        "UPDATE imported_row SET task_id = NULL WHERE row_id = :row",
        "UPDATE imported_row SET mac = :zeros WHERE row_id = :row",
    ],
)
def test_what_sql_wrote_of_an_imports_rows_opens_nothing_and_is_told(
    house: TestHouse, tmp_path: Path, attack: str
) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    bought.message()
    settle(bought, ToldBy.FIRST_MESSAGE)
    alter(house, attack, row=row_of(house, "C-000001"), zeros=bytes(17))

    bought.follow()

    assert [bool(each) for each in given(house)] == [True, False, True]
    with house.read() as session:
        (entry,) = session.scalars(select(LogEntry).where(LogEntry.object_type == "imported_row"))
        assert (entry.outcome, entry.retention) == (Outcome.FAILED.code, Retention.SECURITY.code)


def test_a_row_that_sql_adds_to_an_import_opens_nothing(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path, map(a_person, range(2)))
    own = a_csv(tmp_path / "own.csv", [a_person(7)])
    run_import(house, SALES, ImportFile(path=own, table="customers", source="Counter"))
    forged = "INSERT INTO imported_row (import_id, row_id, mac) SELECT import_id, :row, mac FROM imported_row LIMIT 1"
    alter(house, forged, row=row_of(house, "C-000007"))

    settle(bought, ToldBy.LETTER)
    bought.follow()

    assert [bool(each) for each in given(house)] == [True, True, False]
    assert kept(house) == 0


def test_an_import_that_was_altered_tells_nobody_and_keeps_no_other_waiting(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    settle(bought, ToldBy.LETTER)
    path = a_csv(tmp_path / "second.csv", [a_person(5)])
    second = run_import(house, SALES, ImportFile(path=path, table="customers", point=FAIR))
    assert second.id is not None
    ((task_id, _, _),) = open_tasks(house)
    settle(replace(bought, import_id=second.id, task_id=task_id), ToldBy.LETTER)
    alter(house, "UPDATE import_run SET purpose = 'invoicing' WHERE id = :id", id=bought.import_id)

    bought.follow()

    assert [bool(each) for each in given(house)] == [False, False, False, True]
    assert kept(house) == 3


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


@pytest.mark.parametrize(
    "nonsense",
    [
        "UPDATE information_task SET told_on = 'nonsense' WHERE import_id = :id",
        "UPDATE import_run SET begun_at = 'nonsense' WHERE id = :id",
        "UPDATE import_run SET source = 7 WHERE id = :id",
        "UPDATE imported_row SET row_id = 'nonsense' WHERE row_id = :row",
        "UPDATE imported_row SET row_id = x'00' WHERE row_id = :row",
        "UPDATE imported_row SET task_id = 'nonsense' WHERE row_id = :row",
        "UPDATE imported_row SET notice_id = 'nonsense' WHERE row_id = :row",
        "UPDATE imported_row SET mac = 7 WHERE row_id = :row",
    ],
)
def test_what_no_column_can_be_read_as_keeps_nobody_else_waiting(
    sqlite_house: TestHouse, tmp_path: Path, nonsense: str
) -> None:
    house = sqlite_house
    bought = a_bought_import(house, tmp_path)
    settle(bought, ToldBy.LETTER)
    path = a_csv(tmp_path / "second.csv", [a_person(5)])
    second = run_import(house, SALES, ImportFile(path=path, table="customers", point=FAIR))
    ((task_id, _, _),) = open_tasks(house)
    assert second.id is not None
    settle(replace(bought, import_id=second.id, task_id=task_id), ToldBy.LETTER)
    alter(house, nonsense, id=bought.import_id, row=row_of(house, "C-000001"))

    bought.follow()

    assert [bool(each) for each in given(house)][-1:] == [True]
    with house.read() as session:
        assert awaited_messages(session, house, SALES) == []
        assert typed_imports(session, house.attestor, [(PURPOSE, "customers")], 10)
