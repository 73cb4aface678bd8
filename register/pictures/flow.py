"""The way of data through an activity: whose, how they are collected, where they lie, who receives them, their end.

Wherever some of them leave the European Economic Area, that is a station before the end.

Wide, a column for each with a line from each thing to what it leads to; to their end all of them come, so that one
arrow leads there. Narrow, bands below each other, where lines would cross too much to be read: an arrow leads from
band to band.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from register.pictures.shapes import LEADING, SIZE, Box, Line, Picture, Shape, Words, lines_of_words, wrapped

NARROW: Final = 296
# More of one sort than this are counted.
MOST: Final = 8
_COLUMN: Final = 136
_BETWEEN: Final = 34
_HEAD: Final = 42
_GAP: Final = 10
_PAD: Final = 8
_LINES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One column of the picture: what it is called, and what is there, in words."""

    name: str
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The way of data.

    Attributes:
        stations: From people to the end, in order.
        ways: Between things of neighbouring stations but the last: the place of the left one, and the two things.
        more: What stands for those that are too many to draw, with `{count}` for how many.
    """

    stations: tuple[Station, ...]
    ways: frozenset[tuple[int, str, str]]
    more: str


def flow_of(journeys: Iterable[Sequence[str]], names: Sequence[str], more: str) -> Flow:
    """Return the flow of journeys, each a thing for every station, or nothing there; equal ways are one.

    A station where no journey halts is left out.
    """
    journeys = list(journeys)
    halts = [place for place in range(len(names)) if any(journey[place] for journey in journeys)]
    names = [names[place] for place in halts]
    seen: list[dict[str, None]] = [{} for _ in names]
    ways: set[tuple[int, str, str]] = set()
    for each in journeys:
        journey = [each[place] for place in halts]
        for place, thing in enumerate(journey):
            if thing:
                seen[place][thing] = None
        pairs = enumerate(pairwise(journey[:-1]))
        ways.update((place, start, end) for place, (start, end) in pairs if start and end)
    stations = tuple(Station(name=name, things=tuple(things)) for name, things in zip(names, seen, strict=True))
    return Flow(stations=stations, ways=frozenset(ways), more=more)


def draw_flow(flow: Flow) -> Picture:
    """Return the picture for a wide window."""
    last = len(flow.stations) - 1
    columns = [
        _Column(place=place, things=_shown(station, flow.more), last=place == last)
        for place, station in enumerate(flow.stations)
    ]
    height = max(column.height for column in columns)
    shapes: list[Shape] = []
    spots: list[Mapping[str, Box]] = []
    for place, (column, station) in enumerate(zip(columns, flow.stations, strict=True)):
        spots.append(column.stand(_HEAD + (height - column.height) / 2))
        shapes += lines_of_words((_left(place), 14), wrapped(station.name, _COLUMN + _BETWEEN / 2, 2), "pic-head")
    shapes += [
        Line(_curve(spots[place][start], spots[place + 1][end]), "pic-way")
        for place, start, end in sorted(flow.ways)
        if start in spots[place] and end in spots[place + 1]
    ]
    shapes.append(Line(_arrow_right(_left(last) - _BETWEEN + 8, _HEAD + height / 2), "pic-arrow"))
    for found in spots:
        for text, box in found.items():
            shapes += [box, *_inside(box, text)]
    return Picture(_left(last) + _COLUMN, _HEAD + height + _GAP, tuple(shapes))


def draw_narrow_flow(flow: Flow) -> Picture:
    """Return the picture for a narrow window."""
    shapes: list[Shape] = []
    y = 0.0
    for place, station in enumerate(flow.stations):
        if place:
            shapes.append(Line(_arrow_down(NARROW / 2, y + 2), "pic-arrow"))
            y += 26
        shapes.append(Words(0, y + 13, station.name, "pic-head"))
        y += 22
        things = _shown(station, flow.more)
        for row in range(0, len(things), 2):
            pair = things[row : row + 2]
            width = (NARROW - _GAP) / 2 if row + 1 < len(things) else NARROW
            tall = max(_height(text, width) for text in pair)
            for side, text in enumerate(pair):
                box = Box(side * (width + _GAP), y, width, tall, _look(last=place == len(flow.stations) - 1))
                shapes += [box, *_inside(box, text)]
            y += tall + _GAP
    return Picture(NARROW, y, tuple(shapes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    place: int
    things: tuple[str, ...]
    last: bool

    @property
    def height(self) -> float:
        return sum(_height(text, _COLUMN) for text in self.things) + _GAP * max(len(self.things) - 1, 0)

    def stand(self, top: float) -> Mapping[str, Box]:
        found: dict[str, Box] = {}
        for text in self.things:
            found[text] = Box(_left(self.place), top, _COLUMN, _height(text, _COLUMN), _look(last=self.last))
            top += found[text].height + _GAP
        return found


def _shown(station: Station, more: str) -> tuple[str, ...]:
    if len(station.things) <= MOST:
        return station.things
    return (*station.things[: MOST - 1], more.format(count=len(station.things) - MOST + 1))


def _left(place: int) -> float:
    return place * (_COLUMN + _BETWEEN)


def _look(*, last: bool) -> str:
    return "pic-end" if last else "pic-thing"


def _height(text: str, width: float) -> float:
    return len(wrapped(text, width - 2 * _PAD, _LINES)) * LEADING + 2 * _PAD


def _inside(box: Box, text: str) -> list[Words]:
    return lines_of_words((box.x + _PAD, box.y + _PAD + SIZE), wrapped(text, box.width - 2 * _PAD, _LINES), "pic-word")


def _curve(start: Box, end: Box) -> str:
    """Return a curve from the right side of one box to the left side of another."""
    x, y = start.x + start.width, start.y + start.height / 2
    to, down = end.x, end.y + end.height / 2
    half = (x + to) / 2
    return f"M{x:g} {y:g}C{half:g} {y:g} {half:g} {down:g} {to:g} {down:g}"


def _arrow_down(x: float, y: float) -> str:
    return f"M{x:g} {y:g}v18m-7 -7l7 7l7 -7"


def _arrow_right(x: float, y: float) -> str:
    return f"M{x:g} {y:g}h{_BETWEEN - 16:g}m-7 -7l7 7l-7 7"
