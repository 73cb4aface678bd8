"""Checks an exported log with the public key alone.

A bundle is a zip file, or the folder it unpacks to, with

- `manifest.json`: `{"format": 1, "origin": ..., "size": ..., "entries": ..., "complete": true or false}`;
- `checkpoint`: the signed note;
- `verifier-key`: the log's public key, for convenience: take the one you were given instead;
- `leaves`: the data of every leaf, 32 bytes each, in order;
- `entries.tsv`: for each exported entry its index, its salt in hexadecimal and its body, between tabs.

This module needs the standard library and `cryptography` only: `python -m audit.verify BUNDLE [KEY]`. It reads the
bundle as a stream, so its memory does not grow with the log.
"""

import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from audit.leaves import COMMITMENT_BYTES, SALT_BYTES, commitment
from audit.merkle import Frontier, leaf_hash
from audit.notes import NoteError, VerifierKey, open_checkpoint
from audit.ranges import Ranges

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
KEY: Final = "verifier-key"
LEAVES: Final = "leaves"
ENTRIES: Final = "entries.tsv"
# Findings beyond these are counted, not kept: a log that was rewritten has as many as it has entries.
KEPT_FINDINGS: Final = 1_000
_LONGEST_LINE: Final = 128 * 1024
_LEAVES_AT_ONCE: Final = 4_096
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was written.

    Attributes:
        index: The entry it was found at, where it belongs to one.
        part: What differs: `entry`, `leaf`, `tile`, `head`, `checkpoint`, `anchor`, `purge`, `bundle`...
        what: In words.
    """

    index: int | None
    part: str
    what: str

    def __str__(self) -> str:
        return f"{self.part}: {self.what}" if self.index is None else f"entry {self.index}: {self.part}: {self.what}"


@dataclass(slots=True, kw_only=True)
class Report:
    """What a check found.

    Attributes:
        size: How many leaves the log has.
        entries: How many entries were checked against their leaves.
        absent: How many entries are not there: purged, or not part of the selection.
        signed: The size of the newest checkpoint that was checked.
        findings: What differs, the first thousand.
        found: How many differences there are in all.
    """

    size: int = 0
    entries: int = 0
    absent: int = 0
    signed: int = 0
    findings: list[Finding] = field(default_factory=list)
    found: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing differs."""
        return not self.found

    def find(self, part: str, what: str, index: int | None = None) -> None:
        """Add a finding."""
        self.found += 1
        if len(self.findings) < KEPT_FINDINGS:
            self.findings.append(Finding(index=index, part=part, what=what))


def no_progress(_done: int, _of: int) -> None:
    """Tell nobody how far the check has come."""


def verify_bundle(
    path: Path, key: VerifierKey | None = None, against: str | None = None, progress: Progress = no_progress
) -> Report:
    """Check a bundle: every entry against its leaf, all leaves against the signed checkpoint.

    Args:
        path: The zip file, or the folder it was unpacked to.
        key: The log's public key, as it was given to the auditor; the bundle's own where None.
        against: An older checkpoint that the auditor kept; the log has to extend it.
        progress: Told from time to time how many leaves of how many are done.
    """
    report = Report()
    with ExitStack() as stack:
        try:
            members = _Members(path, stack)
            check = _Check(members, key, against, report)
            for done in check.steps():
                progress(done, check.head.size)
        except _Unusable as error:
            report.find("bundle", str(error))
        except _DAMAGED as error:
            report.find("bundle", f"it cannot be read on: {type(error).__name__}", report.entries + report.absent)
    return report


class _Unusable(Exception):  # noqa: N818 -- never leaves this module
    """A bundle that cannot be checked at all."""


