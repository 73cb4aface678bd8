"""What a keyring holds, and its file format.

    {"format": "egide-keyring/1", "installation": hex, "master": {"1": hex},
     "epochs": {"1": {"state": "current", "key": hex, "created_at": RFC 3339, "destroyed_at": null}}}

The installation is 16 random bytes, public, bound into every box and every wrapped key. Master secrets have versions so
that one can be added without a new format; everything derived today uses the last. An epoch's key is `null` once it is
destroyed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

import orjson

from governance.clock import to_rfc3339

FORMAT: Final = "egide-keyring/1"
KEY_BYTES: Final = 32  # AES-256
INSTALLATION_BYTES: Final = 16


class EpochState(StrEnum):
    """The life of an epoch: it wraps new keys, then only opens old ones, then its key is gone."""

    CURRENT = "current"
    RETIRING = "retiring"
    DESTROYED = "destroyed"


EPOCH_TRANSITIONS: Final[Mapping[EpochState, frozenset[EpochState]]] = {
    EpochState.CURRENT: frozenset({EpochState.RETIRING}),
    EpochState.RETIRING: frozenset({EpochState.DESTROYED}),
    EpochState.DESTROYED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One epoch of the ring."""

    number: int
    state: EpochState
    created_at: datetime
    destroyed_at: datetime | None = None
    key: bytes | None = field(repr=False)

    def to(self, state: EpochState, at: datetime) -> Self:
        """Return the epoch in its next state.

        Raises:
            ValueError: If the life of an epoch has no such step.
        """
        if state not in EPOCH_TRANSITIONS[self.state]:
            raise ValueError(f"epoch {self.number} is {self.state}, it cannot become {state}")
        if state is EpochState.DESTROYED:
            return replace(self, state=state, destroyed_at=at, key=None)
        return replace(self, state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Everything in a keyring's file, decoded. Lives only while the file is read or written."""

    installation: bytes
    masters: Mapping[int, bytes] = field(repr=False)
    epochs: Mapping[int, Epoch]

    @property
    def current(self) -> Epoch:
        """The epoch that wraps new keys."""
        return next(epoch for epoch in self.epochs.values() if epoch.state is EpochState.CURRENT)

    @property
    def retiring(self) -> Epoch | None:
        """The oldest epoch whose keys are being moved to the current one, if there is one."""
        return next((epoch for _, epoch in sorted(self.epochs.items()) if epoch.state is EpochState.RETIRING), None)

    def with_new_epoch(self, at: datetime) -> Self:
        """Return the ring with a fresh current epoch; the one before it retires."""
        old = self.current
        fresh = Epoch(number=max(self.epochs) + 1, state=EpochState.CURRENT, created_at=at, key=os.urandom(KEY_BYTES))
        retired = old.to(EpochState.RETIRING, at)
        return replace(self, epochs={**self.epochs, old.number: retired, fresh.number: fresh})

    def without_key(self, number: int, at: datetime) -> Self:
        """Return the ring with the key of a retiring epoch gone."""
        return replace(self, epochs={**self.epochs, number: self.epochs[number].to(EpochState.DESTROYED, at)})

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return orjson.dumps(
            {
                "format": FORMAT,
                "installation": self.installation.hex(),
                "master": {str(version): secret.hex() for version, secret in self.masters.items()},
                "epochs": {str(number): _encode_epoch(epoch) for number, epoch in self.epochs.items()},
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read the file's bytes.

        Raises:
            ValueError: If they are no keyring; the sentence says why and quotes nothing.
        """
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            # `from None`: the parser's error carries the document, and the document is keys.
            raise ValueError("it is not JSON") from None
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        try:
            ring = cls(
                installation=_exactly(document["installation"], INSTALLATION_BYTES),
                masters={int(version): _exactly(text, KEY_BYTES) for version, text in document["master"].items()},
                epochs={int(number): _decode_epoch(number, epoch) for number, epoch in document["epochs"].items()},
            )
        except (KeyError, TypeError, AttributeError, ValueError):
            raise ValueError("a part of it is missing or malformed") from None
        if not ring.masters or sum(epoch.state is EpochState.CURRENT for epoch in ring.epochs.values()) != 1:
            raise ValueError("it needs a master secret and exactly one current epoch")
        return ring


def new_ring(at: datetime) -> Ring:
    """Return a ring with fresh keys."""
    first = Epoch(number=1, state=EpochState.CURRENT, created_at=at, key=os.urandom(KEY_BYTES))
    return Ring(
        installation=os.urandom(INSTALLATION_BYTES), masters={1: os.urandom(KEY_BYTES)}, epochs={first.number: first}
    )


def _encode_epoch(epoch: Epoch) -> dict[str, str | None]:
    return {
        "state": epoch.state.value,
        "key": None if epoch.key is None else epoch.key.hex(),
        "created_at": to_rfc3339(epoch.created_at),
        "destroyed_at": None if epoch.destroyed_at is None else to_rfc3339(epoch.destroyed_at),
    }


def _decode_epoch(number: str, document: Mapping[str, Any]) -> Epoch:
    state = EpochState(document["state"])
    key = document["key"]
    if (key is None) != (state is EpochState.DESTROYED):
        raise ValueError("only a destroyed epoch has no key")
    destroyed_at = document["destroyed_at"]
    return Epoch(
        number=int(number),
        state=state,
        key=None if key is None else _exactly(key, KEY_BYTES),
        created_at=datetime.fromisoformat(document["created_at"]),
        destroyed_at=None if destroyed_at is None else datetime.fromisoformat(destroyed_at),
    )


def _exactly(text: str, length: int) -> bytes:
    value = bytes.fromhex(text)
    if len(value) != length:
        raise ValueError("a key has the wrong length")
    return value
