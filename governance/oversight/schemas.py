"""What crosses the edge about oversight: matters, figures, and what is to be closed."""

from typing import Any

from marshmallow import Schema, fields, post_load

from governance.actor import Role
from governance.oversight.containment import Contain, Ground
from governance.oversight.values import Matter, Measure
from governance.vocabulary import DataCategory, Form, GrantedAction
from governance.web.fields import Day


class LabelSchema(Schema):
    """A name of the register, in both languages."""

    fr = fields.String()
    en = fields.String()


class ItemSchema(Schema):
    """A matter that waits or differs."""

    matter = fields.Enum(Matter, by_value=True)
    label = fields.Nested(LabelSchema, allow_none=True)
    name = fields.String(allow_none=True)
    role = fields.Enum(Role, by_value=True, allow_none=True)
    person = fields.UUID(allow_none=True)
    reference = fields.String(allow_none=True)
    count = fields.Integer(strict=True)
    at = fields.AwareDateTime(allow_none=True)
    due = fields.AwareDateTime(allow_none=True)
    last_day = Day(allow_none=True, metadata={"description": "When it is due, where that is a day."})
    grave = fields.Boolean()


class IndicatorSchema(Schema):
    """A figure against its target."""

    measure = fields.Enum(Measure, by_value=True)
    value = fields.Integer(strict=True, allow_none=True)
    of = fields.Integer(strict=True, allow_none=True)
    target = fields.Integer(strict=True, allow_none=True)
    at_most = fields.Boolean()
    met = fields.Boolean(allow_none=True)
    trend = fields.List(fields.Integer(strict=True))


class TodaySchema(Schema):
    """What is due, what differs, how it goes."""

    due = fields.List(fields.Nested(ItemSchema))
    drift = fields.List(fields.Nested(ItemSchema))
    indicators = fields.List(fields.Nested(IndicatorSchema))
    first = Day(metadata={"description": "The first day of the trends."})
    last = Day(metadata={"description": "Their last day."})


class ItemsSchema(Schema):
    """Matters."""

    items = fields.List(fields.Nested(ItemSchema))


class TroubleSchema(Schema):
    """Refusals and failures of one account at one thing within seven days."""

    actor_id = fields.UUID(allow_none=True)
    action = fields.String()
    outcome = fields.String()
    object_type = fields.String()
    object_id = fields.String(allow_none=True)
    count = fields.Integer(strict=True)
    last_at = fields.AwareDateTime()


class UnusualDaySchema(Schema):
    """A day on which an account read much more than it does."""

    actor_id = fields.UUID()
    day = Day()
    count = fields.Integer(strict=True)
    usual = fields.Integer(strict=True, allow_none=True)


class LockedSchema(Schema):
    """An account that waits after failed sign-ins."""

    account_id = fields.UUID()
    failures = fields.Integer(strict=True)
    until = fields.AwareDateTime()


class WatchSchema(Schema):
    """What there is to look at."""

    troubles = fields.List(fields.Nested(TroubleSchema))
    unusual = fields.List(fields.Nested(UnusualDaySchema))
    locked = fields.List(fields.Nested(LockedSchema))
    locked_unknown = fields.Integer(strict=True)
    altered = fields.List(fields.Nested(ItemSchema))
    refused = fields.List(fields.Integer(strict=True))


class ContainSchema(Schema):
    """An account or a token to close, and on what ground."""

    holder_id = fields.UUID(required=True)
    ground = fields.Enum(Ground, by_value=True, required=True)
    programs = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Contain:
        """Return the command."""
        return Contain(**data)


class ContainedSchema(Schema):
    """What was closed."""

    holder_id = fields.UUID()
    sessions = fields.Integer(strict=True)
    tokens = fields.Integer(strict=True)
    kept_open = fields.Boolean()


class _HeldSchema(Schema):
    category = fields.Enum(DataCategory, by_value=True)
    before = fields.Enum(Form, by_value=True, allow_none=True)
    after = fields.Enum(Form, by_value=True, allow_none=True)


class _UnionRowSchema(Schema):
    purpose = fields.String()
    action = fields.Enum(GrantedAction, by_value=True)
    observed = fields.Boolean()
    categories = fields.List(fields.Nested(_HeldSchema))


class JoiningSchema(Schema):
    """A role that waits, and what its holder would hold with it."""

    account = fields.UUID()
    role = fields.Enum(Role, by_value=True)
    reason = fields.String()
    valid_until = fields.AwareDateTime(allow_none=True)
    held = fields.List(fields.Enum(Role, by_value=True))
    conflict = fields.Enum(Role, by_value=True, allow_none=True)
    holders = fields.Integer(strict=True)
    union = fields.List(fields.Nested(_UnionRowSchema))
