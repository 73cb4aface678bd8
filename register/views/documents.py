"""`/activities/{reference}/record.pdf` and `/prints`: the register on paper, and each record as linked data."""

import uuid
from typing import Any, Final

from flask import Response
from flask.views import MethodView

from governance.actor import open_to
from governance.web.context import current
from governance.web.rest import Blueprint
from register.linked.graph import MEDIA_TYPE
from register.pages.answers import PDF, activity_document, activity_linked, volume_document
from register.printing.service import PrintDesk, ToldPrint, discard_print, find_print, list_prints, order_print
from register.schemas.documents import OrderPrintSchema, PrintSchema, PrintsSchema
from register.views.activities import read_reference
from register.views.exchange import READERS

blueprint: Final = Blueprint("documents", __name__, url_prefix="/api/v1", description="The register on paper.")
_BINARY: Final = {"type": "string", "format": "binary"}


@blueprint.route("/activities/<reference>/record.pdf")
@open_to(*READERS)
@blueprint.alt_response(200, schema=_BINARY, content_type=PDF, success=True)
def record_pdf(reference: str) -> Response:
    """Return the record of one activity as a tagged PDF, in the language that `Accept-Language` asks for."""
    return activity_document(read_reference(reference))


@blueprint.route("/activities/<reference>/record.jsonld")
@open_to(*READERS)
@blueprint.alt_response(200, schema={"type": "object"}, content_type=MEDIA_TYPE, success=True)
def record_linked(reference: str) -> Response:
    """Return the record of one activity as JSON-LD in DPV 2.3."""
    return activity_linked(read_reference(reference))


@blueprint.route("/prints")
class Prints(MethodView):
    """The register on paper, whole or one of the two."""

    @blueprint.response(200, PrintsSchema)
    @open_to(*READERS)
    def get(self) -> dict[str, Any]:
        """List what whoever asks had put on paper within the last day, the newest first."""
        context = current()
        return {"prints": list_prints(context.session, context.get(PrintDesk), context.actor)}

    @blueprint.arguments(OrderPrintSchema)
    @blueprint.response(202, PrintSchema)
    @open_to(*READERS)
    def post(self, given: dict[str, Any]) -> ToldPrint:
        """Have the register put on paper, as tagged PDF in volumes of a hundred activities at most."""
        context = current()
        desk = context.get(PrintDesk)
        asked = order_print(context.session, desk, context.actor, given["language"], given["capacity"])
        return ToldPrint(asked=asked, volumes=())


@blueprint.route("/prints/<uuid:print_id>")
@blueprint.response(200, PrintSchema)
@open_to(*READERS)
def get_print(print_id: uuid.UUID) -> ToldPrint:
    """Say how far it is."""
    context = current()
    return find_print(context.session, context.get(PrintDesk), context.actor, print_id)


@blueprint.route("/prints/<uuid:print_id>/volumes/<int:number>")
@open_to(*READERS)
@blueprint.alt_response(200, schema=_BINARY, content_type=PDF, success=True)
def get_volume(print_id: uuid.UUID, number: int) -> Response:
    """Return a volume, to whoever asked for it."""
    return volume_document(print_id, number)


@blueprint.route("/prints/<uuid:print_id>/discard", methods=["POST"])
@blueprint.response(204)
@open_to(*READERS)
def discard(print_id: uuid.UUID) -> None:
    """Destroy it."""
    context = current()
    discard_print(context.session, context.get(PrintDesk), context.actor, print_id)
