"""Content that leaves the house with a signature around it: compact JWS (RFC 7515) by the log's own key, Ed25519.

Whoever holds the log's public key needs no other. Neither signature can be taken for the other: what is signed of a
note ends its first line, what is signed of an envelope is one line of letters, digits, `-`, `_` and a dot.
"""

import base64
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from audit.notes import NoteError, SigningKey, VerifierKey

# RFC 9864, section 2.2: the name that says which curve.
_ALGORITHM: Final = "Ed25519"
# Longer than any that we make.
_MOST: Final = 4_000_000


def seal_envelope(key: SigningKey, content: bytes, kind: str) -> str:
    """Return content signed by a log's key, as text of one line.

    Args:
        key: The log's.
        content: What is signed, and can be read from the envelope.
        kind: What sort of content it is, in a word: nothing of one kind passes for another.
    """
    verifier = key.verifier
    signing = OKPKey.import_key({**_public(verifier), "d": _encode(key.seed)})
    header = {"alg": _ALGORITHM, "kid": key_id_of(verifier), "typ": kind}
    return str(jws.serialize_compact(header, content, signing, algorithms=[_ALGORITHM]))


def open_envelope(text: str, verifier: VerifierKey, kind: str) -> bytes:
    """Return the content of an envelope, once its signature and its kind are checked.

    Raises:
        NoteError: If it is malformed, of another kind, or not signed by this key.
    """
    if len(text) > _MOST:
        raise NoteError("the envelope is too long")
    try:
        opened = jws.deserialize_compact(text.strip(), OKPKey.import_key(_public(verifier)), algorithms=[_ALGORITHM])
    except (JoseError, ValueError, TypeError):
        raise NoteError("the envelope is malformed, or not signed by this key") from None
    if opened.headers().get("typ") != kind:
        raise NoteError("the envelope is of another kind")
    return bytes(opened.payload or b"")


def key_id_of(verifier: VerifierKey) -> str:
    """Return how an envelope names its key: the name and id of the log's public key."""
    return f"{verifier.name}+{verifier.id.hex()}"


def _public(verifier: VerifierKey) -> dict[str, str | list[str]]:
    return {"kty": "OKP", "crv": "Ed25519", "x": _encode(verifier.public)}


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
