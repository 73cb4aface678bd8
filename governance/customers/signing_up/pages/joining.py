"""`/join/…`: the form that people see, and the page on which they confirm. No account, no script, no cookie needed.

The form may stand on the company's own sites: what it sends is taken from those that it names, and from no other.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale

from consent.evidence.minimising import short_address
from governance.actor import Actor, ActorKind, open_to_anyone
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.errors import ForeignOriginError, NoMailError, NothingChosenError
from governance.customers.signing_up.forms import JoinForm, MinorForm, answers_in
from governance.customers.signing_up.service.asking import sign_up
from governance.customers.signing_up.service.confirming import confirm, open_confirmation
from governance.customers.signing_up.service.forms import ShownForm, form_shown_to_people
from governance.customers.signing_up.values import Said, SignUpRequest
from governance.settings import LOCALES, Settings
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.web.context import current
from governance.web.csrf import acts_by_link, open_to_sites
from governance.web.limits import limited
from governance.web.problems import sentence
from governance.web.strangers import keep_for_strangers

blueprint: Final = Blueprint("joining", __name__, url_prefix="/join")
keep_for_strangers(blueprint)

_READING: Final = "60 per minute"
# Whoever fills forms with other people's addresses is slow at it.
_SENDING: Final = "20 per hour"


@blueprint.get("/<slug>")
@open_to_anyone
@limited(_READING, reading=True)
def show(slug: str) -> ResponseReturnValue:
    """Show a form."""
    shown = _shown(slug)
    return _form_page(shown, _form(shown))


@blueprint.post("/<slug>")
@open_to_anyone
@open_to_sites
@limited(_SENDING)
def send(slug: str) -> ResponseReturnValue:
    """Take what somebody says, and write to them to have it confirmed. The answer is the same for everybody."""
    shown = _shown(slug)
    _check_origin(shown)
    if current().get(Settings).smtp is None:
        raise NoMailError
    language = request.form.get("language", "")
    with force_locale(language if language in LOCALES else str(get_locale())):
        form = _form(shown)
        if not form.validate():
            return _form_page(shown, form), 422
        asked = _request(shown, form)
        try:
            sign_up(current().session, desk(), _actor(), shown, asked)
        except NothingChosenError as error:
            current().roll_back()
            return _form_page(_shown(slug), form, sentence(error)), 422
        return render_template("signing_up/sent.html", shown=shown, under_15=asked.under_15)


@blueprint.get("/confirm/<secret>")
@open_to_anyone
@limited(_READING, reading=True)
def ask(secret: str) -> ResponseReturnValue:
    """Show what is to be confirmed. Nothing changes: machines follow links."""
    told = open_confirmation(current().session, desk(), secret)
    return render_template("signing_up/confirm.html", secret=secret, told=told, yes=Said.YES)


@blueprint.post("/confirm/<secret>")
@open_to_anyone
@acts_by_link
@limited(_READING)
def confirm_it(secret: str) -> ResponseReturnValue:
    """Confirm."""
    told = confirm(current().session, desk(), _actor(), secret)
    return render_template("signing_up/confirmed.html", told=told, yes=Said.YES)


def desk() -> SignUpDesk:
    """Return what signing up works with."""
    context = current()
    return SignUpDesk(context.clock, context.ids, context.get(Attestor), context.get(Keyring))


def _shown(slug: str) -> ShownForm:
    return form_shown_to_people(current().session, desk(), slug)


def _form(shown: ShownForm) -> JoinForm:
    return (MinorForm if shown.terms.asks_age else JoinForm)(request.form if request.method == "POST" else None)


def _form_page(shown: ShownForm, form: JoinForm, refusal: str | None = None) -> str:
    purposes = [each.purpose for each in shown.terms.questions]
    return render_template(
        "signing_up/form.html",
        shown=shown,
        form=form,
        answers=answers_in(request.form, purposes),
        refusal=refusal,
        action=url_for("joining.send", slug=shown.form.slug),
    )


def _request(shown: ShownForm, form: JoinForm) -> SignUpRequest:
    minor = form if isinstance(form, MinorForm) else None
    under_15 = None if minor is None else minor.under_15
    return SignUpRequest(
        email=form.email.data.strip(),
        family_name=form.family_name.data.strip(),
        given_name=(form.given_name.data or "").strip(),
        answers=answers_in(request.form, [each.purpose for each in shown.terms.questions]),
        language=str(get_locale()),
        under_15=under_15,
        guardian_name=minor.guardian_name.data.strip() if minor and under_15 else "",
        guardian_email=minor.guardian_email.data.strip() if minor and under_15 else "",
        address=request.remote_addr,
        device=request.user_agent.string,
    )


def _check_origin(shown: ShownForm) -> None:
    """Refuse what another site sends. A browser says where a form comes from; a program that says nothing is nobody."""
    base = urlsplit(current().get(Settings).base_url)
    own = f"{base.scheme}://{base.netloc}"
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {own, request.host_url.rstrip("/"), *shown.terms.origins}:
        raise ForeignOriginError


def _actor() -> Actor:
    return Actor(kind=ActorKind.SUBJECT, id=None, roles=frozenset(), address=short_address(request.remote_addr))
