"""Deciding where one click is safe: roles, tokens, and the policy set after somebody looked."""

import re

import pytest
from sqlalchemy import select, text

from audit.transaction import unrecorded
from governance.actor import SYSTEM, Role
from governance.identity.models import Account, ApiToken, RoleAssignment
from governance.identity.service import NewAccount, PasswordHash, add_account
from tests.builders.oversight import acting, hire, program, reader
from tests.builders.service import Service
from tests.builders.web import parse, words

POLICIES = "/decisions/policies"


def test_a_role_is_confirmed_and_counts(service: Service) -> None:
    assignment = hire(service.wired, "camille@demo.example")
    browser = reader(service, Role.CONTROLLER)
    assert "camille@demo.example" in words(browser.open("/decisions"))

    done = browser.send(f"/decisions/roles/{assignment}/countersign")

    # Whoever has no password yet is let in at once: the page of the role offers the link.
    assert (done.status_code, done.headers["Location"]) == (303, f"/decisions/roles/{assignment}")
    after = browser.open(f"/decisions/roles/{assignment}")
    assert "The role is in force." in words(after)
    assert parse(after).findall(".//{*}*[@role='status']")
    with service.wired.read() as session:
        row = session.get_one(RoleAssignment, assignment)
        assert row.countersigned_by == acting(service.wired, Role.CONTROLLER).id


def test_what_is_declined_never_opens_and_is_decided_once(service: Service) -> None:
    assignment, token = hire(service.wired, "camille@demo.example"), program(service.wired, "Till")
    browser = reader(service, Role.CONTROLLER)

    browser.send(f"/decisions/roles/{assignment}/decline", because="Not before the training")
    browser.send(f"/decisions/tokens/{token}/decline")

    with service.wired.read() as session:
        assert session.get_one(RoleAssignment, assignment).revoked_at is not None
        assert session.get_one(ApiToken, token).revoked_at is not None
    assert browser.send(f"/decisions/roles/{assignment}/countersign").status_code == 409
    assert browser.send(f"/decisions/roles/{assignment}/decline", because="Again").status_code == 409
    assert browser.send(f"/decisions/tokens/{token}/countersign").status_code == 409


def test_declining_takes_nothing_back_that_is_in_force(service: Service) -> None:
    wired = service.wired
    with wired.read() as session:
        held = session.scalars(select(RoleAssignment.id).where(RoleAssignment.role == Role.DPO)).one()

    answer = reader(service, Role.CONTROLLER).send(f"/decisions/roles/{held}/decline", because="No")

    assert answer.status_code == 409
    with wired.read() as session:
        assert session.get_one(RoleAssignment, held).revoked_at is None


def test_a_token_is_confirmed(service: Service) -> None:
    token = program(service.wired, "Till")

    answer = reader(service, Role.CONTROLLER).send(f"/decisions/tokens/{token}/countersign")

    assert re.search(r"egide_[\w-]{43}", answer.get_data(as_text=True)), "the countersigner alone gets its secret"
    with service.wired.read() as session:
        assert session.get_one(ApiToken, token).countersigned_at is not None


