"""Second factors in a browser: the whole ceremony of a passkey, an app without JavaScript, the pages around them."""

import pyotp
import pytest
from playwright.sync_api import Page

from governance.actor import Actor, ActorKind, Role
from governance.identity.service import account_by_email, reset_second_factor
from tests.builders.site import Site
from tests.builders.soundness import a_quiet_console, check
from tests.demonstration import email_of


def plug_in_authenticator(page: Page) -> None:
    """Give the browser an authenticator that verifies its person by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.click("details.who summary")
    page.click("details.who form[action*=sign-out] button")
    page.wait_for_selector("input[name=password]")


def give_password(page: Page, site: Site, role: Role) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", email_of(role))
    page.fill("input[name=password]", site.home.password(role))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def take_factors_away(site: Site, role: Role) -> None:
    with site.wired.write() as session:
        controller = account_by_email(session, email_of(Role.CONTROLLER))
        actor = Actor(kind=ActorKind.PERSON, id=controller.id, roles=frozenset({Role.CONTROLLER}))
        account = account_by_email(session, email_of(role))
        reset_second_factor(session, site.wired.clock, site.wired.ids, site.wired.attestor, actor, account.id)


@pytest.mark.parametrize(
    ("role", "language", "width", "scheme"),
    [(Role.ACCOUNTING, "fr", 1280, "light"), (Role.ANALYST, "en", 360, "dark")],
)
def test_a_passkey_is_made_and_shown_and_every_page_on_the_way_is_sound(
    site: Site, role: Role, language: str, width: int, scheme: str
) -> None:
    page = site.signed_in(role, language, width=width, scheme=scheme)
    plug_in_authenticator(page)
    with a_quiet_console(page):
        page.goto("/account")
        check(page)
        page.click("a[href*='second-factors/add']")
        check(page)
        page.click("a[href*='second-factors/passkey']")
        check(page)
        page.fill("#name", "Pixel")
        page.click("form[data-passkey] button")
        page.wait_for_selector("ol.codes")
        assert page.locator("ol.codes li").count() == 10
        check(page)
        page.click("a.btn-primary")
        page.wait_for_selector("#signing-in")
        assert "Pixel" in page.inner_text("#signing-in")
        check(page)
        for path in ("second-factors/app", "recovery-codes", "password"):
            page.goto(f"/account/{path}")
            check(page)
        sign_out(page)
        give_password(page, site, role)
        assert "/second-factor" in page.url
        check(page)
        page.click("form[data-passkey] button")
        page.wait_for_url(lambda url: "second-factor" not in url)
        page.goto("/account")
        assert page.get_attribute("html", "lang") == language
    take_factors_away(site, role)


def test_a_ceremony_that_is_broken_off_says_so_and_can_be_tried_again(site: Site) -> None:
    page = site.come_in(Role.MARKETING)
    page.goto("/account/second-factors/passkey")
    refusing = "() => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.create = {refusing} }}")
    page.click("form[data-passkey] button")
    page.locator(".passkey-said", has_text="broken off").wait_for()
    assert page.locator("form[data-passkey] button").is_enabled()


def test_an_app_is_added_and_shown_without_javascript(site: Site) -> None:
    context = site.browser.new_context(java_script_enabled=False, base_url=site.address, locale="en-GB")
    page = context.new_page()
    give_password(page, site, Role.SALES)
    page.goto("/account/second-factors/app")
    page.click(".steps details summary")
    secret = str(page.text_content("code.secret")).replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).at(site.wired.clock.now()))
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.codes")
    recovery = page.locator("ol.codes code").first.inner_text()
    page.goto("/account")
    page.click("details.who summary")
    page.click("details.who form[action*=sign-out] button")
    give_password(page, site, Role.SALES)
    page.click("details.recovery summary")
    page.fill("#recovery", recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "second-factor" not in url)
    page.goto("/account")
    assert "9 of 10 left" in page.inner_text("#signing-in")
    take_factors_away(site, Role.SALES)


def test_a_member_of_staff_signs_in_with_an_app_as_often_as_a_test_likes(site: Site) -> None:
    for _ in range(2):
        page = site.signed_in(Role.SECURITY, second_factor=True)
        page.goto("/account")
        assert page.locator("#devices").is_visible()


@pytest.mark.parametrize(("role", "width"), [(Role.CONTROLLER, 360), (Role.ADMIN, 1280), (Role.AUDITOR, 1280)])
def test_the_page_of_the_rules_is_sound(site: Site, role: Role, width: int) -> None:
    page = site.come_in(role, width=width)
    with a_quiet_console(page):
        page.goto("/administration/second-factor")
        check(page)
