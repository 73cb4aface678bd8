"""A house behind its real server, an empty Flask application behind the same one, and clients that keep their lines."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.house import MeasuredHouse

CLIENTS: Final = 8
_PATIENCE: Final = 60.0
_EMPTY: Final = """
import os, sys
from flask import Flask
from gunicorn.app.base import BaseApplication

class Server(BaseApplication):
    def load_config(self):
        for name, value in {
            "bind": f"127.0.0.1:{sys.argv[1]}", "workers": max(2, os.cpu_count() or 1), "threads": 8,
            "worker_class": "gthread", "accesslog": None, "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self):
        app = Flask(__name__)
        app.post("/")(lambda: ("", 201))
        return app

Server().run()
"""

Ask = Callable[[http.client.HTTPConnection, int], int]


@contextmanager
def served(house: MeasuredHouse) -> Iterator[int]:
    """Serve a house by `egide serve`, and give its port."""
    settings = house.wired.settings
    port = _free_port()
    environment = {
        **os.environ,
        "EGIDE_HOME": str(settings.home),
        "EGIDE_DATABASE_URL": settings.database_url,
        "EGIDE_KEYS": settings.keys,
        "EGIDE_ANCHOR": str(settings.anchor),
        "EGIDE_BASE_URL": f"http://127.0.0.1:{port}",
    }
    egide = str(Path(sys.executable).parent / "egide")
    with _running((egide, "serve", "--host", "127.0.0.1", "--port", str(port)), environment, port):
        yield port


@contextmanager
def empty() -> Iterator[int]:
    """Serve an application that does nothing, as the house is served on PostgreSQL, and give its port."""
    port = _free_port()
    with _running((sys.executable, "-c", _EMPTY, str(port)), dict(os.environ), port):
        yield port


def rate(port: int, ask: Ask, each: int) -> float:
    """Return how many requests a second are answered with 201 when several clients ask at once.

    Args:
        port: Of the server.
        ask: Sends the request of that number, and returns the status.
        each: How many requests each client sends.
    """
    statuses: list[int] = []

    def client(first: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        statuses.extend(ask(line, first * each + place) for place in range(each))
        line.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begin
    if len(statuses) != CLIENTS * each or set(statuses) != {201}:
        raise AssertionError(f"not everything was answered with 201: {sorted(set(statuses))}")
    return len(statuses) / taken


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{command[0]} does not serve")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        line.request("GET", "/health/live")
        return line.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        line.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
