"""What somebody wrote into the plan and the library past Égide: shown as altered, counted as what is worst."""

import pytest
from sqlalchemy import text

from governance.actor import Role
from governance.days import day_of
from governance.oversight.due import due_items
from governance.oversight.evidence.service import things_proved
from governance.oversight.permissions import own_activities
from governance.oversight.plan.service import totals
from governance.oversight.tasks import tasks_of
from governance.oversight.things import find_things
from governance.oversight.values import About, Matter, Thing
from governance.oversight.values.plan import ActionState
from governance.wiring import Wired
from register.lifecycle import Verb
from register.service import Desk as RegisterDesk
from register.service import NewParty, Step, add_contract, add_party, get_activity
from tests.builders.lines import contract_terms
from tests.builders.oversight import account_of, acting, reader
from tests.builders.plan import desk_of, given_action, put_on_shelf, whole_file
from tests.builders.register import a_complete_draft, step
from tests.builders.service import Service
from tests.builders.web import words

ALTERED = "altered outside Égide"
LOYALTY = Thing(About.ACTIVITY, "loyalty")
DONE = "UPDATE plan_action SET title = 'Forged', state = 'done', outcome = 'All is well', settled_at = changed_at"
VALID = "UPDATE document SET title = 'Forged', valid_until = '2099-01-01'"


def by_sql(wired: Wired, *statements: str) -> None:
    """Do to Égide's database what its administrator could."""
    with wired.database.write_connection() as connection:
        for each in statements:
            connection.execute(text(each))


def due(wired: Wired, matter: Matter) -> dict[str | None, bool]:
    """Return what is due of a kind, and whether it is told to be grave."""
    with wired.read() as session:
        return {each.reference: each.grave for each in due_items(session, wired.clock) if each.matter is matter}


def test_an_action_settled_by_sql_stays_late_and_counts_as_not_done(wired: Wired) -> None:
    action = given_action(wired, due_in=-3)
    assert due(wired, Matter.ACTION_DUE) == {str(action): False}

    by_sql(wired, DONE)

    assert due(wired, Matter.ACTION_DUE) == {str(action): True}
    with wired.read() as session:
        counted = {each.state: each for each in totals(session, desk_of(wired), acting(wired, Role.DPO))}
        [mine] = tasks_of(session, account_of(wired, Role.OWNER), wired.clock).actions
    assert (counted[ActionState.TO_DO].count, counted[ActionState.TO_DO].late) == (1, 1)
    assert counted[ActionState.DONE].count == 0
    assert (mine.reference, mine.grave) == (str(action), True)


def test_an_action_put_off_by_sql_is_late_at_once(wired: Wired) -> None:
    action = given_action(wired, due_in=10)

    by_sql(wired, "UPDATE plan_action SET due_on = '2099-01-01'")

    assert due(wired, Matter.ACTION_DUE) == {str(action): True}


def test_the_plan_shows_an_altered_action_as_altered_whatever_state_is_asked_for(service: Service) -> None:
    action = given_action(service.wired, title="Answer the host", due_in=-3)
    whole = given_action(service.wired, title="Train the shop")
    by_sql(service.wired, f"{DONE} WHERE title = 'Answer the host'")
    officer, program = reader(service, Role.DPO), service.program(Role.DPO)

    for path in ("/plan/", "/plan/?state=to-do", "/plan/?late=y", f"/plan/{action}", "/today"):
        assert ALTERED in words(officer.open(path)), path
    assert ALTERED not in words(officer.open(f"/plan/{whole}"))
    assert "All is well" not in words(officer.open(f"/plan/{action}"))
    assert "What next?" not in words(officer.open(f"/plan/{action}"))
    assert "altérée hors d’Égide" in words(officer.open(f"/plan/{action}", "fr"))
    told = {each["id"]: each["altered"] for each in program.ask("GET", "/actions?state=to-do").get_json()["actions"]}
    assert told == {str(action): True, str(whole): False}
    assert program.ask("GET", f"/actions/{action}").get_json()["altered"]


