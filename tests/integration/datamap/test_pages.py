"""The data map's pages and its REST interface: read, search, adopt, correct, load; for whom, and what is refused."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.reference import reference_map
from governance.datamap.catalogue import load_catalogue
from governance.datamap.enrolment import Enroller
from governance.identity.passwords import PasswordHasher
from governance.settings import load_settings
from governance.wiring import wire
from tests.builders.identity import CHEAP
from tests.builders.music_shop import CUSTOMERS, run_sql, sqlite_shop
from tests.builders.service import Program, Service, problem, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, copied

# What the shop's rows hold, and no page may show.
VALUES = ("courrier.example", "Bélanger", "FR7630006000011234567890189", "arachide", "shop.sqlite")
_XHTML = "{http://www.w3.org/1999/xhtml}"


class Visitor:
    """Somebody at the data map, in a browser."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def get(self, path: str, language: str = "en") -> TestResponse:
        return self._program.client.get(path, headers={"Accept-Language": language, "Accept": "text/html"})

    def said(self, path: str, language: str = "en") -> str:
        answer = self.get(path, language)
        assert answer.status_code == 200, answer.status
        assert not any(value in answer.text for value in VALUES)
        return words(answer)

    def post(self, path: str, form: dict[str, object] | None = None) -> TestResponse:
        headers = {**self._program.headers, "Accept-Language": "en", "Accept": "text/html"}
        return self._program.client.post(path, data=form or {}, headers=headers)


class House:
    """A demonstration beside a shop whose address the host set."""

    def __init__(self, service: Service, home: Home, shop: str) -> None:
        self.service = service
        self.shop = shop
        self._home = home
        self._inside: dict[Role, Visitor] = {}

    def __call__(self, role: Role) -> Visitor:
        if role not in self._inside:
            self._inside[role] = Visitor(self.service.person(role, self._home.password(role)))
        return self._inside[role]

    def interface(self, role: Role) -> Program:
        """Return somebody who asks the REST interface from their session."""
        return self.service.person(role, self._home.password(role))

    def enrol(self) -> None:
        wired = self.service.wired
        with wired.read() as session:
            catalogue = load_catalogue(session, wired.attestor, reference_map())
        Enroller(wired.enrolment).run(catalogue)


@pytest.fixture
def house(sqlite_demonstration: Home, tmp_path: Path) -> Iterator[House]:
    home = copied(sqlite_demonstration, tmp_path / "home")
    shop = sqlite_shop(tmp_path)
    settings = load_settings({**home.environment, "EGIDE_SOURCE_SHOP": shop})
    wired = replace(wire(settings), passwords=PasswordHasher(CHEAP))
    yield House(serve_in_process(wired), home, shop)
    wired.close()


def form_of(answer: TestResponse, action: str) -> dict[str, object]:
    """Return what a form of a page would send as it stands, as a browser does."""
    forms = [form for form in parse(answer).iter(f"{_XHTML}form") if form.attrib.get("action", "").endswith(action)]
    sent: dict[str, list[str]] = {}
    for control in forms[0].iter():
        for name, value in _sent(control):
            sent.setdefault(name, []).append(value)
    return dict(sent)


def _sent(control: Element) -> Iterator[tuple[str, str]]:
    name = control.attrib.get("name", "")
    if name == "csrf_token":
        # Each browser has its own; the visitor sends it beside the form.
        return
    if control.tag == f"{_XHTML}input" and name and "disabled" not in control.attrib:
        if control.attrib.get("type") not in {"checkbox", "radio"} or "checked" in control.attrib:
            yield name, control.attrib.get("value", "")
    elif control.tag == f"{_XHTML}select":
        options = list(control.iter(f"{_XHTML}option"))
        chosen = next((each for each in options if "selected" in each.attrib), options[0])
        yield name, chosen.attrib["value"]


def place_of(form: dict[str, object], column: str) -> int:
    names = form["column"]
    assert isinstance(names, list)
    return names.index(column)


