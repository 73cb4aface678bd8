"""Proposing a map of a shop's database: the proposal loads as it is, and holds nothing of the content."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from governance.database import UnsupportedDatabaseError
from governance.datamap.adopt.proposal import Confidence, Proposal, ProposedTable
from governance.datamap.adopt.service import Adopt, Adoption, adopt
from governance.datamap.enrolment import Enroller
from governance.datamap.errors import SourceUnreachableError
from governance.datamap.loader import parse_map
from governance.datamap.values import FieldKind
from governance.vocabulary import SubjectKind
from tests.builders.chinook import has_real_script, real_on_postgres
from tests.builders.music_shop import postgres_shop, run_sql
from tests.integration.datamap.conftest import Wing
from tests.postgres import administer


@pytest.fixture
def adoption(shop_url: str) -> Adoption:
    return adopt(Adopt(url=shop_url, source="shop"))


@pytest.fixture
def postgres_shop_url(postgres_server: str) -> Iterator[str]:
    yield postgres_shop(postgres_server, "adopted_shop")
    administer(postgres_server, "DROP DATABASE adopted_shop WITH (FORCE)")


def table_of(proposal: Proposal, physical: str) -> ProposedTable:
    return next(table for table in proposal.tables if table.physical == physical)


def test_the_proposal_loads_as_it_is_and_its_rows_are_enrolled(wing: Wing, shop_url: str) -> None:
    proposed = adopt(Adopt(url=shop_url, source="shop", taken=wing.catalogue().tables))

    wing.load(proposed.text)

    counts = Enroller(wing).run(wing.catalogue())
    assert (counts.people, counts.waiting, counts.unusable) == (47, 0, 0)


def test_tables_of_persons_are_known_by_their_names(adoption: Adoption) -> None:
    links = {
        table.physical: {each.link.name: each.link.kind for each in table.links} for table in adoption.proposal.tables
    }

    assert links["client"] == {"person": SubjectKind.CUSTOMER, "vendeur": SubjectKind.EMPLOYEE}
    assert links["employee"] == {"person": SubjectKind.EMPLOYEE, "reports_to": SubjectKind.EMPLOYEE}
    assert links["album"] == {}


def test_foreign_keys_lead_to_persons_over_other_tables(adoption: Adoption) -> None:
    (invoice,) = table_of(adoption.proposal, "invoice").links
    (line,) = table_of(adoption.proposal, "invoice_line").links

    assert (invoice.link.of, invoice.link.columns) == ("client", ("customer_id",))
    assert (line.link.of, line.link.of_link, line.link.kind) == ("invoice", "customer", SubjectKind.CUSTOMER)
    assert line.grounds.confidence is Confidence.HIGH


def test_the_key_may_have_two_columns(adoption: Adoption) -> None:
    assert table_of(adoption.proposal, "carte_fidelite").key == ("magasin", "numero")


def test_columns_are_understood_by_name_and_content(adoption: Adoption) -> None:
    fields = {each.field.column: each for each in table_of(adoption.proposal, "client").fields}

    assert fields["courriel"].field.kind is FieldKind.EMAIL
    assert fields["courriel"].grounds.reasons[1] == "100 % of 39 values parse as an e-mail address"
    assert fields["date_naissance"].field.kind is FieldKind.BIRTH_DATE
    assert fields["code_postal"].grounds.confidence is Confidence.HIGH
    assert fields["allergies"].field.special
    assert fields["commentaire"].field.free_text


def test_a_column_that_is_not_understood_is_left_out_and_says_so(adoption: Adoption) -> None:
    client = table_of(adoption.proposal, "client")

    assert [each.name for each in client.left_out] == ["xq7"]
    assert "xq7" not in {field.column for field in parse_map(adoption.text, "a").tables["client"].fields.values()}
    assert "# left out: column xq7: neither its name nor its content" in adoption.text


def test_no_value_of_the_database_is_in_the_file(adoption: Adoption, shop_url: str) -> None:
    engine = create_engine(shop_url)
    with engine.connect() as connection:
        values = {
            str(value)
            for table in ("client", "employee", "album", "invoice")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
            for value in row
            if value is not None and len(str(value)) > 4
        }
    engine.dispose()

    assert len(values) > 200
    assert not [value for value in values if value in adoption.text]


def test_the_same_is_proposed_again(adoption: Adoption, shop_url: str) -> None:
    assert adopt(Adopt(url=shop_url, source="shop")).text == adoption.text


def test_names_that_other_maps_have_are_avoided(shop_url: str) -> None:
    proposal = adopt(Adopt(url=shop_url, taken={"client", "invoice"})).proposal

    assert table_of(proposal, "client").name == "client_2"
    assert table_of(proposal, "invoice").links[0].link.of == "client_2"


def adopted_file(tmp_path: Path, *statements: str) -> Adoption:
    url = f"sqlite:///{tmp_path / 'legacy.sqlite'}"
    run_sql(url, *statements)
    return adopt(Adopt(url=url))


def test_a_table_without_a_key_is_left_out(tmp_path: Path) -> None:
    found = adopted_file(tmp_path, "CREATE TABLE client (nom TEXT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")

    assert [(each.name, each.reason) for each in found.proposal.left_out] == [
        ("client", "it has no primary key, so nothing can name its rows")
    ]


def test_unique_columns_that_are_never_null_serve_as_a_key(tmp_path: Path) -> None:
    found = adopted_file(tmp_path, "CREATE TABLE client (code TEXT NOT NULL UNIQUE, other TEXT UNIQUE, nom TEXT)")

    assert found.proposal.tables[0].key == ("code",)


def test_a_table_of_persons_is_known_by_its_columns(tmp_path: Path) -> None:
    found = adopted_file(
        tmp_path,
        "CREATE TABLE t7 (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        *(f"INSERT INTO t7 VALUES ({n}, 'p{n}@courrier.example', 'Zoé')" for n in range(20)),
    )

    (table,) = found.proposal.tables
    assert table.links[0].link.kind is SubjectKind.OTHER
    assert table.about.reasons == (
        "its columns hold a given name, an e-mail address; say what kind of persons they are",
    )
    assert [each.field.kind for each in table.fields] == [FieldKind.EMAIL, FieldKind.NAME]


def test_a_table_that_is_only_called_persons_asks_who_they_are_and_is_not_counted_twice(tmp_path: Path) -> None:
    found = adopted_file(
        tmp_path,
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE visit (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id), total INTEGER)",
    )

    assert table_of(found.proposal, "person").about.sentence == (
        "medium: named like a table of persons; the name does not say whether they are customers or staff"
    )
    assert [each.link.name for each in table_of(found.proposal, "visit").links] == ["linked_person"]


def test_a_reference_without_a_foreign_key_is_found_by_its_values(tmp_path: Path) -> None:
    found = adopted_file(
        tmp_path,
        "CREATE TABLE clients (id INTEGER PRIMARY KEY, nom TEXT)",
        "CREATE TABLE commande (id INTEGER PRIMARY KEY, client_id INTEGER, montant INTEGER)",
        *(f"INSERT INTO clients VALUES ({n}, 'x')" for n in range(20)),
        *(f"INSERT INTO commande VALUES ({n}, {n}, 7)" for n in range(10)),
    )

    (proposed,) = table_of(found.proposal, "commande").links
    assert (proposed.link.of, proposed.link.columns) == ("clients", ("client_id",))
    assert proposed.grounds.sentence == "medium: no foreign key, but 10 of 10 values are keys of clients"


def test_columns_that_the_database_does_not_compare_are_no_references(postgres_shop_url: str) -> None:
    run_sql(
        postgres_shop_url,
        "CREATE TABLE client_group (id UUID PRIMARY KEY, nom TEXT)",
        "CREATE TABLE deal (id INTEGER PRIMARY KEY, client_group_id TEXT, amount INTEGER)",
        "INSERT INTO deal VALUES (1, 'x', 1)",
    )

    assert table_of(adopt(Adopt(url=postgres_shop_url)).proposal, "deal").links == ()


def test_a_table_that_the_account_may_not_read_is_left_out(postgres_shop_url: str) -> None:
    run_sql(postgres_shop_url, "CREATE ROLE reader LOGIN", "GRANT SELECT ON client, invoice TO reader")
    try:
        proposal = adopt(Adopt(url=postgres_shop_url.replace("egide@", "reader@"))).proposal
    finally:
        run_sql(postgres_shop_url, "DROP OWNED BY reader", "DROP ROLE reader")

    assert {table.physical for table in proposal.tables} == {"client", "invoice"}
    assert "it cannot be read (the account may not read it)" in {each.reason for each in proposal.left_out}


def test_a_company_is_not_taken_for_a_person_because_it_has_an_email_address(tmp_path: Path) -> None:
    found = adopted_file(tmp_path, "CREATE TABLE fournisseur (id INTEGER PRIMARY KEY, email TEXT, raison_sociale TEXT)")

    assert found.proposal.tables[0].links == ()


def test_names_that_would_break_a_file_do_not(tmp_path: Path) -> None:
    columns = '"i,d" INTEGER PRIMARY KEY, "nom # \'x" TEXT, "é\nmail" TEXT'
    found = adopted_file(tmp_path, f'CREATE TABLE "cli: [ent}}" ({columns})')

    table = parse_map(found.text, "a.yaml").tables["cli_ent"]
    assert (table.physical, table.key) == ("cli: [ent}", ("i,d",))


def test_a_password_stays_out_of_the_file(postgres_shop_url: str) -> None:
    assert "\naddress:" in adopt(Adopt(url=postgres_shop_url)).text

    proposed = adopt(Adopt(url=postgres_shop_url.replace("egide@", "egide:hunter2@"), source="shop"))

    assert "hunter2" not in proposed.text
    assert "\naddress:" not in proposed.text
    assert "set EGIDE_SOURCE_SHOP" in proposed.text
    assert "hunter2" not in repr(Adopt(url="postgresql://u:hunter2@h/n"))


def test_a_schema_of_its_own_is_named(wing: Wing, postgres_shop_url: str) -> None:
    run_sql(
        postgres_shop_url,
        "CREATE SCHEMA hr",
        "CREATE TABLE hr.salarie (id INTEGER PRIMARY KEY, nom TEXT)",
        "INSERT INTO hr.salarie VALUES (1, 'x')",
    )
    proposed = adopt(Adopt(url=postgres_shop_url, source="elsewhere"))

    table = table_of(proposed.proposal, "salarie")
    assert (table.name, table.schema) == ("hr_salarie", "hr")
    wing.load(proposed.text)
    assert Enroller(wing).run(wing.catalogue()).people == 48


def test_egides_own_database_is_proposed_without_its_own_tables(wing: Wing, database_url: str) -> None:
    run_sql(
        database_url, "CREATE TABLE client (id INTEGER PRIMARY KEY, nom TEXT)", "INSERT INTO client VALUES (1, 'x')"
    )

    proposed = adopt(Adopt(url=database_url))

    assert [table.physical for table in proposed.proposal.tables] == ["client"]
    assert "source:" not in proposed.text
    wing.load(proposed.text)
    assert Enroller(wing).run(wing.catalogue()).people == 1


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("this is no database, but it is long enough to look at" * 100)

    with pytest.raises(SourceUnreachableError):
        adopt(Adopt(url=f"sqlite:///{tmp_path / 'text.sqlite'}"))
    with pytest.raises(SourceUnreachableError):
        adopt(Adopt(url="nonsense"))
    with pytest.raises(UnsupportedDatabaseError):
        adopt(Adopt(url="mysql://h/n"))


@pytest.fixture(params=["fictional", *(["real"] if has_real_script() else [])])
def postgres_music(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A music shop on PostgreSQL, with what must be found in it."""
    if request.param == "fictional":
        administer(postgres_server, "CREATE DATABASE fictional_music")
        url = postgres_server.format(database="fictional_music")
        run_sql(url, "CREATE TABLE customer (customer_id INT PRIMARY KEY, email VARCHAR(60) NOT NULL)",
                *(f"INSERT INTO customer VALUES ({n}, 'c{n}@courrier.example')" for n in range(1, 31)))  # fmt: skip
        yield url, {"tables": {"customer"}, "sentence": "100 % of 30 values"}
        administer(postgres_server, "DROP DATABASE fictional_music WITH (FORCE)")
        return
    tables = {"customer", "employee", "invoice", "invoice_line", "track", "album", "artist"}
    with real_on_postgres(postgres_server) as url:
        yield url, {"tables": tables, "sentence": "100 % of 59 values"}


def test_a_postgresql_script_is_adopted(postgres_music: tuple[str, dict[str, Any]]) -> None:
    url, expected = postgres_music

    proposed = adopt(Adopt(url=url))

    assert expected["tables"] <= set(parse_map(proposed.text, "a.yaml").tables)
    email = {each.field.column: each for each in table_of(proposed.proposal, "customer").fields}["email"]
    assert email.grounds.confidence is Confidence.HIGH
    assert any(expected["sentence"] in reason for reason in email.grounds.reasons)
