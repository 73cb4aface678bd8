"""Events as values, and what vouches for them in the database.

The MAC of an event is the fixed encoding of `governance.vault.macs` over, big-endian,

    subject_id u64 | purpose_id u16 | channel u8 | sequence u32 | kind u8 | method u8 | notice_id u16 | source_id u16
    | occurred_at i64 | recorded_at i64 | expires_at i64 | operator_id 16 bytes

with times in microseconds, 0 for no notice and no source, NEVER for no expiry, and zeros for no operator.
"""

import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from consent.states import EventKind, Happening, Method
from governance.clock import to_microseconds
from governance.vault.attest import Attestor
from governance.vault.macs import MAC_VERSION

_KIND: Final = "consent_event"
_LAYOUT: Final = struct.Struct(">QHBIBBHHqqq16s")
_NEVER: Final = -(1 << 63)
_NOBODY: Final = bytes(16)


class Key(NamedTuple):
    """Whose consent, for what, on which channel: a person's number, a purpose's number, a channel's code."""

    subject_id: int
    purpose_id: int
    channel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one consent.

    Attributes:
        occurred_at: When it happened.
        recorded_at: When it was recorded here.
        operator_id: The account or program that recorded it; None for the house itself.
    """

    key: Key
    kind: EventKind
    method: Method
    occurred_at: datetime
    recorded_at: datetime
    notice_id: int | None = None
    source_id: int | None = None
    expires_at: datetime | None = None
    operator_id: uuid.UUID | None = None

    @property
    def happening(self) -> Happening:
        """The part of the event that the state depends on."""
        return Happening(
            kind=self.kind,
            occurred_at=self.occurred_at,
            expires_at=self.expires_at,
            by_house=self.operator_id is None,
        )

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two deliveries the same event: everything but when and by whom it was recorded."""
        return (self.key, self.kind, self.method, self.notice_id, self.source_id, self.occurred_at, self.expires_at)


def mac_of(attestor: Attestor, event: Event, sequence: int) -> bytes:
    """Return the MAC of an event at its place in the chain."""
    fresh = attestor.prekeyed(_KIND)
    fresh.update(
        _LAYOUT.pack(
            *event.key,
            sequence,
            event.kind.code,
            event.method.code,
            event.notice_id or 0,
            event.source_id or 0,
            to_microseconds(event.occurred_at),
            to_microseconds(event.recorded_at),
            _NEVER if event.expires_at is None else to_microseconds(event.expires_at),
            _NOBODY if event.operator_id is None else event.operator_id.bytes,
        )
    )
    return MAC_VERSION + fresh.digest()


def to_row(attestor: Attestor, event: Event, sequence: int) -> dict[str, Any]:
    """Return the columns of an event."""
    return {
        **event.key._asdict(),
        "sequence": sequence,
        "kind": event.kind.code,
        "method": event.method.code,
        "notice_id": event.notice_id,
        "source_id": event.source_id,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "expires_at": event.expires_at,
        "operator_id": event.operator_id,
        "mac": mac_of(attestor, event, sequence),
    }


def from_row(row: Mapping[str, Any]) -> Event:
    """Return the event of a row.

    Raises:
        ValueError: If a code is none; the row was altered.
    """
    return Event(
        key=Key(row["subject_id"], row["purpose_id"], row["channel"]),
        kind=EventKind.from_code(row["kind"]),
        method=Method.from_code(row["method"]),
        notice_id=row["notice_id"],
        source_id=row["source_id"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        expires_at=row["expires_at"],
        operator_id=row["operator_id"],
    )