@pytest.mark.parametrize("alone", [True, False])
def test_who_makes_the_link_after_a_password_that_ends_is_told_before(sqlite_service: Service, *, alone: bool) -> None:
    wired = sqlite_service.wired
    assignment = hire(wired, "camille@demo.example")
    with wired.write() as session:
        unrecorded(session, "somebody chose a password by an administrator’s link")
        account = session.get_one(Account, session.get_one(RoleAssignment, assignment).account_id)
        account.password_hash, account.vouched = PasswordHash("chosen"), False
        if not alone:
            other = add_account(session, wired.clock, wired.ids, SYSTEM, NewAccount(email="other@demo.example"))
            since = wired.clock.now()
            session.add(
                RoleAssignment(
                    id=wired.ids.new(),
                    account_id=other.id,
                    role=Role.CONTROLLER,
                    assigned_by=None,
                    assigned_at=since,
                    countersigned_at=since,
                )
            )

    told = words(reader(sqlite_service, Role.CONTROLLER).open(f"/decisions/roles/{assignment}"))

    assert ("you are offered a new link at once" in told) is alone
    assert ("the person who runs the server makes a new link: egide user link EMAIL" in told) is not alone


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DPO, Role.OWNER, Role.SECURITY, Role.SUPPORT])
def test_nobody_else_decides(sqlite_service: Service, role: Role) -> None:
    assignment, token = hire(sqlite_service.wired, "camille@demo.example"), program(sqlite_service.wired, "Till")
    browser = reader(sqlite_service, role)

    for path in (f"roles/{assignment}/countersign", f"roles/{assignment}/decline", f"tokens/{token}/countersign"):
        assert browser.send(f"/decisions/{path}").status_code == 403
    assert browser.send(f"/decisions/tokens/{token}/decline").status_code == 403
    assert browser.send(POLICIES).status_code == 403


def test_a_decision_needs_the_form(sqlite_service: Service) -> None:
    assignment = hire(sqlite_service.wired, "camille@demo.example")
    browser = reader(sqlite_service, Role.CONTROLLER)

    assert browser.client.post(f"/decisions/roles/{assignment}/countersign").status_code in {400, 403}
    assert browser.open(f"/decisions/roles/{assignment}/countersign").status_code == 405
    assert browser.send(f"/decisions/roles/{sqlite_service.wired.ids.new()}/decline", because="No").status_code == 409


def test_an_altered_role_is_not_confirmed(service: Service) -> None:
    assignment = hire(service.wired, "camille@demo.example")
    with service.wired.database.engine.begin() as connection:
        connection.execute(text("UPDATE role_assignment SET role = 'dpo' WHERE countersigned_at IS NULL"))

    answer = reader(service, Role.CONTROLLER).send(f"/decisions/roles/{assignment}/countersign")

    assert answer.status_code == 500
    with service.wired.database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM role_assignment WHERE countersigned_at IS NULL")) == 1


def test_where_nothing_was_altered_there_is_nothing_to_accept(service: Service) -> None:
    page = reader(service, Role.CONTROLLER).open(POLICIES)

    assert "There is nothing to accept." in words(page)
    assert not parse(page).findall(".//{*}main//{*}form")


def test_a_deleted_grant_is_told_in_words_and_accepted_on_record(service: Service) -> None:
    wired = service.wired
    browser = reader(service, Role.CONTROLLER)
    # One that was revoked or merely asked for would do as well: the set is what was attested.
    with wired.database.engine.begin() as connection:
        [first] = connection.execute(text("SELECT id FROM access_grant LIMIT 1")).fetchall()
        connection.execute(text("DELETE FROM access_grant WHERE id = :id"), {"id": first.id})
    before = browser.open("/decisions")
    officer = reader(service, Role.DPO)

    assert "What decides was altered" in words(before)
    assert "The set of what decides was altered" in words(officer.open("/today"))
    told = words(browser.open(POLICIES, "fr"))
    assert "L’ensemble diffère" in told
    assert "attested" not in told
    assert browser.send(POLICIES).status_code == 303

    assert "There is nothing to accept." in words(browser.open(POLICIES))
    assert "Indicators" in words(officer.open("/today"))
    size = service.log_size()
    said = words(reader(service, Role.AUDITOR).open(f"/log/?action=decide&after={size}"))
    assert "set of policies" in said


def test_a_row_that_egide_did_not_write_is_not_accepted(service: Service) -> None:
    with service.wired.database.engine.begin() as connection:
        connection.execute(text("UPDATE access_grant SET form = 'clear' WHERE form = 'masked'"))
    browser = reader(service, Role.CONTROLLER)

    answer = browser.send(POLICIES)

    assert answer.status_code == 422
    assert "These cannot be accepted" in words(answer)
    assert not [form for form in parse(answer).findall(".//{*}main//{*}form") if form.attrib["action"] == POLICIES]
