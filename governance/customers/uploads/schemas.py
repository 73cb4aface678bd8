"""What crosses the edge when files are brought in over REST: strict in, listed out, and never a cell of a file."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.customers.importing.batches import Duplicates
from governance.customers.uploads.values import Settings
from governance.vocabulary import SLUG_LENGTH
from governance.web.fields import Day, PlainText
from register.schemas.notices import given_notice

_NAME = validate.Regexp(r"\A[a-z][a-z0-9_]*\Z")
_SLUG = validate.And(validate.Length(max=SLUG_LENGTH), validate.Regexp(r"\A[a-z][a-z0-9-]*\Z"))
_TEXT = validate.Length(max=200)
_MOST_COLUMNS = 200


class NewUploadArguments(Schema):
    """Where a file goes, and why. The file is the body."""

    table = PlainText(required=True, validate=_NAME)
    purpose = PlainText(required=True, validate=_SLUG)


class ListArguments(Schema):
    """Which page of a list."""

    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))
    after = fields.UUID(load_default=None)


class RefusedRowsArguments(Schema):
    """Which page of the refused rows: those that follow a row."""

    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
    after = fields.Integer(load_default=0, validate=validate.Range(0))


class ImportSettingsSchema(Schema):
    """How a file is read."""

    columns = fields.Dict(
        keys=fields.Integer(validate=validate.Range(1, _MOST_COLUMNS)),
        values=PlainText(allow_none=True, validate=_NAME),
        required=True,
        validate=validate.Length(min=1, max=_MOST_COLUMNS),
        metadata={"description": "Column number to field or link; null leaves the column out."},
    )
    constants = fields.Dict(keys=PlainText(validate=_NAME), values=PlainText(validate=_TEXT), load_default=dict)
    meanings = fields.Dict(
        keys=PlainText(validate=_NAME),
        values=fields.Dict(keys=PlainText(validate=_TEXT), values=PlainText(validate=_TEXT)),
        load_default=dict,
    )
    source = PlainText(load_default="", validate=_TEXT)
    notice = given_notice("Which notice the people were given. Without one the rows are closed to later purposes.")
    point = PlainText(
        load_default="",
        validate=validate.Length(max=SLUG_LENGTH),
        metadata={"description": "Collection point, where the people did not give the data themselves: GDPR Art. 14."},
    )
    duplicates = fields.Enum(Duplicates, by_value=True, load_default=Duplicates.REFUSE)
    collected_on = Day(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Settings:
        """Build the value."""
        return Settings(**data)


class UploadSchema(Schema):
    """A file that was brought in: how far it is, and nothing of what it holds."""

    id = fields.UUID(required=True)
    own = fields.Boolean(required=True)
    table = fields.String(required=True)
    purpose = fields.String(required=True)
    state = fields.Function(lambda told: told.state.name.lower(), metadata={"type": "string"})
    size = fields.Integer(required=True)
    rows = fields.Integer(allow_none=True)
    row = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    import_id = fields.UUID(allow_none=True)
    failure = fields.String(allow_none=True)
    ready = fields.Boolean(required=True)
    made_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class UploadsSchema(Schema):
    """A page of them."""

    imports = fields.List(fields.Nested(UploadSchema), required=True)
    next = fields.UUID(allow_none=True)


class FileColumnSchema(Schema):
    """A column of the reader's own file."""

    number = fields.Integer(required=True)
    header = fields.String(required=True)
    target = fields.String(allow_none=True)


class FileColumnsSchema(Schema):
    """The columns of the reader's own file, each with what it seems to fill."""

    columns = fields.List(fields.Nested(FileColumnSchema), required=True)


class ImportProblemSchema(Schema):
    """How many rows a problem refuses."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
    count = fields.Integer(required=True)


class ImportPreviewSchema(Schema):
    """What importing the file would come to, by its first rows."""

    fields_ = fields.List(fields.String(), data_key="fields", required=True)
    left_out = fields.List(fields.String(), required=True)
    tried = fields.Integer(required=True)
    whole = fields.Boolean(required=True)
    accepted = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    duplicates = fields.Integer(required=True)
    unsolicited = fields.Integer(
        required=True, metadata={"description": "Accepted rows of people on the list of refusals."}
    )
    problems = fields.List(fields.Nested(ImportProblemSchema), required=True)


class RefusedRowSchema(Schema):
    """Why a row was refused: places, a code for programs and a sentence for people."""

    row = fields.Integer(required=True)
    column = fields.Integer(required=True)
    field = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class RefusedRowsSchema(Schema):
    """A page of refused rows."""

    refusals = fields.List(fields.Nested(RefusedRowSchema), required=True)
    next = fields.Integer(allow_none=True)
