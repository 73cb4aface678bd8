"""`/sign-up-forms/…`: forms written, opened and closed, and how a site of the company holds one."""

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from governance.actor import Role, open_to
from governance.customers.signing_up.errors import FormNotFoundError, FormTermsError
from governance.customers.signing_up.forms import TermsForm
from governance.customers.signing_up.pages.joining import desk
from governance.customers.signing_up.service.forms import (
    OPENERS,
    READERS,
    WRITERS,
    close_form,
    list_forms,
    open_form,
    show_form,
    write_form,
)
from governance.customers.signing_up.values import MOST_QUESTIONS, FormTerms
from governance.identity.service import list_tokens
from governance.identity.service.tokens import is_in_force
from governance.ids import parse_id
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.problems import sentence, spoken
from register.declared import declared_purposes
from register.errors import RegisterError
from register.forms import offer
from register.pages.wording import labelled
from register.service import Desk as RegisterDesk
from register.service import list_points
from register.values import DeclaredPurpose

blueprint: Final = Blueprint("sign_up_forms", __name__, url_prefix="/sign-up-forms")

_MOST_POINTS: Final = 200
# Empty rows for questions to come.
_SPARE: Final = 2


@blueprint.get("/")
@open_to(*READERS)
def listed() -> ResponseReturnValue:
    """List the forms."""
    return render_template(
        "signing_up/forms.html", forms=list_forms(current().session, desk()), writes=_may(WRITERS), purposes=_purposes()
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(*WRITERS)
def new() -> ResponseReturnValue:
    """Write a form."""
    form = TermsForm(months=36)
    return _writing(form, None)


@blueprint.get("/<slug>")
@open_to(*READERS)
def shown(slug: str) -> ResponseReturnValue:
    """Show a form, what stands in the way of opening it, and how a site holds it."""
    return _form_page(slug)


@blueprint.route("/<slug>/write", methods=["GET", "POST"])
@open_to(*WRITERS)
def write(slug: str) -> ResponseReturnValue:
    """Write the next version of a form."""
    terms = show_form(current().session, desk(), slug).terms
    form = TermsForm(
        slug=slug,
        title_fr=terms.title_fr,
        title_en=terms.title_en,
        intro_fr=terms.intro_fr,
        intro_en=terms.intro_en,
        questions=[asdict(each) for each in terms.questions],
        purpose=terms.purpose,
        point=terms.point,
        token=str(terms.token_id),
        months=terms.lasts.months,
        asks_age=terms.asks_age,
        origins="\n".join(terms.origins),
    )
    return _writing(form, slug)


@blueprint.post("/<slug>/open")
@open_to(*OPENERS)
def open_it(slug: str) -> ResponseReturnValue:
    """Show the newest version to people."""
    try:
        open_form(current().session, desk(), current().actor, slug)
    except FormTermsError as error:
        current().roll_back()
        return _form_page(slug, sentence(error)), HTTPStatus.CONFLICT
    flash(gettext("People are shown this form from now on."), "given")
    return redirect(url_for("sign_up_forms.shown", slug=slug), code=303)


@blueprint.post("/<slug>/close")
@open_to(*WRITERS, *OPENERS)
def close_it(slug: str) -> ResponseReturnValue:
    """Show the form to nobody any more."""
    close_form(current().session, desk(), current().actor, slug)
    flash(gettext("The form is closed."), "given")
    return redirect(url_for("sign_up_forms.shown", slug=slug), code=303)


def _form_page(slug: str, refusal: str | None = None) -> str:
    found = show_form(current().session, desk(), slug)
    return render_template(
        "signing_up/shown.html",
        shown=found,
        lacks=[spoken(each) for each in found.lacks],
        address=f"{current().get(Settings).base_url}{url_for('joining.show', slug=slug)}",
        mail=current().get(Settings).smtp is not None,
        writes=_may(WRITERS),
        opens=_may(OPENERS),
        refusal=refusal,
        purposes=_purposes(),
    )


def _writing(form: TermsForm, slug: str | None) -> ResponseReturnValue:
    purposes = _purposes()
    offer(form.purpose, ((each, labelled(row)) for each, row in purposes.items() if _files(row)), none="—")
    offer(form.point, _points(), none="—")
    offer(form.token, _programs(), none="—")
    if slug is not None:
        form.slug.data = slug
    for _ in range(min(_SPARE, MOST_QUESTIONS - len(form.questions)) if request.method == "GET" else 0):
        form.questions.append_entry()
    asked = ((each, labelled(row)) for each, row in purposes.items() if row.open and row.consent_channel is not None)
    choices = list(asked)
    for row in form.questions:
        offer(row.form.purpose, choices, none="—")
    refusal, status = None, HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.validate():
            try:
                written = write_form(current().session, desk(), current().actor, form.slug.data, _terms(form))
            except (FormTermsError, RegisterError) as error:
                current().roll_back()
                refusal = sentence(error)
            else:
                flash(gettext("Saved."), "given")
                return redirect(url_for("sign_up_forms.shown", slug=written.form.slug), code=303)
    return render_template("signing_up/write.html", form=form, slug=slug, refusal=refusal), status


def _terms(form: TermsForm) -> FormTerms:
    token_id = parse_id(form.token.data)
    if token_id is None:
        raise FormNotFoundError
    return FormTerms(
        title_fr=form.title_fr.data.strip(),
        title_en=form.title_en.data.strip(),
        intro_fr=(form.intro_fr.data or "").strip(),
        intro_en=(form.intro_en.data or "").strip(),
        questions=form.asked(),
        purpose=form.purpose.data,
        point=form.point.data,
        token_id=token_id,
        lasts=form.lasts,
        asks_age=form.asks_age.data,
        origins=form.origin_lines(),
    )


def _may(roles: frozenset[Role]) -> bool:
    return bool(current().actor.roles & roles)


def _purposes() -> dict[str, DeclaredPurpose]:
    return dict(declared_purposes(current().session, current().get(Attestor)))


def _files(purpose: DeclaredPurpose) -> bool:
    """Whether people can be put on file for it before they agreed to anything."""
    return purpose.open and purpose.consent_channel is None


def _points() -> Sequence[tuple[str, str]]:
    context = current()
    made = RegisterDesk(context.clock, context.ids, context.get(Attestor))
    rows = list_points(context.session, made, after=None, limit=_MOST_POINTS).rows
    english = get_locale().language == "en"
    return [(each.point.slug, each.point.name_en if english else each.point.name_fr) for each in rows]


def _programs() -> Sequence[tuple[str, str]]:
    context = current()
    tokens = list_tokens(context.session)
    now = context.clock.now()
    return [(str(each.id), each.name) for each in tokens if each.account_id is None and is_in_force(each, now)]
