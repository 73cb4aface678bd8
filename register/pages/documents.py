"""The register on paper, on pages: one activity at once, the whole register in volumes that the worker makes."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from governance.actor import open_to
from governance.web.context import current
from governance.web.problems import sentence
from register.pages.answers import activity_document, activity_linked, volume_document
from register.pages.entrance import READERS, blueprint
from register.printing.errors import TooManyPrintsError
from register.printing.models import PrintState
from register.printing.service import MOST, PrintDesk, discard_print, list_prints, order_print


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
    return _page()


@blueprint.post("/-/documents")
@open_to(*READERS)
def order_document() -> ResponseReturnValue:
    """Have the whole register put on paper, in the reader's language."""
    context = current()
    try:
        order_print(context.session, context.get(PrintDesk), context.actor, get_locale().language)
    except TooManyPrintsError as error:
        context.roll_back()
        return _page(sentence(error)), 422
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


def _page(refusal: str | None = None) -> str:
    context = current()
    found = list_prints(context.session, context.get(PrintDesk), context.actor)
    kept = [told for told in found if told.asked.state in {PrintState.QUEUED, PrintState.READY}]
    return render_template(
        "register/documents.html",
        prints=found,
        working=any(told.asked.state is PrintState.QUEUED for told in found),
        may_order=len(kept) < MOST,
        refusal=refusal,
        now=context.clock.now(),
    )
