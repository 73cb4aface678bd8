"""Words as they are looked for: without accents, in small letters, the same on both databases."""

import re
from typing import Final

from unidecode import unidecode

# More words than that narrow nothing any further.
MOST_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text, plain: letters and digits, whatever stands between them."""
    return _WORD.findall(unidecode(text).casefold())


def plain(*texts: str) -> str:
    """Return texts as one line of plain words, in which words are looked for."""
    return " ".join(word for text in texts for word in words_of(text))