def adopted(house: House) -> None:
    """Look at the shop, load what is proposed, and enrol its rows."""
    assert house(Role.ADMIN).post("/datamap/sources/shop/look").status_code == 303
    controller = house(Role.CONTROLLER)
    sent = form_of(controller.get("/datamap/sources/shop/review"), "/load")
    assert controller.post("/datamap/sources/shop/load", sent).status_code == 303
    house.enrol()


def test_the_map_shows_its_tables_columns_people_and_categories(house: House) -> None:
    english = house(Role.DPO).said("/datamap/")
    french = house(Role.DPO).said("/datamap/", "fr")

    for each in ("customers", "Family name", "Means of payment", "sealed", "each row is one", "kept by Égide"):
        assert each in english
    for each in ("clients", "Nom", "Moyen de paiement", "scellé", "chaque ligne en est une", "tenue par Égide"):
        assert each in french


def test_the_map_is_searched_by_word_category_mark_and_database(house: House) -> None:
    adopted(house)
    dpo = house(Role.DPO)

    iban = dpo.said("/datamap/?q=iban")
    assert "2 tables of 15" in iban
    special = dpo.said("/datamap/?flag=special")
    assert "1 table of 15" in special
    assert "Allergies" in special
    assert "9 tables" in dpo.said("/datamap/?source=egide")
    assert "6 tables" in dpo.said("/datamap/?source=shop")
    assert "Nothing on the map fits" in dpo.said("/datamap/?q=nothing+of+the+kind")
    assert dpo.get("/datamap/?category=everything").status_code == 422


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.SALES, Role.ANALYST])
def test_business_roles_do_not_open_the_map(house: House, role: Role) -> None:
    for path in ("/datamap/", "/datamap/tables/customers", "/datamap/findings", "/datamap/sources"):
        assert house(role).get(path).status_code == 403


def test_whoever_prepares_a_map_does_not_by_that_load_it(house: House) -> None:
    dpo = house(Role.DPO)
    assert dpo.post("/datamap/sources/shop/look").status_code == 303

    assert "The controller has to put this map in force" in dpo.said("/datamap/sources/shop/review")
    controller = house(Role.CONTROLLER)
    assert "A data map waits for you: shop" in controller.said("/decisions")
    assert "/datamap/sources/shop/review" in controller.get("/decisions").text
    assert "Une carte des données vous attend" in controller.said("/decisions", "fr")
    assert 'href="/datamap/"' in controller.get("/decisions").text
    assert dpo.post("/datamap/sources/shop/load", {"revision": "1"}).status_code == 403
    assert house(Role.OWNER).post("/datamap/sources/shop/look").status_code == 403
    assert house(Role.AUDITOR).get("/datamap/sources/shop").status_code == 403


def test_a_database_is_looked_at_corrected_compared_and_loaded_without_a_value_shown(house: House) -> None:
    admin = house(Role.ADMIN)
    assert "shop" in admin.said("/datamap/sources")
    assert admin.post("/datamap/sources/shop/look").status_code == 303
    assert "client" in admin.said("/datamap/sources/shop")
    assert "1 free text" in admin.said("/datamap/sources/shop"), "what people wrote freely is to be looked at"
    assert "people may have written anything here" in admin.said("/datamap/sources/shop/tables/client")
    page = admin.get("/datamap/sources/shop/tables/client")
    assert "of 39 values parse as an e-mail address" in admin.said("/datamap/sources/shop/tables/client")
    form = form_of(page, "/tables/client")
    place = place_of(form, "xq7")
    form |= {f"keep-{place}": "y", f"category-{place}": "preferences", f"flag-{place}": ["special"]}
    del form[f"keep-{place_of(form, 'iban')}"]
    assert admin.post("/datamap/sources/shop/tables/client", form).status_code == 303

    review = admin.said("/datamap/sources/shop/review")
    assert "xq_7 comes in" in review
    assert "iban" not in review
    controller = house(Role.CONTROLLER)
    sent = form_of(controller.get("/datamap/sources/shop/review"), "/load")
    loaded = controller.post("/datamap/sources/shop/load", sent)
    assert loaded.headers["Location"] == "/datamap/?source=shop"
    house.enrol()
    table = admin.said("/datamap/tables/client")
    assert re.search(rf"rows\s*{CUSTOMERS}\s*enrolled\s*{CUSTOMERS}\s*waiting\s*0", table)
    assert "special category" in table
    assert "iban" not in table


