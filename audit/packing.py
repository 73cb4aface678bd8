"""The files of a bundle, and what its manifest claims. Standard library only, for the outside verifier uses it.

A bundle comes from outside, so nothing in it is believed: not that it is whole, not that a number is a number.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from audit.leaves import COMMITMENT_BYTES, SALT_BYTES

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
KEY: Final = "verifier-key"
LEAVES: Final = "leaves"
ENTRIES: Final = "entries.tsv"
MEMBERS: Final = (MANIFEST, CHECKPOINT, KEY, LEAVES, ENTRIES)
LONGEST_LINE: Final = 128 * 1024
_LEAVES_AT_ONCE: Final = 4_096
_LOCAL_HEADER: Final = b"PK\x03\x04"
# `zipfile` says RuntimeError of a member that claims to be encrypted or packed in a way it does not know.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


class NotABundleError(Exception):
    """A file or folder that is no bundle at all, so that nothing was checked."""


class BundleDamagedError(Exception):
    """A bundle of which a part is missing or cannot be read."""


class Members:
    """The files of a bundle, zipped or not."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Open the bundle, and read none of its files yet.

        Args:
            path: The zip file, or the folder it was unpacked to.
            stack: Closes what is opened.

        Raises:
            NotABundleError: If it is no bundle.
            BundleDamagedError: If it was one.
            OSError: If it cannot be opened.
        """
        self._stack: Final = stack
        self._folder: Final = path
        self._zip: Final = None if path.is_dir() else _zip_file(path, stack)
        if self._zip is None:
            names = [name for name in MEMBERS if (path / name).exists()]
        else:
            names = [name for name in self._zip.namelist() if name in MEMBERS]
        if not names:
            raise NotABundleError("it is no bundle: it holds none of a bundle's files")
        for name in MEMBERS:
            # Of two files with one name, two programs may read a different one each.
            if names.count(name) > 1:
                raise BundleDamagedError(f"it holds {name} more than once")
        self._names: Final = frozenset(names)

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading.

        Raises:
            BundleDamagedError: If it is not there.
        """
        if name not in self._names:
            raise BundleDamagedError(f"{name} is missing")
        with reading(name):
            if self._zip is None:
                return self._stack.enter_context((self._folder / name).open("rb"))
            return self._stack.enter_context(self._zip.open(name))

    def text(self, name: str) -> str:
        """Read a small file.

        Raises:
            BundleDamagedError: If it is not there, or is no text.
        """
        file = self.open(name)
        with reading(name):
            return file.read(LONGEST_LINE).decode("utf-8")


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Say of a file that cannot be read on which one it is.

    Raises:
        BundleDamagedError: If it cannot.
    """
    try:
        yield
    except _DAMAGED as error:
        raise BundleDamagedError(f"{name} cannot be read on: {_reason(error)}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        origin: Whose log.
        size: How many leaves.
        entries: How many entries are in the bundle.
        complete: Whether those are all that still stand, or a selection.
    """

    origin: str
    size: int
    entries: int
    complete: bool

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Read a manifest.

        Raises:
            BundleDamagedError: If it is malformed, or of a format that is not known.
        """
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            raise BundleDamagedError(f"{MANIFEST} is not JSON") from None
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise BundleDamagedError("its format is not known")
        for name, kind in (("origin", str), ("size", int), ("entries", int), ("complete", bool)):
            # In Python true is a number.
            if type(said.get(name)) is not kind:
                raise BundleDamagedError(f"{MANIFEST} does not say its {name}")
        return cls(origin=said["origin"], size=said["size"], entries=said["entries"], complete=said["complete"])

    def text(self) -> str:
        """Write the manifest."""
        said = {
            "format": FORMAT, "origin": self.origin, "size": self.size, "entries": self.entries,
            "complete": self.complete,
        }  # fmt: skip
        return json.dumps(said, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class PackedEntry:
    """An entry of a bundle."""

    index: int
    salt: bytes
    body: bytes


def packed_entries(file: IO[bytes]) -> Iterator[PackedEntry | str]:
    """Go through the entries of a bundle; of a line that is none, say so instead.

    Raises:
        BundleDamagedError: If they cannot be read on.
    """
    number = 0
    while line := _line(file):
        number += 1
        entry = _entry(line)
        yield f"line {number} of the entries is malformed" if entry is None else entry


def packed_leaves(file: IO[bytes]) -> Iterator[bytes]:
    """Go through the data of the leaves of a bundle.

    Raises:
        BundleDamagedError: If they cannot be read on, or the last is not whole.
    """
    while block := _block(file):
        if len(block) % COMMITMENT_BYTES:
            raise BundleDamagedError(f"{LEAVES} is cut")
        for start in range(0, len(block), COMMITMENT_BYTES):
            yield block[start : start + COMMITMENT_BYTES]


def _entry(line: bytes) -> PackedEntry | None:
    parts = line.rstrip(b"\n").split(b"\t", 2)
    try:
        index, salt, body = int(parts[0]), bytes.fromhex(parts[1].decode("ascii")), parts[2]
    except (ValueError, IndexError):
        return None
    return PackedEntry(index, salt, body) if len(salt) == SALT_BYTES and line.endswith(b"\n") else None


def _line(file: IO[bytes]) -> bytes:
    with reading(ENTRIES):
        return file.readline(LONGEST_LINE)


def _block(file: IO[bytes]) -> bytes:
    with reading(LEAVES):
        return file.read(COMMITMENT_BYTES * _LEAVES_AT_ONCE)


def _zip_file(path: Path, stack: ExitStack) -> zipfile.ZipFile:
    try:
        return stack.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        with path.open("rb") as file:
            if file.read(len(_LOCAL_HEADER)) == _LOCAL_HEADER:
                raise BundleDamagedError("its zip file is cut or damaged") from None
        raise NotABundleError("it is no bundle: neither a zip file nor a folder") from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not text"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is damaged"
