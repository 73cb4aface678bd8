"""Rows that somebody wrote past Égide: the report tells each table of them, whichever room keeps it."""

import uuid

import pytest
from sqlalchemy import select

from audit.transaction import unrecorded
from governance.actor import Role
from governance.orm import Base
from governance.oversight.accountability.maturity import assess
from governance.oversight.drift.actions import settling
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.kinds.altered import ONLY_GROWING, READ_BY_THE_GATE, altered_finding, kept_tables
from governance.oversight.drift.looking import Looking, LookingParts
from governance.oversight.drift.report import drift_report
from governance.oversight.drift.values import DriftReport, Kind, Severity
from governance.oversight.drift.views.words import told
from governance.oversight.values import About, Thing
from governance.vault.attested import Attested, table_of
from governance.vault.errors import AttestationError
from governance.wiring import Wired
from register.models import Activity, CompatibilityTest, Purpose
from register.notices.models import NoticeText
from tests.builders.drift import one_round
from tests.builders.oversight import Statements, acting, reader
from tests.builders.plan import assessed, desk_of, given_action, put_on_shelf, whole_file
from tests.builders.service import Program, Service
from tests.builders.web import words


def report(wired: Wired) -> DriftReport:
    snapshot = wired.gate.snapshot_anew()
    with wired.read() as session:
        return drift_report(Ground(session=session, attestor=wired.attestor, snapshot=snapshot, now=wired.clock.now()))


def look(wired: Wired) -> None:
    """Let the worker do one round."""
    parts = LookingParts(
        read=wired.read, write=wired.write, snapshot=wired.gate.snapshot_anew, attestor=wired.attestor,
        clock=wired.clock, sources=wired.sources,
    )  # fmt: skip
    one_round(Looking(parts))


def altered(wired: Wired) -> dict[str, int]:
    found = [each for each in report(wired).open if each.kind is Kind.ALTERED]
    assert {each.severity for each in found} <= {Severity.SERIOUS}
    return {each.name: each.count for each in found}


def by_sql(wired: Wired, statement: str) -> None:
    with wired.database.write_connection() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def filled(service: Service) -> Wired:
    """A house that has something of each kind on file."""
    wired = service.wired
    action = given_action(wired, title="Answer the host")
    put_on_shelf(wired, Thing(About.ACTION, str(action)))
    whole_file(wired)
    return wired


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("document", "title = 'Forged'"),
        ("document_link", "reference = 'forged'"),
        ("document_version", "size = 1"),
        ("plan_action", "title = 'Forged'"),
        ("plan_step", "note = 'Forged'"),
        ("authority_letter", "subject = 'Forged'"),
        ("training_session", "minutes = 1"),
        ("officer", "name = 'Forged'"),
        ("maturity_level", "level = 5, target = 5, justification = 'Forged'"),
        ("notice_text", "text = 'Forged'"),
        ("collection_point", "name_fr = 'Forged'"),
    ],
)
def test_the_report_tells_each_table_that_was_altered(filled: Wired, table: str, change: str) -> None:
    assert altered(filled) == {}
    with filled.read() as session:
        count = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()

    by_sql(filled, f"UPDATE {table} SET {change}")

    assert altered(filled) == {table: count}


def test_what_cannot_even_be_read_is_told_like_what_was_altered(sqlite_service: Service) -> None:
    # SQLite keeps any type in any column.
    wired = sqlite_service.wired
    put_on_shelf(wired)

    by_sql(wired, "UPDATE document SET valid_until = 'never', dated_on = 'always'")

    assert altered(wired) == {"document": 1}


def test_a_moment_that_no_calendar_holds_is_told_like_what_was_altered(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    put_on_shelf(wired)
    with wired.read() as session:
        activities = len(session.scalars(select(Activity.id)).all())

    # SQLite keeps any number in any column.
    by_sql(wired, "UPDATE activity SET mode = 'observe', observed_until = 9000000000000000000")
    by_sql(wired, "UPDATE document SET made_at = 9000000000000000000")

    assert altered(wired) == {"activity": activities, "document": 1}
    with wired.read() as session:
        found = wired.attestor.find_alterations(session)
    assert {each.kind for each in found if isinstance(each, AttestationError)} == {"activity", "document"}


def test_every_table_that_is_looked_at_has_a_name_that_people_read(service: Service) -> None:
    with service.app.test_request_context("/"):
        untold = [
            name for model in kept_tables() if (name := table_of(model).name) == told(altered_finding(name)).title
        ]

    # Contracts, officers and the like are called as their tables are, with a space or without.
    assert [name for name in untold if "_" in name] == []


def test_every_attested_table_of_the_register_of_consent_of_oversight_and_of_imports_is_looked_at() -> None:
    rooms = ("register.", "consent.", "governance.oversight.", "governance.campaigns.", "governance.customers.")
    attested = {
        table_of(mapper.class_).name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Attested) and mapper.class_.__module__.startswith(rooms)
    }

    looked_at = {table_of(model).name for model in kept_tables()}
    by_the_gate = {table_of(model).name for model in READ_BY_THE_GATE}
    assert looked_at | by_the_gate | ONLY_GROWING.keys() == attested
    assert len(looked_at) + len(by_the_gate) + len(ONLY_GROWING) == len(attested)


