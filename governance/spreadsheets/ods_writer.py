"""OpenDocument spreadsheets (OpenDocument 1.3, part 3), written row by row: memory holds none of them.

Only what a table of words needs: text, whole numbers and days, a few styles, widths of columns. What stands in a cell
of text stays text, whatever it begins with.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import TracebackType
from typing import IO, Final, Self

_MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
# XML 1.0, section 2.2: what no document may hold.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES: Final = re.compile(" {2,}|^ | $")
# ZIP has no time before this one; two exports of the same words are the same bytes.
_WRITTEN: Final = (1980, 1, 1, 0, 0, 0)
# Sheets of words compress so well that trying harder costs time and saves nothing.
_EFFORT: Final = 1
_PIECE: Final = 256 * 1024
_IN_MEMORY: Final = 4 * 1024 * 1024
_FORBIDDEN_IN_NAMES: Final = re.compile(r"[\[\]*?:/\\]")
_LONGEST_NAME: Final = 31


class Style(StrEnum):
    """How a cell looks."""

    TITLE = "title"
    HEADING = "heading"
    LABEL = "label"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a look of its own, over so many columns."""

    value: str | int | date | None = None
    style: Style | None = None
    across: int = 1


Value = Cell | str | int | date | None

_NAMESPACES: Final = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST: Final = (
    f'{_DECLARATION}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{_MEDIA_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" '
    f'manifest:media-type="text/xml"/></manifest:manifest>'
)
_TEXT_STYLES: Final = {
    Style.TITLE: '<style:text-properties fo:font-weight="bold" fo:font-size="14pt"/>',
    Style.HEADING: '<style:table-cell-properties fo:background-color="#0f5c5c" fo:wrap-option="wrap"/>'
    '<style:text-properties fo:font-weight="bold" fo:color="#ffffff"/>',
    Style.LABEL: '<style:table-cell-properties fo:background-color="#f1efe9" fo:wrap-option="wrap"/>',
    Style.NOTE: '<style:text-properties fo:font-style="italic" fo:color="#5a6472"/>',
}


class Part:
    """Some sheets that follow each other in the file, whenever they are written."""

    def __init__(self, name_of: Callable[[str], str], columns: str) -> None:
        self._name_of: Final = name_of
        self._columns: Final = columns
        self._spool: Final = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the writer closes it
        self._pieces: list[str] = []
        self._length = 0

    def begin(self, name: str) -> str:
        """Begin a sheet, and return the name that it got: spreadsheets forbid some, and take none twice."""
        given = self._name_of(name)
        self._write(f'<table:table table:name="{_escaped(given)}">{self._columns}')
        return given

    def row(self, cells: Sequence[Value]) -> None:
        """Write a row of the sheet that was begun."""
        self._write(f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>" if cells else _EMPTY_ROW)

    def end(self) -> None:
        """End the sheet."""
        self._write("</table:table>")

    def copy_to(self, out: IO[bytes]) -> None:
        """Write out what was written, and forget it."""
        self._flush()
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, out, _PIECE)
        self._spool.close()

    def close(self) -> None:
        """Forget what was written."""
        self._spool.close()

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length >= _PIECE:
            self._flush()

    def _flush(self) -> None:
        self._spool.write("".join(self._pieces).encode())
        self._pieces, self._length = [], 0


