"""What signing up works with."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from typing import Final

from governance.clock import Clock
from governance.customers.signing_up.models import SignUp
from governance.customers.signing_up.values import SignUpRequest
from governance.ids import IdSource
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.normal_forms import normalise
from governance.vault.sealed_values import SealedValues

_KIND: Final = "sign-up"
# The name of the derived secret.
_ADDRESSES: Final = "sign-up-address"


@dataclass(frozen=True, slots=True)
class SignUpDesk:
    """The time, new identifiers, who vouches for rows, and whose keys seal what people say."""

    clock: Clock
    ids: IdSource
    attestor: Attestor
    keyring: Keyring = field(repr=False)

    def seal(self, request: SignUpRequest, sign_up_id: uuid.UUID) -> bytes:
        """Return what somebody said, sealed to their row."""
        return SealedValues(self.keyring).seal(request.written(), _KIND, sign_up_id)

    def open(self, sign_up: SignUp) -> SignUpRequest | None:
        """Return what somebody said; None where it is gone.

        Raises:
            AttestationError: If it was sealed to another row, or altered.
        """
        if sign_up.content is None:
            return None
        return SignUpRequest.read(SealedValues(self.keyring).open(sign_up.content, _KIND, sign_up.id))

    def address_hash(self, email: str) -> bytes:
        """Return the keyed hash of an address, however it is written."""
        return hmac.digest(self.keyring.secret(_ADDRESSES), normalise("email", email).encode(), hashlib.sha256)
