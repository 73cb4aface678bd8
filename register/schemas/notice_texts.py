"""What crosses the edge of notices: collection points, published texts, tasks of informing people."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from governance.identity.schemas import StrictBoolean
from governance.web.fields import Day, PlainText
from register.models import LABEL_LENGTH
from register.notices.values import CollectionWay, ToldBy
from register.schemas.fields import label, limit, slug, words
from register.service import PointTerms, Sooner

_MOST_CHOSEN = 1_000


class PointTermsSchema(Schema):
    """What is said of a collection point, whole but for its slug."""

    name_fr = label()
    name_en = label()
    way = fields.Enum(CollectionWay, by_value=True, required=True)
    covers_all = StrictBoolean(load_default=False)
    activities = fields.List(slug(), load_default=list, validate=validate.Length(max=_MOST_CHOSEN))
    source_fr = PlainText(load_default="", validate=validate.Length(max=LABEL_LENGTH))
    source_en = PlainText(load_default="", validate=validate.Length(max=LABEL_LENGTH))


class NewPointSchema(PointTermsSchema):
    """A collection point to open."""

    slug = slug()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PointTerms:
        """Build the command."""
        return PointTerms(**{**data, "activities": frozenset(data["activities"])})


class PointSchema(Schema):
    """A collection point, and how its notice stands."""

    id = fields.UUID(attribute="point.id", required=True)
    slug = fields.String(attribute="point.slug", required=True)
    name_fr = fields.String(attribute="point.name_fr", required=True)
    name_en = fields.String(attribute="point.name_en", required=True)
    way = fields.Enum(CollectionWay, by_value=True, attribute="point.way", required=True)
    direct = fields.Boolean(attribute="point.way.direct", required=True)
    covers_all = fields.Boolean(attribute="point.covers_all", required=True)
    source_fr = fields.String(attribute="point.source_fr", required=True)
    source_en = fields.String(attribute="point.source_en", required=True)
    activities = fields.Function(lambda told: [each.slug for each in told.activities], metadata={"type": "array"})
    version = fields.Function(lambda told: None if told.current is None else told.current.version)
    published_at = fields.Function(lambda told: None if told.current is None else told.current.at.isoformat())
    purposes = fields.Function(
        lambda told: [] if told.body is None else list(told.body.purposes), metadata={"type": "array"}
    )
    behind = fields.Boolean(required=True, metadata={"description": "Whether the register says otherwise by now."})
    altered = fields.Function(lambda told: told.altered is not None, metadata={"type": "boolean"})


class PointPageSchema(Schema):
    """A page of collection points."""

    notices = fields.List(fields.Nested(PointSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class PassageSchema(Schema):
    """One thing of a section."""

    title = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    article = fields.String(required=True)


class SectionSchema(Schema):
    """A part of the whole text, and the provision that asks for it."""

    key = fields.String(required=True)
    heading = fields.String(required=True)
    article = fields.String(required=True)
    intro = fields.List(fields.String(), required=True)
    passages = fields.List(fields.Nested(PassageSchema), required=True)


class WordingSchema(Schema):
    """A notice in one language: the first layer, and the whole."""

    title = fields.String(required=True)
    short = fields.List(fields.String(), required=True)
    sections = fields.List(fields.Nested(SectionSchema), required=True)


class NoticeTextSchema(Schema):
    """A version of a notice as it was published."""

    slug = fields.String(attribute="text.slug", required=True)
    version = fields.Integer(attribute="text.version", required=True)
    published_at = fields.AwareDateTime(attribute="text.at", required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the canonical text; the log has it."})
    direct = fields.Boolean(attribute="body.direct", required=True)
    purposes = fields.List(fields.String(), attribute="body.purposes", required=True)
    wordings = fields.Dict(
        keys=fields.String(), values=fields.Nested(WordingSchema), attribute="body.wordings", required=True
    )
    before = fields.Integer(required=True, allow_none=True)
    after = fields.Integer(required=True, allow_none=True)


class VersionsQuerySchema(Schema):
    """Which page of the versions of a notice, the newest first."""

    limit = limit()
    after = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class ListedTextSchema(Schema):
    """A version in a list."""

    version = fields.Integer(required=True)
    published_at = fields.AwareDateTime(attribute="at", required=True)
    activity = fields.String(attribute="cause", required=True, allow_none=True)


class ListedTextsSchema(Schema):
    """A page of versions."""

    versions = fields.List(fields.Nested(ListedTextSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class ChangesQuerySchema(Schema):
    """With which other version one is compared."""

    since = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class PreviewQuerySchema(Schema):
    """Which activity is taken as if it were activated as it stands."""

    activity = slug()


class PassageChangeSchema(Schema):
    """A passage that two texts say otherwise; None where one of them does not say it."""

    section = fields.String(attribute="field", required=True)
    passage = fields.Function(lambda change: change.key[0], metadata={"type": "string"})
    then = fields.List(fields.String(), required=True, allow_none=True)
    now = fields.List(fields.String(), required=True, allow_none=True)


class ChangesSchema(Schema):
    """What differs between two texts, by language."""

    changes = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(PassageChangeSchema)), required=True)


class InformationSchema(Schema):
    """People whose data came from elsewhere, and until when they are told."""

    id = fields.UUID(attribute="task.id", required=True)
    point = fields.String(attribute="point.slug", required=True)
    import_id = fields.UUID(attribute="task.import_id", required=True)
    part = fields.Integer(attribute="task.part", required=True)
    people = fields.Integer(attribute="task.people", required=True, allow_none=True)
    obtained_on = Day(attribute="task.obtained_on", required=True)
    used_on = Day(attribute="task.used_on", required=True, allow_none=True)
    message_on = Day(attribute="task.message_on", required=True, allow_none=True)
    message_version = fields.Integer(attribute="task.message_version", required=True, allow_none=True)
    message_people = fields.Integer(attribute="task.message_people", required=True, allow_none=True)
    message_of = fields.Integer(attribute="task.message_of", required=True, allow_none=True)
    due = fields.AwareDateTime(required=True)
    told_on = Day(attribute="task.told_on", required=True, allow_none=True)
    told_by = fields.Enum(ToldBy, by_value=True, attribute="task.told_by", required=True, allow_none=True)
    version = fields.Integer(attribute="task.version", required=True, allow_none=True)


class InformationPageSchema(Schema):
    """A page of tasks."""

    tasks = fields.List(fields.Nested(InformationSchema), attribute="rows", required=True)
    next = fields.String(required=True, allow_none=True)


class SettleInformationSchema(Schema):
    """How and when people were told."""

    told_by = fields.Enum(ToldBy, by_value=True, required=True)
    told_on = Day(required=True)
    note = words(load_default="")


class AskAnewSchema(Schema):
    """From where data came, and on which day: what is given of a task that was altered outside Égide."""

    point = slug()
    obtained_on = Day(required=True)


class PutForwardSchema(Schema):
    """That people are to be told sooner."""

    sooner = fields.Enum(Sooner, by_value=True, required=True)
    on = Day(required=True)
