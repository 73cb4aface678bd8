"""What crosses the edge of grants: strict in, listed out."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.actor import Role
from governance.identity.schemas import StrictBoolean
from governance.policies.records import GrantQuery
from governance.policies.service import GrantState, RequestGrant
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.fields import Moment, PlainText
from register.schemas import PageSchema
from register.schemas.fields import slug, words


class GrantSchema(Schema):
    """A grant: who may use what, for which purpose, in which form, how long, and who decided."""

    id = fields.UUID(attribute="grant.id", required=True)
    state = fields.Enum(GrantState, by_value=True, required=True)
    role = fields.Enum(Role, by_value=True, attribute="grant.role", required=True)
    purpose = fields.String(required=True)
    subject_kind = fields.Enum(SubjectKind, by_value=True, attribute="grant.subject_kind", required=True)
    category = fields.Enum(DataCategory, by_value=True, attribute="grant.category", required=True)
    action = fields.Enum(GrantedAction, by_value=True, attribute="grant.action", required=True)
    form = fields.Enum(Form, by_value=True, attribute="grant.form", required=True)
    exact_lookup = fields.Boolean(attribute="grant.exact_lookup", required=True)
    valid_from = fields.AwareDateTime(attribute="grant.valid_from", required=True)
    valid_to = fields.AwareDateTime(attribute="grant.valid_to", required=True)
    reason = fields.String(attribute="grant.reason", required=True)
    requested_by = fields.UUID(attribute="grant.requested_by", required=True)
    requested_at = fields.AwareDateTime(attribute="grant.requested_at", required=True)
    approved_by = fields.UUID(attribute="grant.approved_by", required=True, allow_none=True)
    approved_at = fields.AwareDateTime(attribute="grant.approved_at", required=True, allow_none=True)
    revoked_by = fields.UUID(attribute="grant.revoked_by", required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(attribute="grant.revoked_at", required=True, allow_none=True)
    revoked_because = fields.String(attribute="grant.revoked_because", required=True, allow_none=True)


class GrantsSchema(Schema):
    """The grants that one request made."""

    grants = fields.List(fields.Nested(GrantSchema), required=True)


class GrantPageSchema(Schema):
    """A page of grants."""

    grants = fields.List(fields.Nested(GrantSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class GrantQuerySchema(PageSchema):
    """Which grants to list."""

    role = fields.Enum(Role, by_value=True, load_default=None)
    purpose = PlainText(load_default=None, metadata={"description": "Those for one purpose, by its slug."})

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> GrantQuery:
        """Build the query."""
        return GrantQuery(**data)


class RequestGrantSchema(Schema):
    """A grant to ask for."""

    role = fields.Enum(Role, by_value=True, required=True)
    purpose = slug()
    category = fields.Enum(DataCategory, by_value=True, required=True)
    kinds = fields.List(
        fields.Enum(SubjectKind, by_value=True),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=len(SubjectKind)),
    )
    action = fields.Enum(GrantedAction, by_value=True, load_default=GrantedAction.READ)
    form = fields.Enum(Form, by_value=True, load_default=Form.CLEAR)
    exact_lookup = StrictBoolean(load_default=False)
    valid_from = Moment(load_default=None, allow_none=True)
    valid_to = Moment(load_default=None, allow_none=True)
    reason = words(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> RequestGrant:
        """Build the command."""
        kinds = data.pop("kinds")
        return RequestGrant(**data, kinds=None if kinds is None else frozenset(kinds))


class RevocationSchema(Schema):
    """Why a grant is taken back."""

    because = words(load_default="")
