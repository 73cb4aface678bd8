"""The anchor: the signing key and the history of published checkpoints, outside the database.

Whoever rewrites the database cannot rewrite this folder unseen, as long as it lies elsewhere. It holds

- `signing-key` (0600), the private key;
- `verifier-key`, the public key, to be given to auditors;
- `checkpoints`, every published note, one after the other, each followed by an empty line; only ever added to.

A checkpoint counts as published once it is on the disk. What a crash left half written was never published and is
dropped by the next signer.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.errors import AnchorExistsError, AnchorUnusableError
from audit.notes import NoteError, SigningKey, TreeHead, VerifierKey, check_name, open_checkpoint
from governance.errors import phrase

SIGNING_KEY: Final = "signing-key"
VERIFIER_KEY: Final = "verifier-key"
CHECKPOINTS: Final = "checkpoints"
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_BLOCK: Final = 64 * 1024
_END: Final = b"\n\n"
_DASH: Final = "\u2014 ".encode()


class Anchor:
    """An anchor folder."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet."""
        self._folder: Final = folder

    @property
    def verifier(self) -> VerifierKey:
        """The log's public key; its name is the origin of the log.

        Raises:
            AnchorUnusableError: If it cannot be read.
        """
        try:
            return VerifierKey.parse(self._read(VERIFIER_KEY))
        except NoteError as error:
            raise AnchorUnusableError(file=VERIFIER_KEY, reason=str(error)) from None

    def signing_key(self) -> SigningKey:
        """Read the private key.

        Raises:
            AnchorUnusableError: If it cannot be read, others may read it, or it is not that of the public key.
        """
        path = self._folder / SIGNING_KEY
        try:
            key = SigningKey.parse(self._read(SIGNING_KEY))
        except NoteError as error:
            raise AnchorUnusableError(file=SIGNING_KEY, reason=str(error)) from None
        if path.stat().st_mode & 0o077:
            raise AnchorUnusableError(file=SIGNING_KEY, reason=phrase("others than its owner may read it"))
        if key.verifier != self.verifier:
            raise AnchorUnusableError(file=SIGNING_KEY, reason=phrase("it is not the key that auditors were given"))
        return key

    def last(self) -> tuple[str, TreeHead] | None:
        """Return the last published checkpoint, as a note and as what it says.

        Raises:
            AnchorUnusableError: If the file is unreadable, or the note is not signed by the log's key.
        """
        with self._open("rb") as file:
            found = _last_record(file)
            if found is None:
                return None
            start, end = found
            file.seek(start)
            note = _decoded(file.read(end - start - 1))
        return note, self._opened(note, "the last one")

    def history(self) -> Iterator[tuple[str, TreeHead]]:
        """Go through every published checkpoint, from the first.

        Raises:
            AnchorUnusableError: If one is malformed, not signed by the log's key, or smaller than the one before.
        """
        size = 0
        with self._open("rb") as file:
            for number, note in enumerate(_notes(file), start=1):
                head = self._opened(note, f"number {number}")
                if head.size < size:
                    raise AnchorUnusableError(
                        file=CHECKPOINTS, reason=phrase("number {number} is smaller than the one before", number=number)
                    )
                size = head.size
                yield note, head

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other signer in until the block ends.

        Raises:
            AnchorUnusableError: If the folder cannot be used.
        """
        with self._open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def publish(self, note: str) -> None:
        """Put a checkpoint behind the others; when this returns it is on the disk. Call it within `locked`.

        Raises:
            AnchorUnusableError: If it cannot be written.
        """
        try:
            with self._open("r+b") as file:
                found = _last_record(file)
                file.truncate(0 if found is None else found[1])
                file.seek(0, os.SEEK_END)
                file.write(note.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise AnchorUnusableError(file=CHECKPOINTS, reason=error.strerror or phrase("not written")) from None

    def _opened(self, note: str, which: str) -> TreeHead:
        try:
            return open_checkpoint(note, self.verifier)
        except NoteError as error:
            raise AnchorUnusableError(file=CHECKPOINTS, reason=f"{which}: {error}") from None

    def _read(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AnchorUnusableError(file=name, reason=type(error).__name__) from None

    def _open(self, mode: str) -> BinaryIO:
        try:
            return (self._folder / CHECKPOINTS).open(mode)  # type: ignore[return-value] # the mode is binary
        except OSError as error:
            raise AnchorUnusableError(file=CHECKPOINTS, reason=error.strerror or phrase("not readable")) from None


def _last_record(file: BinaryIO) -> tuple[int, int] | None:
    """Return where the last whole note starts, and where it ends with its empty line."""
    offset = file.seek(0, os.SEEK_END)
    tail = b""
    while offset:
        step = min(_BLOCK, offset)
        offset = file.seek(offset - step)
        tail = file.read(step) + tail
        end = tail.rfind(_END)
        while end >= 0:
            signatures = tail.rfind(_END, 0, end)
            if signatures >= 0 and tail.startswith(_DASH, signatures + len(_END)):
                before = tail.rfind(_END, 0, signatures)
                if before >= 0 or offset == 0:
                    return offset + (before + len(_END) if before >= 0 else 0), offset + end + len(_END)
            end = signatures
    return None


def _notes(file: BinaryIO) -> Iterator[str]:
    """Go through the whole notes of the file; what is half written at its end is none."""
    lines: list[bytes] = []
    empty = 0
    for line in file:
        if line != b"\n":
            lines.append(line)
            continue
        empty += 1
        if empty == 1:
            lines.append(line)
        else:
            yield _decoded(b"".join(lines))
            lines.clear()
            empty = 0


def _decoded(note: bytes) -> str:
    try:
        return note.decode("utf-8")
    except UnicodeDecodeError:
        raise AnchorUnusableError(file=CHECKPOINTS, reason=phrase("it is not text")) from None


def create(folder: Path, origin: str) -> Anchor:
    """Make an anchor with a new signing key.

    Args:
        folder: Where; made if need be, and closed to others.
        origin: The name of the log, for ever: a schema-less URL such as `example.com/log`.

    Raises:
        AnchorExistsError: If there is one already.
        AnchorUnusableError: If the origin cannot be the name of a log, or the folder cannot be written.
    """
    try:
        check_name(origin)
    except NoteError as error:
        raise AnchorUnusableError(file="origin", reason=str(error)) from None
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    key = SigningKey(name=origin, seed=seed)
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(_FOLDER_MODE)
        _write_new(folder / SIGNING_KEY, f"{key.encode()}\n")
        _write_new(folder / VERIFIER_KEY, f"{key.verifier}\n")
        _write_new(folder / CHECKPOINTS, "")
        _sync_folder(folder)
    except FileExistsError:
        raise AnchorExistsError from None
    except OSError as error:
        raise AnchorUnusableError(file=folder.name, reason=error.strerror or phrase("not writable")) from None
    return Anchor(folder)


def _write_new(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
