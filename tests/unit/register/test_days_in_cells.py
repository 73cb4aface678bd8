"""A cell says a day as people write it, or none."""

from datetime import date

import pytest

from register.exchange.days import day_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/01/2026", date(2026, 1, 31)),
        ("Signé le 1.2.2026 à Lyon", date(2026, 2, 1)),
        ("2026-01-31T00:00:00", date(2026, 1, 31)),
        ("30/02/2026", None),
        ("01/01/0001", None),
        ("31/12/9999", None),
        ("never", None),
        ("", None),
    ],
)
def test_a_cell_says_a_day_that_can_be_kept_or_none(text: str, day: date | None) -> None:
    assert day_in(text) == day
