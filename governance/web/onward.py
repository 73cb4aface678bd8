"""Ways on: addresses of this house that a page may lead to after sign-in, or back to after a refusal.

What a browser tells (a form's `next`, the `Referer`) may lead elsewhere, and a query may hold what somebody searched
for. So what is kept is a path of ours that can be opened, and of its query only what names a purpose or a page.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request

HOME: Final = "/"
_INDEX: Final = re.compile(r"[0-9]{1,19}")
_KEPT: Final[Mapping[str, re.Pattern[str]]] = {
    "purpose": re.compile(r"[a-z0-9-]{1,64}"),
    "after": _INDEX,
    "before": _INDEX,
}


def inside(onward: str | None) -> str:
    """Return an address of this house only: the one asked for, or the first page where it may lead elsewhere."""
    # To a browser `//host` and `/\\host` are another host.
    if onward is None or not onward.startswith("/") or onward.startswith(("//", "/\\")) or not onward.isprintable():
        return HOME
    return onward


def here() -> str:
    """Return the address of the request under way, without what a query may tell of somebody."""
    return _without_people(request.path, request.query_string.decode(errors="replace"))


def this_page() -> str:
    """Return the whole address of the page on the screen, to draw it again in another language.

    It stands in the reader's address bar already, filters and all, so that nothing is told here that was not. Of a form
    that was drawn again it is the page on which the form stood.
    """
    if request.method not in {"GET", "HEAD"}:
        return way_back()
    query = request.query_string.decode("ascii", errors="ignore")
    return inside(f"{request.path}?{query}" if query else request.path)


def way_back() -> str:
    """Return where whoever sent this can start again: the page that the form stood on, as the browser names it."""
    if request.method in {"GET", "HEAD"}:
        return here()
    return _came_from() or (here() if _opens(request.path) else HOME)


def _came_from() -> str | None:
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if page.netloc != request.host or not _opens(page.path):
        return None
    return _without_people(page.path, page.query)


def _opens(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return inside(path) == path and adapter is not None and adapter.test(path, "GET")


def _without_people(path: str, query: str) -> str:
    kept = [(name, text) for name, text in parse_qsl(query) if name in _KEPT and _KEPT[name].fullmatch(text)]
    return inside(f"{path}?{urlencode(kept)}" if kept else path)
