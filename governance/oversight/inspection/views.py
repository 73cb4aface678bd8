"""`/inspections`: the file for an inspection over REST."""

import uuid
from contextlib import ExitStack
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE
from werkzeug import Response

from audit.log import Log
from governance.actor import open_to
from governance.gate.gate import Gate
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.inspection import service
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.pages.parts import PARTS, Ground
from governance.oversight.inspection.schemas import (
    ContentsSchema,
    InspectionPageSchema,
    InspectionSchema,
    OrderInspectionSchema,
    WholeInspectionSchema,
)
from governance.oversight.inspection.service import InspectionDesk
from governance.oversight.inspection.values import OrderInspection
from governance.oversight.permissions import KEEPERS, SEERS
from governance.oversight.plan.schemas import PageQuerySchema
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.files import Attachment, hand_over
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint("inspections", __name__, url_prefix="/api/v1", description="The file for an inspection.")
_ZIP: Final = "application/zip"


@blueprint.route("/inspections")
class Inspections(MethodView):
    """The files for an inspection."""

    @blueprint.arguments(PageQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, InspectionPageSchema)
    @open_to(*SEERS)
    def get(self, page: dict[str, Any]) -> Page[InspectionFile]:
        """List the files that were asked for, the newest first; what they held stays on file."""
        return service.list_inspections(current().session, **page)

    @blueprint.arguments(OrderInspectionSchema)
    @blueprint.response(202, InspectionSchema)
    @open_to(*KEEPERS)
    def post(self, command: OrderInspection) -> InspectionFile:
        """Have a file made; while one is being made, that one is returned."""
        context = current()
        return service.order_inspection(context.session, context.get(InspectionDesk), context.actor, command).file


@blueprint.route("/inspections/contents")
@blueprint.response(200, ContentsSchema)
@open_to(*SEERS)
def contents() -> dict[str, Any]:
    """Say what a file made now would hold, and what the house cannot give yet."""
    ground = ground_now()
    return {
        "parts": [
            {
                "key": part.key,
                "title": part.title,
                "article": part.article,
                "counts": part.counts(ground),
                "missing": part.missing or None,
            }
            for part in PARTS
        ]
    }


@blueprint.route("/inspections/<uuid:file_id>")
@blueprint.response(200, WholeInspectionSchema)
@open_to(*SEERS)
def get_inspection(file_id: uuid.UUID) -> dict[str, Any]:
    """Say how far a file is, and what it holds, each with its digest."""
    context = current()
    desk = context.get(InspectionDesk)
    file = service.find_inspection(context.session, desk, file_id)
    told = {each.attribute or name: None for name, each in InspectionSchema().fields.items()}
    return {
        **{name: getattr(file, name) for name in told},
        "note": file.note,
        "pieces": service.pieces_of(context.session, desk, file.id),
    }


@blueprint.route("/inspections/<uuid:file_id>/archive")
@blueprint.alt_response(200, schema={"type": "string", "format": "binary"}, content_type=_ZIP, success=True)
@open_to(*KEEPERS)
def get_archive(file_id: uuid.UUID) -> Response:
    """Hand the archive out; who took it is recorded."""
    return hand_out_archive(file_id)


@blueprint.route("/inspections/<uuid:file_id>/discard", methods=["POST"])
@blueprint.response(204)
@open_to(*KEEPERS)
def discard(file_id: uuid.UUID) -> None:
    """Destroy the archive, or end its making."""
    context = current()
    service.discard_inspection(context.session, context.get(InspectionDesk), context.actor, file_id)


def hand_out_archive(file_id: uuid.UUID) -> Response:
    """Return an archive a piece at a time; that it was taken is recorded before."""
    context, stack = current(), ExitStack()
    desk, log = context.get(InspectionDesk), context.get(Log)
    file, copy = stack.enter_context(service.take_archive(context.session, desk, log, context.actor, file_id))
    return hand_over(stack, copy, Attachment(name=f"inspection-{file.reference}.zip", kind=_ZIP, size=file.size or 0))


def ground_now() -> Ground:
    """Return what the parts count from, for whoever asks now."""
    context = current()
    return Ground(
        session=context.session,
        attestor=context.get(Attestor),
        snapshot=context.get(Gate).snapshot_anew,
        now=context.clock.now(),
        anchor=context.get(Settings).anchor,
        evidence=context.get(EvidenceDesk).store,
    )
