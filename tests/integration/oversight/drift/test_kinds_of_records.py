"""What records lack with time, or never had: reviews that are late, impact assessments that are missing."""

from pathlib import Path

from governance.actor import Role
from governance.days import day_of, plus_months
from governance.oversight.drift.actions import settling
from governance.oversight.drift.values import Kind, Severity
from governance.oversight.evidence.service import remove_document
from governance.oversight.values import About, Thing
from governance.vocabulary import DataCategory
from register.lines.contents import DecisionLine, PeopleLine
from register.lines.values import DecisionGround, Relation, Subject
from register.service import (
    ActivityChange,
    DataTerms,
    SetReviewPeriod,
    change_activity,
    set_default_months,
    set_review_period,
)
from register.values import Capacity
from tests.builders.drift import CUSTOMER, House
from tests.builders.lines import on_file, taking_part
from tests.builders.register import terms, the_dpo

IDENTITY = DataCategory.IDENTITY


def profiled(house: House, *data: DataTerms, solely: bool = False, people: int = 10_000) -> None:
    """Take an activity into force that profiles so many people."""
    house.active("loyalty", *data)
    score = DecisionLine(
        name="Score",
        solely=solely,
        ground=DecisionGround.CONTRACT if solely else None,
        logic="Points.",
        significance="An offer.",
        safeguards="Somebody looks again.",
    )
    with house.revision() as session:
        house.lines(session, Subject.DECISIONS, score)
        house.lines(session, Subject.PEOPLE, PeopleLine(subject_kind=CUSTOMER, estimate=people))


ASSESSED = Thing(About.ASSESSMENT, "loyalty")


def test_an_activity_likely_to_need_an_assessment_is_told_until_one_is_on_file(house: House, tmp_path: Path) -> None:
    profiled(house, terms(IDENTITY), people=9_999)
    assert house.found(Kind.ASSESSMENT) == []

    with house.revision() as session:
        house.lines(session, Subject.PEOPLE, PeopleLine(subject_kind=CUSTOMER, estimate=10_000))

    [found] = house.found(Kind.ASSESSMENT)
    assert (found.key, found.parts) == (("loyalty",), ("evaluation", "large-scale"))
    assert (found.code, found.severity, found.concerns) == ("likely", Severity.SETTLE, Role.CONTROLLER)
    assert settling(found).values == {"about": "assessment", "reference": "loyalty"}

    # What proves something else of the activity is no assessment.
    house.shelve(tmp_path / "evidence", Thing(About.ACTIVITY, "loyalty"))
    assert house.found(Kind.ASSESSMENT)

    library, document = house.shelve(tmp_path / "evidence", ASSESSED)
    assert house.found(Kind.ASSESSMENT) == []

    remove_document(library, the_dpo(), document)
    assert house.found(Kind.ASSESSMENT)


def test_an_assessment_counts_until_its_last_day_and_as_egide_wrote_it(house: House, tmp_path: Path) -> None:
    profiled(house, terms(IDENTITY))
    house.shelve(tmp_path / "evidence", ASSESSED, valid_until=day_of(house.clock.now()))
    assert house.found(Kind.ASSESSMENT) == []

    house.clock.advance(days=1)
    assert house.found(Kind.ASSESSMENT)

    house.execute("UPDATE document SET valid_until = NULL")
    assert house.found(Kind.ASSESSMENT)
    assert house.told(Kind.ALTERED) == {("document",)}


def test_what_the_law_names_needs_an_assessment_without_doubt(house: House) -> None:
    # GDPR Art. 35(3)(a).
    profiled(house, terms(IDENTITY), solely=True, people=1)

    [found] = house.found(Kind.ASSESSMENT)

    assert (found.code, found.severity) == ("required", Severity.SERIOUS)
    assert found.parts == ("evaluation", "automated-decision")


def test_who_processes_for_somebody_else_leaves_the_assessment_to_them(house: House) -> None:
    profiled(house, terms(IDENTITY))
    with house.revision() as session:
        party = on_file(session, house.desk)
        house.lines(session, Subject.PARTIES, taking_part(party, Relation.PRINCIPAL))
        change = ("loyalty", ActivityChange(capacity=Capacity.PROCESSOR))
        change_activity(session, house.clock, house.desk.attestor, the_dpo(), change)

    assert house.found(Kind.ASSESSMENT) == []


def test_a_review_that_is_late_is_told_until_the_record_was_looked_at_again(house: House) -> None:
    house.active()
    due_on = plus_months(day_of(house.clock.now()), 12)
    house.clock.advance(days=(due_on - day_of(house.clock.now())).days)
    assert house.found(Kind.REVIEW) == []

    house.clock.advance(days=1)
    [late] = house.found(Kind.REVIEW)
    assert (late.key, late.day, late.count, late.severity) == (("loyalty",), due_on, 1, Severity.SETTLE)
    assert settling(late).values == {"slug": "loyalty"}

    with house.revision():
        pass

    assert house.found(Kind.REVIEW) == []


def test_a_record_has_the_period_of_review_that_it_was_given(house: House) -> None:
    house.active()
    with house.write() as session:
        command = SetReviewPeriod(activity="loyalty", months=36)
        set_review_period(session, house.desk.attestor, the_dpo(), command)
        set_default_months(session, the_dpo(), 3)
    house.clock.advance(days=400)

    assert house.found(Kind.REVIEW) == []
