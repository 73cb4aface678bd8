"""`/register`: the register in files.

The body of an import is the file itself; or a form (`multipart/form-data`) of the file and, in the part `columns`, what
somebody says of the columns of a table.
"""

from http import HTTPStatus
from typing import IO, Any, Final

from flask import Response, abort, jsonify, request, url_for
from flask_babel import gettext
from marshmallow import RAISE

from governance.actor import Role, open_to, open_to_anyone
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.problems import spoken
from governance.web.rest import Blueprint
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import Imported, ImportRegister, import_register, look_over
from register.exchange.json_file import json_schema
from register.exchange.opening import MOST_BYTES, open_register, propose_columns
from register.exchange.tables.asked import AskedColumns, read_asked
from register.exchange.tables.laying import Proposal
from register.pages.answers import exported_file
from register.schemas.exchange import (
    ExportQuerySchema,
    ImportedSchema,
    ImportQuerySchema,
    LookedOverSchema,
    TableColumnsSchema,
)
from register.service import Desk

blueprint: Final = Blueprint("exchange", __name__, url_prefix="/api/v1", description="The register in files.")

READERS: Final = (Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR)
DRAFTERS: Final = (Role.OWNER, Role.DPO)
_FORM: Final = "multipart/form-data"


@blueprint.route("/register/schema.json")
@blueprint.response(200, content_type="application/schema+json")
@open_to_anyone
def schema() -> Response:
    """Return the JSON Schema of the register as JSON (draft 2020-12)."""
    answer = jsonify(json_schema(current().get(Settings).base_url + url_for("exchange.schema")))
    answer.mimetype = "application/schema+json"
    return answer


@blueprint.route("/register/export")
@blueprint.arguments(ExportQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, content_type="application/octet-stream")
@open_to(*READERS)
def export(asked: dict[str, Any]) -> Response:
    """Hand the register out as a file: what is in force, and drafts as they stand."""
    only = None if asked["activity"] is None else (asked["activity"],)
    return exported_file(asked["format"], only, asked["capacity"])


@blueprint.route("/register/columns", methods=["POST"])
@takes_file(MOST_BYTES)
@blueprint.response(200, TableColumnsSchema)
@open_to(*DRAFTERS)
def columns() -> Proposal:
    """Say what the columns of a table seem to be, each with some of its values."""
    return propose_columns(*_brought())


@blueprint.route("/register/preview", methods=["POST"])
@takes_file(MOST_BYTES)
@blueprint.response(200, LookedOverSchema)
@open_to(*DRAFTERS)
def preview() -> dict[str, Any]:
    """Say what a file would bring, and write nothing of it."""
    found = open_register(*_brought())
    with current().database.read() as session:
        candidates = look_over(session, found)
    told = [
        {
            "placed": each.placed,
            "named": each.named,
            "clashes_with": each.clashes_with,
            "notes": [spoken(note) for note in each.placed.notes],
        }
        for each in candidates
    ]
    notes = [spoken(note) for note in found.notes]
    return {"format": found.format, "digest": found.digest, "notes": notes, "activities": told}


@blueprint.route("/register/import", methods=["POST"])
@takes_file(MOST_BYTES)
@blueprint.arguments(ImportQuerySchema, location="query", unknown=RAISE)
@blueprint.response(201, ImportedSchema)
@open_to(*DRAFTERS)
def bring_in(asked: dict[str, Any]) -> Imported:
    """Draft the activities of a file; nothing comes into force by it.

    The file is checked whole before anything is drafted: one that is refused has drafted nothing. A large one is
    drafted in portions. Where that was cut short, the same file sent again within a day goes on behind what is drafted,
    with what was chosen at first, and the answer tells all of it.
    """
    context = current()
    desk = ExchangeDesk(
        database=context.database,
        writing=Desk(context.clock, context.ids, context.get(Attestor)),
        sealed=context.get(SealedValues),
    )
    command = ImportRegister(register=open_register(*_brought()), clashing=asked["clashing"])
    return import_register(desk, context.actor, command)


def _brought() -> tuple[IO[bytes], AskedColumns | None]:
    """Return the file, and what is said of its columns."""
    if request.mimetype != _FORM:
        return request.stream, None
    file, said = request.files.get("file"), request.form.get("columns", "")
    if file is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, gettext("Choose a file."))
    return file.stream, read_asked(said) if said else None
