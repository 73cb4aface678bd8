"""Importing files on pages: bringing one in, saying how it is read, trying it, following it, its report."""

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from werkzeug import Response

from audit.names import ActorNames
from governance.actor import open_to
from governance.customers.errors import CustomersError, UploadNotFoundError
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.codes import meaning_of
from governance.customers.importing.models import ImportRun, ImportState
from governance.customers.informing.messages import MessageDesk, awaited_messages
from governance.customers.labels import TABLE_NAMES
from governance.customers.uploads import service
from governance.customers.uploads.forms import THEMSELVES, mapping_form, settings_of_form
from governance.customers.uploads.models import UploadState
from governance.customers.uploads.previewing import columns_seen, preview
from governance.customers.uploads.reports import known_import, reasons, refusals_page, typed_imports
from governance.customers.uploads.rights import creatable
from governance.customers.uploads.service import NewUpload, UploadDesk
from governance.customers.uploads.values import Settings, UploadTold
from governance.customers.uploads.views import BRINGERS
from governance.datamap.errors import UnknownTableError
from governance.datamap.values import MappedTable
from governance.gate.errors import ReadRefusedError
from governance.gate.gate import Gate
from governance.spreadsheets.errors import SpreadsheetError
from governance.spreadsheets.limits import DEFAULT_LIMITS
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.problems import sentence
from register.service import information_of

blueprint: Final = Blueprint("imports", __name__, url_prefix="/imports")

_ON_A_PAGE: Final = 25
_TYPED: Final = 10
_REFUSED_ON_A_PAGE: Final = 50
_WORKING: Final = frozenset({UploadState.QUEUED, UploadState.RUNNING, UploadState.UNDOING})
# Rows of a report that is downloaded, at once.
_MOST_LINES: Final = 10_000


@blueprint.get("/")
@open_to(*BRINGERS)
def files() -> ResponseReturnValue:
    """List the files brought in, and the last imports of the command line."""
    context = current()
    after = _id_of(request.args.get("after"))
    session = context.session
    found = service.list_uploads(_desk(), context.actor, after=after, limit=_ON_A_PAGE + 1)
    shown = found[:_ON_A_PAGE]
    pairs = list(creatable(context.get(Gate), context.actor))
    typed = typed_imports(session, context.get(Attestor), pairs, _TYPED) if after is None else []
    actors = {each.actor_id for each in shown} | {run.actor_id for run in typed if run.actor_id is not None}
    return render_template(
        "imports/files.html",
        uploads=shown,
        next=shown[-1].id if len(found) > len(shown) else None,
        begun=after is not None,
        typed=typed,
        awaited=awaited_messages(session, context.get(MessageDesk).house, context.actor) if after is None else [],
        now=context.clock.now(),
        names=context.get(ActorNames).look_up(session, actors),
        purposes=_purpose_labels(),
        tables=TABLE_NAMES,
        may=bool(pairs),
    )


@blueprint.get("/new")
@open_to(*BRINGERS)
def new() -> ResponseReturnValue:
    """Ask which file, into which table, and for which purpose."""
    return _new_page()


@blueprint.post("/new")
@open_to(*BRINGERS)
@takes_file(DEFAULT_LIMITS.file_bytes)
def bring() -> ResponseReturnValue:
    """Take the file."""
    purpose, _, table = request.form.get("into", "").partition(" ")
    file = request.files.get("file")
    wrongs = {} if purpose else {"into": gettext("Choose the table and the purpose.")}
    if file is None or not file.filename:
        return _new_page({**wrongs, "file": gettext("Choose a file.")})
    if wrongs:
        return _new_page(wrongs)
    desk, actor = _desk(), current().actor
    try:
        upload_id = service.receive(desk, actor, NewUpload(table=table, purpose=purpose), file.stream)
    except (CustomersError, SpreadsheetError, ReadRefusedError, UnknownTableError) as error:
        return _new_page(refusal=sentence(error))
    try:
        # What is no table is told now, not when its columns are asked for; and nothing of it is kept.
        columns_seen(desk, actor, upload_id, None)
    except (CustomersError, SpreadsheetError) as error:
        service.discard(desk, actor, upload_id)
        return _new_page({"file": sentence(error)})
    return redirect(url_for("imports.columns", upload_id=upload_id), code=303)


