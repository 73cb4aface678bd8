"""A session of older credentials that is still at work when they change: it adds, confirms and renews nothing."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from governance.database import Database
from governance.identity.doorkeeper import UseLink
from governance.identity.errors import (
    IdentityError,
    PasswordRefusedError,
    SecondFactorRefusedError,
    UnknownSessionError,
)
from governance.identity.factors.models import ChallengePurpose, FactorUse, Passkey, TotpFactor
from governance.identity.letters import Letter
from governance.identity.models import SignInSession
from governance.identity.second_door import CodeShown, Visit
from governance.identity.service import account_by_email, change_password, prepare_password
from governance.identity.service.factors import locked_account
from governance.identity.service.resets import make_mailed_link
from tests.builders.ground import CountingIds, StandingClock
from tests.builders.identity import PASSWORD, People, people
from tests.builders.second_factors import Authenticator, add_app, visit_of

EMAIL = "support@demo.example"
CHOSEN = "what its holder chose meanwhile"
# Long enough for the other to come as far as the lock.
_A_WHILE = 0.5


@pytest.fixture
def visit(house: People) -> Visit:
    house.account(EMAIL)
    return visit_of(house, house.sign_in(EMAIL))


def set_anew(house: People) -> None:
    """Let the holder choose another password by their letter."""
    with house.database.write() as session:
        account = account_by_email(session, EMAIL)
        letter = make_mailed_link(session, house.clock, house.ids, account, Letter.PASSWORD_RESET, instead_of=None)
        assert letter is not None
    house.doorkeeper.use_link(UseLink(secret=letter.secret, email=EMAIL, password=CHOSEN))


def factors(house: People) -> int:
    with house.database.read() as session:
        kinds = (TotpFactor, Passkey, FactorUse)
        return sum(session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


def secret_of(house: People, visit: Visit) -> bytes:
    with house.database.read() as session:
        return session.get_one(SignInSession, visit.session_id).secret_hash


def test_it_adds_no_authenticator_app(house: People, visit: Visit) -> None:
    set_anew(house)

    with pytest.raises(UnknownSessionError):
        add_app(house, visit)

    assert factors(house) == 0


def test_it_adds_no_passkey(house: People, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.ADD)
    set_anew(house)

    with pytest.raises(UnknownSessionError):
        house.second_door.add_passkey(visit, "key", Authenticator().make(options))

    assert factors(house) == 0


def test_it_shows_no_second_factor(house: People, visit: Visit) -> None:
    app, _ = add_app(house, visit)
    house.clock.advance(seconds=60)
    set_anew(house)
    before = secret_of(house, visit)

    with pytest.raises((UnknownSessionError, SecondFactorRefusedError)):
        house.second_door.show(visit, CodeShown(code=app.code(house.clock)))

    assert secret_of(house, visit) == before
    # The code was not spent either.
    house.second_door.show(visit_of(house, house.sign_in(EMAIL, CHOSEN)), CodeShown(code=app.code(house.clock)))


@pytest.mark.parametrize("password", [PASSWORD, CHOSEN])
@pytest.mark.parametrize("step", ["confirm", "change"])
def test_it_confirms_and_changes_no_password(house: People, visit: Visit, step: str, password: str) -> None:
    set_anew(house)
    before = secret_of(house, visit)
    door = house.second_door

    with pytest.raises((UnknownSessionError, PasswordRefusedError)):
        if step == "confirm":
            door.confirm_password(visit, password)
        else:
            door.change_password(visit, password, "what an intruder would choose")

    assert secret_of(house, visit) == before
    house.sign_in(EMAIL, CHOSEN)


@pytest.mark.parametrize("step", ["confirm", "change"])
def test_a_password_that_changes_in_that_very_moment_is_waited_for(
    postgres_url: str, clock: StandingClock, ids: CountingIds, tmp_path: Path, step: str
) -> None:
    database = Database(postgres_url)
    refused: list[IdentityError] = []
    with people(database, clock, ids, tmp_path) as house:
        account = house.account(EMAIL)
        visit = visit_of(house, house.sign_in(EMAIL))
        chosen = prepare_password(house.hasher, EMAIL, CHOSEN)

        def intrude() -> None:
            try:
                if step == "confirm":
                    house.second_door.confirm_password(visit, PASSWORD)
                else:
                    house.second_door.change_password(visit, PASSWORD, "what an intruder would choose")
            except IdentityError as error:
                refused.append(error)

        intruder = threading.Thread(target=intrude)
        with database.write() as session:
            held = locked_account(session, house.attestor, account.id)
            change_password(session, house.attestor, visit.actor, held, chosen)
            intruder.start()
            time.sleep(_A_WHILE)
        intruder.join()

        assert [type(each) for each in refused] == [PasswordRefusedError]
        house.sign_in(EMAIL, CHOSEN)
    database.close()
