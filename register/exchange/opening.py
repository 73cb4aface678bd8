"""A file of a register: what it is shows in its first bytes. Its name counts only where it says YAML."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from tempfile import TemporaryFile
from typing import IO, Final

from governance.errors import phrase
from governance.spreadsheets.files import open_table
from governance.spreadsheets.limits import Limits
from governance.spreadsheets.workbooks import read_sheets
from register.exchange.cnil.reading import read_simplified
from register.exchange.errors import MalformedRegisterError, NoTableError, UnknownFormatError, Wrong
from register.exchange.fides.reading import read_fides
from register.exchange.json_file import read_json
from register.exchange.placed import ReadRegister
from register.exchange.tables.asked import AskedColumns
from register.exchange.tables.laying import Proposal, TableSheet, lay, propose
from register.exchange.tables.reading import read_table
from register.exchange.turns import Turns

MOST_BYTES: Final = 32 * 1024 * 1024
# It is held whole, and a register of thousands of activities is a few megabytes of text.
_LIMITS: Final = Limits(
    file_bytes=MOST_BYTES, unpacked_bytes=64 * 1024 * 1024, reader_memory=1024 * 1024 * 1024, reader_seconds=60
)
# Two at one moment take two gigabytes at worst; most are read within a second or two.
_TURNS: Final = Turns(at_once=2, seconds=10)
_READ: Final = "JSON, YAML (Fides), ODS, XLSX, CSV"
_FIDES: Final = re.compile(rb"^(?:system|dataset)[ \t]*:[ \t]*(?:[#\[{&!*].*)?\r?$", re.MULTILINE)
_ARCHIVE: Final = b"PK\x03\x04"
_YAML: Final = (".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file, opened.

    Attributes:
        register: What it holds; None for a table that says too little, or of which something cannot be read.
        proposal: What the columns of a table seem to be; None for any other file.
        refused: What of a table cannot be read.
    """

    register: ReadRegister | None = None
    proposal: Proposal | None = None
    refused: MalformedRegisterError | None = None


def open_register(file: IO[bytes], asked: AskedColumns | None = None) -> ReadRegister:
    """Read a file of a register, of whichever format.

    Args:
        file: At its beginning.
        asked: What somebody says of the columns of a table.

    Raises:
        UnknownFormatError: If it is of none.
        NoTableError: If something is said of its columns, and it has none.
        SpreadsheetError: If it is a table that is damaged, or too large.
        ReadingBusyError: If it is a table, and too many are being read.
        MalformedRegisterError: If something in it cannot be read; then nothing is.
    """
    opened = open_file(file, asked)
    if opened.refused is not None:
        raise opened.refused
    if opened.register is None:
        raise UnknownFormatError(formats=_READ)
    return opened.register


def propose_columns(file: IO[bytes], asked: AskedColumns | None = None) -> Proposal:
    """Return what the columns of a table seem to be.

    Raises:
        NoTableError: If it is none.
        UnknownFormatError, SpreadsheetError, ReadingBusyError, MalformedRegisterError: As above.
    """
    # Of a table that nobody has said anything about yet, what cannot be read is no matter.
    proposal = open_file(file, asked).proposal
    if proposal is None:
        raise NoTableError
    return proposal


def open_file(file: IO[bytes], asked: AskedColumns | None = None, name: str = "") -> Opened:
    """Open a file as far as it can be.

    Args:
        file: At its beginning.
        asked: What somebody says of the columns of a table.
        name: What it is called, where it has a name.

    Raises:
        UnknownFormatError, NoTableError, SpreadsheetError, ReadingBusyError: As above.
        MalformedRegisterError: If it is no table and something in it cannot be read, or what is said of the columns
            cannot be.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        reason = phrase("it is larger than {most} bytes: import it in parts", most=MOST_BYTES)
        raise MalformedRegisterError(wrongs=(Wrong("$", reason),))
    if not content.strip():
        raise UnknownFormatError(formats=_READ)
    if content.lstrip()[:1] in {b"{", b"["}:
        return _without_columns(read_json(content), asked)
    if not content.startswith(_ARCHIVE) and (name.lower().endswith(_YAML) or _FIDES.search(content)):
        text, digest = content.decode("utf-8-sig", errors="replace"), hashlib.sha256(content).hexdigest()
        return _without_columns(read_fides(text, digest), asked)
    # The reader of workbooks is a process of its own, which takes a file.
    with _TURNS.take(), TemporaryFile() as lying:
        lying.write(content)
        lying.flush()
        with _sheets(lying, content) as (sheets, simplified):
            # Whoever says what the columns are does not take it for the simplified register, which has none.
            if simplified is not None and asked is None:
                return Opened(register=simplified)
            return _table(sheets, hashlib.sha256(content).hexdigest(), asked)


def _without_columns(register: ReadRegister, asked: AskedColumns | None) -> Opened:
    if asked is not None:
        raise NoTableError
    return Opened(register=register)


def _table(sheets: Sequence[TableSheet], digest: str, asked: AskedColumns | None) -> Opened:
    laid = lay(sheets, asked)
    if laid is None:
        raise UnknownFormatError(formats=_READ)
    proposal = propose(laid, sheets, digest)
    if not laid.complete:
        return Opened(proposal=proposal)
    try:
        return Opened(register=read_table(laid, digest), proposal=proposal)
    except MalformedRegisterError as error:
        return Opened(proposal=proposal, refused=error)


@contextmanager
def _sheets(lying: BufferedRandom, content: bytes) -> Iterator[tuple[Sequence[TableSheet], ReadRegister | None]]:
    if not content.startswith(_ARCHIVE):
        with open_table(lying, _LIMITS) as table:
            yield [TableSheet("", table.records)], None
        return
    sheets = list(read_sheets(lying, len(content), _LIMITS))
    simplified = read_simplified(sheets, hashlib.sha256(content).hexdigest())
    yield [TableSheet(each.name, each.rows, each.hidden) for each in sheets], simplified
