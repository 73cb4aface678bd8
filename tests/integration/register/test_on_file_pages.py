"""Pages on which what somebody wrote past Égide is seen, and written anew: on both databases."""

import re
import uuid

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.wiring import Wired
from register.models import Activity
from register.notices.models import NoticeText
from register.service import NewParty, add_contract, add_party, find_party
from tests.builders.lines import contract_terms
from tests.builders.oversight import Statements, acting, reader
from tests.builders.pages import inputs
from tests.builders.plan import desk_of
from tests.builders.service import Service
from tests.builders.web import words

MEASURES = "/activities/-/measures"
PARTIES = "/activities/-/parties"
RECORD = "/activities/customer-management"
ALTERED = "altered outside Égide"


def by_sql(wired: Wired, statement: str) -> None:
    with wired.database.write_connection() as connection:
        connection.exec_driver_sql(statement)


def the_controller(wired: Wired) -> uuid.UUID:
    """Return who answers for an activity in force."""
    with wired.read() as session:
        found = session.scalars(select(Activity.controller_id).where(Activity.running)).first()
    assert found is not None
    return found


def on_file(wired: Wired, party: uuid.UUID) -> tuple[str, bool]:
    """Return what an organisation is called, and whether Égide wrote it."""
    with wired.read() as session:
        found = find_party(session, party)
        return found.name, wired.attestor.is_whole(found)


def html(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_page_of_an_organisation_that_was_altered_asks_for_all_of_it(service: Service) -> None:
    wired = service.wired
    address = f"{PARTIES}/{the_controller(wired)}"
    by_sql(wired, "UPDATE party SET city = 'Elsewhere'")
    dpo = reader(service, Role.DPO)

    assert ALTERED in words(dpo.open(PARTIES))
    page = dpo.open(address)
    assert "nothing states it until it is written anew" in words(page)
    assert dpo.send(address, **inputs(page) | {"city": "Lyon"}).status_code == 303

    page = dpo.open(address)
    assert "nothing states it" not in words(page)
    assert "Written anew after it was altered outside Égide" in words(page)


def test_a_form_that_was_drawn_before_the_row_was_altered_signs_nothing_of_it(service: Service) -> None:
    wired = service.wired
    party = the_controller(wired)
    dpo = reader(service, Role.DPO)
    drawn = inputs(dpo.open(f"{PARTIES}/{party}"))
    assert "name" not in drawn, "an activity in force names it, so that its form does not ask who it is"
    name, _ = on_file(wired, party)
    by_sql(wired, "UPDATE party SET name = 'Thief Ltd'")

    incomplete = dpo.send(f"{PARTIES}/{party}", **drawn)
    unseen = dpo.send(f"{PARTIES}/{party}", **inputs(incomplete) | {"name": name})

    assert (incomplete.status_code, unseen.status_code) == (422, 409)
    assert "Thief Ltd" in words(unseen)
    assert on_file(wired, party) == ("Thief Ltd", False)
    assert dpo.send(f"{PARTIES}/{party}", **inputs(unseen) | {"name": name}).status_code == 303
    assert on_file(wired, party) == (name, True)


def test_no_part_of_a_form_signs_what_it_does_not_carry(service: Service) -> None:
    wired = service.wired
    dpo = reader(service, Role.DPO)
    address = next(iter(re.findall(rf"{MEASURES}/[0-9a-f-]{{36}}", html(dpo.open(MEASURES)))))
    drawn = inputs(dpo.open(address))
    del drawn["domain"]
    by_sql(wired, "UPDATE measure SET domain = 'encryption'")

    assert dpo.send(address, **drawn).status_code == 409
    assert "nothing states it until it is written anew" in words(dpo.open(address))


def test_a_record_that_names_what_was_altered_leads_there_and_offers_to_stop_alone(service: Service) -> None:
    by_sql(service.wired, "UPDATE party SET city = 'Elsewhere'")
    by_sql(service.wired, "UPDATE measure SET label_fr = 'Rien'")

    page = reader(service, Role.CONTROLLER).open(RECORD)

    assert "What this record names was altered outside Égide" in words(page)
    assert "nothing opens by the rows that were" not in words(page)
    assert {f'href="{PARTIES}"', f'href="{MEASURES}"'} <= set(re.findall(r'href="[^"]+"', html(page)))
    assert set(re.findall(rf"{RECORD}/steps/([a-z-]+)", html(page))) == {"suspend", "retire"}


def test_a_notice_that_names_what_was_altered_leads_there_and_publishes_nothing(service: Service) -> None:
    wired = service.wired
    with wired.read() as session:
        slug = session.scalars(select(NoticeText.slug)).first()
        before = session.scalar(select(func.count()).select_from(NoticeText))
    by_sql(wired, "UPDATE party SET email = 'thief@elsewhere.example'")
    dpo = reader(service, Role.DPO)

    page = dpo.open(f"/activities/-/notices/{slug}")
    dpo.send(f"/activities/-/notices/{slug}/publish")

    assert "An organisation that this notice names was altered outside Égide" in words(page)
    assert f'href="{PARTIES}"' in html(page)
    assert "thief" not in words(service.app.test_client().get(f"/notices/{slug}"))
    with wired.read() as session:
        assert session.scalar(select(func.count()).select_from(NoticeText)) == before


def test_a_record_whose_own_row_was_altered_offers_no_step(service: Service) -> None:
    by_sql(service.wired, "UPDATE activity SET description = 'Rien' WHERE slug = 'customer-management'")

    page = reader(service, Role.CONTROLLER).open(RECORD)

    assert "nothing opens by the rows that were" in words(page)
    assert f"{RECORD}/steps/" not in html(page)


def test_a_processor_that_was_altered_is_shown_so_where_its_contracts_stand(service: Service) -> None:
    wired = service.wired
    with wired.write() as session:
        dpo = acting(wired, Role.DPO)
        party = add_party(session, wired.ids, dpo, NewParty(name="Archiveur Exemple"))
        contract = add_contract(session, desk_of(wired), dpo, contract_terms(party)).id
        places = ["/activities/-/contracts", *(f"{PARTIES}/{party.id}/contracts/{each}" for each in (contract, "new"))]
    officer = reader(service, Role.DPO)
    assert [ALTERED in words(officer.open(each)) for each in places] == [False, False, False]

    by_sql(wired, "UPDATE party SET name = 'Thief Ltd' WHERE name = 'Archiveur Exemple'")

    assert [ALTERED in words(officer.open(each)) for each in places] == [True, True, True]


@pytest.mark.parametrize("path", [PARTIES, "/activities/-/contracts", RECORD, "/officer/"])
def test_a_page_takes_as_many_statements_whatever_was_altered(service: Service, path: str) -> None:
    wired = service.wired
    dpo = reader(service, Role.DPO)

    def statements() -> int:
        # Once after each change the policies are loaded anew, whatever is looked at.
        dpo.open(path)
        with Statements(wired) as asked:
            assert dpo.open(path).status_code == 200
        return asked.count

    before = statements()
    by_sql(wired, "UPDATE party SET telephone = '+33 1 00 00 00 00'")

    assert statements() <= before


def test_the_list_takes_as_many_statements_however_many_organisations_there_are(service: Service) -> None:
    wired = service.wired
    dpo = reader(service, Role.DPO)

    def statements() -> int:
        dpo.open(PARTIES)
        with Statements(wired) as asked:
            dpo.open(PARTIES)
        return asked.count

    before = statements()
    with wired.write() as session:
        for number in range(20):
            add_party(session, wired.ids, acting(wired, Role.DPO), NewParty(name=f"Organisation {number}"))

    assert statements() == before
