"""What crosses the edge of starting points, and of drafting from one."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from governance.web.fields import Day, PlainText
from register.errors import StartingPointNotFoundError
from register.models import LABEL_LENGTH
from register.schemas.fields import label, slug, words
from register.service import NewActivity, StartActivity
from register.starting_points.schemas.loader import starting_point
from register.starting_points.values import Language
from register.values import Capacity, PurposePart

_NAMES = ("name_fr", "name_en")


class NewActivitySchema(Schema):
    """An activity to draft, empty or from a starting point; what is not given of names is then the starting point's."""

    slug = slug()
    name_fr = label(required=False)
    name_en = label(required=False)
    reference = PlainText(
        validate=validate.Length(max=LABEL_LENGTH), metadata={"description": "What you call the record elsewhere."}
    )
    kept_since = Day(
        format="iso",
        allow_none=True,
        metadata={"description": "Since when you keep the record, where that was elsewhere before."},
    )
    description = words()
    capacity = fields.Enum(Capacity, by_value=True, load_default=Capacity.CONTROLLER)
    owner_id = fields.UUID(load_default=None, allow_none=True)
    controller_id = fields.UUID(load_default=None, allow_none=True)
    starting_point = PlainText(
        load_default=None, allow_none=True, metadata={"description": "See /starting-points; none drafts an empty one."}
    )
    language = fields.Enum(
        Language,
        by_value=True,
        load_default=Language.FRENCH,
        metadata={"description": "In which language a starting point writes what a record holds once."},
    )

    @validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Ask for the names where no starting point brings them.

        Raises:
            ValidationError: If one is missing, or there is no such starting point.
        """
        if data.get("starting_point") is None:
            missing = {name: ["Missing data for required field."] for name in _NAMES if name not in data}
            if missing:
                raise ValidationError(missing)
            return
        try:
            starting_point(data["starting_point"])
        except StartingPointNotFoundError:
            raise ValidationError({"starting_point": ["There is none of this name."]}) from None

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewActivity | StartActivity:
        """Build the command."""
        language, named = data.pop("language"), data.pop("starting_point")
        if named is None:
            return NewActivity(**data)
        point = starting_point(named)
        proposed = {
            "name_fr": point.name.fr,
            "name_en": point.name.en,
            "description": point.description.written(language),
        }
        return StartActivity(point=point, activity=NewActivity(**(proposed | data)), language=language)


class _WordsSchema(Schema):
    fr = fields.String(required=True)
    en = fields.String(required=True)


class StartingPointSchema(Schema):
    """A starting point, as somebody chooses it."""

    slug = fields.String(required=True)
    name = fields.Nested(_WordsSchema, required=True)
    summary = fields.Nested(_WordsSchema, required=True)
    look_at = fields.List(fields.Nested(_WordsSchema), required=True)
    purposes = fields.Function(
        lambda point: [purpose.slug for purpose in point.purposes], metadata={"type": "array"}, required=True
    )


class StartingPointsSchema(Schema):
    """Every starting point, in the order of the list."""

    starting_points = fields.List(fields.Nested(StartingPointSchema), required=True)


class ConfirmSchema(Schema):
    """What of a purpose is right as it was proposed."""

    part = fields.Enum(
        PurposePart, by_value=True, load_default=None, allow_none=True, metadata={"description": "None: all of it."}
    )


class DefaultsSchema(Schema):
    """What of an activity was filled in beforehand, and nobody has looked at since."""

    starting_point = fields.String(required=True, allow_none=True)
    to_confirm = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Enum(PurposePart, by_value=True)),
        attribute="parts",
        required=True,
        metadata={"description": "Parts, by the slug of their purpose."},
    )
    taken_over = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Enum(PurposePart, by_value=True)),
        required=True,
        metadata={"description": "Those among them that are the answers of the purpose above."},
    )
