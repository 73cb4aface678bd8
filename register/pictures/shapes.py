"""The shapes that pictures are made of. How they look the stylesheet says: a shape only names its look."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

# How wide a letter of a common typeface is, as a part of its height; generous, so that words stay in their boxes.
_LETTER: Final = 0.6
SIZE: Final = 12
LEADING: Final = 15


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    kind: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words; `turn` degrees around its own place."""

    kind: ClassVar[str] = "words"
    x: float
    y: float
    text: str
    look: str
    anchor: str = "start"
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A way, as SVG writes it."""

    kind: ClassVar[str] = "line"
    way: str
    look: str


Shape = Box | Words | Line


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: its size, and its shapes from the back to the front."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def wrapped(text: str, width: float, most: int = 3) -> list[str]:
    """Return a text in lines that fit a width; what does not fit the last of them is cut, and says so."""
    letters = max(int(width / (SIZE * _LETTER)), 4)
    return textwrap.wrap(text, letters, max_lines=most, placeholder=" …", break_on_hyphens=False) or [""]


def lines_of_words(place: tuple[float, float], lines: Sequence[str], look: str, anchor: str = "start") -> list[Words]:
    """Return lines of words below each other; `place` is where the first stands."""
    x, y = place
    return [Words(x, y + row * LEADING, text, look, anchor) for row, text in enumerate(lines)]


def diamond(x: float, y: float, half: float) -> str:
    """Return the way around a diamond."""
    return f"M{x:g} {y - half:g}L{x + half:g} {y:g}L{x:g} {y + half:g}L{x - half:g} {y:g}Z"
