"""The secrets of webhooks, sealed: whoever holds the database can forge nothing in our name."""

import uuid
from datetime import datetime
from typing import Final

from consent.propagation.models import Subscriber
from consent.propagation.values import OLDER_SECRET_SIGNS
from governance.vault.sealed_values import SealedValues

_KIND: Final = "subscriber-secret"


def seal_secret(seal: SealedValues, secret: str, subscriber_id: uuid.UUID) -> bytes:
    """Return a secret, sealed to its subscriber."""
    return seal.seal(secret.encode(), _KIND, subscriber_id)


def signing_secrets(seal: SealedValues, subscriber: Subscriber, now: datetime) -> list[str]:
    """Return the secrets that sign at a moment, the newest first.

    Raises:
        AttestationError: If one was altered, or sealed to another subscriber.
    """
    sealed = [subscriber.secret]
    if subscriber.secret_since is not None and now < subscriber.secret_since + OLDER_SECRET_SIGNS:
        sealed.append(subscriber.older_secret)
    return [seal.open(each, _KIND, subscriber.id).decode() for each in sealed if each is not None]
