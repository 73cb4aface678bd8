"""Filters: what a row must be to be found, where finding it tells nothing that is not given.

A filter answers a question about a value, so it is allowed where the value itself would be given clear, or where a
grant gives the right of exact look-up, and then only by equality. A clear column is compared by the database, always
with a bound parameter, never by LIKE. A sealed field is found through its blind index, where the data map declares one;
what the index finds is opened and compared before it counts. People of a kind for which a filter is not allowed are not
found by it, whatever they hold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from governance.datamap.values import FieldKind, Link, MappedField, MappedTable, Search, Storage
from governance.errors import Phrase, phrase
from governance.gate.columns import to_driver
from governance.gate.errors import FilterInvalidError, FilterRefusedError
from governance.gate.plan import ReadPlan
from governance.gate.query import Condition, Operator
from governance.gate.search import Lookup, sealed_lookup
from governance.gate.values import FieldInvalidError, clean_value
from governance.text import is_storable
from governance.vault.keyring import Keyring
from governance.vocabulary import Form, SubjectKind

MOST_VALUES: Final = 200
MOST_CONDITIONS: Final = 20
# Of the rows that are named by their own identifiers.
ROW_PARAMETER: Final = "row"
_RANGES: Final = frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST})
_ORDERED: Final = frozenset(
    {FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.DATE, FieldKind.BIRTH_DATE, FieldKind.MOMENT}
)
_SPELT: Final = frozenset(
    {FieldKind.TEXT, FieldKind.NAME, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.IBAN, FieldKind.POSTCODE}
    | {FieldKind.CITY, FieldKind.ADDRESS, FieldKind.SIRET, FieldKind.SIREN, FieldKind.NAF, FieldKind.URL}
)
_EXACT: Final = frozenset({Operator.EQUAL, Operator.IN})
_NOT_CLEAR: Final = phrase("it is not given clear")
_TEXT: Final = phrase("text")
_DAY: Final = phrase("a day, such as 2026-01-31")
_EXPECTED: Final[Mapping[FieldKind, Phrase]] = {
    FieldKind.TEXT: _TEXT,
    FieldKind.NAME: phrase("letters"),
    FieldKind.EMAIL: phrase("an e-mail address"),
    FieldKind.PHONE: phrase("a telephone number, with +country outside France"),
    FieldKind.IBAN: phrase("an IBAN"),
    FieldKind.DATE: _DAY,
    FieldKind.BIRTH_DATE: _DAY,
    FieldKind.MOMENT: phrase("a moment, such as 2026-01-31T09:30:00Z"),
    FieldKind.POSTCODE: phrase("a postcode"),
    FieldKind.CITY: phrase("a town"),
    FieldKind.ADDRESS: _TEXT,
    FieldKind.COUNTRY: phrase("the two letters of a country"),
    FieldKind.NUMBER: phrase("a number"),
    FieldKind.INTEGER: phrase("a whole number"),
    FieldKind.BOOLEAN: phrase("true or false"),
    FieldKind.SIRET: phrase("a SIRET number"),
    FieldKind.SIREN: phrase("a SIREN number"),
    FieldKind.NAF: phrase("a NAF code"),
    FieldKind.URL: phrase("a web address"),
    FieldKind.FREE_TEXT: _TEXT,
    FieldKind.CHOICE: phrase("one of the field's choices"),
    FieldKind.REFERENCE: phrase("the identifier of a row"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A clear column compared with parameters: `name`, or `name_0`... for a list."""

    field: MappedField
    operator: Operator
    parameter: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """That a row speaks of the person whose row is given, by one of its links.

    Attributes:
        link: The link.
        parameter: The row's identifier.
        by: The table and the link by which the row given speaks of them, where it is not the person's own.
    """

    link: str
    parameter: str
    by: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a question filters by, ready for a statement.

    Attributes:
        comparisons: Of clear columns.
        lookups: In blind indexes.
        people: Of links.
        rows: How many rows are named by their own identifiers: `row_0`... 0 where all are meant.
        values: The parameters, as the driver takes them.
        kinds: By link, the kinds of people who may be found by these filters; a link without a line may be any.
        personal: Whether a person could be told from the fact that their row is found.
    """

    comparisons: tuple[Comparison, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    people: tuple[OfPerson, ...] = ()
    rows: int = 0
    values: Mapping[str, Any] = field(repr=False, default_factory=dict)
    kinds: Mapping[str, frozenset[SubjectKind]] = field(default_factory=dict)
    personal: bool = False

    @property
    def shape(self) -> tuple[Any, ...]:
        """What of it a statement's text depends on."""
        return (
            *((each.field.name, each.operator, each.count) for each in self.comparisons),
            *(each.count for each in self.lookups),
            *((each.link, each.by) for each in self.people),
            self.rows,
        )


NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterContext:
    """What filters are judged and prepared with.

    Attributes:
        plan: What is given.
        permission: A plan of the fields that are filtered by; the same where no field is.
        keyring: Gives the keys of the blind indexes.
        dialect: Of the database that holds the table.
        find_row: From an identifier that was shown to the row's 16 bytes; raises where it is none of its table.
        tables: The data map's tables, by name.
    """

    plan: ReadPlan
    permission: ReadPlan
    keyring: Keyring
    dialect: str
    find_row: Callable[[str, str], bytes] = field(repr=False)
    tables: Mapping[str, MappedTable] = field(repr=False)


def prepare_filters(conditions: Iterable[Condition], context: FilterContext) -> Filters:
    """Judge the conditions and prepare their parameters.

    Raises:
        FilterRefusedError: If a condition would tell what is not given.
        FilterInvalidError: If a value is none of its field.
    """
    work = _Work(context)
    for number, condition in enumerate(conditions):
        work.add(f"w{number}", condition)
    return work.done()


class _Work:
    """Filters under preparation."""

    def __init__(self, context: FilterContext) -> None:
        self._context: Final = context
        self._table: Final[MappedTable] = context.plan.table
        self._comparisons: Final[list[Comparison]] = []
        self._lookups: Final[list[Lookup]] = []
        self._people: Final[list[OfPerson]] = []
        self._values: Final[dict[str, Any]] = {}
        self._kinds: Final[dict[str, frozenset[SubjectKind]]] = {}
        self._personal = False

    def done(self) -> Filters:
        return Filters(
            comparisons=tuple(self._comparisons),
            lookups=tuple(self._lookups),
            people=tuple(self._people),
            values=self._values,
            kinds=self._kinds,
            personal=self._personal,
        )

    def add(self, name: str, condition: Condition) -> None:
        if condition.field in self._table.links:
            self._add_person(name, condition)
            return
        mapped = self._table.field(condition.field)
        kinds = self._allowed(mapped, condition.operator)
        if mapped.link is not None:
            self._found_by(mapped.link, kinds)
        if mapped.storage is Storage.CLEAR:
            self._compare(name, mapped, condition)
        else:
            if not all(isinstance(value, str) and is_storable(value) for value in values_of(condition)):
                raise FilterInvalidError(field=mapped.name, expected=_TEXT)
            lookup = sealed_lookup(self._context.keyring, mapped, condition, name)
            self._lookups.append(lookup)
            self._values.update(lookup.values)

    def _found_by(self, link: str, kinds: frozenset[SubjectKind]) -> None:
        self._personal = True
        self._kinds[link] = self._kinds.get(link, kinds) & kinds

    def _add_person(self, name: str, condition: Condition) -> None:
        link = self._table.links[condition.field]
        given = self._context.plan.layouts.get(link.name)
        if not given:
            raise _refused(condition, phrase("nothing of this person is given"))
        if condition.operator is not Operator.EQUAL:
            raise _refused(condition, phrase("a person is named by the identifier of their row"))
        if not isinstance(condition.value, str):
            raise FilterInvalidError(field=condition.field, expected=phrase("the identifier of a row"))
        by = None if condition.of is None else self._by(link, condition.of)
        self._values[name] = self._context.find_row(condition.of or link.of or self._table.name, condition.value)
        self._found_by(link.name, frozenset(given))
        self._people.append(OfPerson(link=link.name, parameter=name, by=by))

    def _by(self, link: Link, table: str) -> tuple[str, str]:
        """Return the table and its link that leads to the same people as this link."""
        other = self._context.tables.get(table)
        people = link.of or self._table.name
        found = [] if other is None else [name for name, each in other.links.items() if each.of == people]
        if other is None or not found or other.adopted or self._table.adopted:
            raise FilterInvalidError(field=link.name, expected=phrase("a table whose rows speak of the same people"))
        return other.name, found[0]

    def _allowed(self, mapped: MappedField, operator: Operator) -> frozenset[SubjectKind]:
        kinds = set()
        exact = operator in _EXACT and Search.EXACT in mapped.search
        for kind, decision in self._context.permission.decisions(mapped.name).items():
            if decision.form is Form.CLEAR or (exact and decision.exact_lookup):
                kinds.add(kind)
        if not kinds:
            raise FilterRefusedError(field=mapped.name, operator=operator, because=_NOT_CLEAR)
        return frozenset(kind for kind in kinds if kind is not None)

    def _compare(self, name: str, mapped: MappedField, condition: Condition) -> None:
        operator = condition.operator
        if operator in _RANGES and mapped.kind not in _ORDERED:
            raise _refused(condition, phrase("only numbers, dates and moments have an order"))
        if operator is Operator.PREFIX and mapped.kind not in _SPELT:
            raise _refused(condition, phrase("only text begins with something"))
        if operator is Operator.SOUNDS_LIKE:
            raise _refused(condition, phrase("the data map declares no search by sound"))
        many = operator is Operator.IN
        values = values_of(condition)
        clean = [self._clean(mapped, value, operator) for value in values]
        names = [f"{name}_{place}" for place in range(len(clean))] if many else [name]
        self._values.update(zip(names, clean, strict=True))
        self._comparisons.append(Comparison(field=mapped, operator=operator, parameter=name, count=len(clean)))

    def _clean(self, mapped: MappedField, value: Any, operator: Operator) -> Any:
        if value is None:
            raise FilterInvalidError(field=mapped.name, expected=phrase("a value"))
        if operator is Operator.PREFIX or (self._table.adopted and mapped.kind in _SPELT):
            # The beginning of a value is none itself, and another program has its own spellings.
            if not isinstance(value, str) or not value or not is_storable(value):
                raise FilterInvalidError(field=mapped.name, expected=_TEXT)
            return value
        try:
            clean = clean_value(mapped, value)
        except FieldInvalidError:
            raise FilterInvalidError(field=mapped.name, expected=_EXPECTED[mapped.kind]) from None
        return to_driver(mapped, clean, self._context.dialect, adopted=self._table.adopted)


def values_of(condition: Condition) -> tuple[Any, ...]:
    """Return the values of a condition: several for a list, else one.

    Raises:
        FilterInvalidError: If a list stands where one value belongs, or the other way round, or is too long.
    """
    value = condition.value
    if condition.operator is not Operator.IN:
        if isinstance(value, tuple):
            raise FilterInvalidError(field=condition.field, expected=phrase("one value"))
        return (value,)
    if not isinstance(value, tuple) or not 1 <= len(value) <= MOST_VALUES:
        raise FilterInvalidError(
            field=condition.field, expected=phrase("a list of 1 to {most} values", most=MOST_VALUES)
        )
    return value


def _refused(condition: Condition, because: Phrase) -> FilterRefusedError:
    return FilterRefusedError(field=condition.field, operator=condition.operator, because=because)
