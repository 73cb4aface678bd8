"""One way to the provider and back. Everything that has to fit at the end is derived from one secret of the browser.

The secret lies in the browser's signed cookie and nowhere else; the provider sees a hash of each part, so that nobody
who reads an address (a log, a history) learns another part, and nothing rests in the database on the way there.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

# OAuth 2.0 Security Best Current Practice (RFC 9700), section 2.1.1: long enough for a person, short for a thief.
LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way."""

    secret: str = field(repr=False)

    @property
    def state(self) -> str:
        """What brings the answer back to this browser (RFC 6749, section 10.12)."""
        return self._part("state")

    @property
    def nonce(self) -> str:
        """What the ID token must repeat (OpenID Connect Core 1.0, section 3.1.2.1)."""
        return self._part("nonce")

    @property
    def verifier(self) -> str:
        """What proves that whoever brings the code asked for it (RFC 7636)."""
        return self._part("verifier")

    def answers(self, state: str) -> bool:
        """Say, in constant time, whether an answer belongs to this attempt."""
        return hmac.compare_digest(self.state.encode(), state.encode("utf-8", "surrogatepass"))

    def _part(self, name: str) -> str:
        mac = hmac.digest(self.secret.encode(), f"egide/openid/{name}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
