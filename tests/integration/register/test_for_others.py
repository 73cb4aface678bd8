"""What is done for others, what nobody has said yet, and what is done wholly outside: told truly, and closed."""

from dataclasses import replace

import orjson
import pytest
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from governance.vocabulary import Channel, DataCategory, LawfulBasis
from register.completeness import shortcomings
from register.declared import declared_purpose, declared_purposes
from register.errors import ConsentChannelError, PurposeInForceError, PurposeNotFoundError
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import ImportRegister, import_register
from register.exchange.reading import written_activities
from register.guide.survey import survey
from register.guide.values import GuideStep
from register.lifecycle import Verb
from register.lines.values import Relation, Subject
from register.models import Activity, Purpose
from register.notices.facts import gather
from register.past import past_record
from register.service import (
    ActivityChange,
    ActivityFilter,
    Desk,
    NewActivity,
    NewPurpose,
    PurposeChange,
    SetPurposeData,
    SetPurposeRecipients,
    StartActivity,
    Step,
    add_purpose,
    change_activity,
    change_purpose,
    draft_activity,
    get_activity,
    get_purpose,
    list_activities,
    set_purpose_data,
    set_purpose_recipients,
    start_activity,
    unconfirmed_defaults,
)
from register.service.recording import snapshot_of
from register.starting_points.schemas.loader import starting_point
from register.stated import stated_activities
from register.values import Capacity, Origin, PurposePart, Register, Standing
from tests.builders.lines import on_file, put, taking_part
from tests.builders.register import a_complete_draft, activate, step, terms, the_dpo, the_owner
from tests.builders.written import a_written_activity, as_read

SHORT = [
    GuideStep.WHAT, GuideStep.HELPERS, GuideStep.TRANSFERS, GuideStep.MEASURES, GuideStep.ANSWERS, GuideStep.REVIEW,
]  # fmt: skip


def a_record_for_others(session: Session, desk: Desk) -> Activity:
    """Draft what a processor's record has to say, and nothing else: who it is, for whom it acts, and what it does."""
    ours, town = on_file(session, desk, "Imprimerie Exemple"), on_file(session, desk, "Ville Exemple")
    command = NewActivity(
        slug="loyalty", name_fr="Courrier", name_en="Mail", capacity=Capacity.PROCESSOR, controller_id=ours.id
    )
    activity = draft_activity(session, desk.clock, desk.ids, the_owner(), command)
    put(session, desk, Subject.PARTIES, taking_part(town, Relation.PRINCIPAL, "Prints and posts its letters."))
    return activity


def a_bare_purpose(session: Session, desk: Desk, slug: str = "letters") -> Purpose:
    command = NewPurpose(activity="loyalty", slug=slug, label_fr="Envoyer le courrier", label_en="Sending letters")
    return add_purpose(session, desk.clock, desk.attestor, the_owner(), command)


def lacking(session: Session, desk: Desk, slug: str = "loyalty") -> set[str]:
    today = day_of(desk.clock.now())
    return {each.code for each in shortcomings(session, get_activity(session, slug), today)}


def test_a_processors_record_says_what_article_30_2_asks_and_comes_into_force(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        assert lacking(session, desk) == set()
        activate(session, desk)
        assert get_purpose(session, "letters").standing is Standing.IN_FORCE


def test_a_processor_names_itself_and_those_for_whom_it_acts(database: Database, desk: Desk) -> None:
    with database.write() as session:
        command = NewActivity(slug="loyalty", name_fr="Courrier", name_en="Mail", capacity=Capacity.PROCESSOR)
        draft_activity(session, desk.clock, desk.ids, the_owner(), command)

        assert lacking(session, desk) == {"no-processor", "no-principal"}


def test_what_has_no_lawful_basis_opens_nothing_even_in_force_with_data_and_recipients(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk, "other")
        a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        data = [terms(DataCategory.IDENTITY), terms(DataCategory.SPECIAL)]
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="letters", data=data))
        receives = SetPurposeRecipients(purpose="letters", roles=frozenset({Role.SUPPORT}))
        set_purpose_recipients(session, desk, the_owner(), receives)
        activate(session, desk)

    with database.read() as session:
        assert set(declared_purposes(session, desk.attestor)) == {"other-points"}
        for reference in ("letters", get_purpose(session, "letters").id):
            with pytest.raises(PurposeNotFoundError):
                declared_purpose(session, desk.attestor, reference)


