"""A line of a register kept as a table, by what its columns say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from governance.errors import Phrase, phrase
from governance.spreadsheets.files import Row
from register.exchange.cnil.card import column_letters
from register.exchange.cnil.labels import UNFILLED, plain
from register.exchange.errors import Wrong
from register.exchange.tables.columns import Field
from register.exchange.tables.labels import EXAMPLES

_QUOTED: Final = 60


def is_filled(text: str) -> bool:
    """Say whether somebody filled a cell in."""
    return plain(text) not in UNFILLED or any(each.isdigit() for each in text)


@dataclass(kw_only=True)
class Line:
    """One line, by what its columns say.

    Attributes:
        strict: Whether a person said what the columns are; then a cell that is not understood is wrong.
        wrongs: What is.
        notes: What a person should know of how it was understood.
        kept: What has no place of its own.
    """

    row: Row
    headings: Sequence[str]
    fields: Mapping[int, Field]
    strict: bool = False
    wrongs: list[Wrong] = field(default_factory=list)
    notes: list[Phrase] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def said(self, wanted: Field) -> str:
        """Return what its columns say of something, together."""
        return "\n".join(text for _, text in self.each(wanted))

    def each(self, wanted: Field) -> Iterator[tuple[str, str]]:
        """Yield the heading and the text of each column that says something of this."""
        for place, found in self.fields.items():
            text = self.row.cells[place].strip() if place < len(self.row.cells) else ""
            if found is wanted and is_filled(text):
                yield self.headings[place], text

    def place(self, wanted: Field, words: str = "") -> Phrase:
        """Return the cell in which something is said; of several, the one that has these words."""
        columns = [place for place, found in self.fields.items() if found is wanted]
        told = (place for place in columns if words and words in "".join(self.row.cells[place : place + 1]))
        column = next(told, columns[0] if columns else 0)
        return phrase("row {row}, cell {cell}", row=self.row.number, cell=f"{column_letters(column)}{self.row.number}")

    def note(self, sentence: Phrase) -> None:
        """Tell something once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def unclear(self, wanted: Field, words: str) -> bool:
        """Say whether words that are not understood are wrong, and if so keep that they are, with what would be."""
        if self.strict:
            reason = phrase(
                "“{words}” is not understood. Write it as one of these: {examples}; or say that this column is kept in "
                "the description",
                words=words[:_QUOTED],
                examples=phrase(EXAMPLES[wanted]),
            )
            self.wrongs.append(Wrong(self.place(wanted, words), reason))
        return self.strict
