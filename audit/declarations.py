"""Signed notes that are no checkpoints: that a file which left the house has such a digest.

The log's key signs them, so that whoever holds the log's public key needs no other. Neither kind of note can be taken
for the other: the first line of a declaration is the log's origin with `/kind` behind it, the key signs under that name
(by which a note's signature names its key), and its second line is a reference with letters or hyphens, where a
checkpoint has a number. Standard library and `cryptography` only.
"""

import re
from dataclasses import dataclass
from typing import Final

from audit.notes import NoteError, SigningKey, VerifierKey, open_note

_LINES: Final = 3
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What such a note says.

    Attributes:
        kind: What sort of file it is, in a word.
        reference: What the house calls the file: words or numbers with hyphens between.
        digest: SHA-256, in hexadecimal.
    """

    kind: str
    reference: str
    digest: str

    def sign(self, key: SigningKey) -> str:
        """Return the note, signed by a log's key under the name of the kind.

        Raises:
            NoteError: If the reference could be taken for something else.
        """
        if not _REFERENCE.fullmatch(self.reference):
            raise NoteError("a reference is words or numbers with hyphens between")
        name = _named(key.name, self.kind)
        return SigningKey(name=name, seed=key.seed).sign(f"{name}\n{self.reference}\nsha256:{self.digest}\n")


def key_of_kind(log: VerifierKey, kind: str) -> VerifierKey:
    """Return a log's public key under the name by which it signs files of a kind."""
    return VerifierKey(name=_named(log.name, kind), public=log.public)


def open_declaration(note: str, log: VerifierKey, kind: str) -> Declaration:
    """Return what a note declares, once its signature and kind are checked.

    Raises:
        NoteError: If it is malformed, not signed by this log's key, or of another kind.
    """
    name = _named(log.name, kind)
    lines = open_note(note, [key_of_kind(log, kind)]).split("\n")
    if len(lines) != _LINES + 1 or lines[0] != name or not _REFERENCE.fullmatch(lines[1]):
        raise NoteError("a declaration says what it is of, its reference and its digest")
    digest = _DIGEST.fullmatch(lines[2])
    if digest is None:
        raise NoteError("the digest of a declaration is SHA-256 in hexadecimal")
    return Declaration(kind=kind, reference=lines[1], digest=digest.group(1))


def _named(origin: str, kind: str) -> str:
    return f"{origin}/{kind}"
