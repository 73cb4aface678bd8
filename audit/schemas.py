"""What crosses the edge about the log."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from audit.entries import Action, Outcome, Retention
from audit.sampling import LARGEST, SEED_LENGTH
from audit.search import Filters
from governance.web.fields import Moment, PlainText

HIGHEST_LIMIT = 500


class EntriesArguments(Schema):
    """Which entries, and where the page begins."""

    actor = fields.UUID(data_key="actor", load_default=None)
    action = fields.Enum(Action, by_value=True, load_default=None)
    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    retention = fields.Enum(Retention, by_value=True, load_default=None)
    object_type = PlainText(data_key="object", load_default=None, validate=validate.Length(max=64))
    object_id = PlainText(load_default=None, validate=validate.Length(max=255))
    purpose = PlainText(load_default=None, validate=validate.Length(max=64))
    subject = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**32 - 1))
    since = Moment(load_default=None)
    until = Moment(load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, HIGHEST_LIMIT))
    after = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**63 - 1))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Tell filters and page apart."""
        page = {"limit": data.pop("limit"), "after": data.pop("after")}
        data["actor_id"] = data.pop("actor")
        return {"filters": Filters(**data), **page}


class SampleArguments(Schema):
    """By what a sample is drawn."""

    seed = PlainText(required=True, validate=validate.Length(min=1, max=SEED_LENGTH))
    size = fields.Integer(load_default=20, validate=validate.Range(1, LARGEST))
    of = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**63 - 1))


class SummaryArguments(Schema):
    """How many days are counted."""

    days = fields.Integer(load_default=28, validate=validate.Range(1, 366))
