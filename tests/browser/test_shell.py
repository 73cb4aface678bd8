"""The shell in a browser: menus by keyboard, paper, wide screens, static files."""

import pytest
from playwright.sync_api import Response

from governance.actor import Role
from governance.identity.service import NewRole, account_by_email, assign_role
from governance.oversight.values import About, Thing
from tests.builders.oversight import acting, hire, program, read, refuse
from tests.builders.plan import given_action, put_on_shelf
from tests.builders.site import Site
from tests.builders.soundness import check
from tests.demonstration import email_of


@pytest.fixture(scope="module")
def busy(site: Site) -> Site:
    """A site on which something waits for everybody."""
    wired = site.wired
    hire(wired, "camille@demo.example")
    program(wired, "Till 7")
    refuse(wired, Role.SALES, 4)
    read(wired, Role.SUPPORT, 260)
    wired.signer.checkpoint()
    return site


def test_the_menu_of_a_phone_opens_by_keyboard_and_without_javascript(busy: Site) -> None:
    context = busy.browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 800}, base_url=busy.address, locale="en-GB"
    )
    page = busy.come_in(Role.CONTROLLER, width=360)
    for cookie in page.context.cookies():
        context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": busy.address}])
    plain = context.new_page()
    plain.goto("/decisions")
    folded = plain.locator("details.places-folded")
    link = folded.get_by_role("link", name="Activities", exact=True)
    assert not link.is_visible()

    folded.locator("summary").focus()
    plain.keyboard.press("Enter")

    assert link.is_visible()
    plain.keyboard.press("Tab")
    plain.keyboard.press("Tab")
    assert plain.evaluate("document.activeElement.textContent") == "Activities"
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/activities/")
    context.close()


def test_the_places_of_many_roles_wrap_and_none_is_lost(own_site: Site) -> None:
    wired = own_site.wired
    controller = acting(wired, Role.CONTROLLER)
    with wired.write() as session:
        owner = account_by_email(session, email_of(Role.OWNER))
        for role in (Role.SALES, Role.MARKETING, Role.SECURITY, Role.AUDITOR, Role.DPO):
            new = NewRole(account_id=owner.id, role=role, no_second_person=True)
            assign_role(session, wired.clock, wired.ids, controller, new)
    for width in (360, 1280, 1920):
        page = own_site.come_in(Role.OWNER, width=width)
        page.goto("/tasks")
        check(page)
        shown = page.locator("nav.places a:visible").count()
        if width == 360:
            page.locator("details.places-folded summary").click()
            check(page)
            shown = page.locator("details.places-folded a:visible").count()
        assert shown == page.locator("nav.places a").count() > 8
        assert page.locator("nav.places a[aria-current]").count() == 1
        page.context.close()


def test_the_skip_link_comes_first_and_leads_to_the_content(busy: Site) -> None:
    page = busy.come_in(Role.AUDITOR)
    page.goto("/log/state")

    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("each => each === document.activeElement")
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_paper_has_no_header_and_no_buttons(busy: Site) -> None:
    page = busy.come_in(Role.DPO)
    page.goto("/today")
    page.emulate_media(media="print")

    assert not page.locator("header.top").is_visible()
    assert page.locator(".btn:visible").count() == 0
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_colours_of_the_system_keep_every_mark(busy: Site) -> None:
    page = busy.come_in(Role.SECURITY)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/watch")

    border = page.locator(".tag").first.evaluate("each => getComputedStyle(each).borderTopStyle")
    assert border == "solid"
    assert (
        page.locator("nav.places a[aria-current]").evaluate("each => getComputedStyle(each).borderBottomStyle")
        == "solid"
    )


def test_a_wide_screen_stays_readable(busy: Site) -> None:
    page = busy.come_in(Role.DPO, width=1920)
    page.goto("/today")

    assert page.locator("main").bounding_box()["width"] <= 1300  # type: ignore[index]
    widths = page.eval_on_selector_all("main p", "all => all.map((each) => each.getBoundingClientRect().width)")
    assert max(widths) <= 800


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_titles_without_blanks_make_no_list_wider_than_the_window(own_site: Site, width: int) -> None:
    action = given_action(own_site.wired, title="B" * 200)
    put_on_shelf(own_site.wired, Thing(About.ACTION, str(action)), title="A" * 200)
    page = own_site.come_in(Role.DPO, width=width)

    for path in ("/evidence/", "/plan/"):
        page.goto(path)
        check(page)
        assert page.locator("table.ledger").count()


def test_changing_the_language_keeps_the_filters(busy: Site) -> None:
    page = busy.come_in(Role.AUDITOR, "en")
    page.goto("/log/?action=refusal&since=2020-01-01")

    page.locator("details.who summary").click()
    page.get_by_role("button", name="Français").click()
    page.wait_for_selector("html[lang=fr]")

    assert page.url.endswith("/log/?action=refusal&since=2020-01-01")
    assert page.locator("#action").input_value() == "refusal"


def test_static_files_are_kept_for_good_under_their_hashes(busy: Site) -> None:
    page = busy.come_in(Role.AUDITOR)
    kept: dict[str, str] = {}

    def see(answer: Response) -> None:
        if "/static/" in answer.url:
            kept[answer.url] = answer.headers.get("cache-control", "")

    page.on("response", see)
    page.goto("/log/state")

    assert kept
    assert all("immutable" in said and "max-age=31536000" in said for said in kept.values())
    assert all("v=" in url for url in kept)


def test_closing_somebody_is_a_page_and_not_a_question_of_the_browser(own_site: Site) -> None:
    page = own_site.come_in(Role.SECURITY)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.goto(f"/watch/{acting(own_site.wired, Role.ANALYST).id}")
    page.get_by_role("link", name="Close it…").click()
    assert "What happens then" in page.inner_text("main")
    page.select_option("#ground", "departure")
    page.get_by_role("button", name="Close it now").click()
    page.wait_for_selector(".notice[role=status]")

    assert "Closed since" in page.inner_text("main")
    assert asked == []
