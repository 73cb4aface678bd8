"""Courses as coordinates: within their drawing, and true to their values."""

from hypothesis import given
from hypothesis import strategies as st

from governance.charts import HEIGHT, WIDTH, bars_of, line_of

COURSES = st.lists(st.integers(0, 10**9), max_size=60)


@given(COURSES)
def test_a_drawing_stays_within_its_frame(values: list[int]) -> None:
    for x, y, width, height in bars_of(values):
        assert 0 <= x <= x + width <= WIDTH
        assert 0 <= y <= y + height <= HEIGHT + 0.01
    for point in line_of(values).split():
        across, down = map(float, point.split(","))
        assert 0 <= across <= WIDTH
        assert 0 <= down <= HEIGHT


@given(COURSES)
def test_zero_has_no_bar_and_anything_else_can_be_seen(values: list[int]) -> None:
    bars = bars_of(values)

    assert len(bars) == sum(1 for value in values if value)
    assert all(height >= 1.5 for _, _, _, height in bars)


def test_twice_as_much_is_twice_as_tall() -> None:
    (_, _, _, small), (_, _, _, tall) = bars_of([50, 100])

    assert round(tall / small, 2) == 2