class OdsWriter:
    """A spreadsheet being written, in parts that stand in the order in which they were asked for.

    Leaving the `with` block writes the file. Excel's bounds on the names of sheets are the strictest, so they are ours.
    """

    def __init__(self, out: IO[bytes], widths: Sequence[float]) -> None:
        """Begin.

        Args:
            out: Where; seekable.
            widths: Of the columns, in centimetres; every sheet has them.
        """
        self._out: Final = out
        self._widths: Final = widths
        self._names: Final[set[str]] = set()
        # How often a name was taken, so that none is looked for from the first number again.
        self._numbers: Final[dict[str, int]] = {}
        self._parts: Final[list[Part]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        for part in self._parts:
            part.close()

    def part(self) -> Part:
        """Return a part that stands behind those that were asked for before."""
        columns = "".join(f'<table:table-column table:style-name="w{place}"/>' for place in range(len(self._widths)))
        part = Part(self._name, columns)
        self._parts.append(part)
        return part

    def _finish(self) -> None:
        with zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT) as archive:
            # OpenDocument 1.3, part 2, 3.3: the media type comes first, and as it is.
            archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), _MEDIA_TYPE)
            with archive.open(_entry("content.xml"), "w", force_zip64=True) as content:
                content.write(_beginning(self._widths).encode())
                for part in self._parts:
                    part.copy_to(content)
                content.write(b"</office:spreadsheet></office:body></office:document-content>")
            archive.writestr(_entry("META-INF/manifest.xml"), _MANIFEST)

    def _name(self, wanted: str) -> str:
        plain = " ".join(_FORBIDDEN_IN_NAMES.sub(" ", writable(wanted)).split()).strip("' ") or "1"
        given = plain[:_LONGEST_NAME].strip("' ")
        number = self._numbers.get(given.casefold(), 1)
        first = given.casefold()
        while given.casefold() in self._names:
            number += 1
            self._numbers[first] = number
            behind = f" ({number})"
            given = plain[: _LONGEST_NAME - len(behind)].strip("' ") + behind
        self._names.add(given.casefold())
        return given


def writable(text: str) -> str:
    """Return a text without what no XML document may hold."""
    return text if text.isprintable() else _UNWRITABLE.sub("\ufffd", text)


_EMPTY_ROW: Final = "<table:table-row><table:table-cell/></table:table-row>"


def _entry(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WRITTEN)
    entry.compress_type = how
    return entry


def _beginning(widths: Sequence[float]) -> str:
    columns = "".join(
        f'<style:style style:name="w{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        for place, width in enumerate(widths)
    )
    day = (
        '<number:date-style style:name="day"><number:day number:style="long"/><number:text>/</number:text>'
        '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
        '</number:date-style><style:style style:name="date" style:family="table-cell" style:data-style-name="day"/>'
    )
    cells = "".join(
        f'<style:style style:name="{style}" style:family="table-cell">{look}</style:style>'
        for style, look in _TEXT_STYLES.items()
    )
    words = (
        '<style:style style:name="words" style:family="table-cell">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    )
    return (
        f'{_DECLARATION}<office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>'
        f"{columns}{day}{cells}{words}</office:automatic-styles><office:body><office:spreadsheet>"
    )


def _cell(given: Value) -> str:
    if given is None or given == "":
        return "<table:table-cell/>"
    if type(given) is str:
        return (
            f'<table:table-cell table:style-name="words" office:value-type="string">{_text(given)}</table:table-cell>'
        )
    cell = given if isinstance(given, Cell) else Cell(given)
    style = f' table:style-name="{cell.style or ("date" if isinstance(cell.value, date) else "words")}"'
    across = f' table:number-columns-spanned="{cell.across}"' if cell.across > 1 else ""
    behind = "<table:covered-table-cell/>" * (cell.across - 1)
    return f"<table:table-cell{style}{across}{_valued(cell.value)}</table:table-cell>{behind}"


def _valued(value: str | int | date | None) -> str:
    if value is None:
        return ">"
    if isinstance(value, date):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value:%d/%m/%Y}</text:p>'
    if isinstance(value, int):
        return f' office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
    return f' office:value-type="string">{_text(value)}'


def _text(text: str) -> str:
    """Return a text as paragraphs: one for each of its lines."""
    # A reader that knows no tabs would glue two words together.
    written = _escaped(text).replace("\t", " ")
    if "\r" in written:
        written = written.replace("\r\n", "\n").replace("\r", "\n")
    if "  " in written or written[0] == " " or written[-1] == " ":
        written = _spaced(written)
    return (
        f"<text:p>{written}</text:p>".replace("\n", "</text:p><text:p>")
        if "\n" in written
        else (f"<text:p>{written}</text:p>")
    )


def _spaced(written: str) -> str:
    # OpenDocument 1.3, part 3, 6.1.2: spaces are collapsed, except where they are elements.
    spaced = [_SPACES.sub(lambda run: f'<text:s text:c="{len(run[0])}"/>', line) for line in written.split("\n")]
    return "\n".join(spaced)


def _escaped(text: str) -> str:
    return writable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
