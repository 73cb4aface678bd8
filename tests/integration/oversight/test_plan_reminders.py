"""Reminders of actions: on their days, one letter a day, once whatever ends in between, and without their words."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from audit.transaction import unrecorded
from governance.actor import Role
from governance.days import day_of
from governance.identity.letters import Letter
from governance.identity.models import Account
from governance.identity.postman import Postman, PostOffice
from governance.jobs.models import Job
from governance.jobs.queue import Lease
from governance.jobs.worker import Progress
from governance.oversight.plan import reminders
from governance.oversight.plan.reminders import Reminding
from governance.oversight.plan.service import move_action
from governance.oversight.values.plan import ActionVerb, MoveAction
from governance.wiring import Wired
from tests.builders.ground import StandingClock
from tests.builders.mail import Pile
from tests.builders.oversight import account_of, acting
from tests.builders.plan import desk_of, given_action
from tests.builders.service import Service


def lease_with(payload: dict[str, Any]) -> Lease:
    return Lease(
        id=uuid.UUID(int=7), kind="letter", payload=payload, attempts=1, claims=1, progress=0, total=None,
        until=datetime(2100, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def remind(wired: Wired, in_days: int = 0, payload: dict[str, Any] | None = None) -> Progress:
    today = day_of(wired.clock.now()) + timedelta(days=in_days)
    clock = StandingClock(datetime.combine(today, time(9), tzinfo=UTC))
    return Reminding(database=wired.database, clock=clock, ids=wired.ids).remind(lease_with(payload or {}))


def letters(wired: Wired) -> list[dict[str, Any]]:
    """Take the letters out of the post."""
    with wired.database.write_connection() as connection:
        rows = connection.execute(select(Job.id, Job.payload).where(Job.kind == "letter")).all()
        connection.execute(Job.__table__.delete().where(Job.kind == "letter"))  # type: ignore[attr-defined]
    return [row.payload for row in rows if row.payload["letter"] == Letter.ACTIONS_DUE]


def test_a_letter_tells_once_of_all_that_is_somebodys(service: Service) -> None:
    wired = service.wired
    for due_in in (-5, 1, 3, 40):
        given_action(wired, due_in=due_in)
    given_action(wired, Role.SECURITY, due_in=60)

    remind(wired)
    first = letters(wired)
    remind(wired)

    assert [(each["account"], each["told"]) for each in first] == [
        (str(account_of(wired, Role.OWNER)), {"late": 1, "soon": 2})
    ]
    # Nothing of what they are about.
    assert "contract" not in str(first).lower()
    assert letters(wired) == []


def test_a_letter_goes_on_its_days_and_no_more_once_it_is_done(service: Service) -> None:
    wired = service.wired
    action = given_action(wired, due_in=7)
    days = [day for day in range(24) if (remind(wired, day), letters(wired))[1]]

    assert days == [0, 6, 8, 15, 22]
    with wired.write() as session:
        done = MoveAction(action_id=action, verb=ActionVerb.FINISH, note="Done.")
        move_action(session, desk_of(wired), acting(wired, Role.OWNER), done)
    remind(wired, 29)
    assert letters(wired) == []


def test_a_day_without_a_worker_is_made_up_for_the_next_day(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    given_action(wired, due_in=7)

    remind(wired, 2)

    assert len(letters(wired)) == 1


def test_people_are_told_some_at_a_time_and_nobody_twice(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    wired = sqlite_service.wired
    monkeypatch.setattr(reminders, "_AT_ONCE", 1)
    roles = (Role.OWNER, Role.DPO, Role.ADMIN)
    for role in roles:
        given_action(wired, role, due_in=1)

    step = remind(wired)
    # The worker ends here, and another begins anew.
    step = remind(wired, payload={})
    told = letters(wired)
    while not step.finished:
        step = remind(wired, payload=dict(step.payload or {}))
        told += letters(wired)

    assert sorted(each["account"] for each in told) == sorted(str(account_of(wired, role)) for role in roles)


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "2 actions qui vous sont confiées"), ("en", "2 actions that were")]
)
def test_the_letter_is_in_the_readers_language_and_says_how_many(
    sqlite_service: Service, locale: str, said: str
) -> None:
    wired = sqlite_service.wired
    pile = Pile()
    account = account_of(wired, Role.OWNER)
    office = PostOffice(
        database=wired.database, clock=wired.clock, ids=wired.ids, attestor=wired.attestor, mailer=pile,
        base_url="http://localhost:8000",
    )  # fmt: skip
    set_language(wired, account, locale)

    Postman(office).deliver(
        lease_with({"account": str(account), "letter": "actions_due", "told": {"late": 2, "soon": 0}})
    )

    assert said in pile.letters[0].text
    assert "http://localhost:8000/plan/?mine=y" in pile.letters[0].text


def set_language(wired: Wired, account: uuid.UUID, locale: str) -> None:
    with wired.write() as session:
        found = session.get_one(Account, account)
        found.locale = locale
        session.flush()
        unrecorded(session, "a test chooses a language")


def test_an_action_that_sql_settled_or_put_off_is_reminded_of_every_week(service: Service) -> None:
    wired = service.wired
    given_action(wired, due_in=40)
    with wired.database.write_connection() as connection:
        connection.execute(text("UPDATE plan_action SET state = 'done', settled_at = changed_at, outcome = 'x'"))

    told = []
    for days in (0, 1, 6, 7, 8):
        remind(wired, days)
        told += [(days, each["told"]) for each in letters(wired)]

    assert told == [(0, {"late": 1, "soon": 0}), (7, {"late": 1, "soon": 0})]
