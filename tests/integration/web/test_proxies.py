"""Where somebody comes from: what the last proxies of the host say, and nobody else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.actor import Role
from governance.identity.models import SignInSession
from governance.web.edge import EdgeSettings
from tests.builders.identity import PASSWORD, People
from tests.builders.web import SECRET_KEY, an_app, token_of

SUPPORT = "support@demo.example"
PROXY = "192.0.2.10"


def behind(house: People, proxies: int) -> FlaskClient:
    settings = EdgeSettings(base_url="http://localhost:8000", secret_key=SECRET_KEY, proxies=proxies)
    return an_app(house, settings=settings).test_client()


def attempt(client: FlaskClient, said: str, password: str = "wrong password indeed", email: str = SUPPORT) -> int:
    form = {"csrf_token": token_of(client), "email": email, "password": password}
    return client.post(
        "/sign-in", data=form, headers={"X-Forwarded-For": said}, environ_overrides={"REMOTE_ADDR": PROXY}
    ).status_code


def addresses(house: People) -> list[str | None]:
    with house.database.read() as session:
        return [*session.scalars(select(SignInSession.address).order_by(SignInSession.opened_at))]


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "203.0.113.9", PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.11", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
    ],
    ids=["nobody is believed", "one", "only the last", "the last two", "too few"],
)
def test_only_the_hosts_own_proxies_say_where_somebody_comes_from(
    house: People, proxies: int, said: str, address: str
) -> None:
    house.account(SUPPORT, Role.SUPPORT)

    assert attempt(behind(house, proxies), said, PASSWORD) == 303

    assert addresses(house) == [address]


@pytest.mark.parametrize(("proxies", "innocent"), [(1, 303), (0, 429)])
def test_limits_are_for_each_person_behind_a_proxy_and_a_forged_address_escapes_none(
    house: People, proxies: int, innocent: int
) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    client = behind(house, proxies)
    forged = [attempt(client, f"198.51.100.{n}, 203.0.113.9", email=f"{n}@demo.example") for n in range(21)]

    assert forged == [401] * 20 + [429]
    assert attempt(client, "203.0.113.77", PASSWORD) == innocent
