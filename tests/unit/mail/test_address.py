"""EGIDE_SMTP_URL, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.mail.address import parse_smtp_url


@pytest.mark.parametrize(
    ("url", "port", "encrypted", "required"),
    [
        ("smtp://mail.example", 587, False, False),
        ("smtp://mail.example:25/", 25, False, False),
        ("smtp://mail.example/?starttls=required", 587, False, True),
        ("smtps://mail.example", 465, True, False),
        ("smtps://mail.example:4465", 4465, True, False),
    ],
)
def test_an_address_says_where_and_how(url: str, port: int, encrypted: bool, required: bool) -> None:
    read = parse_smtp_url(url)

    assert (read.host, read.port, read.encrypted, read.starttls_required) == ("mail.example", port, encrypted, required)


def test_a_user_and_a_password_may_hold_any_sign() -> None:
    read = parse_smtp_url("smtp://egide%40demo.example:p%3Aa%2Fb%40c@mail.example/?from=privacy@demo.example")

    assert (read.user, read.password, read.sender) == ("egide@demo.example", "p:a/b@c", "privacy@demo.example")


def test_the_repr_shows_no_secret() -> None:
    assert "hunter2" not in repr(parse_smtp_url("smtp://egide:hunter2@mail.example"))


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example/path",
        "smtp://mail.example/?starttls=never",
        "smtp://mail.example/?starttls=required&starttls=required",
        "smtp://mail.example/?tls=1",
        "smtp://mail.example/?from=nobody",
        "smtp://mail.example/?from=a@b.example%0d%0aBcc:c@d.example",
        "smtp://mail.example:port",
        "smtp://mail.example:99999",
        "smtp://mail.example/#x",
    ],
)
def test_what_cannot_be_an_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_smtp_url(url)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse_smtp_url(f"smtp://{text}")
    except ValueError:
        return
    assert read.host
    assert 0 <= read.port <= 65535
