"""`/imports`: files over REST. The body of the first request is the file itself; nothing of it is ever answered."""

import io
import uuid
from collections.abc import Callable
from typing import Any, Final

from flask import request
from flask.views import MethodView
from flask_babel import gettext
from marshmallow import RAISE

from governance.actor import BUSINESS_ROLES, Actor, open_to
from governance.customers.importing.codes import meaning_of
from governance.customers.uploads import service
from governance.customers.uploads.previewing import columns_seen, preview
from governance.customers.uploads.reports import refusals_page
from governance.customers.uploads.schemas import (
    FileColumnsSchema,
    ImportPreviewSchema,
    ImportSettingsSchema,
    ListArguments,
    NewUploadArguments,
    RefusedRowsArguments,
    RefusedRowsSchema,
    UploadSchema,
    UploadsSchema,
)
from governance.customers.uploads.service import NewUpload, UploadDesk
from governance.customers.uploads.values import Settings, UploadTold
from governance.spreadsheets.limits import DEFAULT_LIMITS
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("import-files", __name__, url_prefix="/api/v1", description="Files to import.")

BRINGERS: Final = tuple(sorted(BUSINESS_ROLES))
_VERBS: Final[dict[str, Callable[[UploadDesk, Actor, uuid.UUID], None]]] = {
    "start": service.start,
    "stop": service.stop,
    "undo": service.undo,
    "discard": service.discard,
}


@blueprint.route("/imports")
@open_to(*BRINGERS)
@blueprint.arguments(ListArguments, location="query", unknown=RAISE)
@blueprint.response(200, UploadsSchema)
def files(asked: dict[str, Any]) -> dict[str, Any]:
    """List the files that may be told of, the newest first."""
    found = service.list_uploads(_desk(), current().actor, after=asked["after"], limit=asked["limit"] + 1)
    shown = found[: asked["limit"]]
    return {"imports": shown, "next": shown[-1].id if len(found) > len(shown) else None}


@blueprint.route("/imports", methods=["POST"])
@open_to(*BRINGERS)
@takes_file(DEFAULT_LIMITS.file_bytes)
@blueprint.arguments(NewUploadArguments, location="query", unknown=RAISE)
@blueprint.response(201, UploadSchema)
def bring(asked: dict[str, Any]) -> UploadTold:
    """Bring a file in: CSV, XLSX or ODS, as the body."""
    source = io.BufferedReader(request.stream) if isinstance(request.stream, io.RawIOBase) else request.stream
    upload_id = service.receive(_desk(), current().actor, NewUpload(**asked), source)
    return service.show(_desk(), current().actor, upload_id)


@blueprint.route("/imports/<uuid:upload_id>")
@open_to(*BRINGERS)
@blueprint.response(200, UploadSchema)
def one(upload_id: uuid.UUID) -> UploadTold:
    """Say how far a file is."""
    return service.show(_desk(), current().actor, upload_id)


@blueprint.route("/imports/<uuid:upload_id>/columns")
class Columns(MethodView):
    """How one's own file is read."""

    @open_to(*BRINGERS)
    @blueprint.response(200, FileColumnsSchema)
    def get(self, upload_id: uuid.UUID) -> dict[str, Any]:
        """Show the columns of one's own file, each with what it seems to fill."""
        settings = service.settings_of(_desk(), current().actor, upload_id)
        return {"columns": columns_seen(_desk(), current().actor, upload_id, settings)}

    @open_to(*BRINGERS)
    @blueprint.arguments(ImportSettingsSchema)
    @blueprint.response(200, UploadSchema)
    def put(self, asked: Settings, upload_id: uuid.UUID) -> UploadTold:
        """Say what each column fills, what coded values stand for, and where the data come from."""
        service.describe(_desk(), current().actor, upload_id, asked)
        return service.show(_desk(), current().actor, upload_id)


@blueprint.route("/imports/<uuid:upload_id>/preview")
@open_to(*BRINGERS)
@blueprint.response(200, ImportPreviewSchema)
def tried(upload_id: uuid.UUID) -> dict[str, Any]:
    """Try the first rows of one's own file; nothing is written but that it was asked."""
    settings = service.settings_of(_desk(), current().actor, upload_id) or Settings()
    found = preview(_desk(), current().actor, upload_id, settings)
    table = service.show(_desk(), current().actor, upload_id).table
    problems = [
        {"field": name, "code": code, "message": _message(table, name, code), "count": count}
        for (name, code), count in found.problems.items()
    ]
    return {
        "fields_": found.fields,
        "left_out": found.left_out,
        "tried": found.tried,
        "whole": found.whole,
        "accepted": found.accepted,
        "refused": found.refused,
        "duplicates": found.duplicates,
        "unsolicited": found.unsolicited,
        "problems": problems,
    }


@blueprint.route("/imports/<uuid:upload_id>/<any(start, stop, undo, discard):verb>", methods=["POST"])
@open_to(*BRINGERS)
@blueprint.response(200, UploadSchema)
def move(upload_id: uuid.UUID, verb: str) -> UploadTold:
    """Start, stop, undo or discard one's own file."""
    _VERBS[verb](_desk(), current().actor, upload_id)
    return service.show(_desk(), current().actor, upload_id)


@blueprint.route("/imports/<uuid:upload_id>/refusals")
@open_to(*BRINGERS)
@blueprint.arguments(RefusedRowsArguments, location="query", unknown=RAISE)
@blueprint.response(200, RefusedRowsSchema)
def refusals(asked: dict[str, Any], upload_id: uuid.UUID) -> dict[str, Any]:
    """List the refused rows of a file by number, each with its reasons and without a value."""
    told = service.show(_desk(), current().actor, upload_id)
    with current().database.read() as session:
        found = refusals_page(session, told.import_id, after=asked["after"], limit=asked["limit"])
    told_rows = [
        {
            "row": each.row,
            "column": each.column,
            "field": each.field,
            "code": each.code,
            "message": _message(told.table, each.field, each.code),
        }
        for each in found.refusals
    ]
    return {"refusals": told_rows, "next": found.next}


def _message(table: str, name: str, code: str) -> str:
    catalogue = _desk().house.gate.snapshot().catalogue
    return str(gettext(meaning_of(catalogue.tables.get(table), name, code)))


def _desk() -> UploadDesk:
    return current().get(UploadDesk)
