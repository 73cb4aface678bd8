"""Checks an archive with nothing but the log's public key: the note, the manifest it signs, every file that lists.

What the command asks, and what the tests ask. Needs no house: standard library, and the log's notes.
"""

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from audit.declarations import open_declaration
from audit.notes import NoteError, VerifierKey
from governance.errors import Phrase, phrase
from governance.oversight.inspection.manifest import MANIFEST, NOTE, SIGNED_BY, listed_files
from governance.oversight.inspection.values import KIND

_PIECE_BYTES: Final = 256 * 1024
_LONGEST_NOTE: Final = 64 * 1024
_LONGEST_MANIFEST: Final = 64 * 1024 * 1024
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one file of an archive, or with the archive where `path` is empty."""

    path: str
    what: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes:
        reference: What the house that made it calls it; empty where nothing was signed.
        files: How many files are as they were signed.
    """

    reference: str = ""
    files: int = 0
    wrongs: tuple[Wrong, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether every file is as it was signed, and there is no other."""
        return not self.wrongs


def check_archive(file: IO[bytes], key: VerifierKey) -> Checked:
    """Check an archive.

    Args:
        file: The archive.
        key: The log's public key, as its owner gave it to whoever checks: not the one in the archive.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _check(archive, key)
    except zipfile.BadZipFile:
        return _refused("", phrase("it is no ZIP archive, or was cut"))


def _check(archive: zipfile.ZipFile, key: VerifierKey) -> Checked:
    names = Counter(archive.namelist())
    for name in sorted(SIGNED_BY):
        if name not in names:
            return _refused(name, phrase("it is missing: nothing says what the archive held"))
    note, manifest = _read(archive, NOTE, _LONGEST_NOTE), _read(archive, MANIFEST, _LONGEST_MANIFEST)
    try:
        declared = open_declaration(note.decode(), key, KIND)
    except (NoteError, UnicodeDecodeError):
        return _refused(NOTE, phrase("it is not signed by this key"))
    if hashlib.sha256(manifest).hexdigest() != declared.digest:
        return _refused(MANIFEST, phrase("it is not the one that was signed"))
    files = listed_files(manifest)
    if files is None:
        return _refused(MANIFEST, phrase("it is no manifest that this version reads"))
    wrongs = [*_twice(names), *_added(names, files), *_changed(archive, names, files)]
    right = len(files) - len({wrong.path for wrong in wrongs if wrong.path in files})
    return Checked(reference=declared.reference, files=right, wrongs=tuple(wrongs))


def _refused(path: str, what: Phrase) -> Checked:
    return Checked(wrongs=(Wrong(path, what),))


def _read(archive: zipfile.ZipFile, name: str, longest: int) -> bytes:
    """Return what a file holds; nothing of one that is too long or cannot be read, which nothing was signed of."""
    try:
        with archive.open(name) as opened:
            content = opened.read(longest + 1)
    except _UNREADABLE:
        return b""
    return b"" if len(content) > longest else content


def _twice(names: Counter[str]) -> Iterator[Wrong]:
    for name, count in names.items():
        if count > 1:
            yield Wrong(name, phrase("it stands in the archive more than once"))


def _added(names: Counter[str], files: dict[str, tuple[int, str]]) -> Iterator[Wrong]:
    for name in names:
        if name not in files and name not in SIGNED_BY:
            yield Wrong(name, phrase("it was added: the manifest does not list it"))


def _changed(archive: zipfile.ZipFile, names: Counter[str], files: dict[str, tuple[int, str]]) -> Iterator[Wrong]:
    for path, (size, digest) in files.items():
        if path not in names:
            yield Wrong(path, phrase("it is missing"))
        elif not _is_as_signed(archive, path, size, digest):
            yield Wrong(path, phrase("it was changed"))


def _is_as_signed(archive: zipfile.ZipFile, path: str, size: int, digest: str) -> bool:
    hashed, left = hashlib.sha256(), size
    try:
        with archive.open(path) as opened:
            while piece := opened.read(_PIECE_BYTES):
                left -= len(piece)
                if left < 0:
                    return False
                hashed.update(piece)
    except _UNREADABLE:
        return False
    return left == 0 and hashed.hexdigest() == digest
