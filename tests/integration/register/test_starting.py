"""Drafting from a starting point: complete at once, proposed and not decided, and remembered as not looked at yet."""

import pytest
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from register.completeness import shortcomings
from register.errors import ContentFrozenError, DraftingNotAllowedError, NotYourActivityError
from register.lifecycle import ActivityState, Verb
from register.lines.contents import RightsLine
from register.lines.values import Subject
from register.models import Activity, Purpose
from register.service import (
    Desk,
    NewActivity,
    NewParty,
    PurposeChange,
    SetPurposeData,
    SetPurposeRecipients,
    StartActivity,
    Step,
    add_party,
    change_purpose,
    confirm_defaults,
    data_of,
    end_purpose,
    list_purposes,
    set_purpose_data,
    set_purpose_recipients,
    start_activity,
    unconfirmed_defaults,
)
from register.starting_points.schemas.loader import starting_point, starting_points
from register.starting_points.values import Language
from register.values import PurposePart, Standing
from tests.builders.ground import an_actor
from tests.builders.lines import given
from tests.builders.register import step, terms, the_dpo, the_owner


def started(
    session: Session, desk: Desk, slug: str = "loyalty", *, name: str = "loyalty", language: Language = Language.FRENCH
) -> Activity:
    point = starting_point(slug)
    wanted = NewActivity(slug=name, name_fr=point.name.fr, name_en=point.name.en, owner_id=the_owner().id)
    return start_activity(session, desk, the_owner(), StartActivity(point=point, activity=wanted, language=language))


def purposes_of(session: Session, activity: Activity) -> list[Purpose]:
    return list(list_purposes(session, activity_id=activity.id, after=None, limit=100).rows)


def test_each_lacks_only_what_the_firm_alone_knows(database: Database, desk: Desk) -> None:
    for slug in starting_points():
        with database.write() as session:
            activity = started(session, desk, slug, name=f"our-{slug}")

            lacking = {each.code for each in shortcomings(session, activity, day_of(desk.clock.now()))}
            asks = any(each.asks_consent for each in purposes_of(session, activity))
            assert lacking == {"no-controller"} | ({"consent-without-withdrawal"} if asks else set())
            assert activity.state is ActivityState.DRAFT
            assert {each.standing for each in purposes_of(session, activity)} == {Standing.PROPOSED}


def test_consent_that_nobody_is_told_how_to_take_back_is_refused_at_submission(database: Database, desk: Desk) -> None:
    today = day_of(desk.clock.now())
    how = RightsLine(how_fr="Le lien en bas de chaque lettre.")
    with database.write() as session:
        activity = started(session, desk, "prospecting-email")
        before = {each.code: each.article for each in shortcomings(session, activity, today)}
        given(session, desk, Subject.RIGHTS, how, slug=activity.slug)
        after = {each.code for each in shortcomings(session, activity, today)}

    assert before["consent-without-withdrawal"] == "GDPR Art. 7(3)"
    assert set(before) - after == {"consent-without-withdrawal"}


def test_once_somebody_answers_for_it_it_can_be_submitted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = started(session, desk, "after-sales")
        activity.controller_id = add_party(session, desk.ids, the_owner(), NewParty(name="Boutique Exemple")).id
        session.flush()

        submitted = step(session, desk, the_owner(), Step(activity=activity.slug, verb=Verb.SUBMIT))

        assert submitted.state is ActivityState.SUBMITTED


@pytest.mark.parametrize(
    ("language", "told"), [(Language.FRENCH, "23/09/2021"), (Language.ENGLISH, "23 September 2021")]
)
def test_texts_are_written_in_the_drafters_language(
    database: Database, desk: Desk, language: Language, told: str
) -> None:
    with database.write() as session:
        activity = started(session, desk, language=language)

        assert all(told in row.retention_source for row in data_of(session, purposes_of(session, activity)[0].id))


def test_every_part_is_to_confirm_until_somebody_writes_it_anew_or_says_that_it_is_right(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        activity = started(session, desk)
        purpose = purposes_of(session, activity)[0]

        def left() -> tuple[PurposePart, ...]:
            return unconfirmed_defaults(session, activity.id).parts.get(purpose.slug, ())

        assert left() == tuple(PurposePart)
        words = (purpose.slug, PurposeChange(label_fr="Autrement"))
        change_purpose(session, desk.clock, desk.attestor, the_owner(), words)
        assert left() == (PurposePart.DATA, PurposePart.RECIPIENTS)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=purpose.slug, data=[terms()]))
        assert left() == (PurposePart.RECIPIENTS,)
        roles = SetPurposeRecipients(purpose=purpose.slug, roles=frozenset({Role.SALES}))
        set_purpose_recipients(session, desk, the_owner(), roles)
        assert left() == ()


def test_confirming_twice_is_once(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = started(session, desk)
        assert unconfirmed_defaults(session, activity.id).starting_point == "loyalty"

        for _ in range(2):
            confirm_defaults(session, desk.attestor, the_owner(), purposes_of(session, activity)[0].slug)

        assert unconfirmed_defaults(session, activity.id).count == 0


def test_nobody_confirms_for_another_line_nor_what_is_submitted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = started(session, desk)
        activity.controller_id = add_party(session, desk.ids, the_owner(), NewParty(name="Boutique Exemple")).id
        slug = purposes_of(session, activity)[0].slug

        with pytest.raises(NotYourActivityError):
            confirm_defaults(session, desk.attestor, the_owner(999), slug)
        with pytest.raises(DraftingNotAllowedError):
            confirm_defaults(session, desk.attestor, an_actor(Role.SALES, number=5), slug)
        step(session, desk, the_owner(), Step(activity=activity.slug, verb=Verb.SUBMIT))
        with pytest.raises(ContentFrozenError):
            confirm_defaults(session, desk.attestor, the_owner(), slug)


def test_a_purpose_taken_back_asks_for_nothing(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = started(session, desk)
        end_purpose(session, desk.clock, desk.attestor, the_owner(), purposes_of(session, activity)[0].slug)

        assert unconfirmed_defaults(session, activity.id).count == 0


def test_the_same_starting_point_can_begin_two_activities(database: Database, desk: Desk) -> None:
    with database.write() as session:
        first, second = started(session, desk), started(session, desk, name="loyalty-abroad")

        slugs = [purposes_of(session, each)[0].slug for each in (first, second)]

        assert slugs == ["run-loyalty-cards", "run-loyalty-cards-2"]


def test_the_dpo_drafts_for_the_head_of_a_line(database: Database, desk: Desk) -> None:
    point = starting_point("payroll")
    wanted = NewActivity(slug="payroll", name_fr="Paie", name_en="Payroll", owner_id=the_owner().id)
    with database.write() as session:
        activity = start_activity(session, desk, the_dpo(), StartActivity(point=point, activity=wanted))

        assert activity.owner_id == the_owner().id
        confirm_defaults(session, desk.attestor, the_owner(), purposes_of(session, activity)[0].slug)
