"""Posting over real HTTP: one connection for a turn, and nobody who drips holds the worker up."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server, socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from consent.propagation.sending import HttpPost
from tests.builders.propagation import Receiver, Telling

TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"


@contextmanager
def dripping(before: int, drips: bytes) -> Iterator[str]:
    """Take so many posts over one connection, and answer the next byte by byte, without an end."""
    over = threading.Event()

    def hear(line: socket) -> None:
        heard = b""
        while not heard.endswith(b"{}"):
            heard += line.recv(65536)

    def answer(line: socket) -> None:
        for _ in range(before):
            hear(line)
            line.sendall(TAKEN)
        hear(line)
        line.sendall(drips)
        while not over.wait(0.1):
            line.sendall(b"x")

    def serve(server: socket) -> None:
        with suppress(OSError), server.accept()[0] as line:
            answer(line)

    with create_server(("127.0.0.1", 0)) as server:
        serving = threading.Thread(target=serve, args=(server,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        finally:
            over.set()
            serving.join()


def test_a_turn_takes_one_connection(telling: Telling, receiver: Receiver) -> None:
    telling.subscribe(receiver.address)
    telling.give(1, 2, 3)
    telling.withdraw(1, 2, 3)
    telling.work()

    assert (len(receiver.got), receiver.connections) == (6, 1)


@pytest.mark.parametrize(
    "drips", [b"HTTP/1.1 204 No Content\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"]
)
@pytest.mark.parametrize("before", [0, 2])
def test_whoever_drips_is_hung_up_on_at_the_first_post_and_at_a_later_one(
    monkeypatch: pytest.MonkeyPatch, before: int, drips: bytes
) -> None:
    monkeypatch.setattr("governance.outgoing._TIMEOUTS", (0.4, 0.4))
    monkeypatch.setattr("governance.outgoing._IN_ALL", 0.6)
    with dripping(before, drips) as address, HttpPost() as post:
        taken = [post.send(address, b"{}", {}) for _ in range(before)]
        begun = time.monotonic()
        answer = post.send(address, b"{}", {})
        took = time.monotonic() - begun

    assert (taken, answer) == ([204] * before, None)
    assert took < 2


@contextmanager
def self_signed(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Listen over TLS with a certificate that nobody vouches for, and keep what is heard."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begins, ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    heard: list[bytes] = []

    def serve(server: socket) -> None:
        with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as line:
            said = b""
            # Head and body may come apart; whoever hangs up before both are read cuts the answer off.
            while not said.endswith(b"{}") and (piece := line.recv(65536)):
                said += piece
            heard.append(said)
            line.sendall(TAKEN)

    with create_server(("127.0.0.1", 0)) as server:
        serving = threading.Thread(target=serve, args=(server,))
        serving.start()
        try:
            yield f"https://localhost:{server.getsockname()[1]}/hook", heard
        finally:
            serving.join()


def test_nothing_is_said_to_whom_no_authority_vouches_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with self_signed(tmp_path) as (address, heard), HttpPost() as post:
        assert post.send(address, b"{}", {}) is None
        assert heard == []

    # Once somebody does, it is heard: so it was for that alone.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "both.pem"))
    with self_signed(tmp_path) as (address, heard), HttpPost() as post:
        assert post.send(address, b"{}", {}) == 204
        assert len(heard) == 1


def test_nobody_there_and_a_name_that_is_none_are_no_answer() -> None:
    with create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with HttpPost() as post:
        assert post.send(f"http://127.0.0.1:{port}/", b"{}", {}) is None
        assert post.send("https://nobody.invalid/", b"{}", {}) is None
