"""Older data over REST: test, opinion, decision and withdrawal, each by whom the law lets, and in its order."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.datamap.catalogue import Catalogue
from governance.datamap.desk import MapDesk
from governance.days import day_of
from governance.vault.attest import Attestor
from register.lifecycle import Opinion, Verb
from register.service import Desk, Step
from register.views import blueprints
from tests.builders.register import (
    CONTROLLER_ID,
    DPO_ID,
    OWNER_ID,
    a_complete_draft,
    step,
    the_controller,
    the_dpo,
    the_owner,
)
from tests.builders.rest import Behinds, a_rest_app, asking

OWNER = asking(Role.OWNER, OWNER_ID.int)
DPO = asking(Role.DPO, DPO_ID.int)
CONTROLLER = asking(Role.CONTROLLER, CONTROLLER_ID.int)
HERE = "/api/v1/purposes/loyalty-points/older-data"
POINTS = dict.fromkeys(("link", "context", "nature", "consequences", "safeguards"), "Looked at.")


class NoMaps:
    """A house in which nothing is mapped."""

    def catalogue(self, _session: Session, _attestor: Attestor) -> Catalogue:
        return Catalogue(maps=(), tables={}, shapes={}, current={})


@pytest.fixture
def client(database: Database, desk: Desk) -> FlaskClient:
    with database.write() as session:
        a_complete_draft(session, desk)
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
        advice = Step(activity="loyalty", verb=Verb.ADVISE, opinion=Opinion.FAVOURABLE)
        step(session, desk, the_dpo(), advice)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.ACTIVATE))
    behind = Behinds(database, desk.clock, desk.ids, {Attestor: desk.attestor, MapDesk: NoMaps()})
    return a_rest_app(behind, *blueprints).test_client()


def test_older_data_opens_over_rest_from_the_day_people_are_informed_and_closes_at_once(
    client: FlaskClient, desk: Desk
) -> None:
    today = day_of(desk.clock.now()).isoformat()
    decision = {"informed_on": today, "information": "By e-mail."}
    before = client.get(HERE, headers=OWNER).get_json()
    written = client.put(f"{HERE}/test", json=POINTS, headers=OWNER).get_json()
    advised = client.post(f"{HERE}/opinion", json={"opinion": "favourable"}, headers=DPO).get_json()
    decided = client.post(f"{HERE}/decision", json=decision, headers=CONTROLLER).get_json()
    withdrawn = client.post(f"{HERE}/withdrawal", headers=CONTROLLER).get_json()

    assert [each["standing"] for each in (before, written, advised)] == ["closed"] * 3
    assert before["test"] is None
    assert (before["rows"]["rows"], before["rows"]["more"]) == (0, False)
    assert (written["test"]["link"], written["test"]["opinion"]) == ("Looked at.", None)
    assert advised["test"]["opinion"] == "favourable"
    assert (decided["standing"], decided["test"]["informed_on"]) == ("compatible", today)
    assert withdrawn["standing"] == "closed"


@pytest.mark.parametrize(
    ("path", "method", "given", "who"),
    [
        ("/test", "PUT", POINTS, CONTROLLER),
        ("/opinion", "POST", {"opinion": "favourable"}, OWNER),
        ("/decision", "POST", {"informed_on": "2026-12-01", "information": "By e-mail."}, DPO),
        ("/withdrawal", "POST", None, OWNER),
    ],
)
def test_each_step_is_that_of_one_role(
    client: FlaskClient, path: str, method: str, given: object, who: dict[str, str]
) -> None:
    assert client.open(HERE + path, method=method, json=given, headers=who).status_code == 403


@pytest.mark.parametrize(
    ("path", "method", "given", "who"),
    [
        ("/test", "PUT", {**POINTS, "link": ""}, OWNER),
        ("/test", "PUT", {**POINTS, "more": "?"}, OWNER),
        ("/opinion", "POST", {"opinion": "perhaps"}, DPO),
        ("/decision", "POST", {"informed_on": "tomorrow", "information": "By e-mail."}, CONTROLLER),
    ],
)
def test_what_is_malformed_is_refused(
    client: FlaskClient, path: str, method: str, given: object, who: dict[str, str]
) -> None:
    assert client.open(HERE + path, method=method, json=given, headers=who).status_code == 422


def test_nothing_is_decided_before_a_test_and_its_opinion(client: FlaskClient, desk: Desk) -> None:
    decision = {"informed_on": day_of(desk.clock.now()).isoformat(), "information": "By e-mail."}
    assert client.post(f"{HERE}/decision", json=decision, headers=CONTROLLER).status_code in {404, 409}
    assert client.put(f"{HERE}/test", json=POINTS, headers=OWNER).status_code == 200
    assert client.post(f"{HERE}/decision", json=decision, headers=CONTROLLER).status_code == 409
