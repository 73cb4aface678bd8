"""Drafting the lines of a record one by one: each subject has a page of its own."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm

from governance.actor import open_to
from governance.web.context import current
from register import service
from register.catalogue.countries import COUNTRIES
from register.errors import LineNotFoundError, RegisterError
from register.forms import offer
from register.lines.labels import DEROGATION_LABELS, GROUND_LABELS, RELATION_LABELS, SAFEGUARD_LABELS, SUBJECT_WORDS
from register.lines.told import read_lines
from register.lines.values import Subject
from register.models import Activity
from register.pages.drafting import MOST_PARTIES, held_activity, own_activity
from register.pages.entrance import DRAFTERS, blueprint, desk, led_back, refuse
from register.pages.forms.lines import DecisionLineForm, PartyLineForm, TransferLineForm
from register.pages.line_words import line_words
from register.pages.meanwhile import altered, form_page, unseen
from register.record import RecordLine, record_lines
from register.service import LineRef, PutLine

LINE_FORMS: Final[Mapping[Subject, type[Any]]] = {
    Subject.PARTIES: PartyLineForm,
    Subject.TRANSFERS: TransferLineForm,
    Subject.DECISIONS: DecisionLineForm,
}
_SUBJECTS: Final = ",".join(LINE_FORMS)


@blueprint.get(f"/<slug>/<any({_SUBJECTS}):subject>/new")
@open_to(*DRAFTERS)
def new_line(slug: str, subject: str) -> ResponseReturnValue:
    """Show the form of a line."""
    return _page(own_activity(slug), Subject(subject), _form(Subject(subject)))


@blueprint.post(f"/<slug>/<any({_SUBJECTS}):subject>/new")
@open_to(*DRAFTERS)
def add_line(slug: str, subject: str) -> ResponseReturnValue:
    """Add a line, as a proposal."""
    return _put(slug, Subject(subject), None)


@blueprint.get(f"/<slug>/<any({_SUBJECTS}):subject>/<uuid:line_id>")
@open_to(*DRAFTERS)
def line(slug: str, subject: str, line_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form by which a line is corrected."""
    activity = own_activity(slug)
    return _page(activity, Subject(subject), _form(Subject(subject), own_line(activity, Subject(subject), line_id)))


@blueprint.post(f"/<slug>/<any({_SUBJECTS}):subject>/<uuid:line_id>")
@open_to(*DRAFTERS)
def change_line(slug: str, subject: str, line_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a line; of a running activity, as a proposal beside what is in force."""
    return _put(slug, Subject(subject), line_id)


@blueprint.post(f"/<slug>/<any({_SUBJECTS}):subject>/<uuid:line_id>/leave-out")
@open_to(*DRAFTERS)
def drop_line(slug: str, subject: str, line_id: uuid.UUID) -> ResponseReturnValue:
    """Take a proposed line back, or propose that one in force goes."""
    if _rewritten(slug, Subject(subject), line_id):
        return redirect(led_back() or url_for("register.activity", slug=slug), code=303)
    reference = LineRef(activity=slug, subject=Subject(subject), line=line_id)
    service.drop_line(current().session, desk(), current().actor, reference)
    return saved(slug, Subject(subject))


@blueprint.post(f"/<slug>/<any({_SUBJECTS}):subject>/<uuid:line_id>/keep")
@open_to(*DRAFTERS)
def keep_line(slug: str, subject: str, line_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what is proposed about a line in force."""
    if _rewritten(slug, Subject(subject), line_id):
        return redirect(led_back() or url_for("register.activity", slug=slug), code=303)
    reference = LineRef(activity=slug, subject=Subject(subject), line=line_id)
    service.keep_line(current().session, desk(), current().actor, reference)
    return saved(slug, Subject(subject))


def saved(slug: str, subject: Subject) -> ResponseReturnValue:
    """Lead back to the record, saying what became of what was written."""
    runs = service.get_activity(current().session, slug).running
    said = gettext("Saved as a proposal: nothing changes before it is activated.") if runs else gettext("Saved.")
    flash(said, "given")
    return redirect(led_back() or url_for("register.activity", slug=slug, _anchor=subject.value), code=303)


def _rewritten(slug: str, subject: Subject, line_id: uuid.UUID) -> bool:
    found = own_line(held_activity(slug), subject, line_id)
    return altered(found.content, line_words(found).title)


def _put(slug: str, subject: Subject, instead_of: uuid.UUID | None) -> ResponseReturnValue:
    activity = held_activity(slug)
    form = _form(subject, None if instead_of is None else own_line(activity, subject, instead_of))
    if not form.validate():
        return _page(activity, subject, form), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity, new=instead_of is None):
        return _page(activity, subject, form, meanwhile=meanwhile), HTTPStatus.CONFLICT
    command = PutLine(activity=slug, subject=subject, line=form.written(), instead_of=instead_of)
    try:
        service.put_line(current().session, desk(), current().actor, command)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(own_activity(slug), subject, form, refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    return saved(slug, subject)


def own_line(activity: Activity, subject: Subject, line_id: uuid.UUID) -> RecordLine:
    """Return a line of an activity.

    Raises:
        LineNotFoundError: If it has none of this identifier.
    """
    rows = {subject: read_lines(current().session, activity.id)[subject]}
    for found in record_lines(current().session, rows)[subject]:
        if line_id in {row.id for row in (found.in_force, found.proposed) if row is not None}:
            return found
    raise LineNotFoundError(reference=str(line_id))


def shown_line(line: RecordLine) -> dict[str, Any]:
    """Return what a form shows of a line: identifiers and words as its choices write them."""
    return {name: _choice(value) for name, value in asdict(line.content).items()}


def _choice(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, uuid.UUID) else value


def offer_line(form: FlaskForm) -> None:
    """Give a form of a line its choices."""
    if isinstance(form, PartyLineForm):
        offer(form.relation, _labelled(RELATION_LABELS))
        offer(form.party_id, _parties(), none=gettext("choose"))
    if isinstance(form, TransferLineForm):
        offer(form.country, countries(), none=gettext("choose"))
        offer(form.party_id, _parties(), none=gettext("none on file: a kind of recipient"))
        offer(form.safeguard, _labelled(SAFEGUARD_LABELS), none=gettext("nothing yet"))
        offer(form.derogation, _labelled(DEROGATION_LABELS), none=gettext("no derogation"))
    if isinstance(form, DecisionLineForm):
        offer(form.ground, _labelled(GROUND_LABELS), none=gettext("none"))


def countries() -> list[tuple[str, str]]:
    """Return the countries by their names in the reader's language."""
    names = get_locale().territories
    return sorted(((code, str(names.get(code, code))) for code in COUNTRIES), key=lambda pair: pair[1].casefold())


def _labelled(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(each.value, gettext(label)) for each, label in labels.items()]


def _parties() -> list[tuple[str, str]]:
    rows = service.list_parties(current().session, after=None, limit=MOST_PARTIES).rows
    return sorted(((str(each.id), each.name) for each in rows), key=lambda pair: pair[1].casefold())


def _form(subject: Subject, line: RecordLine | None = None) -> FlaskForm:
    form: FlaskForm = LINE_FORMS[subject](data={} if line is None else shown_line(line))
    offer_line(form)
    return form


def _page(activity: Activity, subject: Subject, form: FlaskForm, **said: Any) -> str:
    words = SUBJECT_WORDS[subject]
    return form_page("register/line.html", form, activity=activity, subject=subject, words=words, **said)
