"""A database in the shape of the Chinook example, filled with a handful of fictional rows, for its map in the docs."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from tests.postgres import administer, programs

# Where the real one lies on machines that have it; tests that use it add it to the fictional one.
REAL: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "customers"
_SCRIPT: Final = REAL / "chinook-postgresql.sql"
_SCHEMA: Final = """
CREATE TABLE "Employee" ("EmployeeId" INTEGER PRIMARY KEY, "LastName" NVARCHAR(20) NOT NULL,
    "FirstName" NVARCHAR(20) NOT NULL, "Title" NVARCHAR(30), "ReportsTo" INTEGER REFERENCES "Employee",
    "BirthDate" DATETIME, "HireDate" DATETIME, "Address" NVARCHAR(70), "City" NVARCHAR(40), "State" NVARCHAR(40),
    "Country" NVARCHAR(40), "PostalCode" NVARCHAR(10), "Phone" NVARCHAR(24), "Fax" NVARCHAR(24), "Email" NVARCHAR(60));
CREATE TABLE "Customer" ("CustomerId" INTEGER PRIMARY KEY, "FirstName" NVARCHAR(40) NOT NULL,
    "LastName" NVARCHAR(20) NOT NULL, "Company" NVARCHAR(80), "Address" NVARCHAR(70), "City" NVARCHAR(40),
    "State" NVARCHAR(40), "Country" NVARCHAR(40), "PostalCode" NVARCHAR(10), "Phone" NVARCHAR(24), "Fax" NVARCHAR(24),
    "Email" NVARCHAR(60) NOT NULL, "SupportRepId" INTEGER REFERENCES "Employee");
CREATE TABLE "Invoice" ("InvoiceId" INTEGER PRIMARY KEY, "CustomerId" INTEGER NOT NULL REFERENCES "Customer",
    "InvoiceDate" DATETIME NOT NULL, "BillingAddress" NVARCHAR(70), "BillingCity" NVARCHAR(40),
    "BillingState" NVARCHAR(40), "BillingCountry" NVARCHAR(40), "BillingPostalCode" NVARCHAR(10),
    "Total" NUMERIC(10,2) NOT NULL);
CREATE TABLE "InvoiceLine" ("InvoiceLineId" INTEGER PRIMARY KEY, "InvoiceId" INTEGER NOT NULL REFERENCES "Invoice",
    "TrackId" INTEGER NOT NULL, "UnitPrice" NUMERIC(10,2) NOT NULL, "Quantity" INTEGER NOT NULL);
INSERT INTO "Employee" VALUES (1, 'Aubin', 'Nadège', 'Manager', NULL, '1970-02-18 00:00:00', '2012-08-14 00:00:00',
    '1 rue des Lilas', 'Lyon', NULL, 'France', '69003', '+33 1 99 00 00 01', NULL, 'nadege@shop.example');
INSERT INTO "Employee" VALUES (2, 'Brun', 'Olivier', 'Support', 1, '1985-12-08 00:00:00', '2015-05-01 00:00:00',
    '2 rue des Lilas', 'Lyon', NULL, 'France', '69003', '+33 1 99 00 00 02', NULL, 'olivier@shop.example');
"""
_CUSTOMER: Final = """
INSERT INTO "Customer" VALUES ({n}, 'Alix', 'Client{n}', NULL, '{n} quai Neuf', 'Paris', NULL, 'France', '75011',
    '+33 1 99 00 10 {n:02d}', '+33 1 99 00 20 {n:02d}', 'client{n}@courrier.example', 2);
"""
_INVOICE: Final = """
INSERT INTO "Invoice" VALUES ({n}, {n} % 12 + 1, '2026-01-{n:02d} 00:00:00', '{n} quai Neuf', 'Paris', NULL, 'France',
    '75011', {n}.98);
"""
_LINE: Final = """
INSERT INTO "InvoiceLine" VALUES ({n}, {n} % 24 + 1, {n} * 3, 0.99, 1);
"""


def available_chinooks() -> list[str]:
    """Return the databases that tests of the example run on: always the fictional one."""
    return ["fictional", *(["real"] if (REAL / "chinook.sqlite").exists() else [])]


def has_real_script() -> bool:
    """Say whether the real one lies here for PostgreSQL too."""
    return _SCRIPT.exists()


@contextmanager
def real_on_postgres(server: str) -> Iterator[str]:
    """Load the real one into a server of the tests, where it makes a database of its own, and give its address."""
    folder = server.partition("?host=")[2]
    command = [str(programs() / "psql"), "-h", folder, "-U", "egide", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
    script = _SCRIPT.read_text(encoding="utf-8")
    subprocess.run(command, input=script, text=True, check=True, capture_output=True, timeout=120)
    yield server.format(database="chinook")
    administer(server, "DROP DATABASE chinook WITH (FORCE)")


def fictional_chinook(folder: Path) -> Path:
    """Make the fictional one and return its file."""
    file = folder / "chinook.sqlite"
    script = _SCHEMA
    for template, count in ((_CUSTOMER, 12), (_INVOICE, 24), (_LINE, 48)):
        script += "".join(template.format(n=number) for number in range(1, count + 1))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for statement in script.split(";"):
            connection.execute(text(statement.replace(":", "\\:")))
    engine.dispose()
    return file
