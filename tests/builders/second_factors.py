"""Second factors in software: an authenticator app, and an authenticator that makes and shows real passkeys."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

from governance.actor import Role
from governance.clock import Clock
from governance.identity.factors.models import ChallengePurpose
from governance.identity.second_door import Enrolled, SecondDoor, Visit
from governance.identity.service import OpenedSession
from governance.identity.service.totp import AddTotp
from tests.builders.identity import People

ORIGIN = "http://localhost:8000"
NAME = "localhost"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class App:
    """An authenticator app that holds one secret."""

    secret: str = field(repr=False)

    def code(self, clock: Clock, *, steps: int = 0) -> str:
        """Return the code of now, or of so many steps later."""
        return pyotp.TOTP(self.secret).at(clock.now() + timedelta(seconds=30 * steps))


@dataclass
class Key:
    """One passkey of an authenticator."""

    id: bytes
    private: ec.EllipticCurvePrivateKey = field(repr=False)


@dataclass
class Authenticator:
    """An authenticator in software: real keys, real signatures, and as dishonest as a test wants it.

    Attributes:
        origin: Where the browser in front of it says it is.
        name: The relying party that it signs for.
        counts: Whether it counts its signatures; many do not.
    """

    origin: str = ORIGIN
    name: str = NAME
    counts: bool = True
    counter: int = 0
    keys: dict[bytes, Key] = field(default_factory=dict)

    def make(self, options: Mapping[str, Any], *, challenge: str | None = None) -> dict[str, Any]:
        """Make a passkey, and return what the browser answers."""
        key = Key(secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1()))
        self.keys[key.id] = key
        return self.attest(key, options, challenge=challenge)

    def attest(self, key: Key, options: Mapping[str, Any], *, challenge: str | None = None) -> dict[str, Any]:
        """Return what the browser answers for a passkey that was made."""
        numbers = key.private.public_key().public_numbers()
        cose = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(key.id).to_bytes(2, "big") + key.id + cose
        data = self._data(_PRESENT | _VERIFIED | _ATTESTED) + attested
        return self._credential(
            key,
            {
                "clientDataJSON": _text(self._client("webauthn.create", challenge or options["challenge"])),
                "attestationObject": _text(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
                "transports": ["internal"],
            },
        )

    def show(
        self, options: Mapping[str, Any], *, key: Key | None = None, challenge: str | None = None, flags: int = 0x05
    ) -> dict[str, Any]:
        """Show a passkey that is asked for, and return what the browser answers."""
        if key is None:
            asked = [_bytes(each["id"]) for each in options["allowCredentials"]]
            key = next(self.keys[each] for each in asked if each in self.keys)
        if self.counts:
            self.counter += 1
        client = self._client("webauthn.get", challenge or options["challenge"])
        data = self._data(flags)
        signature = key.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            key,
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": None,
            },
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.name.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _credential(self, key: Key, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": _text(key.id), "rawId": _text(key.id), "type": "public-key", "response": response}


def visit_of(house: People, opened: OpenedSession) -> Visit:
    """Return the visit of somebody who has just signed in."""
    admission = house.doorkeeper.by_session(opened.secret, "192.0.2.7")
    assert admission is not None
    return Visit(session_id=opened.session_id, account_id=opened.account.id, actor=admission.actor)


def add_app(house: People, visit: Visit, name: str = "telephone") -> tuple[App, Enrolled]:
    """Take an authenticator app into use, with its first code. The next code is good a step later."""
    draft = house.second_door.draft_totp(visit)
    app = App(draft.secret)
    command = AddTotp(
        account_id=visit.account_id, id=draft.id, sealed=draft.sealed, code=app.code(house.clock), name=name
    )
    return app, house.second_door.add_totp(visit, command)


def add_passkey(door: SecondDoor, visit: Visit, authenticator: Authenticator) -> Enrolled:
    """Take a passkey of an authenticator into use."""
    return door.add_passkey(visit, "key", authenticator.make(door.ask(visit, ChallengePurpose.ADD)))


def somebody_with_an_app(house: People, email: str, *roles: Role) -> tuple[App, Enrolled]:
    """Add an account whose holder has an authenticator app; its next code is good."""
    house.account(email, *roles)
    app, enrolled = add_app(house, visit_of(house, house.sign_in(email)))
    house.clock.advance(seconds=60)
    return app, enrolled


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
