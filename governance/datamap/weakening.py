"""What a map would protect less than the one in force, in words; and who may put such a map in force.

A category, a mark or a link decides whose grants open a column, and whose objections close it. Whoever prepares maps
could otherwise open by a word what two people would have to grant: so what is described already is described less
strictly by the controller alone, in person. GDPR Art. 24 and 25(2).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from governance.actor import Actor, ActorKind, Role
from governance.datamap.difference import ASPECTS, Aspect, Difference, Part, Sort, differences
from governance.datamap.errors import DecisionNeededError, MapOpensError, MapWeakensError
from governance.datamap.labels import CATEGORY_LABELS, FIELD_KIND_LABELS, KINDS_LABELS, SEARCH_LABELS, STORAGE_LABELS
from governance.datamap.opening import Openings
from governance.datamap.values import DataMap, FieldKind, MappedField, MappedTable, Search, Storage
from governance.errors import Phrase, listed, phrase
from governance.vocabulary import DataCategory, SubjectKind

# What may only be put on by others; taking it away opens.
_MARKS: Final = ("special", "criminal", "nir", "free_text")
# Any change of these hands the column to other grants, other persons or another mask.
_DECIDING: Final = frozenset({"category", "link", "kind", "of", "of_link", "columns", "physical", "schema", "key"})
_LABELS: Final[Mapping[type, Mapping[Any, str]]] = {
    DataCategory: CATEGORY_LABELS,
    SubjectKind: KINDS_LABELS,
    FieldKind: FIELD_KIND_LABELS,
    Storage: STORAGE_LABELS,
    Search: SEARCH_LABELS,
}
_Described = tuple[MappedTable, MappedField]


def decides(actor: Actor) -> bool:
    """Say whether the actor decides about maps: a controller in person, no token and not the host alone."""
    in_person = actor.kind is ActorKind.HOST or (actor.kind is ActorKind.PERSON and actor.token is None)
    return in_person and actor.id is not None and Role.CONTROLLER in actor.roles


def check_decides(actor: Actor) -> None:
    """Refuse whoever does not decide what enrolled rows are.

    Raises:
        DecisionNeededError: If it is not a controller in person.
    """
    if not decides(actor):
        raise DecisionNeededError


def check_not_weaker(actor: Actor, source: str, weaker: list[Phrase]) -> None:
    """Refuse a map that protects less, but from the controller.

    Raises:
        MapWeakensError: If somebody else loads it.
    """
    if weaker and not decides(actor):
        raise MapWeakensError(source=source, changes=listed(weaker, "; "))


def check_not_opening(actor: Actor, source: str, openings: Openings) -> None:
    """Refuse a map that opens new columns at once, but from the controller.

    Raises:
        MapOpensError: If somebody else loads it.
    """
    if openings and not decides(actor):
        raise MapOpensError(source=source, opens=openings.said())


def weakenings(before: DataMap | None, after: DataMap, base: DataMap) -> list[Phrase]:
    """Return, in words, what a map protects less than what is in force.

    What is new is not compared with anything: whether grants open it already, `opening` says.

    Args:
        before: The map in force of the same database; None where it has none.
        after: The map to load.
        base: The map that comes with the program, of Égide's own database.
    """
    found: list[Phrase] = []
    if after.source is None:
        found += _of_columns(base, after)
    if before is not None:
        found += [*_of_address(before, after), *_of_parts(before, after), *_of_columns(before, after)]
    return list(dict.fromkeys(found))


def _of_address(before: DataMap, after: DataMap) -> Iterator[Phrase]:
    if after.address not in {None, before.address}:
        yield phrase("the database is to be read at another address")


def _of_parts(before: DataMap, after: DataMap) -> Iterator[Phrase]:
    found = differences(before, after)
    gone = {each.table for each in found if each.part is Part.TABLE and each.sort is Sort.REMOVED}
    for each in found:
        if each.part is Part.TABLE and each.table in gone:
            yield phrase("the table {table} goes out", table=each.table)
        elif each.table not in gone:
            yield from _of_part(each)


def _of_part(each: Difference) -> Iterator[Phrase]:
    place = each.name if each.part is Part.TABLE else f"{each.table}.{each.name}"
    if each.sort is Sort.REMOVED:
        yield phrase("{place} goes out", place=place)
    elif each.sort is Sort.CHANGED:
        yield from (_changed(place, aspect) for aspect in each.aspects if _weakens(aspect))


def _of_columns(before: DataMap, after: DataMap) -> Iterator[Phrase]:
    """Yield where a column is described otherwise under another name: it would be read as that name says."""
    known: dict[tuple[str, str], list[_Described]] = {}
    for table in before.tables.values():
        for field in table.fields.values():
            known.setdefault(_place(table, field), []).append((table, field))
    for table in after.tables.values():
        for field in table.fields.values():
            for was in known.get(_place(table, field), []):
                yield from _renamed(was, (table, field))


def _place(table: MappedTable, field: MappedField) -> tuple[str, str]:
    # SQLite takes capitals for small letters.
    return table.physical.casefold(), field.column.casefold()


def _renamed(before: _Described, after: _Described) -> Iterator[Phrase]:
    (old_table, old), (new_table, new) = before, after
    if (old_table.name, old.name) == (new_table.name, new.name):
        return
    if None not in {old_table.schema, new_table.schema} and old_table.schema != new_table.schema:
        return
    place = f"{new_table.name}.{new.name}"
    pairs = [Aspect(name=name, before=getattr(old, name), after=getattr(new, name)) for name in ("category", *_MARKS)]
    pairs += [Aspect(name="kind", before=old.kind, after=new.kind)]
    pairs += [Aspect(name="link", before=_kind(old_table, old), after=_kind(new_table, new))]
    for aspect in pairs:
        if aspect.before != aspect.after and _weakens(aspect):
            yield phrase(
                "{changed} (the column of {table}.{field})",
                changed=_changed(place, aspect),
                table=old_table.name,
                field=old.name,
            )


def _kind(table: MappedTable, field: MappedField) -> SubjectKind | None:
    return None if field.link is None else table.links[field.link].kind


def _weakens(aspect: Aspect) -> bool:
    if aspect.name in _MARKS:
        return bool(aspect.before)
    if aspect.name == "storage":
        return aspect.after is Storage.CLEAR
    if isinstance(aspect.before, frozenset) and isinstance(aspect.after, frozenset):
        # People are found by more than before.
        return bool(aspect.after - aspect.before)
    return aspect.name in _DECIDING


def _changed(place: str, aspect: Aspect) -> Phrase:
    name = Phrase(ASPECTS["link" if isinstance(aspect.before, SubjectKind) else aspect.name], {})
    if aspect.name in _MARKS:
        return phrase("{place} is no longer marked as: {mark}", place=place, mark=name)
    return phrase(
        "{place}: {aspect} was {before}, would be {after}",
        place=place,
        aspect=name,
        before=_said(aspect.name, aspect.before),
        after=_said(aspect.name, aspect.after),
    )


def _said(name: str, value: object) -> object:
    if value in (None, (), frozenset()):
        return phrase("nobody") if name == "link" else "-"
    if isinstance(value, frozenset):
        return listed(_said(name, each) for each in sorted(value))
    if type(value) in _LABELS:
        return Phrase(_LABELS[type(value)][value], {})
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
