"""The tables of the reference customer database, made from its data map so that the two cannot differ."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from governance.datamap.loader import parse_map
from governance.datamap.physical import governed_table
from governance.datamap.values import DataMap
from governance.orm import Base

REFERENCE_FILE: Final = Path(__file__).with_name("reference.yaml")
REFERENCE_MAP: Final[DataMap] = parse_map(REFERENCE_FILE.read_text(encoding="utf-8"), REFERENCE_FILE.name)
# Physical tables by the name they have in the data map.
TABLES: Final[Mapping[str, Table]] = {
    name: governed_table(mapped, Base.metadata) for name, mapped in REFERENCE_MAP.tables.items()
}
