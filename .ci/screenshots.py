"""Take the pictures of docs/screenshots from a small demonstration of its own: `make screenshots`.

Ten pages, in French, on a wide screen and on a phone (`-phone`). The demonstration is drawn from a fixed seed, so the
pictures change with the pages and with the day, and with nothing else.
"""

import base64
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from governance.actor import Role
from governance.wiring import Wired
from tests.builders.oversight import read
from tests.builders.site import Site
from tests.builders.stage import Stage, staged
from tests.chromium import chromium
from tests.demonstration import Home, email_of, make_demonstration

_OUT: Final = Path("docs/screenshots")
# The width of the window, and how much of a long page is shown.
_SIZES: Final = {"": (1280, 1250), "-phone": (360, 1100)}
# Fields of dates follow the language of the browser itself, where it was installed with French (chromium-l10n); the one
# without windows knows English only.
_FRENCH: Final[dict[str, str | float | bool]] = {**os.environ, "LANGUAGE": "fr"}

# Browsers read pictures, so this one counts the colours of its own.
_COUNT_COLOURS: Final = """async (taken) => {
    const bytes = Uint8Array.from(atob(taken), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const dots = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    const counts = new Map();
    for (const dot of dots) counts.set(dot, (counts.get(dot) || 0) + 1);
    const kept = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, 256)
        .map(([dot]) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255]);
    const near = new Map();
    const place = (dot) => {
        const colour = [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
        const apart = kept.map((each) => each.reduce((sum, part, at) => sum + (part - colour[at]) ** 2, 0));
        return apart.indexOf(Math.min(...apart));
    };
    for (const dot of counts.keys()) near.set(dot, place(dot));
    let places = "";
    for (const dot of dots) places += String.fromCharCode(near.get(dot));
    return { width: bitmap.width, height: bitmap.height, palette: kept.flat(), places: btoa(places) };
}"""

_Show = Callable[[Page], None]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Home(Path(folder) / "demonstration", f"sqlite:///{folder}/demonstration/egide.db", "fr")
        make_demonstration(home)
        arguments = ["--no-sandbox", "--lang=fr", "--hide-scrollbars"]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or chromium(), args=arguments, env=_FRENCH
        )
        with staged(home, browser, Path(folder)) as stage:
            _live_four_weeks(stage.site.wired)
            for name, (role, path, show) in _pictures(stage).items():
                for suffix, (width, height) in _SIZES.items():
                    page = _window(stage.site, role, width)
                    page.goto(path)
                    show(page)
                    _take(page, _OUT / f"{name}{suffix}.png", height)
                    page.context.close()
        browser.close()


def _pictures(stage: Stage) -> dict[str, tuple[Role | None, str, _Show]]:
    """Return what is pictured: who looks, where they begin, and what they do there."""

    def at(path: str) -> str:
        return path.format_map(stage.names)

    return {
        "sign-in": (None, "/sign-in", lambda page: _give_password(stage.site, page)),
        "search": (Role.SUPPORT, "/customers/?purpose=after-sales", _look_for_somebody),
        "customer": (Role.SUPPORT, at("/customers/{customer}?purpose=after-sales"), _open_a_seal),
        "access": (Role.SUPPORT, "/access/", _stay),
        "policies": (Role.DPO, "/policies/", _stay),
        "request": (Role.CONTROLLER, at("/access/requests/{request}"), _stay),
        "today": (Role.DPO, "/today", _stay),
        "activity": (Role.DPO, "/activities/partner-offers", _stay),
        "import": (Role.SALES, at("/imports/{waiting_file}/preview"), _stay),
        "log": (Role.AUDITOR, "/log/state", _verify),
    }


def _live_four_weeks(wired: Wired) -> None:
    """Record what people read in four weeks, so that the pages have a course to show."""
    now = wired.clock.now()
    work = (
        (Role.SUPPORT, "after-sales", 9),
        (Role.SALES, "customer-relationship", 6),
        (Role.ACCOUNTING, "invoicing", 4),
    )
    for days in range(28, 0, -1):
        at = now - timedelta(days=days)
        for role, purpose, least in work:
            if at.weekday() < 5:
                read(wired, role, least + days * 7 % 5, purpose, at)
    wired.signer.checkpoint()


def _window(site: Site, role: Role | None, width: int) -> Page:
    return site.page("fr", width=width) if role is None else site.come_in(role, "fr", width=width)


def _take(page: Page, file: Path, height: int) -> None:
    shown = min(height, page.evaluate("document.documentElement.scrollHeight"))
    page.mouse.move(0, 0)
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": shown}  # type: ignore[index]
    taken = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")  # type: ignore[arg-type]
    file.write_bytes(_fewer_colours(page, taken))


def _fewer_colours(page: Page, taken: bytes) -> bytes:
    """Return a picture with the 256 colours that it uses most: half the size, and nobody sees the difference."""
    told = page.evaluate(_COUNT_COLOURS, base64.b64encode(taken).decode())
    width, height = told["width"], told["height"]
    places = base64.b64decode(told["places"])
    rows = b"".join(b"\0" + places[row * width : (row + 1) * width] for row in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(told["palette"])),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    written = (struct.pack(">I", len(body)) + name + body + _crc(name + body) for name, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def _crc(content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content))


def _stay(_page: Page) -> None:
    """Do nothing more."""


def _give_password(site: Site, page: Page) -> None:
    # Accounting has an authenticator app on the stage, and is asked for its code.
    page.fill("input[name=email]", email_of(Role.ACCOUNTING))
    page.fill("input[name=password]", site.home.password(Role.ACCOUNTING))
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor**")


def _look_for_somebody(page: Page) -> None:
    page.fill("#wanted", "69")
    page.select_option("#way", "postcode")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.ledger")


def _open_a_seal(page: Page) -> None:
    page.locator("details.seal summary").first.click()


def _verify(page: Page) -> None:
    page.click("form[action$='/log/verify'] button")
    page.wait_for_selector(".notice")
    page.goto("/log/state")


if __name__ == "__main__":
    main()
