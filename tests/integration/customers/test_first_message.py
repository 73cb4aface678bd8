"""The first message to people whose data were bought carries the notice; they are read through the gate. Art. 14."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from audit.entries import Action
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.errors import (
    ImportNotFoundError,
    ImportUnfinishedError,
    NobodyToBeToldError,
    NobodyToWriteToError,
    NoNoticeToSendError,
    NoWayToWriteError,
)
from governance.customers.importing.job import ImportFile
from governance.customers.importing.models import ImportRun, ImportState
from governance.customers.importing.run import run_import
from governance.customers.informing import making
from governance.customers.informing.making import MakeMessage, make_message
from governance.customers.informing.messages import Standing, awaited_messages, message_standing
from governance.customers.informing.ways import ways_to_write
from governance.customers.tables import TABLES
from governance.days import day_of
from governance.gate.errors import ReadRefusedError
from governance.vault.errors import AttestationError
from governance.vault.subject_keys import restrict, set_objection
from governance.vocabulary import Channel, DataCategory, Form
from register.notices.values import ToldBy
from register.service import PutForward, SettleInformation, Sooner, put_forward, settle_information
from tests.builders.customers import HEADER, PURPOSE, TestHouse, a_csv, a_person, allow_import
from tests.builders.ground import an_actor
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
from tests.builders.register import a_complete_draft, activate, the_dpo

LETTER = MakeMessage(import_id=uuid.UUID(int=5), purpose=PURPOSE, channel=Channel.POST)


def standing(bought: Bought) -> Standing:
    with bought.house.read() as session:
        found = message_standing(session, bought.house, bought.import_id)
        session.expunge_all()
    return found


def subjects(house: TestHouse) -> list[int]:
    table = TABLES["customers"]
    with house.read() as session:
        return list(session.scalars(select(table.c.person_subject_id).order_by(table.c.number)))


def test_each_person_stands_in_it_with_the_notice_and_where_that_version_stands_whole(
    house: TestHouse, tmp_path: Path
) -> None:
    header = (*HEADER, "Langue")
    rows = [(*a_person(0), "en"), (*a_person(1), "de"), (*a_person(2), "")]
    bought = a_bought_import(house, tmp_path, rows, header=header)
    allow_writing(house)

    english, german, unsaid = bought.message()

    assert english["email"] == "person-0@demo.example"
    assert (english["family_name"], english["given_name"]) == ("Lefèvre-0", "Zoé")
    assert english["language"] == "en"
    assert "Fictional Fair of Lyon" in english["notice"]
    assert english["address"] == f"https://egide.example/notices/{FAIR}/1/en"
    # The house's own language, where theirs is not known or has no words.
    for row in (german, unsaid):
        assert row["language"] == "fr"
        assert "Salon Fictif de Lyon" in row["notice"]


def test_the_task_keeps_the_first_use_before_the_first_byte_leaves(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    parts = make_message(
        house, SALES, MakeMessage(import_id=bought.import_id, purpose=PURPOSE, channel=Channel.EMAIL), HEADINGS
    )

    next(parts)

    task = standing(bought).asked.task
    today = day_of(house.clock.now())
    assert (task.message_on, task.message_by, task.message_version, task.used_on) == (today, SALES.id, 1, today)
    # Not whole yet: nobody knows for how many it is.
    assert task.message_people is None
    with house.read() as session:
        exported = session.scalars(select(LogEntry).where(LogEntry.action == Action.EXPORT.code)).all()
    assert len(exported) == 1
    assert list(parts) == []
    task = standing(bought).asked.task
    assert (task.message_people, task.message_of) == (3, 3)


def test_an_earlier_first_use_stays_the_day_on_which_they_are_told(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    desk, early = register_desk(house), day_of(house.clock.now())
    with house.write() as session:
        put_forward(session, desk, the_dpo(), PutForward(task=bought.task_id, sooner=Sooner.FIRST_USE, on=early))
    house.clock.advance(days=3)

    bought.message()

    assert standing(bought).asked.task.used_on == early


def test_whoever_objected_or_is_restricted_or_has_no_such_address_is_left_out_and_counted(
    house: TestHouse, tmp_path: Path
) -> None:
    rows = [list(a_person(number)) for number in range(5)]
    rows[3][4] = ""
    bought = a_bought_import(house, tmp_path, [tuple(row) for row in rows])
    allow_writing(house)
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        people = subjects(house)
        set_objection(session, house.keyring, people[0], 1, objected=True)
        restrict(session, house.keyring, people[1])

    told = bought.message()

    assert [row["email"] for row in told] == ["person-2@demo.example", "person-4@demo.example"]
    (file,) = standing(bought).files
    assert file.people == 2
    assert file.left_out == '{"objected":1,"restricted":1,"no-address":1}'
    task = standing(bought).asked.task
    assert (task.message_people, task.message_of) == (2, 5)


def test_a_second_file_goes_to_whoever_is_in_none_yet_and_carries_the_same_version(
    house: TestHouse, tmp_path: Path
) -> None:
    rows = [list(a_person(number)) for number in range(3)]
    rows[1][4] = ""
    bought = a_bought_import(house, tmp_path, [tuple(row) for row in rows])
    allow_writing(house)
    first = bought.message()
    desk = register_desk(house)
    with house.write() as session:
        # Something else is in force by now, so that the notice says more.
        a_complete_draft(session, desk, "letters")
        activate(session, desk, "letters")

    found = standing(bought)
    assert found.words is not None
    assert (found.words.version, found.words.newest) == (1, 2)
    by_phone = bought.message(Channel.TELEPHONE)
    everybody = bought.message(all_again=True)

    assert [row["given_name"] for row in by_phone] == ["Zoé"]
    assert by_phone[0]["mobile"].endswith("+33639980001")
    assert {row["notice"] for row in (*first, *by_phone, *everybody)} == {first[0]["notice"]}
    assert [row["email"] for row in everybody] == [row["email"] for row in first]
    # The earlier files were not used, so that whoever stood in the second alone is left out again.
    task = standing(bought).asked.task
    assert (task.message_people, task.message_of, len(standing(bought).files)) == (2, 3, 3)


def test_what_begins_like_a_formula_is_text_for_a_spreadsheet(house: TestHouse, tmp_path: Path) -> None:
    row = list(a_person(0))
    row[3] = "=cmd|' /C calc'!A0"
    bought = a_bought_import(house, tmp_path, [tuple(row)])
    allow_writing(house)

    (told,) = bought.message()

    assert told["given_name"].startswith("'=")


def test_names_that_the_purpose_does_not_give_clear_stand_in_no_file(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house, DataCategory.CONTACT)
    allow_writing(house, DataCategory.IDENTITY, form=Form.MASKED)

    told = bought.message()

    assert [*told[0]] == ["email", "language", "notice", "address"]


def test_without_a_grant_to_export_the_gate_refuses_and_nothing_is_kept(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)

    with pytest.raises(ReadRefusedError):
        bought.message()
    allow_writing(house, DataCategory.CONTACT, form=Form.MASKED)
    with pytest.raises(NoWayToWriteError):
        bought.message()

    found = standing(bought)
    assert (found.files, found.asked.task.message_on) == ([], None)
    assert ways_to_write(house.gate, SALES, "customers") == ()


def test_the_dpo_sees_no_address(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    command = MakeMessage(import_id=bought.import_id, purpose=PURPOSE, channel=Channel.EMAIL)

    with pytest.raises(ReadRefusedError):
        next(make_message(house, an_actor(Role.DPO), command, HEADINGS))


def test_nothing_leaves_while_no_notice_is_published(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path, published=False)
    allow_writing(house)

    with pytest.raises(NoNoticeToSendError):
        bought.message()
    publish_notice(house)
    assert len(bought.message()) == 3


def test_where_nobody_is_left_to_write_to_it_is_no_first_use(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)

    with pytest.raises(NobodyToWriteToError):
        bought.message(Channel.POST)

    found = standing(bought)
    assert found.asked.task.message_on is None
    assert [(file.people, file.left_out) for file in found.files] == [(0, '{"no-address":3}')]


def test_only_a_finished_import_whose_people_are_still_to_be_told_has_one(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    with pytest.raises(ImportNotFoundError):
        next(make_message(house, SALES, LETTER, HEADINGS))
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.get_one(ImportRun, bought.import_id).state = ImportState.RUNNING
    with pytest.raises(ImportUnfinishedError):
        bought.message()
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.get_one(ImportRun, bought.import_id).state = ImportState.FINISHED
        session.flush()
        assert [each.task.id for each in awaited_messages(session, house, SALES)] == [bought.task_id]
    told = SettleInformation(task=bought.task_id, told_by=ToldBy.LETTER, told_on=day_of(house.clock.now()))
    with house.write() as session:
        settle_information(session, register_desk(house), the_dpo(), told)
    with pytest.raises(NobodyToBeToldError):
        bought.message()
    with house.read() as session:
        assert awaited_messages(session, house, SALES) == []


def test_a_task_that_was_altered_keeps_no_other_from_being_seen(house: TestHouse, tmp_path: Path) -> None:
    bought = a_bought_import(house, tmp_path)
    allow_writing(house)
    with house.read() as session:
        assert len(awaited_messages(session, house, SALES)) == 1
    with house.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text("UPDATE information_task SET people = 99"))

    with house.read() as session:
        assert awaited_messages(session, house, SALES) == []
    with pytest.raises(AttestationError):
        bought.message()


def test_a_long_file_is_read_a_batch_at_a_time_each_recorded_first(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_BATCH", 10)
    bought = a_bought_import(house, tmp_path, map(a_person, range(25)))
    allow_writing(house)
    command = MakeMessage(import_id=bought.import_id, purpose=PURPOSE, channel=Channel.EMAIL)

    def exported() -> int:
        with house.read() as session:
            return session.scalar(select(func.count()).where(LogEntry.action == Action.EXPORT.code)) or 0

    sizes = [(part.count(b"@demo.example"), exported()) for part in make_message(house, SALES, command, HEADINGS)]

    assert sizes == [(10, 1), (10, 2), (5, 3)]


def test_an_import_without_such_a_point_has_no_first_message(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, register_desk(house))
    path = a_csv(tmp_path / "own.csv", map(a_person, range(2)))
    run_import(house, SALES, ImportFile(path=path, table="customers", source="Counter"))

    with house.read() as session, pytest.raises(ImportNotFoundError):
        message_standing(session, house, session.scalars(select(ImportRun.id)).one())
