"""Links to one's choices, as every message carries one: sealed, so that they tell nothing and nobody makes one up.

    token = base64url( sealed value of: subject u64 | issued u64 seconds | purpose u16 | channel u8 | message 16 bytes )

big-endian, zeros for no purpose, no channel and no message; sealed by `governance.vault.sealed_values`. A link names
its person by number and stays valid for as long as solicitation may, so that a message found again still unsubscribes.
"""

import base64
import binascii
import struct
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from consent.errors import PreferenceLinkError
from consent.probe import to_seconds
from governance.clock import Clock
from governance.vault.errors import AttestationError
from governance.vault.sealed_values import SealedValues

# CNIL, reference on the management of commercial activities (2022): prospects are kept for three years.
LIFETIME: Final = timedelta(days=3 * 366)
_KIND: Final = "preference-link"
_LAYOUT: Final = struct.Struct(">QQHB16s")
_NO_MESSAGE: Final = bytes(16)
# Longer than any that we make: nothing is decoded of what is not ours.
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceLink:
    """Whose choices a link opens.

    Attributes:
        purpose_id: The purpose of the message that carried it; None for none.
        channel: The code of the channel that the message came by; None for none.
        message_id: The message; None for none.
    """

    subject_id: int
    purpose_id: int | None = None
    channel: int | None = None
    message_id: uuid.UUID | None = field(default=None)


def seal_link(seal: SealedValues, clock: Clock, link: PreferenceLink) -> str:
    """Return the token of a link: letters, digits, `-` and `_`."""
    content = _LAYOUT.pack(
        link.subject_id,
        to_seconds(clock.now()),
        link.purpose_id or 0,
        link.channel or 0,
        _NO_MESSAGE if link.message_id is None else link.message_id.bytes,
    )
    return base64.urlsafe_b64encode(seal.seal(content, _KIND)).rstrip(b"=").decode()


def open_link(seal: SealedValues, clock: Clock, token: str) -> PreferenceLink:
    """Return the link of a token.

    Raises:
        PreferenceLinkError: If it is none of ours, or has ended.
    """
    if len(token) > _MOST:
        raise PreferenceLinkError
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        subject_id, issued, purpose_id, channel, message = _LAYOUT.unpack(seal.open(sealed, _KIND))
    except (binascii.Error, ValueError, AttestationError, struct.error):
        raise PreferenceLinkError from None
    if to_seconds(clock.now()) - issued > LIFETIME.total_seconds():
        raise PreferenceLinkError
    return PreferenceLink(
        subject_id=subject_id,
        purpose_id=purpose_id or None,
        channel=channel or None,
        message_id=None if message == _NO_MESSAGE else uuid.UUID(bytes=message),
    )
