"""The walk through the guide: where one goes on, each question, its answer, and the way to the next."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from governance.actor import open_to
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.guide.survey import survey
from register.guide.values import GuideStep, Place
from register.labels import STEP_WORDS
from register.lifecycle import Verb
from register.models import Activity
from register.pages.drafting import held_activity, own_activity
from register.pages.entrance import DRAFTERS, blueprint, guide_url, refuse
from register.pages.guide.asking import Asked, At, ask, at, confirm, named_in
from register.pages.guide.frame import draw, frame, seal, waiting_drafts
from register.pages.meanwhile import marks_in, unseen
from register.pages.steps import submission_of
from register.record import record_of
from register.service import KeptDraft

_STEPS: Final = ",".join(step for step in GuideStep if step is not GuideStep.REVIEW)
_OF_PURPOSES: Final = f"{GuideStep.WHY},{GuideStep.DATA},{GuideStep.RECIPIENTS}"


@blueprint.get("/<slug>/guide")
@open_to(*DRAFTERS)
def guide(slug: str) -> ResponseReturnValue:
    """Lead to the question at which one stopped."""
    context = current()
    activity = own_activity(slug)
    return redirect(guide_url(slug, survey(context.session, activity, context.clock.now()).onward), code=303)


@blueprint.get(f"/<slug>/guide/<any({_STEPS}):step>")
@open_to(*DRAFTERS)
def guide_step(slug: str, step: str) -> ResponseReturnValue:
    """Ask a question of an activity."""
    return _question(slug, Place(step=GuideStep(step)))


@blueprint.post(f"/<slug>/guide/<any({_STEPS}):step>")
@open_to(*DRAFTERS)
def answer_step(slug: str, step: str) -> ResponseReturnValue:
    """Take the answer to a question, or note that it is gone by."""
    return _answered(slug, Place(step=GuideStep(step)))


@blueprint.get(f"/<slug>/guide/<any({_OF_PURPOSES}):step>/<purpose>")
@open_to(*DRAFTERS)
def guide_purpose(slug: str, step: str, purpose: str) -> ResponseReturnValue:
    """Ask a question of one purpose of an activity."""
    return _question(slug, Place(step=GuideStep(step), purpose=purpose))


@blueprint.post(f"/<slug>/guide/<any({_OF_PURPOSES}):step>/<purpose>")
@open_to(*DRAFTERS)
def answer_purpose(slug: str, step: str, purpose: str) -> ResponseReturnValue:
    """Take the answer to a question of one purpose, or note that it is gone by."""
    return _answered(slug, Place(step=GuideStep(step), purpose=purpose))


@blueprint.get(f"/<slug>/guide/{GuideStep.REVIEW}")
@open_to(*DRAFTERS)
def guide_review(slug: str) -> ResponseReturnValue:
    """Show the record to be read over, and the way to submit it."""
    context = current()
    activity = own_activity(slug)
    record = record_of(context.session, context.get(Attestor), slug)
    prospects = service.prospects(context.session, context.actor, activity, context.clock.now())
    submit = next((each for each in prospects if each.verb is Verb.SUBMIT), None)
    return render_template(
        "register/guide/review.html",
        **frame(activity),
        place=Place(step=GuideStep.REVIEW),
        record=record,
        submit=submit,
        submitting=STEP_WORDS[Verb.SUBMIT],
        form=submission_of(activity),
        kept=waiting_drafts(activity),
    )


def _question(slug: str, place: Place) -> ResponseReturnValue:
    activity = own_activity(slug)
    draft = next((each for each in waiting_drafts(activity) if each.place == place), None)
    typed: MultiDict[str, str] = MultiDict() if draft is None else _typed(draft)
    where = at(activity, place, named_in({**typed.to_dict(), **request.args.to_dict()}))
    asked = ask(where)
    if draft is None or not _restores(asked, typed, where):
        return draw(where, asked, **asked.marks)
    return draw(where, asked, kept=draft.at, **marks_in(typed))


def _typed(draft: KeptDraft) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, values in draft.typed.items() for value in values])


def _restores(asked: Asked, typed: MultiDict[str, str], where: At) -> bool:
    """Put what was typed on the form; say whether that is anything else than what stands there."""
    if named_in(typed) != dict(where.named):
        # Another line of the same question was typed on.
        return False
    there = {each.name: each.data for each in asked.questions}
    asked.form.process(formdata=typed)
    return there != {each.name: each.data for each in asked.questions}


def _answered(slug: str, place: Place) -> ResponseReturnValue:
    context = current()
    activity = held_activity(slug)
    where = at(activity, place, named_in(request.form))
    then = request.form.get("then")
    if then == "go-on":
        return _go_by(where)
    if then == "keep":
        return _keep(where)
    asked = ask(where)
    if not asked.form.validate():
        return draw(where, asked, **marks_in(request.form)), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(asked.form, activity, new=asked.new, over=asked.over()):
        # Sent once more, it was seen.
        return draw(where, asked, meanwhile=meanwhile, **asked.marks), HTTPStatus.CONFLICT
    try:
        done = asked.save()
    except RegisterError as error:
        refusal = refuse(asked.form, error)
        again = at(own_activity(slug), place, where.named)
        return draw(again, asked, refusal=refusal, **marks_in(request.form)), HTTPStatus.UNPROCESSABLE_ENTITY
    service.drop_draft(context.session, context.actor, activity, place)
    return _onward(activity, done, stay=asked.listed and then == "again")


def _go_by(where: At) -> ResponseReturnValue:
    """Go on without writing: what a starting point proposed is right, what is listed is all, or there is nothing."""
    confirm(where)
    return _onward(where.activity, where.place, stay=False)


def _keep(where: At) -> ResponseReturnValue:
    """Keep what was typed for later, finished or not."""
    context = current()
    typed = (where.activity, where.place, sent())
    if service.keep_draft(context.session, context.clock, seal(), context.actor, typed):
        flash(gettext("Kept for you until you come back."), "given")
    else:
        flash(gettext("This is too long to keep."), "refused")
    return redirect(url_for("register.activity", slug=where.activity.slug), code=303)


def sent() -> dict[str, list[str]]:
    """Return the form as it was typed, without what is no answer."""
    return {name: values for name, values in request.form.lists() if name not in {"csrf_token", "then", "place"}}


def _onward(activity: Activity, done: Place, *, stay: bool) -> ResponseReturnValue:
    context = current()
    service.leave_place(context.session, context.clock, context.actor, activity, done)
    found = survey(context.session, activity, context.clock.now())
    return redirect(guide_url(activity.slug, done if stay else found.after(done)), code=303)