def test_a_document_made_valid_or_taken_away_by_sql_is_shown_as_altered_and_due(service: Service) -> None:
    wired = service.wired
    document, gone = put_on_shelf(wired, LOYALTY), put_on_shelf(wired, title="Minutes of May")
    whole = put_on_shelf(wired, title="Minutes of June")
    assert due(wired, Matter.DOCUMENT_ENDS) == {}

    by_sql(
        wired,
        f"{VALID} WHERE title = 'Signed minutes'",
        "UPDATE document SET removed_at = made_at WHERE title = 'Minutes of May'",
    )

    assert due(wired, Matter.DOCUMENT_ENDS) == {str(document): True, str(gone): True}
    officer, program = reader(service, Role.DPO), service.program(Role.DPO)
    for path in ("/evidence/", f"/evidence/{document}", f"/evidence/{gone}", "/activities/loyalty", "/today"):
        assert ALTERED in words(officer.open(path)), path
    assert ALTERED not in words(officer.open(f"/evidence/{whole}"))
    told = {each["id"]: each["altered"] for each in program.ask("GET", "/documents").get_json()["documents"]}
    assert told == {str(document): True, str(gone): True, str(whole): False}
    ended = program.ask("GET", f"/documents?ending_by={day_of(wired.clock.now())}").get_json()["documents"]
    assert {each["id"] for each in ended} == {str(document), str(gone)}
    assert program.ask("GET", f"/documents/{document}").get_json()["altered"]


def test_a_proof_forged_by_sql_is_told_apart(service: Service) -> None:
    wired = service.wired
    action = given_action(wired)
    document = put_on_shelf(wired, Thing(About.ACTION, str(action)))

    by_sql(wired, "UPDATE document_link SET about = 'party'")

    with wired.read() as session:
        assert things_proved(session, wired.attestor, [document]).get(document, []) == []
    officer = reader(service, Role.DPO)
    for path in ("/evidence/", f"/evidence/{document}"):
        assert ALTERED in words(officer.open(path)), path
    [proved] = service.program(Role.DPO).ask("GET", f"/documents/{document}").get_json()["proves"]
    assert proved["altered"]


def test_a_version_forged_by_sql_is_told(service: Service) -> None:
    document = put_on_shelf(service.wired)

    by_sql(service.wired, "UPDATE document_version SET size = 1")

    assert ALTERED in words(reader(service, Role.DPO).open(f"/evidence/{document}"))
    [version] = service.program(Role.DPO).ask("GET", f"/documents/{document}").get_json()["versions"]
    assert version["altered"]


def test_words_that_came_with_a_step_are_not_given_once_they_were_altered(service: Service) -> None:
    wired = service.wired
    action = given_action(wired)
    officer = reader(service, Role.DPO)
    officer.post_json(f"/api/v1/actions/{action}/drop", {"note": "It was done by the host"})
    assert "It was done by the host" in words(officer.open(f"/plan/{action}"))

    by_sql(wired, "UPDATE plan_step SET note = 'Forged words' WHERE verb = 'drop'")

    shown = words(officer.open(f"/plan/{action}"))
    assert "Forged words" not in shown
    assert ALTERED in shown


def test_each_proof_is_listed_once_beside_a_record(service: Service) -> None:
    put_on_shelf(service.wired, Thing(About.ASSESSMENT, "loyalty"), title="Impact assessment of loyalty")

    assert words(reader(service, Role.DPO).open("/activities/loyalty")).count("Impact assessment of loyalty") == 1


def test_a_proof_forged_by_sql_shows_nobody_the_document(service: Service) -> None:
    wired = service.wired
    action = given_action(wired, by=Role.DPO, to=Role.SECURITY)
    document = put_on_shelf(wired, Thing(About.ACTION, str(action)))
    owner = reader(service, Role.OWNER)

    by_sql(wired, f"UPDATE document_link SET about = 'activity', reference = '{an_own_activity(wired)}'")

    assert owner.open(f"/evidence/{document}").status_code == 404
    assert owner.open(f"/evidence/{document}/versions/1/file").status_code == 404


