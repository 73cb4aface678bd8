"""Bodies as they come over a network, in chunks, to the server that serves the installation."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Final

import pytest

from governance.actor import Role
from governance.web.edge import MAXIMUM_BODY_BYTES
from tests.builders.service import serve_in_process
from tests.builders.terminal import ended, start
from tests.demonstration import Home, wire_cheaply

ASKED: Final = b'{"purpose": "after-sales", "limit": 3}'
_CHUNK_BYTES: Final = 64 * 1024
_PATIENCE_SECONDS: Final = 30


@dataclass(frozen=True)
class Server:
    """Where the server listens, and a token it takes."""

    port: int
    token: str

    def send(self, *chunks: bytes) -> int:
        """Send a body in chunks, and return the status of the answer."""
        with closing(socket.create_connection(("localhost", self.port), timeout=_PATIENCE_SECONDS)) as wire:
            wire.sendall(
                b"POST /api/v1/data/customers/query HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                b"Authorization: Bearer %b\r\n\r\n" % self.token.encode()
            )
            # Who refuses a body need not read it to its end.
            with suppress(ConnectionError):
                for chunk in chunks:
                    wire.sendall(chunk)
            answer = wire.recv(_CHUNK_BYTES)
        found = re.match(rb"HTTP/1.1 (\d+) ", answer)
        assert found is not None
        return int(found[1])


def in_chunks(body: bytes) -> list[bytes]:
    parts = [body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES)]
    return [*(b"%x\r\n%b\r\n" % (len(part), part) for part in parts), b"0\r\n\r\n"]


@pytest.fixture
def server(sqlite_home: Home) -> Iterator[Server]:
    wired = wire_cheaply(sqlite_home)
    token = serve_in_process(wired).token(Role.SUPPORT)
    wired.close()
    with closing(socket.socket()) as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    process = start(sqlite_home, "serve", "--port", str(port))
    try:
        wait_for(port)
        yield Server(port, token)
    finally:
        process.terminate()
        ended(process)


def wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def test_a_body_in_chunks_is_read_whole_or_refused(server: Server) -> None:
    filled = ASKED.ljust(MAXIMUM_BODY_BYTES)

    assert server.send(*in_chunks(ASKED)) == 200
    assert server.send(*in_chunks(filled)) == 200
    assert server.send(*in_chunks(filled + b" ")) == 413
    assert server.send(*in_chunks(ASKED + b"x" * 40_000_000)) == 413
    assert server.send(*in_chunks(filled + b"x" * 40_000_000)) == 413
    assert server.send(*in_chunks(b'{"purpose": "' + b"x" * 40_000_000)) == 413
    assert server.send(*in_chunks(ASKED + b" rest")) == 400
    # Chunks that are none.
    assert server.send(b"zz\r\n", ASKED, b"\r\n0\r\n\r\n") == 400
    assert server.send(b"5\r\n", ASKED) == 400
