"""What crosses the edge of the catalogues: measures of security, and decisions on adequacy."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.identity.schemas import StrictBoolean
from governance.web.fields import Day, PlainText
from register.catalogue.values import MeasureDomain
from register.schemas.fields import altered, label, words
from register.service import AdequacyTerms, MeasureTerms


class MeasureTermsSchema(Schema):
    """A measure to keep, whole."""

    domain = fields.Enum(MeasureDomain, by_value=True, required=True)
    label_fr = label()
    label_en = label()
    withdrawn = StrictBoolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> MeasureTerms:
        """Build the command."""
        return MeasureTerms(**data)


class MeasureSchema(Schema):
    """A measure of the catalogue."""

    id = fields.UUID(required=True)
    altered = altered()
    domain = fields.Enum(MeasureDomain, by_value=True, required=True)
    label_fr = fields.String(required=True)
    label_en = fields.String(required=True)
    withdrawn = fields.Boolean(required=True)


class MeasurePageSchema(Schema):
    """A page of measures."""

    measures = fields.List(fields.Nested(MeasureSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class AdequacyTermsSchema(Schema):
    """A decision on adequacy to keep, whole."""

    country = PlainText(required=True, validate=validate.Regexp(r"\A[A-Z]{2}\Z"))
    decided_on = Day(required=True)
    until = Day(load_default=None, allow_none=True)
    scope_fr = words(load_default="")
    scope_en = words(load_default="")
    source = label()
    checked_on = Day(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> AdequacyTerms:
        """Build the command."""
        return AdequacyTerms(**data)


class AdequacySchema(Schema):
    """A decision on adequacy on file: partial where it has a scope."""

    id = fields.UUID(required=True)
    altered = altered()
    country = fields.String(required=True)
    decided_on = Day(required=True)
    until = Day(required=True, allow_none=True)
    scope_fr = fields.String(required=True)
    scope_en = fields.String(required=True)
    source = fields.String(required=True)
    checked_on = Day(required=True)


class AdequacyPageSchema(Schema):
    """A page of decisions on adequacy."""

    decisions = fields.List(fields.Nested(AdequacySchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)
