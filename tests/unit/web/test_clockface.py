"""Times as people read them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from governance.web.clockface import moment, time_left, urgency

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="en", default_timezone="Europe/Paris")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=31, minutes=12), "31 h 12"),
        (timedelta(minutes=60), "1 h 00"),
        (timedelta(minutes=5), "5 min 00"),
        (timedelta(minutes=1, seconds=9), "1 min 09"),
        (timedelta(seconds=30), "30 s"),
        (timedelta(days=2), "48 h 00"),
        (timedelta(days=2, seconds=1), "2 days"),
        (timedelta(days=23, hours=23), "23 days"),
        (timedelta(hours=-3), "3 h 00 late"),
        (timedelta(days=-9), "9 days late"),
        (timedelta(0), "0 s late"),
    ],
)
def test_the_time_left_is_told_in_days_and_near_the_end_in_hours(left: timedelta, words: str) -> None:
    assert time_left(NOW + left, NOW) == words


def test_the_72_hours_are_told_in_hours() -> None:
    assert time_left(NOW + timedelta(hours=72), NOW, hours=True) == "72 h 00"


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        (timedelta(seconds=-1), "late"),
        (timedelta(0), "late"),
        (timedelta(seconds=1), "soon"),
        (timedelta(days=5), "soon"),
        (timedelta(days=5, seconds=1), "calm"),
    ],
)
def test_a_deadline_is_calm_then_soon_then_late(left: timedelta, tone: str) -> None:
    assert urgency(NOW + left, NOW) == tone


def test_a_moment_is_told_in_the_time_of_the_house() -> None:
    assert "10:00" in moment(NOW)
