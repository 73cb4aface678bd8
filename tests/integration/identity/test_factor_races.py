"""Two connections at the same moment: the second factors of one person change one after the other."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.identity import second_door
from governance.identity.errors import (
    FactorInUseError,
    FactorLimitError,
    IdentityError,
    PasskeyRefusedError,
    SecondFactorRefusedError,
)
from governance.identity.factors.models import ChallengePurpose
from governance.identity.models import SecondFactorState
from governance.identity.second_door import CodeShown, PasskeyShown, Proof, RecoveryCodeShown, Visit
from governance.identity.service import (
    SetRule,
    account_by_id,
    factors_of,
    remove_factor,
    reset_second_factor,
    set_second_factor_rule,
)
from governance.identity.service.accounts import change_password
from governance.identity.service.factors import MOST_FACTORS, locked_account
from governance.identity.service.totp import AddTotp, add_totp
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import PASSWORD, People, people
from tests.builders.second_factors import App, Authenticator, add_app, add_passkey, visit_of

EMAIL = "support@demo.example"
# Long enough for the other to come as far as the lock.
_A_WHILE = 0.5
Step = Callable[[Session], object]


@pytest.fixture
def house(postgres_url: str, clock: StandingClock, ids: CountingIds, tmp_path: Path) -> Iterator[People]:
    database = Database(postgres_url)
    with people(database, clock, ids, tmp_path) as built:
        yield built
    database.close()


@pytest.fixture
def visit(house: People) -> Visit:
    """Somebody with two authenticator apps."""
    house.account(EMAIL, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(EMAIL))
    for name in ("one", "two"):
        add_app(house, visit, name)
    return visit


def meanwhile(house: People, first: Step, second: Step) -> list[type[BaseException]]:
    """Begin the second before the first is committed, and return what the second was refused with."""
    refused: list[type[BaseException]] = []

    def run() -> None:
        try:
            with house.database.write() as session:
                second(session)
        except IdentityError as error:
            refused.append(type(error))

    other = threading.Thread(target=run)
    with house.database.write() as session:
        first(session)
        other.start()
        time.sleep(_A_WHILE)
    other.join()
    return refused


def removal(house: People, visit: Visit, number: int) -> Step:
    with house.database.read() as session:
        factor_id = factors_of(session, house.attestor, visit.account_id)[number].id
    return lambda session: remove_factor(session, house.clock, house.attestor, visit.actor, factor_id)


def addition(house: People, visit: Visit, name: str) -> Step:
    draft = house.second_door.draft_totp(visit)
    code = App(draft.secret).code(house.clock)
    command = AddTotp(account_id=visit.account_id, id=draft.id, sealed=draft.sealed, code=code, name=name)
    seal = house.second_door._parts.seal  # noqa: SLF001 -- the very one that drew the secret
    return lambda session: add_totp(session, house.clock, house.attestor, seal, visit.actor, command)


def standing(house: People, visit: Visit) -> tuple[int, SecondFactorState]:
    """Return how many factors somebody has, and what the account says of them."""
    with house.database.read() as session:
        held = factors_of(session, house.attestor, visit.account_id)
        return len(held), account_by_id(session, visit.account_id).second_factor


def test_removing_the_last_two_at_once_leaves_an_account_that_knows_it_has_none(house: People, visit: Visit) -> None:
    refused = meanwhile(house, removal(house, visit, 0), removal(house, visit, 1))

    assert refused == []
    assert standing(house, visit) == (0, SecondFactorState.NONE)


def test_removing_the_last_two_at_once_leaves_one_where_a_role_requires_one(house: People, visit: Visit) -> None:
    controller = house.controller()
    with house.database.write() as session:
        command = SetRule(role=Role.SUPPORT, required=True)
        set_second_factor_rule(session, house.clock, house.attestor, controller, command)

    refused = meanwhile(house, removal(house, visit, 0), removal(house, visit, 1))

    assert refused == [FactorInUseError]
    assert standing(house, visit) == (1, SecondFactorState.ENROLLED)


def test_adding_while_the_last_is_removed_leaves_an_account_that_asks_for_it(house: People, visit: Visit) -> None:
    with house.database.write() as session:
        removal(house, visit, 1)(session)

    refused = meanwhile(house, removal(house, visit, 0), addition(house, visit, "three"))

    assert refused == []
    assert standing(house, visit) == (1, SecondFactorState.ENROLLED)


def test_two_added_at_once_are_counted_one_after_the_other(house: People, visit: Visit) -> None:
    for number in range(2, MOST_FACTORS - 1):
        add_app(house, visit, f"app {number}")

    refused = meanwhile(house, addition(house, visit, "last"), addition(house, visit, "one too many"))

    assert refused == [FactorLimitError]
    assert standing(house, visit) == (MOST_FACTORS, SecondFactorState.ENROLLED)


def test_a_factor_added_while_all_are_taken_away_is_not_left_beside_an_account_that_owes_one(
    house: People, visit: Visit
) -> None:
    controller = house.controller()

    def reset(session: Session) -> object:
        return reset_second_factor(session, house.clock, house.ids, house.attestor, controller, visit.account_id)

    meanwhile(house, addition(house, visit, "three"), reset)

    assert standing(house, visit) == (0, SecondFactorState.OWED)


@pytest.mark.parametrize("kind", ["code", "recovery-code", "passkey"])
def test_whoever_shows_a_factor_while_all_are_taken_away_waits_and_is_refused(house: People, kind: str) -> None:
    visit, proof = proved(house, kind)
    controller = house.controller()

    with ThreadPoolExecutor(1) as pool:
        with house.database.write() as session:
            locked_account(session, house.attestor, visit.account_id)
            showing = pool.submit(house.second_door.show, visit, proof)
            time.sleep(_A_WHILE)
            reset_second_factor(session, house.clock, house.ids, house.attestor, controller, visit.account_id)
        refused = showing.exception(timeout=10)

    assert isinstance(refused, SecondFactorRefusedError | PasskeyRefusedError)
    assert standing(house, visit) == (0, SecondFactorState.OWED)


def proved(house: People, kind: str) -> tuple[Visit, Proof]:
    """Return somebody who has a second factor, and what they are about to show of it."""
    house.account(EMAIL, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(EMAIL))
    if kind == "passkey":
        held = Authenticator()
        add_passkey(house.second_door, visit, held)
        options = house.second_door.ask(visit, ChallengePurpose.SHOW)
        return visit, PasskeyShown(credential=held.show(options))
    app, enrolled = add_app(house, visit)
    if kind == "recovery-code":
        return visit, RecoveryCodeShown(code=enrolled.recovery_codes[0])
    return visit, CodeShown(code=app.code(house.clock, steps=1))


def test_whoever_signs_in_while_the_password_is_changed_waits(house: People, monkeypatch: pytest.MonkeyPatch) -> None:
    house.account(EMAIL, Role.SUPPORT)
    opened = house.sign_in(EMAIL)
    visit = visit_of(house, opened)
    changing = threading.Event()

    def slowly(*told: object) -> None:
        # By now the account is held, and whoever signs in comes as far as it.
        changing.set()
        time.sleep(_A_WHILE)
        change_password(*told)  # type: ignore[arg-type] # whatever the door says

    monkeypatch.setattr(second_door, "change_password", slowly)
    with ThreadPoolExecutor(1) as pool:
        change = pool.submit(house.second_door.change_password, visit, PASSWORD, "another long enough sentence")
        assert changing.wait(10)
        house.sign_in(EMAIL)
        change.result(timeout=10)
