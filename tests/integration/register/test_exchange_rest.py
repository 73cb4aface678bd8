"""The register in files over REST."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audit.entries import Action
from audit.log import Log
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.database import Database
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from register.exchange import opening
from register.exchange.cnil.writing import write_simplified
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import ImportRegister, portions
from register.exchange.formats import FORMATS
from register.exchange.json_file import write_json
from register.exchange.opening import open_register
from register.exchange.tables.asked import as_text
from register.exchange.tables.columns import Field
from register.exchange.turns import Turns
from register.service import Desk
from register.views import blueprints
from tests.builders.audit import a_log
from tests.builders.fides import DATASETS, SYSTEMS
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.register import DPO_ID, OWNER_ID
from tests.builders.rest import Behinds, a_rest_app, asking
from tests.builders.tables import ASKED, OURS, a_csv
from tests.builders.web import settings_of_tests
from tests.builders.written import a_written_activity, without_dates

DPO = asking(Role.DPO, DPO_ID.int)
OWNER = asking(Role.OWNER, OWNER_ID.int)
BODY = "application/octet-stream"


@pytest.fixture
def client(
    database: Database, desk: Desk, exchanging: ExchangeDesk, clock: StandingClock, ids: CountingIds
) -> Iterator[FlaskClient]:
    log = a_log(database, clock, ids)
    services = {
        Attestor: desk.attestor,
        Log: log,
        SealedValues: exchanging.sealed,
        Settings: settings_of_tests(),
    }
    yield a_rest_app(Behinds(database, desk.clock, desk.ids, services), *blueprints).test_client()
    log.close()


def a_file() -> bytes:
    file = io.BytesIO()
    write_simplified(file, [a_written_activity()])
    return file.getvalue()


def test_a_file_is_looked_over_imported_and_exported_again(client: FlaskClient, database: Database) -> None:
    seen = client.post("/api/v1/register/preview", data=a_file(), content_type=BODY, headers=DPO)
    assert seen.status_code == 200
    assert [each["clashes_with"] for each in seen.get_json()["activities"]] == [None]
    done = client.post("/api/v1/register/import", data=a_file(), content_type=BODY, headers=DPO)
    assert done.status_code == 201
    assert done.get_json()["drafted"] == ["loyalty"]

    for form, told in FORMATS.items():
        answer = client.get("/api/v1/register/export", query_string={"format": form}, headers=asking(Role.AUDITOR))
        assert answer.status_code == 200, form
        assert answer.mimetype == told.media_type
        assert answer.headers["Content-Disposition"].endswith(told.suffix)

    ours = client.get("/api/v1/register/export?format=ods", headers=DPO).data
    assert [without_dates(each.activity) for each in open_register(io.BytesIO(ours)).activities] == [
        a_written_activity()
    ]
    with database.read() as session:
        facts = search(session, Filters(object_type="register"), limit=50)
    assert {each.said["action"] for each in facts} == {Action.IMPORT, Action.EXPORT}
    assert sum(each.said["action"] == Action.EXPORT for each in facts) == len(FORMATS) + 1


def test_a_name_that_is_taken_stops_an_import_unless_somebody_said_what_to_do(client: FlaskClient) -> None:
    address = "/api/v1/register/import"
    assert client.post(address, data=a_file(), content_type=BODY, headers=DPO).status_code == 201

    stopped = client.post(address, data=a_file(), content_type=BODY, headers=DPO)
    renamed = client.post(f"{address}?clashing=draft", data=a_file(), content_type=BODY, headers=DPO)

    assert stopped.status_code == 409
    assert renamed.get_json()["drafted"] == ["loyalty-2"]


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"name;purpose\n\x00"])
def test_what_is_no_register_is_refused(client: FlaskClient, content: bytes) -> None:
    answer = client.post("/api/v1/register/import", data=content, content_type=BODY, headers=DPO)

    assert answer.status_code == 422, answer.get_json()


def test_the_schema_is_public_and_what_is_exported_fits_it(client: FlaskClient) -> None:
    client.post("/api/v1/register/import", data=a_file(), content_type=BODY, headers=DPO)

    schema = client.get("/api/v1/register/schema.json")
    exported = client.get("/api/v1/register/export?format=json&activity=loyalty", headers=OWNER)

    assert schema.mimetype == "application/schema+json"
    assert jsonschema_rs.Draft202012Validator(schema.get_json()).is_valid(json.loads(exported.data))
    assert len(exported.get_json()["activities"]) == 1


def test_whoever_only_reads_brings_nothing_in(client: FlaskClient) -> None:
    for role in (Role.AUDITOR, Role.CONTROLLER, Role.SALES):
        answer = client.post("/api/v1/register/import", data=a_file(), content_type=BODY, headers=asking(role))
        assert answer.status_code == 403


def test_the_columns_of_a_table_are_proposed_and_said_over_rest(client: FlaskClient) -> None:
    def sent(path: str, **parts: str) -> TestResponse:
        told = {"file": (io.BytesIO(a_csv(OURS)), "registre.csv"), **parts}
        return client.post(f"/api/v1/register/{path}", data=told, headers=DPO)

    proposed = client.post("/api/v1/register/columns", data=a_csv(OURS), content_type=BODY, headers=DPO).get_json()
    assert [each["heading"] for each in proposed["columns"]] == list(OURS)
    assert {each["certainty"] for each in proposed["columns"]} == {"unknown"}
    assert sent("preview").status_code == 422, "nobody has said what they are"
    assert sent("preview", columns="columns: {Nulle part: name}").status_code == 422
    assert sent("preview", columns=as_text(ASKED)).get_json()["activities"][0]["slug"] == "paie-des-equipes"
    assert sent("import", columns=as_text(ASKED)).get_json()["drafted"] == ["paie-des-equipes"]
    assert client.post("/api/v1/register/columns", data={"columns": "{}"}, headers=DPO).status_code == 422
    nothing = client.post("/api/v1/register/columns", data=a_file(), content_type=BODY, headers=DPO)
    assert nothing.status_code == 422, "the simplified register has no columns to name"


def test_systems_of_fides_come_in_over_rest(client: FlaskClient) -> None:
    told = (SYSTEMS + DATASETS).encode()
    seen = client.post("/api/v1/register/preview", data=told, content_type=BODY, headers=DPO).get_json()

    assert (seen["format"], [each["slug"] for each in seen["activities"]]) == ("fides", ["newsletter-sender"])
    assert any("policy" in note for note in seen["notes"])
    done = client.post("/api/v1/register/import", data=told, content_type=BODY, headers=DPO)
    assert (done.status_code, done.get_json()["drafted"]) == (201, ["newsletter-sender"])


def test_the_log_says_which_columns_were_read_as_what_and_never_what_stands_in_them(
    client: FlaskClient, database: Database
) -> None:
    told = {"file": (io.BytesIO(a_csv(OURS)), "registre.csv"), "columns": as_text(ASKED)}
    assert client.post("/api/v1/register/import", data=told, headers=DPO).status_code == 201

    with database.read() as session:
        [fact] = search(session, Filters(object_type="register"), limit=50)
    details = fact.said["details"]
    assert details["columns"]["1"] == "name"
    assert set(details["columns"].values()) <= set(Field)
    assert not any(heading in json.dumps(details, ensure_ascii=False) for heading in OURS)


def test_an_import_that_was_cut_short_goes_on_over_rest_and_the_answer_tells_all_of_it(
    client: FlaskClient, exchanging: ExchangeDesk
) -> None:
    file = io.BytesIO()
    write_json(file, [a_written_activity(slug, name_fr=slug, name_en=slug) for slug in ("one", "two", "three")])
    register = open_register(io.BytesIO(file.getvalue()))
    actor = an_actor(Role.DPO, number=DPO_ID.int)
    next(portions(exchanging, actor, ImportRegister(register=register), most=1))

    done = client.post("/api/v1/register/import", data=file.getvalue(), content_type=BODY, headers=DPO)

    assert (done.status_code, done.get_json()["drafted"]) == (201, ["one", "two", "three"])


def test_a_file_for_which_there_is_no_turn_is_put_off_with_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_TURNS", Turns(at_once=0, seconds=0))

    answer = client.post("/api/v1/register/import", data=a_file(), content_type=BODY, headers=DPO)

    assert answer.status_code == 503
    assert "Réessayez" in answer.get_json()["detail"]


class _LettingWrite(Turns):
    """Turns that somebody else writes in: where a writing transaction were held, they would wait in vain."""

    def __init__(self, database: Database) -> None:
        super().__init__(at_once=1, seconds=0)
        self._database = database
        self.written = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        with super().take():
            with self._database.write() as session:
                unrecorded(session, "somebody else writes")
                self.written += 1
            yield


@pytest.mark.parametrize("path", ["import", "preview", "columns"])
def test_others_write_while_a_file_is_taken_apart(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    turns = _LettingWrite(database)
    monkeypatch.setattr(opening, "_TURNS", turns)

    client.post(f"/api/v1/register/{path}", data=a_csv(OURS), content_type=BODY, headers=DPO)

    assert turns.written == 1