def test_the_report_takes_as_many_statements_whatever_was_altered(filled: Wired) -> None:
    report(filled)
    with Statements(filled) as few:
        report(filled)
    by_sql(filled, "UPDATE plan_action SET title = 'Forged'")
    by_sql(filled, "UPDATE document SET title = 'Forged'")

    with Statements(filled) as many:
        report(filled)

    assert many.count == few.count


@pytest.mark.parametrize(
    ("table", "change", "place"),
    [("party", "city = 'Forged'", "register.parties"), ("measure", "label_fr = 'Forged'", "register.measures")],
)
def test_what_a_person_may_write_anew_leads_there(filled: Wired, table: str, change: str, place: str) -> None:
    by_sql(filled, f"UPDATE {table} SET {change}")

    (found,) = [each for each in report(filled).open if each.kind is Kind.ALTERED]

    assert (found.name, settling(found).endpoint) == (table, place)


def test_versions_that_were_deleted_are_told(filled: Wired) -> None:
    with filled.read() as session:
        count = session.connection().exec_driver_sql("SELECT count(*) FROM activity_version").scalar_one()
    by_sql(filled, "DELETE FROM activity_version")

    (found,) = [each for each in report(filled).open if each.kind is Kind.ALTERED]

    assert (found.name, found.code, found.count) == ("activity_version", "gone", count)
    assert settling(found).endpoint == "register.versions"


@pytest.mark.parametrize("which", ["min", "max"])
def test_one_version_of_many_that_was_deleted_is_told_with_its_activity(service: Service, which: str) -> None:
    # The oldest leaves a gap, the newest none: only the number that the activity keeps misses it.
    one = f"SELECT {which}(v.revision) FROM activity_version v WHERE v.activity_id = activity_version.activity_id"
    mine = "activity_id IN (SELECT id FROM activity WHERE slug = 'customer-management')"
    by_sql(service.wired, f"DELETE FROM activity_version WHERE {mine} AND revision = ({one})")

    (found,) = [each for each in report(service.wired).open if each.kind is Kind.ALTERED]

    assert (found.code, found.count, found.parts) == ("gone", 1, ("customer-management",))
    assert settling(found).values == {"slug": "customer-management"}
    page = words(reader(service, Role.DPO).open("/drift?kind=altered"))
    assert "1 version that was kept was taken away outside Égide, of customer-management" in page


@pytest.mark.parametrize("change", ["revision = revision + 900", "note = 'Forged'", "snapshot = '{}'"])
def test_a_version_that_was_altered_or_put_in_the_place_of_another_is_seen_by_the_worker(
    service: Service, change: str
) -> None:
    wired = service.wired
    mine = "activity_id IN (SELECT id FROM activity WHERE slug = 'customer-management')"
    one = f"{mine} AND revision = (SELECT max(revision) FROM activity_version WHERE {mine})"
    look(wired)
    assert altered(wired) == {}
    by_sql(wired, f"UPDATE activity_version SET {change} WHERE {one}")

    look(wired)

    assert altered(wired) == {"activity_version": 1}
    page = words(reader(service, Role.DPO).open("/drift?kind=altered"))
    assert "it looks again within six hours" in page


def test_no_activity_is_made_to_forget_how_many_versions_it_had(service: Service) -> None:
    by_sql(service.wired, "DELETE FROM activity_version")
    by_sql(service.wired, "UPDATE activity SET versions = 0")

    assert "activity" in altered(service.wired)


