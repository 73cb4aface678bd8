"""Files brought in: sealed while they wait, imported by the worker, stopped, undone, destroyed; their owner's alone."""

import io
import stat
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from audit.entries import Action
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.customers.errors import (
    MappingError,
    TooManyUploadsError,
    UploadNotFoundError,
    UploadStateError,
)
from governance.customers.importing.models import ImportedRow, ImportRun, ImportState
from governance.customers.tables import TABLES
from governance.customers.uploads import service, working
from governance.customers.uploads.models import TRANSITIONS, ImportUpload, UploadState, UploadVerb
from governance.customers.uploads.previewing import columns_seen, preview
from governance.customers.uploads.reports import reasons, refusals_page
from governance.customers.uploads.service import MOST_WAITING, NewUpload, UploadDesk
from governance.customers.uploads.store import UploadStore
from governance.customers.uploads.values import Settings
from governance.customers.uploads.working import UploadWork
from governance.gate.errors import ReadRefusedError
from governance.identity.factors.models import SecondFactorRule
from governance.identity.models import Account, RoleAssignment, SecondFactorState
from governance.identity.service import NewToken, add_token, change_password
from governance.identity.service.accounts import PasswordHash
from governance.jobs.worker import Worker
from governance.spreadsheets.errors import UnreadableFileError
from governance.vault.errors import AttestationError, SealedFileError
from governance.vocabulary import Form, GrantedAction, SubjectKind
from tests.builders.customers import CATEGORIES, HEADER, PURPOSE, TestHouse, a_person, allow_import, an_xlsx, csv_text
from tests.builders.identity import require_no_second_factor
from tests.builders.policies import a_grant

INTO = NewUpload(table="customers", purpose=PURPOSE)


@dataclass
class Room:
    """The room of uploads, with somebody in sales who brings files in."""

    house: TestHouse
    actor: Actor
    desk: UploadDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = UploadDesk(self.house, UploadStore(self.house.settings.home, self.house.keyring))

    def bring(self, content: str | bytes, *, actor: Actor | None = None) -> uuid.UUID:
        data = content.encode() if isinstance(content, str) else content
        return service.receive(self.desk, actor or self.actor, INTO, io.BytesIO(data))

    def described(self, content: str | bytes, **more: object) -> uuid.UUID:
        upload_id = self.bring(content)
        seen = columns_seen(self.desk, self.actor, upload_id, None)
        settings = Settings(columns={each.number: each.target for each in seen}, **more)  # type: ignore[arg-type]
        service.describe(self.desk, self.actor, upload_id, settings)
        return upload_id

    def started(self, content: str | bytes, **more: object) -> uuid.UUID:
        upload_id = self.described(content, **more)
        service.start(self.desk, self.actor, upload_id)
        return upload_id

    def work(self, steps: int = 100) -> None:
        worker = Worker(self.house.database, self.house.clock, self.house.ids, UploadWork(self.desk).handlers())
        for _ in range(steps):
            if not worker.run_once():
                return

    def sweep(self) -> None:
        work = UploadWork(self.desk)
        work.sweep(None)  # type: ignore[arg-type] # a sweep needs no lease

    def state(self, upload_id: uuid.UUID) -> UploadState:
        return service.show(self.desk, self.actor, upload_id).state

    def file(self, upload_id: uuid.UUID) -> Path:
        return self.house.settings.home / "uploads" / f"{upload_id}.sealed"

    def count(self) -> int:
        with self.house.read() as session:
            return len(session.execute(select(TABLES["customers"].c.id)).all())


def an_account(house: TestHouse, *roles: Role, number: int = 1) -> Actor:
    """Return somebody with an account and roles, as the worker finds them again."""
    now = house.clock.now()
    account_id = house.ids.new()
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.add(Account(id=account_id, email=f"person-{number}@demo.example", made_at=now))
        session.flush()
        for role in roles:
            assigned = RoleAssignment(
                id=house.ids.new(), account_id=account_id, role=role, assigned_by=None, assigned_at=now,
                countersigned_at=now,
            )  # fmt: skip
            session.add(assigned)
    return Actor(kind=ActorKind.PERSON, id=account_id, roles=frozenset(roles))


@pytest.fixture
def room(house: TestHouse) -> Room:
    allow_import(house)
    return Room(house, an_account(house, Role.SALES))


def people(count: int) -> str:
    return csv_text(a_person(number) for number in range(1, count + 1))


