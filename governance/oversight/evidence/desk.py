"""What the library works with, and how a file comes into it: counted, digested, sealed, looked at, or destroyed."""

import hashlib
from dataclasses import dataclass, field
from typing import IO, Any, Final, cast

from governance.customers.house import House
from governance.oversight.errors import DocumentTooLargeError, FileKindError
from governance.oversight.evidence.kinds import kind_of
from governance.oversight.values.evidence import MOST_BYTES, FileKind, FileTold
from governance.vault.sealed_store import SealedStore

FOLDER: Final = "evidence"


@dataclass(frozen=True, slots=True)
class EvidenceDesk:
    """The house, and the sealed files of the library."""

    house: House = field(repr=False)
    store: SealedStore = field(repr=False)

    @classmethod
    def of(cls, house: House) -> "EvidenceDesk":
        """Return the desk of a house."""
        return cls(house, SealedStore(house.settings.home / FOLDER, house.keyring, FOLDER))


def bring_in(desk: EvidenceDesk, source: IO[bytes]) -> FileTold:
    """Seal a file under a new identifier, and say what it is.

    Raises:
        DocumentTooLargeError: If it is too long.
        FileBrokenError: If it lacks its end.
        FileKindError: If it is empty, or of no kind that is kept; then nothing of it is.
    """
    version_id = desk.house.ids.new()
    counted = _Counted(source)
    try:
        size = desk.store.keep(version_id, cast("IO[bytes]", counted))
        with desk.store.open(version_id) as copy:
            kind = _kept_kind(copy)
    except BaseException:
        desk.store.destroy(version_id)
        raise
    return FileTold(version_id=version_id, kind=kind, size=size, digest=counted.digest)


def _kept_kind(copy: IO[bytes]) -> FileKind:
    kind = kind_of(copy)
    if kind is None:
        raise FileKindError
    return kind


class _Counted:
    """A source that is counted and digested while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source: Final = source
        self._hash: Final[Any] = hashlib.sha256()
        self._left = MOST_BYTES

    @property
    def digest(self) -> bytes:
        digest: bytes = self._hash.digest()
        return digest

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(piece)
        if self._left < 0:
            raise DocumentTooLargeError(limit=MOST_BYTES)
        self._hash.update(piece)
        return piece
