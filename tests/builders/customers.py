"""Files of fictional customers, good and bad, and the reference tables to put them in."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HEADER = ("Code client", "Civilité", "Nom", "Prénom", "E-mail", "Portable", "Code postal", "Ville")


def a_person(number: int) -> tuple[str, ...]:
    """Return the cells of one fictional customer, under `HEADER`."""
    return (
        f"C-{number:06d}",
        "Mme" if number % 2 else "M.",
        f"Lefèvre-{number}",
        "Zoé",
        f"person-{number}@demo.example",
        f"06 39 98 {number // 100 % 100:02d} {number % 100:02d}",
        "69001",
        "Lyon",
    )


def csv_text(rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER, delimiter: str = ";") -> str:
    """Return a CSV text."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def a_csv(
    path: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER, encoding: str = "utf-8"
) -> Path:
    """Write a CSV file and return where."""
    path.write_bytes(csv_text(rows, header=header).encode(encoding))
    return path


def an_xlsx(path: Path, rows: Iterable[Sequence[object]], *, header: Sequence[str] = HEADER) -> Path:
    """Write an XLSX file and return where."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def an_ods(path: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = HEADER) -> Path:
    """Write an ODS file and return where."""
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Clients")
    for row in (header, *rows):
        line = TableRow()
        for cell in row:
            written = TableCell(valuetype="string")
            written.addElement(P(text=cell))
            line.addElement(written)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))
    return path


def a_sparse_workbook(path: Path) -> Path:
    """Write a small XLSX whose one sheet reaches from the first cell to the very last."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    if sheet is None:
        raise ValueError("a new workbook has a sheet")
    sheet["A1"] = "Nom"
    sheet["XFD1048576"] = "far"
    workbook.save(path)
    return path


def a_zip_bomb(path: Path, unpacked: int) -> Path:
    """Write an archive that unpacks to so many zeros and calls itself a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * unpacked)
    return path
