"""`/api/v1/datamap`: the maps in force, a table, what differs, and loading a map."""

from collections.abc import Iterator
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from flask.testing import FlaskClient

from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.datamap.desk import MapDesk
from governance.datamap.numbering import number
from governance.datamap.sources import Sources
from governance.datamap.views import blueprint
from governance.gate.who_reads import who_reads_by
from governance.identity.doorkeeper import Doorkeeper
from governance.identity.permissions import NOT_FOR_PROGRAMS
from governance.identity.second_door import SecondDoor
from governance.identity.views import pages
from governance.problems import problem_of
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.csrf import HEADER
from governance.web.edge import Behind, EdgeSettings, install, new_app
from governance.web.rest import Api
from tests.builders.datamap import create_own_tables, people_map
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import People, people
from tests.builders.music_shop import SHOP_YAML
from tests.builders.web import SECRET_KEY, Refusals, settings_of_tests, sign_in, token_of


@pytest.fixture
def house(database: Database, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    with people(database, clock, ids, tmp_path) as built:
        with database.write() as session:
            unrecorded(session, "a test sets the scene")
            number(session, people_map())
        create_own_tables(database)
        yield built


@pytest.fixture
def client(house: People, shop_url: str) -> Iterator[FlaskClient]:
    sources = Sources(house.database, {"shop": shop_url})
    app = new_app()
    behind = Behind(
        database=house.database,
        clock=house.clock,
        ids=house.ids,
        doorkeeper=house.doorkeeper,
        services={
            Attestor: house.attestor,
            Doorkeeper: house.doorkeeper,
            MapDesk: MapDesk(base=people_map(), sources=sources, who_reads=who_reads_by(house.attestor)),
            SecondDoor: house.second_door,
            Settings: settings_of_tests(),
        },
        problem_of=problem_of,
        refused=Refusals(),
        problem_page=pages.problem_page,
    )
    install(app, EdgeSettings(base_url="http://localhost:8000", secret_key=SECRET_KEY), behind)
    app.config.update(API_TITLE="Égide", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    app.register_blueprint(pages.blueprint)
    Api(app).register_blueprint(blueprint)
    yield app.test_client()
    sources.close()


def as_role(house: People, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.token(role, name=role).secret}"}


def load(client: FlaskClient, house: People, text: str = SHOP_YAML, role: Role = Role.CONTROLLER) -> Any:
    """Load a map as somebody who has just signed in."""
    return post(client, house, {"file": "shop.yaml", "text": text}, role)


def post(client: FlaskClient, house: People, body: Any, role: Role) -> Any:
    if role not in NOT_FOR_PROGRAMS:
        return client.post("/api/v1/datamap", json=body, headers=as_role(house, role))
    browser = client.application.test_client()
    house.holder(role)
    sign_in(browser, f"{role.value}@demo.example")
    return browser.post("/api/v1/datamap", json=body, headers={HEADER: token_of(browser, "/account/password")})


def test_a_map_is_loaded_listed_and_shown(client: FlaskClient, house: People) -> None:
    loaded = load(client, house)
    assert (loaded.status_code, loaded.json["version"], loaded.json["changed"]) == (200, 1, True)

    reader = as_role(house, Role.DPO)
    listed = client.get("/api/v1/datamap", headers=reader).get_json()
    assert [(each["source"], each["version"]) for each in listed["maps"]] == [("egide", None), ("shop", 1)]
    assert listed["problems"] == []
    assert client.get("/api/v1/datamap/maps/shop", headers=reader).get_json()["text"] == SHOP_YAML


def test_a_table_is_described(client: FlaskClient, house: People) -> None:
    load(client, house)

    table = client.get("/api/v1/datamap/tables/shop_customers", headers=as_role(house, Role.DPO)).get_json()

    assert (table["source"], table["adopted"]) == ("shop", True)
    assert [(link["name"], link["kind"]) for link in table["links"]] == [("person", "customer"), ("seller", "employee")]
    email = next(field for field in table["fields"] if field["name"] == "email")
    assert (email["category"], email["kind"], email["search"]) == ("contact", "email", ["exact"])


def test_findings_are_told(client: FlaskClient, house: People) -> None:
    load(client, house, SHOP_YAML.replace("table: album", "table: records"))

    findings = client.get("/api/v1/datamap/findings", headers=as_role(house, Role.ADMIN)).get_json()["findings"]

    errors = [each for each in findings if each["severity"] == "error"]
    assert [(each["file"], each["text"]) for each in errors] == [
        ("shop.yaml", "albums: there is no table records; correct the name")
    ]


@pytest.mark.parametrize("path", ["/api/v1/datamap/maps/nowhere", "/api/v1/datamap/tables/nowhere"])
def test_what_is_not_there_is_not_found(client: FlaskClient, house: People, path: str) -> None:
    assert client.get(path, headers=as_role(house, Role.DPO)).status_code == 404


def test_a_file_that_cannot_be_used_is_refused_with_its_line(client: FlaskClient, house: People) -> None:
    refused = load(client, house, "version: 1\nsource: Shop\ntables: {}\n")

    assert refused.status_code == 422
    assert "shop.yaml:2" in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    "body",
    [
        {"file": "../shop.yaml", "text": "x"},
        {"file": "shop.yaml"},
        {"file": "shop.yaml", "text": "x", "more": 1},
        {"file": 1, "text": "camille@demo.example"},
    ],
    ids=["path", "no text", "unknown key", "type"],
)
def test_a_malformed_request_is_refused_and_not_quoted(client: FlaskClient, house: People, body: Any) -> None:
    refused = post(client, house, body, Role.ADMIN)

    assert refused.status_code == 422
    assert "camille" not in refused.get_data(as_text=True)


@pytest.mark.parametrize("role", Role)
def test_only_some_may_load_a_map(client: FlaskClient, house: People, role: Role) -> None:
    status = load(client, house, role=role).status_code

    assert status == (200 if role in {Role.CONTROLLER, Role.ADMIN} else 403)


WEAKER_YAML = SHOP_YAML.replace(
    "      email: {column: courriel, category: contact", "      email: {column: courriel, category: identity"
)


def test_a_map_that_protects_less_waits_for_the_controller(client: FlaskClient, house: People) -> None:
    load(client, house)

    refused = load(client, house, WEAKER_YAML, Role.ADMIN)

    assert refused.status_code == 403
    assert refused.json["type"].endswith("/map-weakens")
    assert "shop_customers.email\u00a0: catégorie, Contact aujourd’hui, deviendrait Identité" in refused.json["detail"]
    assert load(client, house, WEAKER_YAML, Role.CONTROLLER).json["version"] == 2


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMIN])
def test_a_map_does_not_lead_the_server_to_an_address(client: FlaskClient, house: People, role: Role) -> None:
    with create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        address = f"postgresql://someone@127.0.0.1:{inside.getsockname()[1]}/x"
        addressed = SHOP_YAML.replace("source: shop", f"source: inner\naddress: {address}")

        refused = load(client, house, addressed, role)
        client.get("/api/v1/datamap/findings", headers=as_role(house, role))

        assert refused.status_code == 403
        assert refused.json["type"].endswith("/map-address")
        with pytest.raises(BlockingIOError):
            inside.accept()
