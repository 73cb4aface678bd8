"""Which roles require a second factor: seen by whoever watches over accounts, tightened and relaxed by whoever may."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, open_to
from governance.identity import service
from governance.identity.permissions import may_countersign
from governance.identity.service import SetRule
from governance.identity.service.second_factor_rules import holders_of_roles
from governance.identity.views.pages import blueprint
from governance.identity.views.visiting import fresh_visit
from governance.vault.attest import Attestor
from governance.web.context import current

_READERS = (Role.ADMIN, Role.CONTROLLER, Role.DPO, Role.SECURITY, Role.AUDITOR)


@blueprint.get("/administration/second-factor")
@open_to(*_READERS)
def second_factor_rules() -> ResponseReturnValue:
    """Show which roles require a second factor, and who has one."""
    context = current()
    return render_template(
        "identity/second_factor_rules.html",
        rules=service.second_factor_rules(context.session, context.get(Attestor)),
        holders=holders_of_roles(context.session, context.clock),
        may_tighten=bool(context.actor.roles & {Role.ADMIN, Role.CONTROLLER}),
        may_relax=may_countersign(context.actor),
    )


@blueprint.post("/administration/second-factor/<role>")
@open_to(Role.ADMIN, Role.CONTROLLER)
def set_second_factor_rule(role: str) -> ResponseReturnValue:
    """Let a role require a second factor, or no longer."""
    if role not in set(Role):
        abort(404)
    context = current()
    command = SetRule(role=Role(role), required=request.form.get("required") == "yes")
    if not command.required:
        fresh_visit()
    service.set_second_factor_rule(context.session, context.clock, context.get(Attestor), context.actor, command)
    flash(gettext("The rule is set."), "given")
    return redirect(url_for("identity.second_factor_rules"), code=303)
