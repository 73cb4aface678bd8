"""`/plan`: the action plan. One list, whatever an action is about; each action with its thread and its evidence."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from governance.actor import open_to
from governance.days import day_of
from governance.identity.service import called
from governance.ids import parse_id
from governance.oversight.errors import ActionChangedError, DayPassedError, OversightError
from governance.oversight.evidence.service import list_documents
from governance.oversight.models import PlanAction
from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.pages.correcting import said_of, unseen_of, was_altered
from governance.oversight.pages.entrance import address_of, blueprint
from governance.oversight.pages.refusals import Places, told
from governance.oversight.pages.things import asked_for, named_things, of_choice, offered_things, thing_asked
from governance.oversight.pages.threads import drawn_thread
from governance.oversight.permissions import DOERS, LOOKERS, SEERS, keeps
from governance.oversight.plan import service
from governance.oversight.plan.forms import ActionForm, FinishForm, PlanForm, ReasonForm
from governance.oversight.plan.labels import DONE_LABELS, PRIORITY_LABELS, STATE_LABELS, STATE_TONES
from governance.oversight.plan.people import possible_doers
from governance.oversight.plan.thread import Deed, thread_of_action
from governance.oversight.plan.views import desk
from governance.oversight.values import About, Thing
from governance.oversight.values.evidence import DocumentFilter
from governance.oversight.values.plan import OPEN, ActionFilter, ActionVerb, MoveAction
from governance.vault.attest import Attestor
from governance.web.clockface import moment
from governance.web.context import current
from governance.web.problems import sentence
from register.pages.meanwhile import form_page, held
from register.values import Page

_ON_A_PAGE = 50
_MOST_DOCUMENTS = 50
_PLACES: Places = {DayPassedError: "due_on"}


@blueprint.get("/plan/")
@open_to(*LOOKERS)
def plan() -> ResponseReturnValue:
    """List the actions, the next due first, narrowed as the address asks."""
    context = current()
    session, actor, today = context.session, context.actor, day_of(context.clock.now())
    form, about = PlanForm(formdata=request.args), thing_asked()
    sees_all = bool(actor.roles & set(SEERS))
    people = dict(possible_doers(session, context.clock.now())) if sees_all else {}
    form.owner.choices = [("", gettext("anybody")), *((str(key), name) for key, name in people.items())]
    valid = form.validate()
    page: Page[PlanAction] = Page(rows=(), next=None)
    if valid:
        owner = actor.id if form.mine.data else parse_id(form.owner.data or "")
        wanted = ActionFilter(
            states=form.states, owner_id=owner, late_on=today if form.late.data else None, about=about
        )
        after = parse_id(request.args.get("after", ""))
        page = service.list_actions(session, actor, wanted, after=after, limit=_ON_A_PAGE)
    asked = {
        "state": form.state.data or None,
        "owner": form.owner.data or None,
        "late": "y" if form.late.data else None,
        "mine": "y" if form.mine.data else None,
        **asked_for(about),
    }
    drawn = render_template(
        "oversight/plan/list.html",
        page=page,
        form=form,
        asked=asked,
        narrowed=any(asked.values()) or "after" in request.args,
        things=named_things([about, *(service.thing_of(each) for each in page.rows)]),
        about=about,
        thing_of=service.thing_of,
        whole=context.get(Attestor).is_whole,
        names=called(session, {each.owner_id for each in page.rows}),
        sees_all=sees_all,
        totals=service.totals(session, desk(), actor) if sees_all else None,
        today=today,
        may_add=bool(actor.roles & set(DOERS)),
        **_words(),
    )
    return drawn, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/plan/new")
@open_to(*DOERS)
def new_action() -> ResponseReturnValue:
    """Show the form of an action, with what it is about where the address names it (`about`, `reference`)."""
    form = _action_form(data={"priority": "normal", "owner_id": str(current().actor.id)})
    about = thing_asked()
    form.title.data = form.title.data or request.args.get("title", "")[:TITLE_LENGTH] or _usual_title(about)
    return _edit_page(form, None, about)


@blueprint.post("/plan/new")
@open_to(*DOERS)
def add_action() -> ResponseReturnValue:
    """Put an action in the plan."""
    context = current()
    form, about = _action_form(), thing_asked()
    if not form.validate():
        return _edit_page(form, None, about), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        terms = form.written(about or of_choice(request.form.get("thing")))
        action = service.add_action(context.session, desk(), context.actor, terms)
    except OversightError as error:
        context.roll_back()
        return _edit_page(form, None, about, told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The action is in the plan."), "given")
    return redirect(url_for("oversight.action", action_id=action.id), code=303)


@blueprint.get("/plan/<uuid:action_id>")
@open_to(*LOOKERS)
def action(action_id: uuid.UUID) -> ResponseReturnValue:
    """Show an action, what proves it, and what was done."""
    return _page(action_id)


@blueprint.get("/plan/<uuid:action_id>/edit")
@open_to(*DOERS)
def edit_action(action_id: uuid.UUID) -> ResponseReturnValue:
    """Show what an action is, to correct it."""
    found = service.find_action(current().session, current().actor, action_id)
    return _edit_page(_action_form(data=said_of(found, ActionForm)), found, _about(found))


@blueprint.post("/plan/<uuid:action_id>/edit")
@open_to(*DOERS)
def change_action(action_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what an action is."""
    context = current()
    found = held(service.find_action(context.session, context.actor, action_id))
    form, about = _action_form(data=said_of(found, ActionForm)), _about(found)
    if not form.validate():
        return _edit_page(form, found, about), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen_of(form, found, service.OBJECT):
        return _edit_page(form, found, about, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        terms = form.written(about or of_choice(request.form.get("thing")))
        service.change_action(context.session, desk(), context.actor, (action_id, terms))
    except OversightError as error:
        context.roll_back()
        found = service.find_action(context.session, context.actor, action_id)
        return _edit_page(form, found, about, told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("oversight.action", action_id=action_id), code=303)


@blueprint.post("/plan/<uuid:action_id>/<any(start, finish, drop, reopen):verb>")
@open_to(*DOERS)
def move_action(action_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Take a step with an action."""
    context = current()
    step = ActionVerb(verb)
    form: FlaskForm = FinishForm() if step is ActionVerb.FINISH else ReasonForm()
    field: Any = form["statement" if step is ActionVerb.FINISH else "reason"]
    if not form.validate():
        return _page(action_id, **{step.value: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    command = MoveAction(
        action_id=action_id,
        verb=step,
        note=(field.data or "").strip(),
        # Of the action that the page showed; none has this number.
        revision=request.form.get("revision", 0, type=int),
    )
    try:
        service.move_action(context.session, desk(), context.actor, command)
    except ActionChangedError as error:
        context.roll_back()
        return _page(action_id, stale=(sentence(error), command), **{step.value: form}), HTTPStatus.CONFLICT
    except OversightError as error:
        context.roll_back()
        field.errors = [sentence(error)]
        return _page(action_id, **{step.value: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The action is now: %(state)s.", state=_state_now(action_id)), "given")
    return redirect(url_for("oversight.action", action_id=action_id), code=303)


def _state_now(action_id: uuid.UUID) -> str:
    return str(gettext(STATE_LABELS[service.find_action(current().session, current().actor, action_id).state]))


def _page(action_id: uuid.UUID, stale: tuple[str, MoveAction] | None = None, **forms: Any) -> str:
    context = current()
    session, actor = context.session, context.actor
    found = service.find_action(session, actor, action_id)
    about = service.thing_of(found)
    proving = DocumentFilter(proving=Thing(About.ACTION, str(found.id)))
    whole = context.get(Attestor).is_whole
    open_to_all = found.state in OPEN and service.may_change(actor, found) and bool(actor.roles & set(DOERS))
    changes = open_to_all if whole(found) else keeps(actor)
    # No step is taken on what was altered.
    steps = {each.value for each in service.steps_open_to(actor, found)} if whole(found) else frozenset()
    thread = thread_of_action(session, found)
    return render_template(
        "oversight/plan/action.html",
        meanwhile=None if stale is None else _meanwhile(*stale, steps, thread),
        action=found,
        about=None if about is None else named_things([about])[about],
        names=called(session, {found.owner_id, found.made_by}),
        documents=list_documents(
            session, context.get(Attestor), actor, proving, after=None, limit=_MOST_DOCUMENTS
        ).rows,
        whole=whole,
        steps=steps,
        open_states=OPEN,
        may_change=changes,
        may_prove=whole(found) and (keeps(actor) or actor.id == found.owner_id),
        thread=drawn_thread(thread, DONE_LABELS),
        now=context.clock.now(),
        today=day_of(context.clock.now()),
        forms={
            "finish": forms.get("finish") or FinishForm(formdata=None),
            "drop": forms.get("drop") or ReasonForm(formdata=None),
            "reopen": forms.get("reopen") or ReasonForm(formdata=None),
        },
        **_words(),
    )


def _meanwhile(refusal: str, command: MoveAction, steps: Collection[str], thread: Sequence[Deed]) -> dict[str, Any]:
    """Return what is told of a step that was not taken, and the words that came with it where no form keeps them."""
    last = next(iter(thread), None)
    return {
        "refusal": refusal,
        "who": None if last is None else last.who,
        "at": None if last is None else moment(last.at),
        "words": "" if command.verb.value in steps else command.note,
    }


def _usual_title(about: Thing | None) -> str | None:
    """Return how an action about a finding is called, unless somebody calls it otherwise: as the finding."""
    if about is None or about.about is not About.DRIFT:
        return None
    named = named_things([about])[about]
    return None if named.gone else named.title[:TITLE_LENGTH]


def _action_form(**more: Any) -> ActionForm:
    form = ActionForm(**more)
    context = current()
    people = dict(possible_doers(context.session, context.clock.now()))
    if not keeps(context.actor) and context.actor.id is not None:
        people = {key: name for key, name in people.items() if key == context.actor.id}
    form.owner_id.choices = [(str(key), name) for key, name in people.items()]
    return form


def _about(found: PlanAction) -> Thing | None:
    """Return what an action is about: of one that was altered, that is said anew."""
    return None if was_altered(found) else service.thing_of(found)


def _edit_page(
    form: ActionForm,
    found: PlanAction | None,
    about: Thing | None,
    refusal: str | None = None,
    meanwhile: Mapping[str, Any] | None = None,
) -> str:
    return form_page(
        "oversight/plan/edit.html",
        form,
        meanwhile=meanwhile,
        action=found,
        altered=was_altered(found),
        about=None if about is None else named_things([about])[about],
        offered={} if about is not None else offered_things(actions=False),
        chosen=request.form.get("thing", ""),
        refusal=refusal,
        back=address_of("oversight.action", action_id=found.id) if found else url_for("oversight.plan"),
    )


def _words() -> dict[str, Any]:
    return {"states": STATE_LABELS, "tones": STATE_TONES, "priorities": PRIORITY_LABELS}
