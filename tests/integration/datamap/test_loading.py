"""Putting maps in force: versions, names, numbers, attestation, and what may not be mapped."""

import pytest
from sqlalchemy import select, text

from audit.transaction import unrecorded
from governance.datamap.catalogue import build_catalogue, load_catalogue, load_numbers
from governance.datamap.enrolment import Enroller
from governance.datamap.errors import (
    MapConflictError,
    MapError,
    MeaningChangedError,
    NotAdoptedError,
    NotNumberedError,
    UnknownMapError,
    UnknownShapeError,
    UnknownTableError,
)
from governance.datamap.loader import parse_map
from governance.datamap.models import FieldNumber, MapDocument
from governance.datamap.numbering import number, number_source
from governance.datamap.service import SettleReturned, list_maps, settle_returned, show_map
from governance.vault.errors import AttestationError
from governance.vault.models import PolicyEpoch
from governance.vocabulary import DataCategory
from tests.builders.datamap import PEOPLE_YAML, people_map
from tests.builders.ground import an_actor
from tests.builders.music_shop import SHOP_YAML
from tests.integration.datamap.conftest import Wing

# One field of the staff bears another name.
RENAMED_YAML = SHOP_YAML.replace("      email: {category", "      mail: {column: email, category", 1)


def policy_epoch(wing: Wing) -> int:
    with wing.database.read() as session:
        return session.scalar(select(PolicyEpoch.epoch)) or 0


def test_a_loaded_map_is_in_force(wing: Wing) -> None:
    loaded = wing.load(SHOP_YAML)

    catalogue = wing.catalogue()
    assert (loaded.source, loaded.version, loaded.changed) == ("shop", 1, True)
    assert set(loaded.tables) < set(catalogue.tables)
    assert catalogue.table("people").id == 1
    assert catalogue.table_by_id(catalogue.table("invoices").id).name == "invoices"


def test_loading_a_map_changes_the_policies(wing: Wing) -> None:
    before = policy_epoch(wing)

    wing.load(SHOP_YAML)

    assert policy_epoch(wing) == before + 1


def test_loading_a_map_is_recorded(wing: Wing) -> None:
    wing.load(SHOP_YAML)

    with wing.database.read() as session:
        (body,) = session.scalars(text("SELECT body FROM audit_entry"))
    assert b'"map":"loaded"' in bytes(body)
    assert b'"shop_customers"' in bytes(body)


