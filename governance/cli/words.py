"""What the command line says: in the language of the settings, and refusals in one line."""

import gettext
from functools import cache
from typing import IO, Any

import click

from governance.catalogues import catalogue
from governance.errors import DomainError, Phrase, in_words, said
from governance.law import quoted
from governance.settings import load_settings, spoken_language


class Refusal(click.ClickException):
    """Something that a command does not do: one line on stderr, status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line, and nothing before it."""
        click.echo(self.message, err=True, file=file)


def tell(sentence: str, **facts: object) -> str:
    """Return a sentence in the language of the settings, with its facts in place."""
    return _catalogue().gettext(sentence).format(**facts)


def tell_count(one: str, many: str, count: int, **facts: object) -> str:
    """Return the sentence for one, or the one for many, with `{count}` and the other facts in place."""
    return _catalogue().ngettext(one, many, count).format(count=count, **facts)


def translated(sentence: str) -> str:
    """Return a sentence in the language of the settings, the places for its facts still open."""
    return _catalogue().gettext(sentence)


def told(error: DomainError) -> str:
    """Return an error's one line in the language of the settings."""
    return quoted(in_words(error.message, error.places, _catalogue().gettext), _locale())


def spoken(words: Phrase) -> str:
    """Return a phrase in the language of the settings."""
    return quoted(said(words, _catalogue().gettext), _locale())


def _locale() -> str:
    try:
        return _locale_of_settings()
    except (DomainError, OSError):
        return spoken_language()


@cache
def _locale_of_settings() -> str:
    return load_settings().locale


def _catalogue() -> gettext.NullTranslations:
    return catalogue(_locale())
