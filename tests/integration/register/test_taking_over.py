"""A sub-purpose takes over its parent's answers: what it leaves unsaid, proposed, to be confirmed, and recorded."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.vocabulary import Channel, DataCategory, LawfulBasis
from register.errors import (
    CircularPurposeError,
    ContentFrozenError,
    NotYourActivityError,
    PurposeInForceError,
    PurposeNotFoundError,
)
from register.lifecycle import Verb
from register.models import Purpose
from register.service import (
    Desk,
    NewPurpose,
    PurposeChange,
    SetPurposeData,
    SetPurposeRecipients,
    Step,
    TakeOver,
    Unconfirmed,
    add_purpose,
    change_purpose,
    confirm_defaults,
    could_take_over,
    data_of,
    end_purpose,
    get_activity,
    get_purpose,
    recipients_of,
    set_purpose_data,
    set_purpose_recipients,
    take_over,
    thread_of,
    unconfirmed_defaults,
)
from register.service.purposes.contents import terms_of
from register.values import PurposePart, SpecialCondition, Standing
from tests.builders.register import a_complete_draft, activate, step, terms, the_dpo, the_owner

PARENT = "loyalty-points"


def declared(session: Session, desk: Desk, slug: str = "gifts", activity: str = "loyalty", **said: Any) -> Purpose:
    """Declare a purpose that says nothing beside its name."""
    command = NewPurpose(activity=activity, slug=slug, label_fr="Offrir", label_en="Give", **said)
    return add_purpose(session, desk.clock, desk.attestor, the_owner(), command)


def taken(session: Session, desk: Desk, purpose: str = "gifts", parent: str = PARENT) -> Purpose:
    return take_over(session, desk, the_owner(), TakeOver(purpose=purpose, parent=parent))


def said_by(session: Session, desk: Desk, slug: str, **change: Any) -> None:
    change_purpose(session, desk.clock, desk.attestor, the_owner(), (slug, PurposeChange(**change)))


def unconfirmed(session: Session) -> Unconfirmed:
    return unconfirmed_defaults(session, get_purpose(session, PARENT).activity_id)


def test_an_empty_purpose_put_beneath_another_has_its_answers_to_be_confirmed(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        exact = replace(terms(DataCategory.CONTACT), which_fr="Téléphone", obligatory=True)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose=PARENT, data=[terms(), exact]))
        condition = {
            "special_condition": SpecialCondition.EXPLICIT_CONSENT,
            "consent_channel": Channel.USE,
            "number_ground": "Décret 2019-341",
            "legal_reference": "Code",
        }
        said_by(session, desk, PARENT, **condition)
        purpose = declared(session, desk)

        taken(session, desk)

        assert (purpose.parent_id, purpose.basis) == (1, LawfulBasis.CONTRACT)
        assert {name: getattr(purpose, name) for name in condition} == condition
        assert {terms_of(row) for row in data_of(session, purpose.id)} == {terms(), exact}
        assert [row.role for row in recipients_of(session, purpose.id)] == [Role.SUPPORT]
        assert purpose.label_fr == "Offrir"
        left = unconfirmed(session)
        assert left.parts == left.taken_over == {"gifts": tuple(PurposePart)}
        assert (left.starting_point, left.origin) == (None, None)


def test_the_balancing_test_comes_with_legitimate_interests_and_with_no_other_basis(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        said_by(session, desk, PARENT, interest="Vendre", necessity="Rien de moins", balance="Attendu")
        of_contract = declared(session, desk, "of-contract")
        taken(session, desk, "of-contract")
        said_by(session, desk, PARENT, basis=LawfulBasis.LEGITIMATE_INTERESTS)
        weighed = declared(session, desk, "weighed")
        taken(session, desk, "weighed")

        assert (of_contract.interest, of_contract.necessity, of_contract.balance) == ("", "", "")
        assert (weighed.interest, weighed.necessity, weighed.balance) == ("Vendre", "Rien de moins", "Attendu")


def test_what_a_purpose_says_already_stays(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        purpose = declared(session, desk, basis=LawfulBasis.PUBLIC_TASK, legal_reference="Le sien")
        own = terms(DataCategory.CONTACT)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="gifts", data=[own]))

        taken(session, desk)

        assert (purpose.basis, purpose.legal_reference) == (LawfulBasis.PUBLIC_TASK, "Le sien")
        assert [terms_of(row) for row in data_of(session, purpose.id)] == [own]
        assert unconfirmed(session).parts == {"gifts": (PurposePart.RECIPIENTS,)}


def test_a_condition_of_its_own_leaves_no_channel_of_the_parents(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        explicit = {"special_condition": SpecialCondition.EXPLICIT_CONSENT, "consent_channel": Channel.USE}
        said_by(session, desk, PARENT, **explicit)
        purpose = declared(session, desk, special_condition=SpecialCondition.EMPLOYMENT)

        taken(session, desk)

        assert (purpose.special_condition, purpose.consent_channel) == (SpecialCondition.EMPLOYMENT, None)


def test_each_part_is_confirmed_or_written_anew_as_any_other(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk)
        taken(session, desk)

        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="gifts", data=[terms()]))
        assert unconfirmed(session).taken_over == {"gifts": (PurposePart.WORDS, PurposePart.RECIPIENTS)}
        confirm_defaults(session, desk.attestor, the_owner(), "gifts")
        assert unconfirmed(session).count == 0


def test_it_is_recorded_once_as_one_fact(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        declared(session, desk)
        before = activity.revision
        taken(session, desk)
        taken(session, desk)

        assert activity.revision == before + 1
    with database.read() as session:
        told = thread_of(session, get_activity(session, "loyalty"))
    assert [each.purpose for each in told if each.verb == "take-over"] == ["gifts"]


def test_while_the_activity_runs_it_is_a_proposal(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activity = activate(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        leaving = SetPurposeRecipients(purpose=PARENT, roles=frozenset({Role.SALES}))
        set_purpose_recipients(session, desk, the_owner(), leaving)
        purpose = declared(session, desk)

        taken(session, desk)

        assert activity.running
        assert purpose.standing is Standing.PROPOSED
        assert {row.standing for row in data_of(session, purpose.id)} == {Standing.PROPOSED}
        # What leaves the parent is not taken over; what is proposed there is.
        assert [(row.role, row.standing) for row in recipients_of(session, purpose.id)] == [
            (Role.SALES, Standing.PROPOSED)
        ]


def test_it_is_refused_where_the_record_may_not_be_drafted(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        declared(session, desk)
        with pytest.raises(NotYourActivityError):
            take_over(session, desk, the_owner(999), TakeOver(purpose="gifts", parent=PARENT))
        taken(session, desk)
        activate(session, desk)
        with pytest.raises(ContentFrozenError):
            taken(session, desk)
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
        with pytest.raises(PurposeInForceError):
            taken(session, desk)


def test_a_parent_stays_in_the_same_activity_and_is_not_beneath_its_own_child(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        a_complete_draft(session, desk, "other")
        declared(session, desk)
        declared(session, desk, "gone")
        end_purpose(session, desk.clock, desk.attestor, the_owner(), "gone")
        taken(session, desk)
        for parent in ("other-points", "gone", "nothing"):
            with pytest.raises(PurposeNotFoundError):
                taken(session, desk, parent=parent)
        for purpose, parent in ((PARENT, "gifts"), ("gifts", "gifts")):
            with pytest.raises(CircularPurposeError):
                taken(session, desk, purpose, parent)


def test_only_what_somebody_could_take_over_is_offered(database: Database, desk: Desk) -> None:
    def offered(purpose: Purpose) -> list[str]:
        return [each.slug for each in could_take_over(session, purpose)]

    with database.write() as session:
        a_complete_draft(session, desk)
        empty = declared(session, desk)
        beneath = declared(session, desk, "beneath", parent=PARENT)
        parent = get_purpose(session, PARENT)

        assert offered(empty) == [PARENT]
        assert offered(parent) == []
        said_by(session, desk, "gifts", basis=LawfulBasis.CONTRACT)
        set_purpose_data(session, desk, the_owner(), SetPurposeData(purpose="gifts", data=[terms()]))
        assert offered(beneath) == [PARENT]
        assert offered(empty) == [PARENT]
        taken(session, desk)
        assert offered(empty) == []
