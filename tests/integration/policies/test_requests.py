"""What people ask for, on both databases: who asks, who decides, what comes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.identity.errors import AnotherControllerNeededError, NotPermittedError, RoleConflictError
from governance.identity.models import RoleAssignment
from governance.policies.book import grants_on_file
from governance.policies.errors import (
    AccessRequestNotFoundError,
    AskedAlreadyError,
    BeyondDeclarationError,
    FormError,
    MoreThanAskedError,
    NotForYouError,
    NotYourRequestError,
    OwnAccessRequestError,
    PersonRequiredError,
    ReasonMissingError,
    RequestEndError,
    RequestSettledError,
    RoleCannotHoldError,
    RoleNotAskedForError,
    RoleNotYoursError,
)
from governance.policies.models import AccessRequest, Grant
from governance.policies.service import (
    ApproveRequest,
    AskData,
    AskRole,
    Desk,
    RefuseRequest,
    approve_request,
    ask_data,
    ask_role,
    refuse_request,
    withdraw_request,
)
from governance.policies.values import RequestState
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.errors import PurposeNotFoundError
from tests.builders.ground import StandingClock, an_actor
from tests.builders.policies import a_controller, a_person, facts_of

ASKED: dict[str, Any] = {
    "role": Role.SUPPORT,
    "purpose": "customer-relationship",
    "categories": frozenset({DataCategory.IDENTITY, DataCategory.CONTACT}),
    "reason": "Answering by telephone.",
}


@pytest.fixture
def support(database: Database, desk: Desk) -> Actor:
    return a_person(database, desk, Role.SUPPORT, number=21)


@pytest.fixture
def controller(database: Database, desk: Desk) -> Actor:
    return a_controller(database, desk, number=22)


def asked(database: Database, desk: Desk, actor: Actor, **fields: Any) -> AccessRequest:
    with database.write() as session:
        request = ask_data(session, desk, actor, AskData(**{**ASKED, **fields}))
        session.flush()
        session.expunge(request)
    return request


def asked_role(database: Database, desk: Desk, actor: Actor, role: Role = Role.SALES) -> AccessRequest:
    with database.write() as session:
        request = ask_role(session, desk, actor, AskRole(role=role, reason="Standing in for a colleague."))
        session.flush()
        session.expunge(request)
    return request


def test_asking_opens_nothing_and_lasts_ninety_days(database: Database, desk: Desk, support: Actor) -> None:
    request = asked(database, desk, support)

    assert request.valid_until == desk.clock.now() + timedelta(days=90)
    assert request.kind_set == (SubjectKind.CUSTOMER, SubjectKind.PROSPECT)
    with database.read() as session:
        assert len(grants_on_file(session, desk.attestor)) == 0


def test_approving_data_makes_a_grant_for_each_pair_that_is_declared(
    database: Database, desk: Desk, support: Actor, controller: Actor
) -> None:
    request = asked(database, desk, support)

    with database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))

    with database.read() as session:
        grants = session.scalars(select(Grant).order_by(Grant.id)).all()
        pairs = {(grant.subject_kind, grant.category) for grant in grants}
        deciders = {(grant.requested_by, grant.approved_by, grant.request_id, grant.alone) for grant in grants}
    assert pairs == {
        (SubjectKind.CUSTOMER, DataCategory.IDENTITY),
        (SubjectKind.PROSPECT, DataCategory.IDENTITY),
        (SubjectKind.CUSTOMER, DataCategory.CONTACT),
    }
    assert deciders == {(support.id, controller.id, request.id, False)}


def test_a_request_is_approved_for_less(database: Database, desk: Desk, support: Actor, controller: Actor) -> None:
    request = asked(database, desk, support)
    until = desk.clock.now() + timedelta(days=7)

    with database.write() as session:
        less = ApproveRequest(
            request_id=request.id,
            categories=frozenset({DataCategory.CONTACT}),
            form=Form.MASKED,
            valid_until=until,
        )
        approved = approve_request(session, desk, controller, less)
        assert (approved.gave_less, approved.form, approved.given_form) == (True, Form.CLEAR, Form.MASKED)

    with database.read() as session:
        (grant,) = session.scalars(select(Grant)).all()
        assert (grant.category, grant.form, grant.valid_to) == (DataCategory.CONTACT, Form.MASKED, until)


@pytest.mark.parametrize(
    ("less", "error"),
    [
        ({"categories": frozenset({DataCategory.SPECIAL})}, MoreThanAskedError),
        ({"categories": frozenset({DataCategory.CONTACT, DataCategory.SPECIAL})}, MoreThanAskedError),
        ({"categories": frozenset()}, MoreThanAskedError),
        ({"form": Form.CLEAR}, MoreThanAskedError),
        ({"form": Form.WITHHELD}, MoreThanAskedError),
        ({"days": 91}, MoreThanAskedError),
        ({"days": 0}, RequestEndError),
    ],
)
def test_nothing_more_than_what_was_asked_is_given(
    database: Database, desk: Desk, support: Actor, controller: Actor, less: dict[str, Any], error: type[Exception]
) -> None:
    request = asked(database, desk, support, form=Form.MASKED)
    given = {name: value for name, value in less.items() if name != "days"}
    if "days" in less:
        given["valid_until"] = desk.clock.now() + timedelta(days=less["days"])

    with pytest.raises(error), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id, **given))


def test_approving_a_role_puts_it_in_force_until_the_end_asked_for(
    database: Database, desk: Desk, support: Actor, controller: Actor
) -> None:
    request = asked_role(database, desk, support)

    with database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))

    with database.read() as session:
        given = session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.SALES)).one()
        assert (given.account_id, given.countersigned_by) == (support.id, controller.id)
        assert given.valid_until == desk.clock.now() + timedelta(days=90)


def test_a_role_that_is_held_is_renewed(database: Database, desk: Desk, support: Actor, controller: Actor) -> None:
    request = asked_role(database, desk, support, Role.SUPPORT)

    with database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))

    with database.read() as session:
        live = select(RoleAssignment).where(RoleAssignment.role == Role.SUPPORT, RoleAssignment.revoked_at.is_(None))
        assert session.scalars(live).one().valid_until == desk.clock.now() + timedelta(days=90)


def test_a_role_in_conflict_is_given_only_where_nobody_else_can_hold_it(
    database: Database, desk: Desk, controller: Actor
) -> None:
    dpo = a_person(database, desk, Role.DPO, number=30)
    auditor = a_person(database, desk, Role.ADMIN, number=31)
    request = asked_role(database, desk, auditor, Role.DPO)
    assert dpo.id != auditor.id

    with pytest.raises(RoleConflictError), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))
    with database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id, no_second_person=True))

    with database.read() as session:
        given = select(RoleAssignment).where(RoleAssignment.account_id == auditor.id, RoleAssignment.role == Role.DPO)
        assert session.scalars(given).one().in_conflict


def test_nobody_decides_on_their_own_request_where_another_controller_could(
    database: Database, desk: Desk, controller: Actor
) -> None:
    both = a_person(database, desk, Role.CONTROLLER, Role.SUPPORT, number=40)
    request = asked(database, desk, both)

    with pytest.raises(OwnAccessRequestError), database.write() as session:
        approve_request(session, desk, both, ApproveRequest(request_id=request.id))
    with pytest.raises(OwnAccessRequestError), database.write() as session:
        refuse_request(session, desk.clock, desk.attestor, both, RefuseRequest(request_id=request.id, because="No."))
    with database.write() as session:
        assert not approve_request(session, desk, controller, ApproveRequest(request_id=request.id)).alone


def test_who_is_alone_decides_on_their_own_request_and_everything_says_so(database: Database, desk: Desk) -> None:
    both = a_person(database, desk, Role.CONTROLLER, Role.SUPPORT, number=40)
    data, role = asked(database, desk, both), asked_role(database, desk, both)

    with database.write() as session:
        assert approve_request(session, desk, both, ApproveRequest(request_id=data.id)).alone
        assert approve_request(session, desk, both, ApproveRequest(request_id=role.id)).alone

    with database.read() as session:
        assert {grant.alone for grant in session.scalars(select(Grant))} == {True}
        assert session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.SALES)).one().in_conflict
    assert ['"alone":true' in fact for fact in facts_of(database, "access-request")] == [False, False, True, True]


@pytest.mark.parametrize("by_themself", [True, False])
def test_a_controller_who_was_there_a_short_time_ago_is_waited_for(
    database: Database, desk: Desk, controller: Actor, *, by_themself: bool
) -> None:
    both = a_person(database, desk, Role.CONTROLLER, Role.SUPPORT, number=40)
    request = asked(database, desk, both)
    with database.write() as session:
        gone = session.scalars(select(RoleAssignment).where(RoleAssignment.account_id == controller.id)).one()
        gone.revoked_at, gone.revoked_by = desk.clock.now(), controller.id if by_themself else both.id
        unrecorded(session, "a test's leave")

    with database.write() as session, pytest.raises(OwnAccessRequestError):
        approve_request(session, desk, both, ApproveRequest(request_id=request.id))


def test_whoever_was_just_named_decides_for_their_maker_only_where_nobody_else_could(
    database: Database, desk: Desk
) -> None:
    maker = a_person(database, desk, Role.CONTROLLER, Role.SUPPORT, number=40)
    puppet = a_controller(database, desk, number=41)
    with database.write() as session:
        named = session.scalars(select(RoleAssignment).where(RoleAssignment.account_id == puppet.id)).one()
        named.assigned_by = named.countersigned_by = maker.id
        unrecorded(session, "a test's puppet")
    first, second = asked(database, desk, maker), asked_role(database, desk, maker)

    with database.write() as session:
        assert approve_request(session, desk, puppet, ApproveRequest(request_id=first.id)).alone
    a_controller(database, desk, number=42)
    with database.write() as session, pytest.raises(AnotherControllerNeededError):
        approve_request(session, desk, puppet, ApproveRequest(request_id=second.id))


def test_a_token_of_the_controller_approves_nothing(
    database: Database, desk: Desk, support: Actor, controller: Actor
) -> None:
    request = asked(database, desk, support)

    with database.write() as session, pytest.raises(NotPermittedError):
        by_token = replace(controller, token=desk.ids.new())
        approve_request(session, desk, by_token, ApproveRequest(request_id=request.id))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CONTROLLER])
def test_only_the_controller_decides(database: Database, desk: Desk, support: Actor, role: Role) -> None:
    request = asked(database, desk, support)
    somebody = an_actor(role, number=801)

    with pytest.raises(NotForYouError), database.write() as session:
        approve_request(session, desk, somebody, ApproveRequest(request_id=request.id))
    with pytest.raises(NotForYouError), database.write() as session:
        refuse_request(session, desk.clock, desk.attestor, somebody, RefuseRequest(request_id=request.id, because="x"))


def test_programs_neither_ask_nor_decide(database: Database, desk: Desk, support: Actor) -> None:
    program = an_actor(Role.SUPPORT, Role.CONTROLLER, kind=ActorKind.PROGRAM)
    request = asked(database, desk, support)

    with database.write() as session:
        unrecorded(session, "everything is refused")
        with pytest.raises(PersonRequiredError):
            ask_data(session, desk, program, AskData(**ASKED))
        with pytest.raises(PersonRequiredError):
            ask_role(session, desk, program, AskRole(role=Role.SALES, reason="x"))
        with pytest.raises(PersonRequiredError):
            approve_request(session, desk, program, ApproveRequest(request_id=request.id))


def test_a_refusal_says_why_and_settles(database: Database, desk: Desk, support: Actor, controller: Actor) -> None:
    request = asked(database, desk, support)

    with pytest.raises(ReasonMissingError), database.write() as session:
        refuse_request(
            session, desk.clock, desk.attestor, controller, RefuseRequest(request_id=request.id, because=" ")
        )
    with database.write() as session:
        command = RefuseRequest(request_id=request.id, because="Masked is enough.")
        refused = refuse_request(session, desk.clock, desk.attestor, controller, command)
        assert (refused.state, refused.because) == (RequestState.REFUSED, "Masked is enough.")
    with pytest.raises(RequestSettledError, match="refused"), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))
    with pytest.raises(RequestSettledError), database.write() as session:
        withdraw_request(session, desk.clock, desk.attestor, support, request.id)


def test_whoever_asked_withdraws_and_nobody_else(database: Database, desk: Desk, support: Actor) -> None:
    request = asked(database, desk, support)
    stranger = a_person(database, desk, Role.SUPPORT, number=50)

    with pytest.raises(NotYourRequestError), database.write() as session:
        withdraw_request(session, desk.clock, desk.attestor, stranger, request.id)
    with database.write() as session:
        withdrawn = withdraw_request(session, desk.clock, desk.attestor, support, request.id)
        assert withdrawn.state is RequestState.WITHDRAWN
    asked(database, desk, support)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"reason": "  "}, ReasonMissingError),
        ({"role": Role.SALES}, RoleNotYoursError),
        ({"purpose": "unheard-of"}, PurposeNotFoundError),
        ({"categories": frozenset({DataCategory.SPECIAL})}, BeyondDeclarationError),
        ({"kinds": frozenset({SubjectKind.EMPLOYEE})}, BeyondDeclarationError),
        ({"form": Form.WITHHELD}, FormError),
        ({"action": GrantedAction.CHANGE, "form": Form.MASKED}, FormError),
    ],
)
def test_only_what_could_be_granted_is_asked_for(
    database: Database, desk: Desk, support: Actor, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error), database.write() as session:
        ask_data(session, desk, support, AskData(**{**ASKED, **fields}))


@pytest.mark.parametrize("days", [-1, 0, 401])
def test_a_wish_ends_within_four_hundred_days(database: Database, desk: Desk, support: Actor, days: int) -> None:
    until = desk.clock.now() + timedelta(days=days)

    with pytest.raises(RequestEndError), database.write() as session:
        ask_data(session, desk, support, AskData(**ASKED, valid_until=until))
    with pytest.raises(RequestEndError), database.write() as session:
        ask_role(session, desk, support, AskRole(role=Role.SALES, reason="x", valid_until=until))


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMIN, Role.SERVICE])
def test_nobody_asks_to_be_named(database: Database, desk: Desk, support: Actor, role: Role) -> None:
    with pytest.raises(RoleNotAskedForError), database.write() as session:
        ask_role(session, desk, support, AskRole(role=role, reason="Because."))


def test_roles_that_work_without_customers_ask_for_no_data(database: Database, desk: Desk) -> None:
    owner = a_person(database, desk, Role.OWNER, number=60)

    with pytest.raises(RoleCannotHoldError), database.write() as session:
        ask_data(session, desk, owner, AskData(**{**ASKED, "role": Role.OWNER}))


def test_the_same_is_asked_for_once(database: Database, desk: Desk, support: Actor) -> None:
    asked(database, desk, support)
    asked_role(database, desk, support)

    with pytest.raises(AskedAlreadyError), database.write() as session:
        ask_data(session, desk, support, AskData(**ASKED))
    with pytest.raises(AskedAlreadyError), database.write() as session:
        ask_role(session, desk, support, AskRole(role=Role.SALES, reason="Again."))


def test_a_request_that_waited_past_its_end_is_not_approved(
    database: Database, desk: Desk, support: Actor, controller: Actor, clock: StandingClock
) -> None:
    request = asked(database, desk, support)
    clock.advance(days=90)

    with pytest.raises(RequestEndError), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))


def test_approval_looks_at_the_register_as_it_is_now(
    database: Database, desk: Desk, support: Actor, controller: Actor
) -> None:
    request = asked(database, desk, support)
    with database.write_connection() as connection:
        connection.execute(text("DELETE FROM purpose_data WHERE category = 'contact'"))

    with pytest.raises(BeyondDeclarationError), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))


@pytest.mark.parametrize("change", ["form = 'clear'", "valid_until", "categories = 'special'", "role = 'dpo'"])
def test_a_request_altered_by_sql_is_not_decided(
    database: Database, desk: Desk, support: Actor, controller: Actor, change: str
) -> None:
    request = asked(database, desk, support, form=Form.MASKED)
    with database.write_connection() as connection:
        if change == "valid_until":
            change = "valid_until = valid_until + " + ("1" if database.dialect == "sqlite" else "interval '1 day'")
        connection.execute(text(f"UPDATE access_request SET {change}"))

    with pytest.raises(AttestationError), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id))
    with database.read() as session:
        assert len(grants_on_file(session, desk.attestor)) == 0


def test_an_unknown_request_is_not_found(database: Database, desk: Desk, support: Actor, controller: Actor) -> None:
    assert support.id is not None
    with pytest.raises(AccessRequestNotFoundError), database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=support.id))


def test_no_fact_holds_what_people_wrote(database: Database, desk: Desk, support: Actor, controller: Actor) -> None:
    request = asked(database, desk, support, reason="For Camille Exemple.")
    with database.write() as session:
        approve_request(session, desk, controller, ApproveRequest(request_id=request.id, because="Camille only."))

    assert not [fact for fact in facts_of(database, "access-request") if "Camille" in fact]
    assert not [fact for fact in facts_of(database, "grant") if "Camille" in fact]
