"""Signing up: said on a form, confirmed by a letter, put on file through the gate; nothing before, nor otherwise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from consent.service import ConsentRef, History, consent_history
from consent.states import EventKind, Method
from governance.actor import SYSTEM, Role
from governance.clock import SystemClock
from governance.customers.demo.signing import FORM
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.errors import FormNotForYouError, FormTermsError
from governance.customers.signing_up.models import SignUp, SignUpForm
from governance.customers.signing_up.service.forms import close_form, open_form, show_form, write_form
from governance.customers.signing_up.values import FormTerms, Question
from governance.customers.tables import TABLES
from governance.identity.models import ApiToken
from governance.identity.service.tokens import revoke_token
from governance.mail.address import parse_smtp_url
from governance.vault.models import DataSubject
from governance.vocabulary import Channel
from governance.wiring import Wired, wire
from governance.work import worker_of
from register.errors import PersonRequiredError
from tests.builders.consent import desk_of
from tests.builders.ground import StandingClock, an_actor
from tests.builders.mail import Pile
from tests.builders.oversight import acting
from tests.builders.paper import read_paper
from tests.builders.service import Service, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home

NEW = "nouvelle.personne@demo.example"
KNOWN = "customer-3@demo.example"
HTML = {"Accept": "text/html", "Accept-Language": "fr"}


@dataclass
class Street:
    """A house with a mail server, and people who have never been there."""

    service: Service
    pile: Pile
    clock: StandingClock

    @property
    def wired(self) -> Wired:
        return self.service.wired

    @property
    def desk(self) -> SignUpDesk:
        return SignUpDesk(self.wired.clock, self.wired.ids, self.wired.attestor, self.wired.keyring)

    def terms(self) -> FormTerms:
        with self.wired.read() as session:
            return show_form(session, self.desk, FORM).terms

    def put(self, **changes: object) -> None:
        """Write the form anew with some changes, and open it."""
        with self.wired.write() as session:
            terms = replace(self.terms(), **changes)  # type: ignore[arg-type] # a test's own fields
            write_form(session, self.desk, acting(self.wired, Role.DPO), FORM, terms)
            open_form(session, self.desk, acting(self.wired, Role.CONTROLLER), FORM)

    def post(self, path: str = f"/join/{FORM}", *, origin: str | None = None, **form: str) -> TestResponse:
        headers = HTML if origin is None else {**HTML, "Origin": origin}
        return self.service.app.test_client().post(path, data=form, headers=headers)

    def send(self, email: str = NEW, **form: str) -> TestResponse:
        answers = {"answer-email-marketing": "yes", "answer-sms-marketing": "no", "language": "fr"}
        return self.post(**{"email": email, "family_name": "Roux", **answers, **form})

    def work(self) -> None:
        worker = worker_of(self.wired)
        worker.enqueue_periodic()
        while worker.run_once():
            self.clock.advance(seconds=1)

    def link(self, place: int = -1) -> str:
        found = re.search(r"http://localhost:8000(/join/confirm/\S+)", self.pile.letters[place].text)
        assert found is not None
        return found[1]

    def people(self) -> int:
        with self.wired.read() as session:
            return session.scalar(select(func.count()).select_from(DataSubject)) or 0

    def newest(self) -> int:
        with self.wired.read() as session:
            return session.scalars(select(DataSubject.id).order_by(DataSubject.id.desc())).first() or 0

    def history(self, subject_id: int, purpose: str = "email-marketing", channel: Channel = Channel.EMAIL) -> History:
        ref = ConsentRef(subject_id=subject_id, purpose=purpose, channel=channel)
        with self.wired.read() as session:
            return consent_history(session, desk_of(self.wired), self.wired.log, SYSTEM, ref)


@pytest.fixture
def street(home: Home) -> Iterator[Street]:
    yield from open_street(home)


@pytest.fixture
def lane(sqlite_home: Home) -> Iterator[Street]:
    """The same on one database, for what stores nothing."""
    yield from open_street(sqlite_home)


def open_street(home: Home) -> Iterator[Street]:
    clock, pile = StandingClock(SystemClock().now()), Pile()
    settings = replace(home.settings, smtp=parse_smtp_url("smtp://127.0.0.1:25"))
    wired = replace(wire(settings, clock=clock), mailer=pile)
    yield Street(serve_in_process(wired), pile, clock)
    wired.close()


def kinds(history: History) -> list[tuple[EventKind, Method]]:
    return [(each.kind, each.method) for each in history.events]


def test_who_signs_up_and_confirms_is_on_file_with_the_words_that_they_read(street: Street) -> None:
    before = street.people()

    assert "Encore une étape" in words(street.send())
    street.work()
    assert [each.to for each in street.pile.letters] == [NEW]
    assert street.people() == before
    assert street.post(street.link()).status_code == 200
    street.work()

    assert street.people() == before + 1
    found = street.history(street.newest())
    assert kinds(found) == [(EventKind.REQUESTED, Method.CHECKBOX), (EventKind.GIVEN, Method.DOUBLE_OPT_IN)]
    assert found.record.holds
    wording = found.evidence[1].evidence.wording
    assert wording is not None
    assert (wording.form, wording.version, wording.language) == (FORM, 1, "fr")
    assert wording.text == street.terms().questions[0].label_fr
    assert found.evidence[0].evidence.address == "127.0.0.0/24"
    assert found.events[1].notice_id is not None
    assert found.events[1].expires_at is not None
    refused = street.history(street.newest(), "sms-marketing", Channel.SMS)
    assert kinds(refused) == [(EventKind.REFUSED, Method.CHECKBOX)]


def test_who_confirmed_is_sent_the_proof_and_the_way_back(street: Street) -> None:
    street.send()
    street.work()
    street.post(street.link())
    street.work()

    [_, letter] = street.pile.letters
    assert letter.to == NEW
    assert [each.name for each in letter.attachments] == ["email-marketing.email.pdf", "sms-marketing.sms.pdf"]
    proof = read_paper(letter.attachments[0].content)
    assert street.terms().questions[0].label_fr in " ".join(proof.text.split())
    assert "La personne a dit oui" in proof.text
    assert re.search(r"http://localhost:8000/preferences/[\w-]+", letter.text)


def test_a_proof_that_was_not_taken_is_sent_again(street: Street) -> None:
    street.send()
    street.work()
    street.post(street.link())
    street.pile.failures = 1
    street.work()
    street.clock.advance(hours=1)
    street.work()

    assert [len(each.attachments) for each in street.pile.letters] == [0, 2]
    with street.wired.read() as session:
        assert session.scalars(select(SignUp)).one().content is None


def test_what_no_letter_could_tell_is_forgotten_after_seven_days(street: Street) -> None:
    street.send()
    street.work()
    street.post(street.link())
    street.pile.failures = 100
    street.work()
    street.clock.advance(days=8)
    street.work()

    with street.wired.read() as session:
        assert session.scalars(select(SignUp)).one().content is None


def test_who_is_on_file_already_stays_one_person(street: Street) -> None:
    before = street.people()
    street.send(KNOWN)
    street.work()
    street.post(street.link())
    street.work()

    with street.wired.read() as session:
        settled = session.scalars(select(SignUp)).one()
        assert (settled.settled_at is not None, settled.content) == (True, None)
    assert street.people() == before


def test_the_answer_is_the_same_whether_anybody_is_known_or_not(lane: Street) -> None:
    known, unknown = (re.sub(r"csrf[^>]+>", "", lane.send(each).text) for each in (KNOWN, NEW))

    assert known == unknown


def test_what_nobody_confirms_is_deleted_after_seven_days(street: Street) -> None:
    street.send()
    street.work()
    link = street.link()

    street.clock.advance(days=7, seconds=1)
    assert street.post(link).status_code == 404
    street.work()

    with street.wired.read() as session:
        assert session.scalars(select(SignUp)).all() == []


def test_a_machine_that_follows_the_link_confirms_nothing(lane: Street) -> None:
    lane.send()
    lane.work()

    shown = lane.service.app.test_client().get(lane.link(), headers=HTML)

    assert "Confirmez-vous" in words(shown)
    with lane.wired.read() as session:
        assert session.scalars(select(SignUp)).one().confirmed_at is None


def test_confirming_twice_is_once(street: Street) -> None:
    street.send()
    street.work()
    link = street.link()
    for _ in range(2):
        assert street.post(link).status_code == 200
    street.work()

    assert street.post(link).status_code == 404
    assert len(street.history(street.newest()).events) == 2


def test_yes_to_nothing_keeps_nothing(street: Street) -> None:
    answer = street.send(**{"answer-email-marketing": "no"})

    assert answer.status_code == 422
    assert "rien n’a été conservé" in words(answer)
    with street.wired.read() as session:
        assert session.scalars(select(SignUp)).all() == []


def test_nothing_is_ticked_beforehand_and_no_is_as_large_as_yes(lane: Street) -> None:
    page = lane.service.app.test_client().get(f"/join/{FORM}", headers=HTML)

    radios = [each for each in parse(page).iter("{http://www.w3.org/1999/xhtml}input") if each.get("type") == "radio"]
    assert [each.get("value") for each in radios] == ["yes", "no"] * 2
    assert {each.get("class") for each in radios} == {"form-check-input"}
    assert not any("checked" in each.attrib for each in radios)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"email": "nobody"}, "Une adresse e-mail"),
        ({"email": ""}, "Ce champ manque"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Une adresse e-mail"),
        ({"family_name": ""}, "Ce champ manque"),
        ({"family_name": "x" * 101}, "100"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(lane: Street, form: dict[str, str], told: str) -> None:
    answer = lane.send(**form)

    assert answer.status_code == 422
    assert told in words(answer) or told == "Ce champ manque"


class TestManyLetters:
    """Nobody's mailbox is filled by whoever types its address."""

    def test_the_same_form_sent_twice_is_one_letter(self, street: Street) -> None:
        for _ in range(3):
            street.send()
        street.work()

        assert len(street.pile.letters) == 1

    def test_an_address_is_written_to_three_times_a_day(self, street: Street) -> None:
        for number in range(5):
            assert street.send(given_name=f"Nom {number}").status_code == 200
        street.work()

        assert len(street.pile.letters) == 3

    def test_a_letter_that_was_not_taken_is_tried_again_with_another_link(self, street: Street) -> None:
        street.pile.failures = 1
        street.send()
        street.work()
        street.clock.advance(hours=1)
        street.work()

        assert len(street.pile.letters) == 1
        assert street.post(street.link()).status_code == 200


