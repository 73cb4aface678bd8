"""The probe: what opens is given, in time, and attested; the layout never moves."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.probe import LAYOUT, StateRow, Verdict, consent_mac, make_probe, to_seconds
from consent.states import ConsentState
from governance.vault.attest import Attestor
from governance.vocabulary import Channel
from tests.builders.ground import StandingClock
from tests.builders.vault import an_attestor

NOW = StandingClock().now()
SUBJECT, PURPOSE, CHANNEL = 4711, 5, Channel.EMAIL.code


@pytest.fixture(scope="module")
def attestor(tmp_path_factory: pytest.TempPathFactory) -> Attestor:
    return an_attestor(Path(tmp_path_factory.mktemp("keys")))


def judge(attestor: Attestor, row: StateRow, mac: bytes | None = None) -> Verdict:
    probe = make_probe(attestor, purpose_id=PURPOSE, channel=CHANNEL, now=NOW)
    return probe(SUBJECT, row.state, row.holds_until, row.sequence, consent_mac(attestor, row) if mac is None else mac)


@pytest.mark.parametrize("state", list(ConsentState))
def test_only_given_consent_opens(attestor: Attestor, state: ConsentState) -> None:
    row = StateRow(SUBJECT, PURPOSE, CHANNEL, state.code, None, 1)

    assert judge(attestor, row) is (Verdict.GIVEN if state is ConsentState.GIVEN else Verdict.NOT_GIVEN)


@pytest.mark.parametrize(("seconds", "verdict"), [(-1, Verdict.NOT_GIVEN), (0, Verdict.NOT_GIVEN), (1, Verdict.GIVEN)])
def test_consent_opens_until_just_before_it_expires(attestor: Attestor, seconds: int, verdict: Verdict) -> None:
    holds_until = to_seconds(NOW + timedelta(seconds=seconds))

    assert judge(attestor, StateRow(SUBJECT, PURPOSE, CHANNEL, 2, holds_until, 1)) is verdict


def test_no_row_opens_nothing(attestor: Attestor) -> None:
    probe = make_probe(attestor, purpose_id=PURPOSE, channel=CHANNEL, now=NOW)

    assert probe(SUBJECT, None, None, None, None) is Verdict.NOT_GIVEN


@given(st.integers(0, 5), st.integers(1, 1000))
def test_the_mac_of_another_row_opens_nothing(attestor: Attestor, column: int, by: int) -> None:
    row = StateRow(SUBJECT, PURPOSE, CHANNEL, 2, to_seconds(NOW) + 5000, 3)
    name = StateRow._fields[column]
    # Channel and state have one byte each.
    moved = row._asdict()[name] + (by % 200 + 1 if name in {"channel", "state"} else by)
    stolen = consent_mac(attestor, row._replace(**{name: moved}))

    assert judge(attestor, row, stolen) is Verdict.BROKEN


def test_never_expiring_differs_from_every_expiry(attestor: Attestor) -> None:
    never = StateRow(SUBJECT, PURPOSE, CHANNEL, 2, None, 1)
    soon = never._replace(holds_until=to_seconds(NOW) + 1)

    assert judge(attestor, never, consent_mac(attestor, soon)) is Verdict.BROKEN


def test_a_mac_of_another_version_or_length_opens_nothing(attestor: Attestor) -> None:
    row = StateRow(SUBJECT, PURPOSE, CHANNEL, 2, None, 1)
    mac = consent_mac(attestor, row)

    for wrong in (b"", mac[:-1], mac + b"\0", b"\x02" + mac[1:], mac[1:]):
        assert judge(attestor, row, wrong) is Verdict.BROKEN


def test_the_layout_is_the_one_of_rows_on_file() -> None:
    assert LAYOUT.size == 24
    assert LAYOUT.pack(4711, 5, 1, 2, -1, 3).hex() == "00000000000012670005" + "0102" + "ff" * 8 + "00000003"
