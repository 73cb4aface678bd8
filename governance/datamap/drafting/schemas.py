"""What crosses the edge of maps on their way: strict in, listed out, and no value of a database."""

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import Schema, fields, post_load, validate

from governance.actor import Role
from governance.datamap.adopt.proposal import Confidence
from governance.datamap.difference import Part, Sort
from governance.datamap.drafting.correcting import ColumnWords, TableWords
from governance.datamap.drafting.draft import Draft, DraftColumn, DraftTable
from governance.datamap.drafting.flaws import flaws_of, surprises_of
from governance.datamap.models import MapProposal
from governance.datamap.values import FieldKind, Origin, Search
from governance.errors import Phrase
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from governance.web.fields import PlainText
from governance.web.problems import spoken

_NAME: Final = validate.Length(min=1, max=63)
_MOST_COLUMNS: Final = 2_000


class StrictBoolean(fields.Boolean):
    """True or false, and nothing that resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class SourceSchema(Schema):
    """A database that can be adopted, or is."""

    source = fields.String(required=True)
    configured = fields.Boolean(required=True, metadata={"description": "Whether the host set its address."})
    version = fields.Integer(required=True, allow_none=True, strict=True)
    proposal = fields.Integer(
        required=True, allow_none=True, strict=True, metadata={"description": "The revision of its map on its way."}
    )


class SourcesSchema(Schema):
    """The databases that the host set up, and those that have a map."""

    sources = fields.List(fields.Nested(SourceSchema), required=True)


class LookSchema(Schema):
    """Which database to look at."""

    source = PlainText(required=True, validate=_NAME)


class RevisionSchema(Schema):
    """The revision of a proposal that was looked at."""

    revision = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1))


class ColumnWordsSchema(Schema):
    """What a person says of a column, named as in its database."""

    column = PlainText(required=True, validate=_NAME)
    kept = StrictBoolean(required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    kind = fields.Enum(FieldKind, by_value=True, required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)
    link = PlainText(load_default=None, allow_none=True, validate=_NAME)
    search = fields.List(fields.Enum(Search, by_value=True), load_default=list)
    choices = fields.List(PlainText(validate=validate.Length(min=1, max=200)), load_default=list)
    special = StrictBoolean(load_default=False)
    criminal = StrictBoolean(load_default=False)
    nir = StrictBoolean(load_default=False)
    free_text = StrictBoolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> tuple[str, ColumnWords]:
        """Build the value, beside the column's name."""
        column: str = data.pop("column")
        return column, ColumnWords(**{**data, "search": frozenset(data["search"]), "choices": tuple(data["choices"])})


class TableWordsSchema(RevisionSchema):
    """What a person says of a table; of columns that are not given nothing changes."""

    kept = StrictBoolean(required=True)
    person = fields.Enum(SubjectKind, by_value=True, load_default=None, allow_none=True)
    links = fields.List(PlainText(validate=_NAME), load_default=list)
    columns = fields.List(
        fields.Nested(ColumnWordsSchema), load_default=list, validate=validate.Length(max=_MOST_COLUMNS)
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> tuple[int, TableWords]:
        """Build the value, beside the revision."""
        words = TableWords(
            kept=data["kept"],
            person=data["person"],
            links=frozenset(data["links"]),
            columns=dict(data["columns"]),
        )
        return data["revision"], words


class ProposedColumnSchema(Schema):
    """A column of a map on its way."""

    column = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    kept = fields.Boolean(required=True)
    possible = fields.Boolean(required=True)
    category = fields.Enum(DataCategory, by_value=True, required=True)
    kind = fields.Enum(FieldKind, by_value=True, required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)
    link = fields.String(required=True, allow_none=True)
    search = fields.List(fields.Enum(Search, by_value=True), required=True)
    choices = fields.List(fields.String(), required=True)
    special = fields.Boolean(required=True)
    criminal = fields.Boolean(required=True)
    nir = fields.Boolean(required=True)
    free_text = fields.Boolean(required=True)
    confidence = fields.Enum(Confidence, by_value=True, required=True)
    reasons = fields.List(fields.String(), required=True)
    surprise = fields.String(required=True, allow_none=True)


class ProposedLinkSchema(Schema):
    """A person whom the rows of a table speak of."""

    name = fields.String(required=True)
    kind = fields.Enum(SubjectKind, by_value=True, required=True)
    of = fields.String(required=True, allow_none=True)
    columns = fields.List(fields.String(), required=True)
    kept = fields.Boolean(required=True)


class ProposedTableSchema(Schema):
    """A table of a map on its way."""

    name = fields.String(required=True)
    physical = fields.String(required=True)
    key = fields.List(fields.String(), required=True)
    kept = fields.Boolean(required=True)
    person = fields.Enum(SubjectKind, by_value=True, required=True, allow_none=True)
    confidence = fields.Enum(Confidence, by_value=True, required=True)
    reasons = fields.List(fields.String(), required=True)
    links = fields.List(fields.Nested(ProposedLinkSchema), required=True)
    columns = fields.List(fields.Nested(ProposedColumnSchema), required=True)


class FlawSchema(Schema):
    """One thing for which a map on its way cannot be loaded."""

    table = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)


