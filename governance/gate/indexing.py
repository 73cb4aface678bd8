"""The blind tokens of a row: how its sealed fields can be searched without being opened."""

from collections.abc import Mapping
from typing import Final

from governance.datamap.values import MappedTable, Storage
from governance.gate.values import CleanValue
from governance.vault.blind import BlindIndex
from governance.vault.keyring import Keyring


class BlindIndexer:
    """Gives the tokens of one table's rows. Prepared once per batch."""

    def __init__(self, table: MappedTable, keyring: Keyring) -> None:
        """Derive the key of each field and way of search."""
        self._indexes: Final[list[tuple[str, BlindIndex]]] = [
            (each.name, BlindIndex.of_field(keyring, each.id, each.kind.value, search.value))
            for each in table.fields.values()
            if each.storage is Storage.SEALED
            for search in sorted(each.search)
        ]

    def tokens(self, values: Mapping[str, CleanValue]) -> set[int]:
        """Return the tokens of the values."""
        found: set[int] = set()
        for name, index in self._indexes:
            value = values.get(name)
            if isinstance(value, str):
                found.update(index.tokens(value))
        return found
