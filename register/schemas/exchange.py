"""What crosses the edge of the exchange."""

from marshmallow import Schema, fields, validate

from governance.web.fields import PlainText
from register.exchange.drafting import Fate
from register.exchange.formats import FORMATS
from register.exchange.tables.columns import Certainty, Field
from register.schemas.fields import register_asked


class ExportQuerySchema(Schema):
    """Which format, and which activity."""

    format = PlainText(required=True, validate=validate.OneOf(list(FORMATS)))
    activity = PlainText(load_default=None, metadata={"description": "The slug of the only one wanted."})
    capacity = register_asked()


class ImportQuerySchema(Schema):
    """What becomes of activities whose name is taken; where it is not given, they stop the import."""

    clashing = fields.Enum(Fate, by_value=True, load_default=None)


class TableColumnSchema(Schema):
    """A column of a table."""

    number = fields.Integer(required=True, metadata={"description": "Counted from 1."})
    letters = fields.String(required=True)
    heading = fields.String(required=True)
    samples = fields.List(fields.String(), required=True)
    says = fields.Enum(Field, by_value=True, required=True, allow_none=True)
    certainty = fields.Enum(Certainty, by_value=True, required=True)


class TableColumnsSchema(Schema):
    """What the columns of a table seem to be."""

    digest = fields.String(required=True, metadata={"description": "SHA-256 of the file."})
    sheets = fields.List(fields.String(), required=True)
    sheet = fields.String(required=True)
    row = fields.Integer(required=True, metadata={"description": "In which the headings stand, counted from 1."})
    columns = fields.List(fields.Nested(TableColumnSchema), required=True)


class CandidateSchema(Schema):
    """An activity of a file, beside what the register holds."""

    slug = fields.String(required=True, attribute="placed.activity.slug")
    name_fr = fields.String(required=True, attribute="placed.activity.name_fr")
    name_en = fields.String(required=True, attribute="placed.activity.name_en")
    clashes_with = fields.String(required=True, allow_none=True)
    otherwise = fields.String(
        required=True,
        attribute="named.slug",
        metadata={"description": "The slug that it would be drafted with."},
    )
    notes = fields.List(fields.String(), required=True)


class LookedOverSchema(Schema):
    """What a file would bring."""

    format = fields.String(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the file."})
    notes = fields.List(fields.String(), required=True, metadata={"description": "What of it is no activity."})
    activities = fields.List(fields.Nested(CandidateSchema), required=True)


class ImportedSchema(Schema):
    """What came of a file."""

    drafted = fields.List(fields.String(), required=True)
    left_out = fields.Integer(required=True)
    parties = fields.Integer(required=True)
    measures = fields.Integer(required=True)
    contracts = fields.Integer(required=True)
