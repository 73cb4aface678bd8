"""The pages of a questionnaire, as a stranger meets them, and as an attacker tries them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.actor import Role
from register.lifecycle import Verb
from register.questionnaires.values import TOPICS, Kind
from register.service import Desk, NewActivity, Step, draft_activity, move_activity
from register.service.catalogue.parties import list_parties
from tests.builders.service import serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, copied, wire_cheaply
from tests.integration.register.test_line_pages import party_of
from tests.integration.register.test_pages import House, Visitor, wrong

SCRIPT = "<script>alert(1)</script>{{ 7 * 7 }}"
RECORD = "/activities/loyalty"


@pytest.fixture(scope="module")
def house(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("answering-pages") / "home"
    wired = wire_cheaply(copied(sqlite_demonstration, folder))
    yield House(serve_in_process(wired), sqlite_demonstration)
    wired.close()


@dataclass
class Stranger:
    """Somebody with a link and nothing else."""

    client: FlaskClient
    link: str

    def get(self, page: str = "", language: str = "en") -> TestResponse:
        headers = {"Accept-Language": language, "Accept": "text/html"}
        return self.client.get(f"{self.link}{page}", headers=headers)

    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/check").text)
        return "" if found is None else found[1]

    def post(self, page: str, token: str | None = None, **form: Any) -> TestResponse:
        data = {"csrf_token": self.token() if token is None else token, **form}
        return self.client.post(
            f"{self.link}{page}", data=data, headers={"Accept": "text/html", "Accept-Language": "en"}
        )


def a_stranger(house: House, kind: str = "practice") -> Stranger:
    """Have the owner ask, and return whoever got the link."""
    owner = house(Role.OWNER)
    made = owner.post(f"{RECORD}/questionnaires/new/{kind}", **_asked(owner, kind))
    assert made.status_code == 200, wrong(made)
    found = re.search(r"http://[^<]*(/answer/[\w-]+)", made.text)
    assert found is not None
    return Stranger(house.service.app.test_client(), found[1])


def _asked(owner: Visitor, kind: str) -> dict[str, str]:
    given = {"days": "30"}
    if kind == "practice":
        return {**given, "whom": "The till of the shop"}
    offered = re.search(r'<option value="([0-9a-f-]{36})"', owner.get(f"{RECORD}/questionnaires/new/processor").text)
    assert offered is not None
    return {**given, "party_id": offered[1]}


def shown(owner: Any, page: str, answer: str) -> str:
    """Return the mark of what the record says beside an answer, as the page has it."""
    pattern = rf'name="answer" value="{re.escape(answer)}"><input[^>]*name="shown" value="(\w+)"'
    found = re.search(pattern, owner.get(page).text)
    assert found is not None
    return found[1]


def test_a_stranger_answers_page_by_page_comes_back_sends_and_gets_a_copy(house: House) -> None:
    stranger = a_stranger(house)
    assert "Programme de fidélité" in words(stranger.get(language="fr"))
    first = stranger.post("/data", data="Names and points.", sources=["person"], sources_more="")
    assert first.headers["Location"].endswith("/people")
    assert stranger.post("/people", customer="1200").headers["Location"].endswith("/access")
    again = Stranger(house.service.app.test_client(), stranger.link)
    assert "Names and points." in again.get("/data").text
    assert again.post("/access", who="Everybody", kept="").status_code == 303
    assert again.post("/tools", applications="Till\r\nTill\r\n", papers="").headers["Location"].endswith("/check")
    assert "Names and points." in words(again.get("/check"))

    thanks = again.post("/send")
    assert thanks.status_code == 200
    assert "Thank you" in words(thanks)
    assert "1,200" in words(thanks)
    assert stranger.get().status_code == 404
    assert again.post("/send", token="x").status_code in {400, 404}


def test_a_processor_answers_its_own_questions_and_the_owner_takes_one_over_and_leaves_one(house: House) -> None:
    owner = house(Role.OWNER)
    party = party_of(owner, "Imprimerie Exemple")
    owner.post(f"{RECORD}/parties/new", relation="processor", party_id=party, part="Prints.")
    stranger = a_stranger(house, "processor")
    boxes = re.findall(r'name="measures"[^>]*value="([0-9a-f]{32})"', stranger.get("/security").text)
    assert len(boxes) > 20
    assert stranger.post("/security", measures=boxes[:1], security="").status_code == 303
    assert stranger.post("/security", measures=["0" * 32]).status_code == 422
    assert stranger.post("/others", engages="perhaps").status_code == 422
    assert stranger.post("/countries", abroad="yes", country_0="FR").status_code == 422, "no transfer"
    twice = stranger.post("/countries", abroad="yes", country_0="US", grounds_0="A", country_2="US", grounds_2="B")
    assert twice.status_code == 422, "neither is put in the place of the other unseen"
    assert "named above already" in words(twice)
    gone = {"abroad": "yes", "country_0": "US", "safeguard_0": "standard-clauses", "grounds_0": "Module 3"}
    assert stranger.post("/countries", **gone).status_code == 303
    assert stranger.post("/contract", certifications="ISO 27001", ends_on="soon").status_code == 422
    assert stranger.post("/contacts", breach_email="not an address").status_code == 422
    assert "United States" in words(stranger.get("/check"))
    assert stranger.post("/send").status_code == 200

    found = re.search(
        rf'href="({RECORD}/questionnaires/[0-9a-f-]{{36}})"[^>]*>Questions to a processor', owner.get(RECORD).text
    )
    assert found is not None
    page = found[1]
    assert "2 answers wait for you" in owner.said(page)
    assert "2 réponses vous attendent" in owner.said(page, "fr")
    auditor = house(Role.AUDITOR)
    assert "United States" in auditor.said(page)
    assert "Take it over" not in auditor.said(page)
    unseen = owner.post(f"{page}/take", answer="transfer:US")
    assert unseen.status_code == 422, "whoever sends no mark saw nothing of the record"
    assert "look at the two side by side again" in words(unseen)
    mark = shown(owner, page, "transfer:US")
    assert owner.post(f"{page}/take", answer="transfer:US", shown=mark).status_code == 303
    assert owner.post(f"{page}/take", answer="transfer:US", shown=mark).status_code == 422
    assert "in the place of what the record says" not in owner.said(page)
    assert "United States: Imprimerie Exemple" in owner.said(RECORD)
    assert owner.post(f"{page}/leave", answer=f"measure:{boxes[0]}").status_code == 303
    assert "settled" in owner.said(page)
    assert owner.post(f"{page.replace('loyalty', 'call-quality')}/settle").status_code == 404


def test_what_is_guessed_ended_sent_or_another_kinds_is_answered_alike(house: House) -> None:
    sent = a_stranger(house)
    assert sent.post("/access", who="Everybody", kept="").status_code == 303
    assert sent.post("/send").status_code == 200
    taken_back = a_stranger(house)
    owner = house(Role.OWNER)
    pages = re.findall(rf'href="({RECORD}/questionnaires/[0-9a-f-]{{36}})"', owner.get(RECORD).text)
    assert owner.post(f"{pages[0]}/revoke").status_code == 303
    guess = Stranger(house.service.app.test_client(), f"/answer/{'A' * 43}")
    there = a_stranger(house)

    answers = [each.get() for each in (sent, taken_back, guess)] + [there.get("/security")]
    assert {each.status_code for each in answers} == {404}
    assert len({words(each) for each in answers}) == 1
    assert "This link opens nothing" in words(answers[0])
    assert there.get("/data").status_code == 200


@pytest.mark.parametrize("written", ["about 500", "1e9", "-3", "3000000000", "12.5"])
def test_a_number_that_is_none_is_refused_in_one_sentence(house: House, written: str) -> None:
    refused = a_stranger(house).post("/people", customer=written)

    assert refused.status_code == 422
    assert wrong(refused) == "Write a whole number in figures, from 0 to 2,000,000,000."


def test_a_number_is_read_with_spaces_between_its_thousands(house: House) -> None:
    stranger = a_stranger(house)

    assert stranger.post("/people", customer="12 000", prospect="1\u202f500").status_code == 303
    told = words(stranger.get("/check"))
    assert "12,000" in told, told
    assert "1,500" in told


def test_whoever_comes_back_goes_on_where_they_were(house: House) -> None:
    stranger = a_stranger(house)
    assert f'href="{stranger.link}/data"' in stranger.get().text

    stranger.post("/data", data="Names and points.")
    stranger.post("/people")
    assert f'href="{stranger.link}/access"' in stranger.get().text

    for topic in ("access", "tools"):
        stranger.post(f"/{topic}")
    assert "Go on where I was" in words(stranger.get())
    assert stranger.get().text.count(f'href="{stranger.link}/check"') == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_sent_while_nothing_is_answered_and_the_link_still_opens(house: House, kind: Kind) -> None:
    owner = house(Role.OWNER)
    party = party_of(owner, "Imprimerie Exemple")
    owner.post(f"{RECORD}/parties/new", relation="processor", party_id=party, part="Prints.")
    stranger = a_stranger(house, kind.value)
    for topic in TOPICS[kind]:
        assert stranger.post(f"/{topic.value}").status_code == 303

    refused = stranger.post("/send")

    assert refused.status_code == 422
    assert "Nothing is answered yet: answer at least one question" in words(refused)
    assert f'href="{stranger.link}/{TOPICS[kind][0].value}"' in refused.text
    assert stranger.get().status_code == 200


def test_forms_from_elsewhere_are_refused(house: House) -> None:
    mine, others = a_stranger(house), a_stranger(house)
    token = others.token()
    for page in ("/data", "/send"):
        assert mine.post(page, token="").status_code == 400
        assert Stranger(house.service.app.test_client(), mine.link).post(page, token=token).status_code == 400
    assert "Nothing is answered yet." in words(mine.get("/check"))


def test_what_is_written_is_text_and_never_a_part_of_a_page(house: House) -> None:
    stranger = a_stranger(house)
    assert stranger.post("/data", data=SCRIPT).status_code == 303
    assert stranger.post("/tools", applications=SCRIPT, papers=SCRIPT).status_code == 303
    for answer in (stranger.get("/data"), stranger.get("/check"), stranger.post("/send")):
        assert "<script>" not in answer.text
        assert SCRIPT in "".join(parse(answer).itertext())
    owner = house(Role.OWNER)
    page = re.findall(rf'href="({RECORD}/questionnaires/[0-9a-f-]{{36}})"', owner.get(RECORD).text)[0]
    for key in ("data", "application:1"):
        assert owner.post(f"{page}/take", answer=key, shown=shown(owner, page, key)).status_code == 303
    for path in (page, RECORD, f"{RECORD}/versions"):
        answer = owner.get(path)
        assert "<script>alert" not in answer.text
    assert SCRIPT in "".join(parse(owner.get(RECORD)).itertext())


def test_too_much_is_refused_and_nothing_of_it_kept(house: House) -> None:
    stranger = a_stranger(house)
    assert stranger.post("/data", data="x" * 4_001).status_code == 422
    assert stranger.post("/data", data="x" * 2_000_000).status_code == 413
    assert stranger.post("/data", data="a\0b").status_code == 400
    assert stranger.post("/people", customer="99999999999999").status_code == 422
    assert "Nothing is answered yet." in words(stranger.get("/check"))


def test_a_stranger_is_told_nothing_of_the_house_and_no_machine_keeps_the_page(house: House) -> None:
    stranger = a_stranger(house)
    for page in ("", "/data", "/check"):
        answer = stranger.get(page)
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        links = {each.attrib.get("href", "") for each in parse(answer).iter("{http://www.w3.org/1999/xhtml}a")}
        assert all(each.startswith((stranger.link, "#")) for each in links)
        set_here = {each.split("=")[0] for each in answer.headers.getlist("Set-Cookie")}
        assert set_here <= {"egide-form"}
    for told in ("owner@", "Olivier", "loyalty-points", "customer-management"):
        assert told not in stranger.get().text + stranger.get("/data").text


def test_a_link_ends_with_the_activity(house: House) -> None:
    wired = house.service.wired
    desk, actor = Desk(wired.clock, wired.ids, wired.attestor), house.actor(Role.OWNER)
    with wired.write() as session:
        party = list_parties(session, after=None, limit=1).rows[0]
        new = NewActivity(slug="short-lived", name_fr="Brève", name_en="Short", controller_id=party.id)
        draft_activity(session, wired.clock, wired.ids, actor, new)
    owner = house(Role.OWNER)
    made = owner.post("/activities/short-lived/questionnaires/new/practice", **_asked(owner, "practice"))
    found = re.search(r"http://[^<]*(/answer/[\w-]+)", made.text)
    assert found is not None
    stranger = Stranger(house.service.app.test_client(), found[1])
    token = stranger.token()
    with wired.write() as session:
        move_activity(session, desk.clock, desk.attestor, actor, Step(activity="short-lived", verb=Verb.RETIRE))

    assert stranger.get().status_code == 404
    assert stranger.post("/data", token=token, data="Late.").status_code == 404
    assert stranger.post("/send", token=token).status_code == 404


def test_it_is_made_listed_read_revoked_and_decided_over_rest(house: House, sqlite_demonstration: Home) -> None:
    owner = house.service.person(Role.OWNER, sqlite_demonstration.password(Role.OWNER))
    path = "/api/v1/activities/loyalty/questionnaires"
    made = owner.client.post(path, json={"kind": "practice", "whom": "Till"}, headers=owner.headers)
    assert made.status_code == 201, made.text
    told = made.get_json()
    stranger = Stranger(house.service.app.test_client(), told["url"].removeprefix("http://localhost:8000"))
    stranger.post("/access", who="Everybody", kept="")
    stranger.post("/send")

    one = f"/api/v1/questionnaires/{told['id']}"
    read = owner.client.get(one, headers=owner.headers).get_json()
    assert (read["status"], [each["said"] for each in read["answers"]]) == ("answered", ["Everybody"])
    assert owner.client.post(f"{one}/leave", json={"answer": "kept"}, headers=owner.headers).status_code == 404
    left = owner.client.post(f"{one}/leave", json={"answer": "who"}, headers=owner.headers).get_json()
    assert (left["status"], left["answers"][0]["verdict"]) == ("settled", "left")
    assert owner.client.post(f"{one}/revoke", json={}, headers=owner.headers).status_code == 409
    listed = owner.client.get(path, headers=owner.headers).get_json()["questionnaires"]
    assert told["id"] in {each["id"] for each in listed}
    assert not {"email", "url", "answers"} & set(listed[0])
    assert owner.client.post(path, json={"kind": "practice", "why": 1}, headers=owner.headers).status_code == 422
