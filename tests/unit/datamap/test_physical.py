"""The tables that a map makes: which columns, how small, what refers to what."""

from datetime import date

import pytest
from sqlalchemy import Dialect, MetaData, Table, make_url
from sqlalchemy.schema import CreateTable

from governance.datamap.loader import parse_map
from governance.datamap.physical import CompactDate, adopted_table, governed_table
from governance.orm import CompactUuid
from tests.builders.datamap import own_tables, people_map
from tests.builders.music_shop import SHOP_YAML

MAP = parse_map(
    """
version: 1
tables:
  people:
    table: crm_people
    links:
      person: {kind: customer}
    fields:
      note: {category: relationship, link: person, kind: free-text, origin: observed}
      email: {category: contact, link: person, kind: email, origin: provided}
      number: {category: relationship, link: person, kind: text, storage: clear, origin: observed, required: true}
      since: {category: relationship, link: person, kind: date, storage: clear, origin: observed}
      cents: {category: relationship, link: person, kind: integer, storage: clear, origin: observed}
  orders:
    links:
      buyer: {kind: customer, of: people}
      giver: {kind: customer, of: people}
    fields:
      for_whom: {category: purchases, link: giver, kind: reference, of: people, storage: clear, origin: observed}
      at: {category: purchases, link: buyer, kind: moment, storage: clear, origin: observed}
      paid: {category: purchases, link: buyer, kind: boolean, storage: clear, origin: observed}
""",
    "a.yaml",
)

LITE: Dialect = make_url("sqlite://").get_dialect()()
POST: Dialect = make_url("postgresql://").get_dialect()()


@pytest.fixture
def tables() -> dict[str, Table]:
    return own_tables(MAP)


def test_sealed_fields_have_no_column_of_their_own(tables: dict[str, Table]) -> None:
    assert {"note", "email"}.isdisjoint(tables["people"].columns.keys())


def test_each_box_has_its_companions(tables: dict[str, Table]) -> None:
    names = set(tables["people"].columns.keys())

    assert {
        f"person_contact_{what}" for what in ("box", "revision", "source_id", "collected_on", "verified_on")
    } <= names


def test_fixed_widths_come_first_and_boxes_last(tables: dict[str, Table]) -> None:
    names = tables["people"].columns.keys()

    assert names[:4] == ["id", "person_subject_id", "revision", "since"]
    assert names[-2:] == ["person_relationship_box", "person_contact_box"]


def test_required_fields_and_links_are_never_null(tables: dict[str, Table]) -> None:
    columns = tables["people"].columns

    assert not columns["number"].nullable
    assert not columns["person_subject_id"].nullable
    assert columns["since"].nullable


def test_links_and_references_are_kept_by_the_database(tables: dict[str, Table]) -> None:
    columns = tables["orders"].columns

    assert [key.target_fullname for key in columns["giver_subject_id"].foreign_keys] == ["data_subject.id"]
    assert [key.target_fullname for key in columns["for_whom"].foreign_keys] == ["crm_people.id"]
    assert isinstance(columns["for_whom"].type, CompactUuid)
    assert {index.columns.keys()[0] for index in tables["orders"].indexes} == {
        "buyer_subject_id", "giver_subject_id", "for_whom",
    }  # fmt: skip


@pytest.mark.parametrize("dialect", [LITE, POST], ids=["sqlite", "postgresql"])
def test_the_tables_can_be_written_for_both_databases(tables: dict[str, Table], dialect: Dialect) -> None:
    for name in ("people", "orders"):
        assert "PRIMARY KEY (id)" in str(CreateTable(tables[name]).compile(dialect=dialect))


def test_an_adopted_table_is_not_made() -> None:
    adopted = parse_map(SHOP_YAML, "shop.yaml").tables["invoices"]

    with pytest.raises(ValueError, match="invoices is adopted"):
        governed_table(adopted, MetaData())


def test_an_adopted_table_shows_only_what_is_mapped() -> None:
    adopted = parse_map(SHOP_YAML, "shop.yaml").tables["shop_customers"]

    assert adopted_table(adopted).columns.keys() == [
        "id_client", "vendeur_id", "nom", "prenom", "courriel", "date_naissance",
    ]  # fmt: skip


def test_a_day_takes_two_bytes_on_sqlite() -> None:
    kind, day = CompactDate(), date(2026, 11, 22)

    assert kind.process_bind_param(day, LITE) == 20779
    assert kind.process_result_value(20779, LITE) == day
    assert kind.process_bind_param(day, POST) == day
    assert kind.process_result_value(day, POST) == day
    assert kind.process_bind_param(None, LITE) is None
    assert kind.process_result_value(None, LITE) is None


def test_the_map_of_the_tests_has_twelve_fields_in_three_boxes() -> None:
    people = people_map().tables["people"]

    assert (len(people.fields), len(people.boxes)) == (12, 3)
