"""What crosses the edge of campaigns."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.campaigns.sending.values import (
    MOST_IN_A_WEEK,
    NAME_LENGTH,
    SUBJECT_LENGTH,
    TEXT_LENGTH,
    CampaignState,
    CampaignTerms,
)
from governance.web.fields import Moment, PlainText
from register.schemas.fields import count, slug


def _text(most: int) -> PlainText:
    return PlainText(required=True, validate=validate.Length(min=1, max=most))


class CampaignTermsSchema(Schema):
    """What a campaign says, to whom, when."""

    name = _text(NAME_LENGTH)
    purpose = slug()
    subject_fr = _text(SUBJECT_LENGTH)
    subject_en = _text(SUBJECT_LENGTH)
    text_fr = _text(TEXT_LENGTH)
    text_en = _text(TEXT_LENGTH)
    send_at = Moment(load_default=None, allow_none=True)
    most_in_a_week = count(MOST_IN_A_WEEK, lowest=1, load_default=2)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> CampaignTerms:
        """Build the command."""
        return CampaignTerms(**data)


class CampaignSchema(Schema):
    """A campaign."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True)
    state = fields.Enum(CampaignState, by_value=True, required=True)
    send_at = fields.AwareDateTime(required=True, allow_none=True)
    most_in_a_week = fields.Integer(required=True)
    launched_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)


class CampaignsSchema(Schema):
    """The newest campaigns."""

    campaigns = fields.List(fields.Nested(CampaignSchema), required=True)


class CampaignStandingSchema(Schema):
    """A campaign, and where its messages stand."""

    campaign = fields.Nested(CampaignSchema, required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
