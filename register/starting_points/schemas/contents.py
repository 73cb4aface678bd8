"""What a file of a starting point may hold, and nothing else. Every scalar arrives as the text that was written."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from governance.actor import Role
from governance.periods import NONE
from governance.vocabulary import Channel, DataCategory, LawfulBasis, SubjectKind
from governance.web.fields import Day
from register.models import LABEL_LENGTH
from register.slugs import is_slug
from register.starting_points.spans import period_in
from register.starting_points.values import Balancing, Source, StartingPurpose, StartingTerms, Words
from register.values import FinalFate, Provenance, SpecialCondition, StartingEvent

_MOST_WORDS: Final = 2_000
_WITH_A_TEXT: Final = frozenset({LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.PUBLIC_TASK})


class Span(fields.String):
    """A span of time in words, which becomes a period."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        period = period_in(super()._deserialize(value, attr, data, **kwargs))
        if period is None:
            raise ValidationError("write a span, as in 3 years, 13 months or 0 days")
        return period


class Quoted(fields.String):
    """The word of a source, which becomes the source."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        super().__init__(required=True)
        self._sources = sources

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        source = self._sources.get(super()._deserialize(value, attr, data, **kwargs))
        if source is None:
            raise ValidationError("sources.yaml has no source of this name")
        return source


class YesOrNo(fields.Boolean):
    """`true` or `false`, and no other word for them."""

    truthy = {"true"}  # noqa: RUF012 -- the library's own attribute
    falsy = {"false"}  # noqa: RUF012 -- the same


class WordsSchema(Schema):
    """A text in both languages."""

    fr = fields.String(required=True, validate=validate.Length(min=1, max=_MOST_WORDS))
    en = fields.String(required=True, validate=validate.Length(min=1, max=_MOST_WORDS))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Words:
        """Build the value."""
        return Words(**data)


class LabelSchema(WordsSchema):
    """A line in both languages."""

    fr = fields.String(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))
    en = fields.String(required=True, validate=validate.Length(min=1, max=LABEL_LENGTH))


class SourceSchema(Schema):
    """A source of periods."""

    name = fields.Nested(WordsSchema, required=True)
    dated = Day(required=True, format="iso")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Source:
        """Build the value."""
        return Source(**data)


class SourcesSchema(Schema):
    """The file of the sources, by the word that the other files quote them by."""

    sources = fields.Dict(keys=fields.String(), values=fields.Nested(SourceSchema), required=True)


class BalancingSchema(Schema):
    """The three answers of the balancing test."""

    interest = fields.Nested(WordsSchema, required=True)
    necessity = fields.Nested(WordsSchema, required=True)
    balance = fields.Nested(WordsSchema, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Balancing:
        """Build the value."""
        return Balancing(**data)


class TermsSchema(Schema):
    """The terms of some categories; every one of them says where its periods come from."""

    of = fields.List(
        fields.Enum(SubjectKind, by_value=True), required=True, attribute="kinds", validate=validate.Length(min=1)
    )
    categories = fields.List(fields.Enum(DataCategory, by_value=True), required=True, validate=validate.Length(min=1))
    obligatory = YesOrNo(load_default=False)
    provenance = fields.Enum(Provenance, by_value=True, load_default=Provenance.PERSON)
    active = Span(required=True, attribute="active_for")
    since = fields.Enum(StartingEvent, by_value=True, required=True, attribute="starting_event")
    archive = Span(load_default=NONE, attribute="archived_for")
    which = fields.Nested(WordsSchema, load_default=None)
    whom = fields.Nested(WordsSchema, load_default=None)
    fate = fields.Enum(FinalFate, by_value=True, load_default=FinalFate.DELETION, attribute="final_fate")

    @validates_schema(skip_on_field_errors=True)
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse words that would be said of several categories, or of several kinds of people."""
        for words, many in (("which", data["categories"]), ("whom", data["kinds"])):
            if data[words] is not None and len(many) > 1:
                raise ValidationError("this is said of one at a time", words)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> StartingTerms:
        """Build the value."""
        return StartingTerms(**data)


