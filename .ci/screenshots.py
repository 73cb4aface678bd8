"""Take the pictures of docs/screenshots from a small demonstration of its own: `make screenshots`."""

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from governance.actor import Actor, ActorKind
from governance.app import create_app
from governance.customers.demo import DemoAccount, load_demo
from governance.founding import found
from governance.settings import Settings
from governance.wiring import wire
from tests.chromium import chromium

_OUT = Path("docs/screenshots")
_WIDE: ViewportSize = {"width": 1280, "height": 900}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            home=home, database_url=f"sqlite:///{home}/egide.db", keys=str(home / "keys"), anchor=home / "anchor"
        )
        host = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="docs")
        found(settings, host, demonstration=True)
        wired = wire(settings)
        accounts = load_demo(wired)
        wired.signer.checkpoint()
        server = make_server("localhost", 0, create_app(wired), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            _pictures(browser, f"http://localhost:{server.port}", accounts)
            browser.close()
        server.shutdown()
        wired.close()


def _pictures(browser: Browser, url: str, accounts: tuple[DemoAccount, ...]) -> None:
    page = _signed_in(browser, url, accounts, "support@demo.example")
    page.goto(f"{url}/customers/")
    page.select_option("#purpose", "after-sales")
    page.select_option("#way", "email")
    page.fill("#wanted", "customer-12@demo.example")
    page.click("main form button")
    page.screenshot(path=_OUT / "search.png")
    page.click("table a >> nth=0")
    page.screenshot(path=_OUT / "customer.png")
    page = _signed_in(browser, url, accounts, "auditor@demo.example")
    page.goto(f"{url}/log/")
    page.click("main form button >> nth=0")
    page.screenshot(path=_OUT / "log.png")


def _signed_in(browser: Browser, url: str, accounts: tuple[DemoAccount, ...], email: str) -> Page:
    page = browser.new_context(viewport=_WIDE, locale="fr-FR").new_page()
    password = next(each.password for each in accounts if each.email == email)
    page.goto(f"{url}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    return page


if __name__ == "__main__":
    main()
