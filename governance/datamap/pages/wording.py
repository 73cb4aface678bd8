"""How the data map is written for the reader of a page: its words, its reasons and what differs, in their language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint
from flask_babel import get_locale, gettext

from audit.labels import OBJECT_LABELS
from governance.actor import ROLE_LABELS
from governance.datamap.adopt.proposal import Confidence
from governance.datamap.check import Severity
from governance.datamap.desk import MapDesk
from governance.datamap.difference import ASPECTS, Sort
from governance.datamap.labels import (
    CATEGORY_LABELS,
    FIELD_KIND_LABELS,
    KINDS_LABELS,
    ORIGIN_LABELS,
    SEARCH_LABELS,
    STORAGE_LABELS,
)
from governance.datamap.opening import Opening
from governance.datamap.values import FieldKind, Origin, Search, Storage
from governance.errors import Phrase, listed, mark
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.context import current
from governance.web.problems import spoken

_CONFIDENCE: Final[Mapping[Confidence, str]] = {
    Confidence.HIGH: mark("sure"),
    Confidence.MEDIUM: mark("likely"),
    Confidence.LOW: mark("doubtful"),
}
_SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.ERROR: mark("reads fail"),
    Severity.WARNING: mark("surprising"),
    Severity.NOTE: mark("for information"),
}
_SORTS: Final[Mapping[Sort, str]] = {
    Sort.ADDED: mark("comes in"),
    Sort.REMOVED: mark("goes out"),
    Sort.CHANGED: mark("changes"),
}
_LABELS: Final[Mapping[type, Mapping[Any, str]]] = {
    DataCategory: CATEGORY_LABELS,
    SubjectKind: KINDS_LABELS,
    FieldKind: FIELD_KIND_LABELS,
    Storage: STORAGE_LABELS,
    Origin: ORIGIN_LABELS,
    Search: SEARCH_LABELS,
    Confidence: _CONFIDENCE,
    Severity: _SEVERITY,
    Sort: _SORTS,
}


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions as filters."""
    for written in (map_word, reason, table_title, field_title, aspect_name, aspect_value, openings_told):
        blueprint.add_app_template_filter(written)


def map_word(member: object) -> str:
    """Return what a word of the data map is called, in the reader's language."""
    return str(gettext(_LABELS[type(member)][member]))


def reason(words: str) -> str:
    """Return a reason in the reader's language; what was never a phrase stands as it is."""
    return spoken(words) if isinstance(words, Phrase) else words


def table_title(name: str) -> str:
    """Return what a table is called: in words where the house has some, its name otherwise."""
    label = OBJECT_LABELS.get(name)
    return name.replace("_", " ") if label is None else str(gettext(label))


def field_title(name: str) -> str:
    """Return what a field is called: its name in words, in the reader's language where it has them."""
    return str(gettext(current().get(MapDesk).titles(name)))


def aspect_name(name: str) -> str:
    """Return what an aspect of a map's part is called."""
    return str(gettext(ASPECTS[name]))


def aspect_value(value: object) -> str:
    """Return what is said of an aspect, in words."""
    if value in (None, (), frozenset()):
        return "—"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if type(value) in _LABELS:
        return map_word(value)
    if isinstance(value, str):
        return value
    return ", ".join(sorted(map(aspect_value, _items(value))))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningTold:
    """Who would obtain which new columns, for what, in the reader's language."""

    role: str
    purposes: str
    doing: str
    columns: str


def openings_told(found: Iterable[Opening]) -> list[OpeningTold]:
    """Say who would obtain which new columns; purposes for which a role would do the same with them stand together."""
    alike: dict[tuple[object, ...], list[Opening]] = {}
    for each in found:
        places = tuple((column.table.name, column.field.name) for column in each.columns)
        alike.setdefault((each.role, each.action, each.form, each.kind, places), []).append(each)
    return [_opening_told(together) for together in alike.values()]


def _opening_told(together: Sequence[Opening]) -> OpeningTold:
    opening = together[0]
    titles: dict[str, list[str]] = {}
    for each in opening.columns:
        titles.setdefault(each.table.name, []).append(_in_a_sentence(field_title(each.field.name)))
    columns = listed(f"{', '.join(names)} ({table_title(table)})" for table, names in titles.items())
    in_english = get_locale().language == "en"
    purposes = ", ".join(each.label_en if in_english else each.label_fr for each in together)
    return OpeningTold(
        role=str(gettext(ROLE_LABELS[opening.role])),
        purposes=purposes,
        doing=spoken(opening.doing),
        columns=spoken(opening.of_whom(columns)),
    )


def _in_a_sentence(title: str) -> str:
    # What begins with two capitals is an abbreviation.
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple | frozenset) else (str(value),)
