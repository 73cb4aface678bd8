"""What is wrong with a value of the reference map, which writes amounts in whole cents and says so in the name."""

from typing import Final

from governance.customers.record import CENTS, kind_of
from governance.datamap.values import MappedField
from governance.errors import mark
from governance.gate import wrongs
from governance.gate.values import FieldProblem

_AMOUNT: Final = mark("This is not an amount.")
_NOT_AN_AMOUNT: Final = frozenset({FieldProblem.TYPE.value, FieldProblem.MALFORMED.value})


def wrong_of(mapped: MappedField, code: str) -> str:
    """Return what is wrong with a field's value, in English."""
    return _AMOUNT if is_amount(mapped, code) else wrongs.wrong_of(mapped, code)


def is_of_kind(mapped: MappedField, code: str) -> bool:
    """Say whether the kind of a field has a sentence of its own for a code."""
    return is_amount(mapped, code) or wrongs.is_of_kind(mapped, code)


def is_amount(mapped: MappedField, code: str) -> bool:
    """Say whether an amount was written that is none."""
    return kind_of(mapped) == CENTS and code in _NOT_AN_AMOUNT
