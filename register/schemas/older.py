"""What crosses the edge of older data: how a purpose stands to it, and the test that opens it."""

from marshmallow import Schema, fields, validate

from governance.web.fields import Day, PlainText
from register.lifecycle import Opinion
from register.schemas.fields import words
from register.schemas.notices import NoticeSchema
from register.values import OlderData


def _point() -> PlainText:
    return PlainText(required=True, validate=validate.Length(min=1, max=10_000))


class WriteTestSchema(Schema):
    """The five points of GDPR Art. 6(4)."""

    link = _point()
    context = _point()
    nature = _point()
    consequences = _point()
    safeguards = _point()


class AdviseTestSchema(Schema):
    """The opinion on a test."""

    opinion = fields.Enum(Opinion, by_value=True, required=True)
    text = words(load_default="")


class DecideTestSchema(Schema):
    """The decision that opens older data."""

    informed_on = Day(required=True, metadata={"description": "Nothing opens before this day."})
    information = _point()
    reason = words(load_default="", metadata={"description": "Why the opinion is not followed."})


class CompatibilityTestSchema(WriteTestSchema):
    """A test on file."""

    written_at = fields.AwareDateTime(required=True)
    opinion = fields.Enum(Opinion, by_value=True, required=True, allow_none=True)
    opinion_text = fields.String(required=True)
    information = fields.String(required=True)
    informed_on = Day(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    opens_at = fields.AwareDateTime(required=True, allow_none=True)
    overriding_reason = fields.String(required=True, allow_none=True)
    alone = fields.Boolean(
        required=True, metadata={"description": "Whether one person wrote it and advised, or advised and decided."}
    )


class OlderRowsSchema(Schema):
    """How much older data there is."""

    rows = fields.Integer(required=True)
    more = fields.Boolean(required=True, metadata={"description": "Whether there may be more than were looked at."})
    tables_without_notices = fields.List(
        fields.String(), attribute="unknown", required=True, metadata={"description": "All of their rows are older."}
    )


class OlderDataSchema(Schema):
    """How a purpose stands to data that was collected under no notice that names it."""

    standing = fields.Enum(OlderData, by_value=True, required=True)
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    rows = fields.Nested(OlderRowsSchema, required=True, allow_none=True)
    test = fields.Nested(CompatibilityTestSchema, required=True, allow_none=True)
