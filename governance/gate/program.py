"""A plan made ready to run: where everything lies in a fetched tuple, and what becomes of it for each kind of person.

A tuple is the row's 16 bytes; for each link its person (`MARKS`) and, where consent is asked for, the consent; the
clear columns; each box with its revision; in Égide's own tables the row's MAC and the revisions of its other boxes;
and, behind all that, what the page is ordered by where that is not the row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from struct import Struct
from typing import Final

import orjson

from consent.probe import COLUMNS as CONSENT_COLUMNS
from governance.datamap.catalogue import Catalogue
from governance.datamap.given_notices import open_places
from governance.datamap.values import FieldKind, MappedField, MappedTable, Storage
from governance.days import day_of
from governance.gate.columns import Converter, adopted_converter, own_converter
from governance.gate.forms import Transform, generalisation_of, mask_of
from governance.gate.plan import Layout, ReadPlan
from governance.gate.pseudonyms import Veil
from governance.gate.row_macs import boxes_of, row_layout
from governance.gate.rules import Decision
from governance.vault.boxes import BoxBinding
from governance.vocabulary import DataCategory, Form, SubjectKind

# What a tuple holds of a person, in this order; and, after it, `CONSENT_COLUMNS` of a consent.
MARKS: Final = ("id", "kind", "state", "objections", "key_version", "epoch", "wrapped_key")

Place = tuple[str, DataCategory]
Kinds = tuple[SubjectKind | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSlot:
    """Where a tuple holds one person.

    Attributes:
        name: The link.
        kind: In what capacity the map expects them.
        position: Where the person's number lies; the other marks follow.
        given: Whether the plan gives anything of them, so that their consent and objections count.
        consent: Where their consent lies; None where none is asked for.
        repeated: Whether one person may stand in many rows of a page.
    """

    name: str
    kind: SubjectKind
    position: int
    given: bool
    consent: int | None
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearSlot:
    """Where a tuple holds a clear column, and how it leaves."""

    field: MappedField
    position: int
    convert: Converter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxSlot:
    """Where a tuple holds a box; its revision follows.

    Attributes:
        link: The number of its person among the links.
        current: What boxes sealed today are bound to.
        known: What boxes of every shape are bound to, by shape number.
    """

    place: Place
    link: int
    position: int
    current: BoxBinding
    known: Mapping[int, BoxBinding]


@dataclass(frozen=True, slots=True, kw_only=True)
class MacSlot:
    """Where a tuple of one of Égide's own tables holds the row's MAC; the revisions of the `others` follow.

    Attributes:
        others: The places of the boxes that are not fetched.
        revisions: By link, where the tuple holds the revisions of its boxes, by the codes of their categories.
        layout: What is signed: the table's number, the row, and for each link the person and those revisions.
    """

    position: int
    others: tuple[Place, ...]
    revisions: tuple[tuple[int, ...], ...]
    layout: Struct = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFormat:
    """What a tuple holds, in its order."""

    links: tuple[LinkSlot, ...]
    clear: tuple[ClearSlot, ...]
    boxes: tuple[BoxSlot, ...]
    mac: MacSlot | None
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRecipe:
    """What becomes of a box.

    Attributes:
        given: The fields that are given, in the order of the box.
        transforms: What is done to those not given clear.
        kinds: What values those look like.
        dropped: The fields of today's boxes that are not given.
        nothing: What stands for a box that a row does not have.
    """

    slot: BoxSlot
    given: tuple[str, ...]
    transforms: tuple[tuple[str, Transform], ...]
    kinds: Mapping[str, FieldKind]
    dropped: tuple[str, ...]
    nothing: bytes

    @property
    def whole(self) -> bool:
        """Whether the box leaves as it was sealed."""
        return not self.transforms and not self.dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearRecipe:
    """What becomes of a clear column: its name, and what is done to it (None: nothing)."""

    slot: ClearSlot
    give: Converter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is given of a row whose people are of certain kinds."""

    boxes: tuple[BoxRecipe, ...]
    clear: tuple[ClearRecipe, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """A plan, where its data lies, and how it is given.

    Attributes:
        plan: The plan.
        format: What a fetched tuple holds.
        veil: The purpose's pseudonyms.
        tables: The data map's tables, to which links and references lead.
        recipes: Filled as kinds of people are met.
    """

    plan: ReadPlan
    format: RowFormat
    veil: Veil = field(repr=False)
    tables: Mapping[str, MappedTable] = field(repr=False)
    recipes: dict[Kinds, Recipe | None] = field(repr=False, default_factory=dict)

    @property
    def table(self) -> MappedTable:
        """The table that is read."""
        return self.plan.table

    @property
    def asks_notices(self) -> bool:
        """Whether a row is given only as far as its data was collected under a notice that names the purpose."""
        return self.plan.notices is not None and bool(self.plan.layouts)

    @property
    def usual(self) -> Kinds:
        """The kinds of people that the map expects."""
        return tuple(link.kind for link in self.format.links)

    def opened(self, given: bytes) -> frozenset[Place]:
        """Return the places of a row that the notices behind its MAC open to the purpose."""
        return open_places(self.table, given, self.plan.notices or frozenset())

    def given(self, kinds: Kinds) -> frozenset[Place]:
        """Return the places of which anything is given where the people are of these kinds."""
        recipe = self.recipe(kinds)
        if recipe is None:
            return frozenset()
        columns = ((column.slot.field.link, column.slot.field.category) for column in recipe.clear)
        boxes = (box.slot.place for box in recipe.boxes)
        return frozenset([*boxes, *((link, category) for link, category in columns if link is not None)])

    def recipe(self, kinds: Kinds) -> Recipe | None:
        """Return what is given of a row whose people are of these kinds; None where nothing is."""
        try:
            return self.recipes[kinds]
        except KeyError:
            recipe = self.recipes[kinds] = _recipe(self, kinds)
            return recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a program runs.

    Attributes:
        catalogue: The data map in force.
        installation: 16 bytes that boxes are bound to.
        dialect: Of the database that holds the table.
    """

    catalogue: Catalogue
    installation: bytes
    dialect: str


def build_program(plan: ReadPlan, ground: Ground, veil: Veil, also: Iterable[str] = ()) -> Program:
    """Make a plan ready to run.

    Args:
        plan: The plan.
        ground: Where it runs.
        veil: The purpose's pseudonyms.
        also: Sealed fields whose boxes are opened to compare them, given or not.
    """
    needed = {name for kinds in plan.layouts.values() for layout in kinds.values() for name in layout}
    needed |= {*plan.nobody, *also}
    form = _format(plan, ground, frozenset(needed))
    return Program(plan=plan, format=form, veil=veil, tables=ground.catalogue.tables)


def _format(plan: ReadPlan, ground: Ground, needed: frozenset[str]) -> RowFormat:
    position = 1
    links = []
    for link in plan.table.links.values():
        given = link.name in plan.layouts
        asked = given and plan.consent is not None
        links.append(
            LinkSlot(
                name=link.name,
                kind=link.kind,
                position=position,
                given=given,
                consent=position + len(MARKS) if asked else None,
                repeated=link.of is not None,
            )
        )
        position += len(MARKS) + (len(CONSENT_COLUMNS) if asked else 0)
    clear = []
    for each in plan.table.fields.values():
        if each.name in needed and each.storage is Storage.CLEAR:
            clear.append(ClearSlot(field=each, position=position, convert=_converter(plan.table, each, ground.dialect)))
            position += 1
    boxes = []
    numbers = {link.name: number for number, link in enumerate(links)}
    for place, names in plan.table.boxes.items():
        if needed.intersection(names):
            known = ground.catalogue.bindings(ground.installation, plan.table, *place)
            current = known[ground.catalogue.shape(plan.table, *place).id]
            slot = BoxSlot(place=place, link=numbers[place[0]], position=position, current=current, known=known)
            boxes.append(slot)
            position += 2
    mac = None if plan.table.adopted else _mac_slot(plan.table, position, boxes)
    if mac is not None:
        position += 1 + len(mac.others)
    return RowFormat(links=tuple(links), clear=tuple(clear), boxes=tuple(boxes), mac=mac, width=position)


def _mac_slot(table: MappedTable, position: int, boxes: Iterable[BoxSlot]) -> MacSlot:
    positions = {slot.place: slot.position + 1 for slot in boxes}
    others = tuple(place for place in table.boxes if place not in positions)
    positions |= {place: number for number, place in enumerate(others, position + 1)}
    return MacSlot(
        position=position,
        others=others,
        revisions=tuple(tuple(positions[link, category] for category in boxes_of(table, link)) for link in table.links),
        layout=row_layout(table),
    )


def _converter(table: MappedTable, mapped: MappedField, dialect: str) -> Converter | None:
    return adopted_converter(mapped) if table.adopted else own_converter(mapped, dialect)


def _recipe(program: Program, kinds: Kinds) -> Recipe | None:
    plan = program.plan
    given: dict[str, Layout] = {}
    for link, kind in zip(program.format.links, kinds, strict=True):
        # A row of an adopted table that names nobody has no marks to obey; its columns are given as the map expects.
        given[link.name] = plan.layouts.get(link.name, {}).get(kind or link.kind, {})
    if plan.layouts and not any(given.values()):
        return None
    boxes = [_box(program, slot, given[slot.place[0]]) for slot in program.format.boxes]
    clear = [
        _clear(program, slot, plan.nobody if slot.field.link is None else given[slot.field.link])
        for slot in program.format.clear
    ]
    return Recipe(
        boxes=tuple(box for box in boxes if box is not None),
        clear=tuple(column for column in clear if column is not None),
    )


def _box(program: Program, slot: BoxSlot, layout: Layout) -> BoxRecipe | None:
    given = tuple(name for name in slot.current.fields if name in layout)
    if not given:
        return None
    transforms = []
    for name in given:
        transform = _transform(program, program.table.fields[name], layout[name])
        if transform is not None:
            transforms.append((name, transform))
    return BoxRecipe(
        slot=slot,
        given=given,
        transforms=tuple(transforms),
        kinds={name: program.table.fields[name].kind for name, _ in transforms},
        dropped=tuple(name for name in slot.current.fields if name not in layout),
        nothing=orjson.dumps(dict.fromkeys(given)),
    )


def _clear(program: Program, slot: ClearSlot, layout: Layout) -> ClearRecipe | None:
    decision = layout.get(slot.field.name)
    if decision is None:
        return None
    hidden = program.plan.opaque or decision.form is Form.PSEUDONYM
    if slot.field.kind is FieldKind.REFERENCE and decision.form is not Form.MASKED and hidden:
        return ClearRecipe(slot=slot, give=_hidden_reference(program, slot.field))
    transform = _transform(program, slot.field, decision)
    convert = slot.convert
    if transform is None or convert is None:
        return ClearRecipe(slot=slot, give=transform or convert)
    return ClearRecipe(slot=slot, give=_both(convert, transform))


def _both(convert: Converter, transform: Transform) -> Converter:
    return lambda raw: transform(convert(raw))


def _transform(program: Program, mapped: MappedField, decision: Decision) -> Transform | None:
    if decision.form is Form.MASKED:
        return mask_of(mapped.kind)
    if decision.form is Form.PSEUDONYM:
        return program.veil.values.of(mapped.kind)
    if decision.form is Form.GENERALISED:
        return generalisation_of(mapped.kind, day_of(program.plan.planned_at))
    return None


def _hidden_reference(program: Program, mapped: MappedField) -> Converter:
    # An identifier of a row stays a pseudonym wherever it stands, or two tables would be joined by it.
    of = program.tables[mapped.of or program.table.name].id
    hide = program.veil.hide
    return lambda raw: None if raw is None else hide(of, bytes(raw)).decode()
