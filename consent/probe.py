"""The consent probe: what the gate needs to decide, row by row, whether a person's consent holds.

The gate never lets a planner start from the consents. It adds, to the statement that reads its page,

    LEFT JOIN consent ON consent.subject_id = <the link's subject> AND consent.purpose_id = ? AND consent.channel = ?

which is one look-up by primary key a row, selects `COLUMNS`, and asks for each row

    verdict = probe(subject_id, state, holds_until, sequence, mac)     # about 0.6 µs for a consent that is given

with a `probe` from `make_probe`, made once per plan and page. A loop that cannot afford the call may inline the body of
`make_probe`: `LAYOUT`, `NEVER` and `KIND` are all it needs. Only a row that says *given* is verified.

The MAC is the fixed encoding of `governance.vault.attest` (BLAKE2b-128, keyed, personalised) over

    subject_id u64 | purpose_id u16 | channel u8 | state u8 | holds_until i64 (NEVER where none) | sequence u32

big-endian.
"""

import struct
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import Final, NamedTuple

from consent.states import ConsentState
from governance.clock import to_microseconds
from governance.vault.attest import Attestor
from governance.vault.macs import MAC_VERSION

KIND: Final = "consent"
LAYOUT: Final = struct.Struct(">QHBBqI")
NEVER: Final = -1
GIVEN_CODE: Final = ConsentState.GIVEN.code
COLUMNS: Final = ("state", "holds_until", "sequence", "state_mac")

_MICROSECONDS: Final = 1_000_000


class Verdict(IntEnum):
    """What the probe says of one row."""

    BROKEN = -1
    NOT_GIVEN = 0
    GIVEN = 1


Probe = Callable[[int, int | None, int | None, int | None, bytes | None], Verdict]


def to_seconds(moment: datetime) -> int:
    """Return whole seconds since 1970-01-01T00:00Z, rounded down: consent never lasts longer than it was given for."""
    return to_microseconds(moment) // _MICROSECONDS


class StateRow(NamedTuple):
    """The columns of a state that lie under its MAC, in the order of the layout."""

    subject_id: int
    purpose_id: int
    channel: int
    state: int
    holds_until: int | None
    sequence: int


def consent_mac(attestor: Attestor, row: StateRow) -> bytes:
    """Return the MAC of a state."""
    fresh = attestor.prekeyed(KIND)
    fresh.update(LAYOUT.pack(*(NEVER if value is None else value for value in row)))
    return MAC_VERSION + fresh.digest()


def make_probe(attestor: Attestor, *, purpose_id: int, channel: int, now: datetime) -> Probe:
    """Return the function that judges one row for a purpose and channel at a moment.

    Args:
        attestor: Holder of the attestation key.
        purpose_id: The purpose's number.
        channel: The channel's code.
        now: The time of the plan; consent counts until just before `holds_until`.
    """
    # A consent that ends within the present second has ended: a whole second's doubt closes.
    now_seconds = to_seconds(now)
    copy = attestor.prekeyed(KIND).copy
    pack = LAYOUT.pack
    given, not_given, broken = Verdict.GIVEN, Verdict.NOT_GIVEN, Verdict.BROKEN

    def probe(
        subject_id: int, state: int | None, holds_until: int | None, sequence: int | None, mac: bytes | None
    ) -> Verdict:
        if state != GIVEN_CODE:
            return not_given
        if holds_until is None:
            holds_until = NEVER
        elif now_seconds >= holds_until:
            return not_given
        fresh = copy()
        fresh.update(pack(subject_id, purpose_id, channel, state, holds_until, sequence))
        return given if MAC_VERSION + fresh.digest() == mac else broken

    return probe
