"""People at the pages of the small demonstration: who comes in once, asks for pages, sends forms and reads answers."""

import itertools
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from governance.actor import Role
from governance.web.csrf import HEADER
from tests.builders.service import Program, Service
from tests.builders.web import parse, sign_in, token_of
from tests.demonstration import Home, email_of

_HTML = "{http://www.w3.org/1999/xhtml}"


class Enter:
    """Lets members of the staff in, each once, with a browser of their own."""

    def __init__(self, site: Service, home: Home) -> None:
        self._site = site
        self._home = home
        self._inside: dict[Role, Reader] = {}
        self._places = itertools.count(1)

    def __call__(self, role: Role) -> "Reader":
        if role not in self._inside:
            self._inside[role] = self.afresh(role)
        return self._inside[role]

    def afresh(self, role: Role) -> "Reader":
        """Let somebody in once more, with another browser, elsewhere: each place has its own sign-ins a minute."""
        client = self._site.app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{next(self._places)}"
        sign_in(client, email_of(role), self._home.password(role))
        return Reader(Program(client, {HEADER: token_of(client, "/account")}))


class Reader:
    """Somebody who reads the pages, in English unless asked otherwise."""

    def __init__(self, program: Program, language: str = "en") -> None:
        self.program = program
        self._language = language

    def get(self, path: str) -> TestResponse:
        return self.program.client.get(path, headers={"Accept-Language": self._language})

    def follow(self, path: str) -> TestResponse:
        """Ask for a page, and for the one that it leads to."""
        headers = {"Accept-Language": self._language}
        return self.program.client.get(path, headers=headers, follow_redirects=True)

    def post(self, path: str, form: Mapping[str, object] | None = None) -> TestResponse:
        headers = {**self.program.headers, "Accept-Language": self._language}
        return self.program.client.post(path, data=dict(form or {}), headers=headers)

    def find(self, purpose: str, way: str = "", wanted: str = "", **more: str) -> TestResponse:
        return self.post("/customers/", {"purpose": purpose, "way": way, "wanted": wanted, **more})

    def record_of(self, email: str, purpose: str = "after-sales") -> str:
        """Return the address of a customer's record, as a search shows it."""
        return records(self.find(purpose, "email", email))[0]


def records(answer: TestResponse) -> list[str]:
    """Return the addresses of the records that a page leads to."""
    return [link for link in links(answer) if re.match(r"/customers/[^/?]+\?", link)]


def row_of(record: str) -> str:
    """Return the identifier of the row in a record's address."""
    return record.removeprefix("/customers/").partition("?")[0].partition("/")[0]


def elements(answer: TestResponse, name: str) -> list[Element]:
    """Return the elements of a page that have a name, in their order."""
    return list(parse(answer).iter(f"{_HTML}{name}"))


def links(answer: TestResponse) -> list[str]:
    """Return the addresses that a page leads to."""
    return [link.attrib.get("href", "") for link in elements(answer, "a")]


def options(answer: TestResponse, name: str) -> list[str]:
    """Return what a select box of a page offers."""
    boxes = [box for box in elements(answer, "select") if box.attrib.get("name") == name]
    return [option.attrib["value"] for box in boxes for option in box.iter(f"{_HTML}option")]


def field(answer: TestResponse, name: str) -> str:
    """Return what stands in an input of a page; nothing where there is none."""
    values = [each.attrib.get("value", "") for each in elements(answer, "input") if each.attrib.get("name") == name]
    return next(iter(values), "")


def inputs(answer: TestResponse) -> dict[str, str]:
    """Return what the form of a page that writes a row holds, as a browser would send it."""
    form: dict[str, str] = {}
    for box in elements(answer, "select"):
        chosen = [each.attrib["value"] for each in box.iter(f"{_HTML}option") if "selected" in each.attrib]
        form[box.attrib["name"]] = next(iter(chosen), "")
    for area in elements(answer, "textarea"):
        form[area.attrib["name"]] = (area.text or "").removeprefix("\n")
    for each in elements(answer, "input"):
        if each.attrib.get("type") not in {"radio", "checkbox"} and "name" in each.attrib:
            form[each.attrib["name"]] = each.attrib.get("value", "")
    return form


def headings(answer: TestResponse) -> list[str]:
    """Return what stands in the first headings of a page."""
    return ["".join(each.itertext()).strip() for each in elements(answer, "h1")]
