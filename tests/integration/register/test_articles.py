"""Each heading and each shortcoming of a record quotes the article of the register in which the record stands."""

import pytest
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.articles import articles_of
from register.completeness import shortcomings
from register.guide.labels import words_for
from register.guide.survey import survey
from register.lifecycle import TRANSITIONS
from register.lines.contents import PeopleLine
from register.lines.values import Subject
from register.models import Activity
from register.service import (
    Desk,
    NewActivity,
    NewPurpose,
    PutLine,
    SetPurposeData,
    SetPurposeRecipients,
    add_purpose,
    draft_activity,
    get_activity,
    put_line,
    set_purpose_data,
    set_purpose_recipients,
)
from register.values import Capacity
from tests.builders.lines import on_file, put, taking_part
from tests.builders.pages import Enter
from tests.builders.paper import read_paper
from tests.builders.register import terms, the_owner
from tests.builders.service import Service
from tests.builders.web import words

OF_CONTROLLERS, OF_PROCESSORS = "30(1)", "30(2)"


def a_bare_record(session: Session, desk: Desk, capacity: Capacity) -> Activity:
    """Draft a record that lacks whatever can be lacking."""
    command = NewActivity(slug="loyalty", name_fr="Courrier", name_en="Mail", capacity=capacity)
    draft_activity(session, desk.clock, desk.ids, the_owner(), command)
    put(session, desk, Subject.PARTIES, taking_part(on_file(session, desk)))
    return get_activity(session, "loyalty")


def quoted(session: Session, desk: Desk, activity: Activity) -> list[str]:
    """Return every article that the guide and the steps quote of a record."""
    found = survey(session, activity, desk.clock.now())
    asked = words_for(activity.capacity)
    return [
        *(each.article for each in shortcomings(session, activity, day_of(desk.clock.now()))),
        *(each.article for each in found.worth_adding),
        *(asked[each.place.step].article for each in found.places),
        *articles_of(activity.capacity).values(),
    ]


@pytest.mark.parametrize(
    ("capacity", "own", "others"),
    [
        (Capacity.CONTROLLER, OF_CONTROLLERS, OF_PROCESSORS),
        (Capacity.JOINT_CONTROLLER, OF_CONTROLLERS, OF_PROCESSORS),
        (Capacity.PROCESSOR, OF_PROCESSORS, OF_CONTROLLERS),
    ],
)
def test_whatever_is_asked_of_a_record_is_asked_by_the_article_of_its_register(
    database: Database, desk: Desk, capacity: Capacity, own: str, others: str
) -> None:
    with database.write() as session:
        articles = quoted(session, desk, a_bare_record(session, desk, capacity))

    assert any(own in each for each in articles)
    assert [each for each in articles if others in each] == []


def test_every_subject_of_lines_is_asked_for_by_an_article_in_either_register() -> None:
    assert all(set(Subject) <= set(articles_of(capacity)) for capacity in Capacity)


def test_the_four_points_of_a_processors_record_are_quoted_each_at_its_part() -> None:
    articles = articles_of(Capacity.PROCESSOR)

    assert "30(2)(a)" in articles["who"]
    assert "30(2)(b)" in articles[Subject.PARTIES]
    assert "30(2)(c)" in articles[Subject.TRANSFERS]
    assert "30(2)(d)" in articles[Subject.MEASURES]


def test_a_step_of_a_record_is_the_same_in_both_registers_and_quotes_neither() -> None:
    assert not any(OF_CONTROLLERS in row.article or OF_PROCESSORS in row.article for row in TRANSITIONS)


def a_full_record_for_others(session: Session, desk: Desk) -> str:
    """Draft a processor's record that notes all that it may, and return its name."""
    command = NewActivity(slug="letters", name_fr="Courrier", name_en="Mail", capacity=Capacity.PROCESSOR)
    draft_activity(session, desk.clock, desk.ids, the_owner(), command)
    purpose = NewPurpose(
        activity="letters", slug="posting", label_fr="Poster", label_en="Posting", basis=LawfulBasis.CONTRACT
    )
    add_purpose(session, desk.clock, desk.attestor, the_owner(), purpose)
    data = SetPurposeData(purpose="posting", data=[terms(DataCategory.IDENTITY)])
    set_purpose_data(session, desk, the_owner(), data)
    receives = SetPurposeRecipients(purpose="posting", roles=frozenset({Role.SUPPORT}))
    set_purpose_recipients(session, desk, the_owner(), receives)
    people = PeopleLine(subject_kind=SubjectKind.CUSTOMER, estimate=100)
    put_line(session, desk, the_owner(), PutLine(activity="letters", subject=Subject.PEOPLE, line=people))
    return "letters"


def test_no_page_or_document_of_a_processors_record_quotes_what_is_asked_of_a_controller(
    enter: Enter, site: Service
) -> None:
    wired, reader = site.wired, enter(Role.DPO)
    with wired.write() as session:
        activity = a_full_record_for_others(session, Desk(wired.clock, wired.ids, wired.attestor))

    for page in ("", "/guide/helpers", "/guide/transfers", "/guide/measures", "/guide/answers", "/guide/review"):
        told = words(reader.get(f"/activities/{activity}{page}"))
        assert OF_CONTROLLERS not in told, page
        assert OF_PROCESSORS in told, page
    paper = reader.program.client.get(f"/activities/{activity}/record.pdf", headers={"Accept-Language": "en"})
    text = read_paper(paper.data).text
    assert OF_CONTROLLERS not in text
    assert OF_PROCESSORS in text
