"""Requests: all of them, one with what somebody needs who decides, and the decision."""

import uuid
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from audit.log import Log
from governance.actor import Role, confirmed_anew, open_to, open_to_signed_in
from governance.datamap.labels import CATEGORY_LABELS
from governance.days import day_of, end_of_day, last_of_day
from governance.errors import DomainError
from governance.identity.service import names_of_actors
from governance.policies import service
from governance.policies.dossier import Dossier, dossier_of, simulation_of
from governance.policies.errors import AccessRequestNotFoundError
from governance.policies.forms import FORMS, AdviseForm, ApproveForm, RefuseForm
from governance.policies.labels import ADVICE_LABELS, FORM_LABELS
from governance.policies.models import AccessRequest, Grant
from governance.policies.pages.entrance import READERS, access
from governance.policies.pages.wording import told
from governance.policies.reach import Laboratory, Reach, Simulation, simulate_grant, simulation_fact
from governance.policies.request_records import RequestQuery, get_request, list_requests
from governance.policies.requests import AdviseRequest, ApproveRequest, RefuseRequest
from governance.policies.service import Desk
from governance.policies.values import Advice, RequestState, RequestSubject
from governance.vault.attest import Attestor
from governance.web.context import current

_ON_A_PAGE: Final = 50


@access.get("/requests")
@open_to(*READERS)
def requests() -> ResponseReturnValue:
    """List the requests that somebody may see, newest first."""
    context = current()
    wanted = request.args.get("state", "")
    state = RequestState(wanted) if wanted in set(RequestState) else None
    after = request.args.get("after", type=_id)
    page = list_requests(context.session, context.actor, RequestQuery(state=state, after=after, limit=_ON_A_PAGE))
    names = names_of_actors(context.session, {row.request.account_id for row in page.rows})
    return render_template(
        "access/requests.html",
        page=page,
        names=names,
        state=state,
        states=tuple(RequestState),
        now=context.clock.now(),
        older=None if page.next is None else url_for("access.requests", state=wanted or None, after=page.next),
        newest=url_for("access.requests", state=wanted or None) if after else None,
    )


@access.get("/requests/<uuid:request_id>", endpoint="request")
@open_to_signed_in
def request_page(request_id: uuid.UUID) -> ResponseReturnValue:
    """Show one request."""
    try:
        return _page(request_id)
    except AccessRequestNotFoundError:
        # What an owner asks for is a grant that waits, and has its own page.
        context = current()
        if context.actor.roles & set(READERS) and context.session.get(Grant, request_id) is not None:
            return redirect(url_for("policies.grant", grant_id=request_id), code=303)
        raise


