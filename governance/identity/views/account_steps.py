"""The page of one account, for whoever looks after it: what it holds, and every step that may be taken with it."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.days import end_of_day, last_of_day
from governance.errors import DomainError, mark
from governance.identity import service
from governance.identity.devices import device_name
from governance.identity.errors import (
    EndsInThePastError,
    IdentityError,
    LinkByMailError,
    NotPermittedError,
    RoleConflictError,
    RoleTooLongError,
    UnknownAccountError,
)
from governance.identity.letters import Letter, tell
from governance.identity.models import Account, SecondFactorState
from governance.identity.permissions import check_resets, may_countersign, person
from governance.identity.service import NewRole
from governance.identity.service.declining import declined_roles
from governance.identity.service.factors import reset_second_factor
from governance.identity.service.lockouts import locked_until, unlock
from governance.identity.service.names import names_of_actors
from governance.identity.service.openid import identity_of, unlink_identity
from governance.identity.service.resets import mail_link_to
from governance.identity.service.roles import is_in_force
from governance.identity.service.second_person import recently_handled
from governance.identity.service.vouching import sees_links
from governance.identity.views.account_forms import NewRoleForm
from governance.identity.views.accounts import KEEPERS, deciding_url
from governance.identity.views.pages import blueprint
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import RequestContext, current
from governance.web.problems import sentence

_Step = Callable[[RequestContext, Account], None]
# What is asked before it is done, for it cannot be taken back: title, what happens, verb.
_DISABLE: Final = (
    mark("Disable this account"),
    mark("Nobody signs in with this account any more. It stays in the log, and is never opened again."),
    (
        mark("Its devices are signed out at once."),
        mark("Its tokens and its roles open nothing from now on."),
        mark("Its holder is told by mail, where mail is set up."),
    ),
    mark("Disable the account"),
)
_RESET_FACTOR: Final = (
    mark("Reset the second factor"),
    mark("Do this only once you know that it is really that person who lost it: call them, or meet them."),
    (
        mark("Their app, passkeys and recovery codes open nothing any more."),
        mark("Their devices are signed out."),
        mark("They add a new second factor when they sign in, with their password."),
        mark("They are told by mail, where mail is set up."),
        mark(
            "A controller confirms nothing that concerns you, nor an account that you made, for 30 days, and every "
            "controller is told. Where the person who runs the server resets it instead, nobody waits: "
            "egide user reset-second-factor EMAIL."
        ),
    ),
    mark("Reset it"),
)


@blueprint.get("/accounts/<uuid:account_id>")
@open_to(*KEEPERS)
def account_page(account_id: UUID) -> ResponseReturnValue:
    """Show an account."""
    return _page(account_id)


@blueprint.post("/accounts/<uuid:account_id>/roles")
@open_to(*KEEPERS)
@confirmed_anew
def give_role(account_id: UUID) -> ResponseReturnValue:
    """Assign a role; a conflict is refused once, and may then be accepted and flagged."""
    context = current()
    form = _role_form(context, service.account_by_id(context.session, account_id))
    if not form.validate():
        return _page(account_id, form=form), 422
    command = NewRole(
        account_id=account_id,
        role=form.role.data,
        reason=form.reason.data,
        valid_until=end_of_day(form.until.data),
        no_second_person=form.no_second_person.data,
    )
    try:
        service.assign_role(context.session, context.clock, context.ids, context.actor, command)
    except RoleConflictError as error:
        return _again(account_id, form, "role", error)
    except (EndsInThePastError, RoleTooLongError) as error:
        return _again(account_id, form, "until", error)
    return _back(account_id)


@blueprint.post("/accounts/<uuid:account_id>/roles/<any({roles}):role>/revoke".format(roles=",".join(Role)))
@open_to(*KEEPERS)
def take_role_back(account_id: UUID, role: str) -> ResponseReturnValue:
    """Take a role back, in force or not."""
    command = NewRole(account_id=account_id, role=Role(role))

    def step(context: RequestContext, _account: Account) -> None:
        service.revoke_role(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)

    return _take(account_id, step)


@blueprint.post("/accounts/<uuid:account_id>/link")
@open_to(*KEEPERS)
@confirmed_anew
def make_link(account_id: UUID) -> ResponseReturnValue:
    """Make a link by which the person chooses a password, and show it once."""
    context = current()
    account = service.account_by_id(context.session, account_id)
    try:
        issued = service.link_password(context.session, context.clock, context.ids, context.actor, account)
    except LinkByMailError as error:
        context.roll_back()
        return _page(account_id, refusal=error), 422
    # Not a redirect: the link is nowhere but in this answer.
    url = f"{context.get(Settings).base_url}/link/{issued.secret}"
    return _page(account_id, link=(url, issued.link.expires_at))


@blueprint.post("/accounts/<uuid:account_id>/letter")
@open_to(*KEEPERS)
@confirmed_anew
def mail_link(account_id: UUID) -> ResponseReturnValue:
    """Have a link sent to the person: nobody else sees it, so everybody's may be asked for, as by the person."""

    def step(context: RequestContext, account: Account) -> None:
        mail_link_to(context.session, context.clock, context.ids, context.actor, account)

    return _take(account_id, step, gettext("A letter with a link is on its way."))


