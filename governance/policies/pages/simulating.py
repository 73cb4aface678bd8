"""Trying a grant out before anybody asks for it: what it would open, to how many people, on how many customers."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from audit.log import Log
from governance.actor import ROLE_LABELS, Role, open_to
from governance.datamap.labels import CATEGORY_LABELS
from governance.errors import DomainError
from governance.policies.forms import FORMS, SimulateForm
from governance.policies.labels import ACTION_LABELS, FORM_LABELS
from governance.policies.matrix import ROLES
from governance.policies.pages.entrance import READERS, policies
from governance.policies.pages.wording import purpose_named, told
from governance.policies.reach import Laboratory, Reach, SimulateGrant, Simulation, simulate_grant, simulation_fact
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, Form, GrantedAction
from governance.web.context import current
from register.declared import declared_purposes


@policies.get("/simulate")
@open_to(*READERS)
def simulate() -> ResponseReturnValue:
    """Show the form."""
    return _page(_form())


@policies.post("/simulate")
@open_to(*READERS)
def run_simulation() -> ResponseReturnValue:
    """Count, and say that somebody did. It is no change, and its answer is the page itself."""
    context = current()
    form = _form()
    if not form.validate():
        return _page(form), 422
    command = SimulateGrant(
        role=Role(form.role.data),
        purpose=form.purpose.data,
        categories=frozenset(form.categories.data),
        action=form.action.data,
        form=form.form.data,
    )
    laboratory = Laboratory(attestor=context.get(Attestor), reach=context.get(Reach))
    try:
        with context.database.read() as session:
            found = simulate_grant(session, laboratory, context.clock.now(), command)
    except DomainError as error:
        return _page(form, refusal=told(error)), 422
    context.get(Log).append(simulation_fact(context.actor, command, found))
    return _page(form, simulation=found, command=command)


def _form() -> SimulateForm:
    asked = request.args
    form = SimulateForm(
        role=asked.get("role", ""),
        purpose=asked.get("purpose", ""),
        action=asked.get("action", GrantedAction.READ.value),
        form=asked.get("form", Form.CLEAR.value),
        categories=asked.getlist("category"),
    )
    with current().database.read() as session:
        purposes = declared_purposes(session, current().get(Attestor))
    form.role.choices = [("", "—"), *((role.value, gettext(ROLE_LABELS[role])) for role in ROLES)]
    ordered = sorted(purposes.by_slug.values(), key=lambda purpose: purpose.id)
    form.purpose.choices = [("", "—"), *((purpose.slug, purpose_named(purpose)) for purpose in ordered)]
    form.categories.choices = [(each, gettext(CATEGORY_LABELS[each])) for each in DataCategory]
    form.action.choices = [(each, gettext(ACTION_LABELS[each])) for each in GrantedAction]
    form.form.choices = [(each, gettext(FORM_LABELS[each])) for each in FORMS]
    return form


def _page(
    form: SimulateForm,
    *,
    simulation: Simulation | None = None,
    command: SimulateGrant | None = None,
    refusal: str | None = None,
) -> str:
    return render_template("policies/simulate.html", form=form, simulation=simulation, command=command, refusal=refusal)
