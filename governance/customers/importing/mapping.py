"""The column mapping that a person writes for a file (`--columns`).

columns:
  Nom: family_name
  Code client: number
  Remarques: ""              # left out, knowingly
constants:
  status: customer
values:
  civility: {Mlle: madame}
collected_on: 2026-01-31     # for the whole file; or a column: `Recueilli le: collected_on`
verified_on: 2026-06-30
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from governance.customers.errors import MappingError
from governance.datamap.values import FieldKind
from governance.datamap.yaml_tree import MAX_BYTES, List, Node, Section, Text, TreeError, read_tree
from governance.errors import phrase
from governance.gate.spellings import respell

_SECTIONS: Final = frozenset({"columns", "constants", "values", "collected_on", "verified_on"})
_LEFT_OUT: Final = frozenset({"", "~", "null", "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """What a person said about a file's columns.

    Attributes:
        columns: Header to field or link; None for a column that is left out.
        numbers: The same by the column's number, counted from 1; it wins over what the header says.
        constants: Field to the text that every row gets.
        values: Field to spellings, each with what it stands for.
        collected_on: When the whole file was collected, where no column says it.
        verified_on: When the whole file was last verified.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    numbers: Mapping[int, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    collected_on: date | None = None
    verified_on: date | None = None


def read_mapping(path: Path) -> ColumnMapping:
    """Read a column mapping from a file.

    Raises:
        MappingError: If it cannot be read, or is none.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            # One character more than is read in any case, so that a long file is refused and not taken in whole.
            return parse_mapping(file.read(MAX_BYTES + 1))
    except (OSError, UnicodeDecodeError):
        raise MappingError(
            place=phrase("line {line}", line=1), reason=phrase("the file cannot be read as UTF-8 text")
        ) from None


def parse_mapping(text: str) -> ColumnMapping:
    """Read a column mapping.

    Raises:
        MappingError: If it is not one; says the line.
    """
    try:
        tree = read_tree(text)
    except TreeError as error:
        raise MappingError(place=phrase("line {line}", line=error.line), reason=error.reason) from None
    root = _section(tree)
    for name, line in root.lines.items():
        if name not in _SECTIONS:
            raise MappingError(
                place=phrase("line {line}", line=line),
                reason=phrase("expected one of {sections}", sections=", ".join(sorted(_SECTIONS))),
            )
    columns = {header: _text(node) for header, node in _entries(root, "columns").items()}
    return ColumnMapping(
        columns={header: None if target in _LEFT_OUT else target for header, target in columns.items()},
        constants={name: _text(node) for name, node in _entries(root, "constants").items()},
        values={
            name: {spelling: _text(meant) for spelling, meant in _section(node).entries.items()}
            for name, node in _entries(root, "values").items()
        },
        collected_on=_day(root, "collected_on"),
        verified_on=_day(root, "verified_on"),
    )


def _entries(root: Section, name: str) -> Mapping[str, Node]:
    node = root.entries.get(name)
    return {} if node is None else _section(node).entries


def _section(node: Node) -> Section:
    if isinstance(node, Text | List):
        raise MappingError(place=phrase("line {line}", line=node.line), reason=phrase("expected `name: value` lines"))
    return node


def _text(node: Node) -> str:
    if not isinstance(node, Text):
        raise MappingError(place=phrase("line {line}", line=node.line), reason=phrase("expected a word"))
    return node.value.strip()


def _day(root: Section, name: str) -> date | None:
    node = root.entries.get(name)
    if node is None:
        return None
    try:
        return date.fromisoformat(str(respell(FieldKind.DATE, _text(node))))
    except ValueError:
        raise MappingError(
            place=phrase("line {line}", line=node.line), reason=phrase("expected a day, such as 2026-01-31")
        ) from None
