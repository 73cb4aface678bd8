"""Days and moments of REST are those that the house can keep and count from."""

import pytest
from marshmallow import Schema, ValidationError

from governance.web.fields import Day, Moment


class _Asked(Schema):
    day = Day()
    moment = Moment()


@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31", "9001-01-01", "9999-12-31"])
def test_what_no_calendar_of_the_house_holds_is_refused(text: str) -> None:
    for asked in ({"day": text}, {"moment": f"{text}T00:00:00+14:00"}, {"moment": f"{text}T23:59:59-12:00"}):
        with pytest.raises(ValidationError, match="Not a day from 1970-01-01 to 9000-12-31"):
            _Asked().load(asked)


def test_what_it_holds_is_read_with_its_zone() -> None:
    found = _Asked().load({"day": "2026-11-23", "moment": "2026-11-23T12:00:00+01:00"})
    assert (found["day"].isoformat(), found["moment"].utctimetuple().tm_hour) == ("2026-11-23", 11)
