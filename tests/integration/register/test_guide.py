"""What the guide knows of a record: what it lacks, what is worth adding, where one goes on; and what was typed."""

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.jobs.queue import Lease
from governance.vault.sealed_values import SealedValues
from governance.vocabulary import LawfulBasis, SubjectKind
from register.errors import NotYourActivityError
from register.guide.hints import _WORTH
from register.guide.models import GuideDraft
from register.guide.survey import place_of, survey
from register.guide.values import STEP_OF_LACK, GuideStep, Place, Standing
from register.lifecycle import Verb
from register.lines.contents import PeopleLine, RightsLine
from register.lines.values import Subject
from register.models import Activity, Party
from register.service import (
    Desk,
    DraftSweep,
    NewActivity,
    NewPurpose,
    SetLines,
    StartActivity,
    Step,
    add_purpose,
    confirm_defaults,
    draft_activity,
    drop_draft,
    keep_draft,
    kept_drafts,
    leave_place,
    set_lines,
    start_activity,
)
from register.service.guiding import KEPT, MOST_BYTES
from register.shortcomings import LACKING
from register.starting_points.schemas.loader import starting_point
from register.values import PurposePart
from tests.builders.ground import StandingClock
from tests.builders.register import a_complete_draft, step, the_dpo, the_owner
from tests.builders.vault import a_keyring

PLACE = Place(step=GuideStep.WHAT)
TYPED = {"description": ["Madame Martin veut des fleurs"]}


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> SealedValues:
    return SealedValues(a_keyring(tmp_path_factory.mktemp("keys")))


def an_empty_draft(session: Session, desk: Desk, slug: str = "loyalty") -> Activity:
    command = NewActivity(slug=slug, name_fr="Fidélité", name_en="Loyalty")
    return draft_activity(session, desk.clock, desk.ids, the_owner(), command)


def test_everything_that_a_record_can_lack_is_settled_by_one_question() -> None:
    assert set(STEP_OF_LACK) == set(LACKING)


