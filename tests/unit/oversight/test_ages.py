"""What a look found: ages of one kind of people and one category are told together, however many links there are."""

from datetime import UTC, date, datetime

from governance.oversight.drift.looks import aged_in, told_ages
from governance.oversight.drift.models import DriftLook
from governance.vocabulary import DataCategory, SubjectKind


def test_two_links_of_one_kind_are_one_age() -> None:
    pair, other = (SubjectKind.CUSTOMER, DataCategory.CONTACT), (SubjectKind.CUSTOMER, DataCategory.IDENTITY)
    ages = [(pair, date(2011, 1, 1), 2), (pair, date(2010, 1, 1), 3), (pair, None, 0), (other, None, 0)]
    look = DriftLook(place="table:orders", looked_at=datetime(2026, 1, 1, tzinfo=UTC), found=told_ages(ages))

    assert [(each.pair, each.oldest, each.count) for each in aged_in(look)] == [
        (pair, date(2010, 1, 1), 5),
        (other, None, 0),
    ]