class _Members:
    """The files of a bundle, zipped or not."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._folder = path
        self._zip = None if path.is_dir() else stack.enter_context(zipfile.ZipFile(path))

    def open(self, name: str) -> IO[bytes]:
        """Open one of them for reading."""
        if self._zip is None:
            return self._stack.enter_context((self._folder / name).open("rb"))
        return self._stack.enter_context(self._zip.open(name))

    def text(self, name: str) -> str:
        """Read a small one."""
        return self.open(name).read(_LONGEST_LINE).decode("utf-8")


class _Check:
    """One run over a bundle."""

    def __init__(self, members: _Members, key: VerifierKey | None, against: str | None, report: Report) -> None:
        self._members = members
        self._report = report
        manifest = json.loads(members.text(MANIFEST))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise _Unusable("its format is not known")
        self._complete = manifest.get("complete") is True
        try:
            verifier = VerifierKey.parse(members.text(KEY)) if key is None else key
            self.head = open_checkpoint(members.text(CHECKPOINT), verifier)
            self._older = None if against is None else open_checkpoint(against, verifier)
        except NoteError as error:
            raise _Unusable(f"its checkpoint: {error}") from None
        report.signed = self.head.size

    def steps(self) -> Iterator[int]:
        """Go through the bundle, saying from time to time how many leaves are done."""
        frontier = Frontier()
        self._compare_older(frontier)
        entries = _entries(self._members.open(ENTRIES), self._report)
        entry = next(entries, None)
        absent, purged = Ranges(), Ranges()
        for index, data in enumerate(_leaves(self._members.open(LEAVES))):
            frontier.append(leaf_hash(data))
            self._compare_older(frontier)
            while entry is not None and entry.index < index:
                self._report.find("entry", "it stands out of its order", entry.index)
                entry = next(entries, None)
            if entry is not None and entry.index == index:
                self._check_entry(entry, data, purged)
                entry = next(entries, None)
            else:
                absent.add(index, index)
                self._report.absent += 1
            if frontier.size % _LEAVES_AT_ONCE == 0:
                yield frontier.size
        while entry is not None:
            self._report.find("entry", "it has no leaf", entry.index)
            entry = next(entries, None)
        self._report.size = frontier.size
        self._finish(frontier, absent, purged)
        yield frontier.size

    def _check_entry(self, entry: "_Entry", data: bytes, purged: Ranges) -> None:
        self._report.entries += 1
        if commitment(entry.salt, entry.body) != data:
            self._report.find("entry", "body or salt are not what the leaf commits to", entry.index)
        else:
            add_purged(purged, entry.index, entry.body)

    def _compare_older(self, frontier: Frontier) -> None:
        older = self._older
        if older is not None and older.size == frontier.size and older.root != frontier.root():
            self._report.find("checkpoint", f"the first {older.size} leaves are not those of the checkpoint kept")

    def _finish(self, frontier: Frontier, absent: Ranges, purged: Ranges) -> None:
        if frontier.size != self.head.size:
            self._report.find("leaf", f"{frontier.size} leaves, the checkpoint has {self.head.size}")
        elif frontier.root() != self.head.root:
            self._report.find("leaf", "the leaves do not lead to the root of the checkpoint")
        if self._older is not None and self._older.size > frontier.size:
            self._report.find("checkpoint", f"the checkpoint kept has {self._older.size} entries: the log was set back")
        if self._complete:
            for first, last in absent.minus(purged):
                self._report.find("entry", f"{first} to {last} are missing and no purge names them", first)


@dataclass(frozen=True, slots=True)
class _Entry:
    index: int
    salt: bytes
    body: bytes


def _entries(file: IO[bytes], report: Report) -> Iterator[_Entry]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        parts = line.rstrip(b"\n").split(b"\t", 2)
        try:
            index, salt, body = int(parts[0]), bytes.fromhex(parts[1].decode("ascii")), parts[2]
        except (ValueError, IndexError):
            report.find("bundle", f"line {number} of the entries is malformed")
            continue
        if len(salt) != SALT_BYTES or not line.endswith(b"\n"):
            report.find("bundle", f"line {number} of the entries is malformed", index)
            continue
        yield _Entry(index, salt, body)


def _leaves(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(COMMITMENT_BYTES * _LEAVES_AT_ONCE):
        if len(block) % COMMITMENT_BYTES:
            raise _Unusable("its leaves are cut")
        for start in range(0, len(block), COMMITMENT_BYTES):
            yield block[start : start + COMMITMENT_BYTES]


def add_purged(purged: Ranges, index: int, body: bytes) -> None:
    """Add the ranges that an entry names as purged, where it is the entry of a purge, and older than itself."""
    if b'"action":"purge"' not in body:
        return
    for first, last in json.loads(body)["details"].get("ranges", []):
        if first <= last < index:
            purged.add(first, last)


def main(arguments: list[str]) -> int:
    """Check a bundle from a terminal; 0 where nothing differs."""
    if len(arguments) not in {1, 2}:
        sys.stderr.write("usage: python -m audit.verify BUNDLE [VERIFIER-KEY-FILE]\n")
        return 2
    key = VerifierKey.parse(Path(arguments[1]).read_text("utf-8")) if arguments[1:] else None
    report = verify_bundle(Path(arguments[0]), key)
    for finding in report.findings:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write(f"{report.size} leaves, {report.entries} entries checked, {report.found} differences\n")
    return 0 if report.intact else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
