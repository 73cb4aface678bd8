"""The administrator's and the controller's pages in a browser, and the way through a company's provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from governance.actor import Role
from governance.clock import SystemClock
from governance.identity.service import (
    NewAccount,
    NewRole,
    NewToken,
    account_by_email,
    add_account,
    add_token,
    assign_role,
)
from governance.mail.address import parse_smtp_url
from governance.settings import OpenIdSettings
from tests.builders.identity import person
from tests.builders.openid import CLIENT, SECRET, Provider, running_provider
from tests.builders.serving import serving
from tests.builders.site import Site
from tests.builders.soundness import a_quiet_console
from tests.demonstration import Home, copied, email_of

NEW = "camille.durand@demo.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider(SystemClock()) as running:
        running.who = {"sub": "abc", "email": NEW, "email_verified": True, "amr": ["pwd", "mfa"]}
        yield running


@pytest.fixture(scope="module")
def house(
    browser: Browser, sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory, provider: Provider
) -> Iterator[Site]:
    """A site with mail and a provider, on which somebody and something wait for the controller."""
    home = copied(sqlite_demonstration, tmp_path_factory.mktemp("administration") / "home")
    changed = {
        "smtp": parse_smtp_url("smtp://mail.example"),
        "openid": OpenIdSettings(
            issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, name="Annuaire", roles={}
        ),
    }
    with serving(home, browser, changed=changed) as served:
        wired = served.wired
        with wired.write() as session:
            admin = person(account_by_email(session, email_of(Role.ADMIN)), Role.ADMIN)
            account = add_account(session, wired.clock, wired.ids, admin, NewAccount(email=NEW, name="Camille Durand"))
            new = NewRole(account_id=account.id, role=Role.SUPPORT, reason="Stands in for a colleague on leave")
            assign_role(session, wired.clock, wired.ids, admin, new)
            add_token(session, wired.clock, wired.ids, admin, NewToken(name="Till", role=Role.SERVICE))
        yield served


@pytest.mark.parametrize("language", ["fr", "en"])
def test_somebody_comes_in_through_the_provider_without_another_click(
    house: Site, provider: Provider, language: str
) -> None:
    page = house.page(language)
    with a_quiet_console(page):
        page.goto("/sign-in?next=/account")
        page.click("a[href*='/sign-in/openid']")
        page.wait_for_url("**/account")
        assert NEW in page.inner_text("main")
    assert page.goto("/account").status == 200  # type: ignore[union-attr]


def test_a_password_is_linked_to_the_provider_from_inside(house: Site, provider: Provider) -> None:
    before = provider.who
    provider.who = {"sub": "support", "amr": ["mfa"]}
    try:
        page = house.come_in(Role.SUPPORT)
        with a_quiet_console(page):
            page.goto("/account")
            page.click("form[action='/account/openid'] button")
            page.wait_for_selector("form[action='/account/openid/unlink']")
        other = house.page()
        other.goto("/sign-in?next=/account")
        other.click("a[href*='/sign-in/openid']")
        other.wait_for_url("**/account")
        assert email_of(Role.SUPPORT) in other.inner_text("main")
    finally:
        provider.who = before


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_administrator_adds_and_the_controller_confirms_by_keyboard(
    browser: Browser, sqlite_demonstration: Home, tmp_path: Path, language: str
) -> None:
    with serving(copied(sqlite_demonstration, tmp_path / "home"), browser) as site:
        admin = site.come_in(Role.ADMIN, language)
        with a_quiet_console(admin):
            admin.goto("/accounts/new")
            admin.fill("#email", "new@demo.example")
            admin.select_option("#role", "sales")
            admin.fill("#reason", "A new colleague")
            admin.focus("#until")
            admin.locator("main form button[type=submit]").focus()
            admin.keyboard.press("Enter")
            admin.wait_for_selector("dl.facts")
            # One made before the confirmation would end with it.
            assert admin.locator("form[action$='/link'] button").count() == 0
        controller = site.come_in(Role.CONTROLLER, language)
        with a_quiet_console(controller):
            controller.goto("/accounts/")
            controller.locator(".waits a[href*='/decisions/roles/']").focus()
            controller.keyboard.press("Enter")
            controller.locator("form[action$='/countersign'] button").focus()
            controller.keyboard.press("Enter")
            controller.locator("form[action$='/link'] button").focus()
            controller.keyboard.press("Enter")
            secret = controller.locator("code.secret").inner_text()
            assert secret.startswith(f"{site.address}/link/")
