"""`/decisions/roles/…`: one role that waits, with all that the account would then hold; confirmed, or turned down.

Somebody whose password ended with the confirmation, or who never had one, comes in by a link: it is offered at once.
"""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.errors import DomainError
from governance.identity.errors import AnotherControllerNeededError
from governance.identity.models import Account, RoleAssignment
from governance.identity.permissions import person
from governance.identity.service import countersign_role
from governance.identity.service.declining import DeclineRole, decline_role
from governance.identity.service.openid import identity_of
from governance.identity.service.second_person import another_decides, concerns
from governance.identity.service.vouching import sees_links
from governance.oversight.errors import NothingWaitsError
from governance.oversight.forms import DeclineForm
from governance.oversight.pages.entrance import blueprint, names_of
from governance.policies.joining import joining_of
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.problems import sentence


@blueprint.get("/decisions/roles/<uuid:assignment_id>")
@open_to(Role.CONTROLLER)
def role(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Show a role that waits, or what became of it."""
    return _page(assignment_id)


@blueprint.post("/decisions/roles/<uuid:assignment_id>/countersign")
@open_to(Role.CONTROLLER)
@confirmed_anew
def countersign(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Put a role in force that somebody else assigned."""
    context = current()
    attestor = context.get(Attestor)
    try:
        confirmed = countersign_role(
            context.session, context.clock, context.ids, attestor, context.actor, assignment_id
        )
    except AnotherControllerNeededError as error:
        context.roll_back()
        return _page(assignment_id, refusal=error), 422
    flash(gettext("The role is in force."), "given")
    if _lacks_way_in(context.session.get_one(Account, confirmed.account_id)):
        return redirect(url_for("oversight.role", assignment_id=assignment_id), code=303)
    return redirect(url_for("oversight.decisions"), code=303)


@blueprint.post("/decisions/roles/<uuid:assignment_id>/decline")
@open_to(Role.CONTROLLER)
def decline(assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Turn a role down that waits, and say why."""
    context = current()
    _assignment(assignment_id)
    form = DeclineForm()
    if not form.validate():
        return _page(assignment_id, form=form), 422
    command = DeclineRole(assignment_id=assignment_id, because=form.because.data)
    decline_role(context.session, context.clock, context.get(Attestor), context.actor, command)
    flash(gettext("The role was declined; it never opened anything."), "given")
    return redirect(url_for("oversight.decisions"), code=303)


def _page(assignment_id: uuid.UUID, *, form: DeclineForm | None = None, refusal: DomainError | None = None) -> str:
    context = current()
    session, attestor, now = context.session, context.get(Attestor), context.clock.now()
    assignment = _assignment(assignment_id)
    account = session.get_one(Account, assignment.account_id)
    waits = assignment.countersigned_at is None and assignment.revoked_at is None
    return render_template(
        "oversight/role.html",
        assignment=assignment,
        account=account,
        waits=waits and account.disabled_at is None,
        names=names_of(session, [assignment.assigned_by, assignment.countersigned_by, assignment.revoked_by]),
        joining=joining_of(session, attestor, assignment, now),
        # Credentials that nobody vouches for end with the confirmation.
        ends_password=account.password_hash is not None and not account.vouched and assignment.role is not Role.ADMIN,
        lacks_way_in=assignment.countersigned_at is not None and _lacks_way_in(account),
        mail=context.get(Settings).smtp is not None,
        **_standing(assignment, account),
        form=form or DeclineForm(formdata=None),
        refusal=None if refusal is None else sentence(refusal),
    )


def _standing(assignment: RoleAssignment, account: Account) -> dict[str, bool]:
    """Say whether the reader may confirm it, and see the link that comes after: the page offers nothing else."""
    context = current()
    session, actor, now = context.session, context.actor, context.clock.now()
    made = assignment.role is not Role.ADMIN
    concerned = concerns(session, person(actor), account.id, now, made=made)
    return {
        "concerned": concerned,
        "alone": concerned and not another_decides(session, account.id, now, made=made),
        "sees_link": sees_links(session, actor, [assignment.role], now, sure=False),
    }


def _assignment(assignment_id: uuid.UUID) -> RoleAssignment:
    context = current()
    assignment = context.session.get(RoleAssignment, assignment_id)
    if assignment is None:
        raise NothingWaitsError
    context.get(Attestor).verify(assignment)
    return assignment


def _lacks_way_in(account: Account) -> bool:
    if account.password_hash is not None or account.disabled_at is not None:
        return False
    return identity_of(current().session, account.id) is None
