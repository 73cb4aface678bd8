"""Leaves and entries as the database holds them, read raw: what a hand changed may not even have the right type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.entries import Action, Outcome, Retention
from audit.leaves import LeafKey, commitment
from audit.verify import Report
from governance.clock import to_microseconds
from governance.vocabulary import Coded

# The columns beside the body, in the order in which they are read; each repeats something the body says.
COLUMNS: Final = ("id", "at", "retention", "action", "outcome", "actor_id", "object_type", "object_id", "purpose")
_LEAVES: Final = text(
    "SELECT leaf_index, entry_id, data, mac FROM audit_leaf WHERE leaf_index >= :start ORDER BY leaf_index LIMIT :count"
)
_ENTRIES: Final = text(
    f"SELECT leaf_index, body, salt, {', '.join(COLUMNS)} FROM audit_entry "  # noqa: S608
    "WHERE leaf_index >= :start AND leaf_index < :end ORDER BY leaf_index"
)
_BEYOND: Final = text("SELECT leaf_index FROM audit_entry WHERE leaf_index >= :start ORDER BY leaf_index LIMIT :count")
_AT_ONCE: Final = 2_000
_LOWEST: Final = -(2**63)
_CODES: Final[Mapping[type[Coded], Mapping[str, int]]] = {
    words: {m.value: m.code for m in words} for words in (Action, Outcome, Retention)
}


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A leaf as it stands, and the entry beside it."""

    index: int
    entry_id: Any
    data: Any
    mac: Any
    entry: tuple[Any, ...] | None


class Rows:
    """Reads leaves with their entries, and checks each by itself."""

    def __init__(self, session: Session, key: LeafKey, report: Report) -> None:
        """Read nothing yet.

        Args:
            session: A session whose reads agree with one another.
            key: The key that attests leaves.
            report: Where findings go.
        """
        self._session: Final = session
        self._key: Final = key
        self._report: Final = report
        self._sqlite: Final = session.get_bind().dialect.name == "sqlite"

    def leaves(self) -> Iterator[LeafRow]:
        """Go through every leaf in order, reporting entries that have none."""
        start = _LOWEST
        while leaves := self._session.execute(_LEAVES, {"start": start, "count": _AT_ONCE}).all():
            end = leaves[-1][0] + 1
            entries = {row[0]: tuple(row) for row in self._session.execute(_ENTRIES, {"start": start, "end": end})}
            for index, entry_id, data, mac in leaves:
                yield LeafRow(index, entry_id, data, mac, entries.pop(index, None))
            for index in entries:
                self._report.find("entry", "it has no leaf", index)
            start = end
        while beyond := self._session.scalars(_BEYOND, {"start": start, "count": _AT_ONCE}).all():
            for index in beyond:
                self._report.find("entry", "it has no leaf", index)
            start = beyond[-1] + 1

    def check_leaf(self, row: LeafRow) -> bool:
        """Check that the leaf is attested in its place."""
        entry_id = _uuid(row.entry_id)
        if entry_id is None or not isinstance(row.data, bytes):
            self._report.find("leaf", "its data or its entry's id is not of its type", row.index)
            return False
        if row.mac != self._key.leaf_mac(row.index, entry_id, row.data):
            self._report.find("leaf", "data, id or attestation are not what was written here", row.index)
            return False
        return True

    def check_entry(self, row: LeafRow) -> bytes | None:
        """Check the entry against its leaf and its columns against its body; return the body where it is intact."""
        if row.entry is None:
            return None
        body, salt = row.entry[1], row.entry[2]
        if not isinstance(body, bytes) or not isinstance(salt, bytes) or commitment(salt, body) != row.data:
            self._report.find("entry", "body or salt are not what the leaf commits to", row.index)
            return None
        try:
            expected = self._columns(orjson.loads(body))
        except (KeyError, TypeError, ValueError):
            self._report.find("entry", "the body is not that of an entry", row.index)
            return None
        for column, got, wanted in zip(COLUMNS, row.entry[3:], expected, strict=True):
            if got != wanted or type(got) is not type(wanted):
                self._report.find("entry", f"the column {column} does not say what the body says", row.index)
        if row.entry_id != expected[0]:
            self._report.find("leaf", "it names another entry", row.index)
        return body

    def _columns(self, said: dict[str, Any]) -> tuple[Any, ...]:
        identifier: Callable[[str], Any] = (lambda t: UUID(t).bytes) if self._sqlite else UUID
        at = datetime.fromisoformat(said["at"])
        actor = said["actor"]["id"]
        return (
            identifier(said["id"]),
            to_microseconds(at) if self._sqlite else at,
            _code(Retention, said["retention"]),
            _code(Action, said["action"]),
            _code(Outcome, said["outcome"]),
            None if actor is None else identifier(actor),
            said["object"]["type"],
            said["object"]["id"],
            said["purpose"],
        )


def _code(words: type[Coded], slug: str) -> int | None:
    # An entry of a later version may say a word that this one does not know; its code cannot be checked then.
    return _CODES[words].get(slug)


def _uuid(raw: object) -> UUID | None:
    if isinstance(raw, UUID):
        return raw
    return UUID(bytes=raw) if isinstance(raw, bytes) and len(raw) == 16 else None  # noqa: PLR2004 -- RFC 9562
