"""Which activities use which categories: a line for each activity, a field for each category, with a number in it.

The number says for how many purposes; the tone only repeats it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from register.pictures.shapes import LEADING, Box, Picture, Shape, Words, lines_of_words, wrapped

WIDE: Final = 860
NARROW: Final = 296
TONES: Final = 4
_LABEL: Final = 236
_RIGHT: Final = 80
_ROW: Final = 30
_NARROW_ROW: Final = 24
_HEAD: Final = 148
_SLANT: Final = -60


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """An activity, and for how many of its purposes it uses each category that it uses."""

    name: str
    counts: Mapping[str, int]


def tone(count: int) -> int:
    """Return how strong a field is drawn: 0 for nothing, and from 4 on no stronger."""
    return min(count, TONES)


def draw_heatmap(rows: Sequence[HeatRow], categories: Sequence[tuple[str, str]]) -> Picture:
    """Return the picture for a wide window; `categories` are keys and words, in the order of the vocabulary."""
    step = (WIDE - _LABEL - _RIGHT) / max(len(categories), 1)
    shapes = _heads(categories, _LABEL, step)
    for place, row in enumerate(rows):
        y = _HEAD + place * _ROW
        name = wrapped(row.name, _LABEL - 8, 2)
        shapes += lines_of_words((0, y + 27 - LEADING / 2 * len(name)), name, "pic-word")
        shapes += _fields(row, categories, (_LABEL, y), (step, _ROW))
    return Picture(WIDE, _HEAD + len(rows) * _ROW + 2, tuple(shapes))


def draw_narrow_heatmap(rows: Sequence[HeatRow], categories: Sequence[tuple[str, str]]) -> Picture:
    """Return the picture for a narrow window: the name of each activity stands above its line."""
    step = (NARROW - _RIGHT) / max(len(categories), 1)
    shapes = _heads(categories, 0, step)
    y = float(_HEAD)
    for row in rows:
        shapes.append(Words(0, y + 14, wrapped(row.name, NARROW, 1)[0], "pic-word"))
        shapes += _fields(row, categories, (0, y + 20), (step, _NARROW_ROW))
        y += 20 + _NARROW_ROW + 8
    return Picture(NARROW, y + 2, tuple(shapes))


def _heads(categories: Sequence[tuple[str, str]], left: float, step: float) -> list[Shape]:
    return [
        Words(left + place * step + step / 2 + 3, _HEAD - 8, text, "pic-soft", turn=_SLANT)
        for place, (_, text) in enumerate(categories)
    ]


def _fields(
    row: HeatRow, categories: Sequence[tuple[str, str]], at: tuple[float, float], size: tuple[float, float]
) -> list[Shape]:
    x, y = at
    width, height = size
    shapes: list[Shape] = []
    for place, (key, _) in enumerate(categories):
        count = row.counts.get(key, 0)
        left = x + place * width
        shapes.append(Box(left + 1, y + 1, width - 2, height - 2, f"pic-tone-{tone(count)}"))
        if count:
            look = "pic-on-tone" if tone(count) == TONES else "pic-in-tone"
            shapes.append(Words(left + width / 2, y + height / 2 + 4, str(count), look, "middle"))
    return shapes
