"""What crosses the edge of the drift report."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from governance.actor import Role
from governance.oversight.drift.aside import SetAside
from governance.oversight.drift.reading import DriftQuery
from governance.oversight.drift.values import Kind, Severity, place_of
from governance.oversight.values.plan import ActionState
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.fields import Day, PlainText
from register.enforcement import Enforcement
from register.lifecycle import Mode

_MOST_WORDS = 2_000
_MOST_ROWS = 200


def _check_cursor(text: str) -> None:
    try:
        place_of(text)
    except ValueError:
        raise ValidationError("Not a cursor of this list.") from None


class DriftQuerySchema(Schema):
    """Which findings."""

    kind = fields.Enum(Kind, by_value=True, load_default=None)
    severity = fields.Enum(Severity, by_value=True, load_default=None)
    aside = fields.Boolean(load_default=False, metadata={"description": "Those set aside, rather than those open."})
    after = PlainText(load_default=None, validate=_check_cursor)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=_MOST_ROWS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DriftQuery:
        """Return the query."""
        return DriftQuery(**data)


class _PairSchema(Schema):
    kind = fields.Enum(SubjectKind, by_value=True)
    category = fields.Enum(DataCategory, by_value=True)


class _AsideSchema(Schema):
    until = Day()
    reason = fields.String()
    by = fields.UUID()
    at = fields.AwareDateTime()


class _PlannedSchema(Schema):
    id = fields.UUID()
    title = fields.String()
    owner_id = fields.UUID()
    due_on = Day()
    state = fields.Enum(ActionState, by_value=True)


class DriftFindingSchema(Schema):
    """A place where practice and paper part."""

    id = fields.String(metadata={"description": "The same as long as it is found."})
    kind = fields.Enum(Kind, by_value=True)
    severity = fields.Enum(Severity, by_value=True)
    code = fields.String(metadata={"description": "Which case of its kind it is."})
    title = fields.String()
    note = fields.String()
    concerns = fields.Enum(Role, by_value=True)
    activities = fields.List(fields.String(), metadata={"description": "Their slugs, a hundred at most."})
    name = fields.String()
    role = fields.Enum(Role, by_value=True, allow_none=True)
    data = fields.List(fields.Nested(_PairSchema))
    columns = fields.List(fields.String())
    parts = fields.List(
        fields.String(),
        metadata={
            "description": "What of it: the criteria that are met, what a contract lacks, whose versions are gone."
        },
    )
    count = fields.Integer(strict=True)
    since = fields.AwareDateTime(allow_none=True, metadata={"description": "When the worker saw it first."})
    aside = fields.Nested(_AsideSchema, allow_none=True)
    action = fields.Nested(
        _PlannedSchema, allow_none=True, metadata={"description": "What the action plan has about it, the next due."}
    )
    settled_by = fields.String(allow_none=True, metadata={"description": "Method and path of what settles it."})


class _LookedSchema(Schema):
    activities = fields.Integer(strict=True)
    purposes = fields.Integer(strict=True)
    columns = fields.Integer(strict=True)
    data_at = fields.AwareDateTime(allow_none=True)
    unreachable = fields.List(fields.String())
    unaged = fields.List(
        fields.String(), metadata={"description": "Tables that do not say when their data were collected."}
    )


class DriftSchema(Schema):
    """A page of the report, with how many are open in all."""

    whole = fields.Boolean(metadata={"description": "Whether every kind could be told."})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    looked = fields.Nested(_LookedSchema)
    findings = fields.List(fields.Nested(DriftFindingSchema))
    next = fields.String(allow_none=True)


class SetAsideSchema(Schema):
    """Until when a finding is set aside, and why."""

    until = Day(required=True)
    reason = PlainText(required=True, validate=validate.Length(min=1, max=_MOST_WORDS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> SetAside:
        """Return the command."""
        return SetAside(**data)


class DraftedSchema(Schema):
    """The activity that was drafted, or was on its way already."""

    activity = fields.String()
    new = fields.Boolean()


class EnforcementQuerySchema(Schema):
    """Which page of the activities."""

    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=_MOST_ROWS))


class _MarkedSchema(Schema):
    activity = fields.String()
    enforcement = fields.Enum(Enforcement, by_value=True, allow_none=True)
    mode = fields.Enum(Mode, by_value=True)
    observed_until = fields.AwareDateTime(allow_none=True)


class EnforcementPageSchema(Schema):
    """How far each activity is enforced; null where it does not run."""

    activities = fields.List(fields.Nested(_MarkedSchema))
    next = fields.String(allow_none=True)
