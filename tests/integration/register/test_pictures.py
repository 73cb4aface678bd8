"""The register in pictures, on its pages: drawn by the server, told in words beside, for whoever reads the register."""

import pytest
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.database import Database
from governance.vocabulary import DataCategory
from register.service import Desk, category_counts
from tests.builders.pages import Enter
from tests.builders.paper import read_paper
from tests.builders.register import a_complete_draft, a_purpose
from tests.builders.service import Service
from tests.builders.web import parse, words

SVG = "{http://www.w3.org/2000/svg}"


def drawings(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the title and the description of each drawing that stands for something."""
    found = []
    for svg in parse(answer).iter(f"{SVG}svg"):
        if svg.attrib.get("role") == "img" and "pic" in svg.attrib.get("class", "").split():
            title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
            assert title is not None
            assert desc is not None
            assert svg.attrib["aria-labelledby"] == title.attrib["id"]
            assert svg.attrib["aria-describedby"] == desc.attrib["id"]
            found.append((title.text or "", desc.text or ""))
    return found


@pytest.mark.parametrize(
    ("language", "title", "told", "word"),
    [
        ("en", "The way of the data", "Customers", "The same in words"),
        ("fr", "Le chemin des données", "Clients", "La même chose en mots"),
    ],
)
def test_an_activity_is_drawn_wide_and_narrow_and_told_in_words(
    enter: Enter, language: str, title: str, told: str, word: str
) -> None:
    client = enter(Role.AUDITOR).program.client

    answer = client.get("/activities/customer-management/pictures", headers={"Accept-Language": language})

    found = drawings(answer)
    assert [name for name, _ in found].count(title) == 2
    assert len(found) == 4
    assert told in found[0][1]
    assert words(answer).count(word) == 2
    assert "style=" not in answer.text


def drawn_words(answer: TestResponse) -> list[str]:
    """Return what stands in the boxes of each drawing."""
    return [
        " ".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))
        for svg in parse(answer).iter(f"{SVG}svg")
        if "pic" in svg.attrib.get("class", "").split()
    ]


@pytest.mark.parametrize(
    ("language", "processor", "outside", "safeguard"),
    [
        ("en", "Processor: Routage", "Outside the EEA", "Morocco: standard"),
        ("fr", "Sous-traitant\u202f: Routage", "Hors de l’EEE", "Maroc\u202f: clauses"),
    ],
)
def test_processors_and_where_data_leave_the_area_are_drawn_and_told(
    enter: Enter, language: str, processor: str, outside: str, safeguard: str
) -> None:
    client = enter(Role.AUDITOR).program.client
    asked = {"Accept-Language": language}

    answer = client.get("/activities/direct-marketing/pictures", headers=asked)
    paper = read_paper(client.get("/activities/direct-marketing/record.pdf", headers=asked).data)

    alternatives = "".join(paper.alternatives).replace("\u00a0", "\u202f")
    told = drawings(answer)[0][1].replace("\u00a0", "\u202f")
    for part in (processor, outside, safeguard, "Appels Boréal"):
        assert part.lower() in told.lower()
        assert part.lower() in alternatives.lower()
    assert all("Boréal" in drawn and outside in drawn for drawn in drawn_words(answer)[:2])
    assert words(answer).count(outside) >= 2


def test_an_outside_recipient_is_drawn_and_without_transfer_no_station_beyond_the_area(enter: Enter) -> None:
    told = drawings(enter(Role.DPO).get("/activities/customer-management/pictures"))[0][1]

    assert "Transports Comète" in told
    assert "Outside the EEA" not in told


def test_where_data_lie_is_read_from_the_data_map(enter: Enter) -> None:
    said = words(enter(Role.DPO).get("/activities/customer-management/pictures"))

    assert "order lines" in said


def test_the_map_of_categories_is_a_view_of_the_list_and_keeps_what_narrows_it(enter: Enter) -> None:
    listed = enter(Role.DPO).get("/activities/?state=active")
    drawn = enter(Role.DPO).get("/activities/?view=map&state=active")

    assert "view=map" in listed.text
    assert drawings(listed) == []
    assert [name for name, _ in drawings(drawn)] == ["Which activities use which categories"] * 2
    assert "Loyalty programme" not in words(drawn)
    assert 'name="view"' in drawn.text


def test_a_view_that_is_none_is_the_list(enter: Enter) -> None:
    assert drawings(enter(Role.DPO).get("/activities/?view=other")) == []


def test_only_readers_of_the_register_see_its_pictures(enter: Enter) -> None:
    assert enter(Role.SALES).get("/activities/customer-management/pictures").status_code == 403
    assert enter(Role.DPO).get("/activities/no-such/pictures").status_code == 404


def test_categories_are_counted_once_for_each_purpose_and_proposals_count(database: Database, desk: Desk) -> None:
    with database.write() as session:
        first = a_purpose(session).activity
        a_purpose(session, id=2, slug="second", activity=first)
        draft = a_complete_draft(session, desk)

        counts = category_counts(session, [first.id, draft.id])

    assert counts[first.id] == {DataCategory.IDENTITY: 2, DataCategory.CONTACT: 2}
    assert counts[draft.id] == {DataCategory.IDENTITY: 1}


def test_the_map_takes_as_many_statements_whatever_it_shows(enter: Enter, site: Service) -> None:
    reader = enter(Role.DPO)
    reader.get("/activities/?view=map")

    def statements(path: str) -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        engine: Engine = site.wired.database.engine
        event.listen(engine, "before_cursor_execute", count)
        assert reader.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", count)
        return counted

    # Drafts are asked what they lack, and those that run how far they are enforced: so each kind by itself.
    for state in ("draft", "active"):
        shown = f"/activities/?view=map&state={state}"
        assert statements(shown) == statements(f"{shown}&text=a")
