"""Signatures of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0.0).

    webhook-id         what a receiver knows a message again by: the same each time it is sent
    webhook-timestamp  whole seconds since 1970 at which this attempt was made
    webhook-signature  "v1," + base64(HMAC-SHA256(secret, id "." timestamp "." body)), once for each secret

A secret is "whsec_" and the base64 of its bytes.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from governance.clock import to_microseconds
from governance.identity.bearer import Secret

_PREFIX: Final = "whsec_"
# The specification asks for 24 to 64.
_BYTES: Final = 32
_MICROSECONDS: Final = 1_000_000


def new_signing_secret() -> Secret:
    """Return a fresh secret, as it is shown to the subscriber."""
    return Secret(_PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode())


def message_id(subscriber_id: uuid.UUID, position: int) -> str:
    """Return the id of a change to a subscriber: it holds no full stop, which separates what is signed."""
    return f"msg_{subscriber_id.hex}_{position}"


def signed_headers(message: str, at: datetime, body: bytes, signing: Iterable[str]) -> Mapping[str, str]:
    """Return the three headers of a message.

    Args:
        message: Its id.
        at: The moment of this attempt.
        body: As it is sent.
        signing: The secrets, as they were shown.
    """
    timestamp = str(to_microseconds(at) // _MICROSECONDS)
    content = b".".join((message.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in signing),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
