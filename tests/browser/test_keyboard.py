"""Work without a mouse: Tab and Enter lead everywhere, and whoever looks sees where they are."""

import pytest
from playwright.sync_api import Page

from governance.actor import Role
from tests.builders.site import Site

# Further than the longest way through one page.
_MOST = 80
_FOCUSED = "(selector) => document.activeElement.matches(selector)"
# The parts of a date are drawn by the browser, each with a mark of its own.
_SHOWS = """() => {
    const each = document.activeElement;
    const [style, box] = [getComputedStyle(each), each.getBoundingClientRect()];
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const marked = outlined || style.boxShadow !== "none" || each.matches("[type^=date]");
    return marked && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


def shows(page: Page) -> bool:
    """Say whether the focus shows, at once or when the page has scrolled to it."""
    for _ in range(20):
        if page.evaluate(_SHOWS):
            return True
        page.wait_for_timeout(100)
    return False


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until something has the focus; wherever it comes by, it must show."""
    for _ in range(_MOST):
        page.keyboard.press(key)
        if not shows(page):
            where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            raise AssertionError(f"{page.url}: the focus does not show on {where}")
        if page.evaluate(_FOCUSED, selector):
            return
    raise AssertionError(f"{page.url}: Tab does not lead to {selector}")


def enter(page: Page) -> None:
    """Press Enter, and come to the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 360)])
def test_a_telephone_number_is_corrected_with_tab_and_enter_alone(own_site: Site, language: str, width: int) -> None:
    page = own_site.come_in(Role.SUPPORT, language, width=width)
    page.goto("/customers/?purpose=customer-relationship")
    assert page.evaluate(_FOCUSED, "#wanted")
    page.keyboard.type("customer-12@demo.example")
    enter(page)

    tab_to(page, "table.ledger a")
    enter(page)

    tab_to(page, "details.seal summary")
    page.keyboard.press("Enter")
    assert page.locator("details.seal[open] .seal-why").is_visible()

    tab_to(page, "a[href*='/correct?']", "Shift+Tab")
    enter(page)

    tab_to(page, "input[id$=mobile]")
    page.keyboard.type("06 39 98 00 99")
    tab_to(page, "form.entry button[type=submit]")
    enter(page)

    assert "/correct" not in page.url
    assert "06 39 98 00 99" in " ".join(page.inner_text("article").split())


def test_the_skip_link_leads_past_the_header_on_every_kind_of_page(site: Site) -> None:
    page = site.come_in(Role.DPO, "fr")
    for path in ("/today", "/policies/", "/activities/partner-offers", "/log/"):
        page.goto(path)
        tab_to(page, "a.skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert page.evaluate("document.getElementById('content').contains(document.activeElement)"), path


@pytest.mark.parametrize("width", [1280, 360])
def test_menus_open_and_close_by_keyboard(site: Site, width: int) -> None:
    page = site.come_in(Role.CONTROLLER, "fr", width=width)
    page.goto("/decisions")
    tab_to(page, "details.who summary")
    page.keyboard.press("Enter")
    assert page.locator("form[action$='/sign-out'] button").is_visible()
    tab_to(page, "form[action$='/sign-out'] button")
    tab_to(page, "details.who summary", "Shift+Tab")
    page.keyboard.press("Space")
    assert not page.locator("form[action$='/sign-out'] button").is_visible()
    if width < 1000:
        tab_to(page, "details.places-folded summary", "Shift+Tab")
        page.keyboard.press("Enter")
        tab_to(page, "details.places-folded a[href='/policies/']")
        enter(page)
        assert page.url.endswith("/policies/")
