"""The register on paper: what is in force, in volumes, kept sealed for a day, for whoever asked and nobody else."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from governance.documents.errors import DocumentFailedError, DocumentTooLargeError
from governance.jobs.worker import Worker
from governance.vault.errors import AttestationError, SealedFileError
from governance.vault.sealed_store import SealedStore
from governance.web.offstage import Studio
from register.lifecycle import ActivityState, Verb
from register.lines.contents import DecisionLine
from register.lines.values import DecisionGround, Subject
from register.models import Activity, Purpose
from register.pages.paper import draw_offstage
from register.pages.wording import FILTERS
from register.printing import working
from register.printing.errors import PrintNotFoundError, TooManyPrintsError
from register.printing.models import PrintState, RegisterVolume
from register.printing.service import (
    MOST,
    OBJECT,
    PrintDesk,
    ToldPrint,
    discard_print,
    find_print,
    list_prints,
    open_volume,
    order_print,
)
from register.printing.working import PrintWork
from register.service import Desk, PutLine, SetPurposeRecipients, Step, put_line, set_purpose_recipients
from register.stated import state_activities
from register.values import Capacity, Register
from tests.builders.ground import StandingClock, an_actor
from tests.builders.paper import PaperlessPrinter
from tests.builders.register import (
    a_complete_draft,
    a_purpose,
    activate,
    an_activity,
    step,
    the_controller,
    the_dpo,
    the_owner,
)
from tests.builders.vault import a_keyring

DPO = the_dpo()


@dataclass
class Room:
    """A house with a register, a printer that makes nothing, and a worker."""

    database: Database
    desk: PrintDesk
    printer: PaperlessPrinter
    folder: Path
    clock: StandingClock

    def read(self) -> AbstractContextManager[Session]:
        return self.database.read()

    def write(self) -> AbstractContextManager[Session]:
        return self.database.write()

    @property
    def work(self) -> PrintWork:
        return PrintWork(self, self.desk, draw_offstage(Studio(FILTERS)))

    def order(self, language: str = "fr", register: Register | None = None) -> ToldPrint:
        with self.write() as session:
            asked = order_print(session, self.desk, DPO, language, register)
            return ToldPrint(asked=asked, volumes=())

    def print(self) -> None:
        worker = Worker(self.database, self.desk.clock, self.desk.ids, [self.work.handlers()[0]])
        for _ in range(20):
            if not worker.run_once():
                self.clock.advance(minutes=2)

    def told(self, asked: ToldPrint) -> ToldPrint:
        with self.read() as session:
            found = find_print(session, self.desk, DPO, asked.asked.id)
            session.expunge_all()
            return found

    def volume(self, asked: ToldPrint, number: int = 1) -> str:
        with self.read() as session, open_volume(session, self.desk, DPO, asked.asked.id, number) as copy:
            return copy.read().decode()


_TITLES = re.compile(r'class="record-title" id="[^"]*">([^<]*)<')


def act_for_others(room: Room, *slugs: str) -> None:
    with room.write() as session:
        for activity in session.scalars(select(Activity).where(Activity.slug.in_(slugs))):
            activity.capacity = Capacity.PROCESSOR
        unrecorded(session, "rows of a test")


@pytest.fixture
def room(database: Database, desk: Desk, tmp_path: Path, clock: StandingClock) -> Room:
    printer, folder = PaperlessPrinter(), tmp_path / "prints"
    store = SealedStore(folder, a_keyring(tmp_path), "register-print")
    prints = PrintDesk(clock=clock, ids=desk.ids, attestor=desk.attestor, store=store, printer=printer)
    return Room(database, prints, printer, folder, clock)


@pytest.fixture
def fill(room: Room, desk: Desk) -> Callable[[int], None]:
    def many(count: int) -> None:
        with room.write() as session:
            party = a_purpose(session, slug="first").party
            for number in range(2, count + 1):
                session.add(an_activity(f"activity-{number}", controller=party))
            unrecorded(session, "rows of a test")

    return many


def test_the_register_is_put_on_paper_in_volumes_in_the_language_asked_for(
    room: Room, fill: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "VOLUME", 2)
    fill(5)

    asked = room.order("fr")
    room.print()

    told = room.told(asked)
    assert (told.asked.state, told.asked.done) == (PrintState.READY, 5)
    assert [(each.number, each.first, each.count) for each in told.volumes] == [(1, 1, 2), (2, 3, 2), (3, 5, 1)]
    second = room.volume(asked, 2)
    assert 'lang="fr"' in second
    assert "Registre des activités de traitement" in second
    assert "3. Activité activity-3" in second
    assert "activity-5" not in second
    assert told.volumes[1].digest in second


@pytest.mark.parametrize(
    ("register", "said", "activities"),
    [
        (
            Register.CONTROLLER,
            "Controller’s register",
            ["1. Activity first-activity", "2. Activity activity-2", "3. Activity activity-4"],
        ),
        (Register.PROCESSOR, "Processor’s register", ["1. Activity activity-3", "2. Activity activity-5"]),
    ],
)
def test_one_of_the_two_registers_is_printed_alone_and_says_on_each_sheet_which_it_is(
    room: Room,
    fill: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    register: Register,
    said: str,
    activities: list[str],
) -> None:
    monkeypatch.setattr(working, "VOLUME", 2)
    fill(5)
    act_for_others(room, "activity-3", "activity-5")

    asked = room.order("en", register)
    room.print()

    told = room.told(asked)
    volumes = [room.volume(asked, each.number) for each in told.volumes]
    assert (told.asked.state, told.asked.count, told.asked.done) == (PrintState.READY, len(activities), len(activities))
    assert [title for volume in volumes for title in _TITLES.findall(volume)] == activities
    for volume in volumes:
        assert f'<p class="only">{said}</p>' in volume
        assert f'Record of processing activities · {said}"' in volume


def test_what_is_asked_for_is_counted_in_the_register_asked_for_and_the_log_says_which(
    room: Room, fill: Callable[[int], None]
) -> None:
    fill(2)

    asked = room.order("en", Register.PROCESSOR)
    room.print()

    told = room.told(asked)
    assert (told.asked.state, told.asked.count) == (PrintState.READY, 0)
    assert "No activity is in this register yet" in room.volume(asked)
    with room.read() as session:
        [*_, ordered] = search(session, Filters(object_type=OBJECT, object_id=str(asked.asked.id)))
    assert ordered.said["details"] == {"verb": "order", "activities": 0, "language": "en", "register": "processor"}


def test_a_register_of_nothing_is_a_document_that_says_so(room: Room) -> None:
    asked = room.order("en")
    room.print()

    assert "No activity is in this register yet" in room.volume(asked)


def test_a_volume_lies_sealed_and_its_file_is_nobody_elses_to_read(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked = room.order()
    room.print()

    lying = list(room.folder.iterdir())

    assert len(lying) == 1
    assert lying[0].stat().st_mode & 0o777 == 0o600
    assert b"<html" not in lying[0].read_bytes()
    lying[0].write_bytes(lying[0].read_bytes()[:-1] + b"x")
    with pytest.raises(SealedFileError):
        room.volume(asked)


def test_only_whoever_asked_takes_it_or_knows_of_it(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked = room.order()
    room.print()
    other = an_actor(Role.DPO, number=990)

    with room.read() as session:
        assert [each.asked.id for each in list_prints(session, room.desk, DPO)] == [asked.asked.id]
        assert list_prints(session, room.desk, other) == []
        with pytest.raises(PrintNotFoundError), open_volume(session, room.desk, other, asked.asked.id, 1):
            pass
    with pytest.raises(PrintNotFoundError), room.write() as session:
        discard_print(session, room.desk, other, asked.asked.id)


def test_a_worker_killed_between_making_and_noting_makes_the_same_volume_again(
    room: Room, fill: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "VOLUME", 2)
    fill(3)
    asked = room.order()
    worker = Worker(room.database, room.desk.clock, room.desk.ids, [room.work.handlers()[0]])
    worker.run_once()

    class Killed(BaseException):
        pass

    def die(*_: object) -> bool:
        raise Killed

    with monkeypatch.context() as changed:
        changed.setattr(PrintWork, "_note", die)
        with pytest.raises(Killed):
            worker.run_once()
    room.clock.advance(minutes=2)
    room.print()

    told = room.told(asked)
    assert told.asked.state is PrintState.READY
    assert [(each.number, each.count) for each in told.volumes] == [(1, 2), (2, 1)]
    assert len(list(room.folder.iterdir())) == 2


def test_a_volume_that_is_too_large_is_made_again_with_half_as_many(
    room: Room, fill: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "VOLUME", 4)
    fill(4)
    room.printer.refusals = [DocumentTooLargeError(seconds=1, megabytes=1)]
    asked = room.order()
    room.print()

    assert [each.count for each in room.told(asked).volumes] == [2, 2]


def test_one_activity_that_is_too_large_by_itself_ends_it_and_says_so(
    room: Room, fill: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "VOLUME", 2)
    fill(3)
    too_large = DocumentTooLargeError(seconds=1, megabytes=1)
    room.printer.refusals = [too_large, too_large]
    asked = room.order()
    room.print()

    told = room.told(asked)
    assert (told.asked.state, told.asked.failure, told.volumes) == (PrintState.FAILED, "large", ())
    assert list(room.folder.iterdir()) == [] if room.folder.exists() else True


def test_a_printer_that_breaks_down_is_asked_again_and_then_no_more(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    room.printer.refusals = [DocumentFailedError()]
    first = room.order()
    room.print()
    room.printer.refusals = [DocumentFailedError() for _ in range(9)]
    second = room.order()
    room.print()

    assert room.told(first).asked.state is PrintState.READY
    assert (room.told(second).asked.state, room.told(second).asked.failure) == (PrintState.FAILED, "unexpected")


def test_nothing_is_stated_of_a_register_that_was_altered(room: Room, fill: Callable[[int], None]) -> None:
    fill(2)
    with room.database.engine.begin() as connection:
        connection.execute(update(Activity).where(Activity.slug == "activity-2").values(description="Autre chose"))
    asked = room.order()
    room.print()

    told = room.told(asked)
    assert (told.asked.state, told.asked.failure, told.volumes) == (PrintState.FAILED, "altered", ())


def test_a_volume_put_under_another_register_is_given_to_nobody(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked, other = room.order(), room.order()
    room.print()
    with room.database.engine.begin() as connection:
        connection.execute(update(RegisterVolume).where(RegisterVolume.print_id == asked.asked.id).values(number=7))

    with pytest.raises(AttestationError):
        room.volume(asked, 7)
    assert room.volume(other)


def test_it_is_destroyed_when_its_day_is_over_and_what_was_left_lying_with_it(
    room: Room, fill: Callable[[int], None]
) -> None:
    fill(1)
    asked = room.order()
    room.print()
    room.clock.advance(hours=25)

    with pytest.raises(PrintNotFoundError):
        room.volume(asked)
    (room.folder / "01890000-0000-7000-8000-000000000000.sealed").write_bytes(b"left")
    sweep = room.work.handlers()[1]
    worker = Worker(room.database, room.desk.clock, room.desk.ids, [sweep])
    worker.enqueue_periodic()
    worker.run_once()

    assert list(room.folder.iterdir()) == []
    assert room.told(asked).asked.state is PrintState.EXPIRED


def test_a_few_are_kept_at_once_and_discarding_one_makes_room(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked = [room.order() for _ in range(MOST)]
    room.print()
    with pytest.raises(TooManyPrintsError):
        room.order()

    with room.write() as session:
        discard_print(session, room.desk, DPO, asked[0].asked.id)

    assert len(list(room.folder.iterdir())) == MOST - 1
    room.order()


def test_what_was_discarded_while_it_waited_is_not_made(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked = room.order()
    with room.write() as session:
        discard_print(session, room.desk, DPO, asked.asked.id)
    room.print()

    assert room.printer.given == []


def test_the_log_says_who_asked_and_what_came_of_it(room: Room, fill: Callable[[int], None]) -> None:
    fill(1)
    asked = room.order()
    room.print()

    with room.read() as session:
        found = search(session, Filters(object_type=OBJECT, object_id=str(asked.asked.id)))
        digest = session.scalars(select(RegisterVolume.digest)).one()
    assert [each.said["details"]["verb"] for each in found] == ["finish", "order"]
    assert found[0].said["details"]["digest"] == digest
    assert found[1].said["actor"]["id"] == str(DPO.id)


def test_of_what_runs_that_is_stated_which_is_in_force_and_of_a_draft_what_it_says(room: Room, desk: Desk) -> None:
    with room.write() as session:
        a_complete_draft(session, desk)
        draft = a_complete_draft(session, desk, "draft")
        activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        roles = SetPurposeRecipients(purpose="loyalty-points", roles=frozenset({Role.MARKETING}))
        set_purpose_recipients(session, desk, the_owner(), roles)
        line = DecisionLine(name="Score", ground=DecisionGround.CONTRACT)
        put_line(session, desk, the_owner(), PutLine(activity="loyalty", subject=Subject.DECISIONS, line=line))
        activities = session.scalars(select(Activity).order_by(Activity.id)).all()

        running, drafted = state_activities(session, desk.attestor, activities, day_of(desk.clock.now()))

    assert draft.state is ActivityState.DRAFT
    assert (running.settled, drafted.settled) == (True, False)
    assert running.purposes[0].recipients == (Role.SUPPORT,)
    assert running.lines[Subject.DECISIONS] == ()
    assert [each.version.verb for each in running.decisions] == [Verb.REVIEW, Verb.ACTIVATE, Verb.ADVISE, Verb.SUBMIT]
    assert drafted.purposes[0].recipients == (Role.SUPPORT,)


def test_what_is_retired_is_no_more_in_the_register(room: Room, desk: Desk) -> None:
    with room.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.RETIRE, text="Fini."))

    asked = room.order()

    assert asked.asked.count == 0


def test_a_batch_is_stated_in_as_many_statements_whatever_it_holds(room: Room, desk: Desk) -> None:
    with room.write() as session:
        for slug in ("one", "two", "three"):
            a_complete_draft(session, desk, slug)

    def statements(count: int) -> int:
        with room.read() as session:
            activities = session.scalars(select(Activity).order_by(Activity.id).limit(count)).all()
            assert session.scalars(select(Purpose)).first() is not None
            seen: list[object] = []

            def note(*_: object) -> None:
                seen.append(None)

            event.listen(room.database.engine, "before_cursor_execute", note)
            state_activities(session, desk.attestor, activities, day_of(desk.clock.now()))
            event.remove(room.database.engine, "before_cursor_execute", note)
            return len(seen)

    assert statements(1) == statements(3)
