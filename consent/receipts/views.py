"""`/consents/{reference}/receipt`: the proof of a consent, for people or for machines; and its answer on pages."""

from typing import Any, Final

from flask import Response
from marshmallow import RAISE

from audit.log import Log
from audit.names import ActorNames
from audit.signer import Signer
from consent.permissions import READERS
from consent.receipts.issuing import MEDIA_TYPE, issue
from consent.receipts.pages import PDF, draw_proof
from consent.receipts.proving import ProofDesk, prove_consent
from consent.receipts.schemas import ReceiptQuerySchema
from consent.receipts.values import Proof, ReceiptFormat
from consent.values import ConsentRef
from consent.views import desk
from governance.actor import open_to
from governance.settings import Settings
from governance.web.context import current
from governance.web.rest import Blueprint
from register.pages.answers import as_file
from register.printing.service import PrintDesk

blueprint: Final = Blueprint("receipts", __name__, url_prefix="/api/v1", description="Proofs of consents.")
_BINARY: Final = {"type": "string", "format": "binary"}


@blueprint.route("/consents/<reference>/receipt")
@blueprint.arguments(ReceiptQuerySchema, location="query", unknown=RAISE)
@open_to(*READERS)
@blueprint.alt_response(200, schema=_BINARY, content_type=PDF, success=True)
def get_receipt(query: dict[str, Any], reference: str) -> Response:
    """Return the proof of a consent: PDF, or JSON-LD or Kantara 1.1 in compact JWS signed by the log's key."""
    context = current()
    proof = prove_consent(context.session, proof_desk(), context.actor, ConsentRef.parse(reference))
    if query["format"] is ReceiptFormat.PDF:
        operators = {each.event.operator_id for each in proof.events if each.event.operator_id is not None}
        return as_document(draw_proof(proof, context.get(ActorNames).look_up(context.session, operators)), proof)
    return as_envelope(proof, query["format"])


def as_document(html: str, proof: Proof) -> Response:
    """Return the drawn proof as a PDF to keep. Nobody waits for the database meanwhile.

    Raises:
        DocumentError: If no document could be made.
    """
    context = current()
    name = f"{proof.record.ref}.pdf"
    context.roll_back()
    return as_file(context.get(PrintDesk).printer.print(html), PDF, name)


def as_envelope(proof: Proof, form: ReceiptFormat) -> Response:
    """Return a receipt for machines to keep.

    Raises:
        NothingGivenError: If the format tells of a yes alone, and there was none.
        AnchorUnusableError: If the key cannot be read.
    """
    told = issue(current().get(Signer), proof, form)
    return as_file(told.encode(), MEDIA_TYPE, f"{proof.record.ref}.{form.value}.jws")


def proof_desk() -> ProofDesk:
    """Return what proving takes, as the house of the request has it."""
    context = current()
    return ProofDesk(desk(), context.ids, context.get(Log), context.get(Signer), context.get(Settings).base_url)
