"""Publishing beside others: two people at once, texts that name nothing, numbers used up, what was told when."""

import uuid
from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.database import Database
from governance.days import day_of
from governance.vocabulary import LawfulBasis
from register.declared import declared_purpose, declared_purposes
from register.errors import NumbersExhaustedError, SlugTakenError
from register.lifecycle import Verb
from register.notices.values import CollectionWay, ToldBy
from register.service import (
    Desk,
    NewActivity,
    NewInformationTask,
    NewPurpose,
    PointTerms,
    SettleInformation,
    Step,
    add_purpose,
    ask_to_inform,
    change_point,
    draft_activity,
    hold_point,
    settle_information,
    show_point,
)
from register.service.notices import numbers
from register.values import NoticeRef
from tests.builders.ground import StandingClock
from tests.builders.notices import FAIR, WEBSITE, a_bought_file, a_point
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo, the_owner
from tests.integration.register.test_older_data import again

Write = Callable[[Session], object]


def together(database: Database, first: Write, second: Write) -> None:
    """Let the first one write, start the second one, and commit the first one only then."""
    written, done, failed = Event(), Event(), list[BaseException]()

    def run(act: Callable[[], None]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001 -- told to the test, which is another thread
                failed.append(error)

        return guarded

    def one() -> None:
        with database.write() as session:
            first(session)
            session.flush()
            written.set()
            # Long enough for the second one to run into what the first one holds.
            done.wait(0.5)

    def two() -> None:
        written.wait(5)
        with database.write() as session:
            second(session)
        done.set()

    threads = [Thread(target=run(one)), Thread(target=run(two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def activation(desk: Desk) -> Write:
    return lambda session: step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))


def submitted(session: Session, desk: Desk) -> None:
    a_complete_draft(session, desk)
    again(session, desk)


def told_of_both(database: Database, desk: Desk) -> bool:
    with database.read() as session:
        found = show_point(session, desk, WEBSITE)
        assert found.body is not None
        return not found.behind and "loyalty-points" in found.body.purposes


def test_of_two_who_take_one_name_at_once_the_second_reads_that_it_is_taken(database: Database, desk: Desk) -> None:
    taken: list[str] = []

    def refused(write: Write) -> Write:
        def attempt(session: Session) -> None:
            unrecorded(session, "refused")
            with pytest.raises(SlugTakenError):
                write(session)
            taken.append("refused")

        return attempt

    def drafted(session: Session) -> object:
        command = NewActivity(slug="same", name_fr="Le même", name_en="The same")
        return draft_activity(session, desk.clock, desk.ids, the_owner(), command)

    together(database, drafted, refused(drafted))
    together(database, lambda session: a_point(session, desk), refused(lambda session: a_point(session, desk)))

    assert len(taken) == 2


def test_a_point_that_opens_while_an_activity_is_activated_tells_of_it(database: Database, desk: Desk) -> None:
    with database.write() as session:
        submitted(session, desk)

    together(database, lambda session: a_point(session, desk), activation(desk))

    assert told_of_both(database, desk)


@pytest.mark.parametrize("point_first", [True, False])
def test_a_point_that_is_changed_while_an_activity_is_activated_tells_of_it(
    database: Database, desk: Desk, point_first: bool
) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk, "shop")
        activate(session, desk, "shop")
        submitted(session, desk)
    wanted = PointTerms(
        slug=WEBSITE,
        name_fr="Autre",
        name_en="Other",
        way=CollectionWay.WEBSITE,
        activities=frozenset({"loyalty", "shop"}),
    )
    change: Write = lambda session: change_point(session, desk, the_dpo(), wanted)  # noqa: E731 -- one of two, swapped
    pair = (change, activation(desk))

    together(database, *(pair if point_first else pair[::-1]))

    assert told_of_both(database, desk)


def test_whoever_holds_a_point_reads_what_was_written_while_they_waited(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_point(session, desk)
    wanted = PointTerms(slug=WEBSITE, name_fr="Autre", name_en="Other", way=CollectionWay.WEBSITE, covers_all=True)
    read: list[str] = []

    def compare(session: Session) -> None:
        show_point(session, desk, WEBSITE)
        hold_point(session, desk, wanted)
        read.append(show_point(session, desk, WEBSITE).point.name_en)

    together(database, lambda session: change_point(session, desk, the_dpo(), wanted), compare)

    assert read == ["Other"]


@pytest.mark.parametrize("purpose_first", [True, False])
def test_a_purpose_is_added_while_another_activity_is_activated(
    database: Database, desk: Desk, purpose_first: bool
) -> None:
    with database.write() as session:
        submitted(session, desk)
        a_complete_draft(session, desk, "shop")
    new = NewPurpose(activity="shop", slug="shop-more", label_fr="a", label_en="b", basis=LawfulBasis.CONTRACT)
    add: Write = lambda session: add_purpose(session, desk.clock, desk.attestor, the_owner(), new)  # noqa: E731 -- as above
    pair = (add, activation(desk))

    together(database, *(pair if purpose_first else pair[::-1]))

    with database.read() as session:
        assert declared_purpose(session, desk.attestor, "loyalty-points").open


def test_a_text_that_names_nothing_is_published_and_is_what_people_are_given_from_then_on(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="A complaint."))
    with database.read() as session:
        published = declared_purposes(session, desk.attestor).notices

    assert NoticeRef(slug=WEBSITE, version=2, language="fr") in published


def test_what_closes_closes_though_no_notice_has_a_number_left(
    database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "MAX_NOTICES", 2)
    with database.write() as session:
        a_point(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="A complaint."))
        assert show_point(session, desk, WEBSITE).behind

        a_complete_draft(session, desk, "shop")
        with pytest.raises(NumbersExhaustedError):
            activate(session, desk, "shop")


def test_what_people_were_told_is_the_text_of_that_day(database: Database, desk: Desk, clock: StandingClock) -> None:
    told_on = day_of(clock.now())
    with database.write() as session:
        a_bought_file(session, desk)
        a_complete_draft(session, desk)
        activate(session, desk)
        new = NewInformationTask(point=FAIR, import_id=uuid.UUID(int=77))
        task = ask_to_inform(session, desk, the_dpo(), new).id
    clock.advance(days=10)
    with database.write() as session:
        a_complete_draft(session, desk, "shop")
        activate(session, desk, "shop")
        command = SettleInformation(task=task, told_by=ToldBy.LETTER, told_on=told_on)

        assert settle_information(session, desk, the_dpo(), command).task.version == 1
        assert show_point(session, desk, FAIR).current.version == 2  # type: ignore[union-attr]
