"""One name for one thing: the French of the whole catalogue keeps to it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

import governance
import register

_CATALOGUE: Final = Path(governance.__file__).parent / "translations/fr/LC_MESSAGES/messages.po"
# What is never said, and what is said instead.
_NEVER: Final = {
    r"\bprojets?\b(?! de contrat)": "brouillon",
    r"\bébauches?\b": "brouillon",
    r"\bresponsables? de branche\b": "responsable métier",
    r"\bmentions?\b(?! légales?\b)": "notice",
    r"\badresses? (?:électroniques?|de courriel|courriel|mail)\b": "adresse e-mail",
    r"\bcourriels?\b": "e-mail",
    r"\bcatégories spéciales\b": "catégories particulières",
}


def sentences() -> Iterator[tuple[str, str]]:
    with _CATALOGUE.open("rb") as file:
        for message in read_po(file):
            if message.id:
                forms = message.id if isinstance(message.id, tuple) else (message.id,)
                told = message.string if isinstance(message.string, tuple) else (message.string,)
                yield from zip(forms, told, strict=False)


def texts_of_files() -> Iterator[str]:
    """Yield the lines of the data files that are shipped beside the code."""
    for package in (governance, register):
        for file in sorted(Path(package.__path__[0]).rglob("*")):
            if file.suffix in {".json", ".yaml"}:
                yield from file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("never", _NEVER)
def test_what_has_a_name_has_no_other(never: str) -> None:
    assert [told for _, told in sentences() if re.search(never, told, re.IGNORECASE)] == []


def test_the_data_files_say_e_mail_as_the_messages_do() -> None:
    lines = [*texts_of_files()]

    assert any("e-mail" in line for line in lines)
    assert [line for line in lines if re.search(r"\bcourriels?\b", line, re.IGNORECASE)] == []


def test_special_categories_are_called_as_the_law_calls_them() -> None:
    named = [(said, told) for said, told in sentences() if "special categor" in said.lower()]

    assert named
    assert [said for said, told in named if not re.search("catégories? particulières?", told.lower())] == []


def test_to_take_over_is_called_as_no_other_step_is() -> None:
    """A suspended activity goes back into service, an action is opened again, a token is taken away."""
    taking = [(said, told) for said, told in sentences() if re.search(r"\brepr(?:endre|enez|ise?s?)\b", told.lower())]

    assert taking
    assert [said for said, told in taking if not re.search(r"\bover\b|copied|of the purpose above", said.lower())] == []


def test_what_is_enforced_is_said_of_rules_in_each_place() -> None:
    said_of = [(said, told) for said, told in sentences() if re.search(r"\benforced\b", said.lower())]

    assert said_of
    assert [said for said, told in said_of if not re.search(r"\brègles?\b.*\bappliquées?\b", told.lower())] == []


def test_no_line_of_french_begins_with_a_mark_that_ends_one() -> None:
    torn = re.compile(r"« | [»:;?!](?=\W|$)|\d %(?![(a-z])")

    assert [told for _, told in sentences() if torn.search(told)] == []