def test_a_map_that_opens_columns_at_once_says_to_whom_and_waits_for_the_controller(house: House) -> None:
    admin = house(Role.ADMIN)
    admin.post("/datamap/sources/shop/look")

    review = admin.said("/datamap/sources/shop/review")
    assert "Who would read the new columns at once" in review
    assert re.search(
        r"Customer service\s*[^:]*After-sales service[^:]*would read\s*name, given name, e-mail.* of customers",
        review,
    )
    assert "The controller has to put this map in force" in review
    french = admin.said("/datamap/sources/shop/review", "fr")
    assert re.search(r"Service client\s*[^:]*Service après-vente[^:]*lirait\s*nom, prénom, e-mail.* de clients", french)
    assert "/datamap/sources/shop/load" not in admin.get("/datamap/sources/shop/review").text
    refused = admin.post("/datamap/sources/shop/load", {"revision": "1"})
    assert refused.status_code == 422
    assert "the controller has to put it in force, in person" in words(refused)

    by_rest = house.interface(Role.ADMIN)
    told = by_rest.get("/datamap/proposals/shop/differences").get_json()
    of_support = [each for each in told["opens"] if (each["role"], each["purpose"]) == ("support", "after-sales")]
    assert {"table": "client", "field": "courriel"} in [one for each in of_support for one in each["columns"]]
    assert told["altered"] is False
    assert problem(by_rest.post("/datamap/proposals/shop/load", {"revision": 1}), 403)["type"].endswith("/map-opens")


def test_what_is_wrong_is_told_beside_its_row_and_stops_the_load(house: House) -> None:
    admin = house(Role.ADMIN)
    admin.post("/datamap/sources/shop/look")
    form = form_of(admin.get("/datamap/sources/shop/tables/client"), "/tables/client")
    form[f"kind-{place_of(form, 'nom')}"] = "choice"
    admin.post("/datamap/sources/shop/tables/client", form)

    page = admin.get("/datamap/sources/shop/tables/client")
    rows = [row for row in parse(page).iter(f"{_XHTML}tr") if row.attrib.get("class") == "row-wrong"]
    assert len(rows) == 1
    assert "a choice needs its values" in "".join(rows[0].itertext())
    assert "It cannot be loaded yet" in admin.said("/datamap/sources/shop/review")
    refused = admin.post("/datamap/sources/shop/load", {"revision": "2"})
    assert refused.status_code == 422
    assert "1 things are to be corrected" in words(refused)


def test_a_stale_form_keeps_what_was_typed_and_writes_nothing(house: House) -> None:
    admin = house(Role.ADMIN)
    admin.post("/datamap/sources/shop/look")
    form = form_of(admin.get("/datamap/sources/shop/tables/client"), "/tables/client")
    house(Role.DPO).post("/datamap/sources/shop/tables/client", dict(form))
    form[f"category-{place_of(form, 'ville')}"] = "location"

    answer = admin.post("/datamap/sources/shop/tables/client", form)

    assert answer.status_code == 422
    assert "was changed meanwhile" in words(answer)
    again = form_of(answer, "/tables/client")
    assert again[f"category-{place_of(again, 'ville')}"] == ["location"]
    assert again["revision"] == ["2"]
    stored = form_of(admin.get("/datamap/sources/shop/tables/client"), "/tables/client")
    assert stored[f"category-{place_of(stored, 'ville')}"] == ["contact"]
    assert admin.post("/datamap/sources/shop/load", {"revision": "1"}).status_code == 422


