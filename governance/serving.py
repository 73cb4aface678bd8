"""Serving over HTTP with gunicorn: one process of threads on SQLite, several on PostgreSQL.

On SQLite the worker's loop runs in a thread of the serving process; on PostgreSQL `egide worker` runs beside it, and
every serving process may too, for the jobs are leased.
"""

import os
import threading
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from governance.app import create_app
from governance.settings import Settings
from governance.wiring import Wired, wire
from governance.work import worker_of

_THREADS: Final = 8


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """Gunicorn, configured by us alone: neither its command line nor its environment variables are read."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self._settings: Final = settings
        self._bind: Final = f"{host}:{port}"
        self._wired: Wired | None = None
        super().__init__()

    def load_config(self) -> None:
        on_sqlite = self._settings.database_url.startswith("sqlite")
        options: dict[str, Any] = {
            "bind": self._bind,
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
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Called in the worker process, after the fork: connections and threads are never shared between processes.
        wired = wire(self._settings)
        stop = threading.Event()
        threading.Thread(target=worker_of(wired).run_forever, args=(stop,), name="egide-worker", daemon=True).start()
        return create_app(wired)


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop.

    Args:
        settings: The installation.
        host: The address to listen on.
        port: The port.
    """
    _Server(settings, host, port).run()
