"""What was altered of an import, and of telling its people, on pages: nobody meets a wall, and the officer mends it."""

import uuid

import pytest
from sqlalchemy import text

from audit.transaction import unrecorded
from governance.actor import Role
from governance.customers.demo.company import FAIR
from governance.days import day_of
from tests.builders.pages import Enter, Reader, inputs, links
from tests.builders.service import Service
from tests.builders.web import words
from tests.integration.customers.test_first_message_pages import imported, task_of


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


@pytest.fixture(scope="module")
def dpo(enter: Enter) -> Reader:
    return enter(Role.DPO)


def alter(site: Service, statement: str) -> None:
    with site.wired.write() as session:
        unrecorded(session, "altered outside Égide")
        session.execute(text(statement))


def test_a_task_that_was_altered_is_told_where_it_stands_and_asked_anew_there(
    site: Service, sales: Reader, dpo: Reader, enter: Enter
) -> None:
    run = imported(sales, site, 300)
    task = task_of(site, run)
    alter(site, "UPDATE information_task SET people = 99")

    assert "Altered outside Égide" in words(sales.get(f"/imports/runs/{run}"))
    assert "finds it in the report" in words(sales.get(f"/imports/runs/{run}/message"))
    assert sales.get("/imports/").status_code == 200
    assert "/activities/-/information" in links(dpo.get("/drift"))
    listed = dpo.get("/activities/-/information")
    assert "altered outside Égide" in words(listed)
    assert task in links(listed)
    shown = dpo.get(task)
    assert "What the log says" in words(shown)
    assert any("/log/?object=information-task" in each for each in links(shown))
    assert "visitors of the Fair of Light" in words(shown)
    assert "Ask anew" not in words(enter(Role.AUDITOR).get(task)).replace("Asked anew", "")
    given = inputs(shown)
    assert given["obtained_on"] == day_of(site.wired.clock.now()).isoformat()

    ahead = dpo.post(f"{task}/ask-anew", {"point": FAIR, "obtained_on": "2126-01-01"})
    nowhere = dpo.post(f"{task}/ask-anew", {"point": "", "obtained_on": given["obtained_on"]})
    done = dpo.post(f"{task}/ask-anew", {"point": FAIR, "obtained_on": given["obtained_on"]})

    assert [each.status_code for each in (ahead, nowhere, done)] == [422, 422, 303]
    assert "Tell people" in words(dpo.get(task))
    assert "Make the first message" in words(sales.get(f"/imports/runs/{run}"))
    again = dpo.program.ask(
        "POST",
        f"/information-tasks/{task.rsplit('/', 1)[1]}/ask-anew",
        json={"point": FAIR, "obtained_on": given["obtained_on"]},
    )
    assert again.status_code == 409


def test_an_import_that_was_altered_is_told_where_it_stands_and_written_anew_as_the_log_has_it(
    site: Service, sales: Reader, dpo: Reader
) -> None:
    run = imported(sales, site, 400)
    alter(site, f"UPDATE import_run SET accepted = 99 WHERE id = {_literal(site, run)}")

    assert "Altered outside Égide" in words(sales.get(f"/imports/runs/{run}"))
    assert "/imports/altered/" in links(dpo.get("/drift"))
    page = dpo.get("/imports/altered/")
    assert "Rows accepted3" in words(page)
    empty = dpo.post(f"/imports/altered/{run}", {f"{run}-source": ""})
    done = dpo.post(f"/imports/altered/{run}", {f"{run}-source": "The fair"})

    assert [each.status_code for each in (empty, done)] == [422, 303]
    assert "No import was altered" in words(dpo.get("/imports/altered/"))
    report = words(sales.get(f"/imports/runs/{run}"))
    assert "The fair" in report
    again = dpo.program.ask("POST", f"/imports/runs/{run}/anew", json={"source": "The fair"})
    missing = dpo.program.ask("POST", f"/imports/runs/{uuid.UUID(int=5)}/anew", json={"source": "The fair"})
    assert [again.status_code, missing.status_code] == [409, 404]


def test_over_rest_an_import_that_was_altered_is_written_anew(site: Service, sales: Reader, dpo: Reader) -> None:
    run = imported(sales, site, 500)
    alter(site, f"UPDATE import_run SET refused = 5 WHERE id = {_literal(site, run)}")

    answer = dpo.program.ask("POST", f"/imports/runs/{run}/anew", json={"source": "The fair"})

    assert answer.status_code == 200
    assert (answer.get_json()["id"], answer.get_json()["state"]) == (run, "finished")


def _literal(site: Service, identifier: str) -> str:
    """Return an identifier as the database writes it."""
    if site.wired.database.dialect == "sqlite":
        return f"x'{uuid.UUID(identifier).hex}'"
    return f"'{identifier}'"
