"""`/evidence`: the library of evidence. What is on file, what it proves, its versions, and who took it."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug import Response

from governance.actor import confirmed_anew, open_to
from governance.days import day_of
from governance.identity.service import called
from governance.ids import parse_id
from governance.oversight.errors import (
    DayToComeError,
    DocumentDatesError,
    DocumentTooLargeError,
    FileBrokenError,
    FileKindError,
    OversightError,
)
from governance.oversight.evidence import service
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.forms import DocumentForm, ProvingForm
from governance.oversight.evidence.labels import DONE_LABELS, KIND_LABELS
from governance.oversight.evidence.views import hand_out
from governance.oversight.models import Document
from governance.oversight.pages.correcting import unseen_of, was_altered
from governance.oversight.pages.entrance import blueprint
from governance.oversight.pages.refusals import Places, told
from governance.oversight.pages.things import (
    as_choice,
    asked_for,
    named_things,
    of_choice,
    offered_things,
    thing_asked,
)
from governance.oversight.pages.threads import drawn_thread
from governance.oversight.permissions import DOERS, KEEPERS, LOOKERS, SEERS, keeps, kinds_known
from governance.oversight.plan.thread import Deed, deeds_of
from governance.oversight.plan.views import desk
from governance.oversight.values import About, Thing
from governance.oversight.values.evidence import MOST_BYTES, DocumentFilter
from governance.vault.attest import Attestor
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.problems import sentence
from register.pages.meanwhile import form_page, held

_ON_A_PAGE: Final = 50
_PLACES: Final[Places] = {DayToComeError: "dated_on", DocumentDatesError: "valid_until"}
_OF_THE_FILE: Final = (DocumentTooLargeError, FileBrokenError, FileKindError)


@blueprint.get("/evidence/")
@open_to(*LOOKERS)
def library() -> ResponseReturnValue:
    """List the documents, the newest first, or those that prove what the address names."""
    context = current()
    proving, after = thing_asked(), parse_id(request.args.get("after", ""))
    page = service.list_documents(
        context.session,
        context.get(Attestor),
        context.actor,
        DocumentFilter(proving=proving),
        after=after,
        limit=_ON_A_PAGE,
    )
    documents = [each.id for each in page.rows]
    proved = _known(service.things_proved(context.session, context.get(Attestor), documents))
    forged = _known(service.things_forged(context.session, context.get(Attestor), documents))
    things = [thing for each in proved.values() for thing in each]
    return render_template(
        "oversight/evidence/list.html",
        page=page,
        proved=proved,
        forged=forged,
        whole=context.get(Attestor).is_whole,
        things=named_things([proving, *things]),
        proving=proving,
        asked=asked_for(proving),
        today=day_of(context.clock.now()),
        may_add=bool(context.actor.roles & set(DOERS)),
    )


@blueprint.get("/evidence/new")
@open_to(*DOERS)
def new_document() -> ResponseReturnValue:
    """Ask for a document, and what it proves where the address names it (`about`, `reference`)."""
    return _new_page(DocumentForm(data={"dated_on": day_of(current().clock.now())}), thing_asked())


@blueprint.post("/evidence/new")
@open_to(*DOERS)
@takes_file(MOST_BYTES)
def put_document() -> ResponseReturnValue:
    """Put a document on file."""
    context = current()
    form, proving = DocumentForm(), thing_asked()
    file, wrong = _file()
    if not form.validate() or file is None:
        return _new_page(form, proving, file_wrong=wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    chosen = proving or of_choice(request.form.get("thing"))
    # What was looked up is done with: the library opens transactions of its own.
    context.roll_back()
    try:
        terms = form.written(() if chosen is None else (chosen,))
        document = service.put_document(context.get(EvidenceDesk), context.actor, terms, file)
    except _OF_THE_FILE as error:
        return _new_page(form, proving, file_wrong=sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except OversightError as error:
        return _new_page(form, proving, refusal=told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The document is on file."), "given")
    return redirect(url_for("oversight.document", document_id=document.id), code=303)


@blueprint.get("/evidence/<uuid:document_id>")
@open_to(*LOOKERS)
def document(document_id: uuid.UUID) -> ResponseReturnValue:
    """Show a document, what it proves, its versions and who took it."""
    return _page(document_id)


@blueprint.get("/evidence/<uuid:document_id>/edit")
@open_to(*DOERS)
def edit_document(document_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is said of a document, to correct it."""
    found = service.find_document(current().session, current().get(Attestor), current().actor, document_id)
    return _edit_page(_proving_form(found), found)


