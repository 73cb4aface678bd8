"""Where it is shown that a record is to be looked at again: the record, the list, the first pages, the interface."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from audit.transaction import unrecorded
from governance.actor import Role
from register.models import Activity
from register.reviews.models import ActivityReview
from tests.builders.oversight import name_of
from tests.builders.service import serve_in_process
from tests.builders.web import words
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_meanwhile_pages import on_record, typed
from tests.integration.register.test_pages import House, wrong

SLUG = "customer-management"
HOUSE = "/activities/-/review"


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration of the test's own, in which one record is late."""
    wired = wire_cheaply(sqlite_home)
    long_ago = wired.clock.now() - timedelta(days=370)
    with wired.write() as session:
        unrecorded(session, "a test lets time pass")
        activity = select(Activity.id).where(Activity.slug == SLUG).scalar_subquery()
        session.execute(update(ActivityReview).where(ActivityReview.activity_id == activity).values(looked_at=long_ago))
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def test_the_record_says_how_late_it_is_and_the_period_is_changed(own: House) -> None:
    owner = own(Role.OWNER)
    assert "late" in owner.said(f"/activities/{SLUG}")
    assert "12 mois après la dernière confirmation" in owner.said(f"/activities/{SLUG}", "fr")

    page = f"/activities/{SLUG}/review"
    assert "as the house does: after 12 months" in owner.said(page)
    assert wrong(owner.post(page, months="7"))
    assert owner.post(page, months="24").status_code == 303
    said = owner.said(f"/activities/{SLUG}")
    assert "24 months after it was last confirmed" in said
    assert "Period of review changed" in said
    assert "Change the period" not in own(Role.AUDITOR).said(f"/activities/{SLUG}")


def test_the_list_the_first_page_and_the_tasks_tell_it_and_nothing_else(own: House) -> None:
    for role, path in ((Role.DPO, "/today"), (Role.OWNER, "/tasks"), (Role.AUDITOR, "/activities/?to_review=y")):
        said = own(role).said(path)
        assert "5 days late" in said, path
        assert "À revoir" in own(role).said(path, "fr") or "à revoir" in own(role).said(path, "fr")
    table = own(Role.AUDITOR).get("/activities/?to_review=y").text
    assert table.count('class="row-name"') == 1
    assert SLUG in table


def test_the_dpo_says_how_often_the_house_looks_and_nothing_presses_any_more(own: House) -> None:
    dpo = own(Role.DPO)
    assert dpo.post(HOUSE, months="").status_code == 422
    assert dpo.post(HOUSE, months="24").status_code == 303

    assert "No activity fits" in dpo.said("/activities/?to_review=y")
    assert own(Role.OWNER).post(HOUSE, months="3").status_code == 403


@pytest.mark.parametrize(("page", "changer"), [(f"/activities/{SLUG}/review", Role.OWNER), (HOUSE, Role.DPO)])
def test_a_period_that_somebody_set_meanwhile_is_shown_before_another_takes_its_place(
    own: House, page: str, changer: Role
) -> None:
    dpo, other = own(Role.DPO), own(changer)
    seen = typed(dpo.get(page))
    assert other.post(page, **typed(other.get(page)) | {"months": "24"}).status_code == 303

    late = dpo.post(page, **seen | {"months": "36"})

    assert late.status_code == 409
    assert "after 24 months" in on_record(late)
    assert f"It was {name_of(own.service.wired, changer)}" in words(late)
    assert typed(late)["months"] == "36"
    assert typed(dpo.get(page))["months"] == "24"
    assert dpo.post(page, **typed(late)).status_code == 303
    assert typed(dpo.get(page))["months"] == "36"


def test_programs_and_people_read_and_set_it_over_rest(own: House, sqlite_home: Home) -> None:
    dpo = own.service.person(Role.DPO, sqlite_home.password(Role.DPO))
    path = f"/api/v1/activities/{SLUG}/review-period"
    read = dpo.client.get(path, headers=dpo.headers).get_json()
    assert (read["months"], read["own_months"]) == (12, None)
    assert dpo.client.put(path, json={"months": 5}, headers=dpo.headers).status_code == 422
    assert dpo.client.put(path, json={"months": 36}, headers=dpo.headers).get_json()["own_months"] == 36
    assert dpo.client.put("/api/v1/review-period", json={"months": 6}, headers=dpo.headers).status_code == 200
    assert dpo.client.get("/api/v1/review-period", headers=dpo.headers).get_json() == {"months": 6}
    listed = dpo.client.get("/api/v1/activities?to_review=true", headers=dpo.headers).get_json()["activities"]
    assert listed == []
