"""The form that says how a file is read: a choice for each column, values for all rows, meanings of coded values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from flask_babel import get_locale, gettext
from werkzeug.datastructures import MultiDict

from governance.customers.entry import writable_fields
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.columns import target_names
from governance.customers.importing.synonyms import COLLECTED_ON, VERIFIED_ON
from governance.customers.labels import CHOICE_LABELS, field_label
from governance.customers.notices import offered_notices
from governance.customers.pages.notice_choices import NoticeChoice, notice_choices
from governance.customers.uploads.values import ColumnSeen, Settings
from governance.datamap.values import FieldKind
from governance.gate.gate import Gate
from governance.vocabulary import GrantedAction
from governance.web.context import current
from register.notices.models import CollectionPoint
from register.service import points_from_elsewhere
from register.values import NoticeRef

_LEFT_OUT: Final = ""
# Who gave the data, where the people themselves did; no collection point is called so.
THEMSELVES: Final = "-"
_LONGEST: Final = 200
_MOST_COLUMNS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingForm:
    """What the form shows.

    Attributes:
        columns: The columns of the file.
        targets: What a column may fill: name and label, those that every row needs first.
        required: The fields that a row cannot be without.
        constants: Fields that may be the same for every row: name, label, choices, what was said.
        notices: The notices that people may have been given.
        points: Where data come in that people do not give themselves.
    """

    columns: Sequence[ColumnSeen] = field(repr=False)
    targets: tuple[tuple[str, str], ...]
    required: frozenset[str]
    constants: tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...]
    notices: tuple[NoticeChoice, ...]
    points: Sequence[CollectionPoint]


def mapping_form(table: str, purpose: str, columns: Sequence[ColumnSeen], settings: Settings | None) -> MappingForm:
    """Return the form for a file: only what the reader may write is offered."""
    context = current()
    gate = context.get(Gate)
    mapped = gate.snapshot().catalogue.table(table)
    explanation = gate.explain(context.actor, purpose, table, action=GrantedAction.CREATE)
    writable = {each.name for each in writable_fields(explanation)}
    names = [name for name in target_names(mapped) if name in writable or name in mapped.links]
    required = {name for name, each in mapped.fields.items() if each.required}
    required |= {name for name, link in mapped.links.items() if link.of is not None}
    said = {} if settings is None else settings.constants
    provenance = [name for name in (COLLECTED_ON, VERIFIED_ON) if name not in mapped.fields]
    return MappingForm(
        columns=columns,
        targets=tuple((name, gettext(field_label(name))) for name in [*names, *provenance]),
        required=frozenset(required),
        points=points_from_elsewhere(context.session),
        constants=tuple(
            (
                name,
                gettext(field_label(name)),
                tuple((each, gettext(CHOICE_LABELS.get(each, each))) for each in mapped.fields[name].choices),
                said.get(name, ""),
            )
            for name in names
            if name in mapped.fields and mapped.fields[name].kind is FieldKind.CHOICE
        ),
        notices=tuple(
            notice_choices(
                offered_notices(gate.snapshot(), purpose, get_locale().language),
                gettext("No notice is known"),
                "" if settings is None or settings.notice is None else str(settings.notice),
            )
        ),
    )


def settings_of_form(form: MultiDict[str, str], before: Settings | None) -> Settings:
    """Return the settings that were sent; what a form does not show stays as it was."""
    settings = before or Settings()
    if any(name.startswith("column-") for name in form):
        settings = replace(
            settings,
            columns=_columns(form),
            constants=_prefixed(form, "constant-"),
            source=form.get("source", "").strip()[:_LONGEST],
            notice=NoticeRef.read(form.get("notice", "")),
            point=form.get("point", "").removeprefix(THEMSELVES)[:_LONGEST],
            duplicates=Duplicates.KEEP if form.get("duplicates") == Duplicates.KEEP else Duplicates.REFUSE,
            collected_on=_day(form.get("collected_on", "")),
        )
    meanings = {name: dict(spellings) for name, spellings in settings.meanings.items()}
    for number, name in enumerate(form.getlist("unknown-field")):
        spelling, meant = _at(form.getlist("unknown-text"), number), _at(form.getlist("unknown-meant"), number)
        if spelling and meant:
            meanings.setdefault(name[:_LONGEST], {})[spelling[:_LONGEST]] = meant[:_LONGEST]
    return replace(settings, meanings=meanings)


def _columns(form: MultiDict[str, str]) -> dict[int, str | None]:
    columns: dict[int, str | None] = {}
    for name, target in form.items():
        number = name.removeprefix("column-")
        if name != number and number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= _MOST_COLUMNS:
            columns[int(number[:4])] = None if target == _LEFT_OUT else target
    return columns


def _prefixed(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): text.strip()[:_LONGEST]
        for name, text in form.items()
        if name.startswith(prefix) and text.strip()
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""
