"""How access is written for the reader of a page: categories, people, forms and actions in their language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, current_app, url_for
from flask_babel import format_date, get_locale, gettext, ngettext

from governance.actor import ROLE_LABELS, Role
from governance.datamap.labels import CATEGORY_LABELS, KINDS_LABELS
from governance.days import day_of, last_of_day
from governance.errors import DomainError, Phrase, in_words
from governance.law import quoted
from governance.policies.holders import Holders
from governance.policies.labels import (
    ACTION_LABELS,
    ADVICE_LABELS,
    FORM_LABELS,
    FORM_MEANINGS,
    FORM_SIGNS,
    GRANT_STATE_LABELS,
    REQUEST_STATE_LABELS,
    RULE_LABELS,
)
from governance.policies.service import GrantState
from governance.policies.union import Change, Mark
from governance.policies.values import Advice, RequestState
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.access import may_open
from governance.web.clockface import day
from governance.web.context import current
from register.declared import declared_purposes
from register.values import DeclaredPurpose

_STATE_TONES: Final = {
    GrantState.REQUESTED: "due",
    GrantState.APPROVED: "given",
    GrantState.REVOKED: "refused",
    RequestState.WAITING: "due",
    RequestState.APPROVED: "given",
    RequestState.REFUSED: "refused",
}
# More than this in one cell are counted, not named.
_NAMED: Final = 3
_SIGNS: Final = {Change.SAME: "", Change.ADDED: "+", Change.REMOVED: "−", Change.STRONGER: "↑", Change.WEAKER: "↓"}


def add_filters(blueprint: Blueprint) -> None:
    """Give the templates these functions as filters."""
    for written in (
        categories_named,
        people_named,
        role_named,
        form_named,
        form_meant,
        form_sign,
        action_named,
        state_named,
        state_tone,
        advice_named,
        holders_named,
        mark_named,
        mark_sign,
        rule_told,
        last_day,
        short_day,
        changes_told,
        purpose_named,
    ):
        blueprint.add_app_template_filter(written)


def categories_named(categories: Iterable[DataCategory]) -> str:
    """Name categories, one after the other."""
    return ", ".join(str(gettext(CATEGORY_LABELS[each])) for each in categories)


def people_named(kinds: Iterable[SubjectKind]) -> str:
    """Name kinds of people, one after the other."""
    return ", ".join(str(gettext(KINDS_LABELS[each])) for each in kinds)


def role_named(role: Role | str) -> str:
    """Name a role."""
    return str(gettext(ROLE_LABELS[Role(role)]))


def form_named(form: Form | None) -> str:
    """Name a form; none is nothing."""
    return str(gettext(FORM_LABELS[form or Form.WITHHELD]))


def form_meant(form: Form) -> str:
    """Say what somebody sees of a value in this form."""
    return str(gettext(FORM_MEANINGS[form]))


def form_sign(form: Form | None) -> str:
    """Return the sign of a form, for where there is no drawing."""
    return FORM_SIGNS[form or Form.WITHHELD]


def action_named(action: GrantedAction) -> str:
    """Name an action."""
    return str(gettext(ACTION_LABELS[action]))


def state_named(state: GrantState | RequestState) -> str:
    """Name where a grant or a request stands."""
    return str(gettext(GRANT_STATE_LABELS[state] if isinstance(state, GrantState) else REQUEST_STATE_LABELS[state]))


def advice_named(advice: Advice) -> str:
    """Name an opinion."""
    return str(gettext(ADVICE_LABELS[advice]))


def state_tone(state: GrantState | RequestState) -> str | None:
    """Return the tone in which a state is drawn."""
    return _STATE_TONES.get(state)


def holders_named(holders: Holders) -> str:
    """Say how many hold a role."""
    if not holders.all:
        return str(gettext("nobody now"))
    people = ngettext("%(num)d person", "%(num)d people", holders.people)
    if not holders.programs:
        return str(people)
    programs = ngettext("%(num)d program", "%(num)d programs", holders.programs)
    if not holders.people:
        return str(programs)
    return str(gettext("%(people)s and %(programs)s", people=people, programs=programs))


def mark_named(mark: Mark) -> str:
    """Say one category of the matrix in words, with what became of it."""
    category = gettext(CATEGORY_LABELS[mark.category])
    match mark.change:
        case Change.SAME:
            return str(gettext("%(category)s %(form)s", category=category, form=form_named(mark.after)))
        case Change.ADDED:
            return str(gettext("%(category)s %(form)s, new", category=category, form=form_named(mark.after)))
        case Change.REMOVED:
            return str(gettext("%(category)s no more (was %(form)s)", category=category, form=form_named(mark.before)))
        case _:
            return str(
                gettext(
                    "%(category)s %(form)s instead of %(before)s",
                    category=category,
                    form=form_named(mark.after),
                    before=form_named(mark.before),
                )
            )


def mark_sign(mark: Mark) -> str:
    """Return the sign of what became of a category."""
    return _SIGNS[mark.change]


def changes_told(marks: Iterable[Mark]) -> list[tuple[str, str, str]]:
    """Return what changed in a cell, kind of change by kind: its name, its sign and which categories, or how many."""
    by_change: dict[Change, list[DataCategory]] = {}
    for mark in marks:
        by_change.setdefault(mark.change, []).append(mark.category)
    return [
        (change.value, _SIGNS[change], _few(categories)) for change, categories in by_change.items() if _SIGNS[change]
    ]


def _few(categories: list[DataCategory]) -> str:
    if len(categories) <= _NAMED:
        return categories_named(categories)
    return str(ngettext("%(num)d category", "%(num)d categories", len(categories)))


def rule_told(code: str) -> str:
    """Say a rule of the gate in words; one that has none here goes by its code."""
    return str(gettext(RULE_LABELS[code])) if code in RULE_LABELS else code


def purpose_named(purpose: DeclaredPurpose) -> str:
    """Return what a purpose is called in the reader's language."""
    return purpose.label_en if get_locale().language == "en" else purpose.label_fr


def told(error: DomainError) -> str:
    """Say an error as a page does: what it is about goes by its name, not as programs write it."""
    places = {name: _as_named(name, fact) for name, fact in error.places.items()}
    return quoted(in_words(error.message, places, gettext), get_locale().language)


def _as_named(name: str, fact: object) -> object:
    if isinstance(fact, Phrase):
        return Phrase(fact.template, {each: _as_named(each, one) for each, one in fact.facts.items()})
    for vocabulary, written in _WRITTEN.items():
        if isinstance(fact, vocabulary):
            return written(fact)
    if name == "purpose" and isinstance(fact, str):
        with current().database.read() as session:
            found = declared_purposes(session, current().get(Attestor)).get(fact)
        return fact if found is None else purpose_named(found)
    return fact


def last_day(end: datetime) -> str:
    """Return the last day before an end: an end at midnight is that of the day before."""
    return day(last_of_day(end))


def short_day(at: datetime) -> str:
    """Return a day in few letters, for columns."""
    return str(format_date(day_of(at), "medium"))


def link_to(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page; None where there is no such page, or it is closed to whoever looks."""
    if not may_open(current_app, endpoint, current().actor):
        return None
    return url_for(endpoint, **values)


_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    Role: role_named,
    DataCategory: lambda one: categories_named([one]),
    SubjectKind: lambda one: people_named([one]),
    Form: form_named,
    GrantedAction: action_named,
}
