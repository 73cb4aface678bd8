"""What crosses the edge of the library of evidence."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, post_load, validate

from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.plan.schemas import ThingQuerySchema, ThingSchema, altered_field
from governance.oversight.values import REFERENCE_LENGTH, About, Thing
from governance.oversight.values.evidence import MOST_THINGS, DocumentTerms, FileKind
from governance.web.fields import Day, PlainText


class DocumentQuerySchema(ThingQuerySchema):
    """Which documents to list."""

    ending_by = Day(load_default=None, metadata={"description": "Those whose last day is this or before."})


class NewDocumentSchema(Schema):
    """What is said of a document that is put on file, as fields of a form beside its file."""

    title = PlainText(required=True, validate=validate.Length(min=1, max=TITLE_LENGTH))
    dated_on = Day(required=True)
    valid_until = Day(load_default=None)
    about = fields.Enum(About, by_value=True, load_default=None)
    reference = PlainText(load_default="", validate=validate.Length(max=REFERENCE_LENGTH))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DocumentTerms:
        """Build the command."""
        about, reference = data.pop("about"), data.pop("reference")
        return DocumentTerms(**data, proves=() if about is None else (Thing(about, reference),))


class FileSchema(Schema):
    """The file itself."""

    file = Upload(required=True)


class DocumentTermsSchema(Schema):
    """What is said of a document, whole."""

    title = PlainText(required=True, validate=validate.Length(min=1, max=TITLE_LENGTH))
    dated_on = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)
    proves = fields.List(fields.Nested(ThingSchema), load_default=list, validate=validate.Length(max=MOST_THINGS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DocumentTerms:
        """Build the command."""
        return DocumentTerms(**{**data, "proves": tuple(data["proves"])})


class ProvedSchema(Schema):
    """Something that a document proves."""

    about = fields.Enum(About, by_value=True, required=True)
    reference = fields.String(required=True)
    altered = fields.Boolean(
        required=True, metadata={"description": "Whether somebody wrote so outside Égide: then it proves nothing."}
    )


class DocumentVersionSchema(Schema):
    """One file of a document."""

    number = fields.Integer(required=True)
    kind = fields.Enum(FileKind, by_value=True, required=True)
    size = fields.Integer(required=True)
    digest = fields.Function(lambda version: version.digest.hex(), metadata={"type": "string"}, required=True)
    brought_by = fields.UUID(required=True)
    brought_at = fields.AwareDateTime(required=True)
    altered = altered_field()


class SaidOfDocumentSchema(Schema):
    """What is said of a document."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    dated_on = Day(required=True)
    valid_until = Day(required=True, allow_none=True)
    version = fields.Integer(required=True)
    brought_by = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class DocumentSchema(SaidOfDocumentSchema):
    """A document on file."""

    altered = altered_field()


class WholeDocumentSchema(SaidOfDocumentSchema):
    """A document on file with what it proves, and its files."""

    altered = fields.Boolean(
        required=True, metadata={"description": "Whether what is said of it was altered outside Égide."}
    )
    proves = fields.List(fields.Nested(ProvedSchema), required=True)
    versions = fields.List(fields.Nested(DocumentVersionSchema), required=True)


class DocumentPageSchema(Schema):
    """A page of documents."""

    documents = fields.List(fields.Nested(DocumentSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)
