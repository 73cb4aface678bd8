"""A browser under watch: every page that somebody comes to is checked as soon as it is there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

from governance.actor import Role
from tests.builders.site import Site
from tests.builders.soundness import check, check_accessible
from tests.demonstration import email_of

# What the browser refuses by the content policy is told to the console, where the watch hears it.
_TELL_BREACHES: Final = """document.addEventListener("securitypolicyviolation",
    (breach) => console.error("content policy: " + breach.violatedDirective + " " + breach.blockedURI));"""


class Watch:
    """Listens to a page: what its browser complains of, and what it asks of other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        """Listen from now on."""
        self.page: Final = page
        self.said: Final[list[str]] = []
        self._address: Final = address
        page.add_init_script(_TELL_BREACHES)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append(message.text)

    def _see(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(self._address + "/"):
            self.said.append(f"asked another host: {request.url}")

    def check_quiet(self) -> None:
        """Fail on anything heard so far."""
        assert self.said == [], self.page.url

    def check(self) -> None:
        """Fail on all of it."""
        check(self.page)
        self.check_quiet()


@dataclass(frozen=True)
class Day:
    """How a day is walked."""

    language: str
    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}"


class Visit:
    """Somebody's day: they open pages and press buttons, and each page that comes is looked at."""

    def __init__(self, site: Site, role: Role, day: Day) -> None:
        """Begin outside."""
        self.site: Final = site
        self.role: Final = role
        self.language: Final = day.language
        self.page: Final = site.page(day.language, width=day.width, scheme=day.scheme)
        self._watch: Final = Watch(self.page, site.address)

    def open(self, path: str) -> None:
        """Go to an address."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        self.look()

    def press(self, selector: str) -> None:
        """Press what leads to another page: a link, or the button that sends a form."""
        with self.page.expect_navigation() as told:
            self.page.locator(selector).first.click()
        assert told.value.status == 200, self.page.url
        self.look()

    def fill(self, **values: str) -> None:
        """Fill fields in, by their identifiers."""
        for name, value in values.items():
            field = self.page.locator(f"#{name}")
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def look(self) -> None:
        """Check the page as it stands."""
        assert self.page.get_attribute("html", "lang") == self.language, self.page.url
        self._watch.check()

    def text(self, selector: str = "main") -> str:
        """Return what a part of the page says."""
        return self.page.inner_text(selector)

    def sees(self, selector: str) -> bool:
        """Say whether something shows."""
        return self.page.locator(selector).first.is_visible()

    def sign_in(self) -> None:
        """Sign in with the password, and with a code of the app."""
        self.open("/sign-in")
        self.fill(email=email_of(self.role), password=self.site.home.password(self.role))
        self.press("main form button[type=submit]")
        assert "/second-factor" in self.page.url
        self.fill(code=self.site.next_code(self.role))
        self.press("form[action$='/second-factor/code'] button")

    def sign_out(self) -> None:
        """Leave by the menu, and find every page closed."""
        address = self.page.url
        self.page.click("details.who summary")
        check_accessible(self.page)
        self.press("form[action$='/sign-out'] button")
        self.page.goto(address)
        assert self.page.locator("input[name=password]").is_visible()
        # The closed page answered 401, which browsers tell the console.
        with suppress(ValueError):
            self._watch.said.remove(_closed())


DAYS: Final = (Day("fr", 1280, "light"), Day("en", 360, "dark"))


@contextmanager
def a_day(site: Site, role: Role, day: Day) -> Iterator[Visit]:
    """Sign in with a password and a code; do the day's work; sign out."""
    site.add_app(role)
    visit = Visit(site, role, day)
    visit.sign_in()
    yield visit
    visit.sign_out()
    visit.page.context.close()


def _closed() -> str:
    return "Failed to load resource: the server responded with a status of 401 (UNAUTHORIZED)"
