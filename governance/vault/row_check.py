"""Many rows of one attested table, checked as a statement returns them, without an object for each.

    check = RowCheck(attestor, Grant)
    for row in session.execute(select(*check.columns)):
        if check.fits(row): ...                         # row.role, row.purpose_id, ...

Costs about a third of loading entities and verifying them.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, Enum, Integer

from governance.orm import UTCDateTime
from governance.vault.attest import MAC_VERSION, Attestor
from governance.vault.attested import MAC, Attested, bound_columns, table_of
from governance.vault.canonical import encode_one
from governance.vault.macs import fits

# Values of these types recur from row to row: a role, a purpose, a day of approval.
_RECURRING: Final = (Enum, Integer, UTCDateTime)


class _Encoded(dict[Any, bytes]):
    """The encodings of one column's values, name and value, each made once. NULL is left out, as under every MAC."""

    def __init__(self, name: bytes) -> None:
        super().__init__({None: b""})
        self._name: Final = name

    def __missing__(self, value: Any) -> bytes:
        encoded = self[value] = self._name + encode_one(value)
        return encoded


class _Fresh:
    """The same for values that hardly recur: nothing is kept."""

    def __init__(self, name: bytes) -> None:
        self._name: Final = name

    def __getitem__(self, value: Any) -> bytes:
        return b"" if value is None else self._name + encode_one(value)


class RowCheck:
    """The check of one model's rows. Made for one reading of the table, for it remembers recurring values."""

    def __init__(self, attestor: Attestor, model: type[Attested]) -> None:
        """Prepare what all rows share."""
        table = table_of(model)
        bound = bound_columns(model)
        self._keyed: Final = attestor.tagged(table.name)
        self._encodings: Final = [
            _Encoded(each.encoded) if isinstance(each.column.type, _RECURRING) else _Fresh(each.encoded)
            for each in bound
        ]
        # What to select, in this order; `fits` takes such rows.
        self.columns: Final[tuple[Column[Any], ...]] = (table.c[MAC], *(each.column for each in bound))

    def fits(self, row: Sequence[Any]) -> bool:
        """Say whether Égide wrote the row as it stands.

        Args:
            row: The values of `columns`, and nothing else.
        """
        try:
            content = b"".join([encoded[value] for encoded, value in zip(self._encodings, row[1:], strict=True)])
        except (TypeError, ValueError):
            # SQLite keeps any type in any column; one that we never write has no encoding.
            return False
        keyed = self._keyed.copy()
        keyed.update(content)
        return fits(row[0], MAC_VERSION + keyed.digest())
