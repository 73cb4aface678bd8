"""Tables keyed by an enumeration leave nothing out."""

from http import HTTPStatus

from governance.actor import ROLE_LABELS, Role
from governance.web.headers import CONTENT_SECURITY_POLICY, FIXED
from governance.web.navigation import PLACES
from governance.web.problems import HTTP_PROBLEMS


def test_every_role_has_a_name_on_the_pages() -> None:
    assert set(ROLE_LABELS) == set(Role)


def test_no_place_is_named_twice_and_each_is_somebodys() -> None:
    assert len({place.endpoint for place in PLACES}) == len(PLACES)
    assert all(place.of for place in PLACES)


def test_problems_of_http_have_one_slug_each_and_are_errors() -> None:
    assert len({problem.slug for problem in HTTP_PROBLEMS.values()}) == len(HTTP_PROBLEMS)
    for status, problem in HTTP_PROBLEMS.items():
        assert problem.status == status
        assert HTTPStatus(status) >= HTTPStatus.BAD_REQUEST


def test_the_policy_lets_nothing_inline_run_and_nothing_in_from_elsewhere() -> None:
    assert FIXED["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    for loophole in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "nonce-"):
        assert loophole not in CONTENT_SECURITY_POLICY
