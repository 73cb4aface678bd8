"""What records lack with time, or never had: reviews that are late, impact assessments that are missing."""

import uuid
from pathlib import Path

from governance.actor import Role
from governance.days import day_of, plus_months
from governance.oversight.accountability.officer import keep_officer
from governance.oversight.drift.actions import settling
from governance.oversight.drift.values import Kind, Severity
from governance.oversight.evidence.service import remove_document
from governance.oversight.values import About, Thing
from governance.oversight.values.accountability import Mandate, OfficerTerms
from governance.vocabulary import DataCategory
from register.lifecycle import Verb
from register.lines.contents import DecisionLine, PeopleLine
from register.lines.values import DecisionGround, Relation, Subject
from register.service import (
    ActivityChange,
    DataTerms,
    NewParty,
    PartyChange,
    SetReviewPeriod,
    Step,
    add_party,
    change_activity,
    change_party,
    set_default_months,
    set_review_period,
)
from register.values import Capacity
from tests.builders.drift import CUSTOMER, House
from tests.builders.lines import on_file, taking_part
from tests.builders.register import a_complete_draft, activate, step, terms, the_controller, the_dpo

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


def test_a_link_that_egide_did_not_write_settles_nothing(house: House, tmp_path: Path) -> None:
    profiled(house, terms(IDENTITY))
    house.shelve(tmp_path / "evidence", Thing(About.ACTIVITY, "loyalty"))
    house.execute(
        "INSERT INTO document_link (document_id, about, reference, mac) "
        "SELECT document_id, 'assessment', reference, mac FROM document_link"
    )

    assert house.found(Kind.ASSESSMENT)
    assert house.told(Kind.ALTERED) == {("document_link",)}


def test_what_the_law_names_needs_an_assessment_without_doubt(house: House) -> None:
    # GDPR Art. 35(3)(a).
    profiled(house, terms(IDENTITY), solely=True, people=1)

    [found] = house.found(Kind.ASSESSMENT)

    assert (found.code, found.severity) == ("required", Severity.SERIOUS)
    assert found.parts == ("evaluation", "automated-decision")


def test_who_processes_for_somebody_else_leaves_the_assessment_to_them(house: House) -> None:
    profiled(house, terms(IDENTITY))
    with house.write() as session:
        # What runs keeps its capacity.
        step(session, house.desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="To be redone."))
        step(session, house.desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVISE))
        party = on_file(session, house.desk)
        house.lines(session, Subject.PARTIES, taking_part(party, Relation.PRINCIPAL))
        change = ("loyalty", ActivityChange(capacity=Capacity.PROCESSOR))
        change_activity(session, house.clock, house.desk.attestor, the_dpo(), change)
        activate(session, house.desk, "loyalty")

    assert house.found(Kind.ASSESSMENT) == []


def named(house: House, name: str | None, firm: str | None = None) -> uuid.UUID | None:
    """Let the register name an officer of the controller, of a firm or not; return the firm."""
    with house.write() as session:
        firm_id = None if firm is None else on_file(session, house.desk, firm).id
        dpo = (
            None
            if name is None
            else add_party(session, house.desk.ids, the_dpo(), NewParty(name=name, firm_id=firm_id))
        )
        controller = on_file(session, house.desk, "Boutique Exemple")
        change_party(session, the_dpo(), controller.id, PartyChange(dpo_id=None if dpo is None else dpo.id))
        a_complete_draft(session, house.desk, "loyalty")
        change = ("loyalty", ActivityChange(controller_id=controller.id))
        change_activity(session, house.clock, house.desk.attestor, the_dpo(), change)
        return firm_id


def designated(house: House, name: str, firm: uuid.UUID | None = None) -> uuid.UUID:
    """Let a designation be in force."""
    mandate = Mandate.INTERNAL if firm is None else Mandate.EXTERNAL
    told = OfficerTerms(name=name, mandate=mandate, firm_id=firm, since=day_of(house.clock.now()))
    with house.write() as session:
        return keep_officer(session, house.desk, the_dpo(), (None, told)).id


def test_an_officer_whom_the_register_names_is_told_until_the_designation_says_the_same(house: House) -> None:
    assert house.found(Kind.OFFICER) == []
    named(house, "Élodie Garde")

    [found] = house.found(Kind.OFFICER)
    assert (found.code, found.severity, found.concerns) == ("undesignated", Severity.KNOW, Role.DPO)
    assert settling(found).endpoint == "oversight.officer"

    officer = designated(house, "Ada Lefranc")
    [found] = house.found(Kind.OFFICER)
    assert (found.code, found.severity) == ("another", Severity.SETTLE)
    assert found.parts == ("Élodie Garde", "Ada Lefranc")

    told = OfficerTerms(name="Elodie GARDE", mandate=Mandate.INTERNAL, since=day_of(house.clock.now()))
    with house.write() as session:
        keep_officer(session, house.desk, the_dpo(), (officer, told))
    assert house.found(Kind.OFFICER) == []

    house.execute("UPDATE officer SET name = 'Somebody'")
    assert [each.code for each in house.found(Kind.OFFICER)] == ["undesignated"]
    assert house.told(Kind.ALTERED) == {("officer",)}


def test_a_designation_whom_the_register_does_not_name_is_told(house: House) -> None:
    named(house, None)
    designated(house, "Ada Lefranc")

    assert [each.code for each in house.found(Kind.OFFICER)] == ["unnamed"]


def test_the_firm_for_which_the_officer_acts_is_compared_too(house: House) -> None:
    firm = named(house, "Ada Lefranc", "Cabinet Exemple")
    officer = designated(house, "Ada Lefranc")
    assert [each.code for each in house.found(Kind.OFFICER)] == ["firm"]

    told = OfficerTerms(name="Ada Lefranc", mandate=Mandate.EXTERNAL, firm_id=firm, since=day_of(house.clock.now()))
    with house.write() as session:
        keep_officer(session, house.desk, the_dpo(), (officer, told))
    assert house.found(Kind.OFFICER) == []


def test_an_officer_is_not_compared_with_whom_somebody_altered(house: House) -> None:
    named(house, "Ada Lefranc")
    house.execute("UPDATE party SET name = 'Somebody' WHERE name = 'Ada Lefranc'")

    assert house.found(Kind.OFFICER) == []
    assert house.told(Kind.ALTERED) == {("party",)}


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
