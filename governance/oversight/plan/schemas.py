"""What crosses the edge of the action plan."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.values import REFERENCE_LENGTH, About, Thing
from governance.oversight.values.plan import ActionState, ActionTerms, Priority
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.fields import Day, PlainText

MOST_WORDS: Final = 10_000
MOST_EUROS: Final = 1_000_000_000


class ThingSchema(Schema):
    """Something of the house, by kind and reference."""

    about = fields.Enum(About, by_value=True, required=True)
    reference = PlainText(required=True, validate=validate.Length(min=1, max=REFERENCE_LENGTH))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Thing:
        """Build it."""
        return Thing(**data)


class PageQuerySchema(Schema):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    after = fields.UUID(load_default=None)


class ThingQuerySchema(PageQuerySchema):
    """What something is about, in an address."""

    about = fields.Enum(About, by_value=True, load_default=None)
    reference = PlainText(load_default=None, validate=validate.Length(min=1, max=REFERENCE_LENGTH))

    @validates_schema
    def both_or_none(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse half of a thing.

        Raises:
            ValidationError: If one is given without the other.
        """
        if (data["about"] is None) != (data["reference"] is None):
            raise ValidationError("Give both, or none.", "reference" if data["reference"] is None else "about")


class ActionQuerySchema(ThingQuerySchema):
    """Which actions to list."""

    state = fields.Enum(ActionState, by_value=True, load_default=None)
    owner = fields.UUID(load_default=None)
    late = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class ActionTermsSchema(Schema):
    """An action, whole."""

    title = PlainText(required=True, validate=validate.Length(min=1, max=TITLE_LENGTH))
    why = PlainText(load_default="", validate=validate.Length(max=MOST_WORDS))
    about = fields.Nested(ThingSchema, load_default=None, allow_none=True)
    owner_id = fields.UUID(required=True)
    due_on = Day(required=True)
    cost = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=MOST_EUROS),
        metadata={"description": "An estimate, in whole euros."},
    )
    priority = fields.Enum(Priority, by_value=True, load_default=Priority.NORMAL)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ActionTerms:
        """Build the command."""
        return ActionTerms(**data)


class ActionStepSchema(Schema):
    """The words that come with a step."""

    note = PlainText(load_default="", validate=validate.Length(max=MOST_WORDS))


def altered_field() -> fields.Function:
    """Return whether a row is not as Égide wrote it, for what hands out rows that are attested."""
    return fields.Function(
        lambda row: not current().get(Attestor).is_whole(row),
        required=True,
        metadata={
            "type": "boolean",
            "description": "Whether it was altered outside Égide: nothing that it says counts.",
        },
    )


class ActionSchema(Schema):
    """An action of the plan."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    why = fields.String(required=True)
    about = fields.Enum(About, by_value=True, required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    owner_id = fields.UUID(required=True)
    due_on = Day(required=True)
    cost = fields.Integer(required=True, allow_none=True)
    priority = fields.Enum(Priority, by_value=True, required=True)
    state = fields.Enum(ActionState, by_value=True, required=True)
    outcome = fields.String(required=True)
    made_by = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    revision = fields.Integer(required=True)
    altered = altered_field()


class ActionPageSchema(Schema):
    """A page of actions."""

    actions = fields.List(fields.Nested(ActionSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class TotalSchema(Schema):
    """What the actions in one state come to."""

    state = fields.Enum(ActionState, by_value=True, required=True)
    count = fields.Integer(required=True)
    late = fields.Integer(required=True)
    cost = fields.Integer(required=True)
    without_cost = fields.Integer(required=True)


class TotalsSchema(Schema):
    """What the plan comes to, by state."""

    totals = fields.List(fields.Nested(TotalSchema), required=True)
