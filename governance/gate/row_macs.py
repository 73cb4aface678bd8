"""What holds a row of Égide's own tables together: whom it speaks of, the revision of each box, the notices given.

A box is bound to its person and its row, but a row may be read without any of its boxes: then nothing else would tell
that somebody pointed it at another person (who has consented, or whom nobody restricted), emptied a box, or put back
yesterday's. The MAC is the fixed encoding of `governance.vault.macs` over

    table number u16 | row 16 bytes | for each link, in the order of the map: subject u64, and for each category, by its
    code from 1 to 16, the revision of the box u32 (0 where there is none) | which notices the people were given

big-endian. Categories that a table does not have count as empty, so that a table may get more of them. The notices
(`governance.datamap.given_notices`) stand behind the MAC in the same column, so that a read which need not ask about
them fetches nothing more for covering them.
"""

import hashlib
import hmac
import struct
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from governance.datamap.values import MappedTable, box_companion, subject_column
from governance.gate.errors import RowTamperedError
from governance.vault.keyring import Keyring
from governance.vault.macs import MAC_VERSION, Macs
from governance.vault.models import MAC_BYTES
from governance.vocabulary import DataCategory

_KIND: Final = "row"
_CATEGORIES: Final = 16
_BY_CODE: Final = {category.code: category for category in DataCategory}


def row_layout(table: MappedTable) -> struct.Struct:
    """Return the layout of what is signed of a row of the table: number, row, then each person and their boxes.

    Its values are the table's number, the row's bytes, and for each link the subject and the revisions of the boxes
    that the table has, by code; what it does not have is padding, which is zero.
    """
    by_link = ("Q" + "".join("4x" if each is None else "I" for each in _by_code(table, link)) for link in table.links)
    return struct.Struct(">H16s" + "".join(by_link))


def prekeyed_row(macs: Macs) -> hashlib.blake2b:
    """Return the hash object to copy for each row."""
    return macs.prekeyed(_KIND)


def boxes_of(table: MappedTable, link: str) -> tuple[DataCategory, ...]:
    """Return the categories of which the table holds a box of this person, by their codes."""
    return tuple(category for category in _by_code(table, link) if category is not None)


def _by_code(table: MappedTable, link: str) -> Iterator[DataCategory | None]:
    held = {category for name, category in table.boxes if name == link}
    for code in range(1, _CATEGORIES + 1):
        category = _BY_CODE.get(code)
        yield category if category in held else None


def given_of(row_mac: bytes) -> bytes:
    """Return which notices the people of a row were given, as they stand behind its MAC."""
    return row_mac[MAC_BYTES:]


class RowSigner:
    """Signs and checks the rows of one table. Prepared once per batch; holds the key inside a hash object only."""

    def __init__(self, table: MappedTable, keyring: Keyring) -> None:
        """Derive the key."""
        self._table: Final = table
        self._keyed: Final = prekeyed_row(Macs(keyring))
        self._layout: Final = row_layout(table)
        self._columns: Final = tuple(_columns(table))

    def mac(self, row: Mapping[Any, Any], given: bytes = b"") -> bytes:
        """Return the MAC of a row, 17 bytes, with the notices behind it.

        Args:
            row: Its columns by name; a revision that is not there counts as that of no box.
            given: Which notices its people were given.
        """
        row_id: uuid.UUID = row["id"]
        return self._signed([row_id.bytes, *(row.get(name) or 0 for name in self._columns)], given)

    def check(self, row: Mapping[Any, Any]) -> None:
        """Check a row as it was found, all of its columns.

        Raises:
            RowTamperedError: If it was altered outside Égide.
        """
        try:
            whole = hmac.compare_digest(row["row_mac"], self.mac(row, given_of(row["row_mac"])))
        except (struct.error, TypeError):
            # SQLite keeps any type in any column.
            whole = False
        if not whole:
            raise RowTamperedError(table=self._table.name, row=str(row["id"]))

    def _signed(self, values: Sequence[Any], given: bytes) -> bytes:
        fresh = self._keyed.copy()
        fresh.update(self._layout.pack(self._table.id, *values) + given)
        return MAC_VERSION + fresh.digest() + given


def _columns(table: MappedTable) -> Iterator[str]:
    for link in table.links:
        yield subject_column(link)
        for category in boxes_of(table, link):
            yield box_companion(link, category, "revision")
