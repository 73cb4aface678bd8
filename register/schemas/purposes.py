"""What crosses the edge of purposes."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.actor import Role
from governance.identity.schemas import StrictBoolean
from governance.periods import NONE
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from governance.web.fields import PlainText
from register.schemas.activities import NumberPageSchema
from register.schemas.fields import PeriodField, label, slug, words
from register.service import DataTerms, NewPurpose, PurposeChange
from register.values import FinalFate, Provenance, SpecialCondition, Standing, StartingEvent

_MOST_PAIRS: Final = len(SubjectKind) * len(DataCategory)


class TermsSchema(Schema):
    """The terms on which a purpose uses one category of one kind of person."""

    subject_kind = fields.Enum(SubjectKind, by_value=True, required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    active_for = PeriodField(required=True)
    archived_for = PeriodField(load_default=NONE)
    starting_event = fields.Enum(StartingEvent, by_value=True, required=True)
    final_fate = fields.Enum(FinalFate, by_value=True, load_default=FinalFate.DELETION)
    obligatory = StrictBoolean(load_default=False)
    provenance = fields.Enum(Provenance, by_value=True, load_default=Provenance.PERSON)
    retention_source = words(load_default="")
    which_fr = words(load_default="", metadata={"description": "Which data of the category exactly."})
    which_en = words(load_default="")
    whom_fr = words(load_default="", metadata={"description": "Which people of the kind exactly."})
    whom_en = words(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DataTerms:
        """Build the value."""
        return DataTerms(**data)


class DeclaredTermsSchema(Schema):
    """Terms on file, with whether they are in force."""

    subject_kind = fields.Enum(SubjectKind, by_value=True, required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    active_for = PeriodField(required=True)
    archived_for = PeriodField(required=True)
    starting_event = fields.Enum(StartingEvent, by_value=True, required=True)
    final_fate = fields.Enum(FinalFate, by_value=True, required=True)
    obligatory = fields.Boolean(required=True)
    provenance = fields.Enum(Provenance, by_value=True, required=True)
    retention_source = fields.String(required=True)
    which_fr = fields.String(required=True)
    which_en = fields.String(required=True)
    whom_fr = fields.String(required=True)
    whom_en = fields.String(required=True)


class RecipientSchema(Schema):
    """A role that receives data, with whether that is in force."""

    role = fields.Enum(Role, by_value=True, required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)


class PurposeSchema(Schema):
    """A purpose with what it uses and who receives it."""

    id = fields.Integer(attribute="purpose.id", required=True)
    slug = fields.String(attribute="purpose.slug", required=True)
    activity = fields.String(attribute="activity.slug", required=True)
    activity_state = fields.String(attribute="activity.state", required=True)
    mode = fields.String(attribute="activity.mode", required=True)
    parent_id = fields.Integer(attribute="purpose.parent_id", required=True, allow_none=True)
    standing = fields.Enum(Standing, by_value=True, attribute="purpose.standing", required=True)
    label_fr = fields.String(attribute="purpose.label_fr", required=True)
    label_en = fields.String(attribute="purpose.label_en", required=True)
    basis = fields.Enum(LawfulBasis, by_value=True, attribute="purpose.basis", required=True, allow_none=True)
    consent_channel = fields.Enum(
        Channel, by_value=True, attribute="purpose.consent_channel", required=True, allow_none=True
    )
    special_condition = fields.Enum(
        SpecialCondition, by_value=True, attribute="purpose.special_condition", required=True, allow_none=True
    )
    number_ground = fields.String(attribute="purpose.number_ground", required=True)
    offences_ground = fields.String(attribute="purpose.offences_ground", required=True)
    legal_reference = fields.String(attribute="purpose.legal_reference", required=True)
    interest = fields.String(attribute="purpose.interest", required=True)
    necessity = fields.String(attribute="purpose.necessity", required=True)
    balance = fields.String(attribute="purpose.balance", required=True)
    data = fields.List(fields.Nested(DeclaredTermsSchema), required=True)
    recipients = fields.List(fields.Nested(RecipientSchema), required=True)


class PurposePageSchema(Schema):
    """A page of purposes."""

    purposes = fields.List(fields.Nested(PurposeSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class PurposeQuerySchema(NumberPageSchema):
    """Which purposes to list."""

    activity = fields.UUID(load_default=None, metadata={"description": "Those of one activity, by its identifier."})


class NewPurposeSchema(Schema):
    """A purpose to declare."""

    activity = slug()
    slug = slug()
    label_fr = label()
    label_en = label()
    basis = fields.Enum(LawfulBasis, by_value=True, load_default=None, allow_none=True)
    consent_channel = fields.Enum(Channel, by_value=True, load_default=None, allow_none=True)
    special_condition = fields.Enum(SpecialCondition, by_value=True, load_default=None, allow_none=True)
    parent = PlainText(load_default=None, allow_none=True)
    number_ground = words(
        load_default="",
        metadata={"description": "Why the registration number may be used: GDPR Art. 87, decree no. 2019-341."},
    )
    offences_ground = words(
        load_default="", metadata={"description": "Why convictions and offences may be used: GDPR Art. 10."}
    )
    legal_reference = words(load_default="")
    interest = words(load_default="")
    necessity = words(load_default="")
    balance = words(load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewPurpose:
        """Build the command."""
        return NewPurpose(**data)


class PurposeChangeSchema(Schema):
    """What to change of a purpose; what is not given stays."""

    label_fr = label(required=False)
    label_en = label(required=False)
    basis = fields.Enum(LawfulBasis, by_value=True, allow_none=True)
    consent_channel = fields.Enum(Channel, by_value=True, allow_none=True)
    special_condition = fields.Enum(SpecialCondition, by_value=True, allow_none=True)
    parent = PlainText(
        allow_none=True,
        metadata={"description": "The purpose beneath which it stands, by its slug; null where it stands by itself."},
    )
    number_ground = words()
    offences_ground = words()
    legal_reference = words()
    interest = words()
    necessity = words()
    balance = words()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PurposeChange:
        """Build the command."""
        return PurposeChange(**data)


class TakeOverSchema(Schema):
    """The purpose beneath which another is put, with the answers of that one."""

    parent = PlainText(required=True)


class PurposeDataSchema(Schema):
    """Everything that a purpose shall use."""

    data = fields.List(fields.Nested(TermsSchema), required=True, validate=validate.Length(max=_MOST_PAIRS))


class PurposeRecipientsSchema(Schema):
    """Every role that shall receive data for a purpose."""

    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=validate.Length(max=len(Role)))
