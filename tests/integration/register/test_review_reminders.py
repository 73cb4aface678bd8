"""Reminders of reviews: in their time, to whom it concerns, once each, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from governance.actor import Actor, Role
from governance.database import Database
from governance.identity.postman import PostOffice
from governance.identity.service.accounts import disable_account
from governance.jobs.errors import LeaseLostError
from governance.jobs.queue import Lease
from governance.jobs.worker import Worker
from governance.mail.errors import MailRefusedError
from governance.mail.message import Message
from register.lifecycle import Opinion, Verb
from register.reminding import ReviewReminders
from register.service import Desk, Step, set_default_months
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.identity import People, people
from tests.builders.mail import Pile
from tests.builders.register import a_complete_draft, step, the_controller, the_dpo, the_owner

OWNER, DPO = "owner@demo.example", "dpo@demo.example"
# The record of the test was activated on 22 November 2026, and is looked at again after six months.
BEFORE, DAY, LATE = date(2027, 4, 22), date(2027, 5, 22), date(2027, 6, 22)


class Gone(Pile):
    """A mailer whose server knows no mailbox of one address."""

    gone = ""

    def send(self, message: Message) -> None:
        if message.to == self.gone:
            raise MailRefusedError(code=550)
        super().send(message)


class Line:
    """A house with records in force that somebody heads, and what reminds of them."""

    def __init__(self, house: People) -> None:
        self.house, self.pile = house, Gone()
        self.desk = Desk(house.clock, house.ids, house.attestor)
        self.owner = an_actor(Role.OWNER, number=house.account(OWNER, Role.OWNER).id.int)
        house.account(DPO, Role.DPO)
        self.activate("loyalty", self.owner)
        with house.database.write() as session:
            set_default_months(session, the_dpo(), 6)
        self.enqueued = self.worker(self.pile)
        self.enqueued.enqueue_periodic()

    def activate(self, slug: str, owner: Actor) -> None:
        with self.house.database.write() as session:
            a_complete_draft(session, self.desk, slug).owner_id = owner.id
            step(session, self.desk, owner, Step(activity=slug, verb=Verb.SUBMIT))
            step(session, self.desk, the_dpo(), Step(activity=slug, verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE))
            step(session, self.desk, the_controller(), Step(activity=slug, verb=Verb.ACTIVATE))

    def reminders(self, pile: Pile | None) -> ReviewReminders:
        house = self.house
        return ReviewReminders(
            PostOffice(
                database=house.database,
                clock=house.clock,
                ids=house.ids,
                attestor=house.attestor,
                mailer=pile,
                base_url="http://localhost:8000",
            )
        )

    def worker(self, pile: Pile | None) -> Worker:
        return Worker(self.house.database, self.house.clock, self.house.ids, [self.reminders(pile).handler()])

    def on(self, day: date) -> list[str]:
        """Let the worker work on a day, and return who was written to."""
        before = len(self.pile.letters)
        self.move(day)
        while self.enqueued.run_once():
            self.house.clock.advance(seconds=1)
        return [each.to for each in self.pile.letters[before:]]

    def move(self, day: date) -> None:
        self.house.clock.moment = self.house.clock.moment.replace(year=day.year, month=day.month, day=day.day)


@pytest.fixture
def house(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    with people(database, clock, ids, tmp_path) as built:
        yield built


@pytest.fixture
def line(house: People) -> Line:
    return Line(house)


def test_it_is_told_a_month_before_on_the_day_and_each_month_late_once_each(line: Line) -> None:
    assert line.on(date(2027, 4, 21)) == []
    assert [line.on(BEFORE), line.on(date(2027, 5, 1))] == [[OWNER], []]
    assert [line.on(DAY), line.on(date(2027, 5, 23)), line.on(date(2027, 6, 21))] == [[OWNER], [], []]
    assert [line.on(LATE), line.on(date(2027, 7, 22))] == [[OWNER], [OWNER]]


def test_a_confirmed_record_is_told_of_no_more_and_its_next_review_is(line: Line) -> None:
    line.on(DAY)
    with line.house.database.write() as session:
        step(session, line.desk, line.owner, Step(activity="loyalty", verb=Verb.REVIEW))
        step(session, line.desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))

    assert line.on(LATE) == []
    assert line.on(date(2027, 10, 22)) == [OWNER]


def test_several_records_are_told_in_one_letter_in_the_language_of_the_reader(line: Line) -> None:
    line.activate("stock", line.owner)

    assert line.on(DAY) == [OWNER]
    letter = line.pile.letters[-1]
    assert letter.subject == "2 fiches à revoir"
    assert "http://localhost:8000/activities/loyalty" in letter.text
    assert "http://localhost:8000/activities/stock" in letter.html
    assert "22 mai 2027" in letter.text


def test_where_nobody_heads_the_line_the_data_protection_officer_is_told(line: Line) -> None:
    line.activate("stock", the_owner())
    assert sorted(line.on(BEFORE)) == [DPO, OWNER], "an account that is not there heads nothing"

    admin, account = line.house.admin(), line.owner.id
    assert account is not None
    with line.house.database.write() as session:
        disable_account(session, line.house.clock, line.house.ids, line.house.attestor, admin, account)

    assert line.on(DAY) == [DPO]
    assert "loyalty" in line.pile.letters[-1].text


def test_without_a_mail_server_nothing_is_sent_and_nothing_is_taken_for_sent(line: Line) -> None:
    line.move(DAY)
    while line.worker(None).run_once():
        pass

    assert line.on(date(2027, 5, 23)) == [OWNER]


def test_a_worker_that_dies_after_sending_sends_once_more_and_no_more(line: Line) -> None:
    line.move(DAY)
    # Between the sending and the remembering somebody else took the work: this one's number is not in force.
    lost = Lease(
        id=line.house.ids.new(), kind="review-reminders", payload={}, attempts=1, claims=1, progress=0, total=None,
        until=line.house.clock.now(),
    )  # fmt: skip
    reminders = line.reminders(line.pile)
    with pytest.raises(LeaseLostError):
        while (done := reminders.remind(lost)).payload is not None:
            lost = replace(lost, payload=done.payload)
    assert [each.to for each in line.pile.letters] == [OWNER]

    assert line.on(DAY) == [OWNER]
    assert line.on(date(2027, 5, 23)) == []


def test_a_server_that_does_not_answer_is_asked_again_and_a_mailbox_that_is_gone_keeps_nobody_waiting(
    line: Line,
) -> None:
    line.activate("stock", the_owner())
    line.pile.failures = 2
    line.pile.gone = OWNER
    assert line.on(DAY) == []
    line.house.clock.advance(minutes=5)
    while line.enqueued.run_once():
        line.house.clock.advance(minutes=1)
    assert [each.to for each in line.pile.letters] == [DPO]

    line.pile.gone = ""
    assert line.on(date(2027, 5, 23)) == [OWNER], "and it is tried again"
