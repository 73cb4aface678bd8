"""What crosses the edge of consents and objections: strict in, listed out."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from consent.service import Objection, RecordEvent
from consent.states import ConsentState, EventKind, Method
from consent.values import MOST_PEOPLE
from governance.vocabulary import Channel
from governance.web.fields import Moment, PlainText
from register.schemas.fields import count, slug
from register.schemas.notices import NoticeSchema

_MOST_EVENTS: Final = 1_000


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


class HistorySchema(Schema):
    """A consent with every event behind it."""

    consent = fields.Nested(ConsentSchema, attribute="record", required=True)
    events = fields.List(fields.Nested(OnFileSchema), required=True)
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
