"""Taking the names of tables and columns apart: `DateDeNaissance` and `DATE-NAISSANCE` say the same."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeVar

from unidecode import unidecode

from governance.datamap.reading import MAX_NAME

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SMALL_WORDS: Final = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "of", "the"})
_Meaning = TypeVar("_Meaning")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters without accents, articles left out."""
    words = [word.lower() for word in _WORDS.findall(unidecode(name))]
    return tuple(word for word in words if word not in _SMALL_WORDS) or tuple(words)


def look_up(name: str, vocabulary: Mapping[str, _Meaning]) -> _Meaning | None:
    """Return what the longest known phrase within a name means; the last one where several are as long.

    Args:
        name: A table's or column's name.
        vocabulary: Meanings by phrase, its words written together.
    """
    words = words_of(name)
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length, -1, -1):
            for phrase in _spellings("".join(words[start : start + length])):
                if phrase in vocabulary:
                    return vocabulary[phrase]
    return None


def slug_of(name: str, taken: Collection[str], fallback: str) -> str:
    """Return a name of the map for a physical name, one that nobody has yet.

    Args:
        name: The physical name.
        taken: Names that may not be given.
        fallback: What it is called where nothing of the name can be used.
    """
    snake = "_".join(word.lower() for word in _WORDS.findall(unidecode(name)))
    if not snake or not snake[0].isalpha():
        snake = f"{fallback}_{snake}".rstrip("_")
    snake = snake[: MAX_NAME - 4]
    if snake not in taken:
        return snake
    return next(candidate for candidate in _numbered(snake) if candidate not in taken)


def _numbered(name: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


def _spellings(phrase: str) -> tuple[str, ...]:
    # Plurals in French and English alike end in s, and columns are named in both numbers.
    return (phrase, phrase[:-1]) if phrase.endswith("s") else (phrase, f"{phrase}s")
