"""Checkpoints: each that was ever published has to be a state this log went through."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.errors import AnchorUnusableError
from audit.merkle import Frontier
from audit.notes import TreeHead
from audit.verify import Report

_COPIES: Final = text("SELECT size, note FROM audit_checkpoint WHERE size > :after ORDER BY size LIMIT :count")
_AT_ONCE: Final = 500


class Checkpoints:
    """Compares published checkpoints while the leaves go by."""

    def __init__(self, session: Session, anchor: Anchor, upto: int, report: Report) -> None:
        """Read the first.

        Args:
            session: The session in which the log is read.
            anchor: The anchor.
            upto: The size of the newest checkpoint at the time the session began; later ones are not compared.
            report: Where findings go.
        """
        self._session: Final = session
        self._report: Final = report
        self._upto: Final = upto
        self._anchor: Final = anchor
        self._history: Final = anchor.history()
        self._copies: Final = self._read_copies()
        self._copy = next(self._copies, None)
        self._differs = False
        self._next: TreeHead | None = None
        self._advance()

    def compare(self, frontier: Frontier) -> None:
        """Compare the checkpoint of this size, where there is one."""
        due = self._next
        if due is None or due.size != frontier.size:
            return
        self._report.signed = due.size
        if not self._differs and due.root != frontier.root():
            # Every later one differs with it, and would only say so again.
            self._differs = True
            self._report.find(
                "checkpoint", f"the first {due.size} entries are not those that were signed, nor any later checkpoint's"
            )
        self._advance()

    def finish(self, size: int) -> None:
        """Report the checkpoints that the log does not reach, and copies that the anchor does not know."""
        if self._next is not None:
            self._report.find(
                "anchor", f"a checkpoint of {self._next.size} entries was published, the log has {size}", size
            )
        known = self._upto if self._copy is None else self._published_now()
        while self._copy is not None:
            if self._copy[0] <= self._upto or self._copy[0] > known:
                self._report.find("checkpoint", f"the copy of size {self._copy[0]} is not in the anchor")
            self._copy = next(self._copies, None)

    def _published_now(self) -> int:
        """Return the size of what is published by now: a copy may be newer than the first look at the anchor."""
        with suppress(AnchorUnusableError):
            last = self._anchor.last()
            return 0 if last is None else last[1].size
        return self._upto

    def _advance(self) -> None:
        try:
            note, head = next(self._history, ("", None))
        except AnchorUnusableError as error:
            self._report.find("anchor", f"{error.file}: {error.reason}")
            note, head = "", None
        self._next = None if head is None or head.size > self._upto else head
        if self._next is None:
            return
        while self._copy is not None and self._copy[0] < self._next.size:
            self._report.find("checkpoint", f"the copy of size {self._copy[0]} is not in the anchor")
            self._copy = next(self._copies, None)
        if self._copy is not None and self._copy[0] == self._next.size:
            if self._copy[1] != note:
                self._report.find("checkpoint", f"the copy of size {self._next.size} is not what was published")
            self._copy = next(self._copies, None)

    def _read_copies(self) -> Iterator[tuple[int, object]]:
        after = -1
        while rows := self._session.execute(_COPIES, {"after": after, "count": _AT_ONCE}).all():
            yield from ((row.size, row.note) for row in rows)
            after = rows[-1].size
