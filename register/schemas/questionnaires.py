"""What crosses the edge of questionnaires. No address comes out, and no secret but once."""

from marshmallow import Schema, fields, validate

from governance.settings import LOCALES
from governance.web.fields import PlainText
from register.models import LABEL_LENGTH
from register.questionnaires.values import DEFAULT_DAYS, MOST_DAYS, Kind, Part, Status, Verdict


class AskSomebodySchema(Schema):
    """A questionnaire to send."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    party_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Which processor is asked."})
    whom = PlainText(
        load_default="",
        validate=validate.Length(max=LABEL_LENGTH),
        metadata={"description": "Which function or service is asked; never a person's name."},
    )
    email = PlainText(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=320),
        metadata={"description": "Where the link is sent; without it the link is in the answer, once."},
    )
    locale = PlainText(load_default="fr", validate=validate.OneOf(LOCALES))
    days = fields.Integer(load_default=DEFAULT_DAYS, strict=True, validate=validate.Range(min=1, max=MOST_DAYS))


class QuestionnaireSchema(Schema):
    """A questionnaire, without its answers."""

    id = fields.UUID(required=True)
    activity_id = fields.UUID(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    party_id = fields.UUID(required=True, allow_none=True)
    whom = fields.String(required=True)
    locale = fields.String(required=True)
    status = fields.Enum(Status, by_value=True, required=True)
    asked_by = fields.UUID(required=True)
    asked_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)


class AskedSchema(QuestionnaireSchema):
    """A questionnaire just made."""

    url = fields.String(
        required=True, allow_none=True, metadata={"description": "The link, shown once; null where it is sent by mail."}
    )


class QuestionnairesSchema(Schema):
    """The questionnaires about an activity, newest first."""

    questionnaires = fields.List(fields.Nested(QuestionnaireSchema), required=True)


class AnswerSchema(Schema):
    """One answer, beside what the record says."""

    answer = fields.String(required=True, metadata={"description": "What names it, to take or to leave it."})
    part = fields.Enum(Part, by_value=True, required=True)
    said = fields.String(required=True)
    record_says = fields.String(required=True, metadata={"description": "Empty: nothing."})
    agrees = fields.Boolean(required=True)
    replaces = fields.Boolean(
        required=True,
        metadata={"description": "Whether taking it over puts it in the place of what the record says."},
    )
    verdict = fields.Enum(Verdict, by_value=True, required=True, allow_none=True)
    decided_by = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class LookedSchema(QuestionnaireSchema):
    """A questionnaire with its answers, once they were sent."""

    answers = fields.List(fields.Nested(AnswerSchema), required=True)


class ChosenSchema(Schema):
    """Which answer is taken or left."""

    answer = PlainText(required=True, validate=validate.Length(min=1, max=64))
