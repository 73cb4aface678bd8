"""Refusals are kept as long as the register says that refusals are, and are then forgotten in small batches."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from audit.entries import Action, Outcome
from audit.search import Filters, search
from audit.transaction import unrecorded
from consent.service import Desk
from consent.suppression import forgetting
from consent.suppression.checking import check_list
from consent.suppression.forgetting import ForgettingRefusals
from consent.suppression.models import Suppression
from consent.suppression.service import tell
from consent.suppression.values import Tell
from governance.actor import Role
from governance.database import Database
from governance.periods import Period
from governance.vocabulary import DataCategory, LawfulBasis
from register.values import StartingEvent
from tests.builders.consent import an_email
from tests.builders.ground import StandingClock, an_actor
from tests.builders.informing import a_lease
from tests.builders.register import a_purpose

SUPPORT = an_actor(Role.SUPPORT)


def keep_refusals_for(database: Database, *periods: str, basis: LawfulBasis = LawfulBasis.LEGAL_OBLIGATION) -> None:
    """Let the register say how long, as the starting points for prospecting do."""
    with database.write() as session:
        unrecorded(session, "a test sets the scene")
        for number, period in enumerate(periods, start=30):
            a_purpose(
                session,
                id=number,
                slug=f"refusals-{number}",
                basis=basis,
                active_for={category: Period(period) for category in DataCategory},
                starting_event=StartingEvent.WITHDRAWAL,
            )


def refuse(database: Database, desk: Desk, *emails: str) -> None:
    with database.write() as session:
        tell(session, desk, SUPPORT, Tell(identifiers=[an_email(each) for each in emails]))


def work(database: Database, desk: Desk) -> int:
    """Let the job take as many steps as it needs, and return how many rows went."""
    job = ForgettingRefusals(database=database, keyring=desk.keyring, attestor=desk.attestor, clock=desk.clock)
    gone, finished = 0, False
    while not finished:
        done = job.step(replace(a_lease(desk.clock.now()), progress=gone))
        gone, finished = done.progress, done.finished
    return gone


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Suppression)) or 0


def test_a_refusal_is_kept_to_the_last_day_of_its_period_and_no_longer(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    keep_refusals_for(database, "P1Y", "P3Y")
    refuse(database, desk, "old@demo.example")
    clock.advance(days=30)
    refuse(database, desk, "young@demo.example")

    clock.advance(days=3 * 365 + 1 - 30)  # the same day, three years on
    assert work(database, desk) == 0
    clock.advance(days=1)
    assert work(database, desk) == 1

    with database.read() as session:
        assert count(database) == 1
        assert check_list(session, desk.keyring).whole
        details = search(session, Filters(object_type="suppression"), limit=1)[0].said["details"]
        assert (details["verb"], details["count"], details["total"]) == ("forget", 1, 1)


@pytest.mark.parametrize("basis", [None, LawfulBasis.CONSENT])
def test_where_the_register_keeps_no_refusals_none_is_forgotten(
    database: Database, desk: Desk, clock: StandingClock, basis: LawfulBasis | None
) -> None:
    if basis is not None:
        keep_refusals_for(database, "P1Y", basis=basis)
    refuse(database, desk, "old@demo.example")

    clock.advance(days=20 * 365)

    assert work(database, desk) == 0
    assert count(database) == 1


def test_refusals_are_forgotten_in_small_batches_each_of_them_recorded(
    database: Database, desk: Desk, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)
    keep_refusals_for(database, "P3Y")
    refuse(database, desk, *(f"person-{number}@demo.example" for number in range(5)))
    clock.advance(days=4 * 365)

    assert work(database, desk) == 5

    with database.read() as session:
        found = search(session, Filters(object_type="suppression"))
        counts = [each.said["details"]["count"] for each in found if each.said["details"]["verb"] == "forget"]
        assert counts == [1, 2, 2]
        assert check_list(session, desk.keyring).whole


def test_an_altered_row_is_not_forgotten(database: Database, desk: Desk, clock: StandingClock) -> None:
    keep_refusals_for(database, "P3Y")
    refuse(database, desk, "old@demo.example")
    with database.write() as session:
        unrecorded(session, "somebody with the database's password")
        session.execute(text("UPDATE suppression SET reason = 5"))
    clock.advance(days=4 * 365)

    assert work(database, desk) == 0
    assert count(database) == 1


def test_a_refusal_told_again_after_it_was_forgotten_counts_anew(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    keep_refusals_for(database, "P3Y")
    refuse(database, desk, "old@demo.example")
    clock.advance(days=4 * 365)
    work(database, desk)

    refuse(database, desk, "old@demo.example")

    with database.read() as session:
        assert session.scalars(select(Suppression.since)).one() == clock.now()


def test_each_day_the_list_is_checked_and_what_is_missing_is_recorded(database: Database, desk: Desk) -> None:
    refuse(database, desk, "one@demo.example", "two@demo.example")
    work(database, desk)
    with database.read() as session:
        assert search(session, Filters(action=Action.CHECK)) == []
    with database.write() as session:
        unrecorded(session, "somebody with the database's password")
        session.execute(
            text("DELETE FROM suppression WHERE hash = (SELECT hash FROM suppression ORDER BY hash LIMIT 1)")
        )

    work(database, desk)
    refuse(database, desk, "three@demo.example")
    work(database, desk)

    with database.read() as session:
        told = [each.said for each in search(session, Filters(action=Action.CHECK, outcome=Outcome.FAILED))]
        assert [(each["details"]["rows"], each["details"]["expected"]) for each in told] == [(2, 3), (1, 2)]