@pytest.mark.parametrize(
    "made_up", [{"revision": "x"}, {"category-0": "everything"}, {"person": "alien"}, {"kind-0": "reference-to"}]
)
def test_what_no_page_could_send_is_refused(house: House, made_up: dict[str, str]) -> None:
    admin = house(Role.ADMIN)
    admin.post("/datamap/sources/shop/look")
    form = form_of(admin.get("/datamap/sources/shop/tables/client"), "/tables/client")

    assert admin.post("/datamap/sources/shop/tables/client", form | made_up).status_code == 400


def test_only_databases_that_the_host_set_up_are_looked_at(house: House) -> None:
    answer = house(Role.ADMIN).post("/datamap/sources/elsewhere/look")

    assert answer.status_code == 422
    assert "The host set up no database elsewhere" in words(answer)
    assert house(Role.ADMIN).get("/datamap/sources/elsewhere").status_code == 404


def test_a_map_in_force_is_corrected_and_loaded_again_with_the_difference_first(house: House) -> None:
    adopted(house)
    admin = house(Role.ADMIN)
    admin.post("/datamap/sources/shop/look")
    form = form_of(admin.get("/datamap/sources/shop/tables/client"), "/tables/client")
    assert "Nothing differs from the map in force." in admin.said("/datamap/sources/shop/review")
    form[f"category-{place_of(form, 'ville')}"] = "location"
    admin.post("/datamap/sources/shop/tables/client", form)

    review = admin.said("/datamap/sources/shop/review")
    assert "Contact → Location" in review
    assert "client.ville: category was Contact, would be Location" in review
    assert "The controller has to put this map in force" in review
    assert "/datamap/sources/shop/load" not in admin.get("/datamap/sources/shop/review").text
    french = admin.said("/datamap/sources/shop/review", "fr")
    assert "client.ville : catégorie, Contact aujourd’hui, deviendrait Localisation" in french
    refused = admin.post("/datamap/sources/shop/load", {"revision": "2"})
    assert refused.status_code == 422
    assert "This map of shop protects less than the one in force" in words(refused)
    by_rest = house.interface(Role.DPO).get("/datamap/proposals/shop/differences").get_json()
    assert by_rest["weaker"] == ["client.ville: category was Contact, would be Location"]

    controller = house(Role.CONTROLLER)
    sent = form_of(controller.get("/datamap/sources/shop/review"), "/load")
    assert controller.post("/datamap/sources/shop/load", sent).status_code == 303
    assert "map in force: version 2" in admin.said("/datamap/sources")


def test_differences_with_the_databases_are_told_in_words(house: House) -> None:
    adopted(house)
    run_sql(house.shop, "ALTER TABLE client RENAME COLUMN ville TO commune")
    house.service.wired.sources.close()

    assert "there is no column ville for the field ville" in house(Role.DPO).said("/datamap/findings")
    assert "il n’y a pas de colonne ville pour le champ ville" in house(Role.DPO).said("/datamap/findings", "fr")


def test_rows_that_came_back_are_settled_by_a_person(house: House) -> None:
    adopted(house)
    run_sql(
        house.shop,
        "CREATE TABLE kept AS SELECT * FROM album WHERE album_id = 1",
        "DELETE FROM album WHERE album_id = 1",
    )
    house.enrol()
    controller = house(Role.CONTROLLER)

    assert re.search(r"gone\s*1", controller.said("/datamap/tables/album"))
    for other in (Role.DPO, Role.ADMIN):
        assert "That is for the controller." in house(other).said("/datamap/tables/album")
        assert house(other).post("/datamap/tables/album/settle", {"rows": "new"}).status_code == 403
    unanswered = controller.post("/datamap/tables/album/settle", {})
    assert unanswered.status_code == 422
    assert "nobody should inherit another’s consents" in words(unanswered)
    assert controller.post("/datamap/tables/album/settle", {"rows": "new"}).status_code == 303
    assert not re.search(r"gone\s*1", controller.said("/datamap/tables/album"))


