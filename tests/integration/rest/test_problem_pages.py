"""The type of every problem leads to a page that says what it means and how to mend it, in both languages."""

import re

import pytest

from governance.actor import Role
from governance.problems import PROBLEMS
from governance.web.problems import EDGE_PROBLEMS
from tests.builders.service import Service, problem
from tests.builders.web import words

_SLUGS = {each.slug for each in (*EDGE_PROBLEMS, *PROBLEMS.values())}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_problem_has_its_page_open_to_anyone(site: Service, language: str) -> None:
    client = site.app.test_client()
    for slug in sorted(_SLUGS):
        page = client.get(f"/problems/{slug}", headers={"Accept-Language": language})
        assert page.status_code == 200, slug
        assert slug in words(page)
        assert re.search("How to mend it|Comment y remédier", words(page))


@pytest.mark.parametrize("slug", ["nothing-of-the-kind", "http-418", "Not-Found", "%3Cb%3E"])
def test_a_problem_that_is_not_in_the_table_has_no_page(site: Service, slug: str) -> None:
    assert site.app.test_client().get(f"/problems/{slug}").status_code == 404


def test_the_type_of_a_problem_leads_to_its_page(site: Service) -> None:
    program = site.program(Role.SUPPORT)
    told = problem(program.post("/data/customers/query", {"purpose": "scoring"}), 403)

    kind = told["type"].removeprefix(site.wired.settings.base_url)

    assert "read-refused" in words(program.client.get(kind))


def test_places_for_facts_are_marked_and_nothing_else_is_markup(site: Service) -> None:
    page = site.app.test_client().get("/problems/revision-conflict", headers={"Accept-Language": "en"})

    assert "<var>row</var> was changed meanwhile" in page.get_data(as_text=True)
