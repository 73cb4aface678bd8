"""The log on its page: what is asked is said and answered, what cannot be asked is said beside its field."""

import re
from datetime import datetime

import pytest
from werkzeug.test import TestResponse

from audit.entries import Action, Fact, Retention
from governance.actor import SYSTEM, Role
from governance.identity.service import account_by_email
from governance.web.csrf import HEADER
from tests.builders.oversight import name_of
from tests.builders.service import Service
from tests.builders.web import parse, token_of, words
from tests.demonstration import Home, email_of

ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}


class Auditor:
    """An auditor's browser."""

    def __init__(self, service: Service, home: Home) -> None:
        self.service = service
        self.client = service.person(Role.AUDITOR, home.password(Role.AUDITOR)).client

    def open(self, path: str = "/log/", *, language: str = "en", **query: str) -> TestResponse:
        return self.client.get(path, query_string=query, headers={**ENGLISH, "Accept-Language": language})

    def indexes(self, **query: str) -> list[int]:
        """Return the entries that a page shows."""
        page = self.open("/log/", **query)
        assert page.status_code == 200
        return [int(link) for link in re.findall(r'href="/log/(\d+)/entry"', page.get_data(as_text=True))]


@pytest.fixture
def auditor(sqlite_service: Service, sqlite_home: Home) -> Auditor:
    return Auditor(sqlite_service, sqlite_home)


def wrong(page: TestResponse) -> list[str]:
    """Return the fields that a page marks as wrong, each with its sentence beside it."""
    document = parse(page)
    marked = document.findall(".//{*}*[@aria-invalid='true']")
    for each in marked:
        said = document.findall(f".//{{*}}p[@id='{each.attrib['aria-describedby']}']")
        assert "".join(said[0].itertext()).strip()
    return [each.attrib["name"] for each in marked]


def test_pages_lead_to_older_entries_and_back_to_newer_ones(auditor: Auditor) -> None:
    first = auditor.indexes(action="policy")
    second = auditor.indexes(action="policy", after=str(first[-1]))
    back = auditor.indexes(action="policy", before=str(second[0]))

    assert len(first) == 50
    assert max(second) < min(first)
    assert back == first
    assert f"before={second[0]}" in auditor.open(action="policy", after=str(first[-1])).get_data(as_text=True)


def test_entries_are_found_by_who_acted(auditor: Auditor) -> None:
    with auditor.service.wired.read() as session:
        controller = account_by_email(session, email_of(Role.CONTROLLER)).id

    page = auditor.open(actor=str(controller), action="policy")
    cells = ["".join(cell.itertext()) for cell in parse(page).findall(".//{*}td[@data-label='Who']")]

    assert cells
    assert all(name_of(auditor.service.wired, Role.CONTROLLER) in cell for cell in cells)


def test_a_day_is_meant_as_the_page_tells_times_and_the_last_one_is_included(auditor: Auditor) -> None:
    log = auditor.service.wired.log
    # Midnight in Paris in November is 23:00 the day before, in UTC.
    times = ["2026-11-09T22:59:59+00:00", "2026-11-09T23:00:00+00:00", "2026-11-10T22:59:59+00:00"]
    times = [*times, "2026-11-10T23:00:00+00:00"]
    refs = [
        log.append(
            Fact(
                retention=Retention.SECURITY,
                action=Action.NOTIFY,
                actor=SYSTEM,
                object_type="test",
                at=datetime.fromisoformat(at),
            )
        )
        for at in times
    ]

    found = auditor.indexes(action="notify", since="2026-11-10", until="2026-11-10")

    assert found == [refs[2].index, refs[1].index]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ({"subject": "abc"}, ["subject"]),
        ({"subject": "4294967296"}, ["subject"]),
        ({"subject": "٣"}, ["subject"]),
        ({"action": "zz"}, ["action"]),
        ({"outcome": "zz", "purpose": "zz"}, ["outcome", "purpose"]),
        ({"actor": "zz"}, ["actor"]),
        ({"since": "2026-13-45"}, ["since"]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ["since", "until"]),
        ({"since": "2026-02-01", "until": "2026-01-01"}, ["until"]),
        ({"object": "x" * 65}, ["object"]),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field_and_nothing_is_shown(
    auditor: Auditor, query: dict[str, str], marked: list[str]
) -> None:
    page = auditor.open("/log/", **query)

    assert page.status_code == 422
    assert wrong(page) == marked
    assert "Nothing was looked for" in words(page)
    assert not parse(page).findall(".//{*}table")


@pytest.mark.parametrize("query", [{"after": "abc"}, {"before": "-1"}, {"after": "9" * 30}])
def test_a_place_that_is_none_is_said(auditor: Auditor, query: dict[str, str]) -> None:
    page = auditor.open("/log/", **query)

    assert page.status_code == 422
    assert "is not the number of an entry" in words(page)


def test_where_nothing_fits_the_page_says_what_to_do_next(auditor: Auditor) -> None:
    page = auditor.open(action="purge")

    assert page.status_code == 200
    assert "No entry fits" in words(page)
    assert [a for a in parse(page).findall(".//{*}main//{*}a") if a.attrib["href"] == "/log/"]


def test_a_check_says_how_many_entries_wait_for_a_signature(auditor: Auditor) -> None:
    auditor.service.wired.signer.checkpoint()
    token = token_of(auditor.client, "/log/")

    page = auditor.client.post("/log/verify", headers={**ENGLISH, HEADER: token})

    # The look at the page that gave the token came after the signature.
    assert "none missing. All are signed but the last, which waits for the next signature." in words(page)


def test_the_french_page_speaks_french(auditor: Auditor) -> None:
    auditor.open()
    page = words(auditor.open(language="fr", action="import"))

    assert "Import · clients" in page
    assert "Gestion de la relation client" in page
    assert "Boîtes scellées" in page
    assert "customers" not in page.partition("Entrées, de la plus récente")[2]


def test_details_are_words_and_counts_and_the_whole_entry_is_a_step_away(auditor: Auditor) -> None:
    index = auditor.indexes(action="import", object="customers")[0]
    page = auditor.open(action="import", object="customers")

    whole = auditor.open(f"/log/{index}/entry")

    rows = whole.get_json()["details"]["rows"]
    assert whole.mimetype == "application/json"
    assert rows not in page.get_data(as_text=True)
    assert f"{len(rows)} characters, in the whole entry" in words(page)


def test_an_entry_that_is_not_there_has_no_whole(auditor: Auditor) -> None:
    assert auditor.open("/log/999999999/entry").status_code == 404
    assert auditor.open("/log/99999999999999999999/entry").status_code == 404
