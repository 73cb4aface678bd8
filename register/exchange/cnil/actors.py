"""Who has a row among the actors of a sheet, and who stands on top of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from governance.errors import Phrase, phrase
from governance.spreadsheets.workbooks import Sheet
from register.exchange.cnil.card import Card, CardRow
from register.exchange.cnil.labels import UNFILLED, Actor, Section, plain
from register.exchange.country_names import country_code
from register.exchange.errors import Wrong
from register.exchange.written import WrittenContact, WrittenOfficer, WrittenPartaking, WrittenParty
from register.lines.values import Relation

_ACTORS: Final = {plain(actor): actor for actor in Actor}
_HOME: Final = "FR"
_FRENCH_POSTCODE: Final = 5
_COUNTRY: Final = 4
# How the list begins the three blocks on its top, and what it calls the cells of each.
_BLOCKS: Final = {
    "coordonnees du responsable": Actor.CONTROLLER,
    "coordonnees du representant": Actor.REPRESENTATIVE,
    "coordonnees du delegue": Actor.DPO,
}
_FIELDS: Final = {
    "nom": "name",
    "prenom": "given",
    "societe": "firm",
    "adresse": "address",
    "code postal": "postcode",
    "ville": "city",
    "telephone": "telephone",
    "adresse mel": "email",
}
_MOST_BLOCKS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorsRead:
    """Who answers for an activity, and with whom."""

    controller: WrittenParty | None
    joint: tuple[WrittenPartaking, ...]

    @classmethod
    def of(cls, card: Card, wrongs: list[Wrong], cells: dict[str, Phrase | str]) -> Self:
        """Read the actors of a sheet."""
        found = _rows_of(card)
        contacts = {each: [_contact(card, row, wrongs) for row in rows] for each, rows in found.items()}
        for each, rows in found.items():
            cells.setdefault(_PATHS[each], card.place(rows[0]))
        firm = contacts.get(Actor.FIRM, [None])[0]
        dpo = contacts.get(Actor.DPO, [None])[0]
        officer = _officer(firm if dpo is None else dpo, None if dpo is None else firm)
        controller = contacts.get(Actor.CONTROLLER, [None])[0]
        joint = [
            WrittenPartaking(party=_party(each), relation=Relation.JOINT_CONTROLLER)
            for each in contacts.get(Actor.JOINT, [])
            if each is not None
        ]
        representative = contacts.get(Actor.REPRESENTATIVE, [None])[0]
        answers = None if controller is None else _party(controller, representative, officer)
        return cls(controller=answers, joint=tuple(joint))


# Who stands for a controller, below it.
_FOR_A_CONTROLLER: Final = frozenset({Actor.DPO, Actor.FIRM, Actor.REPRESENTATIVE})
_PATHS: Final = {
    Actor.CONTROLLER: "controller",
    Actor.DPO: "controller.dpo",
    Actor.FIRM: "controller.dpo.firm",
    Actor.REPRESENTATIVE: "controller.representative",
    Actor.JOINT: "parties",
}


def _rows_of(card: Card) -> dict[Actor, list[CardRow]]:
    """Return who stands on a sheet.

    Where it is done for several controllers, each has a block of rows; those who stand for one in a later block stand
    for nobody else, and are left out.
    """
    found: dict[Actor, list[CardRow]] = {}
    actor: Actor | None = None
    later = False
    for row in card.rows(Section.ACTORS):
        # More joint controllers stand below the first, often without a label of their own.
        before, actor = actor, _actor_of(row.label) if row.label else actor
        later = later or (actor is Actor.CONTROLLER and before in _FOR_A_CONTROLLER and Actor.CONTROLLER in found)
        if actor is not None and row[0] and not (later and actor in _FOR_A_CONTROLLER):
            found.setdefault(actor, []).append(row)
    return found


def read_heads(sheet: Sheet) -> WrittenParty | None:
    """Return who answers for every activity, as the top of the list says; None where it says nobody."""
    found: dict[Actor, dict[str, str]] = {}
    actor: Actor | None = None
    for cells in sheet.rows[:_MOST_BLOCKS]:
        first = plain(cells[0]) if cells else ""
        if first:
            actor = next((each for word, each in _BLOCKS.items() if first.startswith(word)), None)
        if actor is not None:
            found.setdefault(actor, {}).update(_fields(cells[1:]))
    people = {each: _told(told) for each, told in found.items()}
    controller = people.get(Actor.CONTROLLER)
    if controller is None:
        return None
    firm = found.get(Actor.DPO, {}).get("firm", "")
    dpo = people.get(Actor.DPO)
    named = None if dpo is None or firm in {"", dpo.name} else WrittenContact(name=firm)
    return _party(controller, people.get(Actor.REPRESENTATIVE), _officer(dpo, named))


def _fields(cells: Sequence[str]) -> dict[str, str]:
    """Return what stands behind the labels of a row: in the same cell, or in the one beside it."""
    found: dict[str, str] = {}
    waits: str | None = None
    for cell in cells:
        label, colon, told = cell.partition(":")
        name = next((each for word, each in _FIELDS.items() if colon and plain(label).startswith(word)), None)
        if name is not None:
            waits = None if told.strip() else name
            if told.strip():
                found[name] = told.strip()
        elif waits is not None and (plain(cell) not in UNFILLED or any(each.isdigit() for each in cell)):
            found[waits] = cell.strip()
            waits = None
    return found


def _told(told: dict[str, str]) -> WrittenContact | None:
    name = " ".join(filter(None, (told.get("given"), told.get("name")))) or told.get("firm", "")
    if not name:
        return None
    rest = {each: told.get(each, "") for each in ("address", "city", "telephone", "email")}
    return WrittenContact(name=name, postcode=_postcode(told.get("postcode", ""), _HOME), **rest)


def _actor_of(label: str) -> Actor | None:
    words = plain(label)
    return next((actor for word, actor in _ACTORS.items() if words.startswith(word)), None)


def _contact(card: Card, row: CardRow, wrongs: list[Wrong]) -> WrittenContact | None:
    country = country_code(row[_COUNTRY]) if row[_COUNTRY] else _HOME
    if country is None:
        reason = phrase("there is no such country: write its name, or the two letters of ISO 3166-1")
        wrongs.append(Wrong(card.place(row, _COUNTRY), reason))
        return None
    name, address, postcode, city, _, telephone, email = (row[place] for place in range(7))
    return WrittenContact(
        name=name,
        address=address,
        postcode=_postcode(postcode, country),
        city=city,
        country=country,
        telephone=telephone,
        email=email,
    )


def _postcode(text: str, country: str) -> str:
    # A spreadsheet takes 07100 for a number.
    return text.zfill(_FRENCH_POSTCODE) if country == _HOME and text.isdigit() else text


def _party(
    contact: WrittenContact, representative: WrittenContact | None = None, dpo: WrittenOfficer | None = None
) -> WrittenParty:
    told = {name: getattr(contact, name) for name in WrittenContact.__dataclass_fields__}
    return WrittenParty(**told, representative=representative, dpo=dpo)


def _officer(contact: WrittenContact | None, firm: WrittenContact | None) -> WrittenOfficer | None:
    if contact is None:
        return None
    return WrittenOfficer(**{name: getattr(contact, name) for name in WrittenContact.__dataclass_fields__}, firm=firm)
