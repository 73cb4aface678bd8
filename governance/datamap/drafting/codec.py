"""A map on its way as JSON, for its row: what was written is what is read."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from governance.datamap.adopt.proposal import Confidence, Grounds, LeftOut
from governance.datamap.adopt.reflect import ColumnType
from governance.datamap.drafting.draft import Draft, DraftColumn, DraftLink, DraftTable
from governance.datamap.values import FieldKind, Link, MappedField, Origin, Search, Storage
from governance.errors import Phrase
from governance.vocabulary import DataCategory, SubjectKind

_FLAGS: Final = ("special", "criminal", "nir", "free_text", "required")


def to_json(draft: Draft) -> str:
    """Return the draft as text."""
    return orjson.dumps(
        {
            "source": draft.source,
            "address": draft.address,
            "tables": [_table(each) for each in draft.tables],
            "left_out": [{"name": each.name, "reason": _words(each.reason)} for each in draft.left_out],
        }
    ).decode()


def from_json(text: str) -> Draft:
    """Return the draft that `to_json` wrote; the row's attestation says that it did."""
    said = orjson.loads(text)
    return Draft(
        source=said["source"],
        address=said["address"],
        tables=tuple(_read_table(each) for each in said["tables"]),
        left_out=tuple(LeftOut(name=each["name"], reason=_read_words(each["reason"])) for each in said["left_out"]),
    )


def _table(table: DraftTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "physical": table.physical,
        "schema": table.schema,
        "key": table.key,
        "kept": table.kept,
        "grounds": _grounds(table.grounds),
        "links": [_link(each) for each in table.links],
        "columns": [_column(each) for each in table.columns],
    }


def _read_table(said: Mapping[str, Any]) -> DraftTable:
    return DraftTable(
        name=said["name"],
        physical=said["physical"],
        schema=said["schema"],
        key=tuple(said["key"]),
        kept=said["kept"],
        grounds=_read_grounds(said["grounds"]),
        links=tuple(_read_link(each) for each in said["links"]),
        columns=tuple(_read_column(each) for each in said["columns"]),
    )


def _link(draft: DraftLink) -> dict[str, Any]:
    link = draft.link
    told = {"name": link.name, "kind": link.kind, "of": link.of, "of_link": link.of_link, "columns": link.columns}
    return {**told, "kept": draft.kept, "grounds": _grounds(draft.grounds)}


def _read_link(said: Mapping[str, Any]) -> DraftLink:
    link = Link(
        name=said["name"],
        kind=SubjectKind(said["kind"]),
        of=said["of"],
        of_link=said["of_link"],
        columns=tuple(said["columns"]),
    )
    return DraftLink(link=link, kept=said["kept"], grounds=_read_grounds(said["grounds"]))


def _column(draft: DraftColumn) -> dict[str, Any]:
    field = draft.field
    return {
        "name": field.name,
        "column": field.column,
        "category": field.category,
        "link": field.link,
        "kind": field.kind,
        "origin": field.origin,
        "search": sorted(field.search),
        "choices": field.choices,
        **{flag: getattr(field, flag) for flag in _FLAGS},
        "type": draft.type,
        "declared": draft.declared,
        "kept": draft.kept,
        "possible": draft.possible,
        "grounds": _grounds(draft.grounds),
    }


def _read_column(said: Mapping[str, Any]) -> DraftColumn:
    field = MappedField(
        name=said["name"],
        column=said["column"],
        category=DataCategory(said["category"]),
        link=said["link"],
        kind=FieldKind(said["kind"]),
        storage=Storage.CLEAR,
        origin=Origin(said["origin"]),
        search=frozenset(Search(each) for each in said["search"]),
        choices=tuple(said["choices"]),
        **{flag: said[flag] for flag in _FLAGS},
    )
    return DraftColumn(
        field=field,
        type=ColumnType(said["type"]),
        declared=said["declared"],
        kept=said["kept"],
        possible=said["possible"],
        grounds=_read_grounds(said["grounds"]),
    )


def _grounds(grounds: Grounds) -> dict[str, Any]:
    return {"confidence": grounds.confidence, "reasons": [_words(each) for each in grounds.reasons]}


def _read_grounds(said: Mapping[str, Any]) -> Grounds:
    return Grounds(confidence=Confidence(said["confidence"]), reasons=tuple(map(_read_words, said["reasons"])))


def _words(fact: object) -> Any:
    """Return a phrase with its parts, so that it can be told in any language later."""
    if isinstance(fact, Phrase):
        return {"said": fact.template, "facts": {name: _words(each) for name, each in fact.facts.items()}}
    return fact if isinstance(fact, int) else str(fact)


def _read_words(said: Any) -> Any:
    if isinstance(said, dict):
        return Phrase(said["said"], {name: _read_words(each) for name, each in said["facts"].items()})
    return said
