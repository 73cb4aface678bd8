"""Which words differ between two passages, so that whoever compares long texts need not look for them."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from itertools import count, groupby
from typing import Final

# A stretch of a line, and whether the other passage lacks it; put together, a line's stretches are the line.
Stretch = tuple[str, bool]
Lines = tuple[tuple[Stretch, ...], ...]
# A word or a sign, with the space before it.
_WORD: Final = re.compile(r"\s*(?:\w+|[^\w\s]+)|\s+")
# Comparing takes up to the square of the words: beyond so many, passages are shown without marks.
_MOST_WORDS: Final = 2_000


def marked(then: Sequence[str] | None, now: Sequence[str] | None) -> tuple[Lines | None, Lines | None]:
    """Return the lines of both passages. What one side alone has is new or gone as a whole: nothing in it is marked."""
    old, new = list(_words(then or ())), list(_words(now or ()))
    gone: set[int] = set()
    come: set[int] = set()
    if then is not None and now is not None and max(len(old), len(new)) <= _MOST_WORDS:
        for kind, old_start, old_end, new_start, new_end in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            if kind != "equal":
                gone.update(range(old_start, old_end))
                come.update(range(new_start, new_end))
    return None if then is None else _told(then, gone), None if now is None else _told(now, come)


def _words(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from _WORD.findall(line)


def _told(lines: Sequence[str], differing: AbstractSet[int]) -> Lines:
    place = count()
    return tuple(_stretches([(word, next(place) in differing) for word in _WORD.findall(line)]) for line in lines)


def _stretches(words: Sequence[Stretch]) -> tuple[Stretch, ...]:
    return tuple(
        ("".join(word for word, _ in alike), differs) for differs, alike in groupby(words, key=lambda each: each[1])
    )