class ProposalSchema(Schema):
    """A map on its way."""

    source = fields.String(required=True)
    revision = fields.Integer(required=True, strict=True)
    made_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)
    tables = fields.List(fields.Nested(ProposedTableSchema), required=True)
    flaws = fields.List(fields.Nested(FlawSchema), required=True)


class AspectSchema(Schema):
    """One thing that is said differently."""

    name = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class DifferenceSchema(Schema):
    """One part of a map that comes, goes or changes."""

    sort = fields.Enum(Sort, by_value=True, required=True)
    part = fields.Enum(Part, by_value=True, required=True)
    table = fields.String(required=True)
    name = fields.String(required=True)
    aspects = fields.List(fields.Nested(AspectSchema), required=True)


class OpenedColumnSchema(Schema):
    """A column that comes in."""

    table = fields.String(required=True, attribute="table.name")
    field = fields.String(required=True, attribute="field.name")


class OpeningSchema(Schema):
    """New columns that a role would obtain for a purpose, by what was granted before."""

    role = fields.Enum(Role, by_value=True, required=True)
    purpose = fields.String(required=True)
    action = fields.Enum(GrantedAction, by_value=True, required=True)
    form = fields.Enum(Form, by_value=True, required=True)
    kind = fields.Enum(SubjectKind, by_value=True, required=True, allow_none=True)
    columns = fields.List(fields.Nested(OpenedColumnSchema), required=True)


class DifferencesSchema(Schema):
    """What loading a map would change. Where it protects less or opens anything, the controller alone loads it."""

    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
    weaker = fields.List(
        fields.String(), required=True, metadata={"description": "What it protects less than the map in force."}
    )
    opens = fields.List(fields.Nested(OpeningSchema), required=True)
    altered = fields.Boolean(
        required=True,
        metadata={"description": "Whether grants were altered outside Égide, so that what it opens is not known."},
    )


class CountSchema(Schema):
    """What is counted of an adopted table."""

    table = fields.String(required=True)
    rows = fields.Integer(required=True, allow_none=True, strict=True)
    enrolled = fields.Integer(required=True, strict=True)
    waiting = fields.Integer(required=True, allow_none=True, strict=True)
    gone = fields.Integer(required=True, strict=True)


class CountsSchema(Schema):
    """What is counted of the adopted tables."""

    counts = fields.List(fields.Nested(CountSchema), required=True)


class SettleSchema(Schema):
    """What rows are whose keys came back."""

    same = StrictBoolean(required=True)


class SettledSchema(Schema):
    """How many rows a decision concerned."""

    rows = fields.Integer(required=True, strict=True)


def told(proposal: MapProposal, draft: Draft) -> dict[str, Any]:
    """Return a map on its way as `ProposalSchema` lists it, its reasons in the reader's language."""
    return {
        "source": proposal.source,
        "revision": proposal.revision,
        "made_at": proposal.made_at,
        "changed_at": proposal.changed_at,
        "tables": [_table(table) for table in draft.tables],
        "flaws": [flaw.as_json(spoken) for flaw in flaws_of(draft)],
    }


def _table(table: DraftTable) -> dict[str, Any]:
    surprises = surprises_of(table)
    return {
        "name": table.name,
        "physical": table.physical,
        "key": table.key,
        "kept": table.kept,
        "person": table.person,
        "confidence": table.grounds.confidence,
        "reasons": _reasons(table.grounds.reasons),
        "links": [
            {
                "name": each.link.name,
                "kind": each.link.kind,
                "of": each.link.of,
                "columns": each.link.columns,
                "kept": each.kept,
            }
            for each in table.links
        ],
        "columns": [_column(column, surprises.get(column.field.name)) for column in table.columns],
    }


def _column(column: DraftColumn, surprise: str | None) -> dict[str, Any]:
    described = column.field
    same = (
        "column",
        "name",
        "category",
        "kind",
        "origin",
        "link",
        "choices",
        "special",
        "criminal",
        "nir",
        "free_text",
    )
    return {
        **{name: getattr(described, name) for name in same},
        "search": sorted(described.search),
        "type": column.declared,
        "kept": column.kept,
        "possible": column.possible,
        "confidence": column.grounds.confidence,
        "reasons": _reasons(column.grounds.reasons),
        "surprise": None if surprise is None else next(iter(_reasons([surprise]))),
    }


def _reasons(reasons: Iterable[str]) -> list[str]:
    return [reason_in_words(each) for each in reasons]


def reason_in_words(words: str) -> str:
    """Return a reason in the reader's language."""
    return spoken(words) if isinstance(words, Phrase) else words
