"""The way to the provider and back, as a browser goes it.

Going is a link, for a form may be sent nowhere else (CSP `form-action`). Coming back is a GET that another site causes,
so it changes nothing: its page sends the answer on as a form of our own, by a script of one line or by its button.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import confirmed_anew, open_to_anyone, open_to_signed_in
from governance.clock import to_rfc3339
from governance.identity.errors import (
    OpenIdRefusedError,
    OpenIdTakenError,
    OpenIdUnavailableError,
    OpenIdUnknownError,
)
from governance.identity.forms import SignInForm
from governance.identity.openid.attempt import LASTS, Attempt
from governance.identity.openid.provider import Answer
from governance.identity.openid_door import ComeBack, OpenIdDoor
from governance.identity.service.actors import Admission
from governance.identity.service.freshness import is_fresh
from governance.identity.service.openid import unlink_identity
from governance.identity.views.pages import blueprint, come_in, sign_in_page
from governance.identity.views.visiting import visit_here
from governance.settings import OpenIdSettings, Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.limits import limited
from governance.web.onward import HOME, inside
from governance.web.signed_in import visitor

# Under which the browser's signed cookie keeps the attempt under way.
_ATTEMPT: Final = "openid"
_FIELDS: Final = ("code", "state", "iss", "error")
_LONGEST: Final = 4096


@blueprint.get("/sign-in/openid")
@open_to_anyone
@limited("30 per minute", reading=True)
def openid_leave() -> ResponseReturnValue:
    """Send the browser to the provider."""
    _settings()
    try:
        secret, url = current().get(OpenIdDoor).leave()
    except OpenIdUnavailableError as error:
        return sign_in_page(SignInForm(formdata=None), request.args.get("next"), error), 503
    _remember_attempt(secret, next=inside(request.args.get("next")))
    return redirect(url, code=303)


@blueprint.get("/sign-in/openid/return")
@open_to_anyone
def openid_return() -> ResponseReturnValue:
    """Take the answer up on a page of ours, and change nothing yet."""
    provider = _settings()
    given = {name: request.args[name][:_LONGEST] for name in _FIELDS if name in request.args}
    return render_template("identity/openid_return.html", given=given, provider=provider.name)


@blueprint.post("/sign-in/openid/return")
@open_to_anyone
@limited("20 per minute")
def openid_come_in() -> ResponseReturnValue:
    """Let somebody in, or link what they came back with to the account that they are signed in to."""
    _settings()
    kept = session.pop(_ATTEMPT, None)
    onward = inside(kept.get("next")) if isinstance(kept, dict) else HOME
    try:
        command = _come_back(kept)
        if isinstance(kept, dict) and kept.get("session") is not None:
            return _link(command, UUID(kept["session"]))
        opened = current().get(OpenIdDoor).come_in(command)
    except (OpenIdRefusedError, OpenIdUnknownError, OpenIdTakenError) as error:
        return sign_in_page(SignInForm(formdata=None), onward, error), 401
    except OpenIdUnavailableError as error:
        return sign_in_page(SignInForm(formdata=None), onward, error), 503
    return come_in(opened, onward)


@blueprint.post("/account/openid")
@open_to_signed_in
@confirmed_anew
def link_openid() -> ResponseReturnValue:
    """Begin to link one's identity at the provider; the page leads there, since a form may not."""
    provider = _settings()
    visit = visit_here()
    secret, url = current().get(OpenIdDoor).leave()
    _remember_attempt(secret, session=str(visit.session_id))
    return render_template("identity/openid_leave.html", url=url, provider=provider.name)


@blueprint.post("/account/openid/unlink")
@open_to_signed_in
@confirmed_anew
def unlink_openid() -> ResponseReturnValue:
    """Take one's own link back."""
    context = current()
    visit = visit_here()
    unlink_identity(context.session, context.clock, context.get(Attestor), context.actor, visit.account_id)
    return redirect(url_for("identity.account"), code=303)


def _settings() -> OpenIdSettings:
    provider = current().get(Settings).openid
    if provider is None:
        abort(404)
    return provider


def _remember_attempt(secret: str, **more: str) -> None:
    # Signed, and gone with the answer; the lifetime is ours, since a browser keeps its session as long as it likes.
    session[_ATTEMPT] = {"secret": secret, "at": to_rfc3339(current().clock.now()), **more}


def _come_back(kept: Any) -> ComeBack:
    """Return the answer with the secret that this very browser left with.

    Raises:
        OpenIdRefusedError: If it never left, left too long ago, or brings the answer to something else.
    """
    if not isinstance(kept, Mapping) or current().clock.now() >= datetime.fromisoformat(kept["at"]) + LASTS:
        raise OpenIdRefusedError
    answer = Answer(
        code=request.form.get("code", "")[:_LONGEST],
        state=request.form.get("state", "")[:_LONGEST],
        issuer=request.form.get("iss"),
    )
    if not answer.code or not Attempt(kept["secret"]).answers(answer.state):
        raise OpenIdRefusedError
    return ComeBack(secret=kept["secret"], answer=answer, address=request.remote_addr, agent=request.user_agent.string)


def _link(command: ComeBack, session_id: UUID) -> ResponseReturnValue:
    admission = visitor()
    # The session that left must be the one that came back, and may change as much now as it might then.
    if not isinstance(admission, Admission) or admission.reference != session_id or admission.pending:
        raise OpenIdRefusedError
    if not is_fresh(admission, current().clock.now()):
        flash(gettext("That way in was not linked. Confirm that it is you, then begin again."), "due")
        return redirect(url_for("identity.second_factor", next=url_for("identity.account")), code=303)
    try:
        current().get(OpenIdDoor).link(command, visit_here().account_id, session_id)
    except OpenIdTakenError as error:
        flash(gettext(error.message), "refused")
    else:
        flash(gettext("From now on you can sign in that way."), "given")
    return redirect(url_for("identity.account"), code=303)
