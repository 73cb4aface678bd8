"""Who advises on a compatibility test and who decides are two people, where the firm has two; one hand is told."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.models import LogEntry
from governance.actor import Actor, ActorKind, Role
from governance.database import Database
from governance.vault.errors import AttestationError
from register.errors import AdviserDecidesError
from register.service import Desk, advise_test, current_test, decide_test, write_test
from register.values import OlderData
from tests.builders.ground import StandingClock
from tests.builders.register import controllers, the_controller, the_dpo, the_owner
from tests.integration.register.test_older_data import FAVOURABLE, POINTS, a_later_purpose, decision, opened

EVERY = frozenset({Role.OWNER, Role.DPO, Role.CONTROLLER})


def in_house(session: Session, desk: Desk, clock: StandingClock, count: int) -> Actor:
    """Let the house have so many controllers; return the first, who keeps records and advises on them too."""
    first, *_ = controllers(session, desk, clock, count)
    a_later_purpose(session, desk)
    return Actor(kind=ActorKind.PERSON, id=first, roles=EVERY)


def said(session: Session) -> dict[str, Any]:
    """Return what the log says last."""
    body = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index.desc()).limit(1)).one()
    details: dict[str, Any] = orjson.loads(bytes(body))["details"]
    return details


def test_who_advised_does_not_decide_while_another_controller_could(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        both = in_house(session, desk, clock, 2)
        write_test(session, desk, the_owner(), POINTS)
        advise_test(session, desk, both, FAVOURABLE)

        with pytest.raises(AdviserDecidesError):
            decide_test(session, desk, both, decision(desk))
        decide_test(session, desk, the_controller(), decision(desk))


def test_a_firm_of_one_decides_on_its_own_opinion_and_the_test_and_the_log_say_so(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        only = in_house(session, desk, clock, 1)
        write_test(session, desk, the_owner(), POINTS)
        assert not advise_test(session, desk, only, FAVOURABLE).alone

        assert decide_test(session, desk, only, decision(desk)).alone
        assert opened(session, desk) is OlderData.COMPATIBLE
    with database.read() as session:
        assert said(session)["alone"] is True


def test_an_officer_advises_on_their_own_test_and_whoever_decides_is_told(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        assert not write_test(session, desk, the_dpo(), POINTS).alone
        assert advise_test(session, desk, the_dpo(), FAVOURABLE).alone
        write_test(session, desk, the_owner(), POINTS)
        assert not advise_test(session, desk, the_dpo(), FAVOURABLE).alone


def test_a_firm_of_one_advises_on_its_own_test_and_the_test_and_the_log_say_so(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        only = in_house(session, desk, clock, 1)
        assert not write_test(session, desk, only, POINTS).alone

        assert advise_test(session, desk, only, FAVOURABLE).alone
    with database.read() as session:
        assert said(session)["alone"] is True
    with database.write() as session:
        assert decide_test(session, desk, the_controller(), decision(desk)).alone, "the opinion is its author's still"
    with database.read() as session:
        assert "alone" not in said(session), "but who decided had no hand in it before"


def test_two_people_are_not_flagged(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_later_purpose(session, desk)
        write_test(session, desk, the_owner(), POINTS)
        advise_test(session, desk, the_dpo(), FAVOURABLE)
        decide_test(session, desk, the_controller(), decision(desk))
        found = current_test(session, 1)
        assert found is not None
        assert not found.alone
    with database.read() as session:
        assert "alone" not in said(session)


def test_a_controller_taken_away_by_sql_makes_nobody_a_firm_of_one(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        adviser = in_house(session, desk, clock, 2)
        write_test(session, desk, the_owner(), POINTS)
        advise_test(session, desk, adviser, FAVOURABLE)
    with database.write() as session:
        session.execute(text("UPDATE role_assignment SET revoked_at = assigned_at"))
    with database.write() as session, pytest.raises(AttestationError):
        decide_test(session, desk, adviser, decision(desk))
