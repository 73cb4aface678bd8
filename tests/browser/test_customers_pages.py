"""The customers' pages in a browser: what a purpose gives where nobody can be looked for, and tables on a phone."""

import pytest
from playwright.sync_api import Page

from governance.actor import Role
from tests.browser.test_pages import look_for
from tests.builders.site import Site
from tests.builders.soundness import NARROW, a_quiet_console, check


def broken_figures(page: Page) -> list[str]:
    """Return the numbers, dates and amounts that a line of the page breaks."""
    broken: list[str] = page.locator(".figure").evaluate_all(
        "all => all.filter(each => each.getClientRects().length > 1).map(each => each.textContent)"
    )
    return broken


@pytest.mark.parametrize(("language", "scheme", "width"), [("fr", "dark", NARROW), ("en", "light", 1280)])
def test_an_analyst_goes_from_the_first_page_to_the_rows_and_a_record(
    site: Site, language: str, scheme: str, width: int
) -> None:
    page = site.come_in(Role.ANALYST, language, width=width, scheme=scheme)
    with a_quiet_console(page):
        page.goto("/customers/")
        check(page)
        page.select_option("#purpose", "statistics")
        page.click("form[role=search] button.btn-primary")
        page.wait_for_selector("table.ledger")
        check(page)
        page.click("form.pager button")
        page.wait_for_selector("table.ledger")
        page.click("table.ledger a >> nth=0")
        page.wait_for_selector("dl.facts")
        check(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_phone_no_number_date_or_amount_of_a_record_is_broken(site: Site, language: str) -> None:
    page = site.come_in(Role.SUPPORT, language, width=NARROW)
    look_for(page, "customer-12@demo.example")
    page.click("table.ledger a")
    page.wait_for_selector("dl.facts")

    assert page.locator(".figure").count() > 0
    assert broken_figures(page) == []
    check(page)


@pytest.mark.parametrize("purpose", ["scoring", "no-such-purpose", "after-sales"])
def test_a_record_that_does_not_open_says_why(site: Site, purpose: str) -> None:
    page = site.come_in(Role.SUPPORT, width=NARROW)
    look_for(page, "customer-12@demo.example")
    record = page.get_attribute("table.ledger a", "href") or ""
    address = record.replace("after-sales", purpose)
    if purpose == "after-sales":
        address = "/customers/01a201d0-33c7-773c-b143-9869db000000?purpose=after-sales"

    answer = page.goto(address)

    assert answer is not None
    assert answer.status == (404 if purpose == "after-sales" else 403)
    assert page.locator("a[href^='/customers/']").count() > 1
    check(page)
