"""The few statements that write the log, on the driver's own cursor, spelt for each database.

Every governed read waits for them, so nothing stands between them and the driver. What was inserted is read back in the
same transaction: a trigger that swallows or changes a row is noticed before anybody is told that a fact is recorded.
"""

from collections.abc import Sequence
from typing import Any, Final

from audit.drafts import Placed
from audit.errors import LogUnavailableError
from governance.clock import to_microseconds

Row = tuple[Any, ...]

_LEAF_COLUMNS: Final = ("leaf_index", "entry_id", "data", "mac")
_ENTRY_COLUMNS: Final = (
    "leaf_index", "id", "at", "retention", "action", "outcome", "actor_id", "object_type", "object_id", "purpose",
    "body", "salt",
)  # fmt: skip
# Rows of one INSERT on PostgreSQL: few enough statements to be prepared, few enough parameters for the protocol.
_ROWS_AT_ONCE: Final = 32


class Statements:
    """The statements as SQLite spells them; it holds the write lock for the whole transaction, so no row is locked."""

    _place = "?"
    _row_lock = ""
    begin: str = "BEGIN IMMEDIATE"

    def __init__(self) -> None:
        """Spell the statements."""
        p = self._place
        self._head = f"SELECT size, frontier, mac FROM audit_head WHERE id = 1{self._row_lock}"  # noqa: S608
        self._found = f"INSERT INTO audit_head (id, size, frontier, mac) VALUES (1, 0, {p}, {p}) ON CONFLICT DO NOTHING"
        self._move = f"UPDATE audit_head SET size = {p}, frontier = {p}, mac = {p} WHERE id = 1"  # noqa: S608
        self._new_leaves = _select("audit_leaf", _LEAF_COLUMNS, p)
        self._new_entries = _select("audit_entry", _ENTRY_COLUMNS, p)
        self._leaf_data = (
            f"SELECT data FROM audit_leaf WHERE leaf_index >= {p} AND leaf_index < {p} ORDER BY leaf_index"  # noqa: S608
        )
        self._tiles = (
            f"SELECT hashes FROM audit_tile WHERE level = {p} AND number >= {p} AND number < {p} ORDER BY number"  # noqa: S608
        )
        self._add_tile = f"INSERT INTO audit_tile (level, number, hashes) VALUES ({p}, {p}, {p})"

    def lock_head(self, cursor: Any) -> tuple[int, bytes, bytes] | None:
        """Return size, frontier and attestation of the head, locked until the transaction ends."""
        row: tuple[int, bytes, bytes] | None = cursor.execute(self._head).fetchone()
        return row

    def has_leaves(self, cursor: Any) -> bool:
        """Tell whether there is any leaf."""
        return cursor.execute("SELECT 1 FROM audit_leaf LIMIT 1").fetchone() is not None

    def found(self, cursor: Any, mac: bytes) -> None:
        """Begin an empty log, unless another process just did."""
        cursor.execute(self._found, (b"", mac))

    def insert(self, cursor: Any, placed: Sequence[Placed]) -> None:
        """Write leaves and entries, and check that they came to stand as they were written.

        Raises:
            LogUnavailableError: If they did not.
        """
        leaves = [self._leaf(p) for p in placed]
        entries = [self._entry(p) for p in placed]
        self._insert(cursor, "audit_leaf", _LEAF_COLUMNS, leaves)
        self._insert(cursor, "audit_entry", _ENTRY_COLUMNS, entries)
        start = (placed[0].index,)
        if (
            cursor.execute(self._new_leaves, start).fetchall() != leaves
            or cursor.execute(self._new_entries, start).fetchall() != entries
        ):
            raise LogUnavailableError(reason="what was written did not come back")

    def move_head(self, cursor: Any, size: int, frontier: bytes, mac: bytes) -> None:
        """Say how far the log has come now, and check that it is said.

        Raises:
            LogUnavailableError: If the head did not move.
        """
        cursor.execute(self._move, (size, frontier, mac))
        if cursor.execute(self._head).fetchone() != (size, frontier, mac):
            raise LogUnavailableError(reason="the head of the log did not move")

    def leaf_data(self, cursor: Any, start: int, end: int) -> list[bytes]:
        """Return the data of the leaves from start to end (exclusive), in order."""
        return [data for (data,) in cursor.execute(self._leaf_data, (start, end))]

    def tiles(self, cursor: Any, level: int, start: int, end: int) -> list[bytes]:
        """Return the full tiles of a level from start to end (exclusive), in order."""
        return [hashes for (hashes,) in cursor.execute(self._tiles, (level, start, end))]

    def add_tile(self, cursor: Any, level: int, number: int, hashes: bytes) -> None:
        """Keep a full tile."""
        cursor.execute(self._add_tile, (level, number, hashes))

    def _leaf(self, placed: Placed) -> Row:
        return (placed.index, placed.draft.entry.id.bytes, placed.draft.data, placed.mac)

    def _entry(self, placed: Placed) -> Row:
        entry = placed.draft.entry
        return (
            placed.index, entry.id.bytes, to_microseconds(entry.at), entry.retention, entry.action, entry.outcome,
            None if entry.actor_id is None else entry.actor_id.bytes, entry.object_type, entry.object_id, entry.purpose,
            entry.body, placed.draft.salt,
        )  # fmt: skip

    def _insert(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        cursor.executemany(_insertion(table, columns, self._place, 1), rows)


class PostgresStatements(Statements):
    """The statements as PostgreSQL spells them: the head row is locked, identifiers and moments are its own types."""

    _place = "%s"
    _row_lock = " FOR UPDATE"
    begin = "BEGIN"

    def _leaf(self, placed: Placed) -> Row:
        return (placed.index, placed.draft.entry.id, placed.draft.data, placed.mac)

    def _entry(self, placed: Placed) -> Row:
        entry = placed.draft.entry
        return (
            placed.index, entry.id, entry.at, entry.retention, entry.action, entry.outcome, entry.actor_id,
            entry.object_type, entry.object_id, entry.purpose, entry.body, placed.draft.salt,
        )  # fmt: skip

    def _insert(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[start : start + _ROWS_AT_ONCE]
            values = [value for row in chunk for value in row]
            cursor.execute(_insertion(table, columns, self._place, len(chunk)), values)


def statements_for(dialect: str) -> Statements:
    """Return the statements in the spelling of `sqlite` or `postgresql`."""
    return PostgresStatements() if dialect == "postgresql" else Statements()


def _select(table: str, columns: Sequence[str], place: str) -> str:
    return f"SELECT {', '.join(columns)} FROM {table} WHERE leaf_index >= {place} ORDER BY leaf_index"  # noqa: S608


def _insertion(table: str, columns: Sequence[str], place: str, rows: int) -> str:
    row = f"({', '.join([place] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608
