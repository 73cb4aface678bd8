"""Authenticator apps, recovery codes, half signed in, losing it: what opens, what does not, and what SQL cannot do."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.identity.errors import (
    FactorInUseError,
    NotPermittedError,
    PasswordRefusedError,
    SecondFactorRefusedError,
    SignInLockedError,
    UnknownFactorError,
)
from governance.identity.factors.models import RecoveryCodes, TotpFactor
from governance.identity.lockout import FREE_FAILURES
from governance.identity.models import Account, SecondFactorState
from governance.identity.second_door import CodeShown, RecoveryCodeShown
from governance.identity.service import (
    Admission,
    NewToken,
    SetRule,
    add_token,
    factors_of,
    make_recovery_codes,
    recovery_codes_left,
    remove_factor,
    reset_second_factor,
    second_factor_rules,
    set_second_factor_rule,
)
from governance.identity.service.second_factor_rules import REQUIRED_AT_FOUNDING
from governance.identity.service.totp import AddTotp
from governance.vault.errors import AttestationError, PolicySetError
from tests.builders.identity import PASSWORD, People, person, stored
from tests.builders.second_factors import App, add_app, somebody_with_an_app, visit_of

SUPPORT = "support@demo.example"
SALES = "sales@demo.example"


def admitted(house: People, secret: str) -> Admission:
    admission = house.doorkeeper.by_session(secret, "192.0.2.7")
    assert admission is not None
    return admission


def show(house: People, email: str, code: str) -> str:
    opened = house.sign_in(email)
    return house.second_door.show(visit_of(house, opened), CodeShown(code=code))


def test_whoever_has_a_factor_is_half_signed_in_until_it_is_shown(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    half = admitted(house, opened.secret)
    secret = house.second_door.show(visit_of(house, opened), CodeShown(code=app.code(house.clock)))

    assert (half.pending, half.actor.roles, half.confirmed_at) == (True, frozenset(), None)
    whole = admitted(house, secret)
    assert (whole.pending, whole.actor.roles) == (False, frozenset({Role.SUPPORT}))
    assert whole.second_factor_at == whole.confirmed_at == house.clock.now()


def test_showing_it_rotates_the_secret_of_the_session(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    secret = house.second_door.show(visit_of(house, opened), CodeShown(code=app.code(house.clock)))

    assert house.doorkeeper.by_session(opened.secret, None) is None
    assert admitted(house, secret).reference == opened.session_id


def test_a_code_is_good_once(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    code = app.code(house.clock)
    show(house, SUPPORT, code)

    with pytest.raises(SecondFactorRefusedError):
        show(house, SUPPORT, code)

    house.clock.advance(seconds=30)
    show(house, SUPPORT, app.code(house.clock))


def test_the_code_that_added_the_app_is_not_good_again(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    app, _ = add_app(house, visit_of(house, house.sign_in(SUPPORT)))

    with pytest.raises(SecondFactorRefusedError):
        show(house, SUPPORT, app.code(house.clock))


def test_of_two_at_once_with_one_code_one_comes_in(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    code = app.code(house.clock)
    visits = [visit_of(house, house.sign_in(SUPPORT)) for _ in range(2)]
    start, ended = threading.Barrier(2), []

    def come_in(number: int) -> None:
        start.wait()
        try:
            house.second_door.show(visits[number], CodeShown(code=code))
            ended.append("in")
        except SecondFactorRefusedError:
            ended.append("out")

    threads = [threading.Thread(target=come_in, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["in", "out"]


def test_the_code_of_another_person_opens_nothing(house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    other, _ = somebody_with_an_app(house, SALES, Role.SALES)

    with pytest.raises(SecondFactorRefusedError):
        show(house, SUPPORT, other.code(house.clock))


def test_guessing_costs_a_growing_wait_whatever_the_password(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(SecondFactorRefusedError):
            house.second_door.show(visit, CodeShown(code="000000"))

    with pytest.raises(SignInLockedError) as locked:
        house.second_door.show(visit, CodeShown(code=app.code(house.clock)))
    assert locked.value.retry_after_seconds == 31

    # The right password, known to whoever guesses, does not begin the count anew.
    visit = visit_of(house, house.sign_in(SUPPORT))
    with pytest.raises(SignInLockedError):
        house.second_door.show(visit, CodeShown(code=app.code(house.clock)))
    house.clock.advance(seconds=30)
    house.second_door.show(visit, CodeShown(code=app.code(house.clock)))


def test_success_and_failure_are_recorded_without_the_code(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    with pytest.raises(SecondFactorRefusedError):
        show(house, SUPPORT, "123123")
    code = app.code(house.clock)
    show(house, SUPPORT, code)

    with house.database.read() as session:
        bodies = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index)).all()
    told = [body for body in bodies if b'"method":"totp"' in body]
    assert [b'"refused"' in body for body in told] == [True, False]
    assert all(code.encode() not in body and b"123123" not in body for body in bodies)


def test_an_app_is_not_added_with_a_wrong_first_code(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    draft = house.second_door.draft_totp(visit)
    command = AddTotp(account_id=account.id, id=draft.id, sealed=draft.sealed, code="000000")

    with pytest.raises(SecondFactorRefusedError):
        house.second_door.add_totp(visit, command)

    with house.database.read() as session:
        assert factors_of(session, house.attestor, account.id) == []
        assert session.get_one(Account, account.id).second_factor is SecondFactorState.NONE


def test_a_draft_of_one_person_adds_no_app_to_another(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    house.account(SALES, Role.SALES)
    thief, victim = (visit_of(house, house.sign_in(email)) for email in (SUPPORT, SALES))
    draft = house.second_door.draft_totp(thief)
    code = App(draft.secret).code(house.clock)

    with pytest.raises(SecondFactorRefusedError):
        house.second_door.add_totp(
            victim, AddTotp(account_id=victim.account_id, id=draft.id, sealed=draft.sealed, code=code)
        )
    with pytest.raises(NotPermittedError):
        house.second_door.add_totp(
            thief, AddTotp(account_id=victim.account_id, id=draft.id, sealed=draft.sealed, code=code)
        )


def test_the_secret_is_neither_read_nor_moved_by_whoever_holds_the_database(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    thief_app, _ = somebody_with_an_app(house, SALES, Role.SALES)
    with house.database.read() as session:
        rows = {row.account_id: row for row in session.scalars(select(TotpFactor))}
        assert all(app.secret.encode() not in row.sealed_secret for row in rows.values())
        support = session.scalars(select(Account).where(Account.email == SUPPORT)).one()
        stolen = next(row.sealed_secret for row in rows.values() if row.account_id != support.id)
        victim = support.id
    with house.database.write_connection() as connection:
        connection.execute(
            text("UPDATE totp_factor SET sealed_secret = :stolen WHERE account_id = :id"),
            {"stolen": stolen, "id": stored(victim, house.database)},
        )

    with pytest.raises(AttestationError):
        show(house, SUPPORT, thief_app.code(house.clock))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM totp_factor",
        "DELETE FROM factor_use",
        "UPDATE factor_use SET counter = 1",
        "UPDATE account SET second_factor = 'none' WHERE email = 'support@demo.example'",
    ],
)
def test_what_sql_takes_away_closes_and_does_not_open(house: People, change: str) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    visit = visit_of(house, opened)
    with house.database.write_connection() as connection:
        connection.execute(text(change))

    with pytest.raises((AttestationError, SecondFactorRefusedError)):
        house.second_door.show(visit, CodeShown(code=app.code(house.clock)))
    try:
        admission = house.doorkeeper.by_session(opened.secret, None)
    except AttestationError:
        return
    assert admission is not None
    assert admission.pending


def test_a_factor_put_back_by_sql_is_seen(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    actor = admitted(house, show(house, SUPPORT, app.code(house.clock))).actor
    with house.database.read() as session:
        [row] = session.execute(text("SELECT * FROM totp_factor")).mappings().all()
        factor_id = session.scalars(select(TotpFactor.id)).one()
    with house.database.write() as session:
        remove_factor(session, house.clock, house.attestor, actor, factor_id)
    with house.database.write_connection() as connection:
        names = ", ".join(row.keys())
        values = ", ".join(f":{name}" for name in row.keys())  # noqa: SIM118 -- of a row, not of a dictionary
        connection.execute(text(f"INSERT INTO totp_factor ({names}) VALUES ({values})"), dict(row))

    with pytest.raises(PolicySetError), house.database.read() as session:
        house.attestor.verify_policy_set(session)


def test_ten_recovery_codes_come_with_the_first_factor_and_each_is_good_once(house: People) -> None:
    _, enrolled = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))

    secret = house.second_door.show(visit, RecoveryCodeShown(code=enrolled.recovery_codes[0].upper()))

    assert not admitted(house, secret).pending
    with pytest.raises(SecondFactorRefusedError):
        house.second_door.show(visit, RecoveryCodeShown(code=enrolled.recovery_codes[0]))
    with house.database.read() as session:
        assert recovery_codes_left(session, house.attestor, visit.account_id) == 9
        kept = session.scalars(select(RecoveryCodes)).one().hashes
    assert all(code.encode() not in kept for code in enrolled.recovery_codes)


def test_a_second_factor_more_brings_no_new_codes(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    house.second_door.show(visit_of(house, opened), CodeShown(code=app.code(house.clock)))

    house.clock.advance(minutes=1)
    _, enrolled = add_app(house, visit_of(house, house.sign_in(SUPPORT)), "tablet")

    assert enrolled.recovery_codes == ()


def test_new_recovery_codes_end_the_old_ones(house: People) -> None:
    app, enrolled = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    actor = admitted(house, show(house, SUPPORT, app.code(house.clock))).actor
    assert actor.id is not None
    with house.database.write() as session:
        codes = make_recovery_codes(session, house.clock, house.ids, house.attestor, actor, actor.id)
    visit = visit_of(house, house.sign_in(SUPPORT))

    with pytest.raises(SecondFactorRefusedError):
        house.second_door.show(visit, RecoveryCodeShown(code=enrolled.recovery_codes[1]))
    house.second_door.show(visit, RecoveryCodeShown(code=codes[1]))


def test_nobody_makes_codes_or_removes_factors_for_another(house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    other = person(house.account(SALES, Role.SALES), Role.SALES)
    with house.database.read() as session:
        [(factor_id, account_id)] = session.execute(select(TotpFactor.id, TotpFactor.account_id)).all()

    with pytest.raises(NotPermittedError), house.database.write() as session:
        make_recovery_codes(session, house.clock, house.ids, house.attestor, other, account_id)
    with pytest.raises(UnknownFactorError), house.database.write() as session:
        remove_factor(session, house.clock, house.attestor, other, factor_id)
    for through in ("token", "host"):
        actor = Actor(
            kind=ActorKind.HOST if through == "host" else ActorKind.PERSON,
            id=account_id,
            roles=frozenset({Role.SUPPORT}),
            token=factor_id if through == "token" else None,
            host_user="root" if through == "host" else None,
        )
        with pytest.raises(NotPermittedError), house.database.write() as session:
            remove_factor(session, house.clock, house.attestor, actor, factor_id)


def test_the_last_factor_goes_where_no_role_requires_one_and_stays_where_one_does(house: People) -> None:
    app, _ = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    actor = admitted(house, show(house, SUPPORT, app.code(house.clock))).actor
    assert actor.id is not None
    with house.database.read() as session:
        factor_id = session.scalars(select(TotpFactor.id)).one()
    set_rule(house, Role.SUPPORT, required=True)
    with pytest.raises(FactorInUseError), house.database.write() as session:
        remove_factor(session, house.clock, house.attestor, actor, factor_id)

    set_rule(house, Role.SUPPORT, required=False)
    with house.database.write() as session:
        remove_factor(session, house.clock, house.attestor, actor, factor_id)

    with house.database.read() as session:
        assert recovery_codes_left(session, house.attestor, actor.id) == 0
    assert not admitted(house, house.sign_in(SUPPORT).secret).pending


def set_rule(house: People, role: Role, *, required: bool, by: Actor | None = None) -> None:
    by = by or house.controller()
    with house.database.write() as session:
        set_second_factor_rule(session, house.clock, house.attestor, by, SetRule(role=role, required=required))


def test_a_role_that_requires_one_leaves_its_people_half_signed_in_at_once(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    assert not admitted(house, opened.secret).pending

    set_rule(house, Role.SUPPORT, required=True)

    assert admitted(house, opened.secret).pending
    _, enrolled = add_app(house, visit_of(house, opened))
    assert admitted(house, enrolled.secret).actor.roles == {Role.SUPPORT}


def test_an_administrator_tightens_and_only_a_controller_in_person_relaxes(house: People) -> None:
    admin = house.admin()
    set_rule(house, Role.SUPPORT, required=True, by=admin)
    program = Actor(kind=ActorKind.PROGRAM, id=admin.id, roles=frozenset({Role.CONTROLLER}))
    for actor in (admin, SYSTEM, program, person(house.account(SALES, Role.DPO), Role.DPO)):
        with pytest.raises(NotPermittedError):
            set_rule(house, Role.SUPPORT, required=False, by=actor)

    set_rule(house, Role.SUPPORT, required=False)
    with house.database.read() as session:
        assert not second_factor_rules(session, house.attestor)[Role.SUPPORT]


def test_a_rule_deleted_by_sql_requires_and_one_changed_closes(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    house.account(SALES, Role.SALES)
    opened, secret = house.sign_in(SUPPORT), house.sign_in(SALES).secret
    with house.database.write_connection() as connection:
        connection.execute(text("DELETE FROM second_factor_rule WHERE role = 'support'"))
    assert admitted(house, opened.secret).pending

    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE second_factor_rule SET required = true WHERE role = 'sales'"))
    with pytest.raises(AttestationError):
        house.doorkeeper.by_session(secret, None)


def test_who_decides_confirms_or_looks_into_everything_requires_one_at_the_founding() -> None:
    assert {
        Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN,
    } == REQUIRED_AT_FOUNDING  # fmt: skip


def test_a_token_opens_nothing_once_its_role_requires_a_factor_that_its_holder_never_had(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    command = NewToken(name="mine", role=Role.SUPPORT, own=True)
    with house.database.write() as session:
        issued = add_token(session, house.clock, house.ids, person(account, Role.SUPPORT), command)
    assert house.doorkeeper.by_token(str(issued.secret), None) is not None

    set_rule(house, Role.SUPPORT, required=True)

    assert house.doorkeeper.by_token(str(issued.secret), None) is None


def test_whoever_lost_it_all_signs_in_anew_and_adds_one_first(house: People) -> None:
    app, enrolled = somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    secret = show(house, SUPPORT, app.code(house.clock))
    actor = admitted(house, secret).actor
    assert actor.id is not None
    controller = house.controller()

    with house.database.write() as session:
        reset_second_factor(session, house.clock, house.ids, house.attestor, controller, actor.id)

    assert house.doorkeeper.by_session(secret, None) is None
    opened = house.sign_in(SUPPORT)
    assert admitted(house, opened.secret).pending
    house.clock.advance(minutes=1)
    for proof in (CodeShown(code=app.code(house.clock)), RecoveryCodeShown(code=enrolled.recovery_codes[0])):
        with pytest.raises(SecondFactorRefusedError):
            house.second_door.show(visit_of(house, opened), proof)
    _, again = add_app(house, visit_of(house, opened))
    assert not admitted(house, again.secret).pending
    assert len(again.recovery_codes) == 10


def test_an_administrator_takes_no_factor_away_from_whoever_decides_and_nobody_from_themself(house: People) -> None:
    account = house.account(SUPPORT, Role.SUPPORT)
    controller, admin = house.controller(), house.admin()
    assert controller.id is not None
    for actor, target in (
        (admin, account.id),
        (admin, controller.id),
        (admin, admin.id),
        (controller, controller.id),
        (person(account, Role.SUPPORT), account.id),
    ):
        assert target is not None
        with pytest.raises(NotPermittedError), house.database.write() as session:
            reset_second_factor(session, house.clock, house.ids, house.attestor, actor, target)
    for actor in (controller, SYSTEM):
        with house.database.write() as session:
            reset_second_factor(session, house.clock, house.ids, house.attestor, actor, account.id)


def test_the_password_confirms_whoever_has_nothing_else(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)
    visit = visit_of(house, opened)
    house.clock.advance(minutes=11)
    before = admitted(house, opened.secret).confirmed_at

    with pytest.raises(PasswordRefusedError):
        house.second_door.confirm_password(visit, "wrong password indeed")
    secret = house.second_door.confirm_password(visit, PASSWORD)

    assert before == house.clock.now() - timedelta(minutes=11)
    assert admitted(house, secret).confirmed_at == house.clock.now()
    assert house.doorkeeper.by_session(opened.secret, None) is None


def test_the_password_confirms_nobody_who_has_a_factor(house: People) -> None:
    somebody_with_an_app(house, SUPPORT, Role.SUPPORT)
    opened = house.sign_in(SUPPORT)

    with pytest.raises(PasswordRefusedError):
        house.second_door.confirm_password(visit_of(house, opened), PASSWORD)
    assert admitted(house, opened.secret).pending


def test_another_password_closes_the_other_sessions_and_carries_ones_own_on(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    here, there = house.sign_in(SUPPORT), house.sign_in(SUPPORT)
    visit = visit_of(house, here)

    with pytest.raises(PasswordRefusedError):
        house.second_door.change_password(visit, "wrong password indeed", "a new and better password")
    secret = house.second_door.change_password(visit, PASSWORD, "a new and better password")

    assert not admitted(house, secret).pending
    for gone in (here.secret, there.secret):
        assert house.doorkeeper.by_session(gone, None) is None
    house.sign_in(SUPPORT, "a new and better password")


def test_guessing_the_current_password_costs_a_wait_in_the_session_and_none_at_the_door(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(PasswordRefusedError):
            house.second_door.change_password(visit, "wrong password indeed", "a new and better password")

    with pytest.raises(SignInLockedError):
        house.second_door.change_password(visit, PASSWORD, "a new and better password")
    house.sign_in(SUPPORT)
