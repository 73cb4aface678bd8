"""What crosses the edge of activities, parties and versions."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.vocabulary import DataCategory, LawfulBasis
from governance.web.fields import Day, PlainText
from register.guide.survey import step_of
from register.guide.values import GuideStep
from register.guide.values import Standing as QuestionStanding
from register.lifecycle import LONGEST_OBSERVATION, ActivityState, Mode, Opinion, Verb
from register.models import LABEL_LENGTH
from register.schemas.fields import altered, label, limit, register_asked, words
from register.service import ActivityChange, NewParty, PartyChange
from register.values import Capacity

_FIRM: Final = {"description": "Of an external data protection officer: the firm they act for. GDPR Art. 37(6)."}


class PageSchema(Schema):
    """Which page of a list of things that have an identifier."""

    limit = limit()
    after = fields.UUID(load_default=None)


# The highest number of two signed bytes: no purpose has a higher one, and no activity so many revisions.
_MOST_REVISIONS: Final = 2**15 - 1


class NumberPageSchema(Schema):
    """Which page of a list of things that have a number."""

    limit = limit()
    after = fields.Integer(load_default=None, validate=validate.Range(min=0, max=_MOST_REVISIONS))


class ActivityQuerySchema(PageSchema):
    """Which activities to list."""

    state = fields.Enum(ActivityState, by_value=True, load_default=None)
    owner = fields.UUID(load_default=None, metadata={"description": "Those of one business line, by its head."})
    capacity = register_asked()
    to_review = fields.Boolean(
        load_default=False,
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Those to be looked at again within the month, or late."},
    )
    text = PlainText(
        load_default="",
        validate=validate.Length(max=LABEL_LENGTH),
        metadata={"description": "Words of names and short names, in both languages, of activities and purposes."},
    )
    category = fields.Enum(
        DataCategory, by_value=True, load_default=None, metadata={"description": "Those that use it."}
    )
    basis = fields.Enum(
        LawfulBasis,
        by_value=True,
        load_default=None,
        metadata={"description": "Those with a purpose that rests on it."},
    )
    party = fields.UUID(
        load_default=None,
        metadata={"description": "Those in which this organisation takes part, or which it answers for."},
    )


class ShortcomingSchema(Schema):
    """One thing that a record lacks."""

    code = fields.String(required=True)
    article = fields.String(required=True)
    purpose = fields.String(required=True, allow_none=True)
    label_fr = fields.String(required=True, metadata={"description": "What the purpose is called; empty without one."})
    label_en = fields.String(required=True)
    about = fields.String(required=True, allow_none=True, metadata={"description": "What else it concerns, by name."})


class ProspectSchema(Schema):
    """A step that the state of an activity knows."""

    verb = fields.Enum(Verb, by_value=True, required=True)
    open = fields.Boolean(required=True, metadata={"description": "Whether whoever asks may take it now."})
    roles = fields.Function(lambda prospect: sorted(prospect.roles), metadata={"type": "array"}, required=True)
    article = fields.String(required=True)
    shortcomings = fields.Function(
        lambda prospect: ShortcomingSchema(many=True).dump(getattr(prospect.obstacle, "shortcomings", ())),
        metadata={"type": "array"},
    )


class LackSchema(ShortcomingSchema):
    """One thing that a record lacks, or that is worth adding, and the question of the guide that settles it."""

    step = fields.Function(lambda lack: step_of(lack).value, metadata={"type": "string"}, required=True)


class QuestionSchema(Schema):
    """One question of the guide."""

    step = fields.Enum(GuideStep, by_value=True, attribute="place.step", required=True)
    purpose = fields.String(attribute="place.purpose", required=True, allow_none=True)
    standing = fields.Enum(QuestionStanding, by_value=True, required=True)


class ProspectsSchema(Schema):
    """The steps that can follow, and what of the record is still to be said."""

    steps = fields.List(fields.Nested(ProspectSchema), required=True)
    missing = fields.List(
        fields.Nested(LackSchema),
        required=True,
        metadata={"description": "What Article 30 asks for and the record does not say: it cannot be submitted."},
    )
    worth_adding = fields.List(
        fields.Nested(LackSchema),
        required=True,
        metadata={"description": "What makes the record better evidence; it stands in nobody's way."},
    )
    questions = fields.List(
        fields.Nested(QuestionSchema),
        required=True,
        metadata={"description": "The questions of the guide in order, and how each stands."},
    )


class ObservedSchema(Schema):
    """What the log saw for one purpose."""

    purpose = fields.String(required=True)
    reads = fields.Integer(required=True)
    refusals = fields.Integer(required=True)
    people = fields.Integer(required=True)
    last = fields.AwareDateTime(required=True, allow_none=True)
    by_role = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class ObservationSchema(Schema):
    """What the log saw for the purposes of an activity."""

    since = fields.AwareDateTime(required=True)
    whole = fields.Boolean(required=True, metadata={"description": "Whether the log was looked at so far back."})
    purposes = fields.List(fields.Nested(ObservedSchema), required=True)


class PartySchema(Schema):
    """A party on file."""

    id = fields.UUID(required=True)
    altered = altered()
    name = fields.String(required=True)
    legal_form = fields.String(required=True)
    registration = fields.String(required=True)
    address = fields.String(required=True)
    postcode = fields.String(required=True)
    city = fields.String(required=True)
    country = fields.String(required=True)
    email = fields.String(required=True)
    telephone = fields.String(required=True)
    representative_id = fields.UUID(required=True, allow_none=True)
    dpo_id = fields.UUID(required=True, allow_none=True)
    firm_id = fields.UUID(required=True, allow_none=True, metadata=_FIRM)


class PartyPageSchema(Schema):
    """A page of parties."""

    parties = fields.List(fields.Nested(PartySchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class NewPartySchema(Schema):
    """A party to put on file."""

    name = label()
    legal_form = PlainText(load_default="", validate=validate.Length(max=LABEL_LENGTH))
    registration = PlainText(load_default="", validate=validate.Length(max=32))
    address = words(load_default="")
    postcode = PlainText(load_default="", validate=validate.Length(max=16))
    city = PlainText(load_default="", validate=validate.Length(max=LABEL_LENGTH))
    country = PlainText(load_default="FR", validate=validate.Regexp(r"\A[A-Z]{2}\Z"))
    email = PlainText(load_default="", validate=validate.Length(max=320))
    telephone = PlainText(load_default="", validate=validate.Length(max=32))
    representative_id = fields.UUID(load_default=None, allow_none=True)
    dpo_id = fields.UUID(load_default=None, allow_none=True)
    firm_id = fields.UUID(load_default=None, allow_none=True, metadata=_FIRM)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NewParty:
        """Build the command."""
        return NewParty(**data)


class PartyChangeSchema(Schema):
    """What to correct of a party; what is not given stays."""

    name = label(required=False)
    legal_form = PlainText(validate=validate.Length(max=LABEL_LENGTH))
    registration = PlainText(validate=validate.Length(max=32))
    address = words()
    postcode = PlainText(validate=validate.Length(max=16))
    city = PlainText(validate=validate.Length(max=LABEL_LENGTH))
    country = PlainText(validate=validate.Regexp(r"\A[A-Z]{2}\Z"))
    email = PlainText(validate=validate.Length(max=320))
    telephone = PlainText(validate=validate.Length(max=32))
    representative_id = fields.UUID(allow_none=True)
    dpo_id = fields.UUID(allow_none=True)
    firm_id = fields.UUID(allow_none=True, metadata=_FIRM)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PartyChange:
        """Build the command."""
        return PartyChange(**data)


class ActivitySchema(Schema):
    """A processing activity, without its purposes."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)
    reference = fields.String(required=True)
    kept_since = Day(required=True, allow_none=True)
    description = fields.String(required=True)
    capacity = fields.Enum(Capacity, by_value=True, required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    controller_id = fields.UUID(required=True, allow_none=True)
    state = fields.Enum(ActivityState, by_value=True, required=True)
    running = fields.Boolean(required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    observed_until = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "While it observes: until when. From then on it enforces, whatever the mode says."},
    )
    revision = fields.Integer(required=True)
    opinion = fields.Enum(Opinion, by_value=True, required=True, allow_none=True)
    opinion_text = fields.String(required=True)
    overriding_reason = fields.String(required=True, allow_none=True)
    collected_for = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class ActivityPageSchema(Schema):
    """A page of activities."""

    activities = fields.List(fields.Nested(ActivitySchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class ActivityChangeSchema(Schema):
    """What to change of an activity; what is not given stays."""

    name_fr = label(required=False)
    name_en = label(required=False)
    reference = PlainText(validate=validate.Length(max=LABEL_LENGTH))
    kept_since = Day(format="iso", allow_none=True)
    description = words()
    capacity = fields.Enum(Capacity, by_value=True)
    owner_id = fields.UUID(allow_none=True)
    controller_id = fields.UUID(allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ActivityChange:
        """Build the command."""
        return ActivityChange(**data)


class StepSchema(Schema):
    """What a step of an activity's life says."""

    opinion = fields.Enum(Opinion, by_value=True, load_default=None, allow_none=True)
    text = words(load_default="")
    collected_for = words(
        load_default="",
        metadata={
            "description": "With submit, before the first activation, where there was data before the activity: why it "
            "was collected for these purposes. Without it they read only what was collected under a notice that names "
            "them."
        },
    )
    revision = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=_MOST_REVISIONS),
        metadata={"description": "Of the record that was read: where it is another by now, nothing is decided (409)."},
    )


class ModeSchema(Schema):
    """Whether an activity's rules refuse, or only report."""

    mode = fields.Enum(Mode, by_value=True, required=True)
    reason = words(load_default="", metadata={"description": "Why the rules are loosened; to observe only."})
    days = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_OBSERVATION.days),
        metadata={"description": "For how many days they are; to observe only."},
    )


