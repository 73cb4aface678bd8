"""Column types as revisions write them. What is here never changes its meaning, for old revisions use it."""

from typing import Final

from sqlalchemy import Enum

LENGTH: Final = 32


def states(name: str, *values: str, length: int = LENGTH) -> Enum:
    """Return the type of a column that holds one of a few values: text, with a CHECK of that name."""
    return Enum(*values, name=name, native_enum=False, create_constraint=True, length=length)
