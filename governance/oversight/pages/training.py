"""`/training`: what was held, who took part, and who has had none for a year."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from governance.actor import open_to
from governance.days import day_of
from governance.errors import mark
from governance.identity.models import Account
from governance.identity.service import CALLED, called
from governance.ids import parse_id
from governance.oversight.accountability.forms import TrainingForm
from governance.oversight.accountability.keeping import find_record
from governance.oversight.accountability.training import (
    MOST_PEOPLE,
    OBJECT,
    keep_training,
    list_trainings,
    takers,
    untrained,
)
from governance.oversight.errors import DayToComeError, NobodyTrainedError, OversightError
from governance.oversight.models import TrainingSession
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
from governance.web.context import current
from register.pages.meanwhile import form_page, held

_ON_A_PAGE: Final = 50
_DONE: Final = {"add-training": mark("Was put on file"), "change-training": mark("Corrected")}
_PLACES: Final[Places] = {DayToComeError: "held_on", NobodyTrainedError: "accounts"}


@blueprint.get("/training/")
@open_to(*SEERS)
def trainings() -> ResponseReturnValue:
    """List the sessions, the latest first, and those who have had none for a year."""
    context = current()
    session = context.session
    after = parse_id(request.args.get("after", ""))
    page = list_trainings(session, after=after, limit=_ON_A_PAGE)
    lacking = untrained(session, day_of(context.clock.now()))
    return render_template(
        "oversight/file/trainings.html",
        page=page,
        people={key: len(each) for key, each in takers(session, [row.id for row in page.rows]).items()},
        lacking=lacking,
        names=called(session, set(lacking)),
        whole=context.get(Attestor).is_whole,
        may_keep=keeps(context.actor),
    )


@blueprint.get("/training/new")
@open_to(*KEEPERS)
def new_training() -> ResponseReturnValue:
    """Show the form of a session."""
    return _form_page(_form(data={"held_on": day_of(current().clock.now())}), None)


@blueprint.post("/training/new")
@open_to(*KEEPERS)
def add_training() -> ResponseReturnValue:
    """Put a session on file."""
    return _keep(None)


@blueprint.get("/training/<uuid:training_id>")
@open_to(*SEERS)
def training_session(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a session, who took part, and its material."""
    session = current().session
    found = find_record(session, TrainingSession, training_id)
    people = takers(session, [found.id]).get(found.id, ())
    return render_template(
        "oversight/file/training.html",
        training=found,
        people=sorted(called(session, set(people)).values()),
        beside=beside(About.TRAINING.value, str(found.id)),
        thread=drawn_thread(deeds_of(session, OBJECT, found.id), _DONE),
        whole=current().get(Attestor).is_whole,
        may_keep=keeps(current().actor),
    )


@blueprint.get("/training/<uuid:training_id>/edit")
@open_to(*KEEPERS)
def edit_training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a session, to correct it."""
    found = find_record(current().session, TrainingSession, training_id)
    return _form_page(_form(data=_said(found)), found)


@blueprint.post("/training/<uuid:training_id>/edit")
@open_to(*KEEPERS)
def change_training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a session."""
    return _keep(training_id)


def _keep(training_id: uuid.UUID | None) -> ResponseReturnValue:
    context = current()
    found = None if training_id is None else held(find_record(context.session, TrainingSession, training_id))
    form = _form(data=_said(found))
    if not form.validate():
        return _form_page(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen_of(form, found, OBJECT):
        return _form_page(form, found, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        kept = keep_training(context.session, desk(), context.actor, (training_id, form.written()))
    except OversightError as error:
        context.roll_back()
        return _form_page(form, found, told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The session is on file.") if found is None else gettext("Saved."), "given")
    return redirect(url_for("oversight.training_session", training_id=kept.id), code=303)


def _said(found: TrainingSession | None) -> dict[str, Any]:
    if found is None:
        return {}
    people = takers(current().session, [found.id]).get(found.id, ())
    return {**said_of(found, TrainingForm), "accounts": [str(each) for each in people]}


def _form(**more: Any) -> TrainingForm:
    form = TrainingForm(**more)
    accounts = (
        select(Account.id, CALLED).where(Account.disabled_at.is_(None)).order_by(CALLED, Account.id).limit(MOST_PEOPLE)
    )
    form.accounts.choices = [(str(row.id), row.called) for row in current().session.execute(accounts)]
    return form


def _form_page(
    form: TrainingForm,
    found: TrainingSession | None,
    refusal: str | None = None,
    meanwhile: Mapping[str, Any] | None = None,
) -> str:
    heading = gettext("Correct: %(name)s", name=found.subject) if found else gettext("Put a session on file")
    return form_page(
        "oversight/file/edit.html",
        form,
        altered=was_altered(found),
        meanwhile=meanwhile,
        heading=heading,
        steps=[(gettext("Training"), url_for("oversight.trainings"))],
        back=url_for("oversight.trainings"),
        refusal=refusal,
    )
