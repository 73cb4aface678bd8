"""Pages of identity: signing in and out, the page behind a one-time link, the language, the first page."""

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from governance.actor import Role, open_to_anyone, open_to_half_signed_in, open_to_signed_in
from governance.errors import DomainError, mark
from governance.identity.doorkeeper import Doorkeeper, SignIn, UseLink
from governance.identity.errors import (
    ConfirmationsSpentError,
    CredentialsRefusedError,
    EmailTakenError,
    InvalidEmailError,
    SignInLockedError,
    WeakPasswordError,
)
from governance.identity.forms import LinkForm, SignInForm
from governance.identity.permissions import person
from governance.identity.service import OpenedSession, account_by_id, close_session, keep_language, waiting_roles
from governance.identity.views.known_device import remember_device
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web import device, pages, signed_in
from governance.web.context import current
from governance.web.limits import limited
from governance.web.locale import choose_locale, save_locale
from governance.web.navigation import places_of
from governance.web.onward import HOME, inside, way_back
from governance.web.problems import Drawn, Told, sentence

blueprint: Final = Blueprint("identity", __name__)
_LEAD_TO_SECOND_FACTOR: Final = frozenset({"second-factor-needed", "fresh-second-factor-needed"})


@blueprint.get("/")
@open_to_signed_in
def home() -> ResponseReturnValue:
    """Lead to the first place of whoever is there, or say what they wait for."""
    context = current()
    waiting = waiting_roles(context.session, context.actor)
    places = places_of(current_app, context.actor)
    if places and not waiting:
        return redirect(url_for(places[0].endpoint), code=303)
    account_id = person(context.actor)
    unvouched = account_id is not None and not account_by_id(context.session, account_id).vouched
    ends = unvouched and any(role is not Role.ADMIN for role in waiting)
    return render_template("identity/home.html", waiting=waiting, ends_password=ends)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_anyone
@limited("20 per minute")
def sign_in() -> ResponseReturnValue:
    """Show the form, or let somebody in."""
    form = SignInForm()
    if request.method != "POST":
        return sign_in_page(form, request.args.get("next", HOME))
    if not form.validate():
        return sign_in_page(form, form.next.data), 422
    command = SignIn(
        email=form.email.data,
        password=form.password.data,
        address=request.remote_addr,
        agent=request.user_agent.string,
        device=device.shown_here(),
    )
    try:
        opened = current().get(Doorkeeper).sign_in(command)
    except CredentialsRefusedError as error:
        return sign_in_page(form, form.next.data, error), 401
    except SignInLockedError as error:
        return sign_in_page(form, form.next.data, error), 429, {"Retry-After": str(error.retry_after_seconds)}
    return come_in(opened, form.next.data)


@blueprint.post("/sign-out")
@open_to_half_signed_in
def sign_out() -> ResponseReturnValue:
    """Close the session, on the server and in the browser."""
    context = current()
    admission = signed_in.visitor()
    if admission is not None:
        close_session(context.session, context.clock, context.get(Attestor), context.actor, admission.reference)
    response = redirect(url_for("identity.sign_in"), code=303)
    signed_in.sign_out(response)
    return response


@blueprint.route("/link/<secret>", methods=["GET", "POST"])
@open_to_anyone
@limited("20 per minute")
def link(secret: str) -> ResponseReturnValue:
    """Show what a one-time link is for; act only when its form is sent."""
    doorkeeper = current().get(Doorkeeper)
    opened = doorkeeper.look_at_link(secret)
    form = LinkForm(email=opened.email)
    if request.method != "POST":
        return _link_page(form, opened.email)
    if not form.validate():
        return _link_page(form, opened.email), 422
    command = UseLink(
        secret=secret,
        email=form.email.data,
        password=form.password.data,
        locale=choose_locale(),
        address=request.remote_addr,
    )
    try:
        doorkeeper.use_link(command)
    except (WeakPasswordError, InvalidEmailError, EmailTakenError) as error:
        wrong = form.password if isinstance(error, WeakPasswordError) or opened.email else form.email
        wrong.errors = [*wrong.errors, sentence(error)]
        return _link_page(form, opened.email), 422
    flash(gettext("Your password is saved. Sign in with it."), "given")
    return redirect(url_for("identity.sign_in"), code=303)


@blueprint.post("/language")
@open_to_anyone
def choose_language() -> ResponseReturnValue:
    """Keep the reader's choice of language: in their browser, and with their account where they are signed in."""
    locale = request.form.get("locale", "")
    admission = signed_in.visitor()
    account_id = None if admission is None else person(admission.actor)
    if account_id is not None:
        keep_language(current().session, account_id, locale)
    response: Response = redirect(inside(request.form.get("next")), code=303)
    save_locale(response, locale)
    return response


def come_in(opened: OpenedSession, onward: str | None) -> Response:
    """Let somebody in whose session was just opened: their cookie, their language, and on where they were going."""
    response: Response = redirect(inside(onward), code=303)
    signed_in.remember(response, opened.secret)
    remember_device(opened.secret)
    if opened.account.locale_chosen:
        save_locale(response, opened.account.locale)
    return response


def sign_in_page(form: SignInForm, onward: str | None, error: DomainError | None = None) -> str:
    """Draw the sign-in form; a refusal does not say what was wrong."""
    form.next.data = inside(onward)
    form.password.data = None
    refusal = None if error is None else sentence(error)
    return render_template(
        "identity/sign_in.html",
        form=form,
        refusal=refusal,
        why=_why_here(form.next.data),
        provider=current().get(Settings).openid,
    )


def problem_page(told: Told) -> Drawn:
    """Draw a problem: for whoever is not signed in, the sign-in form at the very address that they asked for.

    Whoever has a second factor to show is led to where they show it, and from there back.
    """
    if told.problem.slug == "not-signed-in":
        return sign_in_page(SignInForm(formdata=None), way_back())
    if told.problem.slug == "confirmations-spent":
        return sign_in_page(SignInForm(formdata=None), way_back(), ConfirmationsSpentError())
    if told.problem.slug in _LEAD_TO_SECOND_FACTOR:
        if request.method not in {"GET", "HEAD"}:
            flash(gettext("What you sent was not carried out. Confirm that it is you, then send it again."), "due")
        return redirect(url_for("identity.second_factor", next=way_back()), code=303)
    return pages.problem_page(told)


def _link_page(form: LinkForm, email: str | None) -> str:
    form.password.data = form.again.data = None
    return render_template("identity/link.html", form=form, first=email is None, email=email)


def _why_here(onward: str) -> str | None:
    """Return what brought somebody to the sign-in form, where it was not they themselves."""
    sent = request.method == "POST" and request.endpoint != "identity.sign_in"
    if signed_in.session_ended() and sent:
        why = mark("Your session has ended, and what you sent was not carried out. Sign in, then send it again.")
    elif signed_in.session_ended():
        why = mark("Your session has ended. Sign in to go on.")
    elif sent:
        why = mark("You are not signed in, and what you sent was not carried out. Sign in, then send it again.")
    elif onward != HOME:
        why = mark("Sign in to open this page.")
    else:
        return None
    told: str = gettext(why)
    return told
