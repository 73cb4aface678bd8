"""What crosses the edge of administration: states and figures, and nobody's data."""

from marshmallow import Schema, fields

from governance.administration.values import State
from governance.vault.ring import EpochState


class LineSchema(Schema):
    """One thing that was looked at."""

    name = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    found = fields.String(required=True)
    mend = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class DeadJobSchema(Schema):
    """A job that was given up."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    attempts = fields.Integer(required=True)
    last_error = fields.String(required=True, allow_none=True)


class HealthSchema(Schema):
    """How the installation stands."""

    state = fields.Enum(State, by_value=True, required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)
    dead_jobs = fields.List(fields.Nested(DeadJobSchema), required=True)


class EpochSchema(Schema):
    """One epoch of the keys."""

    number = fields.Integer(required=True)
    state = fields.Enum(EpochState, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    destroyed_at = fields.AwareDateTime(required=True, allow_none=True)
    age_days = fields.Integer(required=True)
    subjects = fields.Integer(required=True)


class KeysSchema(Schema):
    """The state of the keys."""

    epochs = fields.List(fields.Nested(EpochSchema), required=True)
    rotation_days = fields.Integer(required=True)
    rotate_by = fields.AwareDateTime(required=True)
    overdue = fields.Boolean(required=True)
    lost = fields.Integer(required=True)
    colocated = fields.List(fields.List(fields.String()), required=True)
    rotating = fields.Boolean(required=True)
