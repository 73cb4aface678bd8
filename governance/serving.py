"""Serving over HTTP with gunicorn: one process of threads on SQLite, several on PostgreSQL.

On SQLite the worker's loop runs in a thread of the serving process; on PostgreSQL `egide worker` runs beside it, and
every serving process may too, for the jobs are leased.
"""

import os
import threading
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from governance.app import create_app
from governance.settings import Settings
from governance.wiring import Wired, wire
from governance.work import worker_of

_THREADS: Final = 8


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """Gunicorn, configured by us alone: neither its command line nor its environment variables are read."""

    def __init__(self, settings: Settings, entrance: socket) -> None:
        self._settings: Final = settings
        self._entrance: Final = entrance
        self._wired: Wired | None = None
        super().__init__()

    def load_config(self) -> None:
        on_sqlite = self._settings.database_url.startswith("sqlite")
        options: dict[str, Any] = {
            "bind": f"fd://{self._entrance.fileno()}",
            "workers": 1 if on_sqlite else max(2, os.cpu_count() or 1),
            "threads": _THREADS,
            "worker_class": "gthread",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "egide",
            # Identifiers of rows stand in paths; nothing longer than a cursor does.
            "limit_request_line": 4094,
            "timeout": 60,
            "graceful_timeout": 10,
            # Whose word counts about an address, EGIDE_PROXIES says alone: nothing is believed for coming from here.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Called in the worker process, after the fork: connections and threads are never shared between processes.
        wired = wire(self._settings)
        stop = threading.Event()
        threading.Thread(target=worker_of(wired).run_forever, args=(stop,), name="egide-worker", daemon=True).start()
        return create_app(wired)


def bind(host: str, port: int) -> socket:
    """Take the address, so that a port that is taken shows at once. Nobody is let in yet.

    Args:
        host: The address to listen on.
        port: The port.

    Raises:
        OSError: If it cannot be had.
    """
    found = getaddrinfo(host, port, type=SOCK_STREAM)
    # `localhost` is both; IPv4 is what every browser tries.
    family, kind, protocol, _, address = min(found, key=lambda each: each[0] is not AF_INET)
    entrance = socket(family, kind, protocol)
    try:
        # A server that stopped a moment ago does not keep its port.
        entrance.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        entrance.bind(address)
    except OSError:
        entrance.close()
        raise
    return entrance


def listen(entrance: socket) -> None:
    """Let people come to the door; they wait there until the server opens.

    Raises:
        OSError: If another process listens there meanwhile.
    """
    entrance.listen()


def serve(settings: Settings, entrance: socket) -> None:
    """Serve until told to stop.

    Args:
        settings: The installation.
        entrance: Where people come in, as `bind` gave it.
    """
    _Server(settings, entrance).run()
