"""What crosses the edge of one's own account: second factors, sessions, the password. Secrets cross once."""

import base64
import binascii
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from governance.actor import Role
from governance.identity.factors.models import FACTOR_NAME_LENGTH
from governance.identity.passwords import MAXIMUM_BYTES
from governance.identity.service.factors import FactorKind
from governance.web.fields import PlainText

_LONGEST_CODE: Final = 40
_MOST_SEALED: Final = 256


class Octets(fields.Field[bytes]):
    """Bytes, in base 64 for addresses (RFC 4648, section 5)."""

    def _serialize(self, value: bytes | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else base64.urlsafe_b64encode(value).decode()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, str) or len(value) > _MOST_SEALED:
            raise ValidationError("Not bytes in base 64.")
        try:
            return base64.urlsafe_b64decode(value.encode("ascii"))
        except (ValueError, binascii.Error):
            raise ValidationError("Not bytes in base 64.") from None


class FactorSchema(Schema):
    """A second factor. Never its secret."""

    id = fields.UUID(required=True)
    kind = fields.Enum(FactorKind, by_value=True, required=True)
    name = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class FactorsSchema(Schema):
    """One's own second factors, and whether one is still to be shown."""

    factors = fields.List(fields.Nested(FactorSchema), required=True)
    recovery_codes_left = fields.Integer(required=True)
    pending = fields.Boolean(required=True)


class DraftAppSchema(Schema):
    """An authenticator app that is being added: what it reads, and what comes back with its first code."""

    id = fields.UUID(required=True)
    secret = fields.String(required=True)
    uri = fields.String(required=True)
    sealed = Octets(required=True)


class ConfirmAppSchema(Schema):
    """An authenticator app, with its first code."""

    id = fields.UUID(required=True)
    sealed = Octets(required=True)
    code = PlainText(required=True, validate=validate.Length(max=_LONGEST_CODE))
    name = PlainText(load_default="", validate=validate.Length(max=FACTOR_NAME_LENGTH))


class NewPasskeySchema(Schema):
    """A passkey, with what the browser answered (`PublicKeyCredential.toJSON`)."""

    credential = fields.Dict(required=True)
    name = PlainText(load_default="", validate=validate.Length(max=FACTOR_NAME_LENGTH))


class RecoveryCodesSchema(Schema):
    """Recovery codes, shown once; empty where the person has theirs already."""

    recovery_codes = fields.List(fields.String(), required=True)


class CeremonySchema(Schema):
    """What a browser is asked for a passkey, as `navigator.credentials` takes it in JSON."""

    options = fields.Dict(required=True)


class ProofSchema(Schema):
    """One of: a code of an app, a recovery code, a passkey's answer; the password, of whoever has none of them."""

    code = PlainText(validate=validate.Length(max=_LONGEST_CODE))
    recovery_code = PlainText(validate=validate.Length(max=_LONGEST_CODE))
    credential = fields.Dict()
    password = PlainText(validate=validate.Length(max=4 * MAXIMUM_BYTES))


class PasswordSchema(Schema):
    """The password that was, and the one that shall be."""

    current = PlainText(required=True, validate=validate.Length(max=4 * MAXIMUM_BYTES))
    new = PlainText(required=True, validate=validate.Length(max=4 * MAXIMUM_BYTES))


class SessionSchema(Schema):
    """A session of one's own. Never its secret."""

    id = fields.UUID(required=True)
    device = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    opened_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    second_factor_at = fields.AwareDateTime(required=True, allow_none=True)
    here = fields.Boolean(required=True)


class SessionsSchema(Schema):
    """One's own sessions that still open something."""

    sessions = fields.List(fields.Nested(SessionSchema), required=True)


class ClosedSchema(Schema):
    """How many were closed."""

    closed = fields.Integer(required=True)


class RuleSchema(Schema):
    """Whether a role requires a second factor, and how many of those who hold it have one."""

    role = fields.Enum(Role, by_value=True, required=True)
    required = fields.Boolean(required=True)
    people = fields.Integer(required=True)
    enrolled = fields.Integer(required=True)


class RulesSchema(Schema):
    """The rule of every role."""

    rules = fields.List(fields.Nested(RuleSchema), required=True)
