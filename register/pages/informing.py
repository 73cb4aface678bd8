"""Telling people whose data came from elsewhere: the list, and the page on which one task is settled. GDPR Art. 14."""

import uuid
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from audit.names import ActorNames
from governance.actor import BUSINESS_ROLES, open_to
from governance.days import day_of
from governance.errors import mark
from governance.ids import parse_id
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.access import may_open
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import offer
from register.notices.labels import TOLD_BY_LABELS
from register.notices.values import ToldBy
from register.pages.entrance import DRAFTERS, READERS, blueprint, desk, refuse
from register.pages.forms.notices import AskAnewForm, PutForwardForm, SettleForm
from register.pages.wording import named
from register.service import Information, LoggedTask, Sooner
from register.service.informing.tasks import TASK

_ON_A_PAGE: Final = 50


class _AlteredTask(NamedTuple):
    """A task that was altered outside Égide, and what the log says of it."""

    id: uuid.UUID
    logged: LoggedTask


_SOONER_LABELS: Final = {
    Sooner.OBTAINED: mark("The data came to us before they were imported: on this day"),
    Sooner.FIRST_USE: mark("We write to these people, or give their data to somebody, on this day"),
}


@blueprint.get("/-/information")
@open_to(*READERS)
def informing() -> ResponseReturnValue:
    """List the imports whose people are to be told, and those that are settled."""
    context = current()
    session, attestor = context.session, context.get(Attestor)
    page = service.list_information(session, attestor, after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    return render_template(
        "register/informing.html",
        page=page,
        altered=[_AlteredTask(each, _logged(each)) for each in service.altered_tasks(session, attestor)],
        points=_points(),
        now=context.clock.now(),
        how=TOLD_BY_LABELS,
    )


@blueprint.get("/-/information/<uuid:task_id>")
@open_to(*READERS)
def information(task_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom one import leaves to be told, until when, and in which words."""
    try:
        found = _found(task_id)
    except AttestationError:
        return _altered_page(task_id, _asking(_logged(task_id)))
    return _page(found, _settling(found), _forwarding())


@blueprint.post("/-/information/<uuid:task_id>/ask-anew")
@open_to(*DRAFTERS)
def ask_anew(task_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more to tell people whose task was altered outside Égide."""
    context = current()
    form = _asking(_logged(task_id))
    if not form.validate():
        return _altered_page(task_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.ask_anew(context.session, desk(), context.actor, form.written(task_id))
    except RegisterError as error:
        refusal = refuse(form, error)
        return _altered_page(task_id, form, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.information", task_id=task_id), code=303)


@blueprint.post("/-/information/<uuid:task_id>/settle")
@open_to(*DRAFTERS)
def settle_information(task_id: uuid.UUID) -> ResponseReturnValue:
    """Record how and when these people were told."""
    form = _settling(_found(task_id))
    return _keep(task_id, form, service.settle_information, (form, _forwarding()))


@blueprint.post("/-/information/<uuid:task_id>/put-forward")
@open_to(*DRAFTERS)
def put_forward(task_id: uuid.UUID) -> ResponseReturnValue:
    """Say that these people are to be told sooner."""
    form = _forwarding()
    return _keep(task_id, form, service.put_forward, (_settling(_found(task_id)), form))


def _keep(task_id: uuid.UUID, form: Any, keep: Any, forms: tuple[SettleForm, PutForwardForm]) -> ResponseReturnValue:
    context = current()
    if not form.validate():
        return _page(_found(task_id), *forms), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        keep(context.session, desk(), context.actor, form.written(task_id))
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(_found(task_id), *forms, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.information", task_id=task_id), code=303)


def _found(task_id: uuid.UUID) -> Information:
    return service.find_information(current().session, current().get(Attestor), task_id)


def _logged(task_id: uuid.UUID) -> LoggedTask:
    return service.logged_task(current().session, current().get(Attestor), task_id)


def _points() -> dict[str, str]:
    """Return what the collection points are called whose data people do not give themselves, by their slugs."""
    return {each.slug: named(each) for each in service.points_from_elsewhere(current().session)}


def _asking(logged: LoggedTask) -> AskAnewForm:
    form = AskAnewForm()
    if not form.is_submitted():
        form.point.data, form.obtained_on.data = logged.point, logged.obtained_on
    offer(form.point, [("", gettext("Choose…")), *_points().items()])
    return form


def _altered_page(task_id: uuid.UUID, form: AskAnewForm, refusal: str | None = None) -> str:
    context = current()
    sees_log = may_open(current_app, "log.entries", context.actor)
    return render_template(
        "register/information_altered.html",
        task_id=task_id,
        log_url=url_for("log.entries", object=TASK, which=task_id) if sees_log else None,
        logged=_logged(task_id),
        points=_points(),
        form=form,
        refusal=refusal,
        may_draft=bool(context.actor.roles & set(DRAFTERS)),
    )


def _settling(found: Information) -> SettleForm:
    form = SettleForm()
    if not form.is_submitted():
        made_on = found.task.message_on
        form.told_on.data = made_on or day_of(current().clock.now())
        if made_on is not None:
            form.told_by.data = ToldBy.FIRST_MESSAGE.value
    offer(form.told_by, ((each.value, gettext(label)) for each, label in TOLD_BY_LABELS.items()))
    return form


def _forwarding() -> PutForwardForm:
    form = PutForwardForm(prefix="forward")
    offer(form.sooner, ((each.value, gettext(label)) for each, label in _SOONER_LABELS.items()))
    return form


def _page(found: Information, settling: SettleForm, forwarding: PutForwardForm, refusal: str | None = None) -> str:
    context = current()
    made_by = set() if found.task.message_by is None else {found.task.message_by}
    return render_template(
        "register/information.html",
        found=found,
        task=found.task,
        point=found.point,
        now=context.clock.now(),
        settling=settling,
        forwarding=forwarding,
        refusal=refusal,
        how=TOLD_BY_LABELS,
        words=_words(found),
        names=context.get(ActorNames).look_up(context.session, made_by),
        may_draft=bool(context.actor.roles & set(DRAFTERS)),
        may_write=bool(context.actor.roles & BUSINESS_ROLES),
    )


def _words(found: Information) -> dict[str, str]:
    """Return what the first message says, by language, with the address where that version stands whole."""
    context = current()
    words = service.first_words(context.session, context.get(Attestor), found)
    if words is None:
        return {}
    base = context.get(Settings).base_url
    told = {}
    for language, short in words.short.items():
        page = url_for("notices.version_in", slug=words.slug, version=words.version, language=language)
        with force_locale(language):
            more = gettext("All of it: %(address)s", address=f"{base}{page}")
        told[language] = "\n".join([*short, more])
    return told
