"""A forgotten password, from the asking to the letter, on both databases."""

import re
import uuid

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from governance.actor import Role
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import LinkRefusedError
from governance.identity.letters import Letter, tell
from governance.identity.models import LinkKind, OneTimeLink
from governance.identity.postman import Postman, PostOffice
from governance.identity.service import AskForReset, ask_for_reset, disable_account
from governance.jobs.models import Job, JobState
from governance.jobs.worker import Worker
from tests.builders.identity import PASSWORD, People, stored
from tests.builders.mail import Pile

SUPPORT = "support@demo.example"
NEW = "a new and better password"


@pytest.fixture
def pile() -> Pile:
    return Pile()


@pytest.fixture
def worker(house: People, pile: Pile) -> Worker:
    office = PostOffice(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        mailer=pile,
        base_url="http://localhost:8000",
    )
    return Worker(house.database, house.clock, house.ids, [Postman(office).handler()])


def ask(house: People, email: str = SUPPORT) -> None:
    with house.database.write() as session:
        ask_for_reset(session, house.clock, house.ids, AskForReset(email=email, address="192.0.2.7"))


def deliver(house: People, worker: Worker) -> None:
    while worker.run_once():
        house.clock.advance(seconds=1)


def secret_of(pile: Pile) -> str:
    found = re.search(r"http://localhost:8000/link/([\w-]{43})", pile.letters[-1].text)
    assert found is not None
    return found.group(1)


def use(house: People, secret: str) -> None:
    house.doorkeeper.use_link(UseLink(secret=secret, email=SUPPORT, password=NEW))


def test_a_letter_lets_its_reader_choose_a_password_once(house: People, worker: Worker, pile: Pile) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    before = house.sign_in(SUPPORT)
    ask(house)
    deliver(house, worker)
    assert [letter.to for letter in pile.letters] == [account.email]

    use(house, secret_of(pile))

    assert house.doorkeeper.by_session(before.secret, None) is None, "the devices are signed out"
    assert house.sign_in(SUPPORT, NEW).account.id == account.id
    with pytest.raises(LinkRefusedError):
        use(house, secret_of(pile))
    deliver(house, worker)
    assert pile.letters[-1].subject == "Votre mot de passe a été changé"


def test_the_link_ends_after_an_hour(house: People, worker: Worker, pile: Pile) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    ask(house)
    deliver(house, worker)
    house.clock.advance(minutes=60)

    with pytest.raises(LinkRefusedError):
        use(house, secret_of(pile))


def test_an_older_letter_opens_nothing_once_the_password_was_changed(house: People, worker: Worker, pile: Pile) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    ask(house)
    deliver(house, worker)
    first = secret_of(pile)
    ask(house)
    deliver(house, worker)
    use(house, secret_of(pile))

    with pytest.raises(LinkRefusedError):
        use(house, first)


def test_nobody_is_written_to_who_is_unknown_disabled_or_altered(house: People, worker: Worker, pile: Pile) -> None:
    gone, altered = house.account("gone@demo.example"), house.account("altered@demo.example")
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, gone.id)
    with house.database.write_connection() as connection:
        values = {"id": stored(altered.id, house.database)}
        connection.execute(text("UPDATE account SET email = 'thief@evil.example' WHERE id = :id"), values)

    for email in ("nobody@demo.example", "gone@demo.example", "altered@demo.example", "thief@evil.example", "not one"):
        ask(house, email)
    deliver(house, worker)

    assert pile.letters == []


def test_asking_costs_the_same_rows_whoever_is_asked_for(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    counts = []
    for email in (SUPPORT, "nobody@demo.example", "not one"):
        with house.database.read() as session:
            before = len(session.scalars(select(Job)).all()), len(session.scalars(select(LogEntry.leaf_index)).all())
        ask(house, email)
        with house.database.read() as session:
            after = len(session.scalars(select(Job)).all()), len(session.scalars(select(LogEntry.leaf_index)).all())
        counts.append((after[0] - before[0], after[1] - before[1]))

    assert counts == [(1, 1)] * 3


def test_a_job_and_the_log_name_no_address_and_no_secret(house: People, worker: Worker, pile: Pile) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    ask(house)
    deliver(house, worker)

    with house.database.read() as session:
        kept = [str(job.payload) + str(job.key) for job in session.scalars(select(Job))]
        kept += [str(body) for body in session.scalars(select(LogEntry.body))]
        hashes = session.scalars(select(OneTimeLink.secret_hash)).all()
    assert not any(SUPPORT in each or secret_of(pile) in each for each in kept)
    assert secret_of(pile).encode() not in hashes


def test_a_letter_that_could_not_be_sent_is_sent_again_with_another_link(
    house: People, worker: Worker, pile: Pile
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    pile.failures = 4
    ask(house)
    for _ in range(5):
        worker.run_once()
        house.clock.advance(minutes=2)

    assert len(pile.letters) == 1
    use(house, secret_of(pile))
    with house.database.read() as session:
        used = session.scalars(select(OneTimeLink.used_at).where(OneTimeLink.kind == LinkKind.RESET_PASSWORD)).all()
    assert [each is not None for each in used] == [True], "links that nobody was given are gone"


def test_one_person_gets_three_letters_an_hour_however_often_strangers_ask(
    house: People, worker: Worker, pile: Pile
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    for _ in range(6):
        ask(house)
        deliver(house, worker)
    assert len(pile.letters) == 3

    house.clock.advance(hours=1)
    ask(house)
    deliver(house, worker)
    assert len(pile.letters) == 4


def test_asked_for_twice_before_it_is_sent_it_is_sent_once(house: People, worker: Worker, pile: Pile) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    ask(house)
    ask(house)
    deliver(house, worker)

    assert len(pile.letters) == 1


def test_what_was_done_is_forgotten_after_a_week(house: People, worker: Worker) -> None:
    for _ in range(3):
        ask(house, "nobody@demo.example")
        deliver(house, worker)
    house.clock.advance(days=8)
    ask(house, "nobody@demo.example")
    deliver(house, worker)

    with house.database.read() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_without_a_mail_server_the_job_ends_and_no_link_is_made(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    office = PostOffice(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        attestor=house.attestor,
        mailer=None,
        base_url="http://localhost:8000",
    )
    ask(house)
    deliver(house, Worker(house.database, house.clock, house.ids, [Postman(office).handler()]))

    with house.database.read() as session:
        assert session.scalars(select(OneTimeLink)).all() == []
        assert {job.state for job in session.scalars(select(Job))} == {JobState.DONE}


@pytest.mark.parametrize("letter", [Letter.ACCOUNT_DISABLED, Letter.PASSWORD_CHANGED])
def test_the_holder_of_a_disabled_account_learns_that_and_nothing_else(
    house: People, worker: Worker, pile: Pile, letter: Letter
) -> None:
    gone = house.account(SUPPORT, Role.SUPPORT)
    controller = house.controller()
    with house.database.write() as session:
        disable_account(session, house.clock, house.ids, house.attestor, controller, gone.id)
        tell(session, house.ids, house.clock, gone.id, letter)
    deliver(house, worker)

    assert len(pile.letters) == (letter is Letter.ACCOUNT_DISABLED)


def test_a_letter_to_nobody_is_a_letter_to_nobody(house: People, worker: Worker, pile: Pile) -> None:
    with house.database.write() as session:
        tell(session, house.ids, house.clock, uuid.UUID(int=7), Letter.TEST)
        ask_for_reset(session, house.clock, house.ids, AskForReset(email="x@demo.example"))
    deliver(house, worker)

    assert pile.letters == []
    assert PASSWORD
