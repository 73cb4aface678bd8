"""One walk over the log that checks everything: streaming, so that its memory does not grow with the log."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.errors import AnchorUnusableError
from audit.leaves import LeafKey
from audit.live.checkpoints import Checkpoints
from audit.live.rows import LeafRow, Rows
from audit.live.tiles import Derived
from audit.merkle import Frontier, leaf_hash
from audit.notes import NoteError, TreeHead, open_checkpoint
from audit.purges import Purges
from audit.ranges import Ranges
from audit.reading import read_consistently
from audit.rules import differences, standing_rules
from audit.verify import Progress, Report, no_progress
from governance.database import Database

_REPORTED_EVERY: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """What a check of the log needs.

    Attributes:
        database: Where the log lies.
        anchor: The anchor folder.
        leaf_key: The key that attests leaves and head.
        against: An older checkpoint that somebody kept; the log has to extend it.
    """

    database: Database
    anchor: Path
    leaf_key: bytes
    against: str | None = None


def verify_live(check: LiveCheck, progress: Progress = no_progress) -> Report:
    """Check entries against leaves, attestations, tiles, summaries, head, checkpoints and purges.

    A changed byte is found and located. The log may go on growing meanwhile: one state of it is checked.

    Args:
        check: What to check.
        progress: Told from time to time how many leaves of how many are done.
    """
    report = Report()
    anchor = Anchor(check.anchor)
    # The anchor is read before the database, so that the database cannot honestly be behind it.
    upto = _last_size(anchor, report)
    with check.database.read() as session:
        read_consistently(session)
        walk = _Walk(session, LeafKey(check.leaf_key), Checkpoints(session, anchor, upto, report), report)
        walk.expect(_kept(check.against, anchor, report))
        walk.run(progress)
    return report


class _Walk:
    """The walk itself."""

    def __init__(self, session: Session, key: LeafKey, checkpoints: Checkpoints, report: Report) -> None:
        self._session = session
        self._report = report
        self._key = key
        self._rows = Rows(session, key, report)
        self._derived = Derived(session, report)
        self._checkpoints = checkpoints
        self._frontier = Frontier()
        self._kept: TreeHead | None = None
        self._absent = Ranges()
        self._purges = Purges()
        self._present_purged: list[int] = []

    def expect(self, kept: TreeHead | None) -> None:
        """Compare this checkpoint too."""
        self._kept = kept

    def run(self, progress: Progress) -> None:
        """Walk."""
        total = self._session.connection().exec_driver_sql("SELECT max(leaf_index) + 1 FROM audit_leaf").scalar() or 0
        self._compare()
        for row in self._rows.leaves():
            self._take(row)
            if row.index % _REPORTED_EVERY == 0:
                progress(self._frontier.size, total)
        self._finish()
        progress(self._frontier.size, total)

    def _take(self, row: LeafRow) -> None:
        expected = self._frontier.size
        if row.index < expected:
            self._report.find("leaf", "it stands where no leaf can stand", row.index)
            return
        if row.index > expected:
            self._report.find("leaf", f"{expected} to {row.index - 1} are missing", expected)
            # What stands in the gap is unknown, so no root from here on can be right: the walk goes on for the rest.
            while self._frontier.size < row.index:
                _fill(self._frontier, row.index)
        attested = self._rows.check_leaf(row)
        body = self._rows.check_entry(row)
        if row.entry is None:
            self._absent.add(row.index, row.index)
            self._report.absent += 1
        else:
            self._report.entries += 1
        if body is not None and attested:
            for what in self._purges.take(row.index, body):
                self._report.find("purge", what, row.index)
        hashed = leaf_hash(row.data if isinstance(row.data, bytes) else b"")
        self._derived.add(row.index, hashed, body)
        self._frontier.append(hashed)
        self._compare()

    def _compare(self) -> None:
        self._checkpoints.compare(self._frontier)
        kept = self._kept
        if kept is not None and kept.size == self._frontier.size and kept.root != self._frontier.root():
            self._report.find("checkpoint", f"the first {kept.size} entries are not those of the checkpoint kept")

    def _finish(self) -> None:
        size = self._frontier.size
        self._report.size = size
        self._checkpoints.finish(size)
        if self._kept is not None and self._kept.size > size:
            self._report.find("checkpoint", f"the checkpoint kept has {self._kept.size} entries: the log was set back")
        self._derived.check_counts(size)
        self._derived.check_head(self._frontier, self._key)
        self._check_rules()
        for first, last in self._absent.minus(self._purges.ranges):
            self._report.find("entry", f"{first} to {last} are missing and no purge names them", first)
        for first, last in self._purges.ranges.minus(self._absent):
            self._report.find("purge", f"{first} to {last} were purged and stand here again", first)

    def _check_rules(self) -> None:
        """Compare the retention rules with those that the log recorded last."""
        for what in differences(self._purges.rules or (), standing_rules(self._session)):
            self._report.find("retention", what, self._purges.rules_at)


def _fill(frontier: Frontier, end: int) -> None:
    """Grow by the largest subtree that fits, as if it were empty."""
    level = (frontier.size & -frontier.size).bit_length() - 1 if frontier.size else end.bit_length()
    while frontier.size + (1 << level) > end:
        level -= 1
    frontier.append_subtree(level, bytes(32))


def _last_size(anchor: Anchor, report: Report) -> int:
    try:
        last = anchor.last()
    except AnchorUnusableError as error:
        report.find("anchor", f"{error.file}: {error.reason}")
        # Read what can be read: the history says where it breaks.
        return 2**63
    return 0 if last is None else last[1].size


def _kept(note: str | None, anchor: Anchor, report: Report) -> TreeHead | None:
    if note is None:
        return None
    try:
        return open_checkpoint(note, anchor.verifier)
    except NoteError as error:
        report.find("checkpoint", f"the one kept: {error}")
        return None