def test_no_basis_is_given_to_what_is_in_force_without_one(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))

        change = PurposeChange(basis=LawfulBasis.CONTRACT)
        with pytest.raises(PurposeInForceError):
            change_purpose(session, desk.clock, desk.attestor, the_owner(), ("letters", change))


def test_what_is_done_for_others_and_has_a_basis_is_argued_for_it_may_open(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        set_purpose_data(
            session, desk, the_owner(), SetPurposeData(purpose="letters", data=[terms(DataCategory.SPECIAL)])
        )
        change = PurposeChange(basis=LawfulBasis.LEGITIMATE_INTERESTS)
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("letters", change))

        assert lacking(session, desk) == {"no-balancing-test", "special-category-without-condition"}


def test_as_a_controllers_record_it_lacks_what_a_controller_has_to_say(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        change = ActivityChange(capacity=Capacity.CONTROLLER)
        change_activity(session, desk.clock, desk.attestor, the_owner(), ("loyalty", change))

        assert lacking(session, desk) == {"no-basis", "no-data", "no-recipient"}


def test_the_guide_asks_whoever_acts_for_others_six_questions_and_never_what_allows_it(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        activity = a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        found = survey(session, activity, desk.clock.now())

        assert [each.place.step for each in found.places] == SHORT
        assert {each.code for each in found.worth_adding} == {
            "no-description", "principal-unreachable", "no-measures", "controller-unreachable", "no-dpo-on-file",
        }  # fmt: skip
        assert not any("30(1)" in each.article for each in found.worth_adding)


def test_a_question_is_asked_of_whoever_acts_for_others_where_its_answer_lacks_something(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        activity = a_record_for_others(session, desk)
        a_bare_purpose(session, desk)
        change = PurposeChange(basis=LawfulBasis.LEGAL_OBLIGATION)
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("letters", change))

        asked = {each.place.key for each in survey(session, activity, desk.clock.now()).places}
        assert "why/letters" in asked


def test_a_draft_may_say_no_basis_and_a_version_keeps_that_it_says_none(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        a_bare_purpose(session, desk)

        assert lacking(session, desk) == {"no-basis", "no-data", "no-recipient"}
        kept = past_record(orjson.dumps(snapshot_of(session, activity)).decode())
        assert [each.basis for each in kept.purposes] == [LawfulBasis.CONTRACT, None]


def test_a_basis_of_a_draft_can_be_taken_back(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        change = PurposeChange(basis=None)
        change_purpose(session, desk.clock, desk.attestor, the_owner(), ("loyalty-points", change))

        assert lacking(session, desk) == {"no-basis"}
        assert set(declared_purposes(session, desk.attestor)) == set()


def test_people_are_told_of_nothing_that_has_no_basis(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        a_bare_purpose(session, desk)
        proposed = orjson.loads(orjson.dumps(snapshot_of(session, activity)))
        facts = gather(session, desk.attestor, day_of(desk.clock.now()), proposed)

        assert [each.slug for each in facts.activities[activity.id].purposes] == ["loyalty-points"]


def test_a_file_that_says_no_basis_drafts_none_and_the_record_says_that_it_came_from_a_file(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    written = a_written_activity()
    told = replace(written, purposes=(replace(written.purposes[0], basis=None, legal_reference=""),))
    read = as_read(told)
    read = replace(read, activities=[replace(each, guessed=(PurposePart.WORDS,)) for each in read.activities])
    import_register(exchanging, the_dpo(), ImportRegister(register=read))
    with database.write() as session:
        [purpose] = session.query(Purpose)

        assert purpose.basis is None
        assert "no-basis" in lacking(session, desk)
        assert unconfirmed_defaults(session, purpose.activity_id).origin is Origin.FILE


def test_what_a_starting_point_proposed_says_so(database: Database, desk: Desk) -> None:
    with database.write() as session:
        wanted = NewActivity(slug="payroll", name_fr="Paie", name_en="Payroll")
        command = StartActivity(point=starting_point("payroll"), activity=wanted)
        activity = start_activity(session, desk, the_owner(), command)

        assert unconfirmed_defaults(session, activity.id).origin is Origin.STARTING_POINT


@pytest.mark.parametrize("relation", [Relation.PROCESSOR, Relation.RECIPIENT])
def test_who_receives_data_outside_the_company_is_a_recipient_too(
    database: Database, desk: Desk, relation: Relation
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        nobody = SetPurposeRecipients(purpose="loyalty-points", roles=frozenset())
        set_purpose_recipients(session, desk, the_owner(), nobody)
        assert lacking(session, desk) == {"no-recipient"}

        put(session, desk, Subject.PARTIES, taking_part(on_file(session, desk), relation))
        assert "no-recipient" not in lacking(session, desk)


def test_a_joint_controller_alone_is_no_recipient(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        nobody = SetPurposeRecipients(purpose="loyalty-points", roles=frozenset())
        set_purpose_recipients(session, desk, the_owner(), nobody)
        put(session, desk, Subject.PARTIES, taking_part(on_file(session, desk), Relation.JOINT_CONTROLLER))

        assert lacking(session, desk) == {"no-recipient"}


def test_what_only_others_receive_opens_to_no_role(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        nobody = SetPurposeRecipients(purpose="loyalty-points", roles=frozenset())
        set_purpose_recipients(session, desk, the_owner(), nobody)
        put(session, desk, Subject.PARTIES, taking_part(on_file(session, desk)))
        activate(session, desk)

        declared = declared_purpose(session, desk.attestor, "loyalty-points")
        assert (declared.open, declared.recipients) == (True, frozenset())


def test_consent_to_a_use_without_messages_names_the_use(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        unnamed = NewPurpose(
            activity="loyalty", slug="cards", label_fr="Carte", label_en="Card", basis=LawfulBasis.CONSENT
        )
        with pytest.raises(ConsentChannelError):
            add_purpose(session, desk.clock, desk.attestor, the_owner(), unnamed)
        named = replace(unnamed, consent_channel=Channel.USE)
        add_purpose(session, desk.clock, desk.attestor, the_owner(), named)

        assert declared_purpose(session, desk.attestor, "cards").consent_channel is Channel.USE


def test_each_of_the_two_registers_is_listed_and_written_out_by_itself(database: Database, desk: Desk) -> None:
    today = day_of(desk.clock.now())
    with database.write() as session:
        a_record_for_others(session, desk)
        a_complete_draft(session, desk, "own")
        shared = a_complete_draft(session, desk, "shared")
        change = ActivityChange(capacity=Capacity.JOINT_CONTROLLER)
        change_activity(session, desk.clock, desk.attestor, the_owner(), (shared.slug, change))

    wanted = {Register.CONTROLLER: ["own", "shared"], Register.PROCESSOR: ["loyalty"]}
    for register, slugs in wanted.items():
        with database.read() as session:
            page = list_activities(session, ActivityFilter(register=register), after=None, limit=9)
            written = written_activities(session, desk.attestor, register=register)

            assert [each.slug for each in page.rows] == slugs
            assert [each.slug for each in written] == slugs
            stated = stated_activities(session, desk.attestor, None, today, register)
            assert [each.activity.slug for each in stated] == slugs
