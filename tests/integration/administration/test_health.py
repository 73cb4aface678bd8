"""The health of the installation, on both databases, and what may be done about it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from audit.entries import Action, Fact, Retention
from audit.models import PublishedCheckpoint
from audit.transaction import unrecorded
from governance.actor import SYSTEM, Role
from governance.administration.looking import Looker, look
from governance.administration.values import Line, State
from governance.jobs.models import Job, JobState
from governance.jobs.queue import NewJob, enqueue, list_jobs
from governance.mail.address import parse_smtp_url
from governance.wiring import Wired
from governance.work import worker_of
from tests.builders.ground import StandingClock
from tests.builders.mail import Pile
from tests.builders.service import Service, problem, serve_in_process
from tests.builders.web import parse
from tests.demonstration import Home, email_of


def looked(wired: Wired, **other: Any) -> dict[str, Line]:
    looker = Looker(
        database=wired.database,
        clock=other.get("clock", wired.clock),
        keyring=wired.keyring,
        attestor=wired.attestor,
        settings=other.get("settings", wired.settings),
    )
    with wired.read() as session:
        return {line.name: line for line in look(session, looker).lines}


def work(wired: Wired) -> None:
    worker = worker_of(wired)
    worker.enqueue_periodic()
    while worker.run_once():
        pass


def a_dead_job(wired: Wired) -> str:
    with wired.write() as session:
        unrecorded(session, "a test")
        job_id = enqueue(session, wired.ids, NewJob(kind="letter", due_at=wired.clock.now()))
        dead = {"state": JobState.DEAD, "attempts": 8, "claims": 8, "last_error": "MailUnavailableError"}
        session.execute(update(Job).where(Job.id == job_id).values(**dead))
    return str(job_id)


def test_what_runs_as_it_should_is_in_order(wired: Wired) -> None:
    assert looked(wired)["worker"].state is State.BAD, "nobody has worked yet"
    work(wired)

    found = looked(wired)

    good = {name for name, line in found.items() if line.state is State.GOOD}
    assert good >= {"database", "tables", "policies", "keys", "log", "worker", "jobs", "versions"}
    assert found["mail"].state is State.WATCH
    assert all(line.mend is not None for line in found.values() if line.state is not State.GOOD)


def test_an_entry_after_a_quiet_night_waits_for_nobody_until_it_is_late(wired: Wired) -> None:
    work(wired)
    with wired.write() as session:
        unrecorded(session, "a test")
        session.execute(update(PublishedCheckpoint).values(at=wired.clock.now() - timedelta(hours=9)))
    a_look = Fact(retention=Retention.ACCESS, action=Action.READ, actor=SYSTEM, object_type="customers", details={})
    wired.log.append(a_look)

    assert looked(wired)["log"].state is State.GOOD
    later = StandingClock(wired.clock.now() + timedelta(minutes=7))
    assert looked(wired, clock=later)["log"].state is State.WATCH


def test_a_worker_that_stopped_is_told(wired: Wired) -> None:
    work(wired)
    later = StandingClock(wired.clock.now() + timedelta(minutes=7))

    assert looked(wired, clock=later)["worker"].state is State.BAD


def test_keys_that_are_late_are_told(wired: Wired) -> None:
    later = StandingClock(wired.clock.now() + timedelta(days=31))

    assert looked(wired, clock=later)["keys"].state is State.WATCH


def test_a_row_that_was_altered_is_told(wired: Wired) -> None:
    with wired.database.write_connection() as connection:
        connection.execute(text("DELETE FROM role_assignment WHERE role = 'support'"))

    assert looked(wired)["policies"].state is State.BAD


def test_a_proxy_that_nobody_told_of_is_told(wired: Wired) -> None:
    over_https = replace(wired.settings, base_url="https://egide.example")

    line = looked(wired, settings=over_https)["proxies"]

    assert line.state is State.WATCH
    assert "EGIDE_PROXIES" in str(line.mend)
    assert looked(wired, settings=replace(over_https, proxies=1))["proxies"].state is State.GOOD
    assert looked(wired)["proxies"].state is State.GOOD


def test_an_anchor_that_is_not_there_is_told(wired: Wired, tmp_path: Path) -> None:
    elsewhere = replace(wired.settings, anchor=tmp_path / "nowhere")

    assert looked(wired, settings=elsewhere)["log"].state is State.BAD


def test_mail_names_its_host_and_no_secret(wired: Wired) -> None:
    settings = replace(wired.settings, smtp=parse_smtp_url("smtp://egide:hunter2@mail.example"))

    line = looked(wired, settings=settings)["mail"]

    assert line.state is State.GOOD
    assert "mail.example" in line.found
    assert "hunter2" not in line.found


def test_the_page_names_nobody(service: Service, home: Home) -> None:
    work(service.wired)
    a_dead_job(service.wired)
    person = service.person(Role.ADMIN, home.password(Role.ADMIN))

    page = person.client.get("/administration/health", headers={"Accept-Language": "en"})

    content = "".join(parse(page).find(".//{*}main").itertext())
    assert page.status_code == 200
    assert "@demo.example" not in content
    assert "MailUnavailableError" in content


def test_a_job_that_was_given_up_is_tried_again_once(service: Service) -> None:
    job = a_dead_job(service.wired)
    admin = service.program(Role.ADMIN)
    assert [each["id"] for each in admin.get("/administration/health").get_json()["dead_jobs"]] == [job]

    assert admin.post(f"/administration/jobs/{job}/retry", None).status_code == 204

    problem(admin.post(f"/administration/jobs/{job}/retry", None), 409)
    with service.wired.read() as session:
        states = {str(found.id): found.state for found in list_jobs(session)}
    assert states[job] is JobState.WAITING


def test_a_test_letter_reaches_whoever_asks(home: Home, wired: Wired) -> None:
    settings = replace(wired.settings, smtp=parse_smtp_url("smtp://mail.example"))
    pile = Pile()
    with_mail = replace(wired, settings=settings, mailer=pile)
    person = serve_in_process(with_mail).person(Role.ADMIN, home.password(Role.ADMIN))

    person.client.post("/administration/test-letter", headers=person.headers)
    work(with_mail)

    assert [letter.to for letter in pile.letters] == [email_of(Role.ADMIN)]


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.DPO, Role.SECURITY, Role.CONTROLLER])
def test_who_looks_and_who_acts(service: Service, role: Role) -> None:
    program = service.program(role)
    looks = 200 if role is Role.CONTROLLER else 403

    assert program.get("/administration/health").status_code == looks
    assert program.client.get("/administration/health", headers=program.headers).status_code == looks
    for path in ("/administration/keys/rotate", f"/administration/jobs/{a_dead_job(service.wired)}/retry"):
        assert program.post(path, None).status_code == 403
    assert program.get("/administration/keys").status_code == 403
    assert program.client.get("/administration/keys", headers=program.headers).status_code == 403
