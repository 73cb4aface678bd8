"""What is kept about findings: since when they are there, which are set aside, until when and why."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from audit.search import Filters, search
from governance.actor import ActorKind, Role
from governance.identity.errors import NotPermittedError
from governance.oversight.drift.aside import SetAside, set_aside
from governance.oversight.drift.errors import AsideDayError, AsideReasonError, FindingGoneError, NotSetAsideError
from governance.oversight.drift.kinds.altered import SET, altered_finding
from governance.oversight.drift.models import DriftAside
from governance.oversight.drift.reading import DriftQuery, find_finding, page_of
from governance.oversight.drift.report import broken_report, worst
from governance.oversight.drift.values import DriftReport, Finding, Kind, Severity
from governance.vocabulary import DataCategory
from tests.builders.drift import House
from tests.builders.ground import an_actor
from tests.builders.oversight import Statements
from tests.builders.register import terms, the_controller, the_dpo, the_owner

IN_A_MONTH = date(2026, 12, 22)


def put(house: House, finding: Finding, until: date = IN_A_MONTH, reason: str = "The map is being drawn.") -> None:
    with house.write() as session:
        set_aside(session, house.desk, the_dpo(), (finding, SetAside(until=until, reason=reason)))


def uncovered(house: House) -> Finding:
    return next(each for each in house.report().findings if each.key == ("customer", "contact"))


def test_a_finding_keeps_since_when_it_is_there(house: House) -> None:
    assert uncovered(house).since is None
    first = house.clock.now()
    house.look()
    house.clock.advance(days=3)
    house.look()

    assert uncovered(house).since == first


def test_one_that_went_and_came_back_is_there_since_it_came_back(house: House) -> None:
    house.active("loyalty", terms(DataCategory.IDENTITY), terms(DataCategory.FAMILY))
    house.look()
    with house.revision() as session:
        house.uses(session, terms(DataCategory.IDENTITY))
    house.look()
    house.clock.advance(days=1)
    with house.revision() as session:
        house.uses(session, terms(DataCategory.IDENTITY), terms(DataCategory.FAMILY))
    house.look()

    [found] = house.found(Kind.UNHELD)

    assert found.since == house.clock.now()


def test_what_is_set_aside_is_not_counted_and_comes_back_on_its_day(house: House) -> None:
    finding = uncovered(house)
    before = house.report().counts[Severity.SETTLE]

    put(house, finding)

    report = house.report()
    assert report.counts[Severity.SETTLE] == before - 1
    [aside] = report.set_aside
    assert aside.id == finding.id
    assert aside.aside is not None
    assert (aside.aside.until, aside.aside.reason, aside.aside.by) == (
        IN_A_MONTH,
        "The map is being drawn.",
        the_dpo().id,
    )
    house.clock.advance(days=29)
    assert house.report().set_aside
    house.clock.advance(days=1)
    assert house.report().set_aside == []
    assert house.report().counts[Severity.SETTLE] == before


def test_setting_aside_again_moves_the_day(house: House) -> None:
    put(house, uncovered(house))
    house.clock.advance(hours=1)
    put(house, uncovered(house), until=date(2026, 11, 24))

    house.clock.advance(days=2)

    assert house.report().set_aside == []


def test_the_log_says_who_set_what_aside_and_not_why(house: House) -> None:
    finding = uncovered(house)
    put(house, finding, reason="Somebody’s words.")

    with house.database.read() as session:
        [entry] = search(session, Filters(object_type="drift"), after=None, limit=9)
    assert entry.said["object"]["id"] == finding.id
    assert entry.said["details"] == {"verb": "set-aside", "kind": "uncovered", "until": "2026-12-22"}
    assert "words" not in str(entry.said)


@pytest.mark.parametrize("until", [date(2026, 11, 22), date(2026, 11, 21), date(2027, 11, 23)])
def test_it_is_set_aside_for_a_day_at_least_and_a_year_at_most(house: House, until: date) -> None:
    with pytest.raises(AsideDayError):
        put(house, uncovered(house), until=until)


def test_it_takes_a_reason(house: House) -> None:
    with pytest.raises(AsideReasonError):
        put(house, uncovered(house), reason=" \n")


@pytest.mark.parametrize(
    "actor",
    [the_owner(), the_controller(), an_actor(Role.AUDITOR), an_actor(Role.DPO, kind=ActorKind.PROGRAM)],
    ids=["owner", "controller", "auditor", "program"],
)
def test_only_the_officer_in_person_sets_aside(house: House, actor: object) -> None:
    finding = uncovered(house)

    with pytest.raises(NotPermittedError), house.write() as session:
        set_aside(session, house.desk, actor, (finding, SetAside(until=IN_A_MONTH, reason="No.")))  # type: ignore[arg-type]


def test_what_was_altered_is_not_set_aside(house: House) -> None:
    with pytest.raises(NotSetAsideError):
        put(house, altered_finding("contract"))


@pytest.mark.parametrize("column", ["until = '2027-10-01'", "reason = 'Never mind.'"])
def test_an_altered_row_sets_nothing_aside_and_is_told(house: House, column: str) -> None:
    put(house, uncovered(house))

    house.execute(f"UPDATE drift_aside SET {column}")

    report = house.report()
    assert report.set_aside == []
    assert [(each.name, each.count) for each in report.open if each.kind is Kind.ALTERED] == [("drift_aside", 1)]


def test_what_the_worker_saw_is_told_where_it_was_altered(house: House) -> None:
    house.active("loyalty", terms(DataCategory.IDENTITY))
    house.look()

    house.execute("UPDATE drift_look SET found = '[]'")

    [found] = house.found(Kind.ALTERED)
    assert found.name == "drift_look"
    house.look()
    assert house.found(Kind.ALTERED) == []


def test_where_the_set_of_what_decides_was_altered_that_alone_is_told() -> None:
    report = broken_report()

    assert [each.key for each in report.findings] == [(SET,)]
    assert not report.whole
    assert worst(report, 3) == []


def a_report(*counts: int) -> DriftReport:
    findings = [
        Finding(kind=kind, severity=severity, key=(str(number),), concerns=Role.DPO, count=count)
        for number, count in enumerate(counts)
        for kind, severity in ((Kind.UNCOVERED, Severity.SETTLE), (Kind.CONTRACT, Severity.SERIOUS))
    ]
    return DriftReport(findings=sorted(findings, key=lambda each: each.order))


def test_pages_follow_one_another_without_a_gap_even_where_something_was_settled_meanwhile() -> None:
    report = a_report(1, 1, 7, 3, 3)
    seen: list[str] = []
    after = None
    while True:
        page = page_of(report, DriftQuery(after=after, limit=3))
        seen += [each.id for each in page.rows]
        if page.next is None:
            break
        after = page.next
        # What was last on the page is settled before the next one is asked for.
        report = DriftReport(findings=[each for each in report.findings if each.id != seen[-1]])

    assert seen == [each.id for each in a_report(1, 1, 7, 3, 3).findings]


def test_the_gravest_come_first_and_of_those_the_largest() -> None:
    found = a_report(1, 9, 4).findings

    assert [(each.kind, each.count) for each in found] == [
        (Kind.CONTRACT, 9),
        (Kind.CONTRACT, 4),
        (Kind.CONTRACT, 1),
        (Kind.UNCOVERED, 9),
        (Kind.UNCOVERED, 4),
        (Kind.UNCOVERED, 1),
    ]


def test_what_is_not_there_is_not_found(house: House) -> None:
    with pytest.raises(FindingGoneError):
        find_finding(house.report(), "0" * 32)


def test_a_report_takes_as_many_statements_whatever_there_is(house: House) -> None:
    house.report()
    with Statements(house) as few:  # type: ignore[arg-type] # it asks for the database alone
        house.report()
    for number in range(4):
        house.active(f"activity-{number}", terms(DataCategory.IDENTITY), terms(DataCategory.FAMILY))
        house.refused("nothing", Role.SALES)
    house.look()
    house.report()

    with Statements(house) as many:  # type: ignore[arg-type]
        house.report()

    # One more for what came into force since the refusals.
    assert many.count <= few.count + 1


def test_the_newest_row_about_a_finding_counts_alone(house: House) -> None:
    finding = uncovered(house)
    put(house, finding)
    house.clock.advance(hours=1)
    put(house, finding, until=date(2026, 12, 1))

    with house.database.read() as session:
        assert len(session.scalars(select(DriftAside)).all()) == 2
    [aside] = house.report().set_aside
    assert aside.aside is not None
    assert aside.aside.until == date(2026, 12, 1)
    assert aside.aside.until - timedelta(days=9) == date(2026, 11, 22)
