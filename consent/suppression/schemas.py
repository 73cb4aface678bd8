"""What crosses the edge of the list: addresses in a body, never in an address, and counts back."""

from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from consent.identifiers import Identifier, IdentifierKind
from consent.suppression.values import TOLD_REASONS, Reason, Tell
from governance.vault.errors import LookupValueError
from governance.vocabulary import SLUG_LENGTH, Channel
from governance.web.fields import Moment, PlainText

_MOST: Final = 1_000
# The longest address, RFC 3696 erratum 1690.
_LONGEST: Final = validate.Length(min=1, max=320)


class TellSchema(Schema):
    """Addresses and numbers of people who want to be left alone."""

    emails = fields.List(PlainText(validate=_LONGEST), load_default=list, validate=validate.Length(max=_MOST))
    telephones = fields.List(PlainText(validate=_LONGEST), load_default=list, validate=validate.Length(max=_MOST))
    purpose = PlainText(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=SLUG_LENGTH),
        metadata={"description": "What they refuse; null for everything that solicits."},
    )
    channel = fields.Enum(
        Channel,
        by_value=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "On which channel they refuse; null for every one."},
    )
    reason = fields.Enum(Reason, by_value=True, load_default=Reason.TOLD, validate=validate.OneOf(TOLD_REASONS))
    since = Moment(load_default=None, allow_none=True)
    source = PlainText(load_default=None, allow_none=True, validate=validate.Length(min=1, max=200))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Tell:
        """Build the command; what is no address and no number is counted."""
        written = {IdentifierKind.EMAIL: data.pop("emails"), IdentifierKind.PHONE: data.pop("telephones")}
        read: set[Identifier] = set()
        unreadable = 0
        for kind, values in written.items():
            for value in values:
                try:
                    read.add(Identifier.of(kind, value))
                except LookupValueError:
                    unreadable += 1
        return Tell(identifiers=read, unreadable=unreadable, **data)


class TellReportSchema(Schema):
    """What telling came to. Nothing is said of people on file."""

    added = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    unreadable = fields.Integer(required=True)
