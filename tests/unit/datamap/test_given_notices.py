"""What stands behind a row's MAC: which notices its people were given, and what they were told afterwards."""

from typing import Final

from governance.customers.reference import reference_map
from governance.datamap.given_notices import given_anew, given_at_once, given_since, open_places, places_of
from governance.vocabulary import DataCategory

CUSTOMERS: Final = reference_map().tables["customers"]
CONTACT: Final = ("person", DataCategory.CONTACT)
EVERYTHING: Final = frozenset(places_of(CUSTOMERS))


def test_people_who_are_told_afterwards_open_all_that_was_under_no_notice() -> None:
    assert open_places(CUSTOMERS, b"", {7}) == frozenset()
    assert given_since(b"", 7) == given_at_once(7)
    assert open_places(CUSTOMERS, given_since(b"", 7), {7}) == EVERYTHING


def test_what_was_given_anew_under_another_notice_stays_under_that_one() -> None:
    given = given_since(given_anew(CUSTOMERS, b"", {CONTACT: True}, 3), 7)

    assert open_places(CUSTOMERS, given, {7}) == EVERYTHING - {CONTACT}
    assert open_places(CUSTOMERS, given, {3}) == {CONTACT}


def test_what_is_left_of_data_under_none_is_open_to_what_both_notices_name() -> None:
    given = given_since(given_anew(CUSTOMERS, b"", {CONTACT: False}, 3), 7)

    assert CONTACT not in open_places(CUSTOMERS, given, {3})
    assert CONTACT not in open_places(CUSTOMERS, given, {7})
    assert CONTACT in open_places(CUSTOMERS, given, {3, 7})


def test_data_collected_under_a_notice_is_not_told_another() -> None:
    assert given_since(given_at_once(3), 7) == given_at_once(3)
    assert given_since(given_since(b"", 3), 7) == given_at_once(3)
