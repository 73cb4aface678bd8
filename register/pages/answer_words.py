"""Answers in words: what was answered, and what the record says beside it, in the reader's language. Plain text."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask_babel import format_decimal, get_locale, gettext
from sqlalchemy.orm import Session

from governance.datamap.labels import KINDS_LABELS
from governance.spoken_days import spoken_day
from register.labels import PROVENANCE_LABELS
from register.lines.contents import AssetLine, MeasureLine, PeopleLine, TransferLine
from register.lines.labels import SAFEGUARD_LABELS
from register.lines.told import Called, called_in
from register.questionnaires.items import AnsweredTransfer, Contact, Item
from register.questionnaires.labels import PART_LABELS
from register.questionnaires.values import Part

Names = Mapping[uuid.UUID, Called]


def names_in(session: Session, items: Iterable[Item]) -> Names:
    """Return what the measures that answers name are called."""
    return called_in(session, [each.said for each in items])


def said_of(item: Item, names: Names) -> str:
    """Return what was answered."""
    told = words_of(item.said, names)
    if item.part is Part.SUB_PROCESSORS and not told:
        return str(gettext("none"))
    return "\n".join(part for part in (told, item.words) if part)


def words_of(said: object, names: Names) -> str:
    """Return something that was answered, or that the record says, in words; "" for nothing."""
    if said is None:
        return ""
    if isinstance(said, str):
        return said
    return _TELLERS[type(said)](said, names)


def written_of(item: Item, names: Names) -> str:
    """Return how an answer is written where the record has words for it: after its question."""
    return str(gettext("%(what)s: %(which)s", what=gettext(PART_LABELS[item.part]), which=said_of(item, names)))


def _french() -> bool:
    return bool(get_locale().language == "fr")


def _measure(said: MeasureLine, names: Names) -> str:
    called = names.get(said.measure_id)
    return "—" if called is None else called[0 if _french() else 1]


def _transfer(said: AnsweredTransfer | TransferLine, _names: Names) -> str:
    country = str(get_locale().territories.get(said.country, said.country))
    safeguard = gettext("no safeguard named") if said.safeguard is None else gettext(SAFEGUARD_LABELS[said.safeguard])
    return "\n".join(part for part in (f"{country} · {safeguard}", said.grounds) if part)


def _people(said: PeopleLine, _names: Names) -> str:
    return f"{gettext(KINDS_LABELS[said.subject_kind])} · {format_decimal(said.estimate)}"


def _asset(said: AssetLine, _names: Names) -> str:
    return said.name


def _contact(said: Contact, _names: Names) -> str:
    return "\n".join(part for part in (said.name, said.email, said.telephone) if part)


def _day(said: date, _names: Names) -> str:
    return spoken_day(said, str(get_locale()))


def _sources(said: tuple[Any, ...], _names: Names) -> str:
    return ", ".join(gettext(PROVENANCE_LABELS[each]) for each in said)


_TELLERS: Final[Mapping[type[Any], Callable[[Any, Names], str]]] = {
    MeasureLine: _measure,
    AnsweredTransfer: _transfer,
    TransferLine: _transfer,
    PeopleLine: _people,
    AssetLine: _asset,
    Contact: _contact,
    date: _day,
    tuple: _sources,
}
