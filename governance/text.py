"""Text that both databases can hold, and that says to whoever sees it what it says to a program."""

import re
from typing import Final

# What turns the order of letters round, or stands there unseen (Unicode Standard Annexes 9 and 31). Joiners stay: they
# belong to words of several languages, and to emoji; so do soft hyphens and every kind of blank.
_UNSEEN: Final = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def is_storable(text: str) -> bool:
    """Return whether a database takes the text: without NUL, and with whole characters only.

    PostgreSQL stores no NUL, and neither database stores half of a surrogate pair, which UTF-8 cannot carry.
    """
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_plain(text: str) -> bool:
    """Return whether the text can be stored, and holds nothing unseen that changes how it is read."""
    return is_storable(text) and _UNSEEN.search(text) is None


def one_line(text: str) -> str:
    """Return the text on one line, each run of blanks as one; of what can be stored, what a header can hold."""
    return " ".join(text.split())


def fits_a_header(text: str) -> bool:
    """Return whether nothing in the text could end a header and begin another, or cannot be sent (RFC 5322, 2.2)."""
    return is_storable(text) and len(f"{text}.".splitlines()) == 1


def without_unseen(text: str) -> str:
    """Return the text without what nobody typed on purpose: it comes along with what is pasted."""
    return _UNSEEN.sub("", text)
