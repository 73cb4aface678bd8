"""Enrolment of a shop's rows, on both databases."""

import pytest
from sqlalchemy import func, select, update

from governance.actor import Role
from governance.datamap.check import check_registries
from governance.datamap.enrolment import Counts, Enroller
from governance.datamap.enrolment_plan import Cursor
from governance.datamap.errors import RegistryAlteredError, SourceUnknownError, SourceUnreachableError
from governance.datamap.models import RegisteredRow
from governance.datamap.registry import RegisteredKeys, locate, resolve, rows_of_subject
from governance.datamap.registry_seal import check_registry, unregister
from governance.datamap.service import SettleReturned, accept_registry, count_gone, settle_returned
from governance.datamap.source_keys import source_key_of
from governance.orm import Base
from governance.vault.models import DataSubject
from governance.vocabulary import SubjectKind
from tests.builders.ground import an_actor
from tests.builders.music_shop import CUSTOMERS, EMPLOYEES, INVOICES, SHOP_YAML, run_sql
from tests.integration.datamap.conftest import Wing

REGISTERED = Base.metadata.tables[RegisteredRow.__tablename__]
# Staff and customers have two links each; albums have none and are registered all the same.
LINKS = EMPLOYEES * 2 + CUSTOMERS * 2 + 20 + 8 + INVOICES + 150


def enrol(wing: Wing) -> Counts:
    return Enroller(wing).run(wing.catalogue())


def registered(wing: Wing, table: str, *key: object) -> RegisteredKeys | None:
    source_key = source_key_of(key)
    with wing.database.read() as session:
        return resolve(session, wing.catalogue().table(table), [source_key], attestor=wing.attestor).get(source_key)


def person(wing: Wing, table: str, link: str, *key: object) -> int | None:
    found = registered(wing, table, *key)
    assert found is not None
    return found.subjects[link]


def count(wing: Wing) -> int:
    with wing.database.read() as session:
        return session.scalar(select(func.count()).select_from(RegisteredRow)) or 0


@pytest.fixture
def enrolled(wing: Wing) -> Wing:
    wing.load(SHOP_YAML)
    enrol(wing)
    return wing


def test_each_person_becomes_one_data_subject(wing: Wing) -> None:
    wing.load(SHOP_YAML)

    counts = enrol(wing)

    assert counts.people == CUSTOMERS + EMPLOYEES
    assert counts.registered == LINKS == count(wing)
    with wing.database.read() as session:
        by_kind = dict(session.execute(select(DataSubject.kind, func.count()).group_by(DataSubject.kind)).all())
    assert by_kind == {SubjectKind.CUSTOMER.code: CUSTOMERS, SubjectKind.EMPLOYEE.code: EMPLOYEES}


def test_a_row_speaks_of_the_person_of_the_row_it_refers_to(enrolled: Wing) -> None:
    customer = person(enrolled, "shop_customers", "person", 5)

    assert customer is not None
    assert person(enrolled, "invoices", "buyer", 4) == customer
    assert person(enrolled, "cards", "owner", "LYO", 5) == customer
    assert person(enrolled, "invoice_lines", "buyer", 3) == customer
    assert person(enrolled, "shop_customers", "seller", 5) == person(enrolled, "staff", "person", 6)


def test_a_row_may_refer_to_a_row_of_its_own_table(enrolled: Wing) -> None:
    assert person(enrolled, "staff", "manager", 4) == person(enrolled, "staff", "person", 1)


def test_a_row_that_names_nobody_is_registered_without_a_person(enrolled: Wing) -> None:
    assert person(enrolled, "invoices", "buyer", 30) is None
    assert person(enrolled, "staff", "manager", 1) is None


def test_a_table_without_links_is_registered_too(enrolled: Wing) -> None:
    found = registered(enrolled, "albums", 3)

    assert found is not None
    assert found.subjects == {}


def test_the_links_of_a_row_share_its_id_and_lead_back_to_its_key(enrolled: Wing) -> None:
    found = registered(enrolled, "shop_customers", 7)

    assert found is not None
    assert set(found.subjects) == {"person", "seller"}
    table = enrolled.catalogue().table("shop_customers")
    with enrolled.database.read() as session:
        assert locate(session, table, [found.row_id], attestor=enrolled.attestor) == {found.row_id: "[7]"}


