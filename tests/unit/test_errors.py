"""Errors in words: a sentence with its facts in place, in any language, and English for whatever stores it."""

import copy
import json
import pickle
from dataclasses import dataclass
from typing import ClassVar

import orjson
import pytest

from governance.actor import Role
from governance.errors import DomainError, Phrase, in_words, listed, mark, phrase, said
from governance.gate.errors import ReadRefusedError
from governance.gate.reasons import Code, Reason
from governance.vocabulary import DataCategory, SubjectKind

FRENCH = {
    "The filter on {field} takes {expected}.": "Le filtre sur {field} prend {expected}.",
    "at most {most} letters": "{most} lettres au plus",
    "letters": "des lettres",
    "orders": "des commandes",
    "controller": "responsable de traitement",
    "the {thing} of {whose}": "{thing} de {whose}",
}


@dataclass(kw_only=True, eq=False)
class FilterError(DomainError):
    message: ClassVar[str] = mark("The filter on {field} takes {expected}.")
    field: str
    expected: str


def french(text: str) -> str:
    return FRENCH.get(text, text)


def test_a_phrase_is_its_english_text() -> None:
    words = phrase("at most {most} letters", most=3)

    assert words == "at most 3 letters"
    assert f"{words}" == str(words) == "at most 3 letters"
    assert str(FilterError(field="name", expected=words)) == "The filter on name takes at most 3 letters."


def test_a_phrase_is_translated_before_its_places_are_filled() -> None:
    error = FilterError(field="name", expected=phrase("at most {most} letters", most=3))

    assert in_words(error.message, error.places, french) == "Le filtre sur name prend 3 lettres au plus."


def test_a_name_is_told_as_it_is_even_where_it_is_also_a_word() -> None:
    error = FilterError(field="orders", expected="orders")

    assert in_words(error.message, error.places, french) == "Le filtre sur orders prend orders."
    assert said(phrase("the {thing} of {whose}", thing="orders", whose=phrase("orders")), french) == (
        "orders de des commandes"
    )


def test_nothing_is_translated_twice() -> None:
    asked: list[str] = []

    def noting(text: str) -> str:
        asked.append(text)
        return french(text)

    error = FilterError(field="name", expected=phrase("the {thing} of {whose}", thing=phrase("letters"), whose="3"))

    assert in_words(error.message, error.places, noting) == "Le filtre sur name prend des lettres de 3."
    assert asked == ["The filter on {field} takes {expected}.", "the {thing} of {whose}", "letters"]


def test_a_value_that_looks_like_a_place_is_left_alone() -> None:
    assert said(phrase("at most {most} letters", most="{most}{field}"), french) == "{most}{field} lettres au plus"


def test_words_of_our_vocabularies_are_translated_and_listed() -> None:
    assert said(listed([Role.CONTROLLER, "orders", phrase("letters")]), french) == (
        "responsable de traitement, orders, des lettres"
    )
    assert listed([]) == ""


def test_whatever_stores_or_sends_a_phrase_sees_plain_english() -> None:
    words = phrase("at most {most} letters", most=3)

    for copied in (pickle.loads(pickle.dumps(words)), copy.deepcopy(words)):  # noqa: S301 -- our own
        assert type(copied) is str
        assert copied == "at most 3 letters"
    assert json.dumps(words) == orjson.dumps(words).decode() == '"at most 3 letters"'


def test_a_refusal_says_each_reason_once_and_then_who_can_help() -> None:
    missing = [
        Reason(code=Code.NO_GRANT, field=field, category=DataCategory.CONTACT, kind=SubjectKind.CUSTOMER)
        for field in ("email", "phone")
    ]
    refused = ReadRefusedError(reasons=(*missing, Reason(code=Code.UNKNOWN_PURPOSE)))

    assert str(refused) == (
        "Refused. No grant gives the category Contact of a customer. The register declares no such purpose. "
        "Ask the owner of the activity for a grant; the controller approves it. "
        "The owner of the activity declares it in the register; the controller activates it."
    )
    assert "no-grant" not in str(refused)
    assert [reason.code for reason in refused.reasons] == ["no-grant", "no-grant", "unknown-purpose"]


@pytest.mark.parametrize("code", Code)
def test_every_reason_has_words_without_facts_too(code: Code) -> None:
    assert isinstance(Reason(code=code).sentence, Phrase)
    assert "{" not in Reason(code=code).sentence
