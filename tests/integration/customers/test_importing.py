"""Importing files: what is written, what is refused, and that a stopped import is neither lost nor doubled."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit.entries import Action
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import ActorKind, Role
from governance.customers.errors import (
    ImportBusyError,
    ImportChangedError,
    ImportNotFoundError,
    ImportNotUndoableError,
    TableNotImportableError,
)
from governance.customers.importing import run as running
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.job import ImportFile, Tell
from governance.customers.importing.mapping import parse_mapping
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.importing.report import ImportProgress, ImportReport, import_report, list_imports
from governance.customers.importing.run import run_import
from governance.customers.importing.undo import undo_import
from governance.customers.reference import reference_map
from governance.customers.tables import TABLES
from governance.datamap.catalogue import load_catalogue
from governance.datamap.errors import UnknownTableError
from governance.datamap.models import Source, blind_tokens
from governance.datamap.service import LoadMap, load_map
from governance.gate.errors import ReadRefusedError
from governance.gate.holders import find_holders
from governance.gate.who_reads import who_reads_by
from governance.spreadsheets.errors import UnreadableFileError
from governance.vault.models import DataSubject, SubjectState
from governance.vault.subject_keys import restrict
from register.notices.errors import PointNotFoundError
from register.service import Desk, open_information
from tests.builders.customers import PURPOSE, TestHouse, a_csv, a_person, allow_import, an_xlsx
from tests.builders.ground import an_actor
from tests.builders.notices import FAIR, a_bought_file

SALES = an_actor(Role.SALES)


class StoppedError(Exception):
    """Stands for whatever ends a process in the middle."""


def an_import(path: Path, table: str = "customers", **more: object) -> ImportFile:
    return ImportFile(path=path, table=table, source="Salon 2026", **more)  # type: ignore[arg-type]  # for the test's ease


def bring_in(house: TestHouse, path: Path, table: str = "customers", **more: object) -> ImportReport:
    return run_import(house, SALES, an_import(path, table, **more))


def stop_after(batches: int) -> Tell:
    told: list[ImportProgress] = []

    def tell(progress: ImportProgress) -> None:
        told.append(progress)
        # The beginning is told too.
        if len(told) == batches + 1:
            raise StoppedError

    return tell


def count(house: TestHouse, table: str = "customers") -> int:
    with house.read() as session:
        return session.scalar(select(func.count()).select_from(TABLES[table])) or 0


def emails_on_file(house: TestHouse, emails: Sequence[str]) -> set[str]:
    with house.read() as session:
        catalogue = load_catalogue(session, house.attestor, reference_map())
        table = catalogue.table("customers")
        return set(find_holders(session, house.keyring, catalogue, (table, table.fields["email"]), emails))


def last_import(house: TestHouse) -> uuid.UUID:
    with house.read() as session:
        return session.scalars(select(ImportRun.id).order_by(ImportRun.id.desc()).limit(1)).one()


def whys(report: ImportReport) -> list[tuple[int, int, str, str]]:
    return [(each.row, each.column, each.field, each.code) for each in report.refusals]


def test_a_file_becomes_rows_that_can_be_found_and_say_where_they_come_from(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(120)))

    report = bring_in(house, path, mapping=parse_mapping("collected_on: 2026-01-31"))

    assert (report.state, report.accepted, report.refused, report.rows) == (ImportState.FINISHED, 120, 0, 120)
    assert count(house) == 120
    assert emails_on_file(house, ["person-0@demo.example", "person-119@demo.example", "nobody@demo.example"]) == {
        "person-0@demo.example",
        "person-119@demo.example",
    }
    table = TABLES["customers"].c
    with house.read() as session:
        sources = session.execute(
            select(Source.name, table.person_contact_collected_on, func.count())
            .join_from(TABLES["customers"], Source, Source.id == table.person_contact_source_id)
            .group_by(Source.name, table.person_contact_collected_on)
        ).all()
    assert [(name, str(day), number) for name, day, number in sources] == [("Salon 2026", "2026-01-31", 120)]


def test_the_values_are_nowhere_in_the_database_file(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(20)))

    bring_in(house, path)

    with house.read() as session:
        held = session.execute(select(TABLES["customers"])).all()
        logged = session.scalars(select(LogEntry.body)).all()
    told = f"{held}{logged}"
    assert "Lefèvre" not in told
    assert "person-1@" not in told
    assert "639980001" not in told


def test_each_batch_is_one_entry_of_the_log_with_those_it_concerns(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(60)))
    told: list[ImportProgress] = []

    run_import(house, SALES, an_import(path), told.append)

    with house.read() as session:
        purposes = session.scalars(select(LogEntry.purpose).where(LogEntry.action == Action.IMPORT.code)).all()
    assert purposes == [PURPOSE] * (len(told) + 1)


def test_refused_rows_are_told_by_place_and_code_and_the_others_come_in(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    bad = ("C-9", "Dr", "", "Zoé", "nobody", "12", "69001", "Lyon")
    path = a_csv(tmp_path / "people.csv", [a_person(1), bad, a_person(2)])

    report = bring_in(house, path)

    assert (report.accepted, report.refused, report.duplicates) == (2, 1, 0)
    assert whys(report) == [
        (3, 2, "civility", "choice"),
        (3, 3, "family_name", "required"),
        (3, 5, "email", "malformed"),
        (3, 6, "mobile", "malformed"),
    ]


def test_a_person_on_file_is_not_entered_twice(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    bring_in(house, a_csv(tmp_path / "first.csv", map(a_person, range(3))))
    again = ("C-77", "", "Autre", "Nom", "PERSON-1@demo.example".lower(), "", "", "")
    same_number = ("C-000002", "", "Autre", "Nom", "other@demo.example", "", "", "")
    twice = ("C-78", "", "Double", "Nom", "twice@demo.example", "", "", "")
    twice_more = ("C-79", "", "Double", "Nom", "twice@demo.example", "", "", "")

    report = bring_in(house, a_csv(tmp_path / "second.csv", [again, same_number, twice, twice_more, a_person(9)]))

    assert (report.accepted, report.refused, report.duplicates) == (2, 3, 3)
    assert whys(report) == [
        (2, 5, "email", "already-on-file"),
        (3, 1, "number", "already-on-file"),
        (5, 5, "email", "twice-in-file"),
    ]


def test_duplicates_by_address_may_be_kept_but_numbers_stay_unique(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    couple = [("C-1", "", "A", "", "a@demo.example", "", "", ""), ("C-2", "", "B", "", "a@demo.example", "", "", "")]
    same = [("C-2", "", "C", "", "c@demo.example", "", "", "")]

    report = bring_in(house, a_csv(tmp_path / "people.csv", couple + same), duplicates=Duplicates.KEEP)

    assert (report.accepted, report.duplicates) == (2, 1)


def test_a_refused_row_does_not_make_the_next_one_a_duplicate(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    wrong = ("C-1", "", "", "", "a@demo.example", "", "", "")
    right = ("C-1", "", "A", "", "a@demo.example", "", "", "")

    report = bring_in(house, a_csv(tmp_path / "people.csv", [wrong, right]))

    assert (report.accepted, report.duplicates) == (1, 0)


def test_a_dry_run_writes_nothing_but_that_somebody_asked(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    bring_in(house, a_csv(tmp_path / "first.csv", [a_person(1)]))
    path = a_csv(tmp_path / "people.csv", [a_person(1), a_person(2), a_person(2)])
    before = count(house)

    report = bring_in(house, path, dry_run=True)

    assert (report.id, report.accepted, report.refused, report.duplicates) == (None, 1, 2, 2)
    assert [each.code for each in report.refusals] == ["already-on-file", "already-on-file"] + ["twice-in-file"] * 2
    assert count(house) == before
    with house.read() as session:
        assert len(list_imports(session)) == 1
        told = session.scalars(select(LogEntry.body).where(LogEntry.action == Action.IMPORT.code)).all()
    assert any(b"rehearse" in body for body in told)


def test_without_a_grant_to_create_nothing_comes_in(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", [a_person(1)])

    for actor in (an_actor(Role.MARKETING), an_actor(Role.ADMIN), an_actor()):
        for dry_run in (False, True):
            with pytest.raises(ReadRefusedError):
                run_import(house, actor, an_import(path, dry_run=dry_run))
    assert count(house) == 0


def test_the_same_file_is_not_imported_twice(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(5)))
    first = bring_in(house, path)

    second = bring_in(house, path)

    assert (second.already, second.id, second.accepted) == (True, first.id, 5)
    assert count(house) == 5


def test_a_stopped_import_goes_on_where_it_was(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(200)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(3))
    stopped_at = count(house)

    report = bring_in(house, path)

    assert 0 < stopped_at < 200
    assert (report.already, report.accepted, report.refused) == (False, 200, 0)
    assert count(house) == 200


def test_a_stopped_import_is_not_continued_otherwise(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(50)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(1))

    with pytest.raises(ImportChangedError):
        bring_in(house, path, mapping=parse_mapping("constants: {status: prospect}"))


def test_two_processes_do_not_import_one_file_at_once(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(50)))

    def overtake(_: ImportProgress) -> None:
        bring_in(house, path)

    with pytest.raises(ImportBusyError):
        run_import(house, SALES, an_import(path), overtake)
    assert count(house) == 50


def test_an_unfinished_import_is_undone_whole(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    bring_in(house, a_csv(tmp_path / "others.csv", [a_person(900)]))
    path = a_csv(tmp_path / "people.csv", map(a_person, range(100)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(3))
    import_id = last_import(house)
    written = count(house) - 1

    gone = undo_import(house, SALES, import_id)

    assert gone == written > 0
    assert count(house) == 1
    assert emails_on_file(house, [f"person-{number}@demo.example" for number in range(100)]) == set()
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(ImportedRow)) == 0
        tokens_left = session.scalar(select(func.count(func.distinct(blind_tokens.c.row_id))))
        living = session.scalar(select(func.count()).where(DataSubject.state == SubjectState.ACTIVE.code))
        assert import_report(session, import_id).state is ImportState.UNDONE
    assert (tokens_left, living) == (1, 1)


def test_what_was_undone_can_be_imported_again(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(30)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(1))
    undo_import(house, SALES, last_import(house))

    report = bring_in(house, path)

    assert (report.already, report.accepted) == (False, 30)


def test_a_finished_import_is_not_undone(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    report = bring_in(house, a_csv(tmp_path / "people.csv", [a_person(1)]))
    assert report.id is not None

    with pytest.raises(ImportNotUndoableError, match="finished"):
        undo_import(house, SALES, report.id)
    with pytest.raises(ImportNotFoundError):
        undo_import(house, SALES, house.ids.new())


def test_somebody_elses_import_is_undone_by_whoever_may_delete_only(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(30)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(1))
    import_id = last_import(house)

    with pytest.raises(ReadRefusedError):
        undo_import(house, an_actor(Role.SALES, number=2), import_id)
    assert count(house) == 10


def test_undoing_leaves_the_rows_on_which_others_were_built(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(30)))
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path), stop_after(1))
    import_id = last_import(house)
    order = a_csv(
        tmp_path / "orders.csv", [("W-1", "01/02/2026", "C-000003")], header=("Commande", "Date", "Code client")
    )
    assert bring_in(house, order, "orders").accepted == 1

    gone = undo_import(house, SALES, import_id)

    assert (gone, count(house), count(house, "orders")) == (9, 1, 1)
    assert emails_on_file(house, ["person-3@demo.example"]) == {"person-3@demo.example"}


def test_a_grant_revoked_in_the_middle_stops_the_import(
    house: TestHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_import(house)
    monkeypatch.setattr(running, "_FIRST_BATCH", 10)
    path = a_csv(tmp_path / "people.csv", map(a_person, range(100)))

    def revoke(step: ImportProgress) -> None:
        if step.row:
            house.clock.advance(days=400)  # every grant has ended

    with pytest.raises(ReadRefusedError):
        run_import(house, SALES, an_import(path), revoke)
    assert count(house) == 10


def test_companies_and_the_people_in_them_come_in_by_siret(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    companies = a_csv(
        tmp_path / "companies.csv",
        [("Atelier du Parc", "732 829 320 00074", "47.59A", "SARL", "12")],
        header=("Raison sociale", "SIRET", "APE", "Forme juridique", "Effectif"),
    )
    contacts = a_csv(
        tmp_path / "contacts.csv",
        [("Martin", "Zoé", "73282932000074", "décideur"), ("Petit", "Max", "00000000000000", "utilisateur")],
        header=("Nom", "Prénom", "SIRET", "Rôle d'achat"),
    )

    assert bring_in(house, companies, "companies").accepted == 1
    report = bring_in(house, contacts, "contacts")

    assert (report.accepted, whys(report)) == (1, [(3, 3, "company", "unknown-reference")])
    assert bring_in(house, an_xlsx(tmp_path / "same.xlsx", [("Autre", "73282932000074")], header=("Nom", "SIRET")),
                    "companies").duplicates == 1  # fmt: skip


def test_nothing_is_added_about_somebody_whose_data_are_restricted(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    bring_in(house, a_csv(tmp_path / "people.csv", [a_person(1), a_person(2)]))
    with house.write() as session:
        table = TABLES["customers"].c
        first = session.scalar(select(table.person_subject_id).where(table.number == "C-000001"))
        restrict(session, house.keyring, first or 0)
        unrecorded(session, "the test's own preparation")
    orders = [("W-1", "01/02/2026", "C-000001"), ("W-2", "01/02/2026", "C-000002")]
    path = a_csv(tmp_path / "orders.csv", orders, header=("Commande", "Date", "Code client"))

    report = bring_in(house, path, "orders")

    assert (report.accepted, whys(report)) == (1, [(2, 3, "buyer", "unknown-reference")])
    # They are on file all the same, and not entered again.
    assert bring_in(house, a_csv(tmp_path / "again.csv", [a_person(1)], encoding="cp1252")).duplicates == 1


def test_a_broken_file_leaves_nothing_behind(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    path = tmp_path / "broken.csv"
    path.write_bytes(a_csv(tmp_path / "people.csv", map(a_person, range(200))).read_bytes() + b'"never closed;')

    with pytest.raises(UnreadableFileError):
        bring_in(house, path)

    assert count(house) == 0
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


ADOPTED = """\
version: 1
source: shop
address: sqlite:////nowhere/shop.sqlite
tables:
  shop_clients:
    table: clients
    key: [id]
    links: {person: {kind: customer}}
    fields: {name: {category: identity, link: person, kind: name, origin: provided}}
