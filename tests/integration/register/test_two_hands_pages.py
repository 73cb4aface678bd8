"""The pages of a compatibility test say beforehand who must be another, and that a firm of one may do both."""

from collections.abc import Iterator

import pytest

from governance.actor import Role
from governance.identity.service import NewRole, assign_role
from tests.builders.service import serve_in_process
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, Visitor, a_draft, through

OLDER = "/activities/cards/purposes/cards-purpose/older-data"
POINTS = dict.fromkeys(("link", "context", "nature", "consequences", "safeguards"), "Looked at.")
ADVICE = {"opinion": "favourable", "text": ""}


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration with a purpose that is closed to older data."""
    wired = wire_cheaply(sqlite_home)
    house = House(serve_in_process(wired), sqlite_home)
    a_draft(house, "cards")
    through(house, "cards", "submit", "advise", "activate")
    yield house
    wired.close()


def write(visitor: Visitor) -> None:
    assert visitor.post(f"{OLDER}/test", **POINTS).status_code == 303


def test_an_author_reads_that_it_is_told_that_they_advised_on_their_own_words(own: House) -> None:
    dpo = own(Role.DPO)
    write(dpo)

    assert "one person wrote it and advised on it" in dpo.said(f"{OLDER}/opinion")
    assert dpo.post(f"{OLDER}/opinion", **ADVICE).status_code == 303
    assert "One person wrote this test and advised on it" in own(Role.CONTROLLER).said(OLDER)


def test_a_firm_of_one_reads_that_it_may_do_both_and_that_it_is_told(own: House) -> None:
    wired, controller = own.service.wired, own.actor(Role.CONTROLLER)
    assert controller.id is not None
    role = NewRole(account_id=controller.id, role=Role.DPO, no_second_person=True, reason="A firm of one.")
    with wired.write() as session:
        assign_role(session, wired.clock, wired.ids, controller, role)
    only = own(Role.CONTROLLER)
    write(only)

    assert "You wrote this test yourself" in only.said(f"{OLDER}/opinion")
    assert only.post(f"{OLDER}/opinion", **ADVICE).status_code == 303
    assert "You gave the opinion on this test yourself." in only.said(f"{OLDER}/decision")
    assert "One person wrote this test and advised on it" in only.said(OLDER)