def test_every_state_but_the_last_ones_has_a_way_on() -> None:
    last = {UploadState.FINISHED, UploadState.UNDONE, UploadState.DISCARDED}

    assert {state for state, _ in TRANSITIONS} == set(UploadState) - last
    assert {verb for _, verb in TRANSITIONS} == set(UploadVerb)


def test_a_file_waits_sealed_and_readable_by_its_owner_alone(room: Room) -> None:
    upload_id = room.bring(people(3))

    kept = room.file(upload_id)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert b"demo.example" not in kept.read_bytes()
    assert list(kept.parent.iterdir()) == [kept]


def test_nothing_of_a_file_stands_in_the_database_or_the_log(room: Room) -> None:
    room.described(people(2), meanings={"civility": {"Zaubermeister": "unstated"}})

    with room.house.read() as session:
        box = session.scalars(select(ImportUpload.settings_box)).one()
        entries = search(session, Filters(action=Action.IMPORT), limit=10)
    assert box is not None
    assert b"Zaubermeister" not in box
    assert entries
    assert all(b"demo.example" not in entry.body for entry in entries)


def test_the_columns_are_proposed_by_their_headers(room: Room) -> None:
    seen = columns_seen(room.desk, room.actor, room.bring(people(2)), None)

    assert [each.header for each in seen] == list(HEADER)
    assert [each.target for each in seen] == [
        "number", "civility", "family_name", "given_name", "email", "mobile", "postcode", "city"
    ]  # fmt: skip
    assert seen[4].samples == ("person-1@demo.example", "person-2@demo.example")


def test_a_workbook_is_read_from_its_sealed_copy(room: Room, tmp_path: Path) -> None:
    book = an_xlsx(tmp_path / "people.xlsx", [a_person(1), a_person(2)]).read_bytes()

    upload_id = room.started(book)
    room.work()

    assert room.state(upload_id) is UploadState.FINISHED
    assert room.count() == 2


def test_what_is_no_table_is_refused_when_it_is_looked_into(room: Room) -> None:
    with pytest.raises(UnreadableFileError):
        columns_seen(room.desk, room.actor, room.bring(b"\x00\x01\x02"), None)


def test_the_preview_says_what_would_be_refused_and_writes_nothing(room: Room) -> None:
    bad = ("C-9", "M.", "", "Zoé", "not an address", "12", "69001", "Lyon")
    upload_id = room.described(csv_text([a_person(1), bad, a_person(1)]))
    settings = service.settings_of(room.desk, room.actor, upload_id)
    assert settings is not None

    found = preview(room.desk, room.actor, upload_id, settings)

    assert (found.tried, found.accepted, found.refused, found.duplicates, found.whole) == (3, 1, 2, 1, True)
    assert found.problems["family_name", "required"] == 1
    assert found.problems["email", "malformed"] == 1
    assert found.rows[0].values["mobile"] == "+33639980001"
    # Neither a row with faults nor one that stands there twice is shown among those that would be kept.
    assert [each.number for each in found.rows] == [2]
    assert room.count() == 0


def test_a_coded_value_gets_the_meaning_that_was_said(room: Room) -> None:
    rows = csv_text([("C-1", "Dr", "Un", "", "", "", "", ""), ("C-2", "Dr", "Deux", "", "", "", "", "")])
    upload_id = room.described(rows)
    settings = service.settings_of(room.desk, room.actor, upload_id)
    assert settings is not None
    unknown = preview(room.desk, room.actor, upload_id, settings).unknown
    assert [(each.name, each.text, each.count) for each in unknown] == [("civility", "Dr", 2)]

    said = Settings(columns=settings.columns, meanings={"civility": {"Dr": "unstated"}})

    found = preview(room.desk, room.actor, upload_id, said)
    assert (found.accepted, found.unknown) == (2, ())


def test_a_column_that_was_left_out_is_not_imported(room: Room) -> None:
    upload_id = room.bring(people(1))
    columns = dict.fromkeys(range(1, 9)) | {3: "family_name"}

    found = preview(room.desk, room.actor, upload_id, Settings(columns=columns))

    assert found.fields == ("family_name",)
    assert list(found.left_out) == [header for header in HEADER if header != HEADER[2]]


def test_a_file_without_what_every_row_needs_is_refused(room: Room) -> None:
    upload_id = room.bring(people(1))

    with pytest.raises(MappingError):
        preview(room.desk, room.actor, upload_id, Settings(columns=dict.fromkeys(range(1, 9))))


