"""What crosses the edge of the data map: strict in, listed out."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from governance.datamap.check import Severity
from governance.datamap.values import FieldKind, Origin, Search, Storage
from governance.datamap.yaml_tree import MAX_BYTES
from governance.vocabulary import DataCategory, SubjectKind
from governance.web.fields import PlainText

_FILE_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"


class MapFileSchema(Schema):
    """A map file to load."""

    file = PlainText(
        required=True,
        validate=validate.Regexp(rf"^{_FILE_NAME}\Z"),
        metadata={"description": "The file's name, without its folder; errors call it so."},
    )
    text = PlainText(
        required=True, validate=validate.Length(max=MAX_BYTES), metadata={"description": "The file's content, YAML."}
    )

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:
        """Forget the file, which an error would carry."""
        error.data = None


class MapSummarySchema(Schema):
    """A map in force, in short."""

    source = fields.String(required=True)
    file = fields.String(required=True)
    version = fields.Integer(required=True, allow_none=True, strict=True)
    loaded_at = fields.AwareDateTime(required=True, allow_none=True)
    tables = fields.List(fields.String(), required=True)


class MapListSchema(Schema):
    """The maps in force."""

    maps = fields.List(fields.Nested(MapSummarySchema), required=True)
    problems = fields.List(
        fields.String(), required=True, metadata={"description": "Why maps that were loaded are left out."}
    )


class MapDocumentSchema(Schema):
    """A map as it was loaded."""

    source = fields.String(required=True)
    version = fields.Integer(required=True, strict=True)
    file = fields.String(required=True)
    text = fields.String(required=True)
    loaded_at = fields.AwareDateTime(required=True)


class LoadedMapSchema(Schema):
    """What loading did."""

    source = fields.String(required=True)
    version = fields.Integer(required=True, strict=True)
    changed = fields.Boolean(required=True)
    tables = fields.List(fields.String(), required=True)
    fields_ = fields.Integer(required=True, strict=True, attribute="fields", data_key="fields")
    new = fields.Integer(required=True, strict=True)


class LinkSchema(Schema):
    """A person whom the rows of a table speak of."""

    name = fields.String(required=True)
    kind = fields.Enum(SubjectKind, by_value=True, required=True)
    of = fields.String(required=True, allow_none=True)


class FieldSchema(Schema):
    """One readable column."""

    name = fields.String(required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    link = fields.String(required=True, allow_none=True)
    kind = fields.Enum(FieldKind, by_value=True, required=True)
    storage = fields.Enum(Storage, by_value=True, required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)
    search = fields.List(fields.Enum(Search, by_value=True), required=True)
    choices = fields.List(fields.String(), required=True)
    special = fields.Boolean(required=True)
    criminal = fields.Boolean(required=True)
    nir = fields.Boolean(required=True)
    free_text = fields.Boolean(required=True)
    required = fields.Boolean(required=True)


class MappedTableSchema(Schema):
    """One table, described."""

    name = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)
    adopted = fields.Boolean(required=True)
    links = fields.Function(
        lambda table: LinkSchema(many=True).dump(table.links.values()),
        metadata={"type": "array", "items": {"type": "object"}},
    )
    fields_ = fields.Function(
        lambda table: FieldSchema(many=True).dump(table.fields.values()),
        data_key="fields",
        metadata={"type": "array", "items": {"type": "object"}},
    )


class FindingSchema(Schema):
    """One difference between a map and its database."""

    severity = fields.Enum(Severity, by_value=True, required=True)
    source = fields.String(required=True)
    file = fields.String(required=True)
    line = fields.Integer(required=True, strict=True)
    text = fields.String(required=True)


class FindingsSchema(Schema):
    """What differs."""

    findings = fields.List(fields.Nested(FindingSchema), required=True)