@blueprint.post("/accounts/<uuid:account_id>/sessions/close")
@open_to(*KEEPERS)
def close_all_sessions(account_id: UUID) -> ResponseReturnValue:
    """Sign somebody out everywhere."""

    def step(context: RequestContext, account: Account) -> None:
        for opened in service.open_sessions(context.session, context.clock, account.id):
            service.close_session(context.session, context.clock, context.get(Attestor), context.actor, opened.id)

    return _take(account_id, step, gettext("Every device is signed out."))


@blueprint.post("/accounts/<uuid:account_id>/unlock")
@open_to(*KEEPERS)
@confirmed_anew
def unlock_account(account_id: UUID) -> ResponseReturnValue:
    """Let somebody try again at once who mistyped too often."""

    def step(context: RequestContext, account: Account) -> None:
        unlock(context.session, context.get(Attestor), context.actor, account)

    return _take(account_id, step)


@blueprint.post("/accounts/<uuid:account_id>/openid/unlink")
@open_to(*KEEPERS)
def unlink_identity_of(account_id: UUID) -> ResponseReturnValue:
    """Take the link between an account and the company's provider back."""

    def step(context: RequestContext, account: Account) -> None:
        unlink_identity(context.session, context.clock, context.get(Attestor), context.actor, account.id)

    return _take(account_id, step)


@blueprint.route("/accounts/<uuid:account_id>/disable", methods=["GET", "POST"])
@open_to(*KEEPERS)
def disable(account_id: UUID) -> ResponseReturnValue:
    """Ask once more, then close an account for good."""
    if request.method != "POST":
        return _ask(account_id, "identity.disable", _DISABLE)

    def step(context: RequestContext, account: Account) -> None:
        session, clock = context.session, context.clock
        service.disable_account(session, clock, context.ids, context.get(Attestor), context.actor, account.id)
        tell(session, context.ids, clock, account.id, Letter.ACCOUNT_DISABLED)

    return _take(account_id, step)


@blueprint.route("/accounts/<uuid:account_id>/second-factor", methods=["GET", "POST"])
@open_to(*KEEPERS)
@confirmed_anew
def reset_factor(account_id: UUID) -> ResponseReturnValue:
    """Ask once more, then take a second factor away that was lost."""
    if request.method != "POST":
        return _ask(account_id, "identity.reset_factor", _RESET_FACTOR)

    def step(context: RequestContext, account: Account) -> None:
        session, clock = context.session, context.clock
        reset_second_factor(session, clock, context.ids, context.get(Attestor), context.actor, account.id)
        tell(session, context.ids, clock, account.id, Letter.SECOND_FACTOR_RESET)

    told = gettext("The second factor is reset. This person adds a new one at their next sign-in, with their password.")
    return _take(account_id, step, told)