@access.post("/requests/<uuid:request_id>/approve")
@open_to(Role.CONTROLLER)
@confirmed_anew
def approve(request_id: uuid.UUID) -> ResponseReturnValue:
    """Give what was asked for, or less."""
    context = current()
    dossier = _dossier(request_id)
    form = _approve_form(dossier)
    if not form.validate():
        return _page(request_id, approve_form=form), 422
    for_data = dossier.record.request.subject is RequestSubject.DATA
    command = ApproveRequest(
        request_id=request_id,
        categories=frozenset(form.categories.data) if for_data else None,
        form=form.form.data if for_data else None,
        valid_until=_until(form, dossier.record.request),
        because=form.because.data or "",
        no_second_person=bool(form.no_second_person.data),
    )
    try:
        service.approve_request(context.session, _desk(), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(request_id, approve_form=form, error=error), 422
    flash(gettext("It is granted, from now on."), "given")
    return redirect(url_for("access.request", request_id=request_id), code=303)


@access.post("/requests/<uuid:request_id>/refuse")
@open_to(Role.CONTROLLER)
def refuse(request_id: uuid.UUID) -> ResponseReturnValue:
    """Refuse a request, and say why."""
    context = current()
    form = RefuseForm()
    if not form.validate():
        return _page(request_id, refuse_form=form), 422
    command = RefuseRequest(request_id=request_id, because=form.because.data)
    try:
        service.refuse_request(context.session, context.clock, context.get(Attestor), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(request_id, refuse_form=form, error=error), 422
    flash(gettext("It is refused. Whoever asked reads why."), "given")
    return redirect(url_for("access.request", request_id=request_id), code=303)


@access.post("/requests/<uuid:request_id>/advise")
@open_to(Role.DPO)
def advise(request_id: uuid.UUID) -> ResponseReturnValue:
    """Give an opinion on a request that waits."""
    context = current()
    form = _advise_form(AdviseForm())
    if not form.validate():
        return _page(request_id, advise_form=form), 422
    command = AdviseRequest(request_id=request_id, advice=Advice(form.advice.data), reason=form.reason.data)
    try:
        service.advise_request(context.session, _desk(), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(request_id, advise_form=form, error=error), 422
    flash(gettext("Your opinion stands beside the request. The controller reads it, and decides."), "given")
    return redirect(url_for("access.request", request_id=request_id), code=303)


@access.post("/requests/<uuid:request_id>/withdraw")
@open_to_signed_in
def withdraw(request_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what one asked for."""
    context = current()
    get_request(context.session, context.actor, request_id)
    try:
        service.withdraw_request(context.session, context.clock, context.get(Attestor), context.actor, request_id)
    except DomainError as error:
        context.roll_back()
        return _page(request_id, error=error), 422
    flash(gettext("Your request is withdrawn."), "given")
    return redirect(url_for("access.mine"), code=303)


def _page(
    request_id: uuid.UUID,
    *,
    approve_form: ApproveForm | None = None,
    refuse_form: RefuseForm | None = None,
    advise_form: AdviseForm | None = None,
    error: DomainError | None = None,
) -> str:
    context = current()
    dossier = _dossier(request_id)
    record = dossier.record
    simulation = _simulate(dossier)
    names = names_of_actors(
        context.session,
        {
            each
            for each in (
                record.request.account_id,
                record.request.decided_by,
                None if record.opinion is None else record.opinion.given_by,
            )
            if each
        },
    )
    return render_template(
        "access/request.html",
        dossier=dossier,
        record=record,
        asked=record.request,
        names=names,
        now=context.clock.now(),
        simulation=simulation,
        observed={each.id for each in dossier.purposes.values() if each.observes(context.clock.now())},
        approve_form=approve_form or _approve_form(dossier, afresh=True),
        advise_form=advise_form or _advise_form(AdviseForm(formdata=None)),
        refuse_form=refuse_form or RefuseForm(formdata=None),
        refusal=None if error is None else told(error),
    )


def _dossier(request_id: uuid.UUID) -> Dossier:
    context = current()
    record = get_request(context.session, context.actor, request_id)
    return dossier_of(context.session, context.get(Attestor), context.actor, record, context.clock.now())


def _simulate(dossier: Dossier) -> Simulation | None:
    """Count whom it would reach, for whoever decides now; counting is recorded."""
    context = current()
    command = simulation_of(dossier.record)
    if command is None or not dossier.decidable or context.writes:
        return None
    laboratory = Laboratory(attestor=context.get(Attestor), reach=context.get(Reach))
    try:
        found = simulate_grant(context.session, laboratory, context.clock.now(), command)
    except DomainError:
        # The register has changed since: approving says so, in its own words.
        return None
    context.get(Log).append(simulation_fact(context.actor, command, found))
    return found


def _approve_form(dossier: Dossier, *, afresh: bool = False) -> ApproveForm:
    asked = dossier.record.request
    last = day_of(last_of_day(asked.valid_until))
    given: dict[str, Any] = {
        "until": last,
        "form": asked.form,
        "categories": [each.value for each in asked.category_set],
    }
    form = ApproveForm(formdata=None, **given) if afresh else ApproveForm(**given)
    form.categories.choices = [(each, gettext(CATEGORY_LABELS[each])) for each in asked.category_set]
    weaker = [each for each in FORMS if asked.form is not None and each.code <= asked.form.code]
    form.form.choices = [(each, gettext(FORM_LABELS[each])) for each in weaker]
    if asked.form is None:
        form.form.validate_choice = False
        form.form.coerce = str
    form.until.render_kw = {"max": last.isoformat()}
    return form


def _advise_form(form: AdviseForm) -> AdviseForm:
    form.advice.choices = [
        ("", gettext("Choose…")),
        *((each.value, gettext(label)) for each, label in ADVICE_LABELS.items()),
    ]
    return form


def _until(form: ApproveForm, asked: AccessRequest) -> Any:
    until = end_of_day(form.until.data)
    return until if until is None or until < asked.valid_until else asked.valid_until


def _desk() -> Desk:
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))


def _id(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        abort(404)