@blueprint.post("/evidence/<uuid:document_id>/edit")
@open_to(*DOERS)
def change_document(document_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what is said of a document, and what it proves."""
    context = current()
    found = held(service.find_document(context.session, context.get(Attestor), context.actor, document_id))
    form = _proving_form(found)
    if not form.validate():
        return _edit_page(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen_of(form, found, service.OBJECT):
        return _edit_page(form, found, meanwhile=meanwhile), HTTPStatus.CONFLICT
    kept = [of_choice(each) for each in form.proves.data or ()]
    chosen = (*kept, of_choice(request.form.get("thing")))
    proves = dict.fromkeys(thing for thing in chosen if thing is not None)
    try:
        service.change_document(context.session, desk(), context.actor, (document_id, form.written(tuple(proves))))
    except OversightError as error:
        context.roll_back()
        found = service.find_document(context.session, context.get(Attestor), context.actor, document_id)
        return _edit_page(form, found, told(form, error, _PLACES)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("oversight.document", document_id=document_id), code=303)


@blueprint.post("/evidence/<uuid:document_id>/versions")
@open_to(*DOERS)
@takes_file(MOST_BYTES)
def renew_document(document_id: uuid.UUID) -> ResponseReturnValue:
    """Put a newer version of a document on file."""
    context = current()
    file, wrong = _file()
    if file is None:
        return _page(document_id, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.renew_document(context.get(EvidenceDesk), context.actor, document_id, file)
    except OversightError as error:
        return _page(document_id, sentence(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The newer version is on file."), "given")
    return redirect(url_for("oversight.document", document_id=document_id), code=303)


@blueprint.get("/evidence/<uuid:document_id>/versions/<int:number>/file")
@open_to(*LOOKERS)
def document_file(document_id: uuid.UUID, number: int) -> Response:
    """Hand out a version's file; who took it is recorded."""
    return hand_out(document_id, number)


@blueprint.get("/evidence/<uuid:document_id>/remove")
@open_to(*KEEPERS)
def confirm_removal(document_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether a document is to be taken away."""
    found = service.find_document(current().session, current().get(Attestor), current().actor, document_id)
    here = url_for("oversight.document", document_id=document_id)
    return render_template(
        "components/confirm.html",
        title=gettext("Take the document away"),
        text=found.title,
        consequences=[
            gettext("All its versions are destroyed, and nobody can get them back."),
            gettext("What it proves loses this evidence."),
            gettext("The log keeps that it was there, the digest of each version, and who took it away."),
        ],
        steps=[(gettext("Library of evidence"), url_for("oversight.library")), (found.title, here)],
        action=url_for("oversight.remove_document", document_id=document_id),
        verb=gettext("Take it away"),
        grave=True,
        back=here,
        form=None,
        refusal=None,
    )


@blueprint.post("/evidence/<uuid:document_id>/remove")
@open_to(*KEEPERS)
@confirmed_anew
def remove_document(document_id: uuid.UUID) -> ResponseReturnValue:
    """Take a document away."""
    service.remove_document(current().get(EvidenceDesk), current().actor, document_id)
    flash(gettext("The document was taken away."), "given")
    return redirect(url_for("oversight.library"), code=303)


def _file() -> tuple[Any, str | None]:
    """Return the file that was sent, or what to say where none was."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None, gettext("Choose a file.")
    return sent.stream, None


def _page(document_id: uuid.UUID, file_wrong: str | None = None) -> str:
    context = current()
    session, actor = context.session, context.actor
    attestor = context.get(Attestor)
    found = service.find_document(session, attestor, actor, document_id)
    proves = _known(service.things_proved(session, attestor, [found.id])).get(found.id, ())
    forged = _known(service.things_forged(session, attestor, [found.id])).get(found.id, ())
    versions = service.versions_of(session, found.id)
    whole = attestor.is_whole
    theirs = bool(actor.roles & set(DOERS)) and service.may_write(session, attestor, actor, found)
    writes = theirs if whole(found) else keeps(actor)
    return render_template(
        "oversight/evidence/document.html",
        document=found,
        proves=list(named_things(proves).values()),
        forged=bool(forged),
        whole=whole,
        versions=versions,
        kinds=KIND_LABELS,
        names=called(session, {found.brought_by, *(each.brought_by for each in versions)}),
        thread=drawn_thread(_deeds(found), DONE_LABELS),
        may_write=writes,
        may_remove=keeps(actor) and whole(found),
        megabytes=_MEGABYTES,
        file_wrong=file_wrong,
        today=day_of(context.clock.now()),
    )


def _known(proved: Mapping[uuid.UUID, Sequence[Thing]]) -> dict[uuid.UUID, list[Thing]]:
    """Return what documents prove, without what whoever looks may not know the name of."""
    kinds = kinds_known(current().actor)
    return {key: [thing for thing in things if thing.about in kinds] for key, things in proved.items()}


def _deeds(found: Document) -> list[Deed]:
    """Return what was done; who took it is for those who see everything."""
    deeds = deeds_of(current().session, service.OBJECT, found.id)
    whole = current().actor.roles & set(SEERS)
    return [deed for deed in deeds if whole or deed.verb != "download"]


def _new_page(
    form: DocumentForm, proving: Thing | None, *, file_wrong: str | None = None, refusal: str | None = None
) -> str:
    return render_template(
        "oversight/evidence/new.html",
        form=form,
        proving=None if proving is None else named_things([proving])[proving],
        assessment=proving is not None and proving.about is About.ASSESSMENT,
        offered={} if proving is not None else offered_things(actions=True),
        chosen=request.form.get("thing", ""),
        megabytes=_MEGABYTES,
        file_wrong=file_wrong,
        refusal=refusal,
    )


def _proving_form(found: Document) -> ProvingForm:
    proves = _known(service.things_proved(current().session, current().get(Attestor), [found.id])).get(found.id, ())
    named = named_things(proves)
    said = {name: getattr(found, name) for name in ("title", "dated_on", "valid_until")}
    form = ProvingForm(data={**said, "proves": [as_choice(thing) for thing in proves]})
    form.proves.choices = [(as_choice(thing), f"{each.kind} · {each.title}") for thing, each in named.items()]
    return form


def _edit_page(
    form: ProvingForm, found: Document, refusal: str | None = None, meanwhile: Mapping[str, Any] | None = None
) -> str:
    return form_page(
        "oversight/evidence/edit.html",
        form,
        meanwhile=meanwhile,
        document=found,
        altered=was_altered(found),
        offered=offered_things(actions=True),
        chosen=request.form.get("thing", ""),
        refusal=refusal,
    )


_MEGABYTES: Final = MOST_BYTES // 1024 // 1024
