"""`/documents`: the library of evidence over REST."""

import uuid
from contextlib import ExitStack
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE
from werkzeug import Response
from werkzeug.datastructures import FileStorage

from governance.actor import confirmed_anew, open_to
from governance.oversight.evidence import service
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.naming import plain_name
from governance.oversight.evidence.schemas import (
    DocumentPageSchema,
    DocumentQuerySchema,
    DocumentSchema,
    DocumentTermsSchema,
    FileSchema,
    NewDocumentSchema,
    SaidOfDocumentSchema,
    WholeDocumentSchema,
)
from governance.oversight.models import Document
from governance.oversight.permissions import DOERS, KEEPERS, LOOKERS, kinds_known, known_thing
from governance.oversight.plan.views import desk
from governance.oversight.values.evidence import MEDIA_TYPES, MOST_BYTES, DocumentFilter, DocumentTerms
from governance.vault.attest import Attestor
from governance.web.bodies import takes_file
from governance.web.context import current
from governance.web.files import Attachment, hand_over
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint("evidence", __name__, url_prefix="/api/v1", description="The library of evidence.")


@blueprint.route("/documents")
@blueprint.arguments(DocumentQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, DocumentPageSchema)
@open_to(*LOOKERS)
def documents(asked: dict[str, Any]) -> Page[Document]:
    """List the documents that whoever asks may know of, the newest first."""
    context = current()
    proving = None
    if asked["about"] is not None:
        proving = known_thing(context.session, context.actor, asked["about"], asked["reference"])
    wanted = DocumentFilter(proving=proving, ending_by=asked["ending_by"])
    return service.list_documents(
        context.session, context.get(Attestor), context.actor, wanted, after=asked["after"], limit=asked["limit"]
    )


@blueprint.route("/documents", methods=["POST"])
@open_to(*DOERS)
@takes_file(MOST_BYTES)
@blueprint.arguments(FileSchema, location="files", unknown=RAISE)
@blueprint.arguments(NewDocumentSchema, location="form", unknown=RAISE)
@blueprint.response(201, DocumentSchema)
def put_document(files: dict[str, FileStorage], terms: DocumentTerms) -> Document:
    """Put a document on file: what is said of it, and the file itself, in one form."""
    return service.put_document(current().get(EvidenceDesk), current().actor, terms, files["file"].stream)


@blueprint.route("/documents/<uuid:document_id>")
class OneDocument(MethodView):
    """One document."""

    @blueprint.response(200, WholeDocumentSchema)
    @open_to(*LOOKERS)
    def get(self, document_id: uuid.UUID) -> dict[str, Any]:
        """Return what is said of a document, what it proves, and its versions."""
        context = current()
        attestor = context.get(Attestor)
        found = service.find_document(context.session, attestor, context.actor, document_id)
        proved = service.things_proved(context.session, attestor, [found.id]).get(found.id, ())
        forged = service.things_forged(context.session, attestor, [found.id]).get(found.id, ())
        proves = [*((each, False) for each in proved), *((each, True) for each in forged)]
        return {
            **{name: getattr(found, name) for name in SaidOfDocumentSchema().fields},
            "altered": not attestor.is_whole(found),
            "proves": [
                {"about": each.about, "reference": each.reference, "altered": altered}
                for each, altered in proves
                if each.about in kinds_known(context.actor)
            ],
            "versions": service.versions_of(context.session, found.id),
        }

    @blueprint.arguments(DocumentTermsSchema)
    @blueprint.response(200, DocumentSchema)
    @open_to(*DOERS)
    def put(self, terms: DocumentTerms, document_id: uuid.UUID) -> Document:
        """Correct what is said of a document and what it proves, whole."""
        return service.change_document(current().session, desk(), current().actor, (document_id, terms))

    @blueprint.response(204)
    @open_to(*KEEPERS)
    @confirmed_anew
    def delete(self, document_id: uuid.UUID) -> None:
        """Take a document away, and destroy its files."""
        service.remove_document(current().get(EvidenceDesk), current().actor, document_id)


@blueprint.route("/documents/<uuid:document_id>/versions", methods=["POST"])
@open_to(*DOERS)
@takes_file(MOST_BYTES)
@blueprint.arguments(FileSchema, location="files", unknown=RAISE)
@blueprint.response(201, DocumentSchema)
def renew_document(files: dict[str, FileStorage], document_id: uuid.UUID) -> Document:
    """Put a newer version of a document on file."""
    return service.renew_document(current().get(EvidenceDesk), current().actor, document_id, files["file"].stream)


@blueprint.route("/documents/<uuid:document_id>/versions/<int:number>/file")
@open_to(*LOOKERS)
def file_of_document(document_id: uuid.UUID, number: int) -> Response:
    """Hand out a version's file, as an attachment; who took it is recorded."""
    return hand_out(document_id, number)


def hand_out(document_id: uuid.UUID, number: int | None) -> Response:
    """Return a version of a document, the newest where no number is given; that it was taken is recorded before."""
    stack = ExitStack()
    desk, actor = current().get(EvidenceDesk), current().actor
    document, version, file = stack.enter_context(service.download(desk, actor, document_id, number))
    name = f"{plain_name(document.title)}-{version.number}.{version.kind.value}"
    return hand_over(stack, file, Attachment(name=name, kind=MEDIA_TYPES[version.kind], size=version.size))
