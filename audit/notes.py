"""Signed notes and checkpoints, as C2SP signed-note and tlog-checkpoint define them, with Ed25519 (RFC 8032).

A checkpoint is a note of three lines: origin, size of the tree, root in base64. Keys are written as Go's
`golang.org/x/mod/sumdb/note` writes them. Standard library and `cryptography` only.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = 0x01
_PRIVATE: Final = "PRIVATE+KEY"
_DASH: Final = "\u2014 "
_KEY_ID_BYTES: Final = 4
_SEED_BYTES: Final = 32
_ROOT_BYTES: Final = 32
_CHECKPOINT_LINES: Final = 3
_LONGEST_NOTE: Final = 1_000_000


class NoteError(Exception):
    """A note, checkpoint or key that is malformed, or that no known key signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with its name; written `name+id+key`."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([ED25519]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a public key.

        Raises:
            NoteError: If it is malformed, not Ed25519, or its id is not that of the key.
        """
        name, key_id, encoded = _three_parts(text.strip())
        key = cls(name=name, public=_key_bytes(encoded))
        if key.id.hex() != key_id:
            raise NoteError("the id of the public key does not fit the key")
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key with its name; written `PRIVATE+KEY+name+id+key`."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public key."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(name=self.name, public=public.public_bytes_raw())

    def encode(self) -> str:
        """Write the private key. Keep it where only the signer reads."""
        return f"{_PRIVATE}+{self.name}+{self.verifier.id.hex()}+{to_base64(bytes([ED25519]) + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read a private key.

        Raises:
            NoteError: If it is malformed, or its id is not that of the key.
        """
        head, separator, rest = text.strip().partition(f"{_PRIVATE}+")
        if head or not separator:
            raise NoteError("not a private key")
        name, key_id, encoded = _three_parts(rest)
        key = cls(name=name, seed=_key_bytes(encoded))
        if key.verifier.id.hex() != key_id:
            raise NoteError("the id of the private key does not fit the key")
        return key

    def sign(self, text: str) -> str:
        """Return the text as a note signed by this key.

        Raises:
            NoteError: If the text cannot be that of a note.
        """
        _check_text(text)
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{_DASH}{self.name} {to_base64(self.verifier.id + signature)}\n"


def check_name(name: str) -> None:
    """Refuse a key name, or an origin, that a note cannot carry.

    Raises:
        NoteError: If it is empty or holds a space, a plus or a control character.
    """
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):  # noqa: PLR2004 -- U+0020
        raise NoteError("a name has no spaces and no plus")


def open_note(note: str, verifiers: Iterable[VerifierKey]) -> str:
    """Return the text of a note that one of the keys signed.

    Signatures of keys that are not known are ignored; one of a known key that does not fit refuses the note.

    Raises:
        NoteError: If the note is malformed, a known key's signature is wrong, or no known key signed.
    """
    text, signatures = split_note(note)
    known = {(key.name, key.id): key for key in verifiers}
    verified = False
    for name, key_id, signature in signatures:
        key = known.get((name, key_id))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            raise NoteError(f"the signature of {name} is wrong") from None
        verified = True
    if not verified:
        raise NoteError("no known key signed the note")
    return text


def split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a note and its signatures (name, key id, signature), unverified.

    Raises:
        NoteError: If the note is malformed.
    """
    if len(note) > _LONGEST_NOTE:
        raise NoteError("the note is too long")
    head, separator, tail = note.rpartition("\n\n")
    text = head + "\n"
    if not separator or not tail.endswith("\n"):
        raise NoteError("the note has no signatures")
    _check_text(text)
    return text, [_signature(line) for line in tail[:-1].split("\n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """What a checkpoint says: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "TreeHead":
        """Read the text of a checkpoint; extension lines are ignored.

        Raises:
            NoteError: If it is malformed.
        """
        lines = text.split("\n")
        if len(lines) < _CHECKPOINT_LINES + 1 or "" in lines[:-1] or lines[-1]:
            raise NoteError("a checkpoint has three lines")
        origin, size, root = lines[:_CHECKPOINT_LINES]
        if not size.isascii() or not size.isdigit() or (size != "0" and size.startswith("0")):
            raise NoteError("the size of a checkpoint is a number without leading zeroes")
        decoded = from_base64(root)
        if len(decoded) != _ROOT_BYTES:
            raise NoteError("the root of a checkpoint has 32 bytes")
        return cls(origin=origin, size=int(size), root=decoded)


def open_checkpoint(note: str, verifier: VerifierKey, origin: str | None = None) -> TreeHead:
    """Return what a checkpoint says, once its signature and origin are checked.

    Raises:
        NoteError: If it is malformed, not signed by this key, or of another log.
    """
    head = TreeHead.parse(open_note(note, [verifier]))
    if head.origin != (verifier.name if origin is None else origin):
        raise NoteError("the checkpoint is of another log")
    return head


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteError("a signature line is malformed")
    check_name(name)
    decoded = from_base64(encoded)
    if len(decoded) <= _KEY_ID_BYTES:
        raise NoteError("a signature is too short")
    return name, decoded[:_KEY_ID_BYTES], decoded[_KEY_ID_BYTES:]


def _three_parts(text: str) -> tuple[str, str, str]:
    name, first, rest = text.partition("+")
    key_id, second, encoded = rest.partition("+")
    if not first or not second:
        raise NoteError("a key is written name+id+key")
    check_name(name)
    return name, key_id, encoded


def _key_bytes(encoded: str) -> bytes:
    decoded = from_base64(encoded)
    if len(decoded) != 1 + _SEED_BYTES or decoded[0] != ED25519:
        raise NoteError("not an Ed25519 key")
    return decoded[1:]


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(ord(c) < 0x20 and c != "\n" for c in text):  # noqa: PLR2004 -- U+0020
        raise NoteError("the text of a note ends with a newline and has no control characters")


def to_base64(data: bytes) -> str:
    """Write bytes in standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read standard base64 in its one canonical form.

    Raises:
        NoteError: If it is not.
    """
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("malformed base64") from None
    if to_base64(decoded) != text:
        raise NoteError("malformed base64")
    return decoded