@blueprint.get("/<uuid:upload_id>")
@open_to(*BRINGERS)
def show(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far a file is, and what can be done with it."""
    told = service.show(_desk(), current().actor, upload_id)
    if told.own and told.state is UploadState.RECEIVED:
        return redirect(url_for("imports.columns", upload_id=upload_id), code=303)
    if told.state is UploadState.FINISHED and told.import_id is not None:
        return redirect(url_for("imports.report", import_id=told.import_id), code=303)
    return render_template(
        "imports/show.html",
        told=told,
        working=told.state in _WORKING,
        purpose=_purpose_labels().get(told.purpose, told.purpose),
        table=TABLE_NAMES.get(told.table, told.table),
        now=current().clock.now(),
    )


@blueprint.route("/<uuid:upload_id>/columns", methods=["GET", "POST"])
@open_to(*BRINGERS)
def columns(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Say which column fills which field, what coded values stand for, and where the data come from."""
    desk, actor = _desk(), current().actor
    told = _own(upload_id)
    if told.state is not UploadState.RECEIVED:
        return redirect(url_for("imports.show", upload_id=upload_id), code=303)
    before = service.settings_of(desk, actor, upload_id)
    refusal = None
    unsaid = before is None
    if request.method == "POST":
        settings = settings_of_form(request.form, before)
        unsaid = request.form.get("point") == ""
        if unsaid:
            return _columns_page(told, settings, wrong=gettext("Choose one.")), HTTPStatus.UNPROCESSABLE_ENTITY
        service.describe(desk, actor, upload_id, settings)
        try:
            preview(desk, actor, upload_id, settings)
        except (CustomersError, SpreadsheetError, ReadRefusedError) as error:
            before, refusal = settings, sentence(error)
        else:
            return redirect(url_for("imports.tried", upload_id=upload_id), code=303)
    page = _columns_page(told, before, unsaid=unsaid, refusal=refusal)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def _columns_page(
    told: UploadTold,
    before: Settings | None,
    *,
    unsaid: bool = True,
    refusal: str | None = None,
    wrong: str | None = None,
) -> str:
    """Draw the columns; unsaid: nobody said yet who gave the data, and nothing is said for them. GDPR Art. 14."""
    seen = columns_seen(_desk(), current().actor, told.id, before)
    settings = before or Settings()
    return render_template(
        "imports/columns.html",
        told=told,
        form=mapping_form(told.table, told.purpose, seen, before),
        settings=settings,
        point="" if unsaid else settings.point or THEMSELVES,
        themselves=THEMSELVES,
        refusal=refusal,
        wrong=wrong,
        duplicates=Duplicates,
        purpose=_purpose_labels().get(told.purpose, told.purpose),
        table=TABLE_NAMES.get(told.table, told.table),
    )


@blueprint.get("/<uuid:upload_id>/preview")
@open_to(*BRINGERS)
def tried(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the first rows would become."""
    desk, actor = _desk(), current().actor
    told = _own(upload_id)
    settings = service.settings_of(desk, actor, upload_id)
    if told.state is not UploadState.RECEIVED or settings is None:
        return redirect(url_for("imports.show", upload_id=upload_id), code=303)
    try:
        found = preview(desk, actor, upload_id, settings)
    except (CustomersError, SpreadsheetError, ReadRefusedError):
        # The page of the columns says what is wrong with them.
        return redirect(url_for("imports.columns", upload_id=upload_id), code=303)
    catalogue = current().get(Gate).snapshot().catalogue
    return render_template(
        "imports/preview.html",
        told=told,
        found=found,
        table=catalogue.table(told.table),
        meaning=partial(meaning_of, catalogue.table(told.table)),
        purpose=_purpose_labels().get(told.purpose, told.purpose),
        table_label=TABLE_NAMES.get(told.table, told.table),
    )


@blueprint.post("/<uuid:upload_id>/start")
@open_to(*BRINGERS)
def start(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let the worker import it, or go on."""
    service.start(_desk(), current().actor, upload_id)
    return redirect(url_for("imports.show", upload_id=upload_id), code=303)


@blueprint.post("/<uuid:upload_id>/stop")
@open_to(*BRINGERS)
def stop(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Stop it after the rows in hand."""
    service.stop(_desk(), current().actor, upload_id)
    return redirect(url_for("imports.show", upload_id=upload_id), code=303)


@blueprint.route("/<uuid:upload_id>/undo", methods=["GET", "POST"])
@open_to(*BRINGERS)
def undo(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to take everything back that was imported, or do so."""
    told = _own(upload_id)
    if request.method == "POST":
        service.undo(_desk(), current().actor, upload_id)
        return redirect(url_for("imports.show", upload_id=upload_id), code=303)
    return render_template(
        "components/confirm.html",
        title=gettext("Take this import back?"),
        text=gettext("Everything that it wrote leaves the file."),
        consequences=[
            gettext("Rows that others were built upon since stay."),
            gettext("The same file can be imported again afterwards."),
        ],
        action=url_for("imports.undo", upload_id=upload_id),
        verb=gettext("Take everything back"),
        back=url_for("imports.show", upload_id=told.id),
        grave=True,
    )


@blueprint.route("/<uuid:upload_id>/discard", methods=["GET", "POST"])
@open_to(*BRINGERS)
def discard(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether to destroy a file of which nothing was imported, or do so."""
    if request.method == "POST":
        service.discard(_desk(), current().actor, upload_id)
        flash(gettext("The file was destroyed."), "given")
        return redirect(url_for("imports.files"), code=303)
    told = _own(upload_id)
    if told.state is not UploadState.RECEIVED:
        return redirect(url_for("imports.show", upload_id=upload_id), code=303)
    return render_template(
        "components/confirm.html",
        title=gettext("Discard this file?"),
        text=gettext("Nothing of it has been imported."),
        consequences=[
            gettext("The file is destroyed here at once, and what you said of its columns is forgotten."),
            gettext("The same file can be brought in again."),
        ],
        action=url_for("imports.discard", upload_id=upload_id),
        verb=gettext("Discard the file"),
        back=url_for("imports.columns", upload_id=told.id),
        grave=True,
    )


@blueprint.get("/runs/<uuid:import_id>")
@open_to(*BRINGERS)
def report(import_id: uuid.UUID) -> ResponseReturnValue:
    """Show what an import came to, and which rows it refused."""
    context = current()
    session = context.session
    try:
        run = _known(import_id)
        asked = information_of(session, context.get(Attestor), run.id)
    except AttestationError:
        return render_template("imports/unbelieved.html")
    after = _number(request.args.get("after"))
    return render_template(
        "imports/report.html",
        run=run,
        asked=asked,
        finished=run.state is ImportState.FINISHED,
        reasons=reasons(session, run.id),
        refused=refusals_page(session, run.id, after=after, limit=_REFUSED_ON_A_PAGE),
        begun=bool(after),
        meaning=partial(meaning_of, _table(run.table_name)),
        names=context.get(ActorNames).look_up(session, {run.actor_id} if run.actor_id else set()),
        purpose=_purpose_labels().get(run.purpose, run.purpose),
        table=TABLE_NAMES.get(run.table_name, run.table_name),
    )


@blueprint.get("/runs/<uuid:import_id>/refused.csv")
@open_to(*BRINGERS)
def refused(import_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out the refused rows by number with their reasons, and without a value."""
    context = current()
    run = _known(import_id)
    found = refusals_page(context.session, run.id, limit=_MOST_LINES)
    table = _table(run.table_name)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(gettext(word) for word in ("Row", "Column", "Field", "Code", "Reason"))
    for each in found.refusals:
        writer.writerow(
            [each.row, each.column, each.field, each.code, gettext(meaning_of(table, each.field, each.code))]
        )
    # Spreadsheets take a CSV for UTF-8 where it begins with this mark.
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="refused-{import_id}.csv"'
    return answer


def _new_page(wrongs: Mapping[str, str] | None = None, refusal: str | None = None) -> tuple[str, int]:
    labels = _purpose_labels()
    pairs = list(creatable(current().get(Gate), current().actor))
    page = render_template(
        "imports/new.html",
        pairs=_by_purpose(pairs, labels),
        into=request.form.get("into", ""),
        megabytes=DEFAULT_LIMITS.file_bytes // 1024 // 1024,
        hours=int(service.KEPT.total_seconds() // 3600),
        wrongs=wrongs or {},
        refusal=refusal,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrongs or refusal else HTTPStatus.OK


def _by_purpose(pairs: Sequence[tuple[str, str]], labels: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for slug, table in pairs:
        grouped.setdefault(labels.get(slug, slug), []).append((f"{slug} {table}", TABLE_NAMES.get(table, table)))
    return grouped


def _own(upload_id: uuid.UUID) -> UploadTold:
    told = service.show(_desk(), current().actor, upload_id)
    if not told.own:
        raise UploadNotFoundError
    return told


def _known(import_id: uuid.UUID) -> ImportRun:
    context = current()
    known = list(creatable(context.get(Gate), context.actor))
    return known_import(context.session, context.get(Attestor), import_id, known, context.actor.id)


def _purpose_labels() -> dict[str, str]:
    english = get_locale().language == "en"
    purposes = current().get(Gate).snapshot().purposes.by_slug
    return {slug: each.label_en if english else each.label_fr for slug, each in purposes.items()}


def _table(name: str) -> MappedTable | None:
    """Return a table of the map; None where it is there no more."""
    return current().get(Gate).snapshot().catalogue.tables.get(name)


def _desk() -> UploadDesk:
    return current().get(UploadDesk)


def _id_of(text: str | None) -> uuid.UUID | None:
    try:
        return None if not text else uuid.UUID(text)
    except ValueError:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004