def test_altered_registrations_are_told_and_accepted_by_a_person(house: House) -> None:
    adopted(house)
    wired = house.service.wired
    with wired.write() as session:
        unrecorded(session, "a test deletes rows")
        session.execute(text("DELETE FROM registered_row WHERE source_key = '[1]'"))
    controller = house(Role.CONTROLLER)

    assert "The registry of client was altered outside Égide" in controller.said("/datamap/tables/client")
    assert "/datamap/tables/client/accept" in controller.get("/datamap/findings").text
    assert "/datamap/tables/client/accept" not in house(Role.AUDITOR).get("/datamap/findings").text
    assert controller.post("/datamap/tables/client/accept").status_code == 303
    assert "altered" not in controller.said("/datamap/tables/client")
    assert controller.post("/datamap/tables/customers/accept").status_code == 409


def test_programs_adopt_step_by_step_too(house: House) -> None:
    admin = house.interface(Role.ADMIN)
    assert admin.get("/datamap/sources").get_json()["sources"] == [
        {"source": "shop", "configured": True, "version": None, "proposal": None}
    ]
    looked = admin.post("/datamap/proposals", {"source": "shop"})
    assert looked.status_code == 201
    assert not any(value in looked.text for value in VALUES)
    column = {"column": "xq7", "kept": True, "category": "preferences", "kind": "text", "origin": "observed"}
    said = {"revision": 1, "kept": True, "person": "customer", "links": ["vendeur"]}
    corrected = admin.ask(
        "PUT", "/datamap/proposals/shop/tables/client", json={**said, "columns": [{**column, "link": "person"}]}
    )
    assert corrected.get_json()["revision"] == 2
    found = admin.get("/datamap/proposals/shop/differences").get_json()["differences"]
    assert {"sort": "added", "part": "field", "table": "client", "name": "xq_7", "aspects": []} in found
    problem(admin.post("/datamap/proposals/shop/load", {"revision": 1}), 409)
    loaded = house.interface(Role.CONTROLLER).post("/datamap/proposals/shop/load", {"revision": 2})
    assert (loaded.status_code, loaded.get_json()["version"]) == (200, 1)
    problem(admin.get("/datamap/proposals/shop"), 404)
    counts = {each["table"]: each for each in admin.get("/datamap/counts").get_json()["counts"]}
    assert (counts["client"]["rows"], counts["client"]["waiting"]) == (CUSTOMERS, CUSTOMERS)
    settled = house.interface(Role.CONTROLLER).post("/datamap/tables/client/settle", {"same": True})
    assert settled.get_json() == {"rows": 0}


def test_a_program_is_told_all_flaws(house: House) -> None:
    dpo = house.interface(Role.DPO)
    dpo.post("/datamap/proposals", {"source": "shop"})
    column = {"column": "nom", "kept": True, "category": "identity", "kind": "choice", "origin": "provided"}
    said = {"revision": 1, "kept": True, "person": "customer", "links": ["vendeur"], "columns": [column]}
    answer = dpo.ask("PUT", "/datamap/proposals/shop/tables/client", json=said)

    assert [each["field"] for each in answer.get_json()["flaws"]] == ["nom"]
    told = problem(dpo.get("/datamap/proposals/shop/differences"), 422)
    assert told["flaws"][0]["table"] == "client"
    assert problem(dpo.ask("PUT", "/datamap/proposals/shop/tables/client", json={**said, "more": 1}), 422)["errors"]
    assert dpo.ask("DELETE", "/datamap/proposals/shop").status_code == 204
    problem(dpo.post("/datamap/proposals/shop/load", {"revision": 2}), 403)
    problem(dpo.post("/datamap/proposals", {"source": "elsewhere"}), 404)
