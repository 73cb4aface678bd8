"""The tree of a Fides file, walked with a path: what was asked for is known, and what was not is told at the end."""

from collections.abc import Iterator
from typing import Final, NoReturn

from governance.datamap.yaml_tree import List, Node, Section, Text
from governance.errors import Phrase, phrase
from register.exchange.errors import MalformedRegisterError, Wrong

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE", "yes", "on"})
_FALSE: Final = frozenset({"false", "False", "FALSE", "no", "off"})
_TEXT: Final = 10_000
_LIST: Final = 1000
_TOLD: Final = 500


def refuse(path: str, line: int, reason: Phrase) -> NoReturn:
    """Refuse a file for what stands at a path.

    Raises:
        MalformedRegisterError: Always.
    """
    place = phrase("{path}, line {line}", path=path, line=line)
    raise MalformedRegisterError(wrongs=(Wrong(place, reason),))


class Entry:
    """A mapping, of which each key is asked for.

    Attributes:
        path: Where it stands.
    """

    def __init__(self, node: Node, path: str) -> None:
        """Take a mapping.

        Raises:
            MalformedRegisterError: If it is none.
        """
        if not isinstance(node, Section):
            refuse(path, node.line, phrase("it must be a mapping of names to values"))
        self.path: Final = path
        self.line: Final = node.line
        self._entries: Final = node.entries
        self._asked: Final[set[str]] = set()

    @property
    def where(self) -> Phrase:
        """Where it stands, in words."""
        return phrase("{path}, line {line}", path=self.path, line=self.line)

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        node = self._node(name)
        return "" if node is None else self._text(node, f"{self.path}.{name}")

    def needed(self, name: str) -> str:
        """Return a text that has to be there."""
        said = self.text(name)
        if not said:
            refuse(f"{self.path}.{name}", self.line, phrase("it is missing"))
        return said

    def flag(self, name: str, otherwise: bool = False) -> bool:  # noqa: FBT001, FBT002 -- what the format has where nothing is said
        """Return whether something is so."""
        said = self.text(name)
        if said and said not in _TRUE | _FALSE:
            refuse(f"{self.path}.{name}", self.line, phrase("it must be true or false"))
        return said in _TRUE if said else otherwise

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, each once."""
        items = self.items_of(name)
        return list(dict.fromkeys(self._text(each, path) for path, each in items))

    def entries(self, name: str) -> "list[Entry]":
        """Return a list of mappings."""
        return [Entry(each, path) for path, each in self.items_of(name)]

    def entry(self, name: str) -> "Entry | None":
        """Return a mapping, where there is one."""
        node = self._node(name)
        return None if node is None else Entry(node, f"{self.path}.{name}")

    def pass_over(self, name: str) -> None:
        """Know of a key that nothing is wanted of."""
        self._asked.add(name)

    def left(self) -> Iterator[tuple[str, str]]:
        """Yield what nobody asked for, each with its name and what it says in one line."""
        for name, node in self._entries.items():
            said = _in_a_line(node)
            if name not in self._asked and said:
                yield name, said[:_TOLD]

    def _node(self, name: str) -> Node | None:
        self._asked.add(name)
        node = self._entries.get(name)
        return None if isinstance(node, Text) and node.value in _NULLS else node

    def items_of(self, name: str) -> list[tuple[str, Node]]:
        """Return the items of a list, each with its path."""
        node = self._node(name)
        if node is None:
            return []
        path = f"{self.path}.{name}"
        if not isinstance(node, List):
            refuse(path, node.line, phrase("it must be a list"))
        if len(node.items) > _LIST:
            refuse(path, node.line, phrase("it must be a list of at most {most}", most=_LIST))
        return [(f"{path}[{place}]", each) for place, each in enumerate(node.items)]

    def _text(self, node: Node, path: str) -> str:
        if not isinstance(node, Text):
            refuse(path, node.line, phrase("it must be a text"))
        if len(node.value) > _TEXT:
            refuse(path, node.line, phrase("it is longer than {most} characters", most=_TEXT))
        return node.value.strip()


def _in_a_line(node: Node) -> str:
    if isinstance(node, Text):
        return "" if node.value in _NULLS | _FALSE else " ".join(node.value.split())
    if isinstance(node, List):
        return ", ".join(filter(None, map(_in_a_line, node.items)))
    told = ((name, _in_a_line(each)) for name, each in node.entries.items())
    return " ; ".join(f"{name} {said}" for name, said in told if said)
