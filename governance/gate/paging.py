"""Pages by keyset: in which order rows come, and what lies after a row.

Every order ends in something unique, so that a page continues exactly behind the row that came last, whatever was
inserted or deleted meanwhile. Rows without a value come last, whichever way the others stand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, tuple_

from governance.gate.statements import parameter


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Sort:
    """One thing to order by.

    Attributes:
        name: What the cursor and the statement cache call it.
        expression: The column.
        descending: Whether the highest comes first.
        nullable: Whether rows may be without it.
        bind: From what a row holds to what the driver takes.
    """

    name: str
    expression: ColumnElement[Any]
    descending: bool = False
    nullable: bool = False
    bind: Callable[[Any], Any] = _as_it_is


def order_by(sorts: Sequence[Sort]) -> list[ColumnElement[Any]]:
    """Return what stands after ORDER BY."""
    clauses: list[ColumnElement[Any]] = []
    for sort in sorts:
        if sort.nullable:
            clauses.append(sort.expression.is_(None))
        clauses.append(sort.expression.desc() if sort.descending else sort.expression.asc())
    return clauses


def after(sorts: Sequence[Sort], missing: Sequence[bool]) -> ColumnElement[bool]:
    """Return the condition that a row lies behind another, whose values are the parameters `a0`, `a1`...

    Args:
        sorts: The order.
        missing: For each of them, whether the other row is without it.
    """
    if not any(sort.nullable for sort in sorts) and len({sort.descending for sort in sorts}) == 1:
        # A comparison of rows, which both databases answer by the index.
        left = tuple_(*(sort.expression for sort in sorts)) if len(sorts) > 1 else sorts[0].expression
        right = tuple_(*map(_parameter, range(len(sorts)))) if len(sorts) > 1 else _parameter(0)
        return left < right if sorts[0].descending else left > right
    branches = []
    for place in range(len(sorts)):
        same = [_same(sorts[earlier], earlier, missing=missing[earlier]) for earlier in range(place)]
        branches.append(and_(*same, _behind(sorts[place], place, missing=missing[place])))
    return or_(*branches)


def positions(sorts: Sequence[Sort], values: Sequence[Any]) -> dict[str, Any]:
    """Return the parameters for a row's values."""
    return {
        f"a{place}": sort.bind(value)
        for place, (sort, value) in enumerate(zip(sorts, values, strict=True))
        if value is not None
    }


def _parameter(place: int) -> ColumnElement[Any]:
    return parameter(f"a{place}")


def _same(sort: Sort, place: int, *, missing: bool) -> ColumnElement[bool]:
    return sort.expression.is_(None) if missing else sort.expression == _parameter(place)


def _behind(sort: Sort, place: int, *, missing: bool) -> ColumnElement[bool]:
    if missing:
        return false()
    parameter = _parameter(place)
    further = sort.expression < parameter if sort.descending else sort.expression > parameter
    return or_(further, sort.expression.is_(None)) if sort.nullable else further
