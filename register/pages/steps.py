"""The steps of an activity's life, each on a page that says what it does and what it opens or closes."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import InputRequired

from governance.actor import confirmed_anew_for, open_to
from governance.errors import mark
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.errors import RecordChangedError, RegisterError, StepNotPossibleError
from register.forms import OpinionForm, StepForm, SubmissionForm, offer
from register.labels import DONE_LABELS, OPINION_LABELS, STEP_WORDS
from register.lifecycle import OPENING, Opinion, Verb
from register.models import Activity
from register.pages.entrance import MOVERS, blueprint, refuse
from register.pages.record import may_draft
from register.pages.worth import worth_adding
from register.record import ActivityRecord, Change, PurposeLines, record_of
from register.service import Prospect, Step
from register.service.life.readiness import decides_on_own_advice
from register.stopping import GrantsHeld, Stopping, whom_it_stops
from register.values import FORCE

_VERBS: Final = ",".join(Verb)
# What each step does to whoever reads: the purposes named on its page.
_OPENING: Final = frozenset({Verb.ACTIVATE, Verb.RESUME})
# Before which it is told that defaults were never looked at.
_LOOKING: Final = frozenset({Verb.SUBMIT, Verb.ADVISE, Verb.ACTIVATE})
_DECIDING: Final = frozenset({Verb.ADVISE, Verb.ACTIVATE})
_CLOSING: Final = frozenset({Verb.SUSPEND, Verb.RETIRE})
_OVERRIDE: Final = mark("It is required, and kept with the record for ever.")


@blueprint.get(f"/<slug>/steps/<any({_VERBS}):verb>")
@open_to(*MOVERS)
@confirmed_anew_for(verb=OPENING)
def step(slug: str, verb: str) -> ResponseReturnValue:
    """Say what a step does, and ask for it."""
    record = record_of(current().session, current().get(Attestor), slug)
    prospect = _prospect(record, Verb(verb))
    return _page(record, prospect, _form(record, prospect.verb))


@blueprint.post(f"/<slug>/steps/<any({_VERBS}):verb>")
@open_to(*MOVERS)
@confirmed_anew_for(verb=OPENING)
def take_step(slug: str, verb: str) -> ResponseReturnValue:
    """Take a step."""
    context = current()
    record = record_of(context.session, context.get(Attestor), slug)
    prospect = _prospect(record, Verb(verb))
    form = _form(record, prospect.verb)
    if not form.validate():
        context.roll_back()
        return _again(slug, form, prospect.verb)
    opinion = Opinion(form.opinion.data) if isinstance(form, OpinionForm) else None
    command = Step(
        activity=slug,
        verb=prospect.verb,
        opinion=opinion,
        text=(form.text.data or "").strip(),
        collected_for=(form.collected_for.data or "") if isinstance(form, SubmissionForm) else "",
        # Of the record that the page showed; none has this number.
        revision=request.form.get("revision", 0, type=int),
    )
    try:
        service.move_activity(context.session, context.clock, context.get(Attestor), context.actor, command)
    except RecordChangedError as error:
        return _again(slug, form, prospect.verb, refuse(form, error))[0], HTTPStatus.CONFLICT
    except RegisterError as error:
        return _again(slug, form, prospect.verb, refuse(form, error))
    flash(gettext(DONE_LABELS[prospect.verb]), "given")
    return redirect(url_for("register.activity", slug=slug), code=303)


def _again(slug: str, form: StepForm, verb: Verb, refusal: str | None = None) -> tuple[str, int]:
    """Draw the page again with what was typed, on the record as it stands now."""
    record = record_of(current().session, current().get(Attestor), slug)
    page = _page(record, _prospect(record, verb), form, refusal)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _prospect(record: ActivityRecord, verb: Verb) -> Prospect:
    activity = record.activity
    context = current()
    every = list(service.prospects(context.session, context.actor, activity, context.clock.now()))
    found = [each for each in every if each.verb is verb]
    if not found:
        # Somebody took it meanwhile, or the same form was sent twice.
        possible = tuple(each.verb for each in every)
        raise StepNotPossibleError(slug=activity.slug, state=activity.state, verb=verb, possible=possible)
    if found[0].refusal is not None:
        raise found[0].refusal
    return found[0]


def _form(record: ActivityRecord, verb: Verb) -> StepForm:
    if verb is Verb.ADVISE:
        form: StepForm = OpinionForm()
        offer(form.opinion, ((each.value, gettext(label)) for each, label in OPINION_LABELS.items()))
        form.text.label.text = lazy_gettext("Grounds")
        return form
    form = submission_of(record.activity) if verb is Verb.SUBMIT else StepForm()
    if _overrides(record, verb):
        form.text.label.text = lazy_gettext("Why you decide against the opinion")
        form.text.validators = [InputRequired(lazy_gettext("This is missing.")), *form.text.validators]
    return form


def submission_of(activity: Activity) -> StepForm:
    """Return the form by which an activity is submitted: what never ran says what data was collected for."""
    if activity.words_in_force is not None:
        return StepForm()
    return SubmissionForm(data={"collected_for": activity.collected_for})


def _overrides(record: ActivityRecord, verb: Verb) -> bool:
    return verb is Verb.ACTIVATE and record.activity.opinion is Opinion.UNFAVOURABLE


def _page(record: ActivityRecord, prospect: Prospect, form: StepForm, refusal: str | None = None) -> str:
    verb = prospect.verb
    return render_template(
        "register/step.html",
        record=record,
        activity=record.activity,
        prospect=prospect,
        verb=verb,
        words=STEP_WORDS[verb],
        form=form,
        refusal=refusal,
        note=_OVERRIDE if _overrides(record, verb) else STEP_WORDS[verb].note,
        shows_opinion=verb in {Verb.ACTIVATE, Verb.RETURN} and record.activity.opinion is not None,
        own_advice=verb is Verb.ACTIVATE and decides_on_own_advice(record.activity, current().actor),
        opens_older=verb in _DECIDING and record.activity.words_in_force is None and record.activity.collected_for,
        compared=_compared(record.activity) if verb in _LOOKING else None,
        unconfirmed=_unconfirmed(record) if verb in _LOOKING else 0,
        stops=_stops(record) if verb in _CLOSING and record.activity.running else None,
        **(worth_adding(record, writes=may_draft(record.activity)) if verb in _LOOKING or prospect.obstacle else {}),
        **_effects(record, verb),
    )


def _compared(activity: Activity) -> str | None:
    """Return where the record is read beside what is in force of it; None where nothing is yet."""
    revision = activity.version_in_force
    return None if revision is None else url_for("register.version", slug=activity.slug, revision=revision)


def _stops(record: ActivityRecord) -> Stopping:
    context = current()
    return whom_it_stops(context.session, context.get(GrantsHeld), record.purposes, context.clock.now())


def _unconfirmed(record: ActivityRecord) -> int:
    return service.unconfirmed_defaults(current().session, record.activity.id).count


def _effects(record: ActivityRecord, verb: Verb) -> dict[str, Any]:
    """Return the purposes that the step opens, changes and closes."""
    if verb in _CLOSING:
        return {"opens": [], "alters": [], "closes": list(_in_force(record.purposes))}
    if verb not in _OPENING:
        return {"opens": [], "alters": [], "closes": []}
    leaving = [lines for lines in record.purposes if lines.change is Change.LEAVING]
    kept = [lines for lines in record.purposes if lines.change is not Change.LEAVING]
    opens = [lines for lines in kept if lines.change is Change.ADDED or not record.activity.running]
    return {
        "opens": opens,
        "alters": [lines for lines in kept if lines not in opens and lines.changes],
        "closes": leaving,
    }


def _in_force(purposes: Iterable[PurposeLines]) -> Iterable[PurposeLines]:
    return (lines for lines in purposes if lines.purpose.standing in FORCE)