def test_a_file_is_imported_by_the_worker_and_then_destroyed(room: Room) -> None:
    upload_id = room.started(people(120), source="Fair of Lyon")
    assert room.state(upload_id) is UploadState.QUEUED

    room.work()

    told = service.show(room.desk, room.actor, upload_id)
    assert (told.state, told.accepted, told.refused) == (UploadState.FINISHED, 120, 0)
    assert not room.file(upload_id).exists()
    assert room.count() == 120
    with room.house.read() as session:
        upload = session.get_one(ImportUpload, upload_id)
        run = session.get_one(ImportRun, upload.import_id)
        assert upload.settings_box is None
        assert (run.source, run.actor_id) == ("Fair of Lyon", room.actor.id)


def test_refused_rows_are_told_by_number_and_reason_and_without_a_value(room: Room) -> None:
    bad = ("C-9", "M.", "", "Zoé", "not an address", "12", "69001", "Lyon")
    upload_id = room.started(csv_text([a_person(1), bad]))
    room.work()
    import_id = service.show(room.desk, room.actor, upload_id).import_id
    assert import_id is not None

    with room.house.read() as session:
        page = refusals_page(session, import_id)
        counts = reasons(session, import_id)

    assert {each.row for each in page.refusals} == {3}
    assert counts["family_name", "required"] == 1
    assert "not an address" not in repr(page)


def test_the_pages_of_refused_rows_hold_whole_rows(room: Room) -> None:
    bad = [(f"C-{number}", "M.", "", "", "x", "", "", "") for number in range(5)]
    upload_id = room.started(csv_text(bad))
    room.work()
    import_id = service.show(room.desk, room.actor, upload_id).import_id

    with room.house.read() as session:
        first = refusals_page(session, import_id, limit=3)
        second = refusals_page(session, import_id, after=first.next or 0, limit=3)

    assert sorted({each.row for each in first.refusals}) == [2, 3, 4]
    assert (sorted({each.row for each in second.refusals}), second.next) == ([5, 6], None)


