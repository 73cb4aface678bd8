"""The demonstration company: what it always holds, and where it refuses to go."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import create_engine, func, select, text

from audit.transaction import unrecorded
from consent.models import Consent
from consent.states import ConsentState
from governance.actor import SYSTEM, Role
from governance.customers.demo import ACCOUNTS_FILE, DemoProgress, is_loaded, load_demo
from governance.customers.demo.company import PURPOSES, STAFF
from governance.customers.demo.filling import Size
from governance.customers.demo.staff import actor
from governance.customers.errors import HomeNotEmptyError
from governance.customers.informing.messages import awaited_messages, message_standing
from governance.customers.reference import reference_map
from governance.customers.tables import TABLES
from governance.datamap.catalogue import load_catalogue
from governance.gate.errors import ReadRefusedError
from governance.gate.holders import find_holders
from governance.gate.plan import PlanRequest, ReadPlan
from governance.identity.models import Account
from governance.identity.service.accounts import NewAccount, account_by_email, add_account
from governance.identity.service.roles import roles_in_force
from governance.installation.models import ONLY, Installation
from governance.vocabulary import Form, GrantedAction, SubjectKind
from register.declared import declared_purposes
from register.lifecycle import ActivityState, Mode
from tests.builders.customers import TestHouse, close_house, open_house
from tests.integration.customers.process import SMALL

INTERFACE = {
    "customer-relationship", "order-management", "invoicing", "after-sales", "email-marketing", "sms-marketing",
    "phone-marketing", "post-marketing", "scoring", "statistics", "rights-requests",
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestHouse]:
    """A house with the demonstration in it, loaded once for the tests that only look."""
    home = tmp_path_factory.mktemp("demo")
    with schema_url(request, home) as url:
        house = open_house(url, home)
        load_demo(house, size=SMALL)
        yield house
        close_house(house)


@contextmanager
def schema_url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """Copy the prepared template, and forget the copy at the end."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "egide.db")
        yield f"sqlite:///{home / 'egide.db'}"
        return
    server: str = request.getfixturevalue("postgres_template")
    _administer(server, "CREATE DATABASE test_demo TEMPLATE template_egide")
    yield server.format(database="test_demo")
    _administer(server, "DROP DATABASE test_demo WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def plan(house: TestHouse, role: Role, purpose: str, table: str = "customers") -> ReadPlan:
    with house.read() as session:
        who = actor(session, role)
    return house.gate.plan(PlanRequest(actor=who, purpose=purpose, table=table))


def forms(found: ReadPlan) -> dict[str, Form]:
    return {
        name: decision.form for name in found.wanted for decision in found.decisions(name).values() if decision.given
    }


def test_staff_of_every_role_may_sign_in_with_the_passwords_that_are_kept(loaded: TestHouse) -> None:
    accounts = load_demo(loaded, size=SMALL)

    path = loaded.settings.home / ACCOUNTS_FILE
    kept = orjson.loads(path.read_bytes())["accounts"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each["password"] for each in kept] == [each.password for each in accounts]
    assert {each.role for each in accounts} == {role for role, _ in STAFF} == set(Role) - {Role.SERVICE}
    with loaded.read() as session:
        for each in accounts:
            assert each.email == f"{each.role.value}@demo.example"
            account = account_by_email(session, each.email)
            assert loaded.passwords.matches(account.password_hash, each.password)
            assert roles_in_force(session, loaded.attestor, account.id, loaded.clock.now()) == {each.role}


def test_the_promised_purposes_are_declared_open_and_enforced(loaded: TestHouse) -> None:
    with loaded.read() as session:
        declared = declared_purposes(session, loaded.attestor)
    assert INTERFACE <= set(declared) == {purpose.slug for purpose in PURPOSES}
    assert all(declared[slug].open and declared[slug].mode is Mode.ENFORCE for slug in INTERFACE)
    assert not declared.problems


def test_records_on_their_way_open_nothing_but_what_is_observed(loaded: TestHouse) -> None:
    with loaded.read() as session:
        declared = declared_purposes(session, loaded.attestor)
    on_their_way = {slug: purpose for slug, purpose in declared.items() if slug not in INTERFACE}
    assert {purpose.activity_state for purpose in on_their_way.values()} == {
        ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.ADVISED, ActivityState.ACTIVE
    }  # fmt: skip
    assert [slug for slug, purpose in on_their_way.items() if purpose.open] == ["satisfaction-survey"]
    assert on_their_way["satisfaction-survey"].mode is Mode.OBSERVE


def test_support_and_marketing_read_what_is_promised(loaded: TestHouse) -> None:
    for purpose in ("customer-relationship", "after-sales"):
        given = forms(plan(loaded, Role.SUPPORT, purpose))
        assert given["email"] is given["family_name"] is Form.CLEAR
        assert given["iban"] is Form.MASKED
        assert "profession" not in given
    marketing = plan(loaded, Role.MARKETING, "email-marketing")
    assert forms(marketing)["email"] is Form.CLEAR
    assert marketing.consent is not None


def test_the_analyst_meets_pseudonyms_and_nobody_meets_what_they_need_not(loaded: TestHouse) -> None:
    given = forms(plan(loaded, Role.ANALYST, "statistics"))
    assert given["family_name"] is Form.PSEUDONYM
    assert given["postcode"] is Form.GENERALISED
    assert "email" not in given
    for role in (Role.ADMIN, Role.AUDITOR, Role.OWNER, Role.SECURITY, Role.ACCOUNTING):
        with pytest.raises(ReadRefusedError):
            plan(loaded, role, "customer-relationship")


def read(house: TestHouse, role: Role, purpose: str, table: str = "customers") -> list[dict[str, object]]:
    with house.read() as session:
        who = actor(session, role)
    return list(house.gate.read(who, purpose, table))


def test_a_study_sees_no_number_by_which_an_order_is_known_elsewhere(loaded: TestHouse) -> None:
    known = read(loaded, Role.SUPPORT, "after-sales", "orders")
    studied = read(loaded, Role.ANALYST, "statistics", "orders")

    assert studied
    assert all(row["total_cents"] is not None for row in studied)
    for name in ("number", "invoice_number", "id", "ordered_on", "total_cents"):
        assert {row[name] for row in known}.isdisjoint({row.get(name) for row in studied} - {None})


def test_what_is_promised_can_be_read_through_the_gate(loaded: TestHouse) -> None:
    everybody = read(loaded, Role.SUPPORT, "customer-relationship")
    consenting = read(loaded, Role.MARKETING, "email-marketing")

    assert {row["email"] for row in everybody} == {f"customer-{number}@demo.example" for number in range(1, 151)}
    assert 0 < len(consenting) < len(everybody)
    assert {row["email"] for row in consenting} < {row["email"] for row in everybody}


def test_studies_read_without_waiting_for_the_worker(loaded: TestHouse) -> None:
    rows = read(loaded, Role.ANALYST, "statistics")

    assert len(rows) == SMALL.customers
    assert all("email" not in row for row in rows)
    assert all(len(str(row["postcode"])) < len("69001") for row in rows)


@pytest.mark.parametrize(
    ("role", "purpose", "table"),
    [
        (Role.SALES, "customer-relationship", "companies"),
        (Role.SALES, "customer-relationship", "contacts"),
        (Role.SALES, "order-management", "orders"),
        (Role.SALES, "order-management", "order_lines"),
        (Role.SALES, "order-management", "products"),
        (Role.ACCOUNTING, "invoicing", "orders"),
        (Role.SUPPORT, "after-sales", "exchanges"),
        (Role.SUPPORT, "after-sales", "equipment"),
        (Role.ANALYST, "scoring", "behaviour"),
        (Role.ANALYST, "statistics", "orders"),
        (Role.DPO, "rights-requests", "customers"),
        (Role.MARKETING, "sms-marketing", "customers"),
        (Role.SALES, "phone-marketing", "customers"),
        (Role.MARKETING, "post-marketing", "customers"),
    ],
)
def test_every_role_finds_the_rows_of_its_work(loaded: TestHouse, role: Role, purpose: str, table: str) -> None:
    assert read(loaded, role, purpose, table)


def test_sales_may_import_customers_companies_and_contacts(loaded: TestHouse) -> None:
    with loaded.read() as session:
        sales = actor(session, Role.SALES)
    for table in ("customers", "companies", "contacts"):
        found = loaded.gate.plan(
            PlanRequest(actor=sales, purpose="customer-relationship", table=table, action=GrantedAction.CREATE)
        )
        kinds: set[SubjectKind | None] = {link.kind for link in found.table.links.values()} or {None}
        assert {found.decisions(name)[kind].form for name in found.wanted for kind in kinds} == {Form.CLEAR}


def test_everybody_who_is_promised_is_there(loaded: TestHouse) -> None:
    emails = [f"customer-{number}@demo.example" for number in range(1, SMALL.customers + 1)]
    with loaded.read() as session:
        catalogue = load_catalogue(session, loaded.attestor, reference_map())
        customers = catalogue.table("customers")
        found = find_holders(session, loaded.keyring, catalogue, (customers, customers.fields["email"]), emails)
        counts = {
            name: session.scalar(select(func.count()).select_from(TABLES[name])) or 0
            for name in ("companies", "customers", "products", "orders", "equipment", "exchanges", "behaviour")
        }
        lines = session.scalar(select(func.count()).select_from(TABLES["order_lines"])) or 0
        contacts = session.scalar(select(func.count()).select_from(TABLES["contacts"])) or 0
    assert set(found) == set(emails)
    assert counts == {
        "companies": 20, "customers": 150, "products": 40, "orders": 300, "equipment": 60, "exchanges": 60,
        "behaviour": 60,
    }  # fmt: skip
    assert lines > counts["orders"]
    assert contacts >= counts["companies"]


def test_the_promised_numbers_are_the_default_ones() -> None:
    size = Size()

    assert (size.customers, size.orders) == (2000, 15_000)


def test_people_agreed_refused_withdrew_and_were_never_asked(loaded: TestHouse) -> None:
    with loaded.read() as session:
        states = dict(session.execute(select(Consent.state, func.count()).group_by(Consent.state)).all())
        asked = session.scalar(select(func.count(func.distinct(Consent.subject_id)))) or 0
    assert all(states[state.code] > 0 for state in (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN))
    assert asked < SMALL.customers


def test_the_home_says_that_it_is_fictional(loaded: TestHouse) -> None:
    with loaded.read() as session:
        installation = session.get_one(Installation, ONLY)
        assert installation.demonstration


def test_loading_again_changes_nothing(house: TestHouse) -> None:
    first = load_demo(house, size=SMALL)
    house.clock.advance(days=3)
    told: list[DemoProgress] = []

    second = load_demo(house, told.append, size=SMALL)

    assert second == first
    with house.read() as session:
        assert is_loaded(session)
        assert session.scalar(select(func.count()).select_from(TABLES["orders"])) == SMALL.orders
        assert session.scalar(select(func.count()).select_from(Account)) == len(first)


def test_a_file_was_bought_whose_people_are_still_to_be_told_and_can_be_written_to(house: TestHouse) -> None:
    size = replace(SMALL, customers=5, orders=5, equipment=1, exchanges=1, behaviour=1, visitors=12)

    load_demo(house, size=size)
    load_demo(house, size=size)

    with house.read() as session:
        (asked,) = awaited_messages(session, house, actor(session, Role.MARKETING))
        found = message_standing(session, house, asked.task.import_id)
        assert found.words is not None
        assert (found.people, found.reached) == (12, 0)


def test_it_refuses_a_home_that_holds_anything_else(house: TestHouse) -> None:
    with house.write() as session:
        add_account(session, house.clock, house.ids, SYSTEM, NewAccount(email="ada@real.example"))

    with pytest.raises(HomeNotEmptyError, match="accounts"):
        load_demo(house, size=SMALL)

    assert not (house.settings.home / ACCOUNTS_FILE).exists()


def test_it_refuses_a_home_founded_for_real_data_though_nothing_is_in_it_yet(house: TestHouse) -> None:
    with house.write() as session:
        unrecorded(session, "the test's own preparation")
        session.get_one(Installation, ONLY).demonstration = False

    with pytest.raises(HomeNotEmptyError, match="real data"):
        load_demo(house, size=SMALL)

    assert not (house.settings.home / ACCOUNTS_FILE).exists()


def test_passwords_differ_from_home_to_home_and_are_never_printed_by_accident(loaded: TestHouse) -> None:
    accounts = load_demo(loaded, size=SMALL)

    assert len({each.password for each in accounts}) == len(accounts)
    assert all(each.password not in repr(each) for each in accounts)
