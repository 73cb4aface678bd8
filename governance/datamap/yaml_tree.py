"""YAML read in fear: a tree of texts, lists and mappings in which everything knows its line.

Only the plain part of YAML is read. Anchors and aliases (of which a few lines can unfold to gigabytes), tags, several
documents, deep nesting and long files are refused. Nothing is guessed: `no`, `1e3` and `2020-01-01` stay the texts they
are, and whoever reads the tree says what it expects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from governance.errors import phrase

MAX_BYTES: Final = 1024 * 1024
_MAX_DEPTH: Final = 12
# The same parser in C where PyYAML was built with it: ten times faster.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TreeError(Exception):
    """Not the plain YAML that is read here. Says where and why; never leaves the data map."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as it was written."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class List:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping: each key with the line it stands on."""

    entries: "Mapping[str, Node]"
    lines: Mapping[str, int]
    line: int


Node = Text | List | Section


def read_tree(text: str, depth: int = _MAX_DEPTH) -> Node:
    """Return the one document in the text.

    Args:
        text: The file.
        depth: How deep things may lie in things.

    Raises:
        TreeError: If it is not the plain YAML that is read here.
    """
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise TreeError(1, phrase("the file is longer than {most} KiB; split it", most=MAX_BYTES // 1024))
    events = _events(text)
    try:
        return _document(events, depth)
    except StopIteration:
        raise TreeError(1, phrase("the file is empty")) from None


def _events(text: str) -> Iterator[yaml.Event]:
    line = 1
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            line = _line(event)
            _refuse_cleverness(event, line)
            if not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TreeError(
            mark.line + 1 if mark else line, phrase("this is not YAML: {problem}", problem=error.problem)
        ) from None
    except (yaml.YAMLError, UnicodeError, ValueError):
        # The reader's own error quotes a character and gives no line.
        raise TreeError(
            line, phrase("the file holds a character that YAML does not allow; save it as plain UTF-8")
        ) from None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _refuse_cleverness(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise TreeError(line, phrase("anchors and aliases (& and *) are not read here; write the value out"))
    if getattr(event, "tag", None) is not None:
        raise TreeError(line, phrase("tags (!) are not read here; write the plain value"))


def _document(events: Iterator[yaml.Event], depth: int) -> Node:
    next(events)  # the start of the document
    root = _node(events, next(events), depth)
    following = next(events, None)
    if following is not None:
        raise TreeError(_line(following), phrase("the file holds a second document (---); one is read"))
    return root


def _node(events: Iterator[yaml.Event], event: yaml.Event, depth: int) -> Node:
    # `depth` is what is left of it.
    line = _line(event)
    if depth < 1:
        raise TreeError(line, phrase("this is nested too deep"))
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(following := next(events), yaml.SequenceEndEvent):
            items.append(_node(events, following, depth - 1))
        return List(tuple(items), line)
    return _section(events, line, depth)


def _section(events: Iterator[yaml.Event], line: int, depth: int) -> Section:
    entries: dict[str, Node] = {}
    lines: dict[str, int] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        key_line = _line(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise TreeError(key_line, phrase("a key must be a word"))
        if key.value in entries:
            raise TreeError(
                key_line, phrase("this key stands here twice (first on line {line}); keep one", line=lines[key.value])
            )
        lines[key.value] = key_line
        entries[key.value] = _node(events, next(events), depth - 1)
    return Section(entries, lines, line)
