"""What crosses the edge of files for an inspection."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.oversight.inspection.values import (
    LANGUAGES,
    MOST_ACTIVITIES,
    OCCASION_LENGTH,
    InspectionState,
    OrderInspection,
)
from governance.vocabulary import SLUG_LENGTH
from governance.web.fields import PlainText


class OrderInspectionSchema(Schema):
    """A file to make."""

    occasion = PlainText(required=True, validate=validate.Length(min=1, max=OCCASION_LENGTH))
    languages = fields.List(
        PlainText(validate=validate.OneOf(LANGUAGES)),
        load_default=lambda: list(LANGUAGES),
        validate=validate.Length(min=1, max=len(LANGUAGES)),
    )
    activities = fields.List(
        PlainText(validate=validate.Length(min=1, max=SLUG_LENGTH)),
        load_default=list,
        validate=validate.Length(max=MOST_ACTIVITIES),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> OrderInspection:
        """Build the command."""
        return OrderInspection(
            occasion=data["occasion"], languages=tuple(data["languages"]), only=tuple(data["activities"])
        )


class InspectionSchema(Schema):
    """A file that was asked for."""

    id = fields.UUID(required=True)
    reference = fields.String(required=True)
    occasion = fields.String(required=True)
    languages = fields.List(fields.String(), required=True, attribute="spoken")
    activities = fields.List(fields.String(), required=True, attribute="only")
    by = fields.UUID(required=True, attribute="actor_id")
    state = fields.Enum(InspectionState, by_value=True, required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    made_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    size = fields.Integer(required=True, allow_none=True)
    digest = fields.String(required=True, allow_none=True)
    manifest_digest = fields.String(required=True, allow_none=True)


class InspectionPieceSchema(Schema):
    """One file of an archive."""

    number = fields.Integer(required=True)
    part = fields.String(required=True)
    path = fields.String(required=True)
    title_fr = fields.String(required=True)
    title_en = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    size = fields.Integer(required=True)
    digest = fields.String(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)


class WholeInspectionSchema(InspectionSchema):
    """A file with its pieces, and the note that signs its manifest."""

    note = fields.String(required=True, allow_none=True)
    pieces = fields.List(fields.Nested(InspectionPieceSchema), required=True)


class InspectionPageSchema(Schema):
    """Files, the newest first."""

    inspections = fields.List(fields.Nested(InspectionSchema), required=True, attribute="rows")
    next = fields.String(required=True, allow_none=True)


class PartSchema(Schema):
    """What a part would hold: how many of what, in English; or what the house cannot give yet."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    article = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    missing = fields.String(required=True, allow_none=True)


class ContentsSchema(Schema):
    """The parts, in the order of the archive."""

    parts = fields.List(fields.Nested(PartSchema), required=True)
