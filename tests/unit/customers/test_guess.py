"""Which way of looking what was typed looks like."""

import pytest

from governance.customers.guess import AUTOMATIC, full_names, looks_like_a_number, ways_for
from governance.customers.ways import WAYS


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("zoe@demo.example", ["email"]),
        ("@", ["email"]),
        ("06 39 98 00 12", ["phone", "mobile"]),
        ("06.39.98.00.12", ["phone", "mobile"]),
        ("+33 6 39 98 00 12", ["phone", "mobile"]),
        ("+1", ["phone", "mobile"]),
        ("33000", ["postcode"]),
        ("33", ["postcode"]),
        ("123456", ["number"]),
        ("C-000012", ["number"]),
        ("Lefèvre", ["name"]),
        ("d'Arc", ["name"]),
    ],
)
def test_what_is_typed_says_how_to_look(typed: str, ways: list[str]) -> None:
    assert [way.slug for way in ways_for(AUTOMATIC, typed, WAYS)] == ways


def test_a_way_that_was_chosen_wins_over_what_it_looks_like() -> None:
    assert [way.slug for way in ways_for("sound", "zoe@demo.example", WAYS)] == ["sound"]


def test_a_way_that_the_purpose_does_not_offer_is_not_guessed() -> None:
    emails = [way for way in WAYS if way.slug == "email"]

    assert ways_for(AUTOMATIC, "33000", emails) == ()


def test_a_way_that_does_not_exist_is_none() -> None:
    assert ways_for("shoe-size", "43", WAYS) == ()


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        ("Guillaume", ()),
        ("Rose  Guillaume", (("Guillaume", "Rose"), ("Rose", "Guillaume"))),
        ("Anne Le Gall", (("Le Gall", "Anne"), ("Anne", "Le Gall"), ("Gall", "Anne Le"), ("Anne Le", "Gall"))),
    ],
)
def test_of_several_words_either_may_be_the_family_name(typed: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert full_names(typed) == pairs


def test_what_was_typed_may_be_a_number_unless_another_way_was_chosen() -> None:
    assert looks_like_a_number(AUTOMATIC, "W-2026-013076")
    assert looks_like_a_number("number", "W-2026-013076")
    assert not looks_like_a_number("name", "W-2026-013076")
    assert not looks_like_a_number(AUTOMATIC, "Guillaume")
