"""The header's places: each role's, and which one the page on the screen lies behind."""

import pytest

from governance.actor import ROLE_LABELS, Role
from governance.web.navigation import PLACES, Place, doors_of

_ADDRESSES = {
    "access.mine": "/access/",
    "access.reviews": "/access/reviews",
    "log.entries": "/log/",
    "oversight.state": "/log/state",
    "register.activities": "/activities/",
    "oversight.decisions": "/decisions",
}


def current(path: str, *endpoints: str) -> list[str]:
    places = [Place(endpoint=each, label=each, of=frozenset()) for each in endpoints or _ADDRESSES]
    return [door.label for door in doors_of(places, _ADDRESSES.__getitem__, path) if door.current]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/log/", "log.entries"),
        ("/log/entries/12", "log.entries"),
        ("/log/state", "oversight.state"),
        ("/access/", "access.mine"),
        ("/access/requests/1", "access.mine"),
        ("/access/reviews", "access.reviews"),
        ("/activities/sales/steps/advise", "register.activities"),
        ("/decisions/policies", "oversight.decisions"),
    ],
)
def test_a_page_lies_behind_the_place_with_the_longest_address(path: str, place: str) -> None:
    assert current(path) == [place]


@pytest.mark.parametrize("path", ["/", "/account", "/decisionsX", "/logs"])
def test_a_page_of_no_place_lies_behind_none(path: str) -> None:
    assert current(path) == []


def test_where_a_deeper_place_is_not_named_the_page_lies_behind_the_other() -> None:
    assert current("/log/state", "log.entries") == ["log.entries"]


def test_every_role_of_people_has_a_place_of_its_own_first() -> None:
    for role in Role:
        assert role in ROLE_LABELS
        assert [place for place in PLACES if role in place.of]


def test_whoever_decides_what_others_ask_is_not_told_to_be_in_their_own_access() -> None:
    places = [place for place in PLACES if Role.CONTROLLER in place.of]
    urls = {place.endpoint: f"/{place.endpoint}/" for place in places} | {"access.mine": "/access/"}

    doors = doors_of(places, urls.__getitem__, "/access/requests/12")

    assert [door.label for door in doors if door.current] == ["Decisions"]
