"""Working with customers in a browser: from a task to a record, another purpose, a correction, an import."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from governance.actor import Role
from governance.work import worker_of
from tests.builders.customers import a_csv, a_person
from tests.builders.site import Site
from tests.builders.soundness import NARROW, a_quiet_console, check

_BOTH = pytest.mark.parametrize(("language", "width", "scheme"), [("fr", 1280, "dark"), ("en", NARROW, "light")])


def send(page: Page) -> None:
    """Send the form of the page, by its first verb."""
    page.click("main form button.btn-primary >> nth=-1")


@_BOTH
def test_support_goes_from_an_exchange_to_its_customer_and_says_why_for_another_purpose(
    site: Site, language: str, width: int, scheme: str
) -> None:
    page = site.come_in(Role.SUPPORT, language, width=width, scheme=scheme)
    with a_quiet_console(page):
        page.goto("/customers/tickets")
        check(page)
        page.click("table.ledger a >> nth=0")
        page.wait_for_selector("dl.facts")
        check(page)
        page.click(".ribbon a")
        check(page)
        page.select_option("#to", "customer-relationship")
        page.check("input[name=reason] >> nth=0")
        send(page)
        page.wait_for_selector("dl.facts")
        page.click(".page-verbs a.btn")
        page.wait_for_selector("form.entry")
        check(page)
    # A form that is answered with what is wrong in it is an error to the browser's console.
    page.fill("#field-email", "nobody")
    send(page)
    page.wait_for_selector(".field-wrong")
    check(page)
    page.fill("#field-email", f"corrected-{language}-{width}@demo.example")
    send(page)
    page.wait_for_selector(".notice-given")
    check(page)


@_BOTH
def test_sales_add_a_customer_and_are_told_of_a_possible_duplicate(
    site: Site, language: str, width: int, scheme: str
) -> None:
    page = site.come_in(Role.SALES, language, width=width, scheme=scheme)
    page.goto("/customers/new?kind=customers&purpose=customer-relationship")
    check(page)
    page.fill("#field-family_name", "Nouvelle")
    page.fill("#field-email", "customer-3@demo.example")
    send(page)
    page.wait_for_selector("input[name=twice]")
    check(page)
    page.fill("#field-email", f"added-{language}-{width}@demo.example")
    send(page)
    page.wait_for_selector("dl.facts")
    check(page)
    page.goto("/customers/companies/")
    check(page)


@_BOTH
def test_sales_import_a_file(site: Site, tmp_path: Path, language: str, width: int, scheme: str) -> None:
    first = 700_000 + 1_000 * width + (500 if language == "fr" else 0)
    rows = [list(a_person(number)) for number in range(first, first + 3)]
    for number, row in enumerate(rows):
        row[1], row[4] = "Dr", f"import-{first + number}@demo.example"
    page = site.come_in(Role.SALES, language, width=width, scheme=scheme)
    with a_quiet_console(page):
        page.goto("/imports/new")
        check(page)
        page.select_option("#into", "customer-relationship customers")
        page.set_input_files("#file", str(a_csv(tmp_path / "people.csv", rows)))
        send(page)
        page.wait_for_url("**/columns")
        check(page)
        page.select_option("#point", "-")
        page.click("form.entry button.btn-primary")
        page.wait_for_url("**/preview")
        check(page)
        page.select_option("select[name=unknown-meant]", "unstated")
        page.click("form.sheet button")
        page.wait_for_selector(".rows-seen dl")
        check(page)
        page.click("form[action$='/start'] button")
        page.wait_for_selector("#follow[data-follow='1']")
        check(page)
        worker = worker_of(site.wired)
        while worker.run_once():
            pass
        page.wait_for_url("**/imports/runs/**")
        check(page)
        page.goto("/imports/")
        check(page)
