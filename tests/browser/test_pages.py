"""The pages in a browser: what a reader does, in both languages."""

import re

import pytest
from playwright.sync_api import Page

from governance.actor import Role
from tests.builders.site import Site
from tests.builders.soundness import a_quiet_console, check
from tests.demonstration import email_of


def look_for(page: Page, email: str) -> None:
    page.goto("/customers/")
    page.select_option("#purpose", "after-sales")
    page.select_option("#way", "email")
    page.fill("#wanted", email)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.ledger")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_support_finds_a_customer_and_sees_what_is_sealed(site: Site, language: str) -> None:
    page = site.come_in(Role.SUPPORT, language)
    with a_quiet_console(page):
        look_for(page, "customer-12@demo.example")
        assert "customer-12" not in page.url
        page.click("table.ledger a")
        page.wait_for_selector("dl.facts")
        ribbon = page.locator(".ribbon")
        assert ribbon.is_visible()
        assert "customer-12@demo.example" in page.inner_text("main")
        seal = page.locator("details.seal").first
        assert seal.is_visible()
        seal.locator("summary").focus()
        page.keyboard.press("Enter")
        assert seal.get_attribute("open") is not None
        assert page.get_attribute("html", "lang") == language


def test_signing_out_closes_the_pages(site: Site) -> None:
    page = site.signed_in(Role.SUPPORT)
    page.click("details.who summary")
    page.click("details.who form[action*=sign-out] button")
    page.wait_for_load_state()
    page.goto("/customers/")
    assert "customer-" not in page.content()
    assert page.locator("input[name=password]").is_visible()


def test_a_wrong_password_stays_outside(site: Site) -> None:
    page = site.page()
    page.goto("/sign-in")
    page.fill("input[name=email]", "support@demo.example")
    page.fill("input[name=password]", "not the password at all")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("input[name=password]").is_visible()
    assert page.goto("/customers/").status == 401  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_auditor_verifies_the_log_and_takes_a_proof(site: Site, language: str) -> None:
    site.wired.signer.checkpoint()
    page = site.come_in(Role.AUDITOR, language)
    with a_quiet_console(page):
        page.goto("/log/")
        page.click("form[action*=verify] button")
        page.wait_for_selector(".notice")
        assert re.search("The log is whole|Le journal est entier|intact", page.inner_text("main"))
        with page.expect_download() as taken:
            page.locator("a.proof").first.click()
        text = taken.value.path().read_text(encoding="utf-8")
        assert text.startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_signing_in_again_leads_back_to_the_record_and_its_purpose(site: Site, language: str) -> None:
    page = site.signed_in(Role.SUPPORT, language)
    look_for(page, "customer-12@demo.example")
    page.click("table.ledger a")
    page.wait_for_selector("dl.facts")
    record = page.url
    page.context.clear_cookies()
    page.goto(record)
    page.fill("input[name=email]", email_of(Role.SUPPORT))
    page.fill("input[name=password]", site.home.password(Role.SUPPORT))
    page.keyboard.press("Enter")
    page.wait_for_selector("dl.facts")
    assert page.url == record
    assert "purpose=after-sales" in record


def test_an_expired_form_leads_back_to_where_it_stood(site: Site) -> None:
    page = site.come_in(Role.SUPPORT)
    page.goto("/account")
    page.locator("form[action='/account/tokens'] input[name=csrf_token]").evaluate("field => { field.value = 'old' }")
    page.fill("#name", "mine")
    page.click("form[action='/account/tokens'] button")
    check(page)
    page.click("a.btn-primary")
    assert page.url.endswith("/account")


def test_a_page_that_is_not_there_is_a_page(site: Site) -> None:
    page = site.come_in(Role.SUPPORT)
    answer = page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404
    check(page)


def test_a_page_for_others_says_so(site: Site) -> None:
    page = site.come_in(Role.SUPPORT)
    answer = page.goto("/log/")
    assert answer is not None
    assert answer.status == 403
    check(page)
