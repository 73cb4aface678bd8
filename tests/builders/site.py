"""A site in a real browser."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from governance.actor import Role
from governance.wiring import Wired
from tests.demonstration import Home, email_of


@dataclass(frozen=True)
class Site:
    """Where the pages are, and how to come in."""

    address: str
    home: Home
    wired: Wired
    browser: Browser

    def page(self, language: str = "en", *, width: int = 1280, scheme: str = "light") -> Page:
        """Open a browser of somebody who has never been here; every message of its console is kept."""
        context = self.browser.new_context(
            locale="fr-FR" if language == "fr" else "en-GB",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            base_url=self.address,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def signed_in(self, role: Role, language: str = "en", *, width: int = 1280, scheme: str = "light") -> Page:
        """Sign in through the page, as the member of the staff in a role."""
        page = self.page(language, width=width, scheme=scheme)
        page.goto("/sign-in")
        page.fill("input[name=email]", email_of(role))
        page.fill("input[name=password]", self.home.password(role))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page
