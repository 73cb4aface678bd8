"""Confirming a role: with all that the account would then hold; turned down with a reason; and the way in at once."""

import re
import uuid

import pytest
from sqlalchemy import select

from governance.actor import Role
from governance.identity.models import Account, RoleAssignment
from governance.identity.service import AcceptLink, NewRole, accept_link, account_by_id, assign_role, link_password
from governance.identity.service.accounts import prepare_password
from governance.wiring import Wired
from tests.builders.oversight import account_of, acting, hire, reader
from tests.builders.service import Service
from tests.builders.web import parse, words

NEW = "camille@demo.example"
PASSWORD = "a fictional sentence to come in"


def of(wired: Wired, assignment: uuid.UUID) -> uuid.UUID:
    with wired.read() as session:
        return session.get_one(RoleAssignment, assignment).account_id


def choose_a_password(wired: Wired, account_id: uuid.UUID) -> None:
    """Let somebody use a link that the administrator handed over."""
    admin = acting(wired, Role.ADMIN)
    hashed = prepare_password(wired.passwords, NEW, PASSWORD)
    with wired.write() as session:
        issued = link_password(session, wired.clock, wired.ids, admin, account_by_id(session, account_id))
    with wired.write() as session:
        command = AcceptLink(secret=issued.secret, email=NEW, password_hash=hashed)
        accept_link(session, wired.clock, wired.ids, wired.attestor, command)


@pytest.mark.parametrize(("language", "said"), [("en", "would hold in all"), ("fr", "détiendrait en tout")])
def test_whoever_confirms_sees_all_that_the_account_would_then_hold(service: Service, language: str, said: str) -> None:
    wired = service.wired
    assignment = hire(wired, NEW, Role.SUPPORT)
    page = reader(service, Role.CONTROLLER).open(f"/decisions/roles/{assignment}", language)

    text = words(page)
    assert said in text
    assert ("After-sales" if language == "en" else "Service après-vente") in text
    rows = parse(page).findall(".//{*}table//{*}tbody/{*}tr")
    assert rows
    assert all("changed" in row.attrib["class"] for row in rows)


def test_what_is_held_already_is_told_from_what_would_be_new(service: Service) -> None:
    wired = service.wired
    first = hire(wired, NEW, Role.SUPPORT)
    browser = reader(service, Role.CONTROLLER)
    browser.send(f"/decisions/roles/{first}/countersign")
    with wired.write() as session:
        new = NewRole(account_id=of(wired, first), role=Role.ACCOUNTING)
        second = assign_role(session, wired.clock, wired.ids, acting(wired, Role.ADMIN), new).id

    page = browser.open(f"/decisions/roles/{second}")

    assert "Customer service" in words(page)
    rows = parse(page).findall(".//{*}table//{*}tbody/{*}tr")
    changed = [row for row in rows if "changed" in row.attrib.get("class", "")]
    assert changed
    assert len(changed) < len(rows)


def test_the_list_decides_nothing_at_one_click(service: Service) -> None:
    assignment = hire(service.wired, NEW)
    page = reader(service, Role.CONTROLLER).open("/decisions")

    assert not [form for form in parse(page).findall(".//{*}main//{*}form") if "roles" in form.attrib["action"]]
    assert [a for a in parse(page).findall(".//{*}main//{*}a") if a.attrib["href"] == f"/decisions/roles/{assignment}"]


@pytest.mark.parametrize("because", ["", "   "])
def test_refusing_takes_a_reason(service: Service, because: str) -> None:
    assignment = hire(service.wired, NEW)

    answer = reader(service, Role.CONTROLLER).send(f"/decisions/roles/{assignment}/decline", because=because)

    assert answer.status_code == 422
    assert parse(answer).findall(".//{*}textarea[@aria-invalid='true']")
    with service.wired.read() as session:
        assert session.get_one(RoleAssignment, assignment).revoked_at is None


def test_whoever_made_the_account_reads_why_and_the_log_does_not(service: Service) -> None:
    wired = service.wired
    assignment = hire(wired, NEW)
    why = "Not before the training"
    size = service.log_size()
    reader(service, Role.CONTROLLER).send(f"/decisions/roles/{assignment}/decline", because=why)

    assert why in words(reader(service, Role.ADMIN).open(f"/accounts/{of(wired, assignment)}"))
    said = words(reader(service, Role.AUDITOR).open(f"/log/?after={size}"))
    assert why not in said


def test_without_mail_the_controller_makes_the_link_in_the_confirmation_itself(service: Service) -> None:
    wired = service.wired
    assignment = hire(wired, NEW)
    account = of(wired, assignment)
    choose_a_password(wired, account)
    browser = reader(service, Role.CONTROLLER)
    assert "ends with it" in words(browser.open(f"/decisions/roles/{assignment}"))

    browser.send(f"/decisions/roles/{assignment}/countersign")
    page = browser.open(f"/decisions/roles/{assignment}")

    assert "Make their link" in words(page)
    [form] = [f for f in parse(page).findall(".//{*}main//{*}form") if f.attrib["action"].endswith("/link")]
    shown = browser.send(form.attrib["action"])
    secret = re.search(r"/link/([\w-]+)", shown.get_data(as_text=True))
    assert secret
    hashed = prepare_password(wired.passwords, NEW, PASSWORD)
    with wired.write() as session:
        command = AcceptLink(secret=secret.group(1), email=NEW, password_hash=hashed)
        accept_link(session, wired.clock, wired.ids, wired.attestor, command)
    with wired.read() as session:
        assert session.scalars(select(Account).where(Account.id == account)).one().password_hash == hashed
    assert "Make their link" not in words(browser.open(f"/decisions/roles/{assignment}"))


def test_somebody_else_never_sees_the_page(sqlite_service: Service) -> None:
    assignment = hire(sqlite_service.wired, NEW)
    for role in (Role.ADMIN, Role.DPO, Role.SUPPORT):
        assert reader(sqlite_service, role).open(f"/decisions/roles/{assignment}").status_code == 403


def test_a_program_reads_the_same(service: Service) -> None:
    assignment = hire(service.wired, NEW, Role.SUPPORT)
    browser = reader(service, Role.CONTROLLER)

    told = browser.open(f"/api/v1/oversight/roles/{assignment}").get_json()

    assert (told["role"], told["held"]) == ("support", [])
    assert "after-sales" in {row["purpose"] for row in told["union"]}
    assert {each["before"] for row in told["union"] for each in row["categories"]} == {None}


def test_whom_a_refused_role_concerns_reads_why_who_and_when(service: Service) -> None:
    wired = service.wired
    support = reader(service, Role.SUPPORT)
    with wired.write() as session:
        new = NewRole(account_id=account_of(wired, Role.SUPPORT), role=Role.ANALYST)
        waiting = assign_role(session, wired.clock, wired.ids, acting(wired, Role.ADMIN), new).id
    reader(service, Role.CONTROLLER).send(f"/decisions/roles/{waiting}/decline", because="Ask for less than that.")

    told = words(support.open("/access/"))
    rest = support.open("/api/v1/access").get_json()["refused"]

    assert re.search(
        r"refused The role Analyst Ask for less than that\. ?decided by Claire Fontaine \(fictive\), \d", told
    )
    assert [(each["role"], each["because"]) for each in rest] == [("analyst", "Ask for less than that.")]
    assert rest[0]["decided_by"] == str(account_of(wired, Role.CONTROLLER))
    assert "Ask for less" not in words(reader(service, Role.SALES).open("/access/"))
