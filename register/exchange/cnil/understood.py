"""What is made of one sheet, beside the activity itself."""

from dataclasses import dataclass, field

from governance.errors import Phrase
from register.exchange.cnil.card import Card
from register.exchange.errors import Wrong
from register.lines.values import Relation


@dataclass(kw_only=True)
class Understood:
    """What is made of one sheet.

    Attributes:
        cells: Where each part of the activity stands, by its path.
        notes: What a person should know of how it was understood.
        wrongs: What cannot be read at all.
        kept: What has no place of its own and is kept in the description.
        listed: As what recipients are listed.
    """

    card: Card
    cells: dict[str, Phrase | str] = field(default_factory=dict)
    notes: list[Phrase] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    listed: dict[tuple[str, Relation], str] = field(default_factory=dict)

    def note(self, sentence: Phrase) -> None:
        """Tell something once."""
        if sentence not in self.notes:
            self.notes.append(sentence)
