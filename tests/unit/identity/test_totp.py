"""Codes of an app: RFC 6238's own values, the window, and the step that is never taken twice."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.identity.factors import totp

# RFC 6238, appendix B: the secret of the SHA-1 rows; the last 6 of their 8 digits are the code of 6.
SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, digits: str) -> None:
    at = datetime.fromtimestamp(seconds, tz=UTC)

    assert totp.step_of(SECRET, digits[-6:], at, after=0) == seconds // 30


def code_at(moment: datetime) -> str:
    step = int(moment.timestamp()) // 30
    return str(pyotp.TOTP(SECRET).generate_otp(step))


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_good_one_step_around_its_own(seconds: int, good: bool) -> None:
    code = code_at(NOW + timedelta(seconds=seconds))

    assert (totp.step_of(SECRET, code, NOW, after=0) is not None) is good


@given(st.integers(min_value=-1, max_value=1), st.integers(min_value=-2, max_value=2))
def test_only_a_later_step_than_the_last_is_taken(offset: int, last: int) -> None:
    current = int(NOW.timestamp()) // 30
    code = code_at(NOW + timedelta(seconds=30 * offset))

    taken = totp.step_of(SECRET, code, NOW, after=current + last)

    assert taken is None if offset <= last else taken == current + offset


@pytest.mark.parametrize("code", ["", "0", "1234567", "abcdef", "１２３４５６", "\ud800", "12345\x00"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert totp.step_of(SECRET, code, NOW, after=0) is None


def test_secrets_differ_and_hold_160_bits() -> None:
    made = {totp.new_totp_secret() for _ in range(50)}

    assert len(made) == 50
    assert {len(base64.b32decode(each)) for each in made} == {20}


def test_the_picture_is_an_image_of_our_own_and_the_secret_is_written_in_groups() -> None:
    picture = totp.qr_image(totp.provisioning_uri(SECRET, "ada@staff.example"))

    assert picture.startswith("data:image/svg+xml")
    assert totp.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
