"""The picture of maturity: for each activity where it stands, where it is to stand, and where it stood last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from governance.oversight.values.accountability import HIGHEST_LEVEL
from register.pictures.shapes import LEADING, Box, Line, Picture, Shape, Words, diamond, lines_of_words, wrapped

WIDE: Final = 860
NARROW: Final = 296
_LABEL: Final = 320
_EDGE: Final = 12
_BAR: Final = 16
_AXIS: Final = 26
_GAP: Final = 16
# What stands at nothing can still be seen.
_THIN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an activity stands.

    Attributes:
        label: What it is called, in words.
        before: Where it stood last time; None where it was never assessed before.
    """

    label: str
    level: int
    target: int
    before: int | None


def draw_maturity(standings: Sequence[Standing]) -> Picture:
    """Return the picture for a wide window."""
    return _draw(standings, WIDE, _LABEL, beside=True)


def draw_narrow_maturity(standings: Sequence[Standing]) -> Picture:
    """Return the picture for a narrow window: the words of each stand above its bar."""
    return _draw(standings, NARROW, _EDGE, beside=False)


def _draw(standings: Sequence[Standing], width: float, left: float, *, beside: bool) -> Picture:
    step = (width - left - _EDGE) / HIGHEST_LEVEL
    shapes: list[Shape] = []
    y = float(_AXIS)
    for each in standings:
        lines = wrapped(each.label, (left if beside else width) - _EDGE)
        tall = len(lines) * LEADING
        shapes += lines_of_words((0, y + 12), lines, "pic-word pic-strong")
        if not beside:
            y += tall + 4
        shapes += _bar(each, left, step, y)
        y += max(tall, _BAR) + _GAP if beside else _BAR + _GAP
    return Picture(width, y, (*_axis(left, step, y), *shapes))


def _axis(left: float, step: float, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    for level in range(HIGHEST_LEVEL + 1):
        x = left + level * step
        shapes.append(Line(f"M{x:g} {_AXIS - 8:g}V{bottom - _GAP / 2:g}", "pic-mark"))
        shapes.append(Words(x, 12, str(level), "pic-soft", "middle"))
    return shapes


def _bar(each: Standing, left: float, step: float, y: float) -> list[Shape]:
    shapes: list[Shape] = [Box(left, y, max(each.level * step, _THIN), _BAR, "pic-active")]
    if each.before is not None:
        x = left + each.before * step
        shapes.append(Line(f"M{x:g} {y - 4:g}V{y + _BAR + 4:g}", "pic-event"))
    shapes.append(Line(diamond(left + each.target * step, y + _BAR / 2, 7), "pic-fate"))
    return shapes
