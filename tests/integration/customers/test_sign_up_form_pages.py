"""Keeping sign-up forms on pages: written with their words in both languages, opened, held by a site, closed."""

import pytest

from governance.actor import Role
from governance.customers.demo.signing import FORM
from tests.builders.pages import Enter, Reader, inputs, links
from tests.builders.web import words

NEW = {
    "slug": "salon",
    "title_fr": "Au salon",
    "title_en": "At the fair",
    "questions-0-purpose": "email-marketing",
    "questions-0-label_fr": "Voulez-vous recevoir nos offres par e-mail ?",
    "questions-0-label_en": "Would you like to receive our offers by e-mail?",
    "purpose": "customer-relationship",
    "point": "politique-de-confidentialite",
    "months": "24",
    "origins": "https://www.maison.example/",
}


@pytest.fixture(scope="module")
def marketing(enter: Enter) -> Reader:
    return enter(Role.MARKETING)


@pytest.fixture(scope="module")
def controller(enter: Enter) -> Reader:
    return enter(Role.CONTROLLER)


def token_in(marketing: Reader) -> str:
    return inputs(marketing.get(f"/sign-up-forms/{FORM}/write"))["token"]


def test_a_form_is_written_opened_held_by_a_site_and_closed(marketing: Reader, controller: Reader) -> None:
    made = marketing.post("/sign-up-forms/new", {**NEW, "token": token_in(marketing)})
    assert made.headers["Location"] == "/sign-up-forms/salon"
    assert "The controller opens it" in words(marketing.get("/sign-up-forms/salon"))

    assert controller.post("/sign-up-forms/salon/open").status_code == 303
    page = marketing.get("/sign-up-forms/salon")
    assert "http://localhost:8000/join/salon" in links(page)
    assert 'name="answer-email-marketing" value="yes"' in words(page)
    assert "https://www.maison.example" in words(page)

    assert marketing.post("/sign-up-forms/salon/close").status_code == 303
    assert marketing.get("/join/salon").status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"questions-0-purpose": ""}, "This is missing."),
        ({"questions-0-label_en": ""}, "This is missing."),
        (
            {"questions-0-purpose": "", "questions-0-label_fr": "", "questions-0-label_en": ""},
            "Ask at least one question.",
        ),
        ({"title_fr": ""}, "This is missing."),
        ({"months": "0"}, "1"),
        ({"months": "121"}, "120"),
        ({"slug": "Salon !"}, "Invalid"),
        ({"origins": "https://a.example/path"}, "a site is written as"),
        (
            {
                "questions-1-purpose": "email-marketing",
                "questions-1-label_fr": "Encore ?",
                "questions-1-label_en": "Again?",
            },
            "Each purpose is asked about once.",
        ),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(marketing: Reader, change: dict[str, str], told: str) -> None:
    form = {**NEW, "token": token_in(marketing), **change}

    answer = marketing.post("/sign-up-forms/new", form)

    assert answer.status_code == 422
    assert told in words(answer)
    assert inputs(answer)["title_en"] == "At the fair"


def test_the_next_version_begins_with_what_the_last_says(marketing: Reader) -> None:
    shown = inputs(marketing.get(f"/sign-up-forms/{FORM}/write"))

    assert shown["questions-0-purpose"] == "email-marketing"
    assert shown["questions-1-label_en"].startswith("Would you like to be told of private sales")
    assert shown["questions-2-label_fr"] == ""
    assert marketing.post(f"/sign-up-forms/{FORM}/write", shown).status_code == 303
    # The same again is no version.
    assert "Version 1," in words(marketing.get(f"/sign-up-forms/{FORM}"))
