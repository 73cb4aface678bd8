"""What crosses the edge of consents and objections: strict in, listed out."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from consent.evidence.values import (
    FORM_LENGTH,
    MOST_NAME,
    MOST_WORDS,
    Age,
    Evidence,
    Guardian,
    Weakness,
    Wording,
)
from consent.service import Objection, RecordEvent
from consent.states import ConsentState, EventKind, Method
from consent.values import MOST_PEOPLE
from governance.vocabulary import Channel
from governance.web.fields import Moment, PlainText
from register.schemas.fields import count, slug
from register.schemas.notices import NoticeSchema

_MOST_EVENTS: Final = 1_000
# What any browser says of itself, and some to spare.
MOST_DEVICE: Final = 1_000
MOST_VERSIONS: Final = 2**31 - 1


class ShownWordingSchema(Schema):
    """The exact words that were shown or read out, and the form they stood on."""

    text = PlainText(required=True, validate=validate.Length(min=1, max=MOST_WORDS))
    form = PlainText(load_default="", validate=validate.Length(max=FORM_LENGTH))
    version = count(MOST_VERSIONS, lowest=0, load_default=0)
    language = PlainText(load_default="fr", validate=validate.Length(min=2, max=8))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Wording:
        """Build the value."""
        return Wording(**data)


class GuardianSchema(Schema):
    """The holder of parental authority who agreed together with a minor."""

    name = PlainText(required=True, validate=validate.Length(min=1, max=MOST_NAME))
    means = PlainText(required=True, validate=validate.Length(min=1, max=MOST_NAME))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Guardian:
        """Build the value."""
        return Guardian(**data)


class EventEvidenceSchema(Schema):
    """What proves one event. An address and a device are shortened before they are kept."""

    wording = fields.Nested(ShownWordingSchema, load_default=None, allow_none=True)
    address = fields.IP(load_default=None, allow_none=True)
    device = PlainText(load_default=None, allow_none=True, validate=validate.Length(max=MOST_DEVICE))
    age = fields.Enum(Age, by_value=True, load_default=None, allow_none=True)
    guardian = fields.Nested(GuardianSchema, load_default=None, allow_none=True)
    weaknesses = fields.List(fields.Enum(Weakness, by_value=True), load_default=list)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Evidence:
        """Build the value."""
        address = None if data["address"] is None else str(data["address"])
        return Evidence(**{**data, "address": address, "weaknesses": frozenset(data["weaknesses"])})


class EventSchema(Schema):
    """Something that happened to a consent."""

    subject_id = count(MOST_PEOPLE, lowest=1, required=True)
    purpose = slug()
    channel = fields.Enum(Channel, by_value=True, required=True)
    kind = fields.Enum(EventKind, by_value=True, required=True)
    method = fields.Enum(Method, by_value=True, required=True)
    notice = fields.Nested(NoticeSchema, load_default=None, allow_none=True)
    source = PlainText(load_default=None, allow_none=True, validate=validate.Length(min=1, max=200))
    occurred_at = Moment(load_default=None, allow_none=True)
    expires_at = Moment(load_default=None, allow_none=True)
    evidence = fields.Nested(EventEvidenceSchema, load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> RecordEvent:
        """Build the command."""
        return RecordEvent(**data)


class BatchSchema(Schema):
    """Events to record together."""

    events = fields.List(fields.Nested(EventSchema), required=True, validate=validate.Length(min=1, max=_MOST_EVENTS))


class BatchReportSchema(Schema):
    """What recording many came to."""

    recorded = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    given = fields.Integer(required=True)
    set_aside = fields.Integer(
        required=True,
        metadata={"description": "Not recorded: others say yes for somebody who had said no."},
    )


class WithdrawalSchema(Schema):
    """How and when a person withdrew."""

    method = fields.Enum(Method, by_value=True, load_default=Method.API)
    source = PlainText(load_default=None, allow_none=True, validate=validate.Length(min=1, max=200))
    occurred_at = Moment(load_default=None, allow_none=True)


class ConsentSchema(Schema):
    """What a person's events for a purpose and channel amount to."""

    id = fields.String(attribute="ref", required=True)
    subject_id = fields.Integer(attribute="ref.subject_id", required=True)
    purpose = fields.String(attribute="ref.purpose", required=True)
    channel = fields.Enum(Channel, by_value=True, attribute="ref.channel", required=True)
    state = fields.Enum(ConsentState, by_value=True, required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    sequence = fields.Integer(required=True)
    holds = fields.Boolean(required=True)
    intact = fields.Boolean(required=True)


class ConsentsSchema(Schema):
    """Everything that a person agreed to, and did not."""

    consents = fields.List(fields.Nested(ConsentSchema), required=True)


class ShownSchema(Schema):
    """The text that a person was shown, and where it can be read as it was."""

    slug = fields.String(required=True)
    version = fields.Integer(required=True)
    language = fields.String(required=True)
    kept = fields.Boolean(
        required=True, metadata={"description": "False where it was named before texts were kept here: nobody has it."}
    )
    path = fields.Function(
        lambda shown: f"/notices/{shown.slug}/{shown.version}/{shown.language}" if shown.kept else None,
        metadata={"type": "string", "nullable": True},
    )


class OnFileSchema(Schema):
    """One event, as it was recorded."""

    kind = fields.Enum(EventKind, by_value=True, required=True)
    method = fields.Enum(Method, by_value=True, required=True)
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    notice_id = fields.Integer(required=True, allow_none=True)
    source_id = fields.Integer(required=True, allow_none=True)
    operator_id = fields.UUID(required=True, allow_none=True)


class WordingOnFileSchema(Schema):
    """Words as they were shown."""

    text = fields.String(required=True)
    form = fields.String(required=True)
    version = fields.Integer(required=True)
    language = fields.String(required=True)


class EvidenceOnFileSchema(Schema):
    """What proves one event, as it is on file."""

    wording = fields.Nested(WordingOnFileSchema, attribute="evidence.wording", required=True, allow_none=True)
    address = fields.String(attribute="evidence.address", required=True, allow_none=True)
    device = fields.String(attribute="evidence.device", required=True, allow_none=True)
    age = fields.Enum(Age, by_value=True, attribute="evidence.age", required=True, allow_none=True)
    guarded = fields.Function(
        lambda kept: kept.evidence.guardian is not None,
        metadata={"type": "boolean", "description": "Whether a holder of parental authority agreed too."},
    )
    weaknesses = fields.Function(
        lambda kept: sorted(each.value for each in kept.evidence.weaknesses),
        metadata={"type": "array", "items": {"type": "string"}},
    )
    intact = fields.Boolean(required=True)


class HistorySchema(Schema):
    """A consent with every event behind it."""

    consent = fields.Nested(ConsentSchema, attribute="record", required=True)
    events = fields.List(fields.Nested(OnFileSchema), required=True)
    evidence = fields.Dict(
        keys=fields.Integer(),
        values=fields.Nested(EvidenceOnFileSchema),
        required=True,
        metadata={"description": "What proves each event, by its place in the list of events, counted from 0."},
    )
    notices = fields.Dict(
        keys=fields.Integer(),
        values=fields.Nested(ShownSchema),
        required=True,
        metadata={"description": "The texts that the events name, by number."},
    )


class ConsentQuerySchema(Schema):
    """Whose consents to list; a person's number says nothing of them."""

    subject_id = fields.Integer(required=True, validate=validate.Range(min=1, max=MOST_PEOPLE))


class ObjectionSchema(Schema):
    """A person's objection to a purpose."""

    subject_id = count(MOST_PEOPLE, lowest=1, required=True)
    purpose = slug()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Objection:
        """Build the command."""
        return Objection(**data)