def test_an_import_that_was_stopped_goes_on_where_it_stood(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_SECONDS", 0.0)
    monkeypatch.setattr(working, "_OF_OPENING", 0.0)
    upload_id = room.started(people(400))
    room.work(steps=1)
    halfway = room.count()
    assert 0 < halfway < 400

    service.stop(room.desk, room.actor, upload_id)
    room.work()
    assert (room.state(upload_id), room.count()) == (UploadState.STOPPED, halfway)
    service.start(room.desk, room.actor, upload_id)
    room.work()

    assert (room.state(upload_id), room.count()) == (UploadState.FINISHED, 400)


def test_an_import_that_was_stopped_is_undone_whole(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_SECONDS", 0.0)
    monkeypatch.setattr(working, "_OF_OPENING", 0.0)
    upload_id = room.started(people(400))
    room.work(steps=1)
    service.stop(room.desk, room.actor, upload_id)

    service.undo(room.desk, room.actor, upload_id)
    room.work()

    assert (room.state(upload_id), room.count()) == (UploadState.UNDONE, 0)
    assert not room.file(upload_id).exists()
    with room.house.read() as session:
        assert session.scalars(select(ImportRun.state)).one() is ImportState.UNDONE
        assert session.scalars(select(ImportedRow.row_id)).all() == []


@pytest.mark.parametrize("ends", [RoleAssignment.revoked_at, Account.disabled_at])
def test_whose_role_or_account_has_ended_imports_no_further_row(
    room: Room, monkeypatch: pytest.MonkeyPatch, ends: InstrumentedAttribute[datetime | None]
) -> None:
    monkeypatch.setattr(working, "_SECONDS", 0.0)
    monkeypatch.setattr(working, "_OF_OPENING", 0.0)
    upload_id = room.started(people(400))
    room.work(steps=1)
    halfway = room.count()

    with room.house.write() as session:
        unrecorded(session, "the test's own preparation")
        for row in session.scalars(select(ends.class_)):
            setattr(row, ends.key, room.house.clock.now())
    room.work()

    told = service.show(room.desk, room.actor, upload_id)
    assert (told.state, told.failure, room.count()) == (UploadState.FAILED, "refused", halfway)


def test_whose_account_was_altered_by_sql_imports_nothing(room: Room) -> None:
    upload_id = room.started(people(3))
    with room.house.database.write_connection() as connection:
        connection.execute(update(Account).values(credentials_revision=9))

    room.work()

    assert (room.state(upload_id), room.count()) == (UploadState.FAILED, 0)


def through_own_token(room: Room) -> Actor:
    """Return the same person, who acts through a token of their own."""
    require_no_second_factor(room.house.database, room.house.clock)
    with room.house.write() as session:
        command = NewToken(name="own", role=Role.SALES, own=True)
        token = add_token(session, room.house.clock, room.house.ids, room.actor, command).token
        return replace(room.actor, token=token.id)


def change_the_password(room: Room) -> None:
    with room.house.write() as session:
        account = session.get_one(Account, room.actor.id)
        change_password(session, room.house.attestor, room.actor, account, PasswordHash("another"))


def take_the_factors_away(room: Room) -> None:
    with room.house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.get_one(Account, room.actor.id).second_factor = SecondFactorState.OWED


def ask_for_a_factor(room: Room) -> None:
    with room.house.write() as session:
        unrecorded(session, "the test's own preparation")
        rule = session.scalars(select(SecondFactorRule).where(SecondFactorRule.role == Role.SALES)).one()
        rule.required = True


def take_the_role_away(room: Room) -> None:
    with room.house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.scalars(select(RoleAssignment)).one().revoked_at = room.house.clock.now()


@pytest.mark.parametrize(
    "happens", [change_the_password, take_the_factors_away, ask_for_a_factor, take_the_role_away, None]
)
def test_what_was_begun_by_an_own_token_goes_on_only_while_that_token_opens_the_door(
    room: Room, happens: Callable[[Room], None] | None
) -> None:
    owner, room.actor = room.actor, through_own_token(room)
    upload_id = room.started(people(3))
    if happens is not None:
        happens(room)

    room.work()

    room.actor = owner
    state, rows = (UploadState.FINISHED, 3) if happens is None else (UploadState.FAILED, 0)
    assert (room.state(upload_id), room.count()) == (state, rows)


def test_a_file_that_was_altered_where_it_lies_is_not_imported(room: Room) -> None:
    upload_id = room.started(people(3))
    content = bytearray(room.file(upload_id).read_bytes())
    content[-1] ^= 1
    room.file(upload_id).write_bytes(content)

    room.work()

    told = service.show(room.desk, room.actor, upload_id)
    assert (told.state, told.failure, room.count()) == (UploadState.FAILED, "altered", 0)


def test_a_file_put_in_anothers_place_does_not_open(room: Room) -> None:
    mine, other = room.described(people(3)), room.described(people(4))
    room.file(mine).write_bytes(room.file(other).read_bytes())

    with pytest.raises(SealedFileError):
        columns_seen(room.desk, room.actor, mine, None)


def test_the_very_same_file_is_not_imported_twice(room: Room) -> None:
    room.started(people(5))
    room.work()

    again = room.started(people(5))
    room.work()

    assert (room.count(), service.show(room.desk, room.actor, again).failure) == (5, working.ALREADY)


def test_a_file_is_destroyed_when_its_day_is_over(room: Room) -> None:
    upload_id = room.described(people(3))
    room.house.clock.advance(hours=24, seconds=1)

    room.sweep()

    assert room.state(upload_id) is UploadState.EXPIRED
    assert not room.file(upload_id).exists()


def test_a_file_is_left_alone_before_its_day_is_over(room: Room) -> None:
    upload_id = room.described(people(3))
    room.house.clock.advance(hours=23)

    room.sweep()

    assert room.state(upload_id) is UploadState.RECEIVED
    assert room.file(upload_id).exists()


def test_a_file_that_no_row_knows_is_destroyed_but_not_while_it_is_received(room: Room) -> None:
    fresh = uuid.UUID(int=(int(room.house.clock.now().timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))
    old = uuid.UUID(int=(1 << 80) | (7 << 76) | (2 << 62))
    for stray in (fresh, old):
        room.desk.store.keep(stray, io.BytesIO(b"left by a stop"))

    room.sweep()

    assert (room.file(fresh).exists(), room.file(old).exists()) == (True, False)


def test_a_file_that_was_discarded_is_gone(room: Room) -> None:
    upload_id = room.described(people(3))

    service.discard(room.desk, room.actor, upload_id)

    assert room.state(upload_id) is UploadState.DISCARDED
    assert not room.file(upload_id).exists()
    with pytest.raises(UploadStateError):
        service.start(room.desk, room.actor, upload_id)


def test_what_one_brought_in_only_they_see_into_and_move(room: Room) -> None:
    colleague = an_account(room.house, Role.SALES, number=2)
    upload_id = room.described(people(3))
    steps = (
        lambda: columns_seen(room.desk, colleague, upload_id, None),
        lambda: preview(room.desk, colleague, upload_id, Settings()),
        lambda: service.settings_of(room.desk, colleague, upload_id),
        lambda: service.describe(room.desk, colleague, upload_id, Settings()),
        lambda: service.start(room.desk, colleague, upload_id),
        lambda: service.stop(room.desk, colleague, upload_id),
        lambda: service.undo(room.desk, colleague, upload_id),
        lambda: service.discard(room.desk, colleague, upload_id),
    )

    for step in steps:
        with pytest.raises(UploadNotFoundError):
            step()
    assert room.state(upload_id) is UploadState.RECEIVED


def test_who_may_create_there_is_told_how_far_it_is_and_others_that_there_is_none(room: Room) -> None:
    colleague = an_account(room.house, Role.SALES, number=2)
    stranger = an_account(room.house, Role.SUPPORT, number=3)
    upload_id = room.described(people(3))

    told = service.show(room.desk, colleague, upload_id)

    assert (told.own, told.state) == (False, UploadState.RECEIVED)
    assert [each.id for each in service.list_uploads(room.desk, colleague)] == [upload_id]
    with pytest.raises(UploadNotFoundError):
        service.show(room.desk, stranger, upload_id)
    assert service.list_uploads(room.desk, stranger) == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN, Role.CONTROLLER])
def test_who_may_not_create_brings_nothing_in_and_nothing_is_kept(room: Room, role: Role) -> None:
    other = an_account(room.house, role, number=4)

    with pytest.raises(ReadRefusedError):
        room.bring(people(1), actor=other)

    assert room.desk.store.names() == []


def test_a_grant_for_less_than_every_row_needs_brings_nothing_in(house: TestHouse) -> None:
    allow_import(house)
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        a_grant(
            session, role=Role.SUPPORT, kind=SubjectKind.CUSTOMER, category=CATEGORIES[1], action=GrantedAction.CREATE,
            form=Form.CLEAR,
        )  # fmt: skip
    room = Room(house, an_account(house, Role.SUPPORT))

    with pytest.raises(ReadRefusedError):
        room.bring(people(1))


def test_nobody_lets_more_than_a_few_files_wait(room: Room) -> None:
    for number in range(MOST_WAITING):
        room.bring(people(number + 1))

    with pytest.raises(TooManyUploadsError):
        room.bring(people(9))

    assert len(room.desk.store.names()) == MOST_WAITING


def test_a_file_that_nobody_described_is_not_started(room: Room) -> None:
    with pytest.raises(UploadStateError):
        service.start(room.desk, room.actor, room.bring(people(1)))


def test_the_list_is_paged_by_its_keys_newest_first(room: Room) -> None:
    brought = [room.bring(people(number + 1)) for number in range(4)]

    first = service.list_uploads(room.desk, room.actor, limit=3)
    second = service.list_uploads(room.desk, room.actor, after=first[-1].id, limit=3)

    assert [each.id for each in (*first, *second)] == sorted(brought, reverse=True)


def test_each_step_of_a_file_is_recorded(room: Room) -> None:
    upload_id = room.started(people(2))
    service.stop(room.desk, room.actor, upload_id)

    with room.house.read() as session:
        entries = search(session, Filters(object_type=service.OBJECT, object_id=str(upload_id)), limit=10)

    assert [entry.said["details"]["verb"] for entry in entries] == ["stop", "start", "receive"]


def test_a_file_put_under_another_name_by_sql_shows_nothing_to_that_name(room: Room) -> None:
    upload_id = room.bring(people(3))
    other = an_account(room.house, Role.SALES, number=2)
    with room.house.database.engine.begin() as connection:
        connection.execute(update(ImportUpload).values(actor_id=other.id))

    with pytest.raises(AttestationError):
        columns_seen(room.desk, other, upload_id, None)


def test_nothing_is_imported_on_the_word_of_somebody_put_in_by_sql(room: Room) -> None:
    room.started(people(2))
    other = an_account(room.house, Role.SALES, number=2)
    with room.house.database.engine.begin() as connection:
        connection.execute(update(ImportUpload).values(actor_id=other.id))

    room.work()

    with room.house.read() as session:
        assert session.scalars(select(ImportedRow)).all() == []
        assert session.scalars(select(ImportRun)).all() == []


def test_cells_are_shown_only_in_a_role_that_may_bring_such_a_file_in(room: Room) -> None:
    upload_id = room.bring(people(3))

    with pytest.raises(ReadRefusedError):
        columns_seen(room.desk, replace(room.actor, roles=frozenset({Role.AUDITOR})), upload_id, None)
