"""What crosses the edge of requests."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from governance.actor import Role
from governance.identity.schemas import StrictBoolean
from governance.policies.request_records import RequestQuery
from governance.policies.service import AskData, AskRole
from governance.policies.values import Advice, RequestState, RequestSubject
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.fields import Moment, PlainText
from register.schemas import PageSchema
from register.schemas.fields import words


def _several(vocabulary: type[DataCategory] | type[SubjectKind], **options: Any) -> fields.List[Any]:
    return fields.List(
        fields.Enum(vocabulary, by_value=True), validate=validate.Length(min=1, max=len(vocabulary)), **options
    )


class _OpinionSchema(Schema):
    advice = fields.Enum(Advice, by_value=True, required=True)
    reason = fields.String(required=True)
    given_by = fields.UUID(required=True)
    given_at = fields.AwareDateTime(required=True)


class AccessRequestSchema(Schema):
    """What somebody asks for, and what became of it."""

    id = fields.UUID(attribute="request.id", required=True)
    state = fields.Enum(RequestState, by_value=True, attribute="request.state", required=True)
    subject = fields.Enum(RequestSubject, by_value=True, attribute="request.subject", required=True)
    account = fields.UUID(attribute="request.account_id", required=True)
    role = fields.Enum(Role, by_value=True, attribute="request.role", required=True)
    purpose = fields.String(attribute="slug", required=True, allow_none=True)
    categories = fields.List(fields.Enum(DataCategory, by_value=True), attribute="request.category_set", required=True)
    kinds = fields.List(fields.Enum(SubjectKind, by_value=True), attribute="request.kind_set", required=True)
    action = fields.Enum(GrantedAction, by_value=True, attribute="request.action", required=True, allow_none=True)
    form = fields.Enum(Form, by_value=True, attribute="request.form", required=True, allow_none=True)
    valid_until = fields.AwareDateTime(attribute="request.valid_until", required=True)
    reason = fields.String(attribute="request.reason", required=True)
    asked_at = fields.AwareDateTime(attribute="request.asked_at", required=True)
    decided_by = fields.UUID(attribute="request.decided_by", required=True, allow_none=True)
    decided_at = fields.AwareDateTime(attribute="request.decided_at", required=True, allow_none=True)
    because = fields.String(attribute="request.because", required=True)
    alone = fields.Boolean(attribute="request.alone", required=True)
    given_categories = fields.List(
        fields.Enum(DataCategory, by_value=True), attribute="request.given_set", required=True
    )
    given_form = fields.Enum(Form, by_value=True, attribute="request.given_form", required=True, allow_none=True)
    given_until = fields.AwareDateTime(attribute="request.given_until", required=True, allow_none=True)
    opinion = fields.Nested(
        _OpinionSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Of the data protection officer, for whoever decides, advises or checks."},
    )


class AccessRequestPageSchema(Schema):
    """A page of requests."""

    requests = fields.List(fields.Nested(AccessRequestSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class AccessRequestQuerySchema(PageSchema):
    """Which requests to list."""

    state = fields.Enum(RequestState, by_value=True, load_default=None)
    mine = fields.Boolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> RequestQuery:
        """Build the query."""
        return RequestQuery(**data)


class AskSchema(Schema):
    """A role to ask for; with a purpose, more data for a role that one holds."""

    role = fields.Enum(Role, by_value=True, required=True)
    reason = words(required=True)
    purpose = PlainText(load_default=None, allow_none=True)
    categories = _several(DataCategory, load_default=None, allow_none=True)
    kinds = _several(SubjectKind, load_default=None, allow_none=True)
    action = fields.Enum(GrantedAction, by_value=True, load_default=GrantedAction.READ)
    form = fields.Enum(Form, by_value=True, load_default=Form.CLEAR)
    valid_until = Moment(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> AskRole | AskData:
        """Build the command.

        Raises:
            ValidationError: If data is asked for without its categories, or a role with some.
        """
        if data["purpose"] is None:
            if data["categories"] or data["kinds"]:
                raise ValidationError("Name the purpose.", "purpose")
            return AskRole(role=data["role"], reason=data["reason"], valid_until=data["valid_until"])
        if not data["categories"]:
            raise ValidationError("Name at least one.", "categories")
        kinds = data.pop("kinds")
        categories = frozenset(data.pop("categories"))
        return AskData(**data, categories=categories, kinds=None if kinds is None else frozenset(kinds))


class AccessApprovalSchema(Schema):
    """What is given of what was asked for; what is not named is given as asked."""

    categories = _several(DataCategory, load_default=None, allow_none=True)
    form = fields.Enum(Form, by_value=True, load_default=None, allow_none=True)
    valid_until = Moment(load_default=None, allow_none=True)
    because = words(load_default="")
    no_second_person = StrictBoolean(load_default=False)


class AccessRefusalSchema(Schema):
    """Why a request is refused."""

    because = words(required=True)


class AccessOpinionSchema(Schema):
    """An opinion on a request, and its reason."""

    advice = fields.Enum(Advice, by_value=True, required=True)
    reason = words(required=True)
