"""`/api/docs`: the description of the API as a page of our own, for the library's needs an inline script.

What the description says itself (summaries, schemas) is English, as the API's names are; the page marks it so, and says
the rest in the reader's language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from governance.actor import open_to_anyone

blueprint: Final = Blueprint("api_docs", __name__)

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_NOT_OF_AN_ANCHOR: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a value is: its words, and the schema it names, where it does."""

    words: str
    schema: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One field of a schema, or one parameter."""

    name: str
    kind: Kind
    required: bool
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    anchor: str
    summary: str
    parameters: tuple[Property, ...]
    body: Kind | None
    answers: tuple[tuple[str, str, Kind | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A schema that bodies and answers name."""

    name: str
    text: str
    properties: tuple[Property, ...]


@blueprint.get("/api/docs")
@open_to_anyone
def show() -> ResponseReturnValue:
    """Show every operation, by the room it belongs to, and every schema."""
    spec: Mapping[str, Any] = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(spec):
        groups.setdefault(tag, []).append(operation)
    about = {tag["name"]: tag.get("description", "") for tag in spec.get("tags", [])}
    shapes = [_shape(name, told) for name, told in sorted(spec.get("components", {}).get("schemas", {}).items())]
    return render_template("api/docs.html", groups=groups, about=about, shapes=shapes)


def _operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method in _METHODS:
            told = methods.get(method)
            if told is None:
                continue
            parameters = [each for each in (*shared, *told.get("parameters", [])) if "name" in each]
            yield (
                told.get("tags", [""])[0],
                Operation(
                    method=method.upper(),
                    path=path,
                    anchor=anchor_of(f"{method} {path}"),
                    summary=told.get("summary", ""),
                    parameters=tuple(_parameter(each) for each in parameters),
                    body=_content(told.get("requestBody", {})),
                    answers=tuple(_answers(told.get("responses", {}))),
                ),
            )


def anchor_of(words: str) -> str:
    """Return what an address may end in to lead to one part of the page."""
    return _NOT_OF_AN_ANCHOR.sub("-", words.lower()).strip("-")


def _parameter(told: Mapping[str, Any]) -> Property:
    return Property(
        name=told["name"],
        kind=_kind(told.get("schema", {})),
        required=bool(told.get("required", False)),
        text=told.get("description", ""),
        where=told["in"],
    )


def _shape(name: str, told: Mapping[str, Any]) -> Shape:
    required = set(told.get("required", []))
    properties = [
        Property(name=each, kind=_kind(kind), required=each in required, text=kind.get("description", ""))
        for each, kind in told.get("properties", {}).items()
    ]
    return Shape(name=name, text=told.get("description", ""), properties=tuple(properties))


def _kind(told: Mapping[str, Any]) -> Kind:
    """Return what a schema admits, in the words of JSON Schema."""
    if "$ref" in told:
        return Kind(words="", schema=told["$ref"].rpartition("/")[2])
    choices = next((told[each] for each in ("anyOf", "oneOf", "allOf") if each in told), None)
    if choices is not None:
        return _either([_kind(each) for each in choices])
    if "items" in told:
        inside = _kind(told["items"])
        return Kind(words=f"list of {inside.words}".strip(), schema=inside.schema)
    if "enum" in told:
        return Kind(words=" | ".join("null" if each is None else str(each) for each in told["enum"]))
    types = told.get("type", "any")
    words = " | ".join(types) if isinstance(types, list) else str(types)
    return Kind(words=f"{words} ({told['format']})" if "format" in told else words)


def _either(kinds: list[Kind]) -> Kind:
    named = next((each.schema for each in kinds if each.schema is not None), None)
    return Kind(words=" | ".join(each.words for each in kinds if each.words), schema=named)


def _content(told: Mapping[str, Any]) -> Kind | None:
    for content in told.get("content", {}).values():
        return _kind(content.get("schema", {}))
    return None


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str, Kind | None]]:
    for status, told in responses.items():
        if status.isdecimal():
            yield status, told.get("description", ""), _content(told)
