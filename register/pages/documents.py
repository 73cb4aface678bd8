"""The register on paper, on pages: one activity at once, the whole register in volumes that the worker makes."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from governance.actor import open_to
from governance.web.context import current
from governance.web.problems import sentence
from register.forms import PrintForm, offer
from register.labels import REGISTER_LABELS
from register.pages.answers import activity_document, activity_linked, volume_document
from register.pages.entrance import READERS, blueprint
from register.printing.errors import TooManyPrintsError
from register.printing.models import PrintState
from register.printing.service import MOST, PrintDesk, discard_print, list_prints, order_print
from register.values import Register


@blueprint.get("/<slug>/record.pdf")
@open_to(*READERS)
def record_pdf(slug: str) -> ResponseReturnValue:
    """Give the record of one activity as a document."""
    return activity_document(slug)


@blueprint.get("/<slug>/record.jsonld")
@open_to(*READERS)
def record_linked(slug: str) -> ResponseReturnValue:
    """Give the record of one activity as linked data."""
    return activity_linked(slug)


@blueprint.get("/-/documents")
@open_to(*READERS)
def documents() -> ResponseReturnValue:
    """Show what the reader had put on paper, and how far it is."""
    return _page(_form())


@blueprint.post("/-/documents")
@open_to(*READERS)
def order_document() -> ResponseReturnValue:
    """Have the register put on paper, whole or one of the two, in the reader's language."""
    context, form = current(), _form()
    if not form.validate():
        return _page(form), 422
    register = Register(form.capacity.data) if form.capacity.data else None
    try:
        order_print(context.session, context.get(PrintDesk), context.actor, get_locale().language, register)
    except TooManyPrintsError as error:
        context.roll_back()
        return _page(form, sentence(error)), 422
    return redirect(url_for("register.documents"), code=303)


@blueprint.get("/-/documents/<uuid:print_id>/<int:number>.pdf")
@open_to(*READERS)
def document_volume(print_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Give a volume to whoever asked for it."""
    return volume_document(print_id, number)


@blueprint.post("/-/documents/<uuid:print_id>/discard")
@open_to(*READERS)
def discard_document(print_id: uuid.UUID) -> ResponseReturnValue:
    """Destroy what the reader had put on paper."""
    context = current()
    discard_print(context.session, context.get(PrintDesk), context.actor, print_id)
    return redirect(url_for("register.documents"), code=303)


def _form() -> PrintForm:
    form = PrintForm()
    offer(
        form.capacity,
        ((each.value, gettext(label)) for each, label in REGISTER_LABELS.items()),
        none=gettext("The whole register"),
    )
    return form


def _page(form: PrintForm, refusal: str | None = None) -> str:
    context = current()
    found = list_prints(context.session, context.get(PrintDesk), context.actor)
    kept = [told for told in found if told.asked.state in {PrintState.QUEUED, PrintState.READY}]
    return render_template(
        "register/documents.html",
        form=form,
        prints=found,
        registers=REGISTER_LABELS,
        working=any(told.asked.state is PrintState.QUEUED for told in found),
        may_order=len(kept) < MOST,
        refusal=refusal,
        now=context.clock.now(),
    )
