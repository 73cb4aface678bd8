"""The tables of the reference customer database, made from its data map so that the two cannot differ.

What the map does not say is said here: the numbers under which the house's own papers name a row are unique.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Index, Table

from governance.customers.reference import reference_map
from governance.datamap.physical import governed_table
from governance.orm import Base

# Physical tables by the name they have in the data map.
TABLES: Final[Mapping[str, Table]] = {
    name: governed_table(mapped, Base.metadata) for name, mapped in reference_map().tables.items()
}
# The clear field under which people know a row: unique, and what a file of another table refers to it by.
FILE_KEYS: Final[Mapping[str, str]] = {
    "customers": "number",
    "companies": "siret",
    "orders": "number",
    "products": "reference",
}

for _name, _field in FILE_KEYS.items():
    Index(f"uq_{TABLES[_name].name}_{_field}", TABLES[_name].c[_field], unique=True)
