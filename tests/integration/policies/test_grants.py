"""Grants, on both databases: who asks, who approves, what is given from when to when."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import BUSINESS_ROLES, SYSTEM, Actor, ActorKind, Role
from governance.database import Database
from governance.policies.book import grants_on_file
from governance.policies.errors import (
    BeyondDeclarationError,
    FormError,
    GrantNotFoundError,
    GrantSettledError,
    NotForYouError,
    NotRecipientError,
    NotYourPurposeError,
    OwnRequestError,
    PersonRequiredError,
    RoleCannotHoldError,
    ValidityError,
)
from governance.policies.service import (
    Desk,
    GrantFilter,
    GrantState,
    RequestGrant,
    RevokeGrant,
    approve_grant,
    get_grant,
    list_grants,
    request_grant,
    revoke_grant,
    state_of,
)
from governance.policies.values import GrantOnFile
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.errors import PurposeNotFoundError
from tests.builders.ground import StandingClock, an_actor
from tests.builders.policies import a_controller, a_grant, facts_of
from tests.builders.register import the_controller, the_owner

ASKED = RequestGrant(role=Role.SUPPORT, purpose="customer-relationship", category=DataCategory.IDENTITY)


def ask(**fields: object) -> RequestGrant:
    given: dict[str, object] = {"role": ASKED.role, "purpose": ASKED.purpose, "category": ASKED.category, **fields}
    return RequestGrant(**given)  # type: ignore[arg-type] # a test's own fields


def test_asking_makes_one_grant_for_each_kind_declared(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grants = request_grant(session, desk, the_owner(), ASKED)

        assert [grant.subject_kind for grant in grants] == [SubjectKind.CUSTOMER, SubjectKind.PROSPECT]
        assert {grant.valid_to - grant.valid_from for grant in grants} == {timedelta(days=365)}
        assert {state_of(grant, desk.clock.now()) for grant in grants} == {GrantState.REQUESTED}


def test_a_request_gives_nothing_before_somebody_else_approves(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grant, other = request_grant(session, desk, the_owner(), ASKED)
        assert len(grants_on_file(session, desk.attestor)) == 0
        approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)

    with database.read() as session:
        book = grants_on_file(session, desk.attestor)
    assert book.of(Role.SUPPORT, 1) == (
        GrantOnFile(
            id=grant.id,
            role=Role.SUPPORT,
            purpose_id=1,
            subject_kind=SubjectKind.CUSTOMER,
            category=DataCategory.IDENTITY,
            action=GrantedAction.READ,
            form=Form.CLEAR,
            exact_lookup=False,
            valid_from=desk.clock.now(),
            valid_to=desk.clock.now() + timedelta(days=365),
        ),
    )
    assert book.of(Role.SALES, 1) == ()
    assert book.problems == ()
    assert other.id not in {each.id for each in book.of(Role.SUPPORT, 1)}


def test_a_revoked_grant_is_not_on_file_and_revoking_twice_is_once(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_owner(), ASKED)
        approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)
    with database.write() as session:
        command = RevokeGrant(grant_id=grant.id, because="Left the team.")
        first = revoke_grant(session, desk.clock, desk.attestor, the_owner(), command)
        revoked_at = first.revoked_at
        clock.advance(hours=1)
        second = revoke_grant(session, desk.clock, desk.attestor, the_controller(), command)

        assert second.revoked_at == revoked_at
        assert state_of(second, clock.now()) is GrantState.REVOKED
        assert len(grants_on_file(session, desk.attestor)) == 0
        with pytest.raises(GrantSettledError, match="revoked"):
            approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)


def test_who_asked_does_not_approve_where_another_controller_could(database: Database, desk: Desk) -> None:
    second = a_controller(database, desk, number=12)
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_controller(), ASKED)

        with pytest.raises(OwnRequestError):
            approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)
        approved = approve_grant(session, desk.clock, desk.attestor, second, grant.id)
        assert (approved.approved_by, approved.alone) == (second.id, False)
        with pytest.raises(GrantSettledError, match="approved"):
            approve_grant(session, desk.clock, desk.attestor, second, grant.id)


def test_who_asked_approves_for_want_of_anybody_else_and_the_grant_says_so(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_controller(), ASKED)
        approved = approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)

        assert approved.alone
    assert '"alone":true' in facts_of(database, "grant")[-1]


def test_a_request_that_waited_too_long_cannot_be_approved(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_owner(), ASKED)
        clock.advance(days=365)

        with pytest.raises(GrantSettledError, match="expired"):
            approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)


@pytest.mark.parametrize("role", list(Role))
def test_owners_and_controllers_ask_and_controllers_approve(database: Database, desk: Desk, role: Role) -> None:
    somebody = an_actor(role, number=801)
    with database.write() as session:
        if role in {Role.OWNER, Role.CONTROLLER}:
            assert len(request_grant(session, desk, somebody, ASKED)) == 2
        else:
            with pytest.raises(NotForYouError):
                request_grant(session, desk, somebody, ASKED)
        grant = a_grant(session, approved=False)
        if role is Role.CONTROLLER:
            assert approve_grant(session, desk.clock, desk.attestor, somebody, grant.id).approved_by == somebody.id
        else:
            with pytest.raises(NotForYouError):
                approve_grant(session, desk.clock, desk.attestor, somebody, grant.id)
        command = RevokeGrant(grant_id=grant.id)
        if role in {Role.OWNER, Role.CONTROLLER, Role.SECURITY}:
            assert revoke_grant(session, desk.clock, desk.attestor, somebody, command).revoked_by == somebody.id
        else:
            with pytest.raises(NotForYouError):
                revoke_grant(session, desk.clock, desk.attestor, somebody, command)
        unrecorded(session, "some roles change nothing")


@pytest.mark.parametrize("actor", [SYSTEM, an_actor(Role.CONTROLLER, Role.OWNER, kind=ActorKind.PROGRAM)])
def test_programs_neither_ask_nor_approve(database: Database, desk: Desk, actor: Actor) -> None:
    with database.write() as session:
        grant = a_grant(session, approved=False)
        unrecorded(session, "a test's grant")

        with pytest.raises(PersonRequiredError):
            request_grant(session, desk, actor, ASKED)
        with pytest.raises(PersonRequiredError):
            approve_grant(session, desk.clock, desk.attestor, actor, grant.id)


def test_the_head_of_another_line_neither_asks_nor_revokes(database: Database, desk: Desk) -> None:
    stranger = the_owner(number=999)
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_owner(), ASKED)

        with pytest.raises(NotYourPurposeError):
            request_grant(session, desk, stranger, ASKED)
        with pytest.raises(NotYourPurposeError):
            revoke_grant(session, desk.clock, desk.attestor, stranger, RevokeGrant(grant_id=grant.id))


@pytest.mark.parametrize("role", list(Role))
def test_business_roles_and_the_dpo_hold_grants(database: Database, desk: Desk, role: Role) -> None:
    with database.write() as session:
        if role in {Role.SUPPORT, Role.DPO}:
            assert request_grant(session, desk, the_owner(), ask(role=role))
        elif role in BUSINESS_ROLES:
            with pytest.raises(NotRecipientError):
                request_grant(session, desk, the_owner(), ask(role=role))
        else:
            with pytest.raises(RoleCannotHoldError):
                request_grant(session, desk, the_owner(), ask(role=role))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"purpose": "unheard-of"}, PurposeNotFoundError),
        ({"purpose": "' OR 1=1 --"}, PurposeNotFoundError),
        ({"category": DataCategory.SPECIAL}, BeyondDeclarationError),
        ({"kinds": frozenset({SubjectKind.EMPLOYEE})}, BeyondDeclarationError),
        ({"category": DataCategory.CONTACT, "kinds": frozenset({SubjectKind.PROSPECT})}, BeyondDeclarationError),
        ({"form": Form.WITHHELD}, FormError),
        ({"action": GrantedAction.CHANGE, "form": Form.MASKED}, FormError),
        ({"action": GrantedAction.DELETE, "exact_lookup": True}, FormError),
    ],
)
def test_more_than_the_register_declares_is_refused(
    database: Database, desk: Desk, fields: dict[str, object], error: type[Exception]
) -> None:
    with database.write() as session, pytest.raises(error):
        request_grant(session, desk, the_owner(), ask(**fields))


@pytest.mark.parametrize(("start", "days"), [(-1, 10), (0, 0), (0, -1), (0, 401), (30, 401), (401, 1)])
def test_an_odd_validity_is_refused(database: Database, desk: Desk, start: int, days: int) -> None:
    begin = desk.clock.now() + timedelta(days=start)
    with database.write() as session, pytest.raises(ValidityError, match="400 days"):
        request_grant(session, desk, the_owner(), ask(valid_from=begin, valid_to=begin + timedelta(days=days)))


def test_four_hundred_days_is_the_longest(database: Database, desk: Desk) -> None:
    begin = desk.clock.now() + timedelta(days=7)
    with database.write() as session:
        command = ask(valid_from=begin, valid_to=begin + timedelta(days=400))

        assert request_grant(session, desk, the_owner(), command)[0].valid_from == begin


def test_approval_looks_at_the_register_as_it_is_now(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grant = a_grant(session, kind=SubjectKind.EMPLOYEE, approved=False)
        unrecorded(session, "a test's grant")

        with pytest.raises(BeyondDeclarationError):
            approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)


def test_an_unknown_grant_is_not_found(database: Database, desk: Desk) -> None:
    nothing = uuid.UUID(int=5)
    with database.write() as session:
        with pytest.raises(GrantNotFoundError):
            get_grant(session, nothing)
        with pytest.raises(GrantNotFoundError):
            approve_grant(session, desk.clock, desk.attestor, the_controller(), nothing)


def test_grants_are_listed_in_pages_and_filtered(database: Database, desk: Desk) -> None:
    with database.write() as session:
        request_grant(session, desk, the_owner(), ASKED)
        request_grant(session, desk, the_owner(), ask(role=Role.DPO))

    with database.read() as session:
        every = list_grants(session, GrantFilter(), after=None, limit=3)
        rest = list_grants(session, GrantFilter(), after=uuid.UUID(every.next), limit=3)
        dpo = list_grants(session, GrantFilter(role=Role.DPO, purpose_id=1), after=None, limit=10)
        none = list_grants(session, GrantFilter(purpose_id=2), after=None, limit=10)
        assert (len(every.rows), len(rest.rows), len(dpo.rows), len(none.rows)) == (3, 1, 2, 0)
        assert rest.next is None


@pytest.mark.parametrize(
    "change",
    [
        "role = 'dpo'",
        "form = 'masked'",
        "category = 'contact'",
        "action = 'export'",
        "exact_lookup = TRUE",
        "valid_to = valid_to + {day}",
        "subject_kind = 'prospect'",
        "approved_by = requested_by, requested_by = approved_by",
        "reason = 'another'",
    ],
)
def test_a_grant_changed_by_sql_gives_nothing(database: Database, desk: Desk, change: str) -> None:
    with database.write() as session:
        a_grant(session)
        kept = a_grant(session, category=DataCategory.CONTACT)
        unrecorded(session, "a test's grants")
    day = "86400000000" if database.dialect == "sqlite" else "interval '1 day'"
    with database.write_connection() as connection:
        connection.execute(text(f"UPDATE access_grant SET {change.format(day=day)} WHERE category = 'identity'"))

    with database.read() as session:
        book = grants_on_file(session, desk.attestor)
    assert [grant.id for grant in book.of(Role.SUPPORT, 1)] == [kept.id]
    assert len(book.problems) == 1
    assert len(book) == 1


def test_a_request_approved_by_sql_gives_nothing(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_owner(), ASKED)
    with database.write_connection() as connection:
        swap = "approved_at = requested_at, approved_by = {}".format(
            "x'00000000000000000000000000000001'"
            if database.dialect == "sqlite"
            else "'00000000-0000-0000-0000-000000000001'"
        )
        connection.execute(text(f"UPDATE access_grant SET {swap}"))

    with database.read() as session:
        book = grants_on_file(session, desk.attestor)
        assert len(book) == 0
        assert grant.id in {problem.grant_id for problem in book.problems}
    with pytest.raises(AttestationError), database.write() as session:
        revoke_grant(session, desk.clock, desk.attestor, the_controller(), RevokeGrant(grant_id=grant.id))


def test_every_decision_is_recorded_without_the_reasons_words(database: Database, desk: Desk) -> None:
    with database.write() as session:
        grant, _ = request_grant(session, desk, the_owner(), ask(reason="For Jeanne Exemple"))
        approve_grant(session, desk.clock, desk.attestor, the_controller(), grant.id)
        command = RevokeGrant(grant_id=grant.id, because="Jeanne Exemple left")
        revoke_grant(session, desk.clock, desk.attestor, the_controller(), command)

    with database.read() as session:
        entries = session.scalars(select(LogEntry).order_by(LogEntry.leaf_index)).all()
        bodies = [bytes(entry.body) for entry in entries]
        assert [entry.object_type for entry in entries] == ["grant"] * 4
        assert {entry.purpose for entry in entries} == {"customer-relationship"}
    assert not any(b"Jeanne" in body for body in bodies)
    assert b'"form":"clear"' in bodies[0]


def test_a_book_is_read_without_objects(database: Database, desk: Desk) -> None:
    with database.write() as session:
        for category in (DataCategory.IDENTITY, DataCategory.CONTACT):
            for kind in SubjectKind:
                a_grant(session, category=category, kind=kind)
        unrecorded(session, "a test's grants")

    with database.read() as session:
        assert len(grants_on_file(session, desk.attestor).of(Role.SUPPORT, 1)) == 10
        assert not session.identity_map.values()
