"""Finding rows by sealed fields: blind tokens name candidates, and what is opened decides.

A token is cut short, so rows of other values share it; every candidate is opened and its value compared. An exact
question is answered by equality of the normal form, whatever index led there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from typing import Any, Final

from governance.datamap.values import FieldKind, MappedField, Search
from governance.errors import phrase
from governance.gate.errors import FilterInvalidError, FilterRefusedError
from governance.gate.forms import normal_form
from governance.gate.query import Condition, Operator
from governance.vault.blind import BlindIndex
from governance.vault.errors import LookupValueError
from governance.vault.keyring import Keyring
from governance.vault.normal_forms import normalise

Matches = Callable[[Any], bool]

# Which index leads to the candidates of which operator, the narrowest first.
_INDEXES: Final[Mapping[Operator, tuple[Search, ...]]] = {
    Operator.EQUAL: (Search.EXACT, Search.PHONETIC, Search.AREA),
    Operator.IN: (Search.EXACT, Search.PHONETIC, Search.AREA),
    Operator.SOUNDS_LIKE: (Search.PHONETIC,),
    Operator.PREFIX: (Search.PREFIX, Search.AREA),
}
_POSTCODE_DIGITS: Final = 5
_KEPT: Final = 256  # indexes whose keys stay at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question to a blind index, and the comparison that makes its answer true.

    Attributes:
        field: The sealed field.
        parameter: The tokens are `parameter_0`, `parameter_1`...
        values: The tokens.
        matches: Says whether an opened value is what was asked for.
    """

    field: MappedField
    parameter: str
    values: Mapping[str, int] = attribute(repr=False)
    matches: Matches = attribute(repr=False)

    @property
    def count(self) -> int:
        """How many tokens are looked for."""
        return len(self.values)


def sealed_lookup(keyring: Keyring, mapped: MappedField, condition: Condition, parameter: str) -> Lookup:
    """Prepare a look-up by a sealed field.

    Raises:
        FilterRefusedError: If the data map declares no index that could answer.
        FilterInvalidError: If a value is none of the field's kind.
    """
    search = next((each for each in _INDEXES.get(condition.operator, ()) if each in mapped.search), None)
    if search is None:
        because = phrase("it is sealed, and the data map declares no such search")
        raise FilterRefusedError(field=mapped.name, operator=condition.operator, because=because)
    index = _index(keyring, mapped.id, mapped.kind.value, search.value)
    asked = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    texts = [str(value) for value in asked]
    try:
        reached = [form for text in texts for form in _reach(mapped, condition.operator, text)]
        tokens = sorted({index.probe(form) for form in reached})
        matches = [_comparison(index, mapped, condition.operator, text) for text in texts]
    except LookupValueError as error:
        raise FilterInvalidError(field=mapped.name, expected=error.expected) from None
    return Lookup(
        field=mapped,
        parameter=parameter,
        values={f"{parameter}_{place}": token for place, token in enumerate(tokens)},
        matches=lambda value: isinstance(value, str) and any(each(value) for each in matches),
    )


@lru_cache(maxsize=_KEPT)
def _index(keyring: Keyring, field_id: int, kind: str, search: str) -> BlindIndex:
    return BlindIndex.of_field(keyring, field_id, kind, search)


def _reach(mapped: MappedField, operator: Operator, text: str) -> tuple[str, ...]:
    if mapped.kind is not FieldKind.POSTCODE or operator is not Operator.PREFIX:
        return (text,)
    # The beginning of a postcode leads to its département; Corsica's two share their first digits.
    if text.startswith("20"):
        return ("2A", "2B")
    return (text[:3] if text.startswith(("97", "98")) else text[:2],)


def _comparison(index: BlindIndex, mapped: MappedField, operator: Operator, text: str) -> Matches:
    if operator is Operator.PREFIX and mapped.kind is FieldKind.POSTCODE:
        return lambda value: value.startswith(text)
    if operator in (Operator.PREFIX, Operator.SOUNDS_LIKE):
        return lambda value: index.matches(value, text)
    if mapped.kind is FieldKind.POSTCODE:
        if len(normal_form(mapped.kind, text)) != _POSTCODE_DIGITS:
            raise LookupValueError(kind="postcode", expected=phrase("five digits; prefix finds a département"))
        return _equal(lambda value: normal_form(mapped.kind, value), text)
    return _equal(lambda value: normalise(mapped.kind.value, value), text)


def _equal(form: Callable[[str], str], text: str) -> Matches:
    wanted = form(text)

    def matches(value: Any) -> bool:
        try:
            return form(value) == wanted
        except LookupValueError:
            return False

    return matches
