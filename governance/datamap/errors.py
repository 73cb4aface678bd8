"""What can be wrong with the data map and with the databases it describes. No error carries a value of a row."""

from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, mark


@dataclass(kw_only=True, eq=False)
class DataMapError(DomainError):
    """Base of the data map's errors. Never raised itself."""


@dataclass(kw_only=True, eq=False)
class MapError(DataMapError):
    """A map file that cannot be used; says where, and how to mend it."""

    message: ClassVar[str] = mark("{file}:{line}: {reason}")
    file: str
    line: int
    reason: str


@dataclass(kw_only=True, eq=False)
class UnknownTableError(DataMapError):
    """A table that the data map does not name: it cannot be read."""

    message: ClassVar[str] = mark("The data map has no table {table}.")
    table: str


@dataclass(kw_only=True, eq=False)
class UnknownFieldError(DataMapError):
    """A field that the data map does not name: it cannot be read."""

    message: ClassVar[str] = mark("The data map has no field {field} in table {table}.")
    table: str
    field: str


@dataclass(kw_only=True, eq=False)
class UnknownShapeError(DataMapError):
    """A box whose list of fields was never numbered in this installation."""

    message: ClassVar[str] = mark("No box has the shape {shape} in this installation.")
    shape: int


@dataclass(kw_only=True, eq=False)
class NotNumberedError(DataMapError):
    """A map that changed with the program, and whose new parts have no number yet."""

    message: ClassVar[str] = mark("The data map has new parts, such as {part}. Run: egide init --migrate.")
    part: str


@dataclass(kw_only=True, eq=False)
class MeaningChangedError(DataMapError):
    """A name that would come to mean something else than it did; the log and sealed rows go by it for ever."""

    message: ClassVar[str] = mark("The name {name} stands for {before} since it was first loaded. Choose another name.")
    name: str
    before: str