class TestMinors:
    """GDPR Art. 8, LIL art. 45: both confirm, each by a letter of their own."""

    @pytest.fixture
    def street(self, street: Street) -> Street:
        street.put(asks_age=True)
        return street

    def send(self, street: Street, **form: str) -> TestResponse:
        minor = {"age": "under-15", "guardian_name": "Une mère", "guardian_email": "mere@demo.example"}
        return street.send(**{**minor, **form})

    def test_nothing_counts_before_both_confirmed(self, street: Street) -> None:
        before = street.people()
        self.send(street)
        street.work()
        assert sorted(each.to for each in street.pile.letters) == ["mere@demo.example", NEW]

        street.post(street.link(0))
        street.work()
        assert street.people() == before
        street.post(street.link(1))
        street.work()

        found = street.history(street.newest())
        assert found.record.holds
        guardian = found.evidence[1].evidence.guardian
        assert guardian is not None
        assert guardian.name == "Une mère"
        proofs = [each for each in street.pile.letters if each.attachments]
        assert [each.to for each in proofs] == [NEW, "mere@demo.example"]
        assert "Une mère" in read_paper(proofs[1].attachments[0].content).text

    def test_a_parent_is_written_to_three_times_a_day_whatever_the_childs_address(self, street: Street) -> None:
        for number in range(5):
            assert self.send(street, email=f"enfant-{number}@demo.example").status_code == 200
        street.work()

        assert [each.to for each in street.pile.letters].count("mere@demo.example") == 3

    @pytest.mark.parametrize(
        "form", [{"guardian_email": ""}, {"guardian_name": ""}, {"guardian_email": NEW.upper()}, {"age": ""}]
    )
    def test_a_parent_of_their_own_is_named(self, street: Street, form: dict[str, str]) -> None:
        assert self.send(street, **form).status_code == 422

    def test_who_is_15_needs_nobody(self, street: Street) -> None:
        assert self.send(street, age="from-15", guardian_name="", guardian_email="").status_code == 200
        street.work()

        assert len(street.pile.letters) == 1


