"""The accounts page: everybody who may sign in, and first of all what waits for the controller."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.days import end_of_day
from governance.errors import DomainError
from governance.identity import service
from governance.identity.errors import EmailTakenError, EndsInThePastError, InvalidEmailError, RoleTooLongError
from governance.identity.letters import Letter, tell
from governance.identity.permissions import may_countersign
from governance.identity.service import NewAccount, NewRole
from governance.identity.service.overview import AccountFilter, AccountPage, accounts_page, waiting_for_controller
from governance.identity.service.vouching import sees_links
from governance.identity.views.account_forms import AccountFilterForm, NewAccountForm
from governance.identity.views.pages import blueprint
from governance.ids import parse_id
from governance.settings import Settings
from governance.web.access import may_open
from governance.web.context import current
from governance.web.problems import sentence

KEEPERS = (Role.ADMIN, Role.CONTROLLER)
# The page of one role that waits lies above this room: it shows what the account would then hold.
_DECIDING: Final = "oversight.role"


@blueprint.get("/accounts/")
@open_to(*KEEPERS)
def accounts() -> ResponseReturnValue:
    """List the accounts that fit, a page at a time."""
    form = AccountFilterForm(request.args, meta={"csrf": False})
    form.fill()
    if not form.validate():
        return _list(form, AccountPage(rows=[], after=None)), 422
    wanted = AccountFilter(role=form.wanted_role, state=form.wanted_state)
    after = parse_id(request.args.get("after", ""))
    return _list(form, accounts_page(current().session, wanted, after=after), after=after)


@blueprint.post("/accounts/find")
@open_to(*KEEPERS)
def find_account() -> ResponseReturnValue:
    """List the accounts that fit, by name or address too. Changes nothing."""
    form = AccountFilterForm()
    form.fill()
    if not form.validate():
        return _list(form, AccountPage(rows=[], after=None)), 422
    text = (form.text.data or "").strip()
    if not text:
        return redirect(url_for("identity.accounts", **_narrowed(form)), code=303)
    wanted = AccountFilter(text=text, role=form.wanted_role, state=form.wanted_state)
    return _list(form, accounts_page(current().session, wanted), found=True)


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@open_to(*KEEPERS)
@confirmed_anew
def new_account() -> ResponseReturnValue:
    """Add an account with its first role."""
    form = NewAccountForm()
    form.fill()
    if request.method != "POST":
        return _new(form)
    if not form.validate():
        return _new(form), 422
    try:
        account_id = _add(form)
    except InvalidEmailError as error:
        return _new_again(form, "email", error)
    except EmailTakenError as error:
        return _new_again(form, "email", error)
    except (EndsInThePastError, RoleTooLongError) as error:
        return _new_again(form, "until", error)
    return redirect(url_for("identity.account_page", account_id=account_id), code=303)


def deciding_url() -> Callable[[UUID], str] | None:
    """Return where a role that waits is decided on; None where no such page is open to whoever looks."""
    if not may_open(current_app, _DECIDING, current().actor):
        return None
    return lambda assignment_id: url_for(_DECIDING, assignment_id=assignment_id)


def _add(form: NewAccountForm) -> UUID:
    context = current()
    session, clock, ids, actor = context.session, context.clock, context.ids, context.actor
    new = NewAccount(email=form.email.data, name=form.name.data or "", locale=form.locale.data)
    account = service.add_account(session, clock, ids, actor, new)
    first = NewRole(
        account_id=account.id, role=form.role.data, reason=form.reason.data, valid_until=end_of_day(form.until.data)
    )
    assigned = service.assign_role(session, clock, ids, actor, first)
    if context.get(Settings).smtp is not None:
        tell(session, ids, clock, account.id, Letter.FIRST_LINK)
        flash(gettext("The account is made, and its first link is on its way by mail."), "given")
    elif assigned.countersigned_at is None:
        said = gettext(
            "The account is made. Its first link is made once the role is confirmed: by the controller, or, where "
            "there are two, by the person who runs the server (egide user link EMAIL)."
        )
        flash(said, "given")
    elif not sees_links(session, actor, [assigned.role], clock.now(), sure=False):
        said = gettext(
            "The account is made. The person who runs the server makes its first link: egide user link EMAIL."
        )
        flash(said, "given")
    else:
        flash(gettext("The account is made. Now make its first link, and hand it over."), "given")
    return account.id


def _new(form: NewAccountForm) -> str:
    mail = current().get(Settings).smtp is not None
    return render_template("identity/new_account.html", form=form, mail=mail, confirms=may_countersign(current().actor))


def _new_again(form: NewAccountForm, name: str, error: DomainError) -> ResponseReturnValue:
    current().roll_back()
    form[name].errors = [*form[name].errors, sentence(error)]
    return _new(form), 422


def _list(
    form: AccountFilterForm,
    page: AccountPage,
    *,
    after: UUID | None = None,
    found: bool = False,
) -> str:
    context = current()
    return render_template(
        "identity/accounts.html",
        form=form,
        found=found,
        page=page,
        asked=_narrowed(form),
        after=after,
        waiting=waiting_for_controller(context.session),
        confirms=may_countersign(context.actor),
        deciding_url=deciding_url(),
        now=context.clock.now(),
    )


def _narrowed(form: AccountFilterForm) -> dict[str, Any]:
    return {name: form[name].data for name in ("role", "state") if form[name].data not in {None, form[name].default}}
