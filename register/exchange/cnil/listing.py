"""The sheet that lists the activities, one line each, under who answers for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from governance.spreadsheets.ods_writer import Cell, Style, Value
from governance.spreadsheets.workbooks import Sheet
from governance.vocabulary import DataCategory
from register.exchange.cnil.card import CardRow
from register.exchange.cnil.labels import NAME, REFERENCE, UNFILLED, plain
from register.exchange.written import WrittenActivity, WrittenContact, WrittenParty

TITLE: Final = "Liste des traitements"
_DAYS: Final = ("Date de création de la fiche", "Dernière mise à jour de la fiche")
_HEADINGS: Final = (
    NAME,
    REFERENCE,
    *_DAYS,
    "Finalité du traitement",
    "Données sensibles ?",
)
_EXAMPLE: Final = "(exemple)"
_PURPOSE_PLACE: Final = 4
# What the template counts among sensitive data; the social security number stands among the others.
_SENSITIVE: Final = frozenset({DataCategory.SPECIAL, DataCategory.OFFENCES})
_CONTROLLER: Final = "Coordonnées du responsable de l’organisme"
_REPRESENTATIVE: Final = "Coordonnées du représentant"
_DPO: Final = "Coordonnées du délégué à la protection des données (DPO)"
_FIRM: Final = "Société (si DPO externe) :"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the list."""

    name: str
    reference: str
    purposes: tuple[str, ...]
    row: int
    created: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """What the list tells of an activity that was written out."""

    name: str
    reference: str
    created_on: date | None
    changed_on: date | None
    purposes: str
    sensitive: bool

    @classmethod
    def of(cls, activity: WrittenActivity) -> "ListLine":
        """Return the line of an activity."""
        categories = {each.category for purpose in activity.purposes for each in purpose.data}
        return cls(
            name=activity.name_fr,
            reference=activity.reference or activity.slug,
            created_on=activity.created_on,
            changed_on=activity.changed_on,
            purposes=", ".join(purpose.label_fr for purpose in activity.purposes),
            sensitive=not categories.isdisjoint(_SENSITIVE),
        )

    def cells(self) -> Sequence[Value]:
        """Return its cells."""
        sensitive = "Oui" if self.sensitive else "Non"
        return (self.name, self.reference, self.created_on, self.changed_on, self.purposes, sensitive)


def head_rows(controller: WrittenParty | None) -> Iterator[Sequence[Value]]:
    """Yield the top of the list: who answers for the register, with those who stand for it. GDPR Art. 30(1)(a)."""
    officer = controller and controller.dpo
    firm = officer and officer.firm
    yield from _head(_CONTROLLER, controller)
    yield from _head(_REPRESENTATIVE, controller and controller.representative)
    yield from _head(_DPO, officer)
    yield None, _FIRM, "" if firm is None else firm.name
    yield ()
    yield [Cell(heading, Style.HEADING) for heading in _HEADINGS]


def _head(label: str, contact: WrittenContact | None) -> Iterator[Sequence[Value]]:
    told = ("",) * 6 if contact is None else (
        contact.name, contact.address, contact.email, contact.postcode, contact.city, contact.telephone
    )  # fmt: skip
    name, address, email, postcode, city, telephone = told
    yield Cell(label, Style.LABEL), "Nom :", name, "Adresse :", address, "Adresse mél :", email
    yield None, "Code postal :", postcode, "Ville :", city, "Téléphone :", telephone


def is_list(sheet: Sheet) -> int | None:
    """Return the number of the row of headings where a sheet is a list of activities."""
    for number, cells in enumerate(sheet.rows, start=1):
        words = [plain(cell) for cell in cells]
        if plain(NAME) in words and plain(REFERENCE) in words:
            return number
    return None


def listed_activities(sheet: Sheet, headings: int) -> Iterator[Listed]:
    """Yield the activities of a list."""
    words = [plain(cell) for cell in sheet.rows[headings - 1]]
    name_at, reference_at = words.index(plain(NAME)), words.index(plain(REFERENCE))
    dates = [words.index(plain(each)) for each in _DAYS if plain(each) in words]
    dates = dates if len(dates) == len(_DAYS) else []
    purpose_at = _purpose_column(sheet, headings)
    for number, cells in enumerate(sheet.rows[headings:], start=headings + 1):
        row = CardRow(label="", texts=tuple(cell.strip() for cell in cells))
        name = row[name_at]
        if plain(name) in UNFILLED:
            continue
        purposes = tuple(each.strip() for each in row[purpose_at].replace("\n", ",").split(",") if each.strip())
        yield Listed(
            name=name[len(_EXAMPLE) :].strip() if name.casefold().startswith(_EXAMPLE) else name,
            reference=row[reference_at],
            purposes=tuple(dict.fromkeys(purposes)),
            row=number,
            created=row[dates[0]] if dates else "",
            changed=row[dates[1]] if dates else "",
        )


def _purpose_column(sheet: Sheet, headings: int) -> int:
    # The template has this heading one row above the others.
    for cells in reversed(sheet.rows[max(headings - 2, 0) : headings]):
        for place, cell in enumerate(cells):
            if plain(cell).startswith("finalite"):
                return place
    return _PURPOSE_PLACE
