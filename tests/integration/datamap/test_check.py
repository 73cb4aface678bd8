"""Comparing the map with the databases it describes."""

from governance.datamap.check import Finding, Severity, check_maps
from governance.datamap.sources import Sources
from tests.builders.datamap import create_own_tables
from tests.builders.music_shop import SHOP_YAML, run_sql
from tests.integration.datamap.conftest import Wing


def findings(wing: Wing) -> list[Finding]:
    create_own_tables(wing.database)
    return check_maps(wing.catalogue(), wing.sources)


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SHOP_YAML.splitlines(), 1) if text in line)


def test_a_map_that_fits_has_nothing_but_notes(wing: Wing) -> None:
    wing.load(SHOP_YAML)

    assert {each.severity for each in findings(wing)} == {Severity.NOTE}


def test_columns_that_nobody_mapped_are_listed(wing: Wing) -> None:
    wing.load(SHOP_YAML)

    (client,) = [each for each in findings(wing) if "shop_customers" in each.text]
    assert client.text.startswith("shop_customers: not mapped, and so out of reach: telephone, adresse")
    assert (client.file, client.line) == ("shop.yaml", line_of("shop_customers:"))


def test_what_is_gone_is_an_error_with_its_line(wing: Wing, shop_url: str) -> None:
    wing.load(SHOP_YAML)
    run_sql(
        shop_url,
        "ALTER TABLE client RENAME COLUMN courriel TO mail",
        "ALTER TABLE client RENAME COLUMN vendeur_id TO seller_id",
        "ALTER TABLE carte_fidelite RENAME COLUMN magasin TO shop",
        "ALTER TABLE album RENAME TO record",
    )

    errors = [(each.line, each.text) for each in findings(wing) if each.severity is Severity.ERROR]

    assert errors == [
        (line_of("seller:"), "shop_customers: there is no column vendeur_id for the link seller"),
        (line_of("courriel"), "shop_customers: there is no column courriel for the field email"),
        (line_of("cards:"), "cards: there is no column magasin for the key"),
        (line_of("albums:"), "albums: there is no table album; correct the name"),
    ]


def test_a_type_that_surprises_is_a_warning(wing: Wing) -> None:
    points = "points: {category: behaviour, link: owner, kind: "
    wing.load(SHOP_YAML.replace(f"{points}integer", f"{points}email"))

    (warning,) = [each for each in findings(wing) if each.severity is Severity.WARNING]
    assert warning.text == "cards: the column points is INTEGER, a surprise for the kind email"


def test_a_key_that_nothing_keeps_unique_is_a_warning(wing: Wing) -> None:
    wing.load(SHOP_YAML.replace("key: [album_id]", "key: [titre]"))

    (warning,) = [each for each in findings(wing) if each.severity is Severity.WARNING]
    assert "albums: nothing in the database keeps its key unique" in warning.text


def test_a_view_may_be_mapped_and_is_told_to_have_no_key(wing: Wing, shop_url: str) -> None:
    run_sql(shop_url, "CREATE VIEW titles AS SELECT album_id, titre FROM album")
    wing.load(SHOP_YAML.replace("table: album", "table: titles"))

    found = [each.text for each in findings(wing) if "albums" in each.text]
    assert found == [
        "albums: nothing in the database keeps its key unique; two rows under one key would pass for one person"
    ]


def test_a_database_that_does_not_answer_is_a_finding(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    sources = Sources(wing.database, {"shop": "sqlite:////nowhere/at/all.sqlite"})

    (error,) = [each for each in check_maps(wing.catalogue(), sources) if each.source == "shop"]

    assert error.severity is Severity.ERROR
    assert "The database shop cannot be read" in error.text
    sources.close()


def test_tables_of_ones_own_that_are_missing_are_an_error(wing: Wing) -> None:
    errors = [each.text for each in check_maps(wing.catalogue(), wing.sources)]

    assert errors == [
        "people: there is no table people; run: egide init --migrate",
        "visits: there is no table visits; run: egide init --migrate",
    ]


def test_tables_of_ones_own_that_differ_are_told(wing: Wing) -> None:
    create_own_tables(wing.database)
    with wing.database.write_connection() as connection:
        connection.exec_driver_sql("ALTER TABLE visits RENAME COLUMN pages TO leaves")

    found = [(each.severity, each.text) for each in check_maps(wing.catalogue(), wing.sources)]

    assert found == [
        (Severity.ERROR, "visits: there is no column pages; run: egide init --migrate"),
        (Severity.WARNING, "visits: the column leaves is not of the map; nothing can read it"),
    ]


def test_a_map_left_out_is_told(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    with wing.database.write_connection() as connection:
        connection.exec_driver_sql("UPDATE map_document SET file = 'other.yaml'")

    assert any("left out: map_document" in each.text for each in findings(wing))
