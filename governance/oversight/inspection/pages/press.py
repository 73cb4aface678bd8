"""Makes the pieces of a file: numbers them, has documents printed, seals each before the next is begun."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Final

from governance.documents.pages import count_pages
from governance.documents.printer import Printer
from governance.errors import Phrase, said
from governance.oversight.inspection.models import InspectionFile, InspectionPiece
from governance.oversight.inspection.pages.drawing import Bearing, Sheet, draw_sheet
from governance.oversight.inspection.service import InspectionDesk
from governance.oversight.inspection.sheets import Block, Table, write_table
from governance.web.offstage import Studio
from register.exchange.words import spoken_in

_PIECE_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Title:
    """What a piece is called: `name` in the archive, `words` to whoever reads."""

    name: str
    words: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a document says, in the language that is spoken when it is asked."""

    article: str
    lede: str
    say: Callable[[], Sequence[Block]]


@dataclass(slots=True)
class Press:
    """The pieces of one step.

    A document is drawn while the rows are read, and printed once that transaction is over (`print`).

    Attributes:
        part: The key of the part that is being made; `folder`, where its pieces lie in the archive.
        number: Of the next piece.
    """

    desk: InspectionDesk
    printer: Printer
    studio: Studio
    file: InspectionFile
    bearing: Bearing
    part: str
    folder: str
    number: int
    pieces: list[InspectionPiece] = field(default_factory=list)
    _drawn: list[tuple[InspectionPiece, str]] = field(default_factory=list)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which documents are made."""
        return self.file.spoken

    def sheet(self, title: Title, paper: Paper) -> None:
        """Make a document in each language, and each of its tables that has a name as CSV."""
        for language in self.languages:
            with self.studio.speaking(language):
                blocks = paper.say()
                sheet = Sheet(
                    title=said(title.words, spoken_in(language)),
                    article=paper.article,
                    lede=spoken_in(language)(paper.lede),
                    blocks=blocks,
                )
                self.paper(title, language, partial(draw_sheet, sheet, self.bearing))
            for table in blocks:
                if isinstance(table, Table) and table.name:
                    self._table(title, language, table)

    def paper(self, title: Title, language: str, draw: Callable[[int], str]) -> None:
        """Have a document made, in the language that is spoken: `draw` is given the number of its piece."""
        piece = self._piece(title, ".pdf", language)
        self._drawn.append((piece, draw(piece.number)))

    def data(
        self, title: Title, suffix: str, write: Callable[[IO[bytes]], int | None], language: str | None = None
    ) -> InspectionPiece:
        """Seal what is written, and say how many lines that are where `write` returns it."""
        piece = self._piece(title, suffix, language)
        with self.desk.store.spool() as spool:
            piece.rows = write(spool)
            self._keep(piece, spool)
        return piece

    def print(self) -> None:
        """Make the documents that were drawn.

        Raises:
            DocumentError: If one could not be made.
        """
        for piece, html in self._drawn:
            made = self.printer.print(html)
            piece.pages = count_pages(made)
            with self.desk.store.spool() as spool:
                spool.write(made)
                self._keep(piece, spool)
        self._drawn.clear()

    def destroy(self) -> None:
        """Destroy what was sealed, for a step that came to nothing."""
        for piece in self.pieces:
            self.desk.store.destroy(piece.id)

    def _table(self, title: Title, language: str, table: Table) -> None:
        def write(out: IO[bytes]) -> int:
            write_table(out, table)
            return len(table.rows)

        self.data(Title(table.name, title.words), ".csv", write, language)

    def _piece(self, title: Title, suffix: str, language: str | None) -> InspectionPiece:
        number = self.number
        self.number += 1
        spoken = "" if language is None else f"-{language}"
        piece = InspectionPiece(
            id=self.desk.ids.new(),
            file_id=self.file.id,
            number=number,
            part=self.part,
            path=f"{self.folder}/{number:03d}-{title.name}{spoken}{suffix}",
            title_fr=said(title.words, spoken_in("fr")),
            title_en=said(title.words, spoken_in("en")),
            language=language,
            size=0,
            digest="",
            made_at=self.desk.clock.now(),
        )
        self.pieces.append(piece)
        return piece

    def _keep(self, piece: InspectionPiece, spool: IO[bytes]) -> None:
        spool.seek(0)
        piece.digest = digest_of(spool)
        spool.seek(0)
        piece.size = self.desk.store.keep(piece.id, spool)


def digest_of(source: IO[bytes]) -> str:
    """Return the SHA-256 of what a source holds from where it stands, in hexadecimal."""
    hashed = hashlib.sha256()
    while part := source.read(_PIECE_BYTES):
        hashed.update(part)
    return hashed.hexdigest()
