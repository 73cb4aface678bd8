"""What crosses the edge of the register on paper."""

from marshmallow import Schema, fields, validate

from governance.settings import LOCALES
from governance.web.fields import PlainText
from register.printing.models import PrintState
from register.schemas.fields import register_asked
from register.values import Register


class OrderPrintSchema(Schema):
    """How the register is put on paper."""

    language = PlainText(required=True, validate=validate.OneOf(list(LOCALES)))
    capacity = register_asked()


class VolumeSchema(Schema):
    """A volume."""

    number = fields.Integer(required=True)
    first = fields.Integer(required=True, metadata={"description": "The number of its first activity, from 1."})
    count = fields.Integer(required=True)
    size = fields.Integer(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 over what it states, as on its cover."})


class PrintSchema(Schema):
    """The register on paper."""

    id = fields.UUID(required=True, attribute="asked.id")
    language = fields.String(required=True, attribute="asked.language")
    capacity = fields.Enum(
        Register,
        by_value=True,
        required=True,
        allow_none=True,
        attribute="asked.register",
        metadata={"description": "Which of the two registers; null for both."},
    )
    state = fields.Enum(PrintState, by_value=True, required=True, attribute="asked.state")
    activities = fields.Integer(required=True, attribute="asked.count")
    done = fields.Integer(required=True, attribute="asked.done")
    failure = fields.String(required=True, allow_none=True, attribute="asked.failure")
    made_at = fields.AwareDateTime(required=True, attribute="asked.made_at")
    expires_at = fields.AwareDateTime(required=True, attribute="asked.expires_at")
    volumes = fields.List(fields.Nested(VolumeSchema), required=True)


class PrintsSchema(Schema):
    """Several."""

    prints = fields.List(fields.Nested(PrintSchema), required=True)
