"""What crosses the edge of identity: accounts, roles, tokens. A secret crosses once, on its way out."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.actor import Role
from governance.identity.models import EMAIL_LENGTH, NAME_LENGTH, SecondFactorState
from governance.identity.service import NewAccount, NewToken
from governance.identity.service.overview import AccountState
from governance.settings import LOCALES
from governance.web.fields import Moment, PlainText

_REASON_LENGTH: Final = 2_000
_PAGE: Final = 200


class StrictBoolean(fields.Boolean):
    """True or false and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        # 1 == True and hash(1) == hash(True), so the library's set of truthy values takes 1 as well.
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class PageSchema(Schema):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=_PAGE))
    after = fields.UUID()


class RoleSchema(Schema):
    """A role that somebody holds or waits for."""

    id = fields.UUID(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    in_force = fields.Boolean(required=True)
    in_conflict = fields.Boolean(required=True)
    assigned_at = fields.AwareDateTime(required=True)
    countersigned_at = fields.AwareDateTime(required=True, allow_none=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class UserSchema(Schema):
    """An account. Never its password, in any form."""

    id = fields.UUID(required=True)
    email = fields.Email(required=True)
    name = fields.String(required=True)
    locale = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    disabled_at = fields.AwareDateTime(required=True, allow_none=True)
    signed_in_at = fields.AwareDateTime(required=True, allow_none=True)
    second_factor = fields.Enum(SecondFactorState, by_value=True, required=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True)


class UserPageSchema(Schema):
    """A page of accounts."""

    users = fields.List(fields.Nested(UserSchema), required=True)
    next = fields.UUID(required=True, allow_none=True)


class UserQuerySchema(PageSchema):
    """Which accounts are asked for. In a body, for a name or an address stands in no URL."""

    text = PlainText(load_default="", validate=validate.Length(max=EMAIL_LENGTH))
    role = fields.Enum(Role, by_value=True, load_default=None, allow_none=True)
    state = fields.Enum(AccountState, by_value=True, load_default=None, allow_none=True)


class NewUserSchema(Schema):
    """An account to add. Its holder chooses the password by a one-time link."""

    email = PlainText(required=True, validate=validate.Length(min=3, max=EMAIL_LENGTH))
    name = PlainText(load_default="", validate=validate.Length(max=NAME_LENGTH))
    locale = PlainText(load_default="fr", validate=validate.OneOf(LOCALES))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewAccount:
        """Build the command."""
        return NewAccount(**data)


class NewRoleSchema(Schema):
    """A role to assign."""

    role = fields.Enum(Role, by_value=True, required=True)
    reason = PlainText(load_default="", validate=validate.Length(max=_REASON_LENGTH))
    valid_until = Moment(load_default=None, allow_none=True)
    no_second_person = StrictBoolean(load_default=False)


class HeldRoleSchema(Schema):
    """A role to countersign or to take back."""

    role = fields.Enum(Role, by_value=True, required=True)


class DeclinedRoleSchema(HeldRoleSchema):
    """A role that waits, to turn down, and why."""

    because = PlainText(required=True, validate=validate.Length(min=1, max=_REASON_LENGTH))


class LinkSchema(Schema):
    """A one-time link, shown once."""

    url = fields.Url(required=True, require_tld=False)
    expires_at = fields.AwareDateTime(required=True)


class TokenSchema(Schema):
    """A token. Never its secret."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    own = fields.Boolean(required=True)
    in_force = fields.Boolean(required=True)
    in_conflict = fields.Boolean(required=True)
    made_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    countersigned_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)


class IssuedTokenSchema(TokenSchema):
    """A token just made or put in force, with its secret, shown once; none while it waits for the controller."""

    secret = fields.String(required=True, allow_none=True)


class TokenPageSchema(Schema):
    """A page of tokens."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)
    next = fields.UUID(required=True, allow_none=True)


class NewTokenSchema(Schema):
    """A token to make: a program's, or one's own."""

    name = PlainText(required=True, validate=validate.Length(min=1, max=NAME_LENGTH))
    role = fields.Enum(Role, by_value=True, required=True)
    expires_at = Moment(load_default=None, allow_none=True)
    own = StrictBoolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewToken:
        """Build the command."""
        return NewToken(**data)
