"""Every page of the house is opened by somebody who may, and found sound.

Axe runs once on each page in light and once in dark. Of the two runs one is in French on a wide screen and the other
in English on a phone, and which of them is the dark one changes from page to page; in both languages the page is then
tried at the other widths as well, where nothing may be wider than the window. In English everything that folds is open.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser

from governance.actor import Role
from governance.app import create_app
from governance.web.locale import TRANSLATIONS
from tests.builders.addresses import NO_PAGES, PAGES, Address
from tests.builders.soundness import check_accessible, check_fits
from tests.builders.stage import Stage, staged
from tests.builders.visit import Watch
from tests.demonstration import Home, copied, wire_cheaply

_WIDTHS = (360, 1280, 1920)
# Words that only one of the languages has.
_ENGLISH = re.compile(r"\b(the|and|with|this|that|for|you|of|which|nothing|waits?)\b", re.IGNORECASE)
_FRENCH = re.compile(r"\b(les|des|une|pour|avec|est|cette|vous|sont|dans|aucune?|journal|finalité)\b", re.IGNORECASE)
# What stands on a French page in another language on purpose: names in English, code, what programs are told.
_OWN_WORDS = "code, pre, .language, [lang='en'], select, datalist"
# What a page calls its parts: the words of nobody but the house.
_PARTS = "h1, h2, legend, th, label, .btn, button, caption, .hint, .empty, nav.places a, .section-head > span"
# The description of the interface has hundreds, drawn by one macro: beyond the first it takes half a minute to look at.
_OPEN_ALL = "[...document.querySelectorAll('main details')].slice(0, 40).forEach((each) => { each.open = true; })"


@dataclass
class Readers:
    """Browsers of the staff, opened when first wanted and kept: signing in again for each page would take the most."""

    stage: Stage
    watches: dict[tuple[Role | None, str, int], Watch] = field(default_factory=dict)

    def of(self, role: Role | None, language: str, width: int) -> Watch:
        key = (role, language, width)
        if key not in self.watches:
            site = self.stage.site
            page = site.page(language, width=width) if role is None else site.come_in(role, language, width=width)
            self.watches[key] = Watch(page, site.address)
        return self.watches[key]

    def lead(self, address: Address, watch: Watch) -> str:
        """Return where to go, come from where one comes from; whom another page opened is forgotten."""
        site, names = self.stage.site, self.stage.names
        if address.role is not None and "{customer}" in address.path:
            site.come_in_again(watch.page, address.role)
        if address.after is not None:
            watch.page.goto(address.after.format_map(names))
        return address.path.format_map(names)


@pytest.fixture(scope="module")
def readers(
    browser: Browser, sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Readers]:
    with staged(sqlite_demonstration, browser, tmp_path_factory.mktemp("stage")) as stage:
        found = Readers(stage)
        yield found
        for watch in found.watches.values():
            watch.page.context.close()


@pytest.fixture(scope="module")
def app(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    wired = wire_cheaply(copied(sqlite_demonstration, tmp_path_factory.mktemp("routes") / "home"))
    yield create_app(wired)
    wired.close()


def test_every_page_is_looked_at(app: Flask) -> None:
    drawn = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/v1/")
    }

    assert drawn - {each.endpoint for each in PAGES} - NO_PAGES.keys() == set()
    assert {each.endpoint for each in PAGES} - drawn == set()


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_a_page_is_sound(readers: Readers, address: Address) -> None:
    turn = PAGES.index(address) % 2
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for language, width, scheme in (("fr", 1280, schemes[turn]), ("en", 360, schemes[1 - turn])):
        watch = readers.of(address.role, language, width)
        page = watch.page
        watch.said.clear()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        path = readers.lead(address, watch)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == address.status, page.url
        # Led elsewhere, another page would be looked at twice, and this one never.
        assert page.url == f"{readers.stage.site.address}{path}"
        if answer.ok:
            # Browsers tell the console of any other answer.
            watch.check_quiet()
        if language == "en":
            page.evaluate(_OPEN_ALL)
        check_accessible(page)
        assert page.get_attribute("html", "lang") == language
        assert (english_of(watch) if language == "fr" else french_of(watch)) == []
        for other in _WIDTHS:
            page.set_viewport_size({"width": other, "height": 900})
            check_fits(page)


def english_of(watch: Watch) -> list[str]:
    """Return what a French page says in English: sentences that nobody translated, and those that no catalogue has."""
    if "/api/docs" in watch.page.url:
        # The description of the API is written in one language, for programs.
        return []
    said: list[str] = watch.page.evaluate(
        """(left) => {
            const copy = document.body.cloneNode(true);
            copy.querySelectorAll(left).forEach((each) => each.remove());
            const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
            const found = [document.title];
            while (walk.nextNode()) found.push(walk.currentNode.textContent.trim());
            copy.querySelectorAll("[aria-label], [alt], [title], [placeholder]").forEach((each) => found.push(
                each.ariaLabel || each.alt || each.title || each.placeholder));
            return found.filter((each) => each);
        }""",
        _OWN_WORDS,
    )
    return [each for each in said if each in UNTRANSLATED or _ENGLISH.search(each)]


def french_of(watch: Watch) -> list[str]:
    """Return what an English page calls its parts in French. The firm's own words may be in any language."""
    parts: list[str] = watch.page.eval_on_selector_all(
        _PARTS, "all => all.filter((each) => !each.closest('[lang=fr]')).map((each) => each.textContent.trim())"
    )
    return [part for part in parts if _FRENCH.search(part)]


def _translated() -> set[str]:
    """Return what the code says in English where the French is another. A small word may be the name of a column."""
    with (TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    said = {each.id for each in catalogue if isinstance(each.id, str) and each.id and each.string != each.id}
    return {each for each in said if each[0].isupper() or " " in each}


UNTRANSLATED = _translated()
