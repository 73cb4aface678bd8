"""The guide in a browser: a house just founded, and a first activity in force a moment later."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from governance.actor import Role
from tests.browser.test_keyboard import enter, tab_to
from tests.builders.newcomers import a_house_of_one, a_new_house
from tests.builders.serving import serving
from tests.builders.site import Site
from tests.builders.soundness import a_quiet_console, check, check_fits

# Somebody who reads takes longer than a machine: what is measured is far below the five minutes that a person has.
_MOST_SECONDS = 100
_MOST_PAGES = 30
_GO_BY = "button[name=then][value=go-on]"
_SAVE = "form.guide-form button.btn-primary"


@contextmanager
def a_site(home_folder: Path, browser: Browser, *staff: Role) -> Iterator[Site]:
    """Serve a house just founded, in which everybody has their second factor."""
    home = a_new_house(home_folder, staff) if len(staff) > 1 else a_house_of_one(home_folder)
    with serving(home, browser) as site:
        for role in staff:
            site.add_app(role)
        yield site


def counting(page: Page) -> list[str]:
    """Return a list that fills with the pages that are opened."""
    opened: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            opened.append(f"{request.method} {request.url}")

    page.on("request", note)
    return opened


def send(page: Page, selector: str) -> None:
    """Press a button, and come to the next page, which fits."""
    with page.expect_navigation():
        page.click(selector)
    check_fits(page)


def at_step(page: Page, step: str) -> None:
    """Fail where the guide asks something else."""
    assert f"/guide/{step}" in page.url, page.url


def advise(page: Page) -> None:
    """Give a favourable opinion on the record on the screen."""
    page.click("a[href$='/steps/advise']")
    page.check("input[value=favourable]")
    send(page, "article.confirm button[type=submit]")


def activate(page: Page, record: str) -> None:
    """Let an activity run."""
    page.goto(record)
    page.click("a[href$='/steps/activate']")
    send(page, "article.confirm button[type=submit]")
    assert page.locator("a[href$='/steps/suspend']").is_visible()


def answer_the_first(page: Page) -> None:
    """Say why, of whom, which data, and who sees them."""
    at_step(page, "why")
    page.fill("#label_fr", "Livrer les commandes")
    page.select_option("#basis", "contract")
    assert not page.locator("#interest").is_visible()
    send(page, _SAVE)

    # One question with the keyboard alone: the number, Tab, Enter.
    at_step(page, "people")
    tab_to(page, "#customer")
    page.keyboard.type("3000")
    tab_to(page, _SAVE)
    enter(page)

    at_step(page, "data")
    assert page.is_checked("input[name=kinds][value=customer]")
    page.check("input[name=categories][value=identity]")
    page.check("input[name=categories][value=contact]")
    page.fill("#active", "3")
    page.select_option("#starting_event", "last-order")
    send(page, _SAVE)

    at_step(page, "recipients")
    page.check("input[name=roles][value=support]")
    send(page, _SAVE)


def answer_the_rest(page: Page) -> None:
    """Say what else there is, go by what there is not, and come to the reading over."""
    for step in ("helpers", "transfers"):
        at_step(page, step)
        send(page, _GO_BY)
    at_step(page, "measures")
    page.check("[id^=measure_] >> nth=0")
    send(page, _SAVE)
    at_step(page, "decisions")
    send(page, _GO_BY)
    at_step(page, "rights")
    page.fill("#how_fr", "Par courriel à donnees@velo.example")
    send(page, _SAVE)
    at_step(page, "assets")
    page.fill("#applications", "La caisse")
    send(page, _SAVE)

    # No organisation is on file: it is put there where it is asked for.
    at_step(page, "answers")
    page.fill("#name", "Les Halles du Vélo")
    page.fill("#address", "12 rue des Carmes")
    send(page, _SAVE)
    at_step(page, "review")
    assert page.locator("#lacks").count() == 0


@pytest.mark.parametrize(("language", "width", "scheme"), [("fr", 1280, "light"), ("en", 360, "dark")])
def test_a_new_dpo_comes_from_nothing_to_an_activity_in_force_in_minutes(
    browser: Browser, tmp_path: Path, language: str, width: int, scheme: str
) -> None:
    with a_site(tmp_path / "home", browser, Role.DPO, Role.CONTROLLER) as site:
        page = site.come_in(Role.DPO, language, width=width, scheme=scheme)
        opened = counting(page)
        began = time.monotonic()
        with a_quiet_console(page):
            page.goto("/activities/")
            send(page, ".empty a.btn-primary")
            send(page, "a[href$='/-/draft']")
            page.fill("#name_fr", "Livraison des vélos")
            page.fill("#description", "Nous livrons les vélos commandés, et appelons avant de venir.")
            send(page, "form.sheet button[type=submit]")

            answer_the_first(page)
            answer_the_rest(page)
            send(page, "form[action$='/steps/submit'] button")
            record = page.url
            advise(page)
        decider = site.come_in(Role.CONTROLLER, language, width=width, scheme=scheme)
        decided = counting(decider)
        activate(decider, record)
        took = time.monotonic() - began

    assert took < _MOST_SECONDS
    assert len(opened) + len(decided) <= _MOST_PAGES, [*opened, *decided]


def test_a_starting_point_is_confirmed_part_by_part_and_goes_on_from_the_list(browser: Browser, tmp_path: Path) -> None:
    with a_site(tmp_path / "home", browser, Role.DPO, Role.CONTROLLER) as site:
        page = site.come_in(Role.DPO, "fr", width=360)
        opened = counting(page)
        page.goto("/activities/-/draft?from=loyalty")
        send(page, "form.sheet button[type=submit]")
        at_step(page, "why/run-loyalty-cards")
        send(page, _SAVE)
        # Whoever leaves comes back through the list, with one click, to where they stopped.
        page.goto("/activities/")
        check(page)
        send(page, "a.go-on")
        at_step(page, "people")
        send(page, _GO_BY)
        at_step(page, "data")
        send(page, _GO_BY)
        at_step(page, "recipients")
        send(page, _SAVE)
        for _ in range(6):
            send(page, _GO_BY)
        at_step(page, "answers")
        page.fill("#name", "Les Halles du Vélo")
        send(page, _SAVE)
        at_step(page, "review")
        send(page, "form[action$='/steps/submit'] button")
        advise(page)
        assert len(opened) <= 20, opened


def test_a_firm_of_one_gets_there_too_and_the_record_says_so(browser: Browser, tmp_path: Path) -> None:
    with a_site(tmp_path / "home", browser, Role.CONTROLLER) as site:
        page = site.come_in(Role.CONTROLLER, "fr")
        page.goto("/activities/-/draft?from=loyalty")
        send(page, "form.sheet button[type=submit]")
        while "/review" not in page.url:
            if "/answers" in page.url:
                page.fill("#name", "Vélo Seul")
            send(page, _GO_BY if page.locator(_GO_BY).count() else _SAVE)
        send(page, "form[action$='/steps/submit'] button")
        advise(page)
        record = page.url
        page.goto(f"{record}/steps/activate")
        assert page.locator(".notice-due").is_visible()

        activate(page, record)

        assert page.locator(".decided-alone").is_visible()


def test_what_is_typed_survives_a_closed_window_and_is_offered_again(site: Site) -> None:
    page = site.come_in(Role.OWNER, "en")
    with a_quiet_console(page):
        page.goto("/activities/loyalty/guide/rights")
        with page.expect_response(lambda answer: answer.url.endswith("/-/typed")):
            page.fill("#how_en", "By e-mail to")
        page.wait_for_function("document.querySelector('.guide-told').textContent !== ''")
        page.fill("#how_en", "By e-mail to privacy")
    page.close(run_before_unload=True)

    again = site.come_in(Role.OWNER, "en")
    again.goto("/activities/loyalty/guide/rights")
    assert again.input_value("#how_en").startswith("By e-mail to")
    check(again)
    send(again, ".guide-kept button")
    assert again.input_value("#how_en") == ""


def test_two_people_at_one_question_are_told_of_each_other(own_site: Site) -> None:
    first, second = own_site.come_in(Role.OWNER, "fr"), own_site.come_in(Role.DPO, "fr")
    for page in (first, second):
        page.goto("/activities/loyalty/guide/rights")
    second.fill("#how_fr", "Au magasin")
    send(second, _SAVE)
    first.fill("#how_fr", "Par courriel")
    with first.expect_navigation():
        first.click(_SAVE)
    check(first)
    assert "Au magasin" in first.inner_text(".meanwhile")
    assert first.input_value("#how_fr") == "Par courriel"

    send(first, "form.guide-form button[formaction]")

    assert first.input_value("#how_fr") == "Au magasin"
