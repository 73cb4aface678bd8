"""An observation that ends is told beforehand, to whom it concerns, with its day and what that day changes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from audit.transaction import unrecorded
from governance.actor import Role
from governance.oversight.due import due_items
from governance.oversight.values import Matter
from governance.wiring import Wired
from register.lifecycle import Mode
from register.models import Activity
from register.service import SetMode, set_mode
from tests.builders.ground import StandingClock
from tests.builders.oversight import account_of, acting, reader
from tests.builders.service import Service
from tests.builders.web import words


def observed_anew(wired: Wired, slug: str, days: int) -> datetime:
    """Let one activity of the demonstration observe for some days, and nothing else."""
    controller = acting(wired, Role.CONTROLLER)
    with wired.write() as session:
        for each in session.scalars(select(Activity).where(Activity.running)):
            command = SetMode(activity=each.id, mode=Mode.ENFORCE)
            set_mode(session, wired.clock, wired.attestor, controller, command)
        command = SetMode(activity=slug, mode=Mode.OBSERVE, reason="A till that nobody knew.", days=days)
        until = set_mode(session, wired.clock, wired.attestor, controller, command).observed_until
    assert until is not None
    return until


def owned(wired: Wired) -> str:
    """Return the slug of a running activity of the head of the line."""
    mine = select(Activity).where(Activity.running, Activity.owner_id == account_of(wired, Role.OWNER))
    with wired.read() as session:
        return session.scalars(mine.order_by(Activity.slug)).first().slug  # type: ignore[union-attr]


def ending(wired: Wired, now: datetime) -> list[tuple[str | None, datetime | None]]:
    with wired.read() as session:
        found = due_items(session, StandingClock(now))
    return [(each.reference, each.due) for each in found if each.matter is Matter.OBSERVATION_ENDS]


def test_it_is_due_until_its_day_and_not_afterwards(wired: Wired) -> None:
    slug = owned(wired)
    until = observed_anew(wired, slug, days=9)

    assert ending(wired, wired.clock.now()) == [(slug, until)]
    assert ending(wired, until - timedelta(seconds=1)) == [(slug, until)]
    assert ending(wired, until) == []


@pytest.mark.parametrize("path", ["/today", "/tasks", "/decisions"])
def test_each_first_page_says_how_many_days_are_left_and_what_changes(sqlite_service: Service, path: str) -> None:
    role = {"/today": Role.DPO, "/tasks": Role.OWNER, "/decisions": Role.CONTROLLER}[path]
    slug = owned(sqlite_service.wired)
    until = observed_anew(sqlite_service.wired, slug, days=9)
    browser = reader(sqlite_service, role)

    page = browser.open(path)

    assert "8 days" in words(page)
    assert "its rules refuse by themselves" in words(page)
    assert f'href="/policies/activities/{slug}"' in page.text
    found = browser.open(f"/api/v1/oversight{path}").get_json()
    items = found["due"] if path == "/today" else found["items"]
    [told] = [each for each in items if each["matter"] == "observation-ends"]
    assert (told["reference"], datetime.fromisoformat(told["due"])) == (slug, until)


def test_the_head_of_a_line_is_told_of_that_line_only(sqlite_service: Service) -> None:
    wired = sqlite_service.wired
    slug = owned(wired)
    observed_anew(wired, slug, days=9)
    with wired.write() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == slug)).one()
        activity.owner_id = account_of(wired, Role.DPO)
        session.flush()
        unrecorded(session, "a test gives the line to another")

    assert "Observation of" not in words(reader(sqlite_service, Role.OWNER).open("/tasks"))
