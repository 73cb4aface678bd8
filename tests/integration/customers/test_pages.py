"""The customers' pages: looking for somebody, one customer's record, and what a purpose gives of everybody."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from governance.actor import Role
from tests.builders.service import Program, Service, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, copied, wire_cheaply

_EMAIL = "customer-12@demo.example"


@pytest.fixture(scope="module")
def site(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("pages") / "home"
    wired = wire_cheaply(copied(sqlite_demonstration, folder))
    yield serve_in_process(wired)
    wired.close()


@pytest.fixture
def enter(site: Service, sqlite_demonstration: Home) -> "Enter":
    return Enter(site, sqlite_demonstration)


class Enter:
    """Lets members of the staff in, each with a browser of their own."""

    def __init__(self, site: Service, home: Home) -> None:
        self._site = site
        self._home = home

    def __call__(self, role: Role) -> "Visitor":
        return Visitor(self._site.person(role, self._home.password(role)))


class Visitor:
    """Somebody who reads the pages, in English."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def get(self, path: str) -> TestResponse:
        return self._program.client.get(path, headers={"Accept-Language": "en"})

    def find(self, purpose: str, way: str = "", wanted: str = "", **more: str) -> TestResponse:
        form = {"purpose": purpose, "way": way, "wanted": wanted, **more}
        headers = {**self._program.headers, "Accept-Language": "en"}
        return self._program.client.post("/customers/", data=form, headers=headers)

    def record_of(self, email: str, purpose: str = "after-sales") -> str:
        """Return the address of a customer's record, as a search shows it."""
        return records(self.find(purpose, "email", email))[0]


def records(answer: TestResponse) -> list[str]:
    """Return the addresses of the records that a page leads to."""
    links = [link.attrib.get("href", "") for link in parse(answer).iter("{http://www.w3.org/1999/xhtml}a")]
    return [link for link in links if re.match(r"/customers/[^/?]+\?", link)]


def test_a_search_that_finds_nobody_says_so_and_what_to_do_next(enter: Enter) -> None:
    answer = enter(Role.SUPPORT).find("after-sales", "email", "nobody@demo.example")

    assert answer.status_code == 200
    assert "Nobody found" in words(answer)
    assert "look by the sound of the name" in words(answer)
