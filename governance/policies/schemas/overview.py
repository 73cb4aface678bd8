"""What crosses the edge of overviews: what is held, the matrix, reviews, simulations, what enforcing would change."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.actor import Role
from governance.policies.reach import SimulateGrant
from governance.policies.service import ReviewGrants
from governance.policies.union import Change
from governance.policies.values import Verdict
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.fields import Day, Moment
from register.schemas.fields import slug, words

_LONGEST_DAYS: Final = 180
_MOST_GRANTS: Final = 200


class _LineSchema(Schema):
    action = fields.Enum(GrantedAction, by_value=True, required=True)
    form = fields.Enum(Form, by_value=True, required=True)
    categories = fields.List(fields.Enum(DataCategory, by_value=True), required=True)
    kinds = fields.List(fields.Enum(SubjectKind, by_value=True), required=True)
    until = Day(required=True)


class _HeldPurposeSchema(Schema):
    purpose = fields.String(required=True)
    open = fields.Boolean(required=True)
    gives = fields.List(fields.Nested(_LineSchema), required=True)


class _ObservedSchema(Schema):
    """What is read in clear for now without a grant, for the rules of the activity only report."""

    purpose = fields.String(required=True)
    until = fields.AwareDateTime(required=True)
    categories = fields.List(fields.Enum(DataCategory, by_value=True), required=True)


class _HeldRoleSchema(Schema):
    role = fields.Enum(Role, by_value=True, required=True)
    in_force = fields.Boolean(required=True)
    reason = fields.String(required=True)
    assigned_at = fields.AwareDateTime(required=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)
    in_conflict = fields.Boolean(required=True)
    purposes = fields.List(fields.Nested(_HeldPurposeSchema), required=True)
    observed = fields.List(fields.Nested(_ObservedSchema), required=True)


class _EndingSchema(Schema):
    role = fields.Enum(Role, by_value=True, required=True)
    until = fields.AwareDateTime(required=True)
    purpose = fields.String(required=True, allow_none=True)
    categories = fields.List(fields.Enum(DataCategory, by_value=True), required=True)
    action = fields.Enum(GrantedAction, by_value=True, required=True, allow_none=True)
    form = fields.Enum(Form, by_value=True, required=True, allow_none=True)


class _RefusedRoleSchema(Schema):
    """A role that was to be given, and that a controller turned down."""

    role = fields.Enum(Role, by_value=True, required=True)
    because = fields.String(required=True)
    decided_by = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True)


class HoldingsSchema(Schema):
    """What somebody holds, what of it ends soon, and which roles were turned down for them lately."""

    roles = fields.List(fields.Nested(_HeldRoleSchema), required=True)
    ending = fields.List(fields.Nested(_EndingSchema), required=True)
    refused = fields.List(fields.Nested(_RefusedRoleSchema), required=True)


class MatrixQuerySchema(Schema):
    """What the matrix shows."""

    at = Moment(load_default=None)
    since = Moment(load_default=None)
    action = fields.Enum(GrantedAction, by_value=True, load_default=GrantedAction.READ)
    kind = fields.Enum(SubjectKind, by_value=True, load_default=None)


class _MarkSchema(Schema):
    category = fields.Enum(DataCategory, by_value=True, required=True)
    form = fields.Enum(Form, by_value=True, attribute="after", required=True, allow_none=True)
    before = fields.Enum(Form, by_value=True, required=True, allow_none=True)
    change = fields.Enum(Change, by_value=True, required=True)


class _CellSchema(Schema):
    role = fields.Enum(Role, by_value=True, required=True)
    purpose = fields.String(required=True)
    categories = fields.List(fields.Nested(_MarkSchema), required=True)


class MatrixSchema(Schema):
    """The matrix: every pair of role and purpose with something in it."""

    at = fields.AwareDateTime(required=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    action = fields.Enum(GrantedAction, by_value=True, required=True)
    kind = fields.Enum(SubjectKind, by_value=True, required=True, allow_none=True)
    cells = fields.List(fields.Nested(_CellSchema), required=True)
    observed = fields.List(
        fields.Nested(_ObservedSchema),
        required=True,
        metadata={
            "description": "Read in clear for now by every recipient in a business role, with or without a grant."
        },
    )
    altered = fields.Integer(required=True)


class _ReviewedSchema(Schema):
    grants = fields.List(fields.UUID(), attribute="grant_ids", required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    purpose = fields.String(required=True)
    action = fields.Enum(GrantedAction, by_value=True, required=True)
    form = fields.Enum(Form, by_value=True, required=True)
    categories = fields.List(fields.Enum(DataCategory, by_value=True), required=True)
    kinds = fields.List(fields.Enum(SubjectKind, by_value=True), required=True)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    holders = fields.Integer(attribute="holders.all", required=True)
    last_review = fields.AwareDateTime(required=True, allow_none=True)
    last_use = fields.AwareDateTime(required=True, allow_none=True)
    due = fields.Boolean(required=True)
    alone = fields.Boolean(required=True)


class _ReviewedActivitySchema(Schema):
    activity = fields.String(attribute="activity.slug", required=True)
    due = fields.Integer(required=True)
    grants = fields.List(fields.Nested(_ReviewedSchema), required=True)


class ReviewListSchema(Schema):
    """What somebody reviews."""

    activities = fields.List(fields.Nested(_ReviewedActivitySchema), required=True)


class ReviewGrantsSchema(Schema):
    """What came of looking at some grants again."""

    grants = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=_MOST_GRANTS))
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = words(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ReviewGrants:
        """Build the command."""
        return ReviewGrants(grant_ids=tuple(data["grants"]), verdict=data["verdict"], reason=data["reason"])


class SimulateGrantSchema(Schema):
    """A grant to try out."""

    role = fields.Enum(Role, by_value=True, required=True)
    purpose = slug()
    categories = fields.List(
        fields.Enum(DataCategory, by_value=True),
        required=True,
        validate=validate.Length(min=1, max=len(DataCategory)),
    )
    kinds = fields.List(
        fields.Enum(SubjectKind, by_value=True),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=len(SubjectKind)),
    )
    action = fields.Enum(GrantedAction, by_value=True, load_default=GrantedAction.READ)
    form = fields.Enum(Form, by_value=True, load_default=Form.CLEAR)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> SimulateGrant:
        """Build the command."""
        kinds = data.pop("kinds")
        categories = frozenset(data.pop("categories"))
        return SimulateGrant(**data, categories=categories, kinds=None if kinds is None else frozenset(kinds))


class _FieldChangeSchema(Schema):
    table = fields.String(required=True)
    field = fields.String(required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    before = fields.Enum(Form, by_value=True, required=True)
    after = fields.Enum(Form, by_value=True, required=True)


class SimulationSchema(Schema):
    """What a grant would do; `customers` is null where they are fewer than ten."""

    people = fields.Integer(attribute="holders.people", required=True)
    programs = fields.Integer(attribute="holders.programs", required=True)
    customers = fields.Integer(required=True, allow_none=True)
    consent = fields.Boolean(attribute="reached.consent", required=True)
    open = fields.Boolean(attribute="reached.open", required=True)
    fields_ = fields.List(
        fields.Nested(_FieldChangeSchema), attribute="reached.fields", data_key="fields", required=True
    )


class EnforcingQuerySchema(Schema):
    """Of how many days, today among them."""

    days = fields.Integer(load_default=30, validate=validate.Range(min=1, max=_LONGEST_DAYS))


class _ObservedRuleSchema(Schema):
    code = fields.String(required=True)
    reads = fields.Integer(required=True)
    people = fields.Integer(required=True)


class _DaySchema(Schema):
    day = Day(required=True)
    reads = fields.Integer(required=True)


class EnforcingSchema(Schema):
    """What enforcing an activity would have changed."""

    activity = fields.String(required=True)
    mode = fields.String(required=True, metadata={"description": "As it is now: an observation ends by itself."})
    observed_until = fields.AwareDateTime(required=True, allow_none=True)
    whole_since = fields.AwareDateTime(required=True, allow_none=True)
    reads = fields.Integer(required=True)
    touched = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    people = fields.Integer(required=True)
    rules = fields.List(fields.Nested(_ObservedRuleSchema), required=True)
    roles = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    purposes = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    undeclared = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Reads that were refused to roles that the register does not name, by role."},
    )
    days = fields.List(fields.Nested(_DaySchema), required=True)
