"""A workbook of the simplified register, read whole: every sheet of an activity, and the list for what has no sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.errors import phrase
from governance.spreadsheets.workbooks import Sheet
from register.exchange.cnil.actors import read_heads
from register.exchange.cnil.card import Card, read_card
from register.exchange.cnil.complement import read_complement
from register.exchange.cnil.labels import NAME, REFERENCE, Section, plain
from register.exchange.cnil.listing import Listed, is_list, listed_activities
from register.exchange.cnil.merging import merged
from register.exchange.cnil.understanding import slug_of, understand
from register.exchange.codec import WrongValueError, read
from register.exchange.codec import plain as as_plain
from register.exchange.days import day_in
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.placed import PlacedActivity, ReadRegister
from register.exchange.unique import once_each
from register.exchange.written import WrittenActivity, WrittenParty, WrittenPurpose
from register.slugs import is_slug
from register.values import PurposePart

NAME_OF_FORMAT: Final = "ods"
_ALL: Final = tuple(PurposePart)
_LABEL: Final = 200


@dataclass(kw_only=True)
class _Workbook:
    """What the sheets of a workbook are."""

    cards: list[Card] = field(default_factory=list)
    listed: list[tuple[str, Listed]] = field(default_factory=list)
    heads: WrittenParty | None = None
    ours: Mapping[str, WrittenActivity] = field(default_factory=dict)


def read_simplified(sheets: Sequence[Sheet], digest: str) -> ReadRegister | None:
    """Return the activities of a workbook; None where it is no simplified register.

    Raises:
        MalformedRegisterError: If something in it cannot be read, with each sheet and cell.
    """
    workbook = _sorted(sheets)
    if not workbook.cards and not workbook.listed:
        return None
    found: list[PlacedActivity] = []
    wrongs: list[Wrong] = []
    for card in workbook.cards:
        placed = _placed(workbook, card, wrongs)
        if placed is not None:
            found.append(placed)
    references = {_key(card) for card in workbook.cards} - {""}
    names = {plain(each.activity.name_fr) for each in found}
    for sheet, listed in workbook.listed:
        if _reference(listed.reference) not in references and plain(listed.name) not in names:
            found.append(_from_list(sheet, listed, workbook.heads))
    wrongs += [wrong for each in found for wrong in _beyond(each)]
    if wrongs:
        raise MalformedRegisterError(wrongs=tuple(wrongs))
    return ReadRegister(format=NAME_OF_FORMAT, digest=digest, activities=once_each(found))


def _sorted(sheets: Sequence[Sheet]) -> _Workbook:
    workbook = _Workbook()
    for sheet in sheets:
        ours = read_complement(sheet)
        card = None if ours is not None else read_card(sheet)
        headings = None if ours is not None or card is not None else is_list(sheet)
        if ours is not None:
            workbook.ours = ours
        elif card is not None:
            workbook.cards.append(card)
        elif headings is not None:
            workbook.heads = workbook.heads or read_heads(sheet)
            workbook.listed += [(sheet.name, each) for each in listed_activities(sheet, headings)]
    return workbook


def _placed(workbook: _Workbook, card: Card, wrongs: list[Wrong]) -> PlacedActivity | None:
    name = card.said(NAME)
    ours = workbook.ours.get(card.sheet) or _by_reference(workbook, card)
    if ours is None and (name is None or not name[0]):
        # The blank model, which stays in the workbook: but not where somebody filled it in and forgot the name.
        if any(any(row.texts) for section, rows in card.parts.items() if section is Section.PURPOSES for row in rows):
            wrongs.append(Wrong(card.place(name), phrase("the activity has no name: write it beside this label")))
        return None
    activity, understood = understand(card, workbook.heads) if ours is None else merged(ours, card)
    wrongs += understood.wrongs
    return PlacedActivity(
        activity=activity,
        where=card.place(),
        cells=understood.cells,
        notes=tuple(understood.notes),
        guessed=() if ours is not None else _ALL,
    )


def _by_reference(workbook: _Workbook, card: Card) -> WrittenActivity | None:
    """Return what we wrote of an activity whose sheet was given another name, and not of a copy of it."""
    sheets = {each.sheet for each in workbook.cards}
    for sheet, activity in workbook.ours.items():
        if sheet not in sheets and _reference(activity.reference or activity.slug) == _key(card):
            return activity
    return None


def _reference(reference: str) -> str:
    """Return a reference as two of them are compared."""
    return " ".join(reference.casefold().split())


def _key(card: Card) -> str:
    row = card.said(REFERENCE)
    return "" if row is None else _reference(row[0])


def _from_list(sheet: str, listed: Listed, heads: WrittenParty | None) -> PlacedActivity:
    slug = listed.reference if is_slug(listed.reference) else slug_of(listed.name)
    purposes = tuple(
        WrittenPurpose(slug=f"{slug[:56].rstrip('-')}-{place}", label_fr=label[:_LABEL], label_en=label[:_LABEL])
        for place, label in enumerate(listed.purposes, start=1)
    )
    where = phrase("sheet “{sheet}”, cell {cell}", sheet=sheet, cell=f"A{listed.row}")
    note = phrase("It stands in the list and has no sheet of its own: only its name and its purposes are known.")
    return PlacedActivity(
        activity=WrittenActivity(
            slug=slug,
            reference="" if listed.reference == slug else listed.reference,
            name_fr=listed.name,
            name_en=listed.name,
            controller=heads,
            purposes=purposes,
            created_on=day_in(listed.created),
            changed_on=day_in(listed.changed),
        ),
        where=where,
        notes=(note,),
        guessed=_ALL,
    )


def _beyond(placed: PlacedActivity) -> Sequence[Wrong]:
    """Return what of an activity is longer, or looks otherwise, than the register keeps it."""
    try:
        read(WrittenActivity, as_plain(placed.activity), "")
    except WrongValueError as error:
        return (Wrong(placed.place_of(str(error.wrong.place).lstrip(".")), error.wrong.reason),)
    return ()
