"""Taking typed values out of a tree, with an error that says the line and what was expected.

What a file holds is quoted in an error only where it looks like a name: a file of customers given by mistake must not
come back in a message.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Never, TypeVar

from governance.datamap.errors import MapError
from governance.datamap.yaml_tree import List, Node, Section, Text
from governance.errors import phrase

# PostgreSQL cuts longer identifiers short.
MAX_NAME: Final = 63
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]*")
_QUOTABLE: Final = re.compile(r"[A-Za-z0-9_-]{1,63}")
_Word = TypeVar("_Word", bound=StrEnum)


def quoted(text: str) -> str:
    """Return the text in quotes where it looks like a name, `this` otherwise."""
    return f"“{text}”" if _QUOTABLE.fullmatch(text) else phrase("this")


@dataclass(frozen=True, slots=True)
class Reader:
    """One mapping of the file, with what it may hold."""

    file: str
    section: Section
    what: str

    def fail(self, line: int, reason: str) -> Never:
        """Refuse the file.

        Raises:
            MapError: Always.
        """
        raise MapError(file=self.file, line=line, reason=reason)

    @property
    def line(self) -> int:
        """Where the mapping begins."""
        return self.section.line

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the mapping where the key is absent."""
        return self.section.lines.get(key, self.section.line)

    def only(self, *known: str) -> None:
        """Refuse keys that nobody knows: a slip of the pen must not pass for a setting.

        Raises:
            MapError: If there is one.
        """
        for key in self.section.entries:
            if key not in known:
                reason = phrase(
                    "{key} is not a key of {what}; it may have {known}",
                    key=quoted(key),
                    what=self.what,
                    known=", ".join(known),
                )
                self.fail(self.line_of(key), reason)

    def get(self, key: str) -> Node | None:
        """Return what stands under a key; nothing and an empty text are the same."""
        found = self.section.entries.get(key)
        return None if isinstance(found, Text) and not found.value else found

    def text(self, key: str) -> str | None:
        """Return one text.

        Raises:
            MapError: If it is a list or a mapping.
        """
        found = self.get(key)
        if found is None:
            return None
        if not isinstance(found, Text):
            self.fail(found.line, phrase("{key} must be one word", key=key))
        return found.value

    def required(self, key: str, example: str) -> str:
        """Return one text that must be there.

        Raises:
            MapError: If it is not.
        """
        found = self.text(key)
        if found is None:
            self.fail(
                self.line_of(key),
                phrase("{what} needs {key}; write {key}: {example}", what=self.what, key=key, example=example),
            )
        return found

    def word(self, key: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """Return one of an enumeration's words; it must be there where there is no default.

        Raises:
            MapError: If it is not one of them.
        """
        written = self.text(key) if default is not None else self.required(key, next(iter(words)).value)
        if written is None and default is not None:
            return default
        return self._one_of(words, written or "", self.line_of(key), key)

    def words(self, key: str, words: type[_Word]) -> tuple[_Word, ...]:
        """Return a list of an enumeration's words.

        Raises:
            MapError: If one is not one of them.
        """
        return tuple(self._one_of(words, item, self.line_of(key), key) for item in self.texts(key))

    def _one_of(self, words: type[_Word], written: str, line: int, key: str) -> _Word:
        try:
            return words(written)
        except ValueError:
            choices = ", ".join(word.value for word in words)
            self.fail(
                line,
                phrase(
                    "{written} is not a {key}; it is one of {choices}",
                    written=quoted(written),
                    key=key,
                    choices=choices,
                ),
            )

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each once; empty where the key is absent.

        Raises:
            MapError: If it is not a list of texts, or one stands there twice.
        """
        found = self.get(key)
        if found is None:
            return ()
        if not isinstance(found, List):
            self.fail(found.line, phrase("{key} must be a list; write {key}: [...]", key=key))
        texts = [item.value for item in found.items if isinstance(item, Text) and item.value]
        if len(texts) != len(found.items):
            self.fail(found.line, phrase("{key} must be a list of words", key=key))
        if len(set(texts)) != len(texts):
            self.fail(found.line, phrase("{key} names the same twice; keep one", key=key))
        return tuple(texts)

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is absent.

        Raises:
            MapError: If it is neither.
        """
        found = self.text(key)
        if found not in {None, "true", "false"}:
            self.fail(self.line_of(key), phrase("{key} must be true or false", key=key))
        return found == "true"

    def slug(self, text: str, line: int, what: str) -> str:
        """Return a name of the map.

        Raises:
            MapError: If it is not one.
        """
        if not _SLUG.fullmatch(text) or len(text) > MAX_NAME:
            reason = phrase(
                "{name} is not a name for {what}; use a-z, 0-9 and _, a letter first, at most {most}",
                name=quoted(text),
                what=what,
                most=MAX_NAME,
            )
            self.fail(line, reason)
        return text

    def physical(self, key: str, default: str) -> str:
        """Return the name that something has in its database: any printable text.

        Raises:
            MapError: If it holds control characters or is longer than databases allow.
        """
        return self.identifier(self.text(key) or default, self.line_of(key))

    def identifier(self, name: str, line: int) -> str:
        """Return a name that a database may give.

        Raises:
            MapError: If no database would.
        """
        if not name.isprintable() or len(name.encode()) > MAX_NAME:
            self.fail(
                line,
                phrase(
                    "this is not a name of a table or column; it is at most {most} printable characters", most=MAX_NAME
                ),
            )
        return name

    def sections(self, key: str, what: str, *, needed: bool = False) -> "Iterator[tuple[str, Reader]]":
        """Give the named mappings under a key, in the order of the file.

        Raises:
            MapError: If something else stands there, or nothing and it is needed.
        """
        found = self.get(key)
        if found is None:
            if needed:
                self.fail(self.line_of(key), phrase("{what} needs {key}", what=self.what, key=key))
            return
        if not isinstance(found, Section):
            self.fail(found.line, phrase("{key} must be a mapping; write each {what} as name: ...", key=key, what=what))
        for name, node in found.entries.items():
            line = found.lines[name]
            self.slug(name, line, phrase("a {what}", what=what))
            if not isinstance(node, Section):
                self.fail(
                    line, phrase("{quoted} must be a mapping; write {name}: {{...}}", quoted=quoted(name), name=name)
                )
            # Its own name's line, not that of its first key: that is where a person looks.
            yield (
                name,
                Reader(
                    self.file,
                    Section(node.entries, node.lines, line),
                    phrase("{what} {name}", what=what, name=quoted(name)),
                ),
            )


def joined(names: Sequence[str]) -> str:
    """Return names for a sentence."""
    return ", ".join(names) or phrase("none")