class VersionSchema(Schema):
    """An activity as it stood after one decision."""

    revision = fields.Integer(required=True)
    verb = fields.Enum(Verb, by_value=True, required=True, allow_none=True)
    state = fields.Enum(ActivityState, by_value=True, required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)
    note = fields.String(required=True)
    actor_id = fields.UUID(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    snapshot = fields.String(required=True, metadata={"description": "The whole record, as canonical JSON."})


class ListedVersionSchema(VersionSchema):
    """The same, in a list."""

    altered = fields.Boolean(
        required=True,
        metadata={"description": "Whether it was altered outside Égide: then it has neither note nor snapshot."},
    )


class VersionPageSchema(Schema):
    """A page of versions, oldest first."""

    versions = fields.List(fields.Nested(ListedVersionSchema), attribute="rows", required=True)
    gone = fields.Integer(
        required=True, metadata={"description": "How many of all its versions were taken away outside Égide."}
    )
    next = fields.String(required=True, allow_none=True)


class VersionAtSchema(Schema):
    """Which moment is asked about."""

    at = fields.AwareDateTime(required=True)


class BesideSchema(Schema):
    """With which other version one is compared."""

    beside = fields.Integer(
        load_default=None,
        data_key="with",
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The revision of the other version; without it, the record of today."},
    )


class _DifferenceSchema(Schema):
    """One thing that the record of today says otherwise."""

    purpose = fields.String(required=True, allow_none=True, metadata={"description": "None: the activity itself."})
    field = fields.String(required=True)
    key = fields.List(fields.String(), required=True, metadata={"description": "Which data, or which role."})
    then = fields.Raw(required=True, allow_none=True)
    now = fields.Raw(required=True, allow_none=True)


class PastVersionSchema(VersionSchema):
    """An activity as it stood after one decision, and what has changed since."""

    number = fields.Integer(required=True, metadata={"description": "Its place among them, from 1."})
    digest = fields.String(required=True, metadata={"description": "The SHA-256 of the snapshot, in hexadecimal."})
    entry = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Where the log has this digest; provable there."}
    )
    changed_since = fields.List(fields.Nested(_DifferenceSchema), required=True)
