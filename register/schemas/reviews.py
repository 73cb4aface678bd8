"""What crosses the edge of reviews."""

from marshmallow import Schema, fields, validate

from governance.web.fields import Day
from register.reviews.values import PERIODS


class OwnPeriodSchema(Schema):
    """After how many months one record is looked at again; null for the house's own period."""

    months = fields.Integer(required=True, allow_none=True, strict=True, validate=validate.OneOf(PERIODS))


class HousePeriodSchema(Schema):
    """After how many months records are looked at again that have no period of their own."""

    months = fields.Integer(required=True, strict=True, validate=validate.OneOf(PERIODS))


class ReviewSchema(Schema):
    """When a record is to be looked at again."""

    looked_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it was last activated or confirmed."}
    )
    own_months = fields.Integer(required=True, allow_none=True)
    months = fields.Integer(required=True, metadata={"description": "The period that counts."})
    due_on = Day(required=True, allow_none=True, metadata={"description": "None: nothing runs by it."})
