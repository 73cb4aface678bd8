"""What loading a map would change: tables, links and columns that come, go, or mean something else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from governance.datamap.values import DataMap, Link, MappedField, MappedTable
from governance.errors import mark

# What is compared of a field and of a link, and what it is called.
ASPECTS: Final[Mapping[str, str]] = {
    "column": mark("column"),
    "category": mark("category"),
    "link": mark("whose"),
    "kind": mark("kind of value"),
    "storage": mark("storage"),
    "origin": mark("origin"),
    "search": mark("search"),
    "choices": mark("choices"),
    "special": mark("special category"),
    "criminal": mark("offences"),
    "nir": mark("national number"),
    "free_text": mark("free text"),
    "required": mark("required"),
    "physical": mark("table"),
    "key": mark("key"),
    "schema": mark("schema"),
    "of": mark("leads to"),
    "of_link": mark("by its link"),
    "columns": mark("columns"),
}
_OF_FIELD: Final = (
    "column", "category", "link", "kind", "storage", "origin", "search", "choices", "special", "criminal", "nir",
    "free_text", "required",
)  # fmt: skip
_OF_LINK: Final = ("kind", "of", "of_link", "columns")
_OF_TABLE: Final = ("physical", "schema", "key")


class Sort(StrEnum):
    """What happens to a part of a map."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """Which part."""

    TABLE = "table"
    LINK = "link"
    FIELD = "field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One thing that is said differently: of an enumeration, its members; of a list, its items."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One part that comes, goes or changes.

    Attributes:
        sort: What happens to it.
        part: Which part it is.
        table: The table it is, or is of.
        name: The link's or the field's name; the table's own for a table.
        aspects: What changes of it.
        field: The field as it will be, or as it was where it goes.
    """

    sort: Sort
    part: Part
    table: str
    name: str
    aspects: tuple[Aspect, ...] = ()
    field: MappedField | None = None


def differences(before: DataMap | None, after: DataMap) -> list[Difference]:
    """Return what loading one map after another changes, table by table; everything, where there was none."""
    old: Mapping[str, MappedTable] = {} if before is None else before.tables
    found: list[Difference] = []
    for name in dict.fromkeys([*old, *after.tables]):
        found += _of_table(name, old.get(name), after.tables.get(name))
    return found


def _of_table(name: str, before: MappedTable | None, after: MappedTable | None) -> Iterator[Difference]:
    if before is None or after is None:
        sort = Sort.ADDED if before is None else Sort.REMOVED
        yield Difference(sort=sort, part=Part.TABLE, table=name, name=name)
    elif aspects := _aspects(before, after, _OF_TABLE):
        yield Difference(sort=Sort.CHANGED, part=Part.TABLE, table=name, name=name, aspects=aspects)
    links: tuple[Mapping[str, Link], ...] = tuple({} if each is None else each.links for each in (before, after))
    yield from _of_parts(name, (Part.LINK, _OF_LINK), links[0], links[1])
    fields: tuple[Mapping[str, MappedField], ...] = tuple(
        {} if each is None else each.fields for each in (before, after)
    )
    yield from _of_parts(name, (Part.FIELD, _OF_FIELD), fields[0], fields[1])


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _of_parts(
    table: str, about: tuple[Part, Sequence[str]], before: Mapping[str, _Named], after: Mapping[str, _Named]
) -> Iterator[Difference]:
    part, names = about
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        shown: Any = new if new is not None else old
        field = shown if part is Part.FIELD else None
        if old is None or new is None:
            sort = Sort.ADDED if old is None else Sort.REMOVED
            yield Difference(sort=sort, part=part, table=table, name=name, field=field)
        elif aspects := _aspects(old, new, names):
            yield Difference(sort=Sort.CHANGED, part=part, table=table, name=name, aspects=aspects, field=field)


def _aspects(before: object, after: object, names: Sequence[str]) -> tuple[Aspect, ...]:
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(Aspect(name=name, before=old, after=new) for name, old, new in pairs if old != new)
