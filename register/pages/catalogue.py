"""The catalogues that the data protection officer keeps: measures of security, and decisions on adequacy."""

import uuid
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, open_to
from governance.days import day_of
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.context import current
from register import service
from register.catalogue.countries import EEA
from register.catalogue.labels import DOMAIN_LABELS
from register.catalogue.models import Adequacy, Measure
from register.errors import RegisterError
from register.forms import offer
from register.pages.entrance import READERS, blueprint, desk, refuse
from register.pages.forms.catalogue import AdequacyForm, MeasureForm
from register.pages.lines import countries
from register.pages.meanwhile import form_page, held, unseen

_ON_A_PAGE: Final = 100
_Row = Measure | Adequacy
_MEASURE: Final = ("label_fr", "label_en", "withdrawn")


@blueprint.get("/-/measures")
@open_to(*READERS)
def measures() -> ResponseReturnValue:
    """List the measures of the catalogue."""
    return _list("register/measure_list.html", service.list_measures)


@blueprint.get("/-/measures/new")
@open_to(Role.DPO)
def new_measure() -> ResponseReturnValue:
    """Show the form of a measure."""
    return _page("measures", _measure_form(None))


@blueprint.post("/-/measures/new")
@open_to(Role.DPO)
def add_measure() -> ResponseReturnValue:
    """Add a measure to the catalogue."""
    return _keep("measures", _measure_form(None), service.keep_measure, None)


@blueprint.get("/-/measures/<uuid:measure_id>")
@open_to(Role.DPO)
def measure(measure_id: uuid.UUID) -> ResponseReturnValue:
    """Show a measure, to correct it."""
    found = service.find_measure(current().session, measure_id)
    return _page("measures", _measure_form(found), altered=_was_altered(found))


@blueprint.post("/-/measures/<uuid:measure_id>")
@open_to(Role.DPO)
def change_measure(measure_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a measure of the catalogue."""
    found = held(service.find_measure(current().session, measure_id))
    return _keep("measures", _measure_form(found), service.keep_measure, found)


@blueprint.get("/-/adequacy")
@open_to(*READERS)
def adequacy() -> ResponseReturnValue:
    """List the decisions on adequacy."""
    return _list("register/adequacy_list.html", service.list_adequacy)


@blueprint.get("/-/adequacy/new")
@open_to(Role.DPO)
def new_adequacy() -> ResponseReturnValue:
    """Show the form of a decision on adequacy."""
    return _page("adequacy", _adequacy_form(None))


@blueprint.post("/-/adequacy/new")
@open_to(Role.DPO)
def add_adequacy() -> ResponseReturnValue:
    """Put a decision on adequacy on file."""
    return _keep("adequacy", _adequacy_form(None), service.keep_adequacy, None)


@blueprint.get("/-/adequacy/<uuid:adequacy_id>")
@open_to(Role.DPO)
def decided(adequacy_id: uuid.UUID) -> ResponseReturnValue:
    """Show a decision on adequacy, to correct it."""
    found = service.find_adequacy(current().session, adequacy_id)
    return _page("adequacy", _adequacy_form(found), altered=_was_altered(found))


@blueprint.post("/-/adequacy/<uuid:adequacy_id>")
@open_to(Role.DPO)
def change_adequacy(adequacy_id: uuid.UUID) -> ResponseReturnValue:
    """Correct a decision on adequacy."""
    found = held(service.find_adequacy(current().session, adequacy_id))
    return _keep("adequacy", _adequacy_form(found), service.keep_adequacy, found)


def _list(template: str, listed: Any) -> ResponseReturnValue:
    context = current()
    page = listed(context.session, after=parse_id(request.args.get("after", "")), limit=_ON_A_PAGE)
    return render_template(
        template,
        page=page,
        may_keep=Role.DPO in context.actor.roles,
        today=day_of(context.clock.now()),
        whole=context.get(Attestor).is_whole,
    )


def _measure_form(found: Measure | None) -> MeasureForm:
    told = {} if found is None else {name: getattr(found, name) for name in _MEASURE} | {"domain": found.domain.value}
    form = MeasureForm(data=told)
    offer(form.domain, ((each.value, gettext(label)) for each, label in DOMAIN_LABELS.items()))
    return form


def _adequacy_form(found: Adequacy | None) -> AdequacyForm:
    form = AdequacyForm(obj=found)
    if found is None and not form.is_submitted():
        form.checked_on.data = day_of(current().clock.now())
    offer(form.country, (pair for pair in countries() if pair[0] not in EEA))
    return form


def _keep(listing: str, form: Any, keep: Any, found: _Row | None) -> ResponseReturnValue:
    context = current()
    altered, row_id = _was_altered(found), None if found is None else found.id
    if not form.validate():
        return _page(listing, form, altered=altered), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, new=found is None, altered=altered):
        return _page(listing, form, altered=altered, meanwhile=meanwhile), HTTPStatus.CONFLICT
    try:
        keep(context.session, desk(), context.actor, (row_id, form.written()))
    except RegisterError as error:
        return _page(listing, form, altered=altered, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for(f"register.{listing}"), code=303)


def _was_altered(found: _Row | None) -> bool:
    return found is not None and not current().get(Attestor).is_whole(found)


def _page(listing: str, form: Any, *, altered: bool = False, **said: Any) -> str:
    return form_page("register/catalogue.html", form, listing=listing, altered=altered, **said)
