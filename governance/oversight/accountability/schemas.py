"""What crosses the edge of the file of accountability."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.oversight.models.plan import TITLE_LENGTH
from governance.oversight.plan.schemas import MOST_WORDS
from governance.oversight.values.accountability import (
    HIGHEST_LEVEL,
    Assessed,
    Direction,
    LetterTerms,
    Mandate,
    MaturityActivity,
    MaturityTerms,
    OfficerTerms,
    TrainingTerms,
)
from governance.web.fields import Day, PlainText

NUMBER_LENGTH = 64
MOST_MINUTES = 10_000
_MOST_ACCOUNTS = 5_000


def _line(*, least: int = 1, **options: Any) -> PlainText:
    return PlainText(validate=validate.Length(min=least, max=TITLE_LENGTH), **options)


def _words() -> PlainText:
    return PlainText(load_default="", validate=validate.Length(max=MOST_WORDS))


def _number() -> PlainText:
    return PlainText(load_default="", validate=validate.Length(max=NUMBER_LENGTH))


class TrainingTermsSchema(Schema):
    """A session that was held, whole."""

    subject = _line(required=True)
    held_on = Day(required=True)
    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=MOST_MINUTES))
    held_by = _line(least=0, load_default="")
    note = _words()
    accounts = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=_MOST_ACCOUNTS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> TrainingTerms:
        """Build the command."""
        return TrainingTerms(**{**data, "accounts": frozenset(data["accounts"])})


class TrainingSchema(Schema):
    """A session on file."""

    id = fields.UUID(required=True)
    subject = fields.String(required=True)
    held_on = Day(required=True)
    minutes = fields.Integer(required=True)
    held_by = fields.String(required=True)
    note = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True)


class WholeTrainingSchema(TrainingSchema):
    """A session on file with those who took part."""

    accounts = fields.List(fields.UUID(), required=True)


class TrainingPageSchema(Schema):
    """A page of sessions."""

    trainings = fields.List(fields.Nested(TrainingSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class UntrainedSchema(Schema):
    """An account in use that has had no training for a year."""

    account = fields.UUID(required=True)
    last = Day(required=True, allow_none=True)


class UntrainedListSchema(Schema):
    """Those who have had no training for a year."""

    untrained = fields.List(fields.Nested(UntrainedSchema), required=True)


class OfficerTermsSchema(Schema):
    """A designation, whole."""

    name = _line(required=True)
    mandate = fields.Enum(Mandate, by_value=True, required=True)
    firm_id = fields.UUID(load_default=None, allow_none=True)
    since = Day(required=True)
    until = Day(load_default=None, allow_none=True)
    number = _number()
    declared_on = Day(load_default=None, allow_none=True)
    published = _words()
    resources = _words()
    conflicts = _words()
    conflicts_on = Day(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> OfficerTerms:
        """Build the command."""
        return OfficerTerms(**data)


class OfficerSchema(Schema):
    """A designation on file."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    mandate = fields.Enum(Mandate, by_value=True, required=True)
    firm_id = fields.UUID(required=True, allow_none=True)
    since = Day(required=True)
    until = Day(required=True, allow_none=True)
    number = fields.String(required=True)
    declared_on = Day(required=True, allow_none=True)
    published = fields.String(required=True)
    resources = fields.String(required=True)
    conflicts = fields.String(required=True)
    conflicts_on = Day(required=True, allow_none=True)
    changed_at = fields.AwareDateTime(required=True)


class NameOfficerSchema(Schema):
    """Whom the register names: by the designation in force, and by who on file that is."""

    designation = fields.UUID(required=True)
    party = fields.UUID(required=True)


class OfficersSchema(Schema):
    """The designations."""

    officers = fields.List(fields.Nested(OfficerSchema), required=True)


class LetterTermsSchema(Schema):
    """A letter, whole."""

    authority = _line(required=True)
    direction = fields.Enum(Direction, by_value=True, required=True)
    dated_on = Day(required=True)
    reference = _number()
    subject = _line(required=True)
    summary = _words()
    due_on = Day(load_default=None, allow_none=True)
    answers_id = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> LetterTerms:
        """Build the command."""
        return LetterTerms(**data)


class LetterSchema(Schema):
    """A letter on file."""

    id = fields.UUID(required=True)
    authority = fields.String(required=True)
    direction = fields.Enum(Direction, by_value=True, required=True)
    dated_on = Day(required=True)
    reference = fields.String(required=True)
    subject = fields.String(required=True)
    summary = fields.String(required=True)
    due_on = Day(required=True, allow_none=True)
    answers_id = fields.UUID(required=True, allow_none=True)
    changed_at = fields.AwareDateTime(required=True)


class LetterPageSchema(Schema):
    """A page of letters."""

    letters = fields.List(fields.Nested(LetterSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


def _level() -> fields.Integer:
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=0, max=HIGHEST_LEVEL))


class AssessedSchema(Schema):
    """Where an activity stands, where it is to stand, and why."""

    level = _level()
    target = _level()
    justification = _words()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Assessed:
        """Build it."""
        return Assessed(**data)


class MaturityTermsSchema(Schema):
    """A self-assessment of all eight activities."""

    levels = fields.Dict(
        keys=fields.Enum(MaturityActivity, by_value=True), values=fields.Nested(AssessedSchema), required=True
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> MaturityTerms:
        """Build the command."""
        levels: MaturityTerms = data["levels"]
        return levels


class MaturitySchema(Schema):
    """A self-assessment on file."""

    id = fields.UUID(required=True)
    made_by = fields.UUID(required=True)
    made_at = fields.AwareDateTime(required=True)
    levels = fields.Dict(
        keys=fields.Enum(MaturityActivity, by_value=True), values=fields.Nested(AssessedSchema), required=True
    )


class MaturityPageSchema(Schema):
    """A page of self-assessments."""

    reviews = fields.List(fields.Nested(MaturitySchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)
