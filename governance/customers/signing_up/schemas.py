"""What crosses the edge of sign-up forms."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.customers.signing_up.values import (
    LABEL_LENGTH,
    MOST_ORIGINS,
    MOST_QUESTIONS,
    WORDS_LENGTH,
    FormTerms,
    Question,
)
from governance.vocabulary import SLUG_LENGTH
from governance.web.fields import PlainText
from register.schemas.fields import PeriodField, slug

_MOST_URL = 200


class SignUpQuestionSchema(Schema):
    """One purpose that a form asks about, in its exact words."""

    purpose = slug()
    label_fr = PlainText(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))
    label_en = PlainText(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Question:
        """Build the value."""
        return Question(**data)


class SignUpTermsSchema(Schema):
    """All that a form says and does."""

    title_fr = PlainText(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))
    title_en = PlainText(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))
    intro_fr = PlainText(load_default="", validate=validate.Length(max=WORDS_LENGTH))
    intro_en = PlainText(load_default="", validate=validate.Length(max=WORDS_LENGTH))
    questions = fields.List(
        fields.Nested(SignUpQuestionSchema), required=True, validate=validate.Length(min=1, max=MOST_QUESTIONS)
    )
    purpose = slug()
    point = PlainText(required=True, validate=validate.Length(min=1, max=SLUG_LENGTH))
    token_id = fields.UUID(required=True)
    lasts = PeriodField(required=True)
    asks_age = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    origins = fields.List(
        PlainText(validate=validate.Length(max=_MOST_URL)),
        load_default=list,
        validate=validate.Length(max=MOST_ORIGINS),
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> FormTerms:
        """Build the value."""
        lists = {name: tuple(data[name]) for name in ("questions", "origins")}
        return FormTerms(**{**data, **lists})


class SignUpFormSchema(Schema):
    """A form with its newest version."""

    slug = fields.String(attribute="form.slug", required=True)
    version = fields.Integer(attribute="sheet.version", required=True)
    open_version = fields.Integer(attribute="form.open_version", required=True, allow_none=True)
    terms = fields.Nested(SignUpTermsSchema, required=True)
    lacks = fields.List(fields.String(), required=True)


class SignUpFormsSchema(Schema):
    """Every form."""

    forms = fields.List(fields.Nested(SignUpFormSchema), required=True)
