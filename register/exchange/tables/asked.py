"""What somebody says of the columns of a table: the file that goes with a file, and what a page keeps.

    sheet: Traitements            # where it is not the one that was found
    row: 4                        # in which the headings stand
    columns:
      Intitulé du traitement: name
      Remarques: ""               # left out
    numbers:
      7: purposes                 # by its number from 1; it wins over what the heading says

JSON is YAML, so the same as JSON is read too. A column that nothing is said of is what its heading says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import orjson

from governance.datamap.yaml_tree import Node, Section, Text, TreeError, read_tree
from governance.errors import Phrase, phrase
from register.exchange.errors import MalformedRegisterError, Wrong
from register.exchange.tables.columns import Field

MOST_ROWS: Final = 1000
_PARTS: Final = frozenset({"sheet", "row", "columns", "numbers"})
_LEFT_OUT: Final = frozenset({"", "~", "null", "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumns:
    """What somebody says of the columns.

    Attributes:
        sheet: The name of the sheet; None for the one that is found.
        row: The number of the row of its headings, from 1; None for the one that is found.
        columns: What a column is, by its heading.
        numbers: The same by the column's number, counted from 1.
    """

    sheet: str | None = None
    row: int | None = None
    columns: Mapping[str, Field] = field(default_factory=dict)
    numbers: Mapping[int, Field] = field(default_factory=dict)


def read_asked(text: str) -> AskedColumns:
    """Return what a text says of the columns.

    Raises:
        MalformedRegisterError: If it says nothing that can be read, with its line.
    """
    try:
        root = read_tree(text)
    except TreeError as error:
        _refuse(error.line, phrase("{reason}", reason=error.reason))
    if not isinstance(root, Section):
        _refuse(root.line, phrase("expected `name: value` lines"))
    for name, line in root.lines.items():
        if name not in _PARTS:
            _refuse(line, phrase("expected one of {sections}", sections=", ".join(sorted(_PARTS))))
    row = root.entries.get("row")
    sheet = root.entries.get("sheet")
    return AskedColumns(
        sheet=None if sheet is None else _word(sheet),
        row=None if row is None else _number(row, _word(row), MOST_ROWS),
        columns={heading: _field(node) for heading, node in _entries(root, "columns").items()},
        numbers={_number(node, name, MOST_ROWS): _field(node) for name, node in _entries(root, "numbers").items()},
    )


def as_text(asked: AskedColumns) -> str:
    """Return the same as a text that is read again."""
    told: dict[str, Any] = {
        "columns": dict(asked.columns),
        "numbers": {str(number): said for number, said in asked.numbers.items()},
    }
    told |= {name: said for name, said in (("sheet", asked.sheet), ("row", asked.row)) if said is not None}
    return orjson.dumps(told).decode()


def _entries(root: Section, name: str) -> Mapping[str, Node]:
    node = root.entries.get(name)
    if node is not None and not isinstance(node, Section):
        _refuse(node.line, phrase("expected `name: value` lines"))
    return {} if node is None else node.entries


def _field(node: Node) -> Field:
    said = _word(node)
    if said in _LEFT_OUT:
        return Field.LEFT_OUT
    try:
        return Field(said)
    except ValueError:
        _refuse(node.line, phrase("expected one of {sections}", sections=", ".join(sorted(Field))))


def _number(node: Node, said: str, most: int) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(most)) and 1 <= int(said) <= most):
        _refuse(node.line, phrase("expected a number from 1 to {most}", most=most))
    return int(said)


def _word(node: Node) -> str:
    if not isinstance(node, Text):
        _refuse(node.line, phrase("expected a word"))
    return node.value.strip()


def _refuse(line: int, reason: Phrase) -> NoReturn:
    place = phrase("what is said of the columns, line {line}", line=line)
    raise MalformedRegisterError(wrongs=(Wrong(place, reason),))
