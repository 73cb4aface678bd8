"""Proofs of inclusion as text: C2SP tlog-proof.

The extra data, which the format leaves to us, is the salt (32 bytes) followed by the entry's body: what the leaf's hash
is made from. A proof of a purged entry carries none. Standard library and `cryptography` only.
"""

from dataclasses import dataclass
from typing import Final

from audit.leaves import SALT_BYTES, commitment
from audit.merkle import HASH_BYTES, ProofError, leaf_hash, root_from_inclusion
from audit.notes import NoteError, TreeHead, VerifierKey, from_base64, open_checkpoint, to_base64

HEADER: Final = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProof:
    """That an entry stands in the log of a checkpoint.

    Attributes:
        index: The place of the leaf.
        path: The hashes from the leaf's sibling to the root's child.
        checkpoint: The signed note, as published.
        salt: The entry's salt, where the entry still exists.
        body: The entry's body, where it still exists.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    salt: bytes | None = None
    body: bytes | None = None

    def text(self) -> str:
        """Write the proof."""
        lines = [HEADER]
        if self.salt is not None and self.body is not None:
            lines.append(f"extra {to_base64(self.salt + self.body)}")
        lines += [f"index {self.index}", *(to_base64(sibling) for sibling in self.path), "", self.checkpoint]
        return "\n".join(lines)

    @classmethod
    def parse(cls, text: str) -> "EntryProof":
        """Read a proof, unverified.

        Raises:
            ProofError: If it is malformed.
        """
        head, separator, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != HEADER:
            raise ProofError("not a proof of this format")
        extra = _decode(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
        if extra is not None and len(extra) <= SALT_BYTES:
            raise ProofError("the extra data is too short")
        index = lines.pop(0).removeprefix("index ") if lines and lines[0].startswith("index ") else ""
        if not index.isascii() or not index.isdigit() or (index != "0" and index.startswith("0")):
            raise ProofError("the index is malformed")
        path = tuple(_decode(line) for line in lines)
        if any(len(sibling) != HASH_BYTES for sibling in path):
            raise ProofError("a hash of the proof is malformed")
        return cls(
            index=int(index), path=path, checkpoint=checkpoint,
            salt=None if extra is None else extra[:SALT_BYTES], body=None if extra is None else extra[SALT_BYTES:],
        )  # fmt: skip


def verify_proof(text: str, verifier: VerifierKey, leaf_data: bytes | None = None) -> tuple[TreeHead, EntryProof]:
    """Check a proof with nothing but the log's public key.

    Args:
        text: The proof.
        verifier: The log's public key.
        leaf_data: The leaf's data, for a proof that carries no entry.

    Returns:
        The checkpoint it leads to, and the proof with its entry.

    Raises:
        ProofError: If it is malformed or does not lead to the checkpoint's root.
        NoteError: If the checkpoint is not signed by the key.
    """
    proof = EntryProof.parse(text)
    head = open_checkpoint(proof.checkpoint, verifier)
    if proof.salt is not None and proof.body is not None:
        data = commitment(proof.salt, proof.body)
        if leaf_data is not None and data != leaf_data:
            raise ProofError("the proof is of another leaf")
    elif leaf_data is not None:
        data = leaf_data
    else:
        raise ProofError("the proof carries no entry, so the leaf has to be given")
    if root_from_inclusion(proof.index, head.size, leaf_hash(data), proof.path) != head.root:
        raise ProofError("the proof does not lead to the root of the checkpoint")
    return head, proof


def _decode(text: str) -> bytes:
    try:
        return from_base64(text)
    except NoteError as error:
        raise ProofError(str(error)) from None
