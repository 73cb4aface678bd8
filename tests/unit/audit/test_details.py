"""The details of an entry in words."""

import pytest
from flask import Flask
from flask_babel import Babel

from audit.pages.details import readable


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"count": 1200}, [("Count", "1,200")]),
        ({"in_force": True, "nothing": None}, [("In force", "yes"), ("nothing", "—")]),
        ({"fields": ["email", "city"], "reasons": []}, [("Fields", "email, city")]),
        ({"fields": [f"f{n}" for n in range(23)]}, [("Fields", ", ".join(f"f{n}" for n in range(20)) + " and 3 more")]),
        ({"boxes": {"person.contact": "A" * 400}}, [("Sealed boxes", "person.contact")]),
        ({"observed": {"no-grant": 3}}, [("Would be refused once enforced", "no-grant (3)")]),
        (
            {"fields": {"clear": ["email", "city"], "pseudonym": ["id"]}},
            [("Fields", "in clear: email, city; pseudonym: id")],
        ),
        ({"rows": "A" * 65}, [("Rows", "65 characters, in the whole entry")]),
        ({"ranges": [[1, 2]]}, [("Places", "6 characters, in the whole entry")]),
        ({}, []),
    ],
)
def test_details_are_told_by_name_count_and_word(details: dict[str, object], told: list[tuple[str, str]]) -> None:
    app = Flask("words")
    Babel(app, default_locale="en")

    with app.test_request_context():
        found = [(each.label, each.text) for each in readable(details)]

    assert found == told
