"""The form of a purpose says beneath which other it stands: while it is proposed, and while it is in force."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.service import serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_meanwhile_pages import typed
from tests.integration.register.test_pages import House, a_draft, links, through

_HTML = "{http://www.w3.org/1999/xhtml}"
_WORDS = {
    "label_fr": "Raison",
    "label_en": "Reason",
    "basis": "contract",
    "consent_channel": "",
    "special_condition": "",
}


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def parents(page: TestResponse) -> list[str]:
    """Return the purposes beneath which a page lets one stand."""
    choice = next((each for each in parse(page).iter(f"{_HTML}select") if each.get("name") == "parent"), None)
    return [] if choice is None else [each.get("value", "") for each in choice.iter(f"{_HTML}option")]


def above(house: House, slug: str, purpose: str) -> str | None:
    """Return the parent of a purpose, as REST tells it."""
    told = house(Role.OWNER).get(f"/api/v1/purposes?activity={_id(house, slug)}").get_json()["purposes"]
    slugs = {each["id"]: each["slug"] for each in told}
    return next(slugs.get(each["parent_id"]) for each in told if each["slug"] == purpose)


def _id(house: House, slug: str) -> str:
    found: str = house(Role.OWNER).get(f"/api/v1/activities/{slug}").get_json()["id"]
    return found


def a_pair(house: House, slug: str) -> tuple[str, str]:
    """Draft an activity with a purpose and one beneath it; return the pages of both."""
    a_draft(house, slug)
    owner = house(Role.OWNER)
    child = _WORDS | {"label_en": "Gifts", "slug": f"{slug}-gifts", "parent": f"{slug}-purpose"}
    assert owner.post(f"/activities/{slug}/purposes/-/new", **child).status_code == 303
    return f"/activities/{slug}/purposes/{slug}-purpose", f"/activities/{slug}/purposes/{slug}-gifts"


def test_a_proposed_purpose_is_taken_out_and_put_back_by_its_form(own: House) -> None:
    owner = own(Role.OWNER)
    _, gifts = a_pair(own, "cards")
    form = typed(owner.get(gifts))
    assert form["parent"] == "cards-purpose"
    assert parents(owner.get(gifts)) == ["", "cards-purpose"]

    assert owner.post(gifts, **form | {"parent": ""}).status_code == 303
    assert above(own, "cards", "cards-gifts") is None
    assert "Sub-purpose of" not in owner.said("/activities/cards")

    assert owner.post(gifts, **typed(owner.get(gifts)) | {"parent": "cards-purpose"}).status_code == 303
    assert above(own, "cards", "cards-gifts") == "cards-purpose"
    assert "Sub-purpose ofReason" in owner.said("/activities/cards")


def test_what_is_beneath_a_purpose_is_not_offered_to_it_nor_taken(own: House) -> None:
    owner = own(Role.OWNER)
    purpose, _ = a_pair(own, "cards")
    assert parents(owner.get(purpose)) == []

    sent = owner.post(purpose, **typed(owner.get(purpose)) | {"parent": "cards-gifts"})

    assert sent.status_code == 303
    assert above(own, "cards", "cards-purpose") is None


def test_what_came_to_be_beneath_it_meanwhile_is_refused_with_the_reason(own: House) -> None:
    owner = own(Role.OWNER)
    purpose, _ = a_pair(own, "cards")
    games = _WORDS | {"label_en": "Games", "slug": "cards-games"}
    assert owner.post("/activities/cards/purposes/-/new", **games).status_code == 303
    form = typed(owner.get(purpose))
    assert parents(owner.get(purpose)) == ["", "cards-games"]

    refused = owner.post(purpose, **form | {"parent": "cards-gifts"})

    assert refused.status_code == 422
    assert "cannot stand beneath cards-gifts, which is itself or beneath it" in words(refused)
    assert above(own, "cards", "cards-purpose") is None


def test_a_purpose_in_force_is_moved_in_a_review_that_then_takes_an_activation(own: House) -> None:
    owner = own(Role.OWNER)
    _, gifts = a_pair(own, "cards")
    through(own, "cards", "submit", "advise", "activate", "review")
    assert owner.post(gifts, **typed(owner.get(gifts)) | {"parent": ""}).status_code == 303

    refused = own(Role.CONTROLLER).said("/activities/cards/steps/confirm")
    assert "holds 1 proposed changes" in refused
    versions = owner.get("/activities/cards/versions")
    activated = [each for each in links(versions) if re.search(r"/versions/\d+$", each)][1]
    compared = words(owner.get(activated))
    assert "GiftsSub-purpose ofReason—" in compared, "then, and now"
    assert compared.count("Sub-purpose ofReason") == 2, "the second stands on the version itself"


def test_one_whose_parent_leaves_stays_beneath_it_until_it_has_ended(own: House) -> None:
    owner = own(Role.OWNER)
    purpose, gifts = a_pair(own, "cards")
    through(own, "cards", "submit", "advise", "activate", "review")
    assert owner.post(f"{purpose}/end").status_code == 303
    form = typed(owner.get(gifts))
    assert form["parent"] == "cards-purpose"

    assert owner.post(gifts, **form | {"legal_reference": "Art. 1217"}).status_code == 303

    assert above(own, "cards", "cards-gifts") == "cards-purpose"


def test_in_the_guide_it_is_asked_with_the_words_of_the_purpose(own: House) -> None:
    owner = own(Role.OWNER)
    a_pair(own, "cards")
    page = "/activities/cards/guide/why/cards-gifts"
    assert parents(owner.get(page)) == ["", "cards-purpose"]

    sent = owner.post(page, **typed(owner.get(page)) | {"parent": "", "then": "next"})

    assert sent.status_code == 303
    assert above(own, "cards", "cards-gifts") is None
