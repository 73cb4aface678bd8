"""Partial changes: what a command does not give stays as it is, and None says to empty it."""

from dataclasses import Field, fields
from enum import Enum
from typing import Any, ClassVar, Final, Protocol


class Unchanged(Enum):
    """The one value that says: leave this field alone."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class _Command(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def given(command: _Command) -> dict[str, Any]:
    """Return the fields that a change gives, by name."""
    every = {each.name: getattr(command, each.name) for each in fields(command)}
    return {name: value for name, value in every.items() if value is not UNCHANGED}
