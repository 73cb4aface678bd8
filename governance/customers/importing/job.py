"""One file on its way into one table: what was asked, what the file is, what the policies in force allow."""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedRandom
from pathlib import Path
from typing import Final

from governance.actor import Actor
from governance.customers.errors import StillToBeToldError, TableNotImportableError
from governance.customers.house import House
from governance.customers.importing.batches import Duplicates
from governance.customers.importing.columns import ColumnPlan, plan_columns
from governance.customers.importing.mapping import ColumnMapping
from governance.customers.importing.report import ImportProgress
from governance.customers.importing.rights import plan_import
from governance.customers.importing.rows import CheckedRow, Refusal, check_row
from governance.customers.notices import notice_number
from governance.customers.reference import reference_map
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.values import MappedTable
from governance.days import day_of
from governance.errors import phrase
from governance.gate.bulk import BulkContext
from governance.gate.plan import ReadPlan
from governance.spreadsheets.files import Row, TableFile, open_table
from governance.spreadsheets.limits import DEFAULT_LIMITS, Limits
from register.service import indirect_point
from register.values import NoticeRef

DEFAULT_PURPOSE: Final = "customer-relationship"
Tell = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file to import.

    Attributes:
        path: Where it lies, or the file itself.
        table: The table's name in the data map.
        purpose: What for; the actor needs a grant to create.
        mapping: What a person said about the columns.
        source: Where the data come from, in words; where empty, as the collection point says, or "Import" and the day.
        notice: Which notice the people were given; None where none is known, which closes the rows to later purposes.
        point: The slug of the collection point through which they came, where the people did not give them themselves.
        duplicates: What becomes of rows whose e-mail address is on file.
        dry_run: Whether nothing is written.
    """

    path: Path | BufferedRandom = field(repr=False)
    table: str
    purpose: str = DEFAULT_PURPOSE
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    source: str = ""
    notice: NoticeRef | None = None
    point: str = ""
    duplicates: Duplicates = Duplicates.REFUSE
    dry_run: bool = False
    limits: Limits = DEFAULT_LIMITS


@dataclass(kw_only=True)
class Job:
    """One file on its way in. The plan is the one of the last time that the gate was asked."""

    house: House = field(repr=False)
    actor: Actor
    command: ImportFile
    file: TableFile
    columns: ColumnPlan
    catalogue: Catalogue = field(repr=False)
    plan: ReadPlan = field(repr=False)
    notice_id: int | None = None

    @property
    def table(self) -> MappedTable:
        """The table that the rows go into."""
        return self.columns.table

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything that decides what the file becomes."""
        said = f"\0{self.command.purpose}\0{self.command.duplicates.value}\0{self.command.notice or ''}"
        return hashlib.sha256(self.columns.digest + said.encode()).digest()

    def progress(self, import_id: uuid.UUID | None, row: int, accepted: int, refused: int) -> ImportProgress:
        """Say how far it has come, in rows below the header."""
        before = self.file.header_row
        rows = self.file.count - before
        return ImportProgress(id=import_id, row=row - before, rows=rows, accepted=accepted, refused=refused)

    def ask_again(self) -> None:
        """Ask the gate whether the actor may still; it answers from memory while no policy has changed.

        Raises:
            ReadRefusedError: If they may not any more.
        """
        self.plan = plan_import(self.house.gate, self.actor, self.command.purpose, self.table.name, self.columns.fields)

    def context(self) -> BulkContext:
        """Who fills the table, and with which keys."""
        house = self.house
        return BulkContext(
            keyring=house.keyring,
            clock=house.clock,
            ids=house.ids,
            catalogue=self.catalogue,
            actor=self.actor,
            purpose=self.command.purpose,
        )

    def check(self, batch: Sequence[Row]) -> tuple[list[CheckedRow], list[Refusal]]:
        """Check the rows of a batch one by one; outside any transaction, for it takes the most time."""
        checked: list[CheckedRow] = []
        refused: list[Refusal] = []
        today = day_of(self.house.clock.now())
        for row in batch:
            found = check_row(self.columns, row, today)
            if isinstance(found, CheckedRow):
                checked.append(found)
            else:
                refused += found
        return checked, refused


@contextmanager
def open_job(house: House, actor: Actor, command: ImportFile) -> Iterator[Job]:
    """Open the file, plan its columns, and ask whether the actor may.

    Raises:
        CustomersError, SpreadsheetError: If the file or its columns cannot be used.
        UnknownTableError: If the data map has no such table.
        PointNotFoundError, PointNotIndirectError: If they came through no such collection point.
        ReadRefusedError: If the actor may not create what the file holds; every rule that failed is named.
        NoticeUnknownError: If the notice was never published.
        StillToBeToldError: If a notice is said to have been given to people who are still to be told.
    """
    with open_table(command.path, command.limits) as file:
        with house.read() as session:
            catalogue = load_catalogue(session, house.attestor, reference_map())
            if command.point:
                indirect_point(session, house.attestor, command.point)
                _check_untold(command)
        table = catalogue.table(command.table)
        if table.adopted:
            raise TableNotImportableError(table=table.name, reason=phrase("another program keeps it"))
        columns = plan_columns(catalogue.tables, table, file.header, command.mapping)
        plan = plan_import(house.gate, actor, command.purpose, table.name, columns.fields)
        yield Job(
            house=house,
            actor=actor,
            command=command,
            file=file,
            columns=columns,
            catalogue=catalogue,
            plan=plan,
            notice_id=notice_number(house.gate.snapshot(), command.notice),
        )


def _check_untold(command: ImportFile) -> None:
    # GDPR Art. 14: what a notice names opens for these rows once their people were told, and not before.
    if command.notice is not None:
        raise StillToBeToldError(point=command.point)
