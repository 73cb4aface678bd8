"""The text that a person was shown, as it crosses the edge."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.web.fields import PlainText
from register.schemas.fields import count, slug
from register.values import NoticeRef

_MOST_VERSIONS: Final = 1_000_000


class NoticeSchema(Schema):
    """The text that a person was shown."""

    slug = slug()
    version = count(_MOST_VERSIONS, lowest=1, load_default=1)
    language = PlainText(load_default="fr", validate=validate.Regexp(r"\A[a-z]{2}\Z"))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> NoticeRef:
        """Build the value."""
        return NoticeRef(**data)


def given_notice(description: str) -> fields.Nested:
    """Return the field that says which notice people were given."""
    return fields.Nested(NoticeSchema, load_default=None, allow_none=True, metadata={"description": description})
