"""Signatures: the published vector, and whatever else is signed verifies by the words of the specification."""

import base64
import hashlib
import hmac
import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consent.propagation.signing import message_id, new_signing_secret, signed_headers
from governance.clock import from_microseconds

MOMENTS = st.integers(0, 4 * 10**15).map(from_microseconds)


def expected_of(secret: str, headers: dict[str, str], body: bytes) -> str:
    """Return the signature as a receiver works it out, from the specification alone."""
    content = b"%b.%b.%b" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    digest = hmac.digest(base64.b64decode(secret[len("whsec_") :]), content, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def test_the_published_vector_is_signed_as_published() -> None:
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(body=st.binary(max_size=200), at=MOMENTS, count=st.integers(1, 2))
def test_each_secret_signs_what_is_sent(body: bytes, at: datetime, count: int) -> None:
    secrets = [str(new_signing_secret()) for _ in range(count)]

    headers = dict(signed_headers("msg_1", at, body, secrets))

    assert headers["webhook-signature"].split(" ") == [expected_of(secret, headers, body) for secret in secrets]
    assert expected_of(str(new_signing_secret()), headers, body) not in headers["webhook-signature"]


def test_a_secret_is_long_enough_and_never_the_same() -> None:
    secrets = {str(new_signing_secret()) for _ in range(100)}

    assert len(secrets) == 100
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in secrets} == {32}


@given(number=st.integers(0, 2**128 - 1), position=st.integers(1, 2**63 - 1))
def test_the_id_of_a_message_is_its_own_and_holds_no_full_stop(number: int, position: int) -> None:
    message = message_id(uuid.UUID(int=number), position)

    assert "." not in message
    assert message != message_id(uuid.UUID(int=number), position + 1)
    assert message != message_id(uuid.UUID(int=number ^ 1), position)