def test_loading_the_same_file_again_changes_nothing(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    before = policy_epoch(wing)

    again = wing.load(SHOP_YAML)

    assert (again.version, again.changed) == (1, False)
    assert policy_epoch(wing) == before


def test_a_corrected_map_replaces_the_one_before(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    ids = {name: field.id for name, field in wing.catalogue().table("staff").fields.items()}

    loaded = wing.load(RENAMED_YAML)

    table = wing.catalogue().table("staff")
    assert (loaded.version, loaded.new) == (2, 1)
    assert "email" not in table.fields
    assert table.fields["family_name"].id == ids["family_name"]
    assert table.fields["mail"].id not in ids.values()
    with wing.database.read() as session:
        assert [each.version for each in list_maps(session)] == [2]


def test_a_field_that_comes_back_has_its_old_number(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    before = wing.catalogue().table("staff").fields["email"].id
    wing.load(RENAMED_YAML)

    wing.load(SHOP_YAML + "# corrected\n")

    assert wing.catalogue().table("staff").fields["email"].id == before


def test_the_map_is_shown_as_it_was_loaded(wing: Wing) -> None:
    wing.load(SHOP_YAML + "# a remark\n")

    with wing.database.read() as session:
        assert show_map(session, wing.attestor, "shop").text.endswith("# a remark\n")
        with pytest.raises(UnknownMapError):
            show_map(session, wing.attestor, "elsewhere")


def test_a_map_rewritten_by_sql_closes_its_tables(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    altered = SHOP_YAML.replace("category: contact", "category: purchases")
    documents = MapDocument.__tablename__
    with wing.database.write_connection() as connection:
        connection.execute(text(f"UPDATE {documents} SET text = :text"), {"text": altered})

    catalogue = wing.catalogue()

    assert isinstance(catalogue.problems[0], AttestationError)
    assert set(catalogue.tables) == {"people", "visits"}
    with wing.database.read() as session, pytest.raises(AttestationError):
        show_map(session, wing.attestor, "shop")


@pytest.mark.parametrize(
    ("source", "table", "reason"),
    [
        ("shop", "people: {key: [id], fields: {}}", "people is a table of the program"),
        ("shop", "staff: {key: [id], fields: {}}", "staff is a table of other"),
        (None, "mine: {fields: {}}", "mine needs key"),
        (None, "mine: {table: data_subject, key: [id], fields: {}}", "Égide keeps its own state"),
        (None, "mine: {table: ACCESS_grant, key: [id], fields: {}}", "Égide keeps its own state"),
        (None, "mine: {table: alembic_version, key: [id], fields: {}}", "Égide keeps its own state"),
        (None, "mine: {table: people, key: [id], fields: {}}", None),
    ],
)
def test_a_map_may_not_take_what_is_not_its_own(wing: Wing, source: str | None, table: str, reason: str | None) -> None:
    wing.load("version: 1\nsource: other\ntables: {staff: {key: [id], fields: {}}}\n")
    head = "" if source is None else f"source: {source}\n"
    map_text = f"version: 1\n{head}tables:\n  {table}\n"

    if reason is None:
        assert wing.load(map_text).source == "egide"
        return
    with pytest.raises(MapConflictError, match=reason):
        wing.load(map_text)


def test_a_file_that_cannot_be_used_is_refused_by_its_name_and_line(wing: Wing) -> None:
    with pytest.raises(MapError, match=r"^shop\.yaml:2: "):
        wing.load("version: 1\nsource: Shop\ntables: {}\n")


@pytest.mark.parametrize(
    ("old", "new", "before"),
    [
        ("key: [album_id]", "key: [titre]", "a table of shop with the key album_id"),
        ("source: shop", "source: mall", "a table of shop with the key"),
    ],
)
def test_a_name_never_comes_to_stand_for_another_table(wing: Wing, old: str, new: str, before: str) -> None:
    wing.load(SHOP_YAML)
    wing.load("version: 1\nsource: shop\ntables: {}\n")

    with pytest.raises(MeaningChangedError, match=before):
        wing.load(
            SHOP_YAML.replace(old, new).replace("link: person", "link: human" if "human" in new else "link: person")
        )


def test_a_table_that_is_called_otherwise_keeps_its_number_and_its_people(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    before = wing.catalogue().table("shop_customers").id
    Enroller(wing).run(wing.catalogue())

    wing.load(SHOP_YAML.replace("shop_customers", "patrons"))

    assert wing.catalogue().table("patrons").id == before
    assert Enroller(wing).run(wing.catalogue()).people == 0


def test_a_former_name_is_not_given_to_another_table(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    wing.load(SHOP_YAML.replace("shop_customers", "patrons"))

    with pytest.raises(MeaningChangedError, match="the table that is patrons now"):
        wing.load(SHOP_YAML.replace("shop_customers", "patrons").replace("  albums:", "  shop_customers:"))


def test_a_table_that_moved_keeps_its_number(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    before = wing.catalogue().table("albums").id

    wing.load(SHOP_YAML.replace("table: album", "table: records"))

    assert wing.catalogue().table("albums").id == before


def test_numbers_exchanged_by_sql_close_their_tables(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    with wing.database.write_connection() as connection:
        connection.execute(text("UPDATE table_number SET name = 'x' WHERE name = 'invoices'"))
        connection.execute(text("UPDATE table_number SET name = 'invoices' WHERE name = 'cards'"))
        connection.execute(text("UPDATE table_number SET name = 'cards' WHERE name = 'x'"))

    catalogue = wing.catalogue()

    assert {"invoices", "cards"}.isdisjoint(catalogue.tables)
    assert "shop_customers" in catalogue.tables
    assert [error.kind for error in catalogue.problems if isinstance(error, AttestationError)] == ["table_number"] * 2


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("field_number", "name = name || 'x' WHERE id = 1"),
        ("field_number", "table_id = (SELECT max(id) FROM table_number) WHERE id = 1"),
        ("box_shape", "fields = '[]' WHERE id = 1"),
        ("box_shape", "category = 99 WHERE id = 1"),
    ],
)
def test_a_number_or_shape_changed_by_sql_closes_every_table_and_is_named(wing: Wing, table: str, change: str) -> None:
    wing.load(SHOP_YAML)
    with wing.database.write_connection() as connection:
        connection.execute(text(f"UPDATE {table} SET {change}"))

    catalogue = wing.catalogue()

    assert not catalogue.tables
    assert [error.kind for error in catalogue.problems if isinstance(error, AttestationError)] == [table]


def test_settling_is_for_adopted_tables(wing: Wing) -> None:
    command = SettleReturned(table=wing.catalogue().table("people"), same=True)

    with wing.database.read() as session, pytest.raises(NotAdoptedError):
        settle_returned(session, wing.attestor, an_actor(), command)


def test_an_unknown_table_is_refused(wing: Wing) -> None:
    catalogue = wing.catalogue()

    with pytest.raises(UnknownTableError):
        catalogue.table("payroll")
    with pytest.raises(UnknownTableError):
        catalogue.table_by_id(999)


def test_a_changed_map_adds_a_shape_and_keeps_the_old_one(wing: Wing) -> None:
    bic = "      bic: {category: economic, link: person, kind: text, origin: provided}\n"
    longer = parse_map(PEOPLE_YAML.replace("      iban:", f"{bic}      iban:"), "p.yaml")
    place = ("person", DataCategory.ECONOMIC)
    old = wing.catalogue().shape(wing.catalogue().table("people"), *place)

    with wing.database.write() as session:
        unrecorded(session, "a new version of the program")
        assert number(session, longer) == 2  # the field and the shape
    with wing.database.read() as session:
        catalogue = load_catalogue(session, wing.attestor, longer)

    table = catalogue.table("people")
    new = catalogue.shape(table, *place)
    assert new.fields == ("bic", *old.fields)
    bindings = catalogue.bindings(bytes(16), table, *place)
    assert set(bindings) == {old.id, new.id}
    assert bindings[old.id].fields == old.fields
    with pytest.raises(UnknownShapeError):
        catalogue.binding(bytes(16), 999)
    with pytest.raises(UnknownShapeError):
        catalogue.shape(table, "person", DataCategory.SPECIAL)


def test_a_part_without_a_number_is_told(wing: Wing) -> None:
    longer = parse_map(PEOPLE_YAML + "  cats: {fields: {}}\n", "p.yaml")

    with wing.database.read() as session, pytest.raises(NotNumberedError, match="cats"):
        build_catalogue([longer], load_numbers(session, wing.attestor, []))


def test_numbers_are_dense_and_given_once(wing: Wing) -> None:
    with wing.database.write() as session:
        unrecorded(session, "a test")
        assert number(session, people_map()) == 0

    with wing.database.read() as session:
        numbers = sorted(session.scalars(select(FieldNumber.id)))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_source_of_data_is_numbered_once(wing: Wing) -> None:
    with wing.database.write() as session:
        unrecorded(session, "a test")
        first, second = number_source(session, "Salon de Lyon"), number_source(session, "fichier.csv")
        assert (first, second) == (number_source(session, "Salon de Lyon"), first + 1)
