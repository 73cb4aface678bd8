"""A provider that does not answer holds nobody up for long, and is not asked by everybody at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from socket import create_server

import pytest

from governance.identity.errors import OpenIdUnavailableError
from governance.identity.openid.attempt import Attempt
from governance.identity.openid.kept import FAILURE_LASTS, Kept
from governance.identity.openid.provider import Provider
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
    monkeypatch.setattr("governance.identity.openid.provider._TIMEOUTS", (0.2, 0.2))
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
