"""What the log does not hold of an import, over REST, and what was written of it."""

from marshmallow import Schema, fields, validate

from governance.customers.importing.writing import SOURCE_LENGTH
from governance.web.fields import PlainText


class AnewSchema(Schema):
    """What the log does not hold of an import."""

    source = PlainText(required=True, validate=validate.Length(min=1, max=SOURCE_LENGTH))


class WrittenAnewSchema(Schema):
    """An import as it was written anew."""

    id = fields.UUID(required=True)
    table = fields.String(required=True)
    purpose = fields.String(required=True)
    state = fields.Function(lambda told: told.state.value, metadata={"type": "string"})
    begun_at = fields.AwareDateTime(required=True)
