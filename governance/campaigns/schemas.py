"""What crosses the edge of the rules: strict in, listed out."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from governance.campaigns.models import FILE_LENGTH, WHY_LENGTH
from governance.campaigns.reading import MOST_BYTES, WEEKDAYS
from governance.campaigns.rules import Demand, Frequency, Hours, Recipient, Rule
from governance.campaigns.service import RulesInForce
from governance.periods import Period
from governance.vocabulary import Channel
from governance.web.fields import PlainText

FILE_NAME: Final = rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{FILE_LENGTH - 1}}}"


class RulesReasonSchema(Schema):
    """Why another file of rules is put in force."""

    why = PlainText(required=True, validate=[validate.Length(min=1, max=WHY_LENGTH), validate.Regexp(r"\s*\S")])


class RulesFileSchema(Schema):
    """A file of rules."""

    file = PlainText(
        required=True,
        validate=validate.Regexp(rf"^{FILE_NAME}\Z"),
        metadata={"description": "The file's name, without its folder; errors call it so."},
    )
    text = PlainText(
        required=True, validate=validate.Length(max=MOST_BYTES), metadata={"description": "The file's content, YAML."}
    )

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:
        """Forget the file, which an error would carry."""
        error.data = None


class RulesToPutSchema(RulesFileSchema, RulesReasonSchema):
    """A file of rules to put in force, and why."""


class RulesDifferencesSchema(Schema):
    """What a file would change, by the names of its rules."""

    rules = fields.Integer(required=True, strict=True, metadata={"description": "How many the file holds."})
    added = fields.List(fields.String(), required=True)
    removed = fields.List(fields.String(), required=True)
    changed = fields.List(fields.String(), required=True)


class BothLanguagesSchema(Schema):
    """A text in both languages."""

    fr = fields.String(required=True)
    en = fields.String(required=True)


class ProspectingRuleSchema(Schema):
    """One rule."""

    slug = fields.String(required=True)
    channels = fields.List(fields.Enum(Channel, by_value=True), required=True)
    recipients = fields.List(fields.Enum(Recipient, by_value=True), required=True)
    demands = fields.Enum(Demand, by_value=True, required=True)
    hours = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True, allow_none=True)
    public_holidays = fields.Boolean(required=True, allow_none=True)
    most = fields.Integer(required=True, strict=True, allow_none=True)
    within = fields.String(required=True, allow_none=True, metadata={"description": "A period of ISO 8601."})
    rest = fields.String(required=True, allow_none=True, metadata={"description": "A period of ISO 8601."})
    article = fields.Nested(BothLanguagesSchema, required=True)
    source = fields.Nested(BothLanguagesSchema, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    to_confirm = fields.Boolean(required=True)
    note = fields.Nested(BothLanguagesSchema, required=True)


class RulesInForceSchema(Schema):
    """The file of rules in force."""

    file = fields.String(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the file, in hexadecimal."})
    packaged = fields.Boolean(required=True, metadata={"description": "Whether it comes with the program."})
    version = fields.Integer(required=True, strict=True, allow_none=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    text = fields.String(required=True)
    rules = fields.List(fields.Nested(ProspectingRuleSchema), required=True)


def told(found: RulesInForce) -> dict[str, Any]:
    """Return the file in force as `RulesInForceSchema` dumps it."""
    return {
        "file": found.file,
        "digest": found.digest,
        "packaged": found.packaged,
        "version": found.version,
        "since": found.since,
        "text": found.text,
        "rules": [_told_rule(rule) for rule in found.rules.each],
    }


def _told_rule(rule: Rule) -> dict[str, Any]:
    limit = rule.limit
    hours = limit if isinstance(limit, Hours) else None
    frequency = limit if isinstance(limit, Frequency) else None
    return {
        "slug": rule.slug,
        "channels": sorted(rule.channels, key=lambda each: each.code),
        "recipients": sorted(rule.recipients),
        "demands": rule.demand,
        "hours": None if hours is None else _told_week(hours),
        "public_holidays": None if hours is None else hours.public_holidays,
        "most": None if frequency is None else frequency.most,
        "within": None if frequency is None else frequency.within,
        "rest": limit if isinstance(limit, Period) else None,
        "article": rule.article,
        "source": rule.source,
        "since": rule.since,
        "until": rule.until,
        "to_confirm": rule.to_confirm,
        "note": rule.note,
    }


def _told_week(hours: Hours) -> dict[str, list[str]]:
    return {
        day: [str(window) for window in windows]
        for day, windows in zip(WEEKDAYS, hours.weekdays, strict=True)
        if windows
    }
