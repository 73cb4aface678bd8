"""`/api/docs`: the description of the API as a page of our own, for the library's needs an inline script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from governance.actor import open_to_anyone

blueprint: Final = Blueprint("api_docs", __name__)

_METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    summary: str
    parameters: tuple[Mapping[str, Any], ...]
    body: str | None
    answers: tuple[tuple[str, str], ...]


@blueprint.get("/api/docs")
@open_to_anyone
def show() -> ResponseReturnValue:
    """Show every operation, by the room it belongs to."""
    spec: Mapping[str, Any] = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(spec):
        groups.setdefault(tag, []).append(operation)
    about = {tag["name"]: tag.get("description", "") for tag in spec.get("tags", [])}
    return render_template("api/docs.html", groups=groups, about=about)


def _operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method in _METHODS:
            told = methods.get(method)
            if told is None:
                continue
            yield (
                told.get("tags", [""])[0],
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=told.get("summary", ""),
                    parameters=tuple(each for each in (*shared, *told.get("parameters", [])) if "name" in each),
                    body=_schema_name(told.get("requestBody", {})),
                    answers=tuple(_answers(told.get("responses", {}))),
                ),
            )


def _schema_name(body: Mapping[str, Any]) -> str | None:
    for content in body.get("content", {}).values():
        reference: str = content.get("schema", {}).get("$ref", "")
        return reference.rpartition("/")[2] or None
    return None


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for status, told in responses.items():
        if status.isdecimal():
            yield status, told.get("description", "")
