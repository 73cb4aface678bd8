"""Statements compiled to text once, and run by the driver without an ORM between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, literal_column
from sqlalchemy.types import NullType

# Page sizes that are asked for: a limit written into the text lets PostgreSQL keep its plan, so there are few.
_SIZES: Final = (2, 11, 26, 51, 101, 201, 501, 1_001)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the names of its parameters, for one dialect."""

    sql: str
    positions: tuple[str, ...] | None
    constants: Mapping[str, Any]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them."""
        everything = {**self.constants, **values}
        return everything if self.positions is None else tuple(everything[name] for name in self.positions)


def compile_statement(statement: Select[Any], dialect: Dialect) -> Statement:
    """Return the statement's text; the values that it does not hold are named when it is bound."""
    compiled = statement.compile(dialect=dialect)
    positions = getattr(compiled, "positiontup", None)
    return Statement(
        compiled.string,
        None if positions is None else tuple(positions),
        {name: value for name, value in compiled.params.items() if value is not None},
    )


def size_for(wanted: int) -> int:
    """Return how many rows to ask for, so that few different statements are made."""
    return next(size for size in _SIZES if size >= min(wanted, _SIZES[-1]))


def limited(statement: Select[Any], size: int) -> Select[Any]:
    """Return the statement with its limit in the text."""
    return statement.limit(literal_column(str(size)))


def parameter(name: str) -> ColumnElement[Any]:
    """Return a named parameter that goes to the driver as it is."""
    return bindparam(name, type_=NullType())


def parameters(name: str, count: int) -> Iterable[ColumnElement[Any]]:
    """Return the parameters of a list: `name_0`, `name_1`..."""
    return [parameter(f"{name}_{place}") for place in range(count)]
