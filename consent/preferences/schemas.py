"""What crosses the edge of links to people's choices."""

from typing import Final

from marshmallow import Schema, fields, validate

from consent.values import MOST_PEOPLE
from governance.vocabulary import MESSAGING, Channel
from register.schemas.fields import count, slug

MOST_LINKS: Final = 1_000


class PreferenceLinksAskedSchema(Schema):
    """For whom links are asked for, and of which message: its purpose, and the way it goes."""

    subjects = fields.List(
        count(MOST_PEOPLE, lowest=1, required=True), required=True, validate=validate.Length(min=1, max=MOST_LINKS)
    )
    purpose = slug()
    channel = fields.Enum(Channel, by_value=True, required=True, validate=validate.OneOf(sorted(MESSAGING)))


class PreferenceLinkSchema(Schema):
    """One person's link. It is theirs: it goes into their message and nowhere else."""

    subject_id = fields.Integer(required=True)
    choices = fields.String(required=True, metadata={"description": "The page of their choices."})
    unsubscribe = fields.String(
        required=True, metadata={"description": "For List-Unsubscribe, with List-Unsubscribe-Post (RFC 8058)."}
    )


class PreferenceLinksSchema(Schema):
    """Links, in the order in which they were asked for."""

    links = fields.List(fields.Nested(PreferenceLinkSchema), required=True)
