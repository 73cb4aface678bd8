"""The preference centre: choices seen and changed by a link, in either language, without account, script or cookie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from audit.search import Filters, search
from audit.transaction import unrecorded
from consent.models import Consent
from consent.preferences.links import PreferenceLink, seal_link
from consent.service import ConsentRecord, ConsentRef, Desk, History, consent_history, consent_status
from consent.states import ConsentState, EventKind, Method
from consent.suppression.models import Suppression
from consent.suppression.values import Reason
from governance.actor import SYSTEM, Role
from governance.customers.tables import TABLES
from governance.gate.query import Query
from governance.vault.models import DataSubject
from governance.vault.sealed_values import SealedValues
from governance.vault.subject_keys import EVERY_SOLICITATION, erase, objections_of
from governance.vocabulary import Channel
from governance.wiring import Wired
from register.models import Purpose
from tests.builders.consent import desk_of
from tests.builders.oversight import acting
from tests.builders.paper import read_paper
from tests.builders.service import Service, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, wire_cheaply

EMAIL = "email-marketing"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


@dataclass
class Person:
    """Somebody who holds the link of a message about e-mail marketing, which they agreed to."""

    service: Service
    subject_id: int
    token: str
    alone: str

    @property
    def wired(self) -> Wired:
        return self.service.wired

    def get(self, token: str | None = None, language: str = "en") -> TestResponse:
        return self._client().get(f"/preferences/{token or self.token}", headers={**HTML, "Accept-Language": language})

    def post(self, verb: str, token: str | None = None, language: str = "en", **form: str) -> TestResponse:
        """Post from a browser that has never been here: no cookie, no token of a form."""
        headers = {**HTML, "Accept-Language": language}
        return self._client().post(f"/preferences/{token or self.token}/{verb}", data=form, headers=headers)

    def status(self) -> dict[str, ConsentRecord]:
        desk = self._desk()
        with self.wired.read() as session:
            return {
                each.ref.purpose: each
                for each in consent_status(session, desk, self.wired.log, SYSTEM, self.subject_id)
            }

    def history(self, purpose: str = EMAIL, channel: Channel = Channel.EMAIL) -> History:
        ref = ConsentRef(subject_id=self.subject_id, purpose=purpose, channel=channel)
        with self.wired.read() as session:
            return consent_history(session, self._desk(), self.wired.log, SYSTEM, ref)

    def reaches_marketing(self) -> bool:
        """Say whether the gate gives their row to marketing, for e-mails, on the next read."""
        with self.wired.read() as session:
            mine = select(TABLES["customers"].c.id).where(TABLES["customers"].c.person_subject_id == self.subject_id)
            row_id = session.execute(mine).scalar_one()
        query = Query(purpose=EMAIL, table="customers", fields=("email",), limit=100)
        return str(row_id) in {each["id"] for each in self.wired.gate.read(acting(self.wired, Role.MARKETING), query)}

    def _client(self) -> FlaskClient:
        return self.service.app.test_client()

    def _desk(self) -> Desk:
        return desk_of(self.wired)


@pytest.fixture
def person(home: Home) -> Iterator[Person]:
    wired = wire_cheaply(home)
    with wired.read() as session:
        purpose_id = session.scalars(select(Purpose.id).where(Purpose.slug == EMAIL)).one()
        given = select(Consent).where(Consent.purpose_id == purpose_id, Consent.state == ConsentState.GIVEN.code)
        held = session.scalars(given.order_by(Consent.holds_until.desc())).first()
        assert held is not None
        link = PreferenceLink(subject_id=held.subject_id, purpose_id=purpose_id, channel=Channel.EMAIL.code)
    seal = SealedValues(wired.keyring)
    token, alone = (seal_link(seal, wired.clock, each) for each in (link, PreferenceLink(subject_id=link.subject_id)))
    yield Person(serve_in_process(wired), link.subject_id, token, alone)
    wired.close()


def buttons(answer: TestResponse) -> list[tuple[str, str]]:
    """Return each button that chooses: for which purpose, and what it says."""
    found = []
    for form in parse(answer).iter("{http://www.w3.org/1999/xhtml}form"):
        if form.attrib.get("action", "").endswith("/choose"):
            fields = {each.attrib.get("name"): each.attrib.get("value", "") for each in form.iter()}
            answers = [each.attrib["value"] for each in form.iter() if each.attrib.get("name") == "answer"]
            found += [(fields["purpose"], each) for each in answers]
    return found


@pytest.mark.parametrize(("language", "told"), [("en", "You said yes"), ("fr", "Vous avez dit oui")])
def test_one_sees_each_purpose_since_when_for_whom_and_how_long(person: Person, language: str, told: str) -> None:
    page = words(person.get(language=language))

    assert told in page
    assert ("Marketing by e-mail" if language == "en" else "Prospection par e-mail") in page
    assert ("3 years from the last contact" if language == "en" else "3 ans depuis le dernier contact") in page
    assert "Routage Plume" in page
    assert ("Goes on, unless you object" if language == "en" else "En cours, sauf opposition de votre part") in page


@pytest.mark.parametrize(("form", "kind"), [("pdf", "application/pdf"), ("jsonld", "application/jose")])
def test_one_keeps_the_proof_of_a_choice(person: Person, form: str, kind: str) -> None:
    kept = person.get(f"{person.token}/receipts/{EMAIL}?format={form}")

    assert (kept.status_code, kept.mimetype) == (200, kind)
    assert "attachment" in kept.headers["Content-Disposition"]
    if form == "pdf":
        paper = read_paper(kept.data)
        assert "The person said yes" in paper.text
        assert (paper.marked, paper.language, paper.fonts_embedded) == (True, "en", True)
        assert "tlog-proof" not in paper.text


@pytest.mark.parametrize("asked", [f"{EMAIL}?format=docx", "nothing", "statistics"])
def test_of_what_was_never_chosen_nothing_is_kept(person: Person, asked: str) -> None:
    assert person.get(f"{person.token}/receipts/{asked}").status_code == 404


def test_the_page_says_nothing_of_who_one_is(person: Person) -> None:
    shown = person.get().text

    assert not re.search(r"customer-\d+@demo\.example", shown)
    assert f">{person.subject_id}<" not in shown


def test_seeing_changes_nothing_but_the_log_which_names_the_person_as_the_reader(person: Person) -> None:
    before = person.status()

    person.get()

    assert person.status() == before
    with person.wired.read() as session:
        entry = search(session, Filters(object_type="preferences"), limit=1)[0].said
    assert (entry["actor"]["kind"], entry["action"]) == ("subject", "read")


def test_one_gesture_withdraws_and_nothing_is_read_on_its_strength_any_more(person: Person) -> None:
    assert person.reaches_marketing()

    answer = person.post("choose", purpose=EMAIL, answer="no")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/preferences/{person.token}")
    assert person.status()[EMAIL].state is ConsentState.WITHDRAWN
    assert not person.reaches_marketing()


def test_a_yes_is_as_easy_and_keeps_the_words_that_were_shown(person: Person) -> None:
    person.post("choose", purpose=EMAIL, answer="no", language="fr")
    person.post("choose", purpose=EMAIL, answer="yes", language="fr")

    found = person.history()
    given, evidence = found.events[-1], found.evidence[len(found.events) - 1].evidence
    assert (given.kind, given.method) == (EventKind.GIVEN, Method.CHECKBOX)
    assert evidence.wording is not None
    assert evidence.wording.text.startswith("Oui, je suis d’accord pour ceci")
    assert (evidence.wording.language, evidence.address) == ("fr", "127.0.0.0/24")
    assert given.notice_id is not None
    assert person.reaches_marketing()


def test_who_was_never_asked_finds_a_yes_and_a_no_of_the_same_size(person: Person) -> None:
    with person.wired.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM consent WHERE subject_id = :id"), {"id": person.subject_id})
        connection.execute(text("DELETE FROM consent_earlier_event WHERE subject_id = :id"), {"id": person.subject_id})

    page = person.get()

    assert [answer for purpose, answer in buttons(page) if purpose == EMAIL] == ["yes", "no"]
    classes = {
        each.attrib["class"]
        for each in parse(page).iter("{http://www.w3.org/1999/xhtml}button")
        if each.attrib.get("name") == "answer"
    }
    assert len(classes) == 1


def test_objecting_and_taking_it_back_is_one_gesture_each(person: Person) -> None:
    person.post("choose", purpose="post-marketing", answer="no")
    assert ("post-marketing", "yes") in buttons(person.get())

    person.post("choose", purpose="post-marketing", answer="yes")
    assert ("post-marketing", "no") in buttons(person.get())


class TestUnsubscribing:
    """RFC 8058: one POST to the address of the header, from a mail program that has neither cookie nor page."""

    def test_one_post_is_enough(self, person: Person) -> None:
        answer = person.post("unsubscribe", **{"List-Unsubscribe": "One-Click"})

        assert answer.status_code == 200
        assert person.status()[EMAIL].state is ConsentState.WITHDRAWN
        assert not person.reaches_marketing()

    def test_twice_is_once(self, person: Person) -> None:
        for _ in range(2):
            assert person.post("unsubscribe", **{"List-Unsubscribe": "One-Click"}).status_code == 200

        assert [each.kind for each in person.history().events].count(EventKind.WITHDRAWN) == 1

    def test_a_machine_that_follows_the_link_unsubscribes_nobody(self, person: Person) -> None:
        answer = person.service.app.test_client().get(f"/preferences/{person.token}/unsubscribe", headers=HTML)

        assert answer.status_code == 303
        assert person.status()[EMAIL].holds

    def test_only_the_purpose_of_the_message_is_concerned(self, person: Person) -> None:
        before = {purpose: each.state for purpose, each in person.status().items() if purpose != EMAIL}

        person.post("unsubscribe")

        assert {purpose: each.state for purpose, each in person.status().items() if purpose != EMAIL} == before

    def test_a_purpose_that_is_not_there_any_more_takes_no_other_with_it(self, person: Person) -> None:
        with person.wired.database.engine.begin() as connection:
            connection.execute(text("UPDATE purpose SET label_en = 'Forged' WHERE slug = :slug"), {"slug": EMAIL})
        before = [buttons(person.get(person.alone))]

        assert person.post("unsubscribe").status_code == 200
        assert [buttons(person.get(person.alone))] == before

    def test_the_link_of_no_message_says_no_to_everything(self, person: Person) -> None:
        person.post("unsubscribe", person.alone)

        assert not any(each.holds for each in person.status().values())


def test_no_to_everything_is_one_gesture(person: Person) -> None:
    assert person.post("refuse-all").status_code == 303

    assert not any(each.holds for each in person.status().values())
    assert "Say no to everything" not in words(person.get())
    assert {answer for _, answer in buttons(person.get())} == {"yes"}


def test_no_to_everything_is_kept_for_what_solicits_later_and_outlives_the_person(person: Person) -> None:
    for _ in range(2):
        person.post("refuse-all")

    with person.wired.read() as session:
        assert EVERY_SOLICITATION in objections_of(session.get_one(DataSubject, person.subject_id).objections)
        kept = session.scalars(select(Suppression).where(Suppression.purpose_id == EVERY_SOLICITATION)).all()
        assert {Reason.from_code(row.reason) for row in kept} == {Reason.WITHDRAWAL}
        told = search(session, Filters(object_type="objection", subject=person.subject_id))
        assert [each.said["details"]["verb"] for each in told].count("object-to-everything") == 1

    person.post("choose", purpose="post-marketing", answer="yes")

    assert ("post-marketing", "no") in buttons(person.get())


@pytest.mark.parametrize("verb", ["choose", "refuse-all", "unsubscribe"])
def test_a_link_that_is_none_opens_and_changes_nothing(person: Person, verb: str) -> None:
    wrong = person.token[:-5] + "AAAAA"
    before = person.status()

    assert person.get(wrong).status_code == 404
    assert person.post(verb, wrong, purpose=EMAIL, answer="no").status_code == 404
    assert person.status() == before


def test_the_link_of_somebody_erased_opens_nothing(person: Person) -> None:
    with person.wired.write() as session:
        erase(session, person.subject_id)
        unrecorded(session, "a test erases")

    assert person.get().status_code == 404
    assert person.post("unsubscribe").status_code == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"purpose": EMAIL, "answer": "perhaps"}, 400),
        ({"purpose": EMAIL}, 400),
        ({"purpose": "accounts", "answer": "no"}, 404),
        ({"purpose": "customer-2", "answer": "yes"}, 404),
        ({"answer": "no"}, 404),
    ],
)
def test_what_is_not_on_the_page_cannot_be_chosen(person: Person, form: dict[str, str], status: int) -> None:
    assert person.post("choose", **form).status_code == status


def test_an_activity_altered_outside_is_not_described_and_can_be_refused_all_the_same(person: Person) -> None:
    with person.wired.database.engine.begin() as connection:
        connection.execute(text("UPDATE party SET name = 'Faux' WHERE name LIKE 'Maison%'"))

    page = person.get()

    assert page.status_code == 200
    assert "They cannot be shown at the moment" in words(page)
    assert "Faux" not in page.text
    assert person.post("unsubscribe").status_code == 200
    assert person.status()[EMAIL].state is ConsentState.WITHDRAWN


def test_another_program_puts_the_link_into_its_own_messages(person: Person) -> None:
    asked = {"subjects": [person.subject_id], "purpose": EMAIL, "channel": "email"}

    answer = person.service.program(Role.SERVICE).post("/preference-links", asked)

    [link] = answer.get_json()["links"]
    assert link["subject_id"] == person.subject_id
    token = link["choices"].removeprefix("http://localhost:8000/preferences/")
    assert person.post("unsubscribe", token).status_code == 200
    assert person.status()[EMAIL].state is ConsentState.WITHDRAWN
    with person.wired.read() as session:
        made = search(session, Filters(object_type="preferences", subject=person.subject_id), limit=5)
        assert "link" in {each.said["details"].get("verb") for each in made}


@pytest.mark.parametrize(
    "wrong", [{"subjects": []}, {"subjects": [0]}, {"channel": "use"}, {"purpose": "no-such"}, {"subjects": [1] * 1001}]
)
def test_links_are_made_for_people_a_purpose_and_a_way(person: Person, wrong: dict[str, object]) -> None:
    asked = {"subjects": [person.subject_id], "purpose": EMAIL, "channel": "email", **wrong}

    assert person.service.program(Role.SERVICE).post("/preference-links", asked).status_code in {404, 422}


def test_no_machine_lists_the_page_and_no_browser_keeps_it(person: Person) -> None:
    headers = person.get().headers

    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "no-store"
