"""Checks an exported log with the public key alone.

A bundle is a zip file, or the folder it unpacks to, with

- `manifest.json`: `{"format": 1, "origin": ..., "size": ..., "entries": ..., "complete": true or false}`;
- `checkpoint`: the signed note;
- `verifier-key`: the log's public key, for convenience: take the one you were given instead;
- `leaves`: the data of every leaf, 32 bytes each, in order;
- `entries.tsv`: for each exported entry its index, its salt in hexadecimal and its body, between tabs.

Without a key from elsewhere a bundle can only be found to agree with itself: whoever changed it may have signed it anew
with a key of their own, and put that key inside.

This module needs the standard library and `cryptography` only: `python -m audit.verify BUNDLE [KEY]`. It reads the
bundle as a stream, so its memory does not grow with the log.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from audit.leaves import commitment
from audit.merkle import Frontier, leaf_hash
from audit.notes import NoteError, TreeHead, VerifierKey, open_checkpoint
from audit.packing import (
    CHECKPOINT,
    ENTRIES,
    KEY,
    LEAVES,
    MANIFEST,
    BundleDamagedError,
    Manifest,
    Members,
    NotABundleError,
    PackedEntry,
    packed_entries,
    packed_leaves,
)
from audit.purges import Purges
from audit.ranges import Ranges

# Findings beyond these are counted, not kept: a log that was rewritten has as many as it has entries.
KEPT_FINDINGS: Final = 1_000
# How a check ends; 2 is wrong usage.
INTACT: Final = 0
NOT_INTACT: Final = 1
OF_UNKNOWN_ORIGIN: Final = 3
_REPORTED_EVERY: Final = 4_096

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
        complete: Whether every entry that still stands was to be checked, or a selection of them.
        untrusted_key: The bundle's own key, where no other was given and so nobody vouches for it.
        findings: What differs, the first thousand.
        found: How many differences there are in all.
    """

    size: int = 0
    entries: int = 0
    absent: int = 0
    signed: int = 0
    complete: bool = True
    untrusted_key: VerifierKey | None = None
    findings: list[Finding] = field(default_factory=list)
    found: int = 0

    @property
    def consistent(self) -> bool:
        """Whether nothing differs, whoever signed it."""
        return not self.found

    @property
    def intact(self) -> bool:
        """Whether nothing differs from what was signed with the log's key."""
        return self.consistent and self.untrusted_key is None

    @property
    def status(self) -> int:
        """The exit status of a program that checked: `INTACT`, `NOT_INTACT` or `OF_UNKNOWN_ORIGIN`."""
        if not self.consistent:
            return NOT_INTACT
        return INTACT if self.intact else OF_UNKNOWN_ORIGIN

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
        key: The log's public key, as it was given to the auditor. Where None, the bundle's own is used, and the report
            says that nobody vouches for it.
        against: An older checkpoint that the auditor kept; the log has to extend it.
        progress: Told from time to time how many leaves of how many are done.

    Raises:
        NotABundleError: If it is no bundle at all.
        OSError: If it cannot be opened.
    """
    report = Report()
    with ExitStack() as stack:
        try:
            check = _Check(Members(path, stack), key, report)
            check.expect(against)
            for done in check.steps():
                progress(done, check.head.size)
        except BundleDamagedError as error:
            report.find("bundle", str(error))
    return report


class _Check:
    """One run over a bundle."""

    def __init__(self, members: Members, key: VerifierKey | None, report: Report) -> None:
        self._members = members
        self._report = report
        self._older: TreeHead | None = None
        self._absent = Ranges()
        self._purges = Purges()
        self._manifest = Manifest.parse(members.text(MANIFEST))
        report.complete = self._manifest.complete
        try:
            self._verifier = VerifierKey.parse(members.text(KEY))
        except NoteError as error:
            raise BundleDamagedError(f"{KEY}: {error}") from None
        if key is None:
            report.untrusted_key = self._verifier
        elif key != self._verifier:
            report.find("bundle", f"{KEY} is not the key that the bundle is checked with")
            self._verifier = key
        try:
            self.head = open_checkpoint(members.text(CHECKPOINT), self._verifier)
        except NoteError as error:
            raise BundleDamagedError(f"{CHECKPOINT}: {error}") from None
        report.signed = self.head.size
        self._compare_manifest("origin", self._manifest.origin, self.head.origin, "the checkpoint")
        self._compare_manifest("size", self._manifest.size, self.head.size, "the checkpoint")

    def expect(self, against: str | None) -> None:
        """Compare with a checkpoint that was kept, too."""
        if against is None:
            return
        try:
            self._older = open_checkpoint(against, self._verifier)
        except NoteError as error:
            self._report.find("checkpoint", f"the one kept: {error}")

    def steps(self) -> Iterator[int]:
        """Go through the bundle, saying from time to time how many leaves are done."""
        frontier = Frontier()
        self._compare_older(frontier)
        entries = self._entries()
        entry = next(entries, None)
        for index, data in enumerate(packed_leaves(self._members.open(LEAVES))):
            frontier.append(leaf_hash(data))
            self._compare_older(frontier)
            while entry is not None and entry.index < index:
                self._report.find("entry", "it stands out of its order", entry.index)
                entry = next(entries, None)
            if entry is not None and entry.index == index:
                self._check_entry(entry, data)
                entry = next(entries, None)
            else:
                self._absent.add(index, index)
                self._report.absent += 1
            if frontier.size % _REPORTED_EVERY == 0:
                yield frontier.size
        while entry is not None:
            self._report.find("entry", "it has no leaf", entry.index)
            entry = next(entries, None)
        self._report.size = frontier.size
        self._finish(frontier)
        yield frontier.size

    def _entries(self) -> Iterator[PackedEntry]:
        count = 0
        for entry in packed_entries(self._members.open(ENTRIES)):
            count += 1
            if isinstance(entry, str):
                self._report.find("bundle", entry)
            else:
                yield entry
        self._compare_manifest("entries", self._manifest.entries, count, "the bundle")

    def _check_entry(self, entry: PackedEntry, data: bytes) -> None:
        self._report.entries += 1
        if commitment(entry.salt, entry.body) != data:
            self._report.find("entry", "body or salt are not what the leaf commits to", entry.index)
            return
        wrong = self._purges.take(entry.index, entry.body)
        # A selection may lack the rules, and then a purge in it cannot be judged.
        for what in wrong if self._manifest.complete else ():
            self._report.find("purge", what, entry.index)

    def _compare_manifest(self, name: str, said: object, found: object, where: str) -> None:
        if said != found:
            self._report.find("bundle", f"{MANIFEST} says {name} {said!r}, {where} has {found!r}")

    def _compare_older(self, frontier: Frontier) -> None:
        older = self._older
        if older is not None and older.size == frontier.size and older.root != frontier.root():
            self._report.find("checkpoint", f"the first {older.size} leaves are not those of the checkpoint kept")

    def _finish(self, frontier: Frontier) -> None:
        if frontier.size != self.head.size:
            self._report.find("leaf", f"{frontier.size} leaves, the checkpoint has {self.head.size}")
        elif frontier.root() != self.head.root:
            self._report.find("leaf", "the leaves do not lead to the root of the checkpoint")
        if self._older is not None and self._older.size > frontier.size:
            self._report.find("checkpoint", f"the checkpoint kept has {self._older.size} entries: the log was set back")
        if self._manifest.complete:
            for first, last in self._absent.minus(self._purges.ranges):
                self._report.find("entry", f"{first} to {last} are missing and no purge names them", first)


def main(arguments: list[str]) -> int:
    """Check a bundle from a terminal.

    Returns:
        0 where it is intact, 1 where it is not or cannot be checked, 2 for wrong usage, 3 where it agrees with itself
        and no key was given to tell whose it is.
    """
    if len(arguments) not in {1, 2}:
        sys.stderr.write("usage: python -m audit.verify BUNDLE [VERIFIER-KEY-FILE]\n")
        return 2
    try:
        key = VerifierKey.parse(Path(arguments[1]).read_text("utf-8")) if arguments[1:] else None
        report = verify_bundle(Path(arguments[0]), key)
    except (NotABundleError, NoteError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"nothing was checked: {error}\n")
        return NOT_INTACT
    for finding in report.findings:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write(f"{report.size} leaves, {report.entries} entries checked, {report.found} differences\n")
    if not report.complete:
        sys.stdout.write(f"a selection: {report.absent} entries are not in it\n")
    if report.untrusted_key is not None:
        sys.stdout.write(f"checked with the bundle's own key only: is {report.untrusted_key} the key of the log?\n")
    return report.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
