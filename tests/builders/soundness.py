"""What every page must be in a browser: nothing for axe to find, no wider than its window, and a quiet console."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Final

from playwright.sync_api import Page

NARROW: Final = 360
_AXE_FINDS: Final = """() => axe.run({ resultTypes: ["violations"] }).then((found) => found.violations.map(
    (each) => each.id + ": " + each.nodes.map((node) => node.target.join(" ")).join(", ")))"""
_TOO_WIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_LIGHT: Final = "innerWidth + ' ' + matchMedia('(prefers-color-scheme: dark)').matches"
# What is another each time a page is drawn, and nothing that anybody perceives: tokens against forged requests.
_CHANGING: Final = re.compile(r'name="(csrf_token|once)" (type="hidden" )?value="[^"]*"')
_SOUND: Final[set[int]] = set()


def check_accessible(page: Page) -> None:
    """Fail on what axe finds. The same page, as wide and as light, is looked at once in a run of the tests."""
    seen = hash((_CHANGING.sub("", page.content()), page.evaluate(_LIGHT)))
    if seen in _SOUND:
        return
    page.evaluate(_axe())
    found = page.evaluate(_AXE_FINDS)
    assert found == [], page.url
    _SOUND.add(seen)


def check_fits(page: Page) -> None:
    """Fail where the page is wider than the window."""
    wider = page.evaluate(_TOO_WIDE)
    width = page.viewport_size and page.viewport_size["width"]
    assert wider <= 0, f"{page.url} is {wider} pixels wider than a window of {width}"


def check(page: Page) -> None:
    """Fail on either."""
    check_accessible(page)
    check_fits(page)


@contextmanager
def a_quiet_console(page: Page) -> Iterator[None]:
    """Fail on anything that the browser complains of."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    assert said == [], page.url


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
