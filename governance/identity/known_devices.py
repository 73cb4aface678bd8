"""Devices on which somebody signed in before, so that whoever guesses elsewhere does not keep them out.

A browser keeps one cookie for all who use it: a random name, and a mark for each of the last accounts that signed in
there wholly. A mark is a MAC over that name, the account and the revision of its credentials: it says nothing of whose
it is, nobody can make one, and another password ends it. It opens nothing; it only decides where failures are counted.
"""

import base64
import binascii
import hmac
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Final

from governance.vault.attest import Attestor

_KIND: Final = "known-device"
_NAME_BYTES: Final = 16
_MARK_BYTES: Final = 17
# A till is shared by a few people; whoever signed in longest ago is forgotten first.
_MOST_MARKS: Final = 8
LONGEST_COOKIE: Final = 4 * -(-(_NAME_BYTES + _MOST_MARKS * _MARK_BYTES) // 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a browser showed of itself. Unverified until a mark fits an account.

    Attributes:
        name: Random; under it, with the account, failures are counted.
    """

    name: bytes = field(repr=False)
    marks: tuple[bytes, ...] = field(repr=False, default=())


def shown(cookie: str) -> Device | None:
    """Return the device that a cookie tells of, or None where it is none of ours."""
    if len(cookie) > LONGEST_COOKIE:
        return None
    try:
        content = base64.b64decode(cookie.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    name, rest = content[:_NAME_BYTES], content[_NAME_BYTES:]
    if len(name) < _NAME_BYTES or len(rest) % _MARK_BYTES:
        return None
    return Device(name=name, marks=tuple(rest[at : at + _MARK_BYTES] for at in range(0, len(rest), _MARK_BYTES)))


def knows(attestor: Attestor, device: Device, account_id: uuid.UUID, revision: int) -> bool:
    """Say whether somebody signed in to the account on this device, by the credentials that it has now."""
    mark = _mark(attestor, device.name, account_id, revision)
    # All of them, so that the time tells nothing of who else signs in here.
    return sum(hmac.compare_digest(mark, each) for each in device.marks) > 0


def remembering(attestor: Attestor, device: Device | None, account_id: uuid.UUID, revision: int) -> str:
    """Return the cookie of a device on which somebody has just signed in."""
    device = device or Device(name=secrets.token_bytes(_NAME_BYTES))
    mark = _mark(attestor, device.name, account_id, revision)
    marks = dict.fromkeys((mark, *device.marks))
    content = device.name + b"".join([*marks][:_MOST_MARKS])
    return base64.urlsafe_b64encode(content).decode()


def _mark(attestor: Attestor, name: bytes, account_id: uuid.UUID, revision: int) -> bytes:
    return attestor.mac(_KIND, name.hex(), str(account_id), revision)
