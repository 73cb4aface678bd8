"""Where an event came from is kept no more exactly than a proof needs. GDPR Art. 5(1)(c)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.evidence.minimising import short_address, short_device

CHROME = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("unix:", None),
        ("", None),
        (None, None),
    ],
)
def test_of_an_address_the_network_is_kept(address: str | None, kept: str | None) -> None:
    assert short_address(address) == kept


@given(st.ip_addresses(v=4))
def test_two_neighbours_are_not_told_apart(address: object) -> None:
    first, _, _ = str(address).rpartition(".")

    assert short_address(f"{first}.1") == short_address(f"{first}.254")


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        (CHROME, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari, iOS",
        ),
        (f"{CHROME} Edg/130.0", "Edge, Android"),
        ("curl/8.5.0", None),
        ("", None),
        (None, None),
    ],
)
def test_of_a_device_the_kinds_of_browser_and_system_are_kept(agent: str | None, kept: str | None) -> None:
    assert short_device(agent) == kept