class PurposeSchema(Schema):
    """A purpose; what its basis needs is there, and nothing that it does not."""

    slug = fields.String(required=True)
    label = fields.Nested(LabelSchema, required=True)
    basis = fields.Enum(LawfulBasis, by_value=True, required=True)
    consent_channel = fields.Enum(Channel, by_value=True, load_default=None)
    special_condition = fields.Enum(SpecialCondition, by_value=True, load_default=None)
    number_ground = fields.Nested(WordsSchema, load_default=None)
    legal_reference = fields.Nested(WordsSchema, load_default=None)
    balancing = fields.Nested(BalancingSchema, load_default=None)
    recipients = fields.List(fields.Enum(Role, by_value=True), required=True, validate=validate.Length(min=1))

    @validates_schema(skip_on_field_errors=True)
    def check(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse what would not pass readiness, or contradicts itself."""
        if not is_slug(data["slug"]):
            raise ValidationError("small letters, digits and single hyphens", "slug")
        if Role.ADMIN in data["recipients"]:
            raise ValidationError("admin receives no data", "recipients")
        _check_basis(data)
        _check_pairs(data["data"])

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> StartingPurpose:
        """Build the value."""
        return StartingPurpose(**{**data, "recipients": frozenset(data["recipients"])})


class StartingPointSchema(Schema):
    """One starting point."""

    version = fields.Constant("1", required=True)
    order = fields.Integer(required=True)
    name = fields.Nested(LabelSchema, required=True)
    summary = fields.Nested(LabelSchema, required=True)
    description = fields.Nested(WordsSchema, required=True)
    look_at = fields.List(fields.Nested(WordsSchema), required=True, validate=validate.Length(min=1))


def starting_point_schema(sources: Mapping[str, Source]) -> Schema:
    """Return the schema of a file that quotes these sources: no period stands without one."""
    terms = TermsSchema.from_dict({"source": Quoted(sources)})
    data = fields.List(fields.Nested(terms), required=True, validate=validate.Length(min=1))
    purpose = PurposeSchema.from_dict({"data": data})
    purposes = fields.List(fields.Nested(purpose), required=True, validate=validate.Length(min=1))
    return StartingPointSchema.from_dict({"purposes": purposes})()


def _check_basis(data: Mapping[str, Any]) -> None:
    basis = data["basis"]
    explicit = data["special_condition"] is SpecialCondition.EXPLICIT_CONSENT
    if (basis is LawfulBasis.CONSENT or explicit) != (data["consent_channel"] is not None):
        raise ValidationError("consent names its channel, and nothing else has one", "consent_channel")
    if (basis is LawfulBasis.LEGITIMATE_INTERESTS) != (data["balancing"] is not None):
        raise ValidationError("legitimate interests are balanced, and nothing else is", "balancing")
    if basis in _WITH_A_TEXT and data["legal_reference"] is None:
        raise ValidationError("this basis rests on a text of law", "legal_reference")
    used = {category for terms in data["data"] for category in terms.categories}
    if (DataCategory.SPECIAL in used) != (data["special_condition"] is not None):
        raise ValidationError("special categories need a condition, and nothing else has one", "special_condition")
    if (DataCategory.NATIONAL_NUMBER in used) != (data["number_ground"] is not None):
        raise ValidationError("the registration number needs a ground, and nothing else has one", "number_ground")
    if DataCategory.OFFENCES in used:
        raise ValidationError("no starting point proposes to use offences", "data")


def _check_pairs(data: list[StartingTerms]) -> None:
    seen: set[tuple[SubjectKind, DataCategory]] = set()
    for place, terms in enumerate(data):
        for pair in ((kind, category) for kind in terms.kinds for category in terms.categories):
            if pair in seen:
                raise ValidationError({"data": {place: {"categories": [f"{pair[1]} of {pair[0]} stands here twice"]}}})
            seen.add(pair)
