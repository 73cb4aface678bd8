"""The few statements that write the log, on the driver's own cursor, spelt for each database.

Every governed read waits for them, so nothing stands between them and the driver. What was written is read back in the
same transaction: a trigger that swallows or changes a row is noticed before anybody is told that a fact is recorded.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final

from audit.drafts import Head, Placed
from audit.errors import LogUnavailableError
from audit.tiles import FullTile
from governance.clock import to_microseconds
from governance.errors import phrase

_LEAF_COLUMNS: Final = ("leaf_index", "entry_id", "data", "mac")
_ENTRY_COLUMNS: Final = (
    "leaf_index", "id", "at", "retention", "action", "outcome", "actor_id", "object_type", "object_id", "purpose",
    "body", "salt",
)  # fmt: skip
_HEAD: Final = "SELECT size, frontier, mac FROM audit_head WHERE id = 1"


class Statements(ABC):
    """What writes the log; one implementation for each database."""

    _place: str

    def __init__(self) -> None:
        """Spell what both spell alike but for the placeholder."""
        p = self._place
        self._found = f"INSERT INTO audit_head (id, size, frontier, mac) VALUES (1, 0, {p}, {p}) ON CONFLICT DO NOTHING"  # noqa: S608
        self._leaf_data = (
            f"SELECT data FROM audit_leaf WHERE leaf_index >= {p} AND leaf_index < {p} ORDER BY leaf_index"  # noqa: S608
        )
        self._tile_roots = (
            f"SELECT root FROM audit_tile WHERE level = {p} AND number >= {p} AND number < {p} ORDER BY number"  # noqa: S608
        )
        self._bodies = f"SELECT body FROM audit_entry WHERE leaf_index >= {p} AND leaf_index < {p} ORDER BY leaf_index"  # noqa: S608
        self._add_summary = f"INSERT INTO audit_subjects (number, subjects) VALUES ({p}, {p})"  # noqa: S608
        self._add_tile = f"INSERT INTO audit_tile (level, number, hashes, root) VALUES ({p}, {p}, {p}, {p})"  # noqa: S608

    @abstractmethod
    def begin(self, cursor: Any) -> Head | None:
        """Begin a transaction, on a connection that begins none by itself, and return the head, locked."""

    @abstractmethod
    def lock_head(self, cursor: Any) -> Head | None:
        """Return the head, which nobody else may move until the transaction ends."""

    @abstractmethod
    def write(self, cursor: Any, placed: Sequence[Placed], head: Head) -> None:
        """Write leaves, entries and the new head, and check that they came to stand as they were written.

        Raises:
            LogUnavailableError: If they did not.
        """

    def has_leaves(self, cursor: Any) -> bool:
        """Tell whether there is any leaf."""
        return cursor.execute("SELECT 1 FROM audit_leaf LIMIT 1").fetchone() is not None

    def found(self, cursor: Any, mac: bytes) -> bool:
        """Begin an empty log, unless another process just did; tell which."""
        return bool(cursor.execute(self._found, (b"", mac)).rowcount)

    def leaf_data(self, cursor: Any, start: int, end: int) -> list[bytes]:
        """Return the data of the leaves from start to end (exclusive), in order."""
        return [data for (data,) in cursor.execute(self._leaf_data, (start, end))]

    def tile_roots(self, cursor: Any, level: int, start: int, end: int) -> list[bytes]:
        """Return the roots of the full tiles of a level from start to end (exclusive), in order."""
        return [root for (root,) in cursor.execute(self._tile_roots, (level, start, end))]

    def bodies(self, cursor: Any, start: int, end: int) -> list[bytes]:
        """Return the bodies of the entries that stand from start to end (exclusive), in order."""
        return [body for (body,) in cursor.execute(self._bodies, (start, end))]

    def add_summary(self, cursor: Any, number: int, subjects: bytes) -> None:
        """Keep a summary of data subjects."""
        cursor.execute(self._add_summary, (number, subjects))

    def add_tile(self, cursor: Any, tile: FullTile) -> None:
        """Keep a full tile."""
        cursor.execute(self._add_tile, tile)


class SqliteStatements(Statements):
    """SQLite: the transaction holds the only write lock, so no row needs one; calls are cheap."""

    _place = "?"
    _move = "UPDATE audit_head SET size = ?, frontier = ?, mac = ? WHERE id = 1"
    _leaf = f"INSERT INTO audit_leaf ({', '.join(_LEAF_COLUMNS)}) VALUES (?, ?, ?, ?)"  # noqa: S608
    _entry = f"INSERT INTO audit_entry ({', '.join(_ENTRY_COLUMNS)}) VALUES ({', '.join('?' * len(_ENTRY_COLUMNS))})"  # noqa: S608
    _new_leaves = f"SELECT {', '.join(_LEAF_COLUMNS)} FROM audit_leaf WHERE leaf_index >= ? ORDER BY leaf_index"  # noqa: S608
    _new_entries = f"SELECT {', '.join(_ENTRY_COLUMNS)} FROM audit_entry WHERE leaf_index >= ? ORDER BY leaf_index"  # noqa: S608

    def begin(self, cursor: Any) -> Head | None:
        """Take the write lock at once."""
        cursor.execute("BEGIN IMMEDIATE")
        return self.lock_head(cursor)

    def lock_head(self, cursor: Any) -> Head | None:
        """Return the head; the transaction's write lock covers it."""
        row = cursor.execute(_HEAD).fetchone()
        return None if row is None else Head(*row)

    def write(self, cursor: Any, placed: Sequence[Placed], head: Head) -> None:
        """Write, and read back what was written."""
        leaves, entries = [], []
        for p in placed:
            draft = p.draft
            entry = draft.entry
            entry_id = entry.id.bytes
            leaves.append((p.index, entry_id, draft.data, p.mac))
            entries.append((
                p.index, entry_id, to_microseconds(entry.at), entry.retention, entry.action, entry.outcome,
                None if entry.actor_id is None else entry.actor_id.bytes, entry.object_type, entry.object_id,
                entry.purpose, entry.body, draft.salt,
            ))  # fmt: skip
        cursor.executemany(self._leaf, leaves)
        cursor.executemany(self._entry, entries)
        cursor.execute(self._move, (head.size, head.frontier, head.mac))
        start = (placed[0].index,)
        _check(
            cursor.execute(self._new_leaves, start).fetchall() == leaves
            and cursor.execute(self._new_entries, start).fetchall() == entries
            and cursor.execute(_HEAD).fetchone() == (head.size, head.frontier, head.mac)
        )