def test_what_is_proved_is_not_named_by_a_title_that_was_forged(service: Service) -> None:
    wired = service.wired
    document = put_on_shelf(wired, Thing(About.ACTION, str(given_action(wired, title="Answer the host"))))

    by_sql(wired, "UPDATE plan_action SET title = 'Forged'")

    shown = words(reader(service, Role.DPO).open(f"/evidence/{document}"))
    assert "Forged" not in shown
    assert ALTERED in shown


def an_own_activity(wired: Wired) -> str:
    """Return an activity of the head of a line."""
    with wired.read() as session:
        return own_activities(session, account_of(wired, Role.OWNER))[0]


def test_neither_an_organisation_nor_a_contract_with_it_is_named_as_sql_named_it(service: Service) -> None:
    wired = service.wired
    with wired.write() as session:
        dpo = acting(wired, Role.DPO)
        party = add_party(session, wired.ids, dpo, NewParty(name="Archiveur Exemple"))
        contract = add_contract(session, desk_of(wired), dpo, contract_terms(party))
        about = [Thing(About.PARTY, str(party.id)), Thing(About.CONTRACT, str(contract.id))]
    put_on_shelf(wired, *about)
    by_sql(wired, "UPDATE party SET name = 'Thief Ltd' WHERE name = 'Archiveur Exemple'")

    with wired.read() as session:
        found = find_things(session, about)
    shown = words(reader(service, Role.DPO).open("/evidence/"))

    assert [found[each].altered for each in about] == [True, True]
    assert "Thief" not in shown
    assert ALTERED in shown


def test_the_file_of_accountability_shows_what_was_altered(service: Service) -> None:
    made = whole_file(service.wired)
    officer = reader(service, Role.DPO)
    pages = {
        "training_session": ("/training/", f"/training/{made['training']}"),
        "authority_letter": ("/letters/", f"/letters/{made['letter']}"),
        "officer": ("/officer/",),
        "maturity_level": ("/maturity/",),
    }
    changes = {
        "training_session": "minutes = 1",
        "authority_letter": "reference = 'forged'",
        "officer": "number = 'forged'",
        "maturity_level": "justification = 'forged'",
    }
    for table, paths in pages.items():
        assert [path for path in paths if ALTERED in words(officer.open(path))] == []
        by_sql(service.wired, f"UPDATE {table} SET {changes[table]}")
        assert [path for path in paths if ALTERED not in words(officer.open(path))] == []


@pytest.mark.parametrize(
    "altering",
    [
        "UPDATE activity_version SET note = 'Say nothing.' WHERE note = 'Say how long.'",
        "DELETE FROM activity_version WHERE note = 'Say how long.'",
    ],
)
def test_nobody_is_told_words_on_return_that_sql_wrote_nor_that_nothing_came_back(
    service: Service, altering: str
) -> None:
    wired = service.wired

    def returned() -> list[tuple[str, bool]]:
        with wired.read() as session:
            lines = tasks_of(session, account_of(wired, Role.OWNER), wired.clock).lines
            return [(each.note, each.altered) for each in lines if each.returned]

    owner, dpo = acting(wired, Role.OWNER), acting(wired, Role.DPO)
    with wired.write() as session:
        desk = RegisterDesk(wired.clock, wired.ids, wired.attestor)
        a_complete_draft(session, desk, "visits")
        session.flush()
        mine = get_activity(session, "visits")
        mine.owner_id = owner.id
        step(session, desk, owner, Step(activity="visits", verb=Verb.SUBMIT, collected_for="It was."))
        step(session, desk, dpo, Step(activity="visits", verb=Verb.RETURN, text="Say how long."))
    assert returned() == [("Say how long.", False)]

    by_sql(wired, altering)

    assert returned() == [("", True)]
    shown = words(reader(service, Role.OWNER).open("/tasks"))
    assert "was altered or taken away outside Égide: see the history of the record" in shown
    assert "Say nothing." not in shown
