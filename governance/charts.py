"""Drawings of numbers, as coordinates: a server draws them, so that no page needs a script to show a course."""

from collections.abc import Sequence
from typing import Final

WIDTH: Final = 120
HEIGHT: Final = 28
# The line stays so far from the edges, so that its stroke is not cut.
_MARGIN: Final = 2


def line_of(values: Sequence[int]) -> str:
    """Return the points of a line through values, the first on the left; a course of nothing lies at the bottom."""
    if not values:
        return ""
    highest = max(*values, 1)
    step = (WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    return " ".join(f"{_MARGIN + place * step:.1f},{_height(value, highest):.1f}" for place, value in enumerate(values))


def bars_of(values: Sequence[int]) -> list[tuple[float, float, float, float]]:
    """Return x, y, width and height of a bar for each value; zero has none, and the smallest can still be seen."""
    highest = max(*values, 1) if values else 1
    step = WIDTH / max(len(values), 1)
    bars = []
    for place, value in enumerate(values):
        if value:
            tall = max((HEIGHT - _MARGIN) * value / highest, 1.5)
            bars.append((round(place * step + 0.4, 2), round(HEIGHT - tall, 2), round(step - 0.8, 2), round(tall, 2)))
    return bars


def _height(value: int, highest: int) -> float:
    return HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * value / highest
