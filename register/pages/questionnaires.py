"""Questionnaires, for who looks after a record: asked, taken back, and each answer beside what the record says."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.identity.errors import InvalidEmailError
from governance.identity.service import called
from governance.settings import Settings
from governance.web.context import current
from governance.web.limits import limited
from governance.web.locale import choose_locale
from governance.web.problems import sentence
from register import service as register
from register.errors import RegisterError
from register.forms import offer
from register.models import Activity
from register.pages.answer_words import names_in, said_of, words_of, written_of
from register.pages.entrance import DRAFTERS, READERS, blueprint, desk
from register.pages.forms.questionnaires import AskForm, ColleagueForm, ProcessorForm
from register.permissions import check_drafts, check_keeps
from register.questionnaires import service
from register.questionnaires.errors import QuestionnaireNotFoundError
from register.questionnaires.labels import (
    GOES_LABELS,
    KIND_LABELS,
    PART_LABELS,
    STATUS_LABELS,
    STATUS_TONES,
    VERDICT_LABELS,
)
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import Ask, Decide, Looked, LookedAt
from register.questionnaires.values import DEFAULT_DAYS, Kind, Status

_LANGUAGES: Final = (("fr", "Français"), ("en", "English"))
_KINDS: Final = ",".join(Kind)


@blueprint.get(f"/<slug>/questionnaires/new/<any({_KINDS}):kind>")
@open_to(*DRAFTERS)
def new_questionnaire(slug: str, kind: str) -> ResponseReturnValue:
    """Show the form by which somebody without an account is asked."""
    activity = _own(slug)
    return _asking(activity, Kind(kind), _form(activity, Kind(kind)))


@blueprint.post(f"/<slug>/questionnaires/new/<any({_KINDS}):kind>")
@open_to(*DRAFTERS)
@limited("30 per hour")
def ask(slug: str, kind: str) -> ResponseReturnValue:
    """Ask somebody: by mail, or by a link that is shown once where there is no mail server."""
    context = current()
    activity = _own(slug)
    form = _form(activity, Kind(kind))
    if not form.validate():
        return _asking(activity, Kind(kind), form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        asked = service.ask(context.session, desk(), context.get(AnswerSeal), context.actor, _command(slug, form))
    except (InvalidEmailError, RegisterError) as error:
        context.roll_back()
        refusal: str | None = sentence(error)
        if isinstance(error, InvalidEmailError):
            form.email.errors, refusal = [*form.email.errors, sentence(error)], None
        return _asking(_own(slug), Kind(kind), form, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    if asked.secret is None:
        flash(gettext("The questionnaire is on its way."), "given")
        return redirect(url_for("register.activity", slug=slug, _anchor="questionnaires"), code=303)
    # Not a redirect: the secret is nowhere but in this answer.
    url = f"{context.get(Settings).base_url}{url_for('answering.start', secret=asked.secret)}"
    return render_template(
        "register/questionnaire_link.html", activity=activity, questionnaire=asked.questionnaire, url=url
    )


@blueprint.get("/<slug>/questionnaires/<uuid:questionnaire_id>")
@open_to(*READERS)
def questionnaire(slug: str, questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Show a questionnaire, and each answer beside what the record says."""
    return _page(_looked(slug, questionnaire_id))


