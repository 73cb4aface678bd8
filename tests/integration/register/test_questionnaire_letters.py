"""Letters of questionnaires: the link is made when it is sent, reminded of once, and the address goes with it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from governance.database import Database
from governance.days import day_of, last_moment_of
from governance.identity.postman import PostOffice
from governance.jobs.models import Job
from governance.jobs.worker import Worker
from governance.spoken_days import spoken_day
from register.questionnaires.errors import QuestionnaireLinkError
from register.questionnaires.models import Questionnaire
from register.questionnaires.postman import QuestionnairePostman
from register.questionnaires.service import open_link, revoke
from register.service import Desk
from tests.builders.ground import StandingClock
from tests.builders.mail import Pile
from tests.builders.questionnaires import Asking, an_answer_seal
from tests.builders.register import the_dpo

TO = "privacy@host.example"


class Post:
    """An asking house, what writes its letters, and where they end up."""

    def __init__(self, asking: Asking, clock: StandingClock) -> None:
        self.asking, self.clock, self.pile = asking, clock, Pile()
        office = PostOffice(
            database=asking.database,
            clock=clock,
            ids=asking.desk.ids,
            attestor=asking.desk.attestor,
            mailer=self.pile,
            base_url="http://localhost:8000",
        )
        self.postman = QuestionnairePostman(office, asking.seal)
        self.worker = Worker(asking.database, clock, asking.desk.ids, self.postman.handlers())
        self.worker.enqueue_periodic()

    def after(self, **span: float) -> list[str]:
        """Let time pass and the worker work; return the subjects of what was sent."""
        self.clock.advance(**span)
        before = len(self.pile.letters)
        while self.worker.run_once():
            self.clock.advance(seconds=1)
        assert all(each.to == TO for each in self.pile.letters)
        return [each.subject for each in self.pile.letters[before:]]

    def link(self, place: int = -1) -> str:
        found = re.search(r"http://localhost:8000/answer/(\S+)", self.pile.letters[place].text)
        assert found is not None
        return found[1]

    def opens(self, secret: str) -> bool:
        with self.asking.database.read() as session:
            try:
                open_link(session, self.asking.answering, secret)
            except QuestionnaireLinkError:
                return False
        return True

    def address(self) -> bytes | None:
        with self.asking.database.read() as session:
            return session.scalars(select(Questionnaire.email)).one()


@pytest.fixture
def post(database: Database, desk: Desk, clock: StandingClock, tmp_path: Path) -> Post:
    return Post(Asking(database, desk, an_answer_seal(tmp_path)), clock)


def test_a_link_opens_until_the_day_that_its_letter_names_is_over(post: Post) -> None:
    post.asking.ask(email=TO, days=2)
    post.after()
    last = day_of(post.clock.now()) + timedelta(days=2)
    assert f"jusqu’au {spoken_day(last, 'fr')}" in " ".join(post.pile.letters[-1].text.split())

    post.clock.advance(seconds=(last_moment_of(last) - post.clock.now()).total_seconds() - 1)
    assert post.opens(post.link())
    post.clock.advance(seconds=2)
    assert not post.opens(post.link())


def test_the_letter_brings_a_link_and_one_reminder_another_and_both_open_until_it_is_answered(post: Post) -> None:
    post.asking.ask(email=TO)
    assert post.after() == ["Boutique Exemple vous pose quelques questions"]
    assert "Fidélité" in post.pile.letters[-1].text
    assert post.opens(post.link())

    assert post.after(days=22) == []
    assert post.after(days=2) == ["Boutique Exemple attend encore vos réponses"]
    assert [post.opens(post.link(0)), post.opens(post.link(1))] == [True, True]
    assert post.after(days=2) == []

    post.asking.save(post.link(1), {"security": "Keys turn every year."})
    post.asking.send(post.link(1))
    assert [post.opens(post.link(0)), post.opens(post.link(1)), post.address()] == [False, False, None]


def test_no_job_holds_the_address_or_a_secret(post: Post) -> None:
    asked = post.asking.ask(email=TO)
    with post.asking.database.read() as session:
        payloads = [each.payload for each in session.scalars(select(Job))]
    assert payloads == [{}, {"questionnaire": str(asked.questionnaire.id)}]


def test_a_letter_that_could_not_be_sent_is_sent_later_and_its_unsent_link_opens_nothing(post: Post) -> None:
    post.asking.ask(email=TO)
    post.pile.failures = 1
    assert post.after() == []
    with post.asking.database.read() as session:
        unsent = session.scalars(select(Questionnaire.link_hash)).one()
    assert len(post.after(minutes=1)) == 1
    with post.asking.database.read() as session:
        assert session.scalars(select(Questionnaire.link_hash)).one() != unsent


def test_what_was_answered_or_taken_back_is_not_reminded_of_and_what_has_ended_forgets_its_address(post: Post) -> None:
    asked = post.asking.ask(email=TO, days=4)
    post.after()
    with post.asking.database.write() as session:
        revoke(session, post.asking.desk, the_dpo(), asked.questionnaire.id)
    assert post.address() is None
    assert post.after(days=3) == []


def test_an_address_is_forgotten_when_its_link_ends(post: Post) -> None:
    post.asking.ask(email=TO, days=4)
    assert len(post.after()) == 1
    assert post.after(days=1) == [], "half of its life is not over"
    assert len(post.after(days=1, hours=13)) == 1
    assert post.address() is not None
    assert post.after(days=3) == []
    assert post.address() is None


def test_an_english_letter_is_english(post: Post) -> None:
    post.asking.ask(email=TO, locale="en")
    assert post.after() == ["Boutique Exemple asks you a few questions"]
    assert "Loyalty" in post.pile.letters[-1].text


def test_no_letter_is_written_in_the_name_of_an_organisation_that_somebody_altered(post: Post) -> None:
    def renamed(before: str, after: str) -> None:
        with post.asking.database.write_connection() as connection:
            connection.execute(text("UPDATE party SET name = :after WHERE name = :before"), locals())

    post.asking.ask(email=TO)
    renamed("Boutique Exemple", "Somebody else")
    assert post.after() == []

    renamed("Somebody else", "Boutique Exemple")
    assert post.after(hours=1) == ["Boutique Exemple vous pose quelques questions"]

    renamed("Boutique Exemple", "Somebody else")
    assert post.after(days=24) == []

    renamed("Somebody else", "Boutique Exemple")
    assert post.after(hours=7) == ["Boutique Exemple attend encore vos réponses"]