def _take(account_id: UUID, step: _Step, told: str | None = None) -> ResponseReturnValue:
    context = current()
    account = service.account_by_id(context.session, account_id)
    try:
        step(context, account)
    except (NotPermittedError, UnknownAccountError):
        # Not of the page's making: it offers no such button.
        raise
    except IdentityError as error:
        context.roll_back()
        return _page(account_id, refusal=error), 422
    if told is not None:
        flash(told, "given")
    return _back(account_id)


def _back(account_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("identity.account_page", account_id=account_id), code=303)


def _again(account_id: UUID, form: NewRoleForm, name: str, error: DomainError) -> ResponseReturnValue:
    current().roll_back()
    form[name].errors = [*form[name].errors, sentence(error)]
    return _page(account_id, form=form, conflict=isinstance(error, RoleConflictError)), 422


def _ask(account_id: UUID, endpoint: str, said: tuple[str, str, tuple[str, ...], str]) -> str:
    account = service.account_by_id(current().session, account_id)
    back = url_for("identity.account_page", account_id=account_id)
    title, text, consequences, verb = said
    return render_template(
        "components/confirm.html",
        title=gettext(title),
        text=gettext(text),
        consequences=[gettext(each) for each in consequences],
        verb=gettext(verb),
        grave=True,
        action=url_for(endpoint, account_id=account_id),
        back=back,
        steps=[(gettext("Accounts"), url_for("identity.accounts")), (account.name or account.email, back)],
    )


def _role_form(context: RequestContext, account: Account, *, afresh: bool = False) -> NewRoleForm:
    form = NewRoleForm(formdata=None) if afresh else NewRoleForm()
    held = {each.role for each in service.live_assignments(context.session, account.id)}
    form.role.offer(set(Role) - {Role.SERVICE} - held)
    return form


def _page(
    account_id: UUID,
    *,
    form: NewRoleForm | None = None,
    refusal: DomainError | None = None,
    link: tuple[str, Any] | None = None,
    conflict: bool = False,
) -> str:
    context = current()
    session, now = context.session, context.clock.now()
    account = service.account_by_id(session, account_id)
    held = service.live_assignments(session, account_id)
    declined = declined_roles(session, account_id)
    handled = recently_handled(session, account_id, now)
    makers = {account.made_by, *(each.assigned_by for each in held), *(each.revoked_by for each in declined)} - {None}
    makers |= {each.handled_by for each in handled}
    return render_template(
        "identity/account_page.html",
        account=account,
        assigned=held,
        in_force={each.id for each in held if is_in_force(each, now)},
        names=names_of_actors(session, {each for each in makers if each is not None}),
        signed_in_at=service.last_use(session, account_id),
        sessions=service.open_sessions(session, context.clock, account_id),
        locked=locked_until(session, context.clock, context.get(Attestor), account),
        second_factor=account.second_factor,
        states=SecondFactorState,
        identity=identity_of(session, account_id),
        device_name=device_name,
        last_of_day=last_of_day,
        form=form or _role_form(context, account, afresh=True),
        conflict=conflict,
        refusal=None if refusal is None else sentence(refusal),
        link=link,
        declined=declined,
        handled=handled,
        # A link made before the first role is confirmed ends with the confirmation.
        link_waits=any(each.countersigned_at is None for each in held)
        and not any(each.countersigned_at is not None for each in held),
        deciding_url=deciding_url(),
        mail=context.get(Settings).smtp is not None,
        may=_may(context, account, frozenset(each.role for each in held if each.countersigned_at)),
        now=now,
    )


def _may(context: RequestContext, account: Account, held: frozenset[Role]) -> dict[str, bool]:
    """Say which steps this reader may take, so that the page offers no other."""
    try:
        check_resets(context.actor, held)
    except NotPermittedError:
        resets = False
    else:
        resets = True
    own = person(context.actor) == account.id
    shown = resets and sees_links(context.session, context.actor, held, context.clock.now(), sure=False)
    return {"countersign": may_countersign(context.actor), "reset": resets, "link": shown, "own": own}
