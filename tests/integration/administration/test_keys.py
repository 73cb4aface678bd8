"""The keys on their page, and their rotation by the worker."""

from governance.actor import Role
from governance.administration.rotating import ROTATION_JOB, rotation_under_way
from governance.jobs.models import JobState
from governance.jobs.queue import list_jobs
from governance.vault.key_status import status
from governance.vault.ring import EpochState
from governance.wiring import Wired
from governance.work import worker_of
from tests.builders.service import Service
from tests.builders.web import parse
from tests.demonstration import Home


def states(wired: Wired) -> list[tuple[EpochState, int]]:
    with wired.read() as session:
        found = status(session, wired.keyring, wired.clock, wired.settings)
    return [(epoch.state, epoch.subjects) for epoch in found.epochs]


def test_a_rotation_that_is_asked_for_is_done_by_the_worker(service: Service, home: Home) -> None:
    wired = service.wired
    [(_, people)] = states(wired)
    person = service.person(Role.ADMIN, home.password(Role.ADMIN))
    page = person.client.get("/administration/keys/rotate")
    assert parse(page).findall(".//{*}form[@action='/administration/keys/rotate']")
    assert states(wired) == [(EpochState.CURRENT, people)], "asking rotates nothing"

    person.client.post("/administration/keys/rotate", headers=person.headers)
    person.client.post("/administration/keys/rotate", headers=person.headers)
    with wired.read() as session:
        assert len(list_jobs(session, kind=ROTATION_JOB)) == 1
    assert person.client.get("/administration/keys").status_code == 200
    worker = worker_of(wired)
    while worker.run_once():
        pass

    assert states(wired) == [(EpochState.DESTROYED, 0), (EpochState.CURRENT, people)]
    with wired.read() as session:
        assert rotation_under_way(session) is None
        assert [job.state for job in list_jobs(session, kind=ROTATION_JOB)] == [JobState.DONE]


def test_a_worker_that_died_on_the_way_is_followed_by_another(service: Service, home: Home) -> None:
    wired = service.wired
    service.person(Role.ADMIN, home.password(Role.ADMIN)).post("/administration/keys/rotate", None)
    worker_of(wired).run_once()

    other = worker_of(wired)
    while other.run_once():
        pass

    assert [state for state, _ in states(wired)] == [EpochState.DESTROYED, EpochState.CURRENT]


def test_programs_read_the_same(service: Service) -> None:
    told = service.program(Role.ADMIN).get("/administration/keys").get_json()

    assert [epoch["state"] for epoch in told["epochs"]] == ["current"]
    assert told["rotating"] is False
    assert set(told["epochs"][0]) == {"number", "state", "created_at", "destroyed_at", "age_days", "subjects"}


def test_what_lies_together_is_said_in_amber(service: Service, home: Home) -> None:
    person = service.person(Role.ADMIN, home.password(Role.ADMIN))

    page = parse(person.client.get("/administration/keys"))

    assert page.findall(".//{*}div[@class='notice notice-due']")
