"""A home behind a real server, for real browsers."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser
from werkzeug.serving import make_server

from governance.app import create_app
from governance.identity.passwords import PasswordHasher
from governance.wiring import wire
from tests.builders.identity import CHEAP
from tests.builders.site import Site
from tests.demonstration import Home


@contextmanager
def serving(
    home: Home,
    browser: Browser,
    sources: Mapping[str, str] | None = None,
    changed: Mapping[str, Any] | None = None,
) -> Iterator[Site]:
    """Serve a home at an address of its own, which passkeys are bound to.

    Args:
        home: Nobody else serves it.
        browser: That looks at it.
        sources: Addresses of databases that can be adopted, by name.
        changed: Settings of the house that are other than its home's.
    """
    # The house is told its address, so the door stands before there is anything behind it.
    with socket.create_server(("localhost", 0)) as door:
        port = door.getsockname()[1]
        base_url = f"http://localhost:{port}"
        # Each browser says for itself where it comes from, as a proxy would: limits count addresses.
        settings = replace(home.settings, base_url=base_url, proxies=1, sources=dict(sources or {}), **(changed or {}))
        wired = replace(wire(settings), passwords=PasswordHasher(CHEAP))
        server = make_server("localhost", port, create_app(wired), threaded=True, fd=door.fileno())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(settings.base_url, home, wired, browser)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        wired.close()
