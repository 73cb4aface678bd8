"""The three phases in the life of data: in use, in the archive, and what becomes of them; from an event on.

Days, about as many as a period has, are drawn by their square root: a month beside ten years can still be seen, and
longer is still longer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from governance.periods import Period
from register.pictures.shapes import LEADING, Box, Line, Picture, Shape, Words, diamond, lines_of_words, wrapped

WIDE: Final = 860
NARROW: Final = 296
_LABEL: Final = 290
_LEAD: Final = 46
_TAIL: Final = 118
_BAR: Final = 16
_AXIS: Final = 30
_GAP: Final = 14
# Where the scale has a mark.
MARKS: Final = tuple(map(Period, ("P1M", "P1Y", "P3Y", "P5Y", "P10Y", "P20Y", "P30Y", "P50Y", "P100Y")))
_APART: Final = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The life of some categories of some people.

    Attributes:
        label: Which, in words.
        event: What the days are counted from, in words.
        from_collection: Whether that is the collection itself; else data are in use before it, too.
        active_for, archived_for: The two phases after the event.
        fate: What becomes of them, in words.
    """

    label: str
    event: str
    from_collection: bool
    active_for: Period
    archived_for: Period
    fate: str

    @property
    def about_days(self) -> float:
        """About how many days both phases last."""
        return self.active_for.about_days + self.archived_for.about_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How days become places on the line."""

    left: float
    width: float
    longest: float

    def at(self, days: float) -> float:
        """Return where a number of days after the event lies."""
        return self.left + self.width * math.sqrt(days / self.longest)


def draw_timeline(courses: Sequence[Course], marks: Sequence[tuple[Period, str]]) -> Picture:
    """Return the picture for a wide window; `marks` are those of the scale, in words."""
    scale = Scale(left=_LABEL + _LEAD, width=WIDE - _LABEL - _LEAD - _TAIL, longest=_longest(courses))
    shapes: list[Shape] = []
    y = float(_AXIS)
    for course in courses:
        label, event = wrapped(course.label, _LABEL - 16, 4), wrapped(course.event, _LABEL - 16, 2)
        tall = (len(label) + len(event)) * LEADING
        shapes += lines_of_words((0, y + 11), label, "pic-word pic-strong")
        shapes += lines_of_words((0, y + 11 + len(label) * LEADING), event, "pic-soft")
        shapes += _bar(course, scale, y + (tall - _BAR) / 2)
        y += tall + _GAP
    return Picture(WIDE, y, (*_axis(scale, marks, [(_AXIS - 8, y - _GAP / 2)]), *shapes))


def draw_narrow_timeline(courses: Sequence[Course], marks: Sequence[tuple[Period, str]]) -> Picture:
    """Return the picture for a narrow window: the words of each stand above its line."""
    scale = Scale(left=24, width=NARROW - 24 - 12, longest=_longest(courses))
    shapes: list[Shape] = []
    beside: list[tuple[float, float]] = []
    y = float(_AXIS)
    for course in courses:
        lines = wrapped(course.label, NARROW, 4)
        shapes += lines_of_words((0, y + 11), lines, "pic-word pic-strong")
        y += len(lines) * LEADING
        told = wrapped(f"{course.event} · {course.fate}", NARROW, 2)
        shapes += lines_of_words((0, y + 11), told, "pic-soft")
        y += len(told) * LEADING + 6
        shapes += _bar(course, scale, y, lead=24, told=False)
        beside.append((y - 3, y + _BAR + 3))
        y += _BAR + _GAP + 4
    return Picture(NARROW, y, (*_axis(scale, marks, beside), *shapes))


def _longest(courses: Sequence[Course]) -> float:
    return max([MARKS[0].about_days, *(course.about_days for course in courses)])


def _axis(scale: Scale, marks: Sequence[tuple[Period, str]], beside: Sequence[tuple[float, float]]) -> list[Shape]:
    """Return the marks of the scale, as many as stand beside each other, the longest first; `beside` which heights."""

    def upright(x: float) -> str:
        return "".join(f"M{x:g} {top:g}V{bottom:g}" for top, bottom in beside)

    shapes: list[Shape] = [Line(upright(scale.left), "pic-event")]
    last = math.inf
    for mark, text in sorted(marks, key=lambda each: each[0].about_days, reverse=True):
        days = mark.about_days
        x = scale.at(days)
        if days > scale.longest or last - x < _APART or x - scale.left < _APART / 2:
            continue
        anchor = "end" if x + _APART / 2 > scale.left + scale.width + 12 else "middle"
        shapes += [Line(upright(x), "pic-mark"), Words(x, 14, text, "pic-soft", anchor)]
        last = x
    return shapes


def _bar(course: Course, scale: Scale, y: float, *, lead: float = _LEAD, told: bool = True) -> list[Shape]:
    used, end = scale.at(course.active_for.about_days), scale.at(course.about_days)
    shapes: list[Shape] = []
    if not course.from_collection:
        # Before the event they are in use already; how long, nobody knows.
        shapes.append(Box(scale.left - lead, y, lead, _BAR, "pic-before"))
    if used > scale.left:
        shapes.append(Box(scale.left, y, used - scale.left, _BAR, "pic-active"))
    if end > used:
        shapes.append(Box(used, y, end - used, _BAR, "pic-archive"))
    shapes.append(Line(diamond(end, y + _BAR / 2, 7), "pic-fate"))
    if told:
        shapes.append(Words(end + 12, y + 12, course.fate, "pic-soft"))
    return shapes
