"""Loosening the rules of an activity, on the page and over REST: why, for how long, and what it gives meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from governance.actor import Actor, ActorKind, Role
from governance.gate.errors import ReadRefusedError
from governance.gate.query import Query
from governance.vocabulary import GrantedAction
from register.lifecycle import Mode
from register.models import Activity
from register.service import get_activity
from tests.builders.service import Program, Service, serve_in_process
from tests.builders.web import words
from tests.demonstration import Home, wire_cheaply

_SLUG = "customer-management"
_PATH = f"/policies/activities/{_SLUG}"
_WHY = "The new till reads under another role."
_LOOSENED = {"mode": "observe", "reason": _WHY, "days": "7"}


@pytest.fixture
def site(sqlite_home: Home) -> Iterator[Service]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield serve_in_process(wired)
    wired.close()


@pytest.fixture
def controller(site: Service, sqlite_home: Home) -> Program:
    return site.person(Role.CONTROLLER, sqlite_home.password(Role.CONTROLLER))


def sent(program: Program, form: dict[str, str], language: str = "en") -> tuple[int, str]:
    headers = {**program.headers, "Accept-Language": language}
    answer = program.client.post(f"{_PATH}/mode", data=form, headers=headers)
    return answer.status_code, words(answer) if answer.status_code != 303 else ""


def shown(program: Program, language: str = "en") -> str:
    return words(program.client.get(_PATH, headers={"Accept-Language": language}))


def on_file(site: Service) -> Activity:
    with site.wired.read() as session:
        activity = get_activity(session, _SLUG)
        session.expunge(activity)
    return activity


def given_to(site: Service, role: Role) -> dict[str, set[GrantedAction]]:
    """Return what a role may do now for the purposes of the activity."""
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({role}))
    slugs = [slug for slug, each in site.wired.gate.snapshot().purposes.items() if each.activity_slug == _SLUG]
    return {
        slug: {
            action
            for action in GrantedAction
            if site.wired.gate.explain(actor, slug, "customers", action=action).plan is not None
        }
        for slug in slugs
    }


def test_loosening_widens_reading_for_whom_the_register_names_and_nothing_else(
    site: Service, controller: Program
) -> None:
    before = {role: given_to(site, role) for role in Role}

    assert sent(controller, _LOOSENED)[0] == 303

    purposes = site.wired.gate.snapshot().purposes
    for role, was in before.items():
        for slug, actions in given_to(site, role).items():
            more = actions - was[slug]
            assert more <= {GrantedAction.READ}, (role, slug)
            assert not more or role in purposes[slug].recipients, (role, slug)


def test_the_page_keeps_what_was_typed_and_says_what_lacks(site: Service, controller: Program) -> None:
    for form, told in (
        ({"mode": "observe", "reason": "", "days": "7"}, "This is missing."),
        ({"mode": "observe", "reason": _WHY, "days": ""}, "This is missing."),
        ({"mode": "observe", "reason": _WHY, "days": "31"}, "Write a whole number in figures, from 1 to 30."),
        ({"mode": "observe", "reason": _WHY, "days": "0"}, "Write a whole number in figures, from 1 to 30."),
    ):
        status, page = sent(controller, form)
        assert status == 422
        assert told in page
        assert form["reason"] in page
    assert on_file(site).mode is Mode.ENFORCE


@pytest.mark.parametrize(
    ("language", "until", "why"),
    [
        ("en", "The rules apply by themselves", "Why it is observed"),
        ("fr", "d’elles-mêmes", "Pourquoi cette observation"),
    ],
)
def test_the_page_says_until_when_the_rules_only_report_and_why(
    controller: Program, language: str, until: str, why: str
) -> None:
    sent(controller, _LOOSENED)

    page = shown(controller, language)

    assert until in page
    assert why in page
    assert _WHY in page


def test_at_its_end_the_observation_is_over_wherever_it_is_told(
    site: Service, controller: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(controller, _LOOSENED)
    end = on_file(site).observed_until
    assert end is not None
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({Role.ACCOUNTING}))
    moment = [end - timedelta(seconds=1)]
    monkeypatch.setattr(type(site.wired.clock), "now", lambda _self: moment[0])
    slug = next(slug for slug, actions in given_to(site, Role.SALES).items() if GrantedAction.READ in actions)
    token = site.program(Role.DPO)
    assert token.get(f"/activities/{_SLUG}/observed").get_json()["mode"] == "observe"

    moment[0] = end

    assert token.get(f"/activities/{_SLUG}/observed").get_json()["mode"] == "enforce"
    assert token.get(f"/activities/{_SLUG}").get_json()["observed_until"] is not None
    with pytest.raises(ReadRefusedError):
        site.wired.gate.read(actor, Query(purpose=slug, table="customers", limit=1))


def test_the_same_over_rest(site: Service, controller: Program) -> None:
    path = f"/activities/{_SLUG}/set-mode"

    assert controller.post(path, {"mode": "observe"}).status_code == 422
    assert controller.post(path, {"mode": "observe", "reason": _WHY}).status_code == 422
    assert controller.post(path, {"mode": "observe", "reason": _WHY, "days": 31}).status_code == 422
    answer = controller.post(path, {"mode": "observe", "reason": _WHY, "days": 30})
    assert answer.status_code == 200
    assert answer.get_json()["observed_until"] is not None
    assert controller.post(path, {"mode": "enforce"}).get_json()["observed_until"] is None


def test_who_is_not_named_by_the_register_is_told_apart_from_what_enforcing_would_change(
    site: Service, controller: Program
) -> None:
    sent(controller, _LOOSENED)
    actor = Actor(kind=ActorKind.PERSON, id=site.wired.ids.new(), roles=frozenset({Role.MARKETING}))
    purposes = site.wired.gate.snapshot().purposes
    slug = next(
        slug for slug, each in purposes.items() if each.activity_slug == _SLUG and Role.MARKETING not in each.recipients
    )

    with pytest.raises(ReadRefusedError):
        site.wired.gate.read(actor, Query(purpose=slug, table="customers", limit=1))

    told = site.program(Role.DPO).get(f"/activities/{_SLUG}/observed").get_json()
    assert told["undeclared"] == {"marketing": 1}
    assert "marketing" not in told["roles"]
    assert "Refused to roles that the register does not name" in shown(controller)