def test_every_row_of_a_person_is_found(enrolled: Wing) -> None:
    customer = person(enrolled, "shop_customers", "person", 5)
    assert customer is not None

    with enrolled.database.read() as session:
        rows = rows_of_subject(session, customer, attestor=enrolled.attestor)

    catalogue = enrolled.catalogue()
    assert {catalogue.table_by_id(row.table_id).name for row in rows} == {
        "shop_customers", "cards", "invoices", "invoice_lines",
    }  # fmt: skip


def test_enrolling_again_changes_nothing(enrolled: Wing) -> None:
    again = enrol(enrolled)

    assert (again.registered, again.people, again.moved, again.gone) == (0, 0, 0, 0)
    assert count(enrolled) == LINKS


def test_a_stopped_enrolment_goes_on_where_it_was(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    progress = Enroller(wing).step(wing.catalogue())
    steps = 1

    while progress.cursor is not None:
        # A new process knows nothing but the cursor that the queue kept.
        cursor = Cursor.from_json(progress.cursor.to_json())
        progress = Enroller(wing).step(wing.catalogue(), cursor)
        steps += 1

    assert count(wing) == LINKS
    assert steps >= 12  # six tables, some of them twice, and once more each to look for rows that are gone


def test_a_batch_smaller_than_a_table_misses_and_repeats_nothing(wing: Wing) -> None:
    wing.load(SHOP_YAML)
    enroller = Enroller(wing)
    enroller._batch = 7  # noqa: SLF001 -- the shop is too small to make it shrink
    enroller._learn = lambda seconds, rows: None  # type: ignore[method-assign]  # noqa: SLF001

    counts = enroller.run(wing.catalogue())

    assert counts.registered == count(wing) == LINKS
    assert counts.people == CUSTOMERS + EMPLOYEES


def test_new_rows_are_found(enrolled: Wing, shop_url: str) -> None:
    run_sql(shop_url, "INSERT INTO client (id_client, nom) VALUES (99, 'Nouveau')")

    counts = enrol(enrolled)

    assert (counts.people, counts.registered) == (1, 2)
    assert person(enrolled, "shop_customers", "person", 99) is not None


def test_a_row_that_was_not_enrolled_is_not_resolved(enrolled: Wing, shop_url: str) -> None:
    run_sql(shop_url, "INSERT INTO client (id_client, nom) VALUES (99, 'Nouveau')")

    assert registered(enrolled, "shop_customers", 99) is None


def test_a_row_given_to_somebody_else_follows(enrolled: Wing, shop_url: str) -> None:
    run_sql(shop_url, "UPDATE invoice SET customer_id = 2 WHERE invoice_id = 4")

    counts = enrol(enrolled)

    assert counts.moved == 3  # the invoice and its two lines
    assert person(enrolled, "invoices", "buyer", 4) == person(enrolled, "shop_customers", "person", 2)


def test_a_row_given_to_somebody_not_enrolled_is_closed_until_they_are(enrolled: Wing, shop_url: str) -> None:
    source_key = source_key_of((4,))
    run_sql(
        shop_url,
        "INSERT INTO client (id_client, nom) VALUES (99, 'Nouveau')",
        "UPDATE invoice SET customer_id = 99 WHERE invoice_id = 4",
    )
    enroller = Enroller(enrolled)

    # The walk over invoices alone: the new customer is not enrolled yet.
    enroller.step(enrolled.catalogue(), Cursor(stage="invoices/1"))

    with enrolled.database.read() as session:
        table = enrolled.catalogue().table("invoices")
        assert resolve(session, table, [source_key], attestor=enrolled.attestor) == {}
    enrol(enrolled)
    assert person(enrolled, "invoices", "buyer", 4) == person(enrolled, "shop_customers", "person", 99)


def test_a_row_that_is_gone_is_no_longer_resolved(enrolled: Wing, shop_url: str) -> None:
    run_sql(shop_url, "DELETE FROM carte_fidelite WHERE magasin = 'LYO' AND numero = 5")

    counts = enrol(enrolled)

    assert counts.gone == 1
    assert registered(enrolled, "cards", "LYO", 5) is None
    with enrolled.database.read() as session:
        assert count_gone(session, enrolled.catalogue().table("cards")) == 1


def test_a_link_that_is_called_otherwise_keeps_the_rows_ids(enrolled: Wing) -> None:
    before = registered(enrolled, "invoices", 4)
    enrolled.load(SHOP_YAML.replace("buyer", "payer"))

    enrol(enrolled)

    after = registered(enrolled, "invoices", 4)
    assert before is not None
    assert after is not None
    assert after.row_id == before.row_id
    assert after.subjects == {"payer": before.subjects["buyer"]}
    assert count(enrolled) == LINKS


def test_a_table_that_gets_a_link_is_enrolled_again(enrolled: Wing) -> None:
    link = "    links:\n      buyer: {kind: customer, of: shop_customers, columns: [album_id]}\n"
    link += "    fields:\n      title: {link: buyer, "
    enrolled.load(SHOP_YAML.replace("    fields:\n      title: {", link))

    enrol(enrolled)

    found = registered(enrolled, "albums", 3)
    assert found is not None
    assert found.subjects == {"buyer": person(enrolled, "shop_customers", "person", 3)}
    assert count(enrolled) == LINKS


def test_a_key_that_came_back_waits_for_a_person(enrolled: Wing, shop_url: str) -> None:
    before = person(enrolled, "cards", "owner", "LYO", 5)
    run_sql(shop_url, "DELETE FROM carte_fidelite WHERE magasin = 'LYO' AND numero = 5")
    enrol(enrolled)
    run_sql(shop_url, "INSERT INTO carte_fidelite VALUES ('LYO', 5, 9, 0)")

    counts = enrol(enrolled)

    assert counts.returned == 1
    assert registered(enrolled, "cards", "LYO", 5) is None
    settle(enrolled, same=True)
    assert person(enrolled, "cards", "owner", "LYO", 5) == before


def test_a_key_that_came_back_for_a_new_row_gets_a_new_id(enrolled: Wing, shop_url: str) -> None:
    before = registered(enrolled, "cards", "LYO", 5)
    run_sql(shop_url, "DELETE FROM carte_fidelite WHERE magasin = 'LYO' AND numero = 5")
    enrol(enrolled)
    run_sql(shop_url, "INSERT INTO carte_fidelite VALUES ('LYO', 5, 9, 0)")

    settle(enrolled, same=False)
    enrol(enrolled)

    after = registered(enrolled, "cards", "LYO", 5)
    assert after is not None
    assert before is not None
    assert after.row_id != before.row_id
    assert after.subjects["owner"] == person(enrolled, "shop_customers", "person", 9)


def settle(wing: Wing, *, same: bool) -> None:
    command = SettleReturned(table=wing.catalogue().table("cards"), same=same)
    with wing.database.write() as session:
        assert settle_returned(session, wing.attestor, an_actor(Role.CONTROLLER), command) == 1


def test_a_registration_rewritten_by_sql_closes(enrolled: Wing) -> None:
    catalogue, other = enrolled.catalogue(), person(enrolled, "shop_customers", "person", 6)
    forge(enrolled, catalogue.table("invoices").id, other)

    assert registered(enrolled, "invoices", 4) is None
    assert enrol(enrolled).altered >= 1
    with enrolled.database.read() as session, pytest.raises(RegistryAlteredError, match="does not fit its MAC"):
        check_registry(session, catalogue.table("invoices"), attestor=enrolled.attestor)


def test_a_forged_registration_is_not_handed_on_to_rows_that_refer_to_it(enrolled: Wing) -> None:
    catalogue, other = enrolled.catalogue(), person(enrolled, "shop_customers", "person", 6)
    forge(enrolled, catalogue.table("invoices").id, other)

    enrol(enrolled)

    line = registered(enrolled, "invoice_lines", 3)
    assert line is None or line.subjects["buyer"] != other


def forge(wing: Wing, table_id: int, subject_id: int | None) -> None:
    rows = REGISTERED
    chosen = (rows.c.table_id == table_id) & (rows.c.source_key == "[4]")
    with wing.database.write_connection() as connection:
        connection.execute(update(rows).where(chosen).values(subject_id=subject_id))


def test_a_registration_deleted_by_sql_is_found(enrolled: Wing) -> None:
    rows, table = REGISTERED, enrolled.catalogue().table("shop_customers")
    with enrolled.database.write_connection() as connection:
        connection.execute(rows.delete().where((rows.c.table_id == table.id) & (rows.c.source_key == "[5]")))

    with enrolled.database.read() as session, pytest.raises(RegistryAlteredError, match="80 rows instead of 82"):
        check_registry(session, table, attestor=enrolled.attestor)


def test_enrolment_stops_where_registrations_vanished_until_a_person_has_looked(enrolled: Wing) -> None:
    rows, table = REGISTERED, enrolled.catalogue().table("shop_customers")
    with enrolled.database.write_connection() as connection:
        connection.execute(rows.delete().where((rows.c.table_id == table.id) & (rows.c.source_key == "[5]")))

    with pytest.raises(RegistryAlteredError):
        enrol(enrolled)

    with enrolled.database.write() as session:
        assert accept_registry(session, enrolled.attestor, an_actor(Role.CONTROLLER), table) == 0
    assert enrol(enrolled).people == 1


def test_accepting_a_registry_removes_what_egide_did_not_write(enrolled: Wing) -> None:
    table = enrolled.catalogue().table("invoices")
    forge(enrolled, table.id, person(enrolled, "shop_customers", "person", 6))

    with enrolled.database.write() as session:
        assert accept_registry(session, enrolled.attestor, an_actor(Role.CONTROLLER), table) == 1
    enrol(enrolled)

    assert person(enrolled, "invoices", "buyer", 4) == person(enrolled, "shop_customers", "person", 5)
    with enrolled.database.read() as session:
        assert check_registries(session, enrolled.attestor, enrolled.catalogue()) == []


def test_an_altered_registry_is_a_finding(enrolled: Wing) -> None:
    forge(enrolled, enrolled.catalogue().table("invoices").id, 1)

    with enrolled.database.read() as session:
        (finding,) = check_registries(session, enrolled.attestor, enrolled.catalogue())
    assert "invoices was altered outside Égide" in finding.text


def test_a_registration_replaced_by_an_older_one_is_found(enrolled: Wing, shop_url: str) -> None:
    rows, table = REGISTERED, enrolled.catalogue().table("invoices")
    chosen = (rows.c.table_id == table.id) & (rows.c.source_key == "[4]")
    with enrolled.database.write_connection() as connection:
        old = dict(connection.execute(select(rows).where(chosen)).mappings().one())
    run_sql(shop_url, "UPDATE invoice SET customer_id = 2 WHERE invoice_id = 4")
    enrol(enrolled)

    with enrolled.database.write_connection() as connection:
        connection.execute(update(rows).where(chosen).values(**old))

    with enrolled.database.read() as session, pytest.raises(RegistryAlteredError, match="older ones"):
        check_registry(session, table, attestor=enrolled.attestor)


def test_an_untouched_registry_fits_its_seals(enrolled: Wing, shop_url: str) -> None:
    run_sql(
        shop_url,
        "UPDATE invoice SET customer_id = 2 WHERE invoice_id = 4",
        "DELETE FROM carte_fidelite WHERE numero = 5",
    )
    enrol(enrolled)

    with enrolled.database.read() as session:
        rows = [
            check_registry(session, table, attestor=enrolled.attestor)
            for table in enrolled.catalogue().tables.values()
            if table.adopted
        ]
    assert sum(rows) == count(enrolled)


def test_a_forgotten_row_leaves_the_registry_and_its_seal(enrolled: Wing) -> None:
    table, found = enrolled.catalogue().table("shop_customers"), registered(enrolled, "shop_customers", 7)
    assert found is not None

    with enrolled.database.write() as session:
        assert unregister(session, table, [found.row_id], attestor=enrolled.attestor) == 2
        enrolled.unrecorded(session)

    assert registered(enrolled, "shop_customers", 7) is None
    with enrolled.database.read() as session:
        check_registry(session, table, attestor=enrolled.attestor)


def test_a_table_that_cannot_be_read_holds_up_no_other(wing: Wing, shop_url: str) -> None:
    run_sql(shop_url, "ALTER TABLE album RENAME TO record")
    wing.load(SHOP_YAML)

    with pytest.raises(SourceUnreachableError):
        enrol(wing)

    assert count(wing) == LINKS - 8


def test_a_table_that_was_altered_holds_up_no_other(enrolled: Wing, shop_url: str) -> None:
    rows, table = REGISTERED, enrolled.catalogue().table("cards")
    with enrolled.database.write_connection() as connection:
        connection.execute(rows.delete().where(rows.c.table_id == table.id))
    run_sql(shop_url, "INSERT INTO client (id_client, nom) VALUES (99, 'Nouveau')")

    with pytest.raises(RegistryAlteredError, match="cards"):
        enrol(enrolled)

    assert person(enrolled, "shop_customers", "person", 99) is not None


def test_a_database_without_an_address_is_told_by_the_setting_that_gives_it(wing: Wing) -> None:
    wing.load(SHOP_YAML.replace("source: shop", "source: elsewhere"))

    with pytest.raises(SourceUnknownError, match="EGIDE_SOURCE_ELSEWHERE"):
        enrol(wing)
