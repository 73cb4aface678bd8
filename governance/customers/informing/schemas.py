"""What crosses the edge when a first message is made over REST: strict in, listed out, and never a person."""

from marshmallow import Schema, fields, validate

from governance.customers.informing.ways import ADDRESSES
from governance.vocabulary import SLUG_LENGTH, Channel
from governance.web.fields import PlainText

_SLUG = validate.And(validate.Length(max=SLUG_LENGTH), validate.Regexp(r"\A[a-z][a-z0-9-]*\Z"))


class WaySchema(Schema):
    """A way in which the reader may write to these people."""

    purpose = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)


class MessageFileSchema(Schema):
    """One file that was made."""

    made_at = fields.AwareDateTime(required=True)
    purpose = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    version = fields.Integer(required=True)
    people = fields.Integer(required=True, allow_none=True, metadata={"description": "Null where it broke off."})
    left_out = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        attribute="counts",
        required=True,
        metadata={"description": "How many people do not stand in it, by reason."},
    )


class FirstMessageSchema(Schema):
    """How the first message to the people of an import stands."""

    point = fields.String(attribute="asked.point.slug", required=True)
    due = fields.AwareDateTime(attribute="asked.due", required=True)
    settled = fields.Boolean(attribute="asked.settled", required=True)
    people = fields.Integer(required=True)
    reached = fields.Integer(required=True, metadata={"description": "How many of them stand in a file."})
    version = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the notice; null where nothing is published."}
    )
    newest = fields.Integer(required=True, allow_none=True)
    ways = fields.List(fields.Nested(WaySchema), required=True)
    files = fields.List(fields.Nested(MessageFileSchema), required=True)


class MakeMessageSchema(Schema):
    """For which purpose and by which way the people are written to."""

    purpose = PlainText(required=True, validate=_SLUG)
    channel = fields.Enum(Channel, by_value=True, required=True, validate=validate.OneOf([*ADDRESSES]))
    all_again = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Whether those who stand in an earlier file stand in this one."},
    )
