"""The opinion on a request on its page, and over REST."""

import uuid

import pytest

from governance.actor import Role
from governance.policies.service import AskRole, Desk, ask_role
from tests.builders.oversight import acting, reader
from tests.builders.service import Service
from tests.builders.web import parse, words

WHY = "One person of the team is enough."


def ask(service: Service) -> uuid.UUID:
    wired = service.wired
    with wired.write() as session:
        desk = Desk(wired.clock, wired.ids, wired.attestor)
        command = AskRole(role=Role.ACCOUNTING, reason="Standing in for a colleague.")
        return ask_role(session, desk, acting(wired, Role.SUPPORT), command).id


@pytest.mark.parametrize(
    ("language", "missing", "given"),
    [("en", "You may decide before it comes.", "unfavourable"), ("fr", "Vous pouvez décider avant", "défavorable")],
)
def test_whoever_decides_sees_that_it_is_missing_and_then_what_it_says(
    service: Service, language: str, missing: str, given: str
) -> None:
    asked = ask(service)
    path = f"/access/requests/{asked}"
    controller = reader(service, Role.CONTROLLER)
    assert missing in words(controller.open(path, language))

    done = reader(service, Role.DPO).send(f"{path}/advise", advice="unfavourable", reason=WHY)

    assert done.status_code == 303
    after = words(controller.open(path, language))
    assert WHY in after
    assert given in after.lower()
    assert given in words(controller.open("/decisions", language)).lower()
    assert given in words(controller.open("/access/requests", language)).lower()


@pytest.mark.parametrize("lacking", [{"advice": ""}, {"reason": ""}, {"advice": "reserved"}])
def test_what_is_missing_is_told_beside_its_field(sqlite_service: Service, lacking: dict[str, str]) -> None:
    path = f"/access/requests/{ask(sqlite_service)}/advise"
    fields = {"advice": "favourable", "reason": WHY} | lacking

    answer = reader(sqlite_service, Role.DPO).send(path, **fields)

    assert answer.status_code == 422
    assert parse(answer).findall(".//{*}p[@class='wrong']")


def test_nobody_else_is_offered_the_form_or_let_through(sqlite_service: Service) -> None:
    asked = ask(sqlite_service)
    for role in (Role.CONTROLLER, Role.SUPPORT, Role.AUDITOR):
        browser = reader(sqlite_service, role)
        page = browser.open(f"/access/requests/{asked}")
        forms = [form.attrib["action"] for form in parse(page).findall(".//{*}main//{*}form")]
        assert not [action for action in forms if action.endswith("/advise")]
        assert browser.send(f"/access/requests/{asked}/advise", advice="favourable", reason=WHY).status_code == 403
    assert "Opinion of the data" not in words(reader(sqlite_service, Role.SUPPORT).open(f"/access/requests/{asked}"))


def test_the_same_over_rest(service: Service) -> None:
    asked = ask(service)
    officer = reader(service, Role.DPO)
    path = f"/api/v1/access-requests/{asked}"
    assert officer.open(path).get_json()["opinion"] is None

    answer = officer.post_json(f"{path}/advise", {"advice": "favourable", "reason": WHY})

    assert answer.status_code == 200
    assert answer.get_json()["opinion"]["advice"] == "favourable"
    again = officer.post_json(f"{path}/advise", {"advice": "favourable", "reason": WHY})
    assert again.status_code == 409
    assert officer.post_json(f"{path}/advise", {"advice": "perhaps", "reason": WHY}).status_code == 422
