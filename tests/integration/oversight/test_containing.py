"""Vigilance and containment: who is looked at, who may close whom, and that nothing acts for a closed account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.entries import Action
from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Actor, ActorKind, Role
from governance.identity.errors import NotPermittedError
from governance.identity.lockout import count_attempt
from governance.identity.models import Account, ApiToken
from governance.identity.service import NewToken, add_token
from governance.oversight.containment import Contain, Ground, contain
from governance.oversight.errors import OwnAccountError, UnknownHolderError
from governance.web.csrf import HEADER
from tests.builders.oversight import account_of, acting, hire, name_of, program, read, reader, refuse
from tests.builders.service import Service
from tests.builders.web import parse, token_of, words
from tests.demonstration import email_of


def test_security_finds_refusals_by_account_and_page_the_most_frequent_first(service: Service) -> None:
    wired = service.wired
    refuse(wired, Role.SALES, 2, "identity.accounts")
    refuse(wired, Role.MARKETING, 5)
    refuse(wired, Role.SUPPORT, 9, at=wired.clock.now() - timedelta(days=20))

    page = reader(service, Role.SECURITY).open("/watch")

    rows = ["".join(row.itertext()) for row in parse(page).findall(".//{*}tbody/{*}tr")]
    told = [row for row in rows if "refused" in row]
    assert name_of(wired, Role.MARKETING) in told[0]
    assert "Log" in told[0]
    assert name_of(wired, Role.SALES) in told[1]
    assert not [row for row in told if name_of(wired, Role.SUPPORT) in row]


def test_security_finds_who_read_more_than_they_do(service: Service) -> None:
    wired = service.wired
    for days in range(1, 8):
        read(wired, Role.SUPPORT, 10, at=wired.clock.now() - timedelta(days=days))
        read(wired, Role.SALES, 10, at=wired.clock.now() - timedelta(days=days))
    read(wired, Role.SUPPORT, 90)
    read(wired, Role.SALES, 20)

    said = words(reader(service, Role.SECURITY).open("/watch")).partition("Refusals")[0]

    assert name_of(wired, Role.SUPPORT) in said
    assert name_of(wired, Role.SALES) not in said


def test_security_finds_locked_accounts_and_how_many_names_were_tried(service: Service) -> None:
    wired = service.wired
    with wired.write() as session:
        unrecorded(session, "a test counts attempts")
        for email in (email_of(Role.SALES), "nobody@demo.example"):
            for _ in range(5):
                count_attempt(session, wired.clock, wired.attestor, email)

    said = words(reader(service, Role.SECURITY).open("/watch"))

    assert name_of(wired, Role.SALES) in said
    assert "1 address without an account" in said
    assert "nobody@demo.example" not in said


def test_where_nothing_happened_the_page_says_what_it_is_for(service: Service) -> None:
    assert "All quiet" in words(reader(service, Role.SECURITY).open("/watch"))


def test_closing_an_account_ends_all_that_acts_in_its_name(service: Service) -> None:
    wired = service.wired
    victim = acting(wired, Role.SUPPORT)
    browser = reader(service, Role.SUPPORT)
    with wired.write() as session:
        new = NewToken(name="mine", role=Role.SUPPORT, own=True)
        secret = add_token(session, wired.clock, wired.ids, victim, new).secret
    security = reader(service, Role.SECURITY)
    assert browser.open("/account").status_code == 200
    asked = security.open(f"/watch/{victim.id}/contain")
    assert "its sessions end at once" in words(asked)

    done = security.send(f"/watch/{victim.id}/contain", ground="stolen-secret")

    assert done.status_code == 303
    assert browser.open("/account").status_code == 401
    assert (
        service.app.test_client()
        .get("/api/v1/plan/customers?purpose=after-sales", headers={"Authorization": f"Bearer {secret}"})
        .status_code
        == 401
    )
    assert "Closed since" in words(security.open(f"/watch/{victim.id}"))
    with wired.read() as session:
        [entry] = search(session, Filters(action=Action.DECIDE, object_id=str(victim.id)))
        assert entry.said["details"]["ground"] == "stolen-secret"
        assert entry.said["retention"] == "evidence"


def test_closing_the_token_of_a_program_leaves_its_maker_alone(service: Service) -> None:
    wired = service.wired
    token = program(wired, "Till", Role.CONTROLLER)

    reader(service, Role.SECURITY).send(f"/watch/{token}/contain", ground="precaution")

    with wired.read() as session:
        assert session.get_one(ApiToken, token).revoked_at is not None
        assert session.get_one(Account, acting(wired, Role.CONTROLLER).id).disabled_at is None


def test_the_tokens_that_an_account_made_go_with_it_only_where_asked(service: Service) -> None:
    wired = service.wired
    kept, gone = program(wired, "kept"), program(wired, "gone")
    security = acting(wired, Role.SECURITY)
    with wired.write() as session:
        command = Contain(holder_id=account_of(wired, Role.ADMIN), ground=Ground.LOST_DEVICE)
        contain(session, wired.clock, wired.ids, wired.attestor, security, command)
        assert session.get_one(ApiToken, kept).revoked_at is None
        command = Contain(holder_id=account_of(wired, Role.ADMIN), ground=Ground.LOST_DEVICE, programs=True)
        done = contain(session, wired.clock, wired.ids, wired.attestor, security, command)

    # The site's own program is one of the administrator's too.
    assert done.tokens == 3
    with wired.read() as session:
        assert session.get_one(ApiToken, gone).revoked_at is not None


def test_a_ground_has_to_be_chosen(sqlite_service: Service) -> None:
    victim = acting(sqlite_service.wired, Role.SUPPORT)
    security = reader(sqlite_service, Role.SECURITY)

    for ground in ("", "because she knows", "stolen-secret; DROP"):
        answer = security.send(f"/watch/{victim.id}/contain", ground=ground)
        assert answer.status_code == 422
        assert parse(answer).findall(".//{*}*[@aria-invalid='true']")
    with sqlite_service.wired.read() as session:
        assert session.get_one(Account, victim.id).disabled_at is None


@pytest.mark.parametrize("role", [Role.DPO, Role.OWNER, Role.AUDITOR, Role.SUPPORT])
def test_whoever_does_not_contain_neither_sees_nor_closes(sqlite_service: Service, role: Role) -> None:
    victim = acting(sqlite_service.wired, Role.SALES)
    browser = reader(sqlite_service, role)

    assert browser.open(f"/watch/{victim.id}").status_code == 403
    assert browser.open(f"/watch/{victim.id}/contain").status_code == 403
    assert browser.send(f"/watch/{victim.id}/contain", ground="precaution").status_code == 403


def test_what_acts_for_the_last_controller_is_closed_and_the_account_stays_open(service: Service) -> None:
    wired = service.wired
    controller = acting(wired, Role.CONTROLLER)
    thief = reader(service, Role.CONTROLLER)
    with wired.write() as session:
        new = NewToken(name="stolen", role=Role.CONTROLLER, own=True)
        secret = add_token(session, wired.clock, wired.ids, controller, new).secret
        before = session.get_one(Account, controller.id).credentials_revision
    security = reader(service, Role.SECURITY)
    assert "account itself stays open" in words(security.open(f"/watch/{controller.id}/contain"))

    done = security.send(f"/watch/{controller.id}/contain", ground="stolen-secret")

    assert done.status_code == 303
    assert "The account stays open" in words(security.open(f"/watch/{controller.id}"))
    assert thief.open("/account").status_code == 401
    by_token = service.app.test_client().get("/api/v1/users", headers={"Authorization": f"Bearer {secret}"})
    assert by_token.status_code == 401
    with wired.read() as session:
        account = session.get_one(Account, controller.id)
        wired.attestor.verify(account)
        assert account.disabled_at is None
        assert account.credentials_revision > before, "links that were made for it open nothing any more"
        [entry] = search(session, Filters(action=Action.DECIDE, object_id=str(controller.id)))
        assert entry.said["details"]["kept_open"] is True
    assert reader(service, Role.CONTROLLER).open("/account").status_code == 200


def test_containing_the_last_controller_over_rest_says_that_the_account_stays_open(service: Service) -> None:
    controller = acting(service.wired, Role.CONTROLLER)
    security = reader(service, Role.SECURITY)

    token = token_of(security.client, "/account")
    answer = security.client.post(
        "/api/v1/oversight/contain",
        json={"holder_id": str(controller.id), "ground": "stolen-secret"},
        headers={HEADER: token},
    )

    assert answer.status_code == 200
    assert answer.get_json()["kept_open"] is True


def test_nobody_closes_themselves(service: Service) -> None:
    wired = service.wired
    security = acting(wired, Role.SECURITY)

    refusals = {security.id: OwnAccountError, wired.ids.new(): UnknownHolderError}

    for holder, error in refusals.items():
        assert holder is not None
        command = Contain(holder_id=holder, ground=Ground.REFUSALS)
        with wired.database.sessions() as session, pytest.raises(error):
            contain(session, wired.clock, wired.ids, wired.attestor, security, command)


def test_a_program_contains_nobody(service: Service) -> None:
    wired = service.wired
    victim = account_of(wired, Role.SUPPORT)
    robot = Actor(kind=ActorKind.PROGRAM, id=wired.ids.new(), roles=frozenset({Role.SECURITY}))

    with wired.database.sessions() as session, pytest.raises(NotPermittedError):
        contain(
            session, wired.clock, wired.ids, wired.attestor, robot, Contain(holder_id=victim, ground=Ground.PRECAUTION)
        )


def test_security_opens_nothing_again(sqlite_service: Service) -> None:
    """Containment closes; what opens stays with whoever looks after accounts."""
    assignment = hire(sqlite_service.wired, "camille@demo.example")
    security = reader(sqlite_service, Role.SECURITY)

    assert security.send(f"/decisions/roles/{assignment}/countersign").status_code == 403
    with sqlite_service.wired.read() as session:
        accounts = session.scalars(select(Account.id)).all()
    assert len(accounts) > 1


def test_somebody_of_security_does_the_same_through_a_token_of_their_own(service: Service) -> None:
    refuse(service.wired, Role.SALES, 3)
    victim = acting(service.wired, Role.SUPPORT)
    mine = service.program(Role.SECURITY)

    seen = mine.get("/oversight/watch").get_json()
    unknown = mine.post("/oversight/contain", {"holder_id": str(victim.id), "who": "me"})
    closed = mine.post("/oversight/contain", {"holder_id": str(victim.id), "ground": "precaution"})

    assert seen["troubles"][0]["count"] == 3
    assert name_of(service.wired, Role.SALES) not in str(seen)
    assert email_of(Role.SALES) not in str(seen)
    assert unknown.status_code == 422
    assert closed.status_code == 200
    with service.wired.read() as session:
        assert session.get_one(Account, victim.id).disabled_at is not None
