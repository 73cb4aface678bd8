"""The pages of the organisations on file: correcting one, whom it names, and what stays of one in force."""

import re

import pytest

from governance.actor import Actor, ActorKind, Role
from governance.identity.service import account_by_email
from register.pages import drafting
from register.service import NewActivity, NewParty, add_party, draft_activity, find_party, get_activity
from tests.builders.pages import Enter, Reader, elements, inputs, links
from tests.builders.service import Service
from tests.builders.web import words
from tests.demonstration import email_of


def test_whom_something_names_stays_named_when_the_rest_is_corrected(
    site: Service, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "MOST_PARTIES", 1)
    wired = site.wired
    with wired.write() as session:
        dpo = Actor(
            kind=ActorKind.PERSON, id=account_by_email(session, email_of(Role.DPO)).id, roles=frozenset({Role.DPO})
        )
        there = [add_party(session, wired.ids, dpo, NewParty(name=f"Cabinet {each}")).id for each in range(2)]
        command = NewParty(name="Atelier", representative_id=there[0], dpo_id=there[1])
        firm = add_party(session, wired.ids, dpo, command).id
        drafted = NewActivity(slug="another", name_fr="Autre", name_en="Another", controller_id=firm)
        draft_activity(session, wired.clock, wired.ids, dpo, drafted)

    reader = enter(Role.DPO)
    for page in (f"/activities/-/parties/{firm}", "/activities/another/description"):
        assert reader.post(page, inputs(reader.get(page))).status_code == 303

    with wired.read() as session:
        found = find_party(session, firm)
        assert [found.representative_id, found.dpo_id] == there
        assert get_activity(session, "another").controller_id == firm


def test_an_organisation_is_corrected_and_its_history_told(enter: Enter) -> None:
    owner = enter(Role.OWNER)
    form = {
        "name": "Transports Exemple",
        "city": "Lyon",
        "country": "FR",
        "representative_id": "",
        "dpo_id": "",
        "firm_id": "",
    }
    assert owner.post("/activities/-/parties/new", form).status_code == 303
    found = [each for each in links(owner.get("/activities/-/parties")) if re.search(r"/parties/[0-9a-f-]{36}$", each)]
    page = found[-1]

    (mark,) = re.findall(r'name="mark" value="(\w+)"', owner.get(page).text)

    refused = owner.post(page, form | {"name": "", "mark": mark})
    done = owner.post(page, form | {"city": "Lille", "mark": mark})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "Lille" in words(owner.get("/activities/-/parties"))
    told = words(owner.get(page))
    assert "Corrected" in told
    assert "Town" in told
    assert enter(Role.AUDITOR).get(page).status_code == 403
    read = f"/parties/{page.rsplit('/', 1)[1]}"
    rest = enter(Role.DPO).program.ask("GET", read).get_json()
    assert (rest["name"], rest["city"]) == ("Transports Exemple", "Lille")


def test_a_firm_put_on_file_anew_is_told_from_what_it_was_by_its_officer(enter: Enter) -> None:
    program = enter(Role.DPO).program
    officer = program.ask("POST", "/parties", json={"name": "Cabinet Nouveau"}).get_json()["id"]
    for named in ({}, {"dpo_id": officer}):
        assert program.ask("POST", "/parties", json={"name": "Deux Fois SARL", **named}).status_code == 201

    page = enter(Role.DPO).get("/activities/-/draft")

    offered = [each.text for each in elements(page, "option") if "Deux Fois" in (each.text or "")]
    assert offered == ["Deux Fois SARL (DPO: nobody on file)", "Deux Fois SARL (DPO: Cabinet Nouveau)"]


def test_an_organisation_that_names_itself_is_refused(enter: Enter) -> None:
    program = enter(Role.DPO).program
    made = program.ask("POST", "/parties", json={"name": "Conseil Exemple"}).get_json()

    answer = program.ask("PATCH", f"/parties/{made['id']}", json={"dpo_id": made["id"]})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("language", "said"), [("en", "so who it is stays"), ("fr", "son identité ne change donc pas ici")]
)
def test_who_answers_for_what_runs_is_shown_and_not_offered(enter: Enter, language: str, said: str) -> None:
    dpo = Reader(enter(Role.DPO).program, language)
    named = dpo.get("/api/v1/activities/customer-management").get_json()["controller_id"]
    page = dpo.get(f"/activities/-/parties/{named}")

    assert said in words(page)
    fields = [each for kind in ("input", "select", "textarea") for each in elements(page, kind)]
    names = {each.attrib.get("name") for each in fields}
    assert "city" in names
    assert not names & {"name", "legal_form", "registration", "country", "representative_id", "dpo_id"}
