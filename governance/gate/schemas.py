"""What crosses the edge at the gate: strict in, listed out. Rows themselves bypass marshmallow (see docs/adr)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from governance.gate.commands import WrittenRow
from governance.gate.query import DEFAULT_LIMIT, HIGHEST_LIMIT, LOWEST_LIMIT, Condition, Operator, Order
from governance.text import is_storable
from governance.vocabulary import SLUG_LENGTH
from governance.web.fields import UNSTORABLE, PlainText
from register.schemas.notices import given_notice

_NAME = validate.Regexp(r"\A[a-z][a-z0-9_]*\Z")
_SLUG = validate.And(validate.Length(max=SLUG_LENGTH), validate.Regexp(r"\A[a-z][a-z0-9-]*\Z"))
_MOST_CONDITIONS = 20
_MOST_VALUES = 200
_LONGEST_VALUE = 500


class ScalarField(fields.Field[Any]):
    """Text, a whole number or a truth value, as JSON tells them apart."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and len(value) > _LONGEST_VALUE:
            raise ValidationError(f"Longer than {_LONGEST_VALUE} characters.")
        if isinstance(value, str) and not is_storable(value):
            raise ValidationError(UNSTORABLE)
        if isinstance(value, str | int | bool):
            return value
        raise ValidationError("Not text, a whole number or a truth value.")


class ValueField(ScalarField):
    """A scalar, or a list of scalars for `in`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            return super()._deserialize(value, attr, data, **kwargs)
        if not 1 <= len(value) <= _MOST_VALUES:
            raise ValidationError(f"Takes 1 to {_MOST_VALUES} values.")
        return tuple(super(ValueField, self)._deserialize(each, attr, data, **kwargs) for each in value)


class ConditionSchema(Schema):
    """One filter."""

    field = PlainText(required=True, validate=_NAME, metadata={"description": "A field, or a link of the table."})
    operator = fields.Enum(Operator, by_value=True, load_default=Operator.EQUAL)
    value = ValueField(
        required=True,
        metadata={
            "description": "What is compared with; a list for `in`.",
            "type": ["string", "integer", "boolean", "array"],
        },
    )
    of = PlainText(
        load_default=None,
        validate=_NAME,
        metadata={"description": "For a link: the table whose row the value names, where it is not the person's own."},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Condition:
        """Build the value."""
        return Condition(**data)


class OrderSchema(Schema):
    """One field to order by."""

    field = PlainText(required=True, validate=_NAME)
    descending = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Order:
        """Build the value."""
        return Order(**data)


class QuerySchema(Schema):
    """A governed read. Filters stand in the body, for they may identify somebody."""

    purpose = PlainText(required=True, validate=_SLUG)
    fields_ = fields.List(
        PlainText(validate=_NAME), data_key="fields", load_default=None, validate=validate.Length(min=1, max=200)
    )
    where = fields.List(
        fields.Nested(ConditionSchema), load_default=list, validate=validate.Length(max=_MOST_CONDITIONS)
    )
    order = fields.List(fields.Nested(OrderSchema), load_default=list, validate=validate.Length(max=3))
    limit = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(LOWEST_LIMIT, HIGHEST_LIMIT),
        metadata={"description": f"{DEFAULT_LIMIT} where absent; a stream gives every row."},
    )
    after = PlainText(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class PageArguments(Schema):
    """The same without filters, for a GET: nothing that identifies somebody may stand in an address."""

    purpose = PlainText(required=True, validate=_SLUG)
    field = fields.List(PlainText(validate=_NAME), load_default=list)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(LOWEST_LIMIT, HIGHEST_LIMIT))
    after = PlainText(load_default=None, validate=validate.Length(max=2000))


class PurposeArguments(Schema):
    """Why."""

    purpose = PlainText(required=True, validate=_SLUG)


class OneArguments(PurposeArguments):
    """Why, and which fields."""

    field = fields.List(PlainText(validate=_NAME), load_default=list)


_TWICE = fields.Boolean(
    load_default=False,
    truthy={True},
    falsy={False},
    metadata={"description": "Keep a person although somebody on file has the same e-mail address."},
)


class CreateSchema(Schema):
    """A row to create."""

    purpose = PlainText(required=True, validate=_SLUG)
    values = fields.Dict(
        keys=PlainText(validate=_NAME),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1),
    )
    links = fields.Dict(keys=PlainText(validate=_NAME), values=fields.UUID(), load_default=dict)
    source = PlainText(load_default="", validate=validate.Length(max=200))
    notice = given_notice("Which notice the people were given. Without one the row is closed to later purposes.")
    twice = _TWICE


class ChangeSchema(Schema):
    """Fields of a row to change, against a revision."""

    purpose = PlainText(required=True, validate=_SLUG)
    revision = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    values = fields.Dict(
        keys=PlainText(validate=_NAME),
        values=fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(min=1),
    )
    source = PlainText(load_default="", validate=validate.Length(max=200))
    notice = given_notice("Which notice the person was given this time; without one, what they were told before holds.")
    twice = _TWICE


class DeleteSchema(Schema):
    """Which state of the row is to be deleted."""

    purpose = PlainText(required=True, validate=_SLUG)
    revision = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))


def _entry_index(written: WrittenRow) -> int | None:
    # A repeated request wrote nothing, and so recorded nothing.
    return None if written.entry is None else written.entry.index


class WrittenSchema(Schema):
    """What a write answers."""

    id = fields.UUID(required=True)
    revision = fields.Integer(required=True)
    entry = fields.Function(_entry_index, metadata={"type": ["integer", "null"]})
