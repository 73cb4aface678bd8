"""`/letters`: the correspondence with the CNIL and other authorities, with the time left for each answer."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.days import day_of
from governance.errors import mark
from governance.ids import parse_id
from governance.oversight.accountability.forms import LetterForm
from governance.oversight.accountability.keeping import find_record
from governance.oversight.accountability.labels import DIRECTION_LABELS
from governance.oversight.accountability.letters import (
    OBJECT,
    answers_to,
    keep_letter,
    list_letters,
    unanswered,
)
from governance.oversight.errors import AnswerBeforeLetterError, DayToComeError, DueBeforeLetterError, OversightError
from governance.oversight.models import Letter
from governance.oversight.pages.beside import beside
from governance.oversight.pages.correcting import said_of, unseen_of, was_altered
from governance.oversight.pages.entrance import blueprint
from governance.oversight.pages.refusals import Places, told
from governance.oversight.pages.threads import drawn_thread
from governance.oversight.permissions import KEEPERS, SEERS, keeps
from governance.oversight.plan.thread import deeds_of
from governance.oversight.plan.views import desk
from governance.oversight.values import About
from governance.vault.attest import Attestor
from governance.web.clockface import day
from governance.web.context import current
from register.pages.meanwhile import form_page, held

_ON_A_PAGE: Final = 50
_MOST_OFFERED: Final = 100
_DONE: Final = {"add-letter": mark("Was put on file"), "change-letter": mark("Corrected")}
_PLACES: Final[Places] = {
    AnswerBeforeLetterError: "dated_on",
    DayToComeError: "dated_on",
    DueBeforeLetterError: "due_on",
}


@blueprint.get("/letters/")
@open_to(*SEERS)
def letters() -> ResponseReturnValue:
    """List the letters, the latest first, and the answers that are due."""
    context = current()
    session = context.session
    page = list_letters(session, after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    return render_template(
        "oversight/file/letters.html",
        page=page,
        open_ones=unanswered(session),
        answers=answers_to(session, [row.id for row in page.rows]),
        directions=DIRECTION_LABELS,
        now=context.clock.now(),
        whole=context.get(Attestor).is_whole,
        may_keep=keeps(context.actor),
    )


@blueprint.get("/letters/new")
@open_to(*KEEPERS)
def new_letter() -> ResponseReturnValue:
    """Show the form of a letter; of an answer where the address says to which (`answers`)."""
    today = day_of(current().clock.now())
    answered = parse_id(request.args.get("answers", ""))
    if answered is None:
        return _form_page(_form(data={"dated_on": today, "direction": "in"}), None)
    before = find_record(current().session, Letter, answered)
    said = {"authority": before.authority, "subject": before.subject, "reference": before.reference}
    return _form_page(
        _form(data={**said, "dated_on": today, "direction": "out", "answers_id": str(answered)}, answered=before), None
    )


@blueprint.post("/letters/new")
@open_to(*KEEPERS)
def add_letter() -> ResponseReturnValue:
    """Put a letter on file."""
    return _keep(None)


@blueprint.get("/letters/<uuid:letter_id>")
@open_to(*SEERS)
def letter(letter_id: uuid.UUID) -> ResponseReturnValue:
    """Show a letter, its answers, its documents and what is to be done about it."""
    context = current()
    session = context.session
    found = find_record(session, Letter, letter_id)
    return render_template(
        "oversight/file/letter.html",
        letter=found,
        answers=answers_to(session, [found.id]).get(found.id, ()),
        answered=None if found.answers_id is None else find_record(session, Letter, found.answers_id),
        beside=beside(About.LETTER.value, str(found.id)),
        thread=drawn_thread(deeds_of(session, OBJECT, found.id), _DONE),
        directions=DIRECTION_LABELS,
        now=context.clock.now(),
        whole=context.get(Attestor).is_whole,
        may_keep=keeps(context.actor),
    )


@blueprint.get("/letters/<uuid:letter_id>/edit")
@open_to(*KEEPERS)
def edit_letter(letter_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is said of a letter, to correct it."""
    found = find_record(current().session, Letter, letter_id)
    answered = None if found.answers_id is None else find_record(current().session, Letter, found.answers_id)
    return _form_page(_form(data=said_of(found, LetterForm), answered=answered), found)


@blueprint.post("/letters/<uuid:letter_id>/edit")
@open_to(*KEEPERS)
def change_letter(letter_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what is said of a letter."""
    return _keep(letter_id)


def _keep(letter_id: uuid.UUID | None) -> ResponseReturnValue:
    context = current()
    found = None if letter_id is None else held(find_record(context.session, Letter, letter_id))
    chosen = parse_id(request.form.get("answers_id", ""))
    answered = None if chosen is None else find_record(context.session, Letter, chosen)
    form = _form(data=said_of(found, LetterForm), answered=answered)
    if not form.validate():
        return _form_page(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen_of(form, found, OBJECT):
        return _form_page(form, found, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        kept = keep_letter(context.session, desk(), context.actor, (letter_id, form.written()))
    except OversightError as error:
        context.roll_back()
        return _form_page(form, found, told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The letter is on file.") if found is None else gettext("Saved."), "given")
    return redirect(url_for("oversight.letter", letter_id=kept.id), code=303)


def _form(*, answered: Letter | None = None, **more: Any) -> LetterForm:
    """Return the form; offered as answered are the letters without an answer, and the one that was."""
    form = LetterForm(**more)
    offered = {each.id: each for each in unanswered(current().session, _MOST_OFFERED)}
    if answered is not None:
        offered[answered.id] = answered
    form.answers_id.choices = [
        ("", gettext("none")),
        *((str(key), f"{each.authority} · {day(each.dated_on)} · {each.subject}") for key, each in offered.items()),
    ]
    return form


def _form_page(
    form: LetterForm, found: Letter | None, refusal: str | None = None, meanwhile: Mapping[str, Any] | None = None
) -> str:
    heading = gettext("Correct: %(name)s", name=found.subject) if found else gettext("Put a letter on file")
    return form_page(
        "oversight/file/edit.html",
        form,
        altered=was_altered(found),
        meanwhile=meanwhile,
        heading=heading,
        steps=[(gettext("Letters of authorities"), url_for("oversight.letters"))],
        back=url_for("oversight.letters"),
        refusal=refusal,
    )