class PostgresStatements(Statements):
    """PostgreSQL: the head's row is locked; each call is a journey, so writing and reading back are one."""

    _place = "%s"
    _move = "UPDATE audit_head SET size = %s, frontier = %s, mac = %s WHERE id = 1"
    _leaf = f"INSERT INTO audit_leaf ({', '.join(_LEAF_COLUMNS)}) VALUES (%s, %s, %s, %s)"  # noqa: S608
    _entry = f"INSERT INTO audit_entry ({', '.join(_ENTRY_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_ENTRY_COLUMNS))})"  # noqa: S608
    _insertion = f"WITH leaf AS ({_leaf}) {_entry}"
    _insertion_and_head = f"WITH head AS ({_move}), leaf AS ({_leaf}) {_entry}"
    # Both ranges are given, so that a plan made while the log was empty does not read the whole of it later.
    _read_back = (
        f"SELECT h.size, h.frontier, h.mac, {', '.join(f'l.{c}' for c in _LEAF_COLUMNS)}, "  # noqa: S608
        f"{', '.join(f'e.{c}' for c in _ENTRY_COLUMNS)} FROM audit_head h CROSS JOIN audit_leaf l "
        "JOIN audit_entry e ON e.leaf_index = l.leaf_index WHERE h.id = 1 AND l.leaf_index BETWEEN %s AND %s "
        "AND e.leaf_index BETWEEN %s AND %s ORDER BY l.leaf_index"
    )

    def begin(self, cursor: Any) -> Head | None:
        """Begin and lock in one journey: without parameters the server takes several statements at once."""
        cursor.execute(f"BEGIN; {_HEAD} FOR UPDATE", prepare=False)
        cursor.nextset()
        row = cursor.fetchone()
        return None if row is None else Head(*row)

    def lock_head(self, cursor: Any) -> Head | None:
        """Return the head with its row locked."""
        row = cursor.execute(f"{_HEAD} FOR UPDATE", binary=True).fetchone()
        return None if row is None else Head(*row)

    def write(self, cursor: Any, placed: Sequence[Placed], head: Head) -> None:
        """Write, and read back what was written."""
        moved = (head.size, head.frontier, head.mac)
        rows = [_leaf_and_entry(p) for p in placed]
        ends = (placed[0].index, placed[-1].index)
        with cursor.connection.pipeline():
            if len(rows) > 1:
                cursor.executemany(self._insertion, rows[:-1])
            cursor.execute(self._insertion_and_head, moved + rows[-1])
            came_back = cursor.execute(self._read_back, ends + ends, binary=True).fetchall()
        _check(came_back == [moved + row for row in rows])


def _leaf_and_entry(p: Placed) -> tuple[Any, ...]:
    draft = p.draft
    entry = draft.entry
    return (
        p.index, entry.id, draft.data, p.mac,
        p.index, entry.id, entry.at, entry.retention, entry.action, entry.outcome, entry.actor_id,
        entry.object_type, entry.object_id, entry.purpose, entry.body, draft.salt,
    )  # fmt: skip


def _check(came_back: bool) -> None:  # noqa: FBT001 -- a check of one fact
    if not came_back:
        raise LogUnavailableError(reason=phrase("what was written did not come back"))


def statements_for(dialect: str) -> Statements:
    """Return the statements in the spelling of `sqlite` or `postgresql`."""
    return PostgresStatements() if dialect == "postgresql" else SqliteStatements()
