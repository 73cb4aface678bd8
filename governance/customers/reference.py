"""The data map of the reference customer database, as it comes with the program."""

from functools import cache
from pathlib import Path
from typing import Final

from governance.datamap.loader import parse_map
from governance.datamap.values import DataMap

REFERENCE_FILE: Final = Path(__file__).with_name("reference.yaml")


@cache
def reference_map() -> DataMap:
    """Return the map; its tables and fields bear no numbers yet, the catalogue gives them."""
    return parse_map(REFERENCE_FILE.read_text(encoding="utf-8"), REFERENCE_FILE.name)