def test_an_empty_draft_is_asked_every_question_and_held_up_by_what_article_30_asks(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        found = survey(session, an_empty_draft(session, desk), desk.clock.now())

    assert [each.place.step for each in found.places] == [*GuideStep]
    assert {each.code for each in found.missing} == {"no-controller", "no-purpose"}
    assert found.onward == PLACE
    standings = {each.place.step: each.standing for each in found.places}
    assert standings[GuideStep.HELPERS] is Standing.OPTIONAL
    assert standings[GuideStep.ANSWERS] is Standing.TO_DO


def test_what_is_worth_adding_goes_as_it_is_added(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        before = survey(session, activity, desk.clock.now())
        assert before.missing == ()
        codes = {each.code for each in before.worth_adding}
        assert codes >= {"no-measures", "no-rights", "no-assets", "no-number-of-people", "controller-unreachable"}
        assert codes <= set(_WORTH)

        people = [PeopleLine(subject_kind=SubjectKind.CUSTOMER, estimate=300)]
        set_lines(session, desk, the_owner(), SetLines(activity="loyalty", subject=Subject.PEOPLE, lines=people))
        rights = [RightsLine(how_fr="Par courriel")]
        set_lines(session, desk, the_owner(), SetLines(activity="loyalty", subject=Subject.RIGHTS, lines=rights))
        party = session.get_one(Party, activity.controller_id)
        party.telephone = "02 00 00 00 00"

        after = {each.code for each in survey(session, activity, desk.clock.now()).worth_adding}
    assert codes - after == {"no-number-of-people", "no-rights", "controller-unreachable"}


def test_a_shortcoming_of_a_purpose_leads_to_the_question_of_that_purpose(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        command = NewPurpose(
            activity="loyalty", slug="watching", label_fr="Surveiller", label_en="Watching",
            basis=LawfulBasis.LEGITIMATE_INTERESTS,
        )  # fmt: skip
        add_purpose(session, desk.clock, desk.attestor, the_owner(), command)
        found = survey(session, activity, desk.clock.now())

    assert {place_of(each).key for each in found.missing} == {"why/watching", "data/watching", "recipients/watching"}
    standings = {each.place.key: each.standing for each in found.places}
    assert standings["data/watching"] is Standing.TO_DO
    assert standings["data/loyalty-points"] is Standing.DONE


def test_each_part_of_a_starting_point_is_confirmed_by_itself(database: Database, desk: Desk) -> None:
    with database.write() as session:
        wanted = NewActivity(slug="cards", name_fr="Cartes", name_en="Cards", description="x")
        activity = start_activity(
            session, desk, the_owner(), StartActivity(point=starting_point("loyalty"), activity=wanted)
        )
        found = survey(session, activity, desk.clock.now())
        waiting = [each.place for each in found.places if each.standing is Standing.TO_CONFIRM]
        assert [each.step for each in waiting] == [GuideStep.WHY, GuideStep.DATA, GuideStep.RECIPIENTS]

        slug = waiting[0].purpose or ""
        confirm_defaults(session, desk.attestor, the_owner(), slug, PurposePart.DATA)

        found = survey(session, activity, desk.clock.now())
        waiting = [each.place for each in found.places if each.standing is Standing.TO_CONFIRM]
    assert [each.step for each in waiting] == [GuideStep.WHY, GuideStep.RECIPIENTS]


def test_who_returns_goes_on_after_the_last_question_that_was_answered_or_gone_by(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        order = [each.place for each in survey(session, activity, desk.clock.now()).places]
        for place in order[:-1]:
            assert survey(session, activity, desk.clock.now()).onward == place
            leave_place(session, desk.clock, the_owner(), activity, place)
            leave_place(session, desk.clock, the_owner(), activity, place)
            session.flush()

        assert survey(session, activity, desk.clock.now()).onward.step is GuideStep.REVIEW


def test_what_was_typed_is_shown_to_whoever_typed_it_and_nobody_else(
    database: Database, desk: Desk, seal: SealedValues
) -> None:
    with database.write() as session:
        activity = an_empty_draft(session, desk)
        assert keep_draft(session, desk.clock, seal, the_owner(), (activity, PLACE, TYPED))
        assert keep_draft(session, desk.clock, seal, the_owner(), (activity, PLACE, TYPED))

    with database.read() as session:
        activity = session.scalars(select(Activity)).one()
        mine = kept_drafts(session, desk.clock, seal, the_owner(), activity)
        assert [(each.place, each.typed) for each in mine] == [(PLACE, TYPED)]
        assert "Martin" not in repr(mine)
        assert kept_drafts(session, desk.clock, seal, the_dpo(), activity) == []
        with pytest.raises(NotYourActivityError):
            kept_drafts(session, desk.clock, seal, the_owner(number=999), activity)


def test_what_was_typed_is_unreadable_in_the_database_and_lost_where_it_is_put_elsewhere(
    database: Database, desk: Desk, seal: SealedValues
) -> None:
    with database.write() as session:
        activity = an_empty_draft(session, desk)
        keep_draft(session, desk.clock, seal, the_owner(), (activity, PLACE, TYPED))
        row = session.scalars(select(GuideDraft)).one()
        assert b"Martin" not in row.sealed

        row.place = "rights"
        session.flush()

        assert kept_drafts(session, desk.clock, seal, the_owner(), activity) == []


def test_what_was_typed_ends_when_it_is_dropped_or_the_record_is_retired(
    database: Database, desk: Desk, seal: SealedValues
) -> None:
    with database.write() as session:
        for slug in ("dropped", "retired"):
            activity = an_empty_draft(session, desk, slug)
            keep_draft(session, desk.clock, seal, the_owner(), (activity, PLACE, TYPED))
            if slug == "dropped":
                drop_draft(session, the_owner(), activity, PLACE)
            else:
                step(session, desk, the_owner(), Step(activity=slug, verb=Verb.RETIRE))

        assert session.scalars(select(GuideDraft)).all() == []


def test_what_was_typed_ends_by_itself_and_the_worker_deletes_it(
    database: Database, desk: Desk, clock: StandingClock, seal: SealedValues
) -> None:
    with database.write() as session:
        activity = an_empty_draft(session, desk)
        keep_draft(session, clock, seal, the_owner(), (activity, PLACE, TYPED))
    sweep = DraftSweep(database, clock)
    lease = Lease(
        id=uuid.UUID(int=1),
        kind="guide-drafts",
        payload={},
        attempts=1,
        claims=1,
        progress=0,
        total=None,
        until=clock.now(),
    )

    sweep.step(lease)
    with database.read() as session:
        assert len(session.scalars(select(GuideDraft)).all()) == 1
    clock.advance(days=KEPT.days)

    with database.read() as session:
        assert kept_drafts(session, clock, seal, the_owner(), session.scalars(select(Activity)).one()) == []
    assert sweep.step(lease).finished
    with database.read() as session:
        assert session.scalars(select(GuideDraft)).all() == []


def test_what_is_longer_than_any_form_is_not_kept(database: Database, desk: Desk, seal: SealedValues) -> None:
    with database.write() as session:
        activity = an_empty_draft(session, desk)

        assert not keep_draft(session, desk.clock, seal, the_owner(), (activity, PLACE, {"x": ["y" * MOST_BYTES]}))
        assert session.scalars(select(GuideDraft)).all() == []
