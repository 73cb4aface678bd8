"""The worked example of the documentation: adopt, correct, load, read through the gate."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import create_engine, text

from governance.actor import Role
from governance.datamap.adopt.service import Adopt, adopt
from governance.datamap.check import Severity, check_maps
from governance.datamap.enrolment import Enroller
from governance.datamap.loader import parse_map
from governance.datamap.sources import Sources
from governance.gate.errors import NotInDataMapError, ReadRefusedError
from governance.gate.gate import Gate, GateParts
from governance.gate.query import Condition, Query
from governance.vocabulary import DataCategory, SubjectKind
from tests.builders.chinook import REAL, available_chinooks, fictional_chinook
from tests.builders.datamap import people_map
from tests.builders.ground import an_actor
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose
from tests.integration.datamap.conftest import Wing

EXAMPLE: Final = Path(__file__).parents[3] / "docs" / "examples" / "chinook.yaml"
CATEGORIES: Final = (
    DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PROFESSIONAL, DataCategory.PURCHASES
)  # fmt: skip
KINDS: Final = (SubjectKind.CUSTOMER, SubjectKind.EMPLOYEE)
Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture(params=available_chinooks())
def chinook(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a Chinook database."""
    if request.param == "fictional":
        return fictional_chinook(tmp_path)
    return Path(shutil.copy(REAL / "chinook.sqlite", tmp_path / "chinook.sqlite"))


@pytest.fixture
def read(wing: Wing, chinook: Path) -> Iterator[Read]:
    """Reads through the gate, once the example is loaded and its rows are enrolled."""
    sources = Sources(wing.database, {"chinook": f"sqlite:///{chinook}"})
    house = replace(wing, sources=sources)
    house.load(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)
    Enroller(house).run(house.catalogue())
    with house.database.write() as session:
        house.unrecorded(session)
        a_purpose(session, data=[(kind, category) for kind in KINDS for category in CATEGORIES])
        for kind in KINDS:
            for category in CATEGORIES:
                a_grant(session, kind=kind, category=category, exact_lookup=True)
    gate = Gate(
        GateParts(
            database=house.database,
            clock=house.clock,
            keyring=house.keyring,
            attestor=house.attestor,
            log=house.log,
            sources=sources,
            base=people_map(),
        )
    )

    def rows(table: str, *fields: str, **query: Any) -> list[dict[str, Any]]:
        asked = Query(purpose="customer-relationship", table=table, fields=fields or None, limit=1_000, **query)
        return [dict(row) for row in gate.read(an_actor(Role.SUPPORT), asked)]

    yield rows
    gate.close()
    sources.close()


def truth(chinook: Path, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(f"sqlite:///{chinook}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return found


def test_customers_invoices_and_staff_are_read_through_the_gate(read: Read, chinook: Path) -> None:
    customers = read("chinook_customers", "family_name", "email")
    staff = read("chinook_staff", "family_name", "job", "hired_on")
    invoices = read("chinook_invoices", "invoiced_on", "total")

    assert [(row["family_name"], row["email"]) for row in customers] == truth(
        chinook, 'SELECT "LastName", "Email" FROM "Customer" ORDER BY "CustomerId"'
    )
    assert [(row["family_name"], row["job"], row["hired_on"]) for row in staff] == truth(
        chinook, 'SELECT "LastName", "Title", date("HireDate") FROM "Employee" ORDER BY "EmployeeId"'
    )
    assert [(row["invoiced_on"], Decimal(row["total"])) for row in invoices] == [
        (day, Decimal(str(total)))
        for day, total in truth(
            chinook, 'SELECT date("InvoiceDate"), "Total" FROM "Invoice" ORDER BY "InvoiceId" LIMIT 1000'
        )
    ]
    ((lines,),) = truth(chinook, 'SELECT count(*) FROM "InvoiceLine"')
    assert len(read("chinook_invoice_lines")) == min(lines, 1_000)


def test_a_column_left_out_is_out_of_reach(read: Read) -> None:
    for name in ("fax", "Fax"):
        with pytest.raises((NotInDataMapError, ReadRefusedError)):
            read("chinook_customers", name)
        with pytest.raises((NotInDataMapError, ReadRefusedError)):
            read("chinook_customers", "email", where=(Condition(field=name, value="x"),))
    assert all("fax" not in (name.lower() for name in row) for row in read("chinook_customers"))


def test_the_example_agrees_with_the_database(wing: Wing, chinook: Path) -> None:
    sources = Sources(wing.database, {"chinook": f"sqlite:///{chinook}"})
    wing.load(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)

    findings = [each for each in check_maps(wing.catalogue(), sources) if each.source == "chinook"]

    assert {each.severity for each in findings} == {Severity.NOTE}
    assert any("Fax" in each.text and "out of reach" in each.text for each in findings)
    sources.close()


def test_what_is_proposed_covers_what_the_example_maps(chinook: Path) -> None:
    proposal = parse_map(adopt(Adopt(url=f"sqlite:///{chinook}")).text, "proposed.yaml")
    example = parse_map(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)

    proposed = {table.physical: table for table in proposal.tables.values()}
    for table in example.tables.values():
        fields = {field.column: field for field in proposed[table.physical].fields.values()}
        for field in table.fields.values():
            if field.name not in {"track", "country"}:  # a person added the one and corrected the other
                assert (fields[field.column].category, fields[field.column].kind) == (field.category, field.kind)
