"""Files of fictional customers, good and bad, and the reference tables to put them in."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from sqlalchemy.orm import Session

from audit.log import Log
from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.reference import reference_map
from governance.database import Database
from governance.datamap.numbering import number
from governance.datamap.sources import Sources
from governance.gate.gate import Gate, GateParts
from governance.identity.passwords import HashCost, PasswordHasher
from governance.ids import TimeOrderedIds
from governance.installation.models import ONLY, Installation
from governance.settings import Settings, load_settings
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring, create_keyring
from governance.vocabulary import DataCategory, GrantedAction, SubjectKind
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

_OFFICE = "http://schemas.openxmlformats.org"
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


def a_repeated_text(path: Path, text: str, times: int) -> Path:
    """Write an XLSX in which one text stands once, and is named by so many cells, one below the other."""
    plain = path.with_suffix(".plain")
    openpyxl.Workbook().save(plain)
    named = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, times + 1))
    shared = f'<Relationship Id="shared" Type="{_OFFICE}/officeDocument/2006/relationships/sharedStrings" '
    changed = {
        "xl/worksheets/sheet1.xml": ("<sheetData></sheetData>", f"<sheetData>{named}</sheetData>"),
        "xl/_rels/workbook.xml.rels": ("</Relationships>", f'{shared} Target="sharedStrings.xml"/></Relationships>'),
    }
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).decode().replace(*changed.get(part, ("", ""))))
        once = f'<sst xmlns="{_OFFICE}/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
        new.writestr("xl/sharedStrings.xml", once)
    return path


def a_zip_bomb(path: Path, unpacked: int) -> Path:
    """Write an archive that unpacks to so many zeros and calls itself a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * unpacked)
    return path


@dataclass(frozen=True, kw_only=True)
class TestHouse:
    """A house as the roof builds it, on a test's database and in a test's folder."""

    __test__ = False

    settings: Settings
    clock: StandingClock
    ids: CountingIds | TimeOrderedIds
    database: Database
    keyring: Keyring
    attestor: Attestor
    log: Log
    gate: Gate
    passwords: PasswordHasher

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.database.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session


PURPOSE: Final = "customer-relationship"
CATEGORIES: Final = (
    DataCategory.IDENTITY,
    DataCategory.CONTACT,
    DataCategory.PROFESSIONAL,
    DataCategory.ECONOMIC,
    DataCategory.PREFERENCES,
    DataCategory.PURCHASES,
    DataCategory.RELATIONSHIP,
    DataCategory.BEHAVIOUR,
)


def allow_import(house: TestHouse, *, role: Role = Role.SALES) -> None:
    """Declare a purpose for which a role may create whatever an import fills."""
    kinds = (SubjectKind.CUSTOMER, SubjectKind.CONTACT)
    pairs = [(kind, category) for kind in kinds for category in CATEGORIES]
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        a_purpose(session, slug=PURPOSE, data=pairs, recipients=(role,))
        for kind, category in pairs:
            a_grant(session, role=role, kind=kind, category=category, action=GrantedAction.CREATE)


def open_house(url: str, home: Path) -> TestHouse:
    """Open a house on a database that has the whole schema; called again, the same one. The caller closes it."""
    clock, ids = StandingClock(), TimeOrderedIds()
    database = Database(url)
    keyring = create_keyring(str(home / "keys"), home, clock=clock)
    attestor = Attestor(keyring)
    log = Log(database, clock, ids, keyring.secret("leaf"))
    attestor.attach(database.sessions)
    log.attach(database.sessions)
    gate = Gate(
        GateParts(
            database=database,
            clock=clock,
            keyring=keyring,
            attestor=attestor,
            log=log,
            sources=Sources(database, {}),
            base=reference_map(),
        )
    )
    settings = load_settings({"EGIDE_HOME": str(home), "EGIDE_DATABASE_URL": url})
    house = TestHouse(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        keyring=keyring,
        attestor=attestor,
        log=log,
        gate=gate,
        passwords=PasswordHasher(HashCost(passes=1, memory_kib=64, lanes=1)),
    )
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        number(session, reference_map())
        if session.get(Installation, ONLY) is None:
            session.add(
                Installation(
                    identifier=keyring.installation,
                    origin="egide.example",
                    demonstration=True,
                    initialised_at=clock.now(),
                )
            )
    return house


def close_house(house: TestHouse) -> None:
    """Stop the log and close the connections."""
    house.gate.close()
    house.log.close()
    house.database.close()
