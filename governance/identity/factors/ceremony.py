"""The ceremonies of passkeys (W3C Web Authentication, Level 3), as the second factor: asked for, and checked.

The library checks type, challenge, origin, relying party, presence and signature (sections 7.1 and 7.2). The counter is
not left to it: it would refuse a counter that went back before it looks at the signature, and so would not tell a
copied key, which closes the passkey, from anybody's nonsense, which must not.
"""

import ipaddress
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

import orjson
import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from governance.identity.errors import PasskeyRefusedError

_NAME: Final = "Égide"
_TIMEOUT_MILLISECONDS: Final = 300_000
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_TRANSPORTS: Final = frozenset(transport.value for transport in AuthenticatorTransport)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A passkey as a ceremony needs it."""

    credential_id: bytes = field(repr=False)
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A passkey that a browser has just made, checked."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    counter: int
    transports: tuple[str, ...]
    synced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Whom passkeys are made for: the name and the origin at which people reach the service.

    Attributes:
        name: The host's name; passkeys belong to it and open nowhere else.
        origin: What the browser says it signed for.
    """

    name: str
    origin: str

    @classmethod
    def at(cls, base_url: str) -> Self:
        """Return the relying party of an address."""
        parts = urlsplit(base_url)
        return cls(name=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc.lower()}")

    @property
    def possible(self) -> bool:
        """Whether a browser makes passkeys for it: over https or on this very machine, and for a name, no number."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            local = self.name == "localhost" or self.name.endswith(".localhost")
            return local or self.origin.startswith("https://")
        return False

    def ask_to_make(
        self, challenge: bytes, account_id: uuid.UUID, email: str, known: Sequence[Known]
    ) -> dict[str, Any]:
        """Return what a browser is asked, to make a passkey on a device that has none of these."""
        options = webauthn.generate_registration_options(
            rp_id=self.name,
            rp_name=_NAME,
            user_id=account_id.bytes,
            user_name=email,
            challenge=challenge,
            timeout=_TIMEOUT_MILLISECONDS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_descriptors(known),
            supported_pub_key_algs=_ALGORITHMS,
        )
        return _as_json(webauthn.options_to_json(options))

    def ask_to_show(self, challenge: bytes, known: Sequence[Known]) -> dict[str, Any]:
        """Return what a browser is asked, to show one of these passkeys."""
        options = webauthn.generate_authentication_options(
            rp_id=self.name,
            challenge=challenge,
            timeout=_TIMEOUT_MILLISECONDS,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _as_json(webauthn.options_to_json(options))

    def check_made(self, credential: Mapping[str, Any], challenge: bytes) -> Made:
        """Check what a browser answered to `ask_to_make`.

        Raises:
            PasskeyRefusedError: If anything in it is not as it must be; what, is not told.
        """
        try:
            made = webauthn.verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.name,
                expected_origin=self.origin,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except Exception:  # noqa: BLE001 -- each parser of the library raises errors of its own
            raise PasskeyRefusedError from None
        return Made(
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            counter=made.sign_count,
            transports=_told_transports(credential),
            synced=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        )

    def check_shown(self, credential: Mapping[str, Any], challenge: bytes, public_key: bytes) -> int:
        """Check what a browser answered to `ask_to_show`, and return the counter that the passkey signed.

        Raises:
            PasskeyRefusedError: If anything in it is not as it must be; what, is not told.
        """
        try:
            shown = webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.name,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
            )
        except Exception:  # noqa: BLE001 -- each parser of the library raises errors of its own
            raise PasskeyRefusedError from None
        return shown.new_sign_count


def named_credential(credential: Mapping[str, Any]) -> bytes:
    """Return which passkey an answer says it is of. Unverified.

    Raises:
        PasskeyRefusedError: If it does not say.
    """
    try:
        return base64url_to_bytes(str(credential["rawId"]))
    except (KeyError, ValueError):
        raise PasskeyRefusedError from None


def went_back(before: int, now: int) -> bool:
    """Say whether a counter did not move on, as only that of a copied key does (section 6.1.1).

    Keys that do not count always say 0.
    """
    return (before > 0 or now > 0) and now <= before


def _descriptors(known: Sequence[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=each.credential_id,
            transports=[AuthenticatorTransport(name) for name in each.transports] or None,
        )
        for each in known
    ]


def _told_transports(credential: Mapping[str, Any]) -> tuple[str, ...]:
    # A hint for browsers and no more; what is none of the standard's words is left out.
    response = credential.get("response")
    told = response.get("transports") if isinstance(response, Mapping) else None
    words = told if isinstance(told, list) else []
    return tuple(sorted({word for word in words if isinstance(word, str)} & _TRANSPORTS))


def _as_json(written: str) -> dict[str, Any]:
    decoded: dict[str, Any] = orjson.loads(written)
    return decoded
