"""What crosses the edge of the lines of a record."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.identity.schemas import StrictBoolean
from governance.vocabulary import SubjectKind
from governance.web.fields import Day, PlainText
from register.lines.contents import SPECS, Content
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard, Subject
from register.models import LABEL_LENGTH
from register.schemas.fields import count, label, words
from register.values import Standing

# Of one subject and activity.
MOST_LINES: Final = 500


class _LineSchema(Schema):
    """A line to keep; `subject` names what it speaks of."""

    subject: Subject

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Content:
        """Build the content."""
        return SPECS[self.subject].content(**data)


class PartyLineSchema(_LineSchema):
    """Another organisation that takes part."""

    subject = Subject.PARTIES
    party_id = fields.UUID(required=True)
    relation = fields.Enum(Relation, by_value=True, required=True)
    part = words(load_default="", metadata={"description": "What it does or receives, or what the arrangement says."})


class TransferLineSchema(_LineSchema):
    """That data go to another country."""

    subject = Subject.TRANSFERS
    country = PlainText(required=True, validate=validate.Regexp(r"\A[A-Z]{2}\Z"))
    party_id = fields.UUID(load_default=None, allow_none=True)
    recipient = PlainText(load_default="", validate=validate.Length(max=LABEL_LENGTH))
    safeguard = fields.Enum(Safeguard, by_value=True, load_default=None, allow_none=True)
    derogation = fields.Enum(Derogation, by_value=True, load_default=None, allow_none=True)
    grounds = words(load_default="")
    assessment = words(load_default="")
    assessed_on = Day(load_default=None, allow_none=True)


class MeasureLineSchema(_LineSchema):
    """A measure of the catalogue, chosen."""

    subject = Subject.MEASURES
    measure_id = fields.UUID(required=True)
    remark = words(load_default="")


class PeopleLineSchema(_LineSchema):
    """About how many people of a kind there are."""

    subject = Subject.PEOPLE
    subject_kind = fields.Enum(SubjectKind, by_value=True, required=True)
    estimate = count(2_000_000_000, required=True)


class DecisionLineSchema(_LineSchema):
    """What a machine decides, or makes of somebody."""

    subject = Subject.DECISIONS
    name = label()
    solely = StrictBoolean(load_default=True)
    ground = fields.Enum(DecisionGround, by_value=True, load_default=None, allow_none=True)
    logic = words(load_default="")
    significance = words(load_default="")
    safeguards = words(load_default="")


class RightsLineSchema(_LineSchema):
    """How people exercise their rights: one line at most."""

    subject = Subject.RIGHTS
    how_fr = words(load_default="")
    how_en = words(load_default="")
    limits = words(load_default="")


class AssetLineSchema(_LineSchema):
    """An application, or a table of the data map."""

    subject = Subject.ASSETS
    kind = fields.Enum(AssetKind, by_value=True, required=True)
    name = label()


LINE_SCHEMAS: Final[Mapping[Subject, type[_LineSchema]]] = {
    Subject.PARTIES: PartyLineSchema,
    Subject.TRANSFERS: TransferLineSchema,
    Subject.MEASURES: MeasureLineSchema,
    Subject.PEOPLE: PeopleLineSchema,
    Subject.DECISIONS: DecisionLineSchema,
    Subject.RIGHTS: RightsLineSchema,
    Subject.ASSETS: AssetLineSchema,
}


def given_schema(subject: Subject) -> type[Schema]:
    """Return the schema of every line that an activity shall have of a subject."""
    lines = fields.List(fields.Nested(LINE_SCHEMAS[subject]), required=True, validate=validate.Length(max=MOST_LINES))
    return Schema.from_dict({"lines": lines}, name=f"Given{subject.value.capitalize()}Schema")


def kept_schema(subject: Subject) -> type[Schema]:
    """Return the schema of the lines of a subject, with whether they are in force."""
    told = dict(LINE_SCHEMAS[subject]().fields)
    row = Schema.from_dict(
        {"id": fields.UUID(required=True), "standing": fields.Enum(Standing, by_value=True, required=True), **told},
        name=f"Kept{subject.value.capitalize()}LineSchema",
    )
    return Schema.from_dict(
        {"lines": fields.List(fields.Nested(row), required=True)}, name=f"Kept{subject.value.capitalize()}Schema"
    )
