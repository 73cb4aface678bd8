"""Whom closing an activity stops: those the register names, those who hold a grant, those who read lately."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from register.record import record_of
from register.service import Desk
from register.stopping import LATELY, GrantsHeld, whom_it_stops
from tests.builders.register import a_complete_draft, activate


class Counted:
    """Grants in force, as the roof would count them."""

    def __init__(self, held: Mapping[Role, int]) -> None:
        self.held = held
        self.asked: list[int] = []

    def __call__(
        self, _session: Session, _now: datetime, purposes: Collection[int]
    ) -> Mapping[int, Mapping[Role, int]]:
        self.asked += purposes
        return dict.fromkeys(purposes, self.held)


def test_who_is_named_and_who_holds_a_grant_is_told_with_how_many(database: Database, desk: Desk) -> None:
    now = desk.clock.now()
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    grants = Counted({Role.ANALYST: 2})
    with database.read() as session:
        record = record_of(session, desk.attestor, "loyalty")
        found = whom_it_stops(session, GrantsHeld(grants), record.purposes, now)
        [purpose] = record.purposes
        named, number = {line.role for line in purpose.recipients}, purpose.purpose.id

    [stopped] = found.purposes
    assert {each.role: each.grants for each in stopped.roles} == {**dict.fromkeys(named, 0), Role.ANALYST: 2}
    assert (stopped.accounts, stopped.last, found.since) == (0, None, now - LATELY)
    assert grants.asked == [number]


def test_what_is_only_proposed_stops_nobody(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
    grants = Counted({Role.ANALYST: 2})
    with database.read() as session:
        record = record_of(session, desk.attestor, "loyalty")
        found = whom_it_stops(session, GrantsHeld(grants), record.purposes, desk.clock.now())

    assert found.purposes == ()
    assert grants.asked == []