class TestOtherSites:
    """A form may stand on the company's own sites, and on no other."""

    @pytest.mark.parametrize(
        ("origin", "status"),
        [
            (None, 200),
            ("http://localhost:8000", 200),
            ("https://www.maison.example", 200),
            ("https://evil.example", 403),
            ("https://www.maison.example.evil.example", 403),
            ("null", 403),
        ],
    )
    def test_it_is_taken_from_those_that_it_names(self, lane: Street, origin: str | None, status: int) -> None:
        lane.put(origins=("https://www.maison.example",))
        form = {"email": NEW, "family_name": "Roux", "answer-email-marketing": "yes"}

        assert lane.post(origin=origin, **form).status_code == status

    def test_a_browser_that_says_it_comes_from_another_site_is_heard(self, lane: Street) -> None:
        lane.put(origins=("https://www.maison.example",))
        headers = {
            **HTML, "Origin": "https://www.maison.example", "Sec-Fetch-Site": "cross-site",
            "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
        }  # fmt: skip
        form = {"email": NEW, "family_name": "Roux", "answer-email-marketing": "yes"}

        def sent(**changed: str) -> int:
            client = lane.service.app.test_client()
            return client.post(f"/join/{FORM}", data=form, headers=headers | changed).status_code

        assert sent() == 200
        assert sent(**{"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}) == 403
        assert sent(**{"Sec-Fetch-Dest": "iframe"}) == 403

    @pytest.mark.parametrize("origin", ["http://www.maison.example", "https://a.example/path", "javascript:1", "*"])
    def test_what_is_no_site_is_refused(self, lane: Street, origin: str) -> None:
        with pytest.raises(FormTermsError), lane.wired.write() as session:
            terms = replace(lane.terms(), origins=(origin,))
            write_form(session, lane.desk, acting(lane.wired, Role.DPO), FORM, terms)


class TestKeepingForms:
    """Written by those who look after messages or the register, opened by the controller."""

    def test_a_version_that_people_saw_never_changes(self, street: Street) -> None:
        street.send()
        other = Question(purpose="email-marketing", label_fr="Autre chose ?", label_en="Something else?")
        street.put(questions=(other,))
        street.work()
        street.post(street.link())
        street.work()

        wording = street.history(street.newest()).evidence[1].evidence.wording
        assert wording is not None
        assert (wording.version, wording.text.startswith("Voulez-vous recevoir")) == (1, True)

    @pytest.mark.parametrize(
        "changes",
        [
            {"questions": (Question(purpose="customer-relationship", label_fr="Oui ?", label_en="Yes?"),)},
            {"questions": (Question(purpose="no-such", label_fr="Oui ?", label_en="Yes?"),)},
            {"purpose": "email-marketing"},
            {"point": "no-such-point"},
        ],
    )
    def test_what_cannot_be_asked_cannot_be_opened(self, lane: Street, changes: dict[str, object]) -> None:
        with pytest.raises(FormTermsError):
            lane.put(**changes)

    def test_others_neither_write_nor_open(self, street: Street) -> None:
        terms = street.terms()
        with street.wired.write() as session:
            with pytest.raises(FormNotForYouError):
                write_form(session, street.desk, acting(street.wired, Role.SALES), FORM, terms)
            with pytest.raises(FormNotForYouError):
                open_form(session, street.desk, acting(street.wired, Role.DPO), FORM)
            with pytest.raises(PersonRequiredError):
                open_form(session, street.desk, an_actor(Role.CONTROLLER, kind=SYSTEM.kind), FORM)
            close_form(session, street.desk, acting(street.wired, Role.DPO), FORM)

        assert street.send().status_code == 404

    def test_without_its_program_nobody_signs_up(self, street: Street) -> None:
        with street.wired.write() as session:
            token = session.scalars(select(ApiToken).where(ApiToken.name == "Site de la maison")).one()
            controller = acting(street.wired, Role.CONTROLLER)
            revoke_token(session, street.clock, street.wired.attestor, controller, token.id)

        assert street.send().status_code == 404

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE sign_up_sheet SET terms = replace(terms, 'par e-mail', 'par tous les moyens')",
            "UPDATE sign_up_form SET open_version = 1, versions = 2",
            "DELETE FROM sign_up_sheet",
        ],
    )
    def test_a_form_altered_by_sql_is_shown_to_nobody(self, street: Street, statement: str) -> None:
        with street.wired.database.engine.begin() as connection:
            connection.execute(text(statement))

        assert street.send().status_code >= 400
        with street.wired.read() as session:
            assert session.scalars(select(SignUp)).all() == []
            assert len(session.scalars(select(SignUpForm)).all()) == 1

    def test_a_sign_up_altered_by_sql_puts_nobody_on_file(self, street: Street) -> None:
        before = street.people()
        street.send()
        street.work()
        with street.wired.database.engine.begin() as connection:
            connection.execute(text("UPDATE sign_up SET confirmed_at = asked_at"))
        street.post(street.link())
        street.work()

        assert street.people() == before


def test_the_row_is_collected_under_the_notice_that_was_shown(street: Street) -> None:
    street.send()
    street.work()
    street.post(street.link())
    street.work()

    table = TABLES["customers"]
    with street.wired.read() as session:
        mine = select(table).where(table.c.person_subject_id == street.newest())
        row = session.execute(mine).mappings().one()
    assert row["person_contact_box"] is not None


def test_seven_days_are_counted_from_the_form(street: Street) -> None:
    street.send()
    street.clock.advance(days=6)
    street.work()
    street.clock.advance(days=1)

    assert street.post(street.link()).status_code == 404
