"""A provider that does not answer holds nobody up for long, and is not asked by everybody at once."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from socket import (
    AF_INET,
    IPPROTO_TCP,
    SOCK_STREAM,
    create_connection,
    create_server,
    gaierror,
    getaddrinfo,
    socket,
)
from typing import Self

import pytest
import requests

from governance.identity.errors import OpenIdUnavailableError
from governance.identity.openid.attempt import Attempt
from governance.identity.openid.kept import Kept
from governance.identity.openid.line import FAILURE_LASTS, Line, Silence
from governance.identity.openid.provider import Answer, Provider
from governance.settings import OpenIdSettings
from tests.builders.ground import StandingClock

HOUR = timedelta(hours=1)


class Source:
    """Something that is fetched: counted, slow where it waits, and absent where it fails."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.answers = threading.Event()
        self.answers.set()

    def __call__(self) -> int:
        self.asked += 1
        assert self.answers.wait(timeout=10)
        if self.fails:
            raise OpenIdUnavailableError
        return self.asked


def test_what_was_said_is_kept_as_long_as_it_may_be(clock: StandingClock) -> None:
    source = Source()
    kept = Kept(clock, source)

    assert [kept.get(lasts=HOUR), kept.get(lasts=HOUR)] == [1, 1]
    clock.advance(hours=1)
    assert kept.get(lasts=HOUR) == 2


def test_a_failure_is_kept_for_half_a_minute_and_forgotten_by_a_success(clock: StandingClock) -> None:
    source = Source()
    source.fails = True
    kept = Kept(clock, source)
    for _ in range(5):
        with pytest.raises(OpenIdUnavailableError):
            kept.get(lasts=HOUR)
    assert source.asked == 1

    clock.moment += FAILURE_LASTS
    source.fails = False
    assert kept.get(lasts=HOUR) == 2


def test_whoever_asks_at_the_same_time_waits_for_one_answer_and_gets_it(clock: StandingClock) -> None:
    for fails in (False, True):
        source = Source()
        source.fails = fails
        source.answers.clear()
        kept = Kept(clock, source)
        with ThreadPoolExecutor(8) as pool:
            asking = [pool.submit(kept.get, lasts=HOUR) for _ in range(8)]
            source.answers.set()
            failures = [each.exception() for each in asking]

        assert source.asked == 1
        assert [type(each) for each in failures] == [OpenIdUnavailableError if fails else type(None)] * 8


def test_a_provider_that_takes_the_call_and_says_nothing_is_waited_for_once(
    clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance.outgoing._TIMEOUTS", (0.2, 0.2))
    with create_server(("127.0.0.1", 0)) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = OpenIdSettings(issuer=issuer, client_id="x", client_secret="y", name="z")
        provider = Provider(settings, "http://localhost:8000/sign-in/openid/return", clock)
        for _ in range(3):
            with pytest.raises(OpenIdUnavailableError):
                provider.address_of(Attempt("a secret"))

        silent.accept()[0].close()
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()


@pytest.mark.parametrize("drips", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n\r\n{"])
@pytest.mark.parametrize("asked", ["discovery", "token"])
def test_a_provider_that_drips_is_hung_up_on_when_the_time_for_all_of_it_is_over(
    clock: StandingClock, monkeypatch: pytest.MonkeyPatch, drips: bytes, asked: str
) -> None:
    monkeypatch.setattr("governance.outgoing._TIMEOUTS", (0.4, 0.4))
    monkeypatch.setattr("governance.outgoing._IN_ALL", 0.6)
    with Dripping(drips, asked) as dripping:
        provider, attempt = dripping.provider(clock), Attempt("a secret")
        begun = time.monotonic()
        for _ in range(3):
            with pytest.raises(OpenIdUnavailableError):
                if asked == "token":
                    provider.identify(Answer(code="a code", state=attempt.state), attempt)
                else:
                    provider.address_of(attempt)
        assert time.monotonic() - begun < 3

    assert dripping.asked[-1] == asked
    assert dripping.asked.count(asked) == 1, "a failure is kept, of the token as of all else"


def test_a_provider_of_many_addresses_that_nothing_comes_back_from_is_dialled_no_longer_than_that(
    clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[tuple[str, int]] = []

    def resolve(name: str, port: int, *_: object, **__: object) -> list[object]:
        # One that is an address already is itself.
        addresses = [f"192.0.2.{n}" for n in range(1, 13)] if name == "provider.example" else [name]
        return [(AF_INET, SOCK_STREAM, IPPROTO_TCP, "", (each, port)) for each in addresses]

    def connect(self: socket, address: tuple[str, int]) -> None:
        dialled.append(address)
        time.sleep(self.gettimeout() or 10)
        raise TimeoutError

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.socket.connect", connect)
    monkeypatch.setattr("governance.outgoing._TIMEOUTS", (0.2, 0.2))
    monkeypatch.setattr("governance.outgoing._IN_ALL", 0.5)
    begun = time.monotonic()
    with requests.Session() as session:
        session.mount("https://", Line(Silence(clock)))
        with pytest.raises(requests.ConnectionError):
            session.get("https://provider.example/")

    assert time.monotonic() - begun < 1
    assert dialled == [(f"192.0.2.{n}", 443) for n in (1, 2, 3)]


def test_the_next_address_is_dialled_where_the_first_refuses(
    clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = getaddrinfo

    def resolve(name: str, port: int, *rest: object, **named: object) -> list[object]:
        if name == "provider.example":
            # Nothing listens at the first.
            return [(AF_INET, SOCK_STREAM, IPPROTO_TCP, "", (each, port)) for each in ("127.0.0.2", "127.0.0.1")]
        return known(name, port, *rest, **named)  # type: ignore[arg-type, return-value] # whatever was asked

    with Dripping(b"", "token") as dripping:
        port = dripping.issuer.rpartition(":")[2]
        monkeypatch.setattr("socket.getaddrinfo", resolve)
        with requests.Session() as session:
            session.mount("http://", Line(Silence(clock)))
            assert session.get(f"http://provider.example:{port}/").json()["issuer"] == dripping.issuer


def test_a_name_that_nothing_is_known_of_is_a_silence(clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[object]:
        raise gaierror

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    silence = Silence(clock)
    with requests.Session() as session:
        session.mount("https://", Line(silence))
        with pytest.raises(requests.ConnectionError):
            session.get("https://provider.example/")
    with pytest.raises(requests.ConnectionError):
        silence.check()


class Dripping:
    """A provider that says who it is, and then one byte at a time."""

    def __init__(self, first: bytes, at: str) -> None:
        self.asked: list[str] = []
        self._first, self._at = first, at
        self._server = create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        # So that it stops waiting for somebody.
        create_connection(self._server.getsockname()).close()
        self._thread.join()
        self._server.close()

    def provider(self, clock: StandingClock) -> Provider:
        settings = OpenIdSettings(issuer=self.issuer, client_id="x", client_secret="y", name="z")
        return Provider(settings, "http://localhost:8000/sign-in/openid/return", clock)

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def _serve(self) -> None:
        while not self._over.is_set():
            with self._server.accept()[0] as line, suppress(OSError):
                asked = line.recv(4096).partition(b"\r\n")[0]
                if asked:
                    self._answer(line, "token" if b"/token" in asked else "discovery")

    def _answer(self, line: socket, asked: str) -> None:
        self.asked.append(asked)
        if asked == self._at:
            line.sendall(self._first)
            while not self._over.wait(0.1):
                line.sendall(b"x")
            return
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        content = json.dumps(told).encode()
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
