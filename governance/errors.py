"""The base of every error of the domain.

An error carries facts, not a sentence somebody must parse: its fields are the facts, `message` is the sentence with
places for them. The sentence is English and marked for translation; the edge (page, REST, terminal) translates it.
Facts never hold personal data.
"""

from dataclasses import dataclass, fields
from typing import ClassVar


def mark(sentence: str) -> str:
    """Return the sentence unchanged; marks it for the translation catalogues."""
    return sentence


@dataclass(kw_only=True, eq=False)
class DomainError(Exception):
    """Base of all errors that a user can meet. Never raised itself."""

    message: ClassVar[str] = mark("Something was refused.")

    @property
    def facts(self) -> dict[str, object]:
        """The error's fields by name, for the sentence and for the problem document."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __str__(self) -> str:
        return self.message.format(**self.facts)
