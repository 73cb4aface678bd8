"""The files of the starting points, read once: what is wrong in one is told with its file and its line.

They belong to the program: a file that cannot be used is a mistake of ours, and no page opens with half a list.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema, ValidationError

from governance.datamap.yaml_tree import List, Node, Section, Text, TreeError, read_tree
from register.errors import StartingPointError, StartingPointNotFoundError
from register.slugs import is_slug
from register.starting_points.schemas.contents import SourcesSchema, starting_point_schema
from register.starting_points.values import Source, StartingPoint, StartingPoints

FOLDER: Final = Path(__file__).parent.parent / "files"
_SOURCES: Final = "sources.yaml"
_Path = tuple[str | int, ...]


@lru_cache(maxsize=1)
def starting_points() -> StartingPoints:
    """Return every starting point by its slug, in the order of the list.

    Raises:
        StartingPointError: If a file cannot be used.
    """
    return load_folder(FOLDER)


def starting_point(slug: str) -> StartingPoint:
    """Return one starting point.

    Raises:
        StartingPointNotFoundError: If there is none of this name.
    """
    found = starting_points().get(slug)
    if found is None:
        raise StartingPointNotFoundError(reference=slug)
    return found


def load_folder(folder: Path) -> StartingPoints:
    """Return the starting points of a folder: one file each, and the file of their sources.

    Raises:
        StartingPointError: If a file cannot be used, or two propose one purpose.
    """
    sources = load_sources(_read(folder / _SOURCES), _SOURCES)
    found = [
        load_starting_point(_read(path), path.name, sources)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != _SOURCES
    ]
    purposes: set[str] = set()
    for point in found:
        for purpose in point.purposes:
            if purpose.slug in purposes:
                raise StartingPointError(
                    file=f"{point.slug}.yaml", line=1, reason=f"another file proposes the purpose {purpose.slug}"
                )
            purposes.add(purpose.slug)
    return MappingProxyType({point.slug: point for point in sorted(found, key=lambda each: each.order)})


def load_sources(text: str, name: str) -> Mapping[str, Source]:
    """Return the sources of periods by the word that quotes them.

    Raises:
        StartingPointError: If the file cannot be used.
    """
    loaded: Mapping[str, Source] = _load(SourcesSchema(), text, name)["sources"]
    return loaded


def load_starting_point(text: str, name: str, sources: Mapping[str, Source]) -> StartingPoint:
    """Return the starting point that a file describes.

    Raises:
        StartingPointError: If the file cannot be used.
    """
    slug = name.removesuffix(".yaml")
    if not is_slug(slug):
        raise StartingPointError(file=name, line=1, reason="the file's name is the slug of its starting point")
    loaded = _load(starting_point_schema(sources), text, name)
    loaded.pop("version")
    return StartingPoint(slug=slug, **loaded)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        raise StartingPointError(file=path.name, line=1, reason="the file cannot be read as UTF-8") from None


def _load(schema: Schema, text: str, name: str) -> dict[str, Any]:
    try:
        root = read_tree(text)
    except TreeError as error:
        raise StartingPointError(file=name, line=error.line, reason=error.reason) from None
    lines: dict[_Path, int] = {}
    plain = _plain(root, (), lines)
    if not isinstance(plain, dict):
        raise StartingPointError(file=name, line=root.line, reason="the file is a mapping")
    try:
        loaded: dict[str, Any] = schema.load(plain)
    except ValidationError as error:
        line, reason = min((_line_of(path, lines), _reason(path, said)) for path, said in _wrongs(error.messages, ()))
        raise StartingPointError(file=name, line=line, reason=reason) from None
    return loaded


def _plain(node: Node, path: _Path, lines: dict[_Path, int]) -> Any:
    """Return a tree as plain values, and note on which line each stands."""
    lines.setdefault(path, node.line)
    if isinstance(node, Text):
        return node.value
    if isinstance(node, List):
        return [_plain(each, (*path, place), lines) for place, each in enumerate(node.items)]
    return _plain_section(node, path, lines)


def _plain_section(node: Section, path: _Path, lines: dict[_Path, int]) -> dict[str, Any]:
    for key, line in node.lines.items():
        lines[*path, key] = line
    return {key: _plain(each, (*path, key), lines) for key, each in node.entries.items()}


def _wrongs(messages: Any, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(messages, dict):
        for key, each in messages.items():
            yield from _wrongs(each, (*path, key))
    else:
        yield path, " ".join(map(str, messages))


def _line_of(path: _Path, lines: Mapping[_Path, int]) -> int:
    """Return the line of what is named, or of the nearest thing around it that is there."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _reason(path: _Path, said: str) -> str:
    return f"{'.'.join(map(str, path))}: {said}"
