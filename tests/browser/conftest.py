"""A real server in front of the small demonstration, and a real browser in front of the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.builders.serving import serving
from tests.builders.site import Site
from tests.chromium import chromium
from tests.demonstration import Home, copied


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(browser: Browser, sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = copied(sqlite_demonstration, tmp_path_factory.mktemp("site") / "home")
    with serving(home, browser) as served:
        yield served


@pytest.fixture
def own_site(browser: Browser, sqlite_demonstration: Home, tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own, for whatever others must not see."""
    with serving(copied(sqlite_demonstration, tmp_path / "home"), browser) as served:
        yield served