"""


def test_a_table_that_another_program_keeps_is_not_imported_into(house: TestHouse, tmp_path: Path) -> None:
    allow_import(house)
    with house.write() as session:
        command = LoadMap(text=ADOPTED, file="shop.yaml", base=reference_map(), who_reads=who_reads_by(house.attestor))
        loader = an_actor(Role.CONTROLLER, kind=ActorKind.HOST)
        load_map(session, house.clock, house.ids, house.attestor, loader, command)

    with pytest.raises(TableNotImportableError):
        bring_in(house, a_csv(tmp_path / "people.csv", [("A",)], header=("Nom",)), "shop_clients")
    with pytest.raises(UnknownTableError):
        bring_in(house, a_csv(tmp_path / "people.csv", [("A",)], header=("Nom",)), "nowhere")


def test_data_that_people_did_not_give_leave_them_to_be_told_until_nothing_is_left(
    house: TestHouse, tmp_path: Path
) -> None:
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, Desk(house.clock, house.ids, house.attestor))
    path = a_csv(tmp_path / "people.csv", map(a_person, range(120)))

    with pytest.raises(PointNotFoundError):
        bring_in(house, path, point="nowhere")
    with pytest.raises(StoppedError):
        run_import(house, SALES, an_import(path, point=FAIR), stop_after(1))
    stopped = last_import(house)
    with house.read() as session:
        assert [each.task.import_id for each in open_information(session, house.attestor, 10)] == [stopped]
    undo_import(house, SALES, stopped)
    with house.read() as session:
        assert open_information(session, house.attestor, 10) == []

    report = bring_in(house, path, point=FAIR)
    again = bring_in(house, path, point=FAIR)
    with house.read() as session:
        assert [each.task.import_id for each in open_information(session, house.attestor, 10)] == [report.id]
    assert again.already


def test_where_nobody_says_it_the_data_come_from_where_their_collection_point_says(
    house: TestHouse, tmp_path: Path
) -> None:
    allow_import(house)
    with house.write() as session:
        a_bought_file(session, Desk(house.clock, house.ids, house.attestor))
    path = a_csv(tmp_path / "people.csv", [a_person(1)])

    run_import(house, SALES, ImportFile(path=path, table="customers", point=FAIR))

    with house.read() as session:
        assert session.scalars(select(ImportRun.source)).one() == "Salon Fictif de Lyon"
