"""Comparing a clear column with parameters, in SQL that both databases read alike."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, func

from governance.gate.filters import Comparison
from governance.gate.query import Operator
from governance.gate.statements import parameter, parameters

_COMPARE: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def compare(column: ColumnElement[Any], comparison: Comparison) -> ColumnElement[bool]:
    """Return the condition; every value in it is a parameter."""
    if comparison.operator is Operator.IN:
        return column.in_(parameters(comparison.parameter, comparison.count))
    value = parameter(comparison.parameter)
    if comparison.operator is Operator.PREFIX:
        # Not LIKE, whose wildcards a caller could write, and whose case differs between the databases.
        return func.substr(column, 1, func.length(cast(value, Text()))) == value
    condition: ColumnElement[bool] = _COMPARE[comparison.operator](column, value)
    return condition