def test_the_text_of_a_notice_that_was_deleted_is_told_and_not_replaced_by_an_older_one(filled: Wired) -> None:
    with filled.read() as session:
        slug, version = session.execute(
            select(NoticeText.slug, NoticeText.version).order_by(NoticeText.version.desc()).limit(1)
        ).one()

    by_sql(filled, f"DELETE FROM notice_text WHERE slug = '{slug}' AND version = {version}")

    [found] = [each for each in report(filled).open if each.kind is Kind.ALTERED]
    assert (found.name, found.code, found.count, found.severity) == ("notice_text", "gone", 1, Severity.SERIOUS)
    assert settling(found).endpoint == "register.notices"


def test_the_page_of_a_notice_whose_text_was_deleted_says_so_and_shows_nothing(service: Service) -> None:
    with service.wired.read() as session:
        slug = session.scalars(select(NoticeText.slug).order_by(NoticeText.version.desc()).limit(1)).one()
    by_sql(service.wired, f"DELETE FROM notice_text WHERE slug = '{slug}'")
    officer = reader(service, Role.DPO)

    assert service.app.test_client().get(f"/notices/{slug}").status_code == 500
    assert "taken away outside Égide" in words(officer.open("/drift"))
    shown = officer.open(f"/activities/-/notices/{slug}")
    assert "was taken away outside Égide" in words(shown)
    officer.send(f"/activities/-/notices/{slug}/publish")
    assert service.app.test_client().get(f"/notices/{slug}").status_code == 200


def a_withdrawn_test(wired: Wired) -> None:
    """Put a compatibility test on file that was open once and is evidence since."""
    now = wired.clock.now()
    with wired.write() as session:
        unrecorded(session, "a test sets its scene")
        purpose = session.scalars(select(Purpose.id).order_by(Purpose.id).limit(1)).one()
        session.add(
            CompatibilityTest(
                id=wired.ids.new(), purpose_id=purpose, link="A.", context="B.", nature="C.", consequences="D.",
                safeguards="E.", weighed="customer/contact", written_by=uuid.UUID(int=1), written_at=now,
                withdrawn_by=uuid.UUID(int=1), withdrawn_at=now,
            )
        )  # fmt: skip


def told_over_rest(program: Program) -> tuple[bool, set[tuple[str, str]]]:
    """Return whether the report is whole, and what it calls altered, as a process tells it that serves for a while."""
    body = program.get("/drift", kind="altered").get_json()
    return body["whole"], {(each["name"], each["code"]) for each in body["findings"]}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE activity SET description = 'Forged'", (True, {("activity", "rows")})),
        ("UPDATE purpose SET balance = 'Forged'", (True, {("purpose", "rows")})),
        ("UPDATE compatibility_test SET nature = 'Forged'", (True, {("compatibility_test", "rows")})),
        ("DELETE FROM compatibility_test", (False, {("policy-set", "set")})),
        ("DELETE FROM purpose_recipient", (False, {("policy-set", "set")})),
    ],
)
def test_what_decides_is_looked_at_again_each_time(
    service: Service, statement: str, expected: tuple[bool, set[tuple[str, str]]]
) -> None:
    a_withdrawn_test(service.wired)
    auditor = service.program(Role.AUDITOR)
    assert told_over_rest(auditor) == (True, set())

    by_sql(service.wired, statement)

    assert told_over_rest(auditor) == expected


def test_a_level_that_was_deleted_is_told_and_leaves_the_page_of_maturity_open(filled: Wired, service: Service) -> None:
    with filled.write() as session:
        assess(session, desk_of(filled), acting(filled, Role.DPO), assessed(2))
    by_sql(filled, "DELETE FROM maturity_level WHERE activity = (SELECT min(activity) FROM maturity_level)")

    [found] = [each for each in report(filled).open if each.kind is Kind.ALTERED]
    assert (found.name, found.code, found.count) == ("maturity_level", "gone", 2)
    assert settling(found).endpoint == "oversight.maturity"
    officer = reader(service, Role.DPO)
    assert "2 levels of self-assessments" in words(officer.open("/drift"))
    page = officer.open("/maturity/")
    assert page.status_code == 200
    assert "This was altered outside Égide" in words(page)


def test_a_level_that_was_deleted_last_time_alone_leaves_its_place_empty(filled: Wired, service: Service) -> None:
    by_sql(filled, "DELETE FROM maturity_level WHERE activity = (SELECT min(activity) FROM maturity_level)")
    with filled.write() as session:
        assess(session, desk_of(filled), acting(filled, Role.DPO), assessed(2))

    assert reader(service, Role.DPO).open("/maturity/").status_code == 200
