"""What holds a row of Égide's own tables together: whom it speaks of, and the revision at which each box was sealed.

A box is bound to its person and its row, but a row may be read without any of its boxes: then nothing else would tell
that somebody pointed it at another person (who has consented, or whom nobody restricted), emptied a box, or put back
yesterday's. The MAC is the fixed encoding of `governance.vault.macs` over

    table number u16 | row 16 bytes | for each link, in the order of the map: subject u64, and for each category, by its
    code from 1 to 16, the revision of the box u32 (0 where there is none)

big-endian. Categories that a table does not have count as empty, so that a table may get more of them.
"""

import hashlib
import hmac
import struct
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from governance.datamap.values import MappedTable, box_companion, subject_column
from governance.gate.errors import RowTamperedError
from governance.vault.keyring import Keyring
from governance.vault.macs import MAC_VERSION, Macs
from governance.vocabulary import DataCategory

_KIND: Final = "row"
_CATEGORIES: Final = 16
_BY_CODE: Final = {category.code: category for category in DataCategory}


@cache
def row_layout(links: int) -> struct.Struct:
    """Return the layout of what is signed of a row that speaks of so many people."""
    return struct.Struct(">H16s" + f"Q{_CATEGORIES}I" * links)


def prekeyed_row(macs: Macs) -> hashlib.blake2b:
    """Return the hash object to copy for each row."""
    return macs.prekeyed(_KIND)


def boxes_by_code(table: MappedTable, link: str) -> tuple[DataCategory | None, ...]:
    """Return, for each code from 1 to 16, the category of which the table holds a box of this person, or None."""
    codes = range(1, _CATEGORIES + 1)
    held = {category for name, category in table.boxes if name == link}
    return tuple(category if (category := _BY_CODE.get(code)) in held else None for code in codes)


class RowSigner:
    """Signs and checks the rows of one table. Prepared once per batch; holds the key inside a hash object only."""

    def __init__(self, table: MappedTable, keyring: Keyring) -> None:
        """Derive the key."""
        self._table: Final = table
        self._keyed: Final = prekeyed_row(Macs(keyring))
        self._layout: Final = row_layout(len(table.links))
        self._columns: Final = tuple(_columns(table))

    def mac(self, row: Mapping[Any, Any]) -> bytes:
        """Return the MAC of a row, 17 bytes.

        Args:
            row: Its columns by name; a revision that is not there counts as that of no box.
        """
        row_id: uuid.UUID = row["id"]
        return self._signed([row_id.bytes, *(row.get(name) or 0 for name in self._columns)])

    def check(self, row: Mapping[Any, Any]) -> None:
        """Check a row as it was found, all of its columns.

        Raises:
            RowTamperedError: If it was altered outside Égide.
        """
        try:
            whole = hmac.compare_digest(row["row_mac"], self.mac(row))
        except (struct.error, TypeError):
            # SQLite keeps any type in any column.
            whole = False
        if not whole:
            raise RowTamperedError(table=self._table.name, row=str(row["id"]))

    def _signed(self, values: Sequence[Any]) -> bytes:
        fresh = self._keyed.copy()
        fresh.update(self._layout.pack(self._table.id, *values))
        return MAC_VERSION + fresh.digest()


def _columns(table: MappedTable) -> Iterator[str]:
    for link in table.links:
        yield subject_column(link)
        for category in boxes_by_code(table, link):
            # A name that no row has stands for a box that the table has not.
            yield "" if category is None else box_companion(link, category, "revision")
