"""Remembering what a write answered, in the transaction of the write itself."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from governance.gate.errors import RetryMismatchError
from governance.gate.retries.models import AnsweredWrite

# Programs give up long before; the row is then deleted.
KEPT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Retry:
    """A caller's key together with a keyed digest of the request it was sent with."""

    actor_id: uuid.UUID
    key_digest: bytes
    request_digest: bytes


def retry_of(secret: bytes, actor_id: uuid.UUID, key: str, request: object) -> Retry:
    """Return what a write is remembered by.

    Args:
        secret: Keys the digest, so that nobody tests guesses of the values against it.
        actor_id: Whose key it is: another caller's equal key is another key.
        key: The Idempotency-Key.
        request: What was asked, ready for JSON.
    """
    body = orjson.dumps(request, option=orjson.OPT_SORT_KEYS)
    return Retry(
        actor_id=actor_id,
        key_digest=hashlib.sha256(key.encode()).digest(),
        request_digest=hmac.digest(secret, body, "sha256"),
    )


def answered(session: Session, retry: Retry) -> AnsweredWrite | None:
    """Return what this write answered the first time, if it was sent before.

    Raises:
        RetryMismatchError: If the key was sent with another request.
    """
    found = session.get(AnsweredWrite, (retry.actor_id, retry.key_digest))
    if found is not None and not hmac.compare_digest(found.request_digest, retry.request_digest):
        raise RetryMismatchError
    return found


def remember(session: Session, retry: Retry, row_id: uuid.UUID, revision: int, now: datetime) -> None:
    """Keep what a write answered, and forget what nobody retries any more."""
    session.execute(delete(AnsweredWrite).where(AnsweredWrite.answered_at < now - KEPT_FOR))
    session.add(
        AnsweredWrite(
            actor_id=retry.actor_id,
            key_digest=retry.key_digest,
            request_digest=retry.request_digest,
            row_id=row_id,
            revision=revision,
            answered_at=now,
        )
    )
