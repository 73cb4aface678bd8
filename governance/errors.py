"""The base of every error of the domain.

An error carries facts, not a sentence somebody must parse: its fields are the facts, `message` is the sentence with
places for them. The sentence is English and marked for translation; the edge (page, REST, terminal) translates it.
A fact that is itself said in words is a `phrase`, and is translated with it; any other stands as it is, for a name
means what it names in every language. Facts never hold personal data.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import ClassVar, Self

Translate = Callable[[str], str]


def mark(sentence: str) -> str:
    """Return the sentence unchanged; marks it for the translation catalogues."""
    return sentence


class Phrase(str):
    """Words that stand in the place of a fact. To whatever stores or sends it, it is its plain English text.

    Attributes:
        template: In English, marked for translation.
        facts: What stands in its places.
    """

    __slots__ = ("facts", "template")
    template: str
    facts: Mapping[str, object]

    def __new__(cls, template: str, facts: Mapping[str, object]) -> Self:
        """Fill the template in, in English."""
        made = super().__new__(cls, template.format_map(facts))
        made.template, made.facts = template, facts
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def phrase(template: str, **facts: object) -> Phrase:
    """Return a phrase; marks it for the translation catalogues."""
    return Phrase(template, facts)


def listed(facts: Iterable[object], between: str = ", ") -> Phrase:
    """Return several facts as one, each in its own words."""
    each = {f"_{place}": fact for place, fact in enumerate(facts)}
    return Phrase(between.join(f"{{{place}}}" for place in each), each)


def in_words(sentence: str, facts: Mapping[str, object], translate: Translate) -> str:
    """Return a sentence with its facts in place, in the language that `translate` speaks.

    Phrases and the words of our own vocabularies are translated too, and no other fact.
    """
    return translate(sentence).format_map({name: _translated(fact, translate) for name, fact in facts.items()})


def said(words: Phrase, translate: Translate) -> str:
    """Return a phrase in the language that `translate` speaks."""
    return in_words(words.template, words.facts, translate)


def _translated(fact: object, translate: Translate) -> object:
    if isinstance(fact, Phrase):
        return said(fact, translate)
    return translate(fact.value) if isinstance(fact, StrEnum) else fact


@dataclass(kw_only=True, eq=False)
class DomainError(Exception):
    """Base of all errors that a user can meet. Never raised itself."""

    message: ClassVar[str] = mark("Something was refused.")

    @property
    def facts(self) -> dict[str, object]:
        """The error's fields by name, for the sentence and for the problem document."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def places(self) -> Mapping[str, object]:
        """What stands in the places of the sentence."""
        return self.facts

    def __str__(self) -> str:
        return self.message.format_map(self.places)