@blueprint.post("/<slug>/questionnaires/<uuid:questionnaire_id>/<any(take,leave):verdict>")
@open_to(*DRAFTERS)
def decide_answer(slug: str, questionnaire_id: uuid.UUID, verdict: str) -> ResponseReturnValue:
    """Take an answer over, or leave it."""
    context = current()
    looked = _looked(slug, questionnaire_id)
    key = request.form.get("answer", "")
    names = names_in(context.session, [each.item for each in looked.answers])
    words = next((written_of(each.item, names) for each in looked.answers if each.item.key == key), "")
    # Sent without a mark, nothing of the record was seen.
    shown = request.form.get("shown", "") if verdict == "take" else None
    command = Decide(questionnaire_id=questionnaire_id, answer=key, words=words, shown=shown)
    act: Callable[..., Looked] = service.take if verdict == "take" else service.leave
    try:
        act(context.session, desk(), context.get(AnswerSeal), context.actor, command)
    except RegisterError as error:
        context.roll_back()
        return _page(_looked(slug, questionnaire_id), sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    said = gettext("Taken over.") if verdict == "take" else gettext("Left: the record stays as it is.")
    return _back(slug, questionnaire_id, said)


@blueprint.post("/<slug>/questionnaires/<uuid:questionnaire_id>/settle")
@open_to(*DRAFTERS)
def settle_questionnaire(slug: str, questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Leave whatever still waits, and be done with it."""
    context = current()
    _looked(slug, questionnaire_id)
    service.settle(context.session, desk(), context.get(AnswerSeal), context.actor, questionnaire_id)
    return _back(slug, questionnaire_id, gettext("The questionnaire is settled."))


@blueprint.post("/<slug>/questionnaires/<uuid:questionnaire_id>/revoke")
@open_to(*DRAFTERS)
def revoke_questionnaire(slug: str, questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Take a questionnaire back."""
    context = current()
    _looked(slug, questionnaire_id)
    service.revoke(context.session, desk(), context.actor, questionnaire_id)
    return _back(slug, questionnaire_id, gettext("Taken back: its link opens nothing any more."))


def listed_questionnaires(activity: Activity) -> dict[str, Any]:
    """Return what the record shows of its questionnaires, in two statements."""
    session, now = current().session, current().clock.now()
    rows = service.questionnaires_of(session, activity.id)
    parties = register.party_names(session, {each.party_id for each in rows if each.party_id is not None})
    return {
        "questionnaires": [(each, each.status_at(now), _whom(each, parties)) for each in rows],
        "questionnaire_kinds": KIND_LABELS,
        "status_labels": STATUS_LABELS,
        "status_tones": STATUS_TONES,
    }


def _whom(asked: Any, parties: Any) -> str:
    return str(parties.get(asked.party_id, "") if asked.party_id is not None else asked.whom)


def _own(slug: str) -> Activity:
    activity = register.get_activity(current().session, slug)
    check_keeps(current().actor, activity)
    return activity


def _looked(slug: str, questionnaire_id: uuid.UUID) -> Looked:
    context = current()
    looked = service.look_at(context.session, desk(), context.get(AnswerSeal), context.actor, questionnaire_id)
    if looked.activity.slug != slug:
        raise QuestionnaireNotFoundError(reference=str(questionnaire_id))
    return looked


def _form(activity: Activity, kind: Kind) -> AskForm:
    form = ProcessorForm() if kind is Kind.PROCESSOR else ColleagueForm()
    if isinstance(form, ProcessorForm):
        processors = service.processors_of(current().session, activity)
        offer(form.party_id, ((str(each), name) for each, name in processors.items()))
    offer(form.locale, _LANGUAGES)
    if current().get(Settings).smtp is None:
        # No letter is written: a link is shown.
        del form.email, form.locale
    if not form.is_submitted():
        form.days.data = DEFAULT_DAYS
        if form.locale is not None:
            form.locale.data = choose_locale()
    return form


def _command(slug: str, form: AskForm) -> Ask:
    processor = isinstance(form, ProcessorForm)
    return Ask(
        activity=slug,
        kind=Kind.PROCESSOR if processor else Kind.PRACTICE,
        party_id=uuid.UUID(form.party_id.data) if processor else None,
        whom="" if processor else form.whom.data.strip(),
        email=form.email.data if form.email is not None else None,
        locale=choose_locale() if form.locale is None else form.locale.data,
        days=form.days.data,
    )


def _asking(activity: Activity, kind: Kind, form: AskForm, refusal: str | None = None) -> str:
    return render_template(
        "register/ask.html",
        activity=activity,
        kind=kind,
        kinds=KIND_LABELS,
        form=form,
        refusal=refusal,
        mails=form.email is not None,
    )


def _page(looked: Looked, refusal: str | None = None) -> str:
    context = current()
    session, now = context.session, context.clock.now()
    asked = looked.questionnaire
    names = names_in(session, [each.item for each in looked.answers])
    people = {asked.asked_by, *(each.verdict.decided_by for each in looked.answers if each.verdict is not None)}
    parties = register.party_names(session, {asked.party_id} if asked.party_id is not None else set())
    return render_template(
        "register/questionnaire.html",
        activity=looked.activity,
        asked=asked,
        status=asked.status_at(now),
        whom=_whom(asked, parties),
        now=now,
        waiting=looked.waiting,
        answers=[_row(each, names) for each in looked.answers],
        people=called(session, people),
        kinds=KIND_LABELS,
        status_labels=STATUS_LABELS,
        status_tones=STATUS_TONES,
        verdict_labels=VERDICT_LABELS,
        may_keep=_may(check_keeps, looked.activity),
        may_take=_may(check_drafts, looked.activity),
        is_open=asked.status_at(now) is Status.OPEN,
        refusal=refusal,
    )


def _may(check: Callable[..., object], activity: Activity) -> bool:
    try:
        check(current().actor, activity)
    except RegisterError:
        return False
    return True


def _row(looked: LookedAt, names: Any) -> dict[str, Any]:
    item = looked.item
    return {
        "key": item.key,
        "heading": gettext(PART_LABELS[item.part]),
        "goes": gettext(GOES_LABELS[item.part]),
        "said": said_of(item, names),
        "says": words_of(looked.beside.says, names),
        "agrees": looked.beside.agrees,
        "waits": looked.waits,
        "replaces": looked.replaces,
        "mark": looked.mark,
        "verdict": looked.verdict,
    }


def _back(slug: str, questionnaire_id: uuid.UUID, said: str) -> ResponseReturnValue:
    flash(said, "given")
    return redirect(url_for("register.questionnaire", slug=slug, questionnaire_id=questionnaire_id), code=303)
