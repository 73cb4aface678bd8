"""The formats that the register is written in and read from: one table, which the command, REST and the pages go by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from governance.errors import mark
from register.exchange import json_file
from register.exchange.cnil.writing import write_simplified
from register.exchange.tables.writing import write_csv, write_xlsx
from register.exchange.written import WrittenActivity
from register.linked.graph import MEDIA_TYPE, register_pieces
from register.stated import Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is written out.

    Attributes:
        activities: One at a time, to be gone through once.
        stated: The same as a document states them, for formats that speak to the outside; gone through once, too.
        at: When.
        language: `fr` or `en`, for formats that speak to people.
    """

    activities: Iterable[WrittenActivity]
    stated: Iterable[Stated]
    at: datetime
    language: str = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format that the register is written in.

    Attributes:
        label: What it is called, and what it is good for; marked for translation.
        suffix: How its files are named.
        media_type: What they are to a browser.
        write: Writes an export to a file, from its beginning.
    """

    label: str
    suffix: str
    media_type: str
    write: Callable[[IO[bytes], Export], None]


FORMATS: Final[Mapping[str, Format]] = {
    "ods": Format(
        label=mark("ODS: the simplified register of the CNIL, a sheet for each activity, which comes back as it went"),
        suffix=".ods",
        media_type="application/vnd.oasis.opendocument.spreadsheet",
        write=lambda out, export: write_simplified(out, export.activities),
    ),
    "xlsx": Format(
        label=mark("Excel: the register in one workbook, to read and to sort"),
        suffix=".xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=lambda out, export: write_xlsx(out, export.activities, export.language),
    ),
    "csv": Format(
        label=mark("CSV: one line for each activity"),
        suffix=".csv",
        media_type="text/csv",
        write=lambda out, export: write_csv(out, export.activities, export.language),
    ),
    json_file.NAME: Format(
        label=mark("JSON: everything, for programs and for another Égide"),
        suffix=".json",
        media_type="application/json",
        write=lambda out, export: json_file.write_json(out, export.activities),
    ),
    "jsonld": Format(
        label=mark("JSON-LD: linked data in the words of the Data Privacy Vocabulary (DPV 2.3)"),
        suffix=".jsonld",
        media_type=MEDIA_TYPE,
        write=lambda out, export: out.writelines(register_pieces(export.stated, export.at)),
    ),
}
