"""A real server in front of the small demonstration, and a real browser in front of the server."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from governance.app import create_app
from tests.builders.site import Site
from tests.chromium import chromium
from tests.demonstration import Home, copied, wire_cheaply


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(browser: Browser, sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = copied(sqlite_demonstration, tmp_path_factory.mktemp("site") / "home")
    wired = wire_cheaply(folder)
    server = make_server("localhost", 0, create_app(wired), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield Site(f"http://localhost:{server.port}", folder, wired, browser)
    server.shutdown()
    serving.join()
    server.server_close()
    wired.close()
