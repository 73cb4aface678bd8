"""Answers of people without an account: they wait on the first pages until somebody took them over or left them."""

import uuid

import pytest
from sqlalchemy import select

from governance.actor import Role
from governance.oversight.due import due_items
from governance.oversight.tasks import tasks_of
from governance.oversight.values import Item, Matter
from governance.wiring import Wired
from register.models import Activity
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import AnswerDesk, Ask, Asked, ask, revoke, save_answers, send_answers, settle
from register.questionnaires.values import Kind
from tests.builders.oversight import account_of, acting, reader
from tests.builders.plan import desk_of
from tests.builders.service import Service
from tests.builders.web import words


def asked_about(wired: Wired, owner: uuid.UUID) -> tuple[Activity, Asked]:
    """Have the till of the shop asked about an activity of somebody's line."""
    with wired.write() as session:
        activity = session.scalars(select(Activity).where(Activity.owner_id == owner).order_by(Activity.slug)).first()
        assert activity is not None
        command = Ask(activity=activity.slug, kind=Kind.PRACTICE, whom="The till of the shop")
        return activity, ask(session, desk_of(wired), AnswerSeal(wired.keyring), acting(wired, Role.DPO), command)


def answer(wired: Wired, asked: Asked) -> None:
    desk = AnswerDesk(clock=wired.clock, attestor=wired.attestor, seal=AnswerSeal(wired.keyring))
    with wired.write() as session:
        save_answers(session, desk, asked.secret or "", {"who": "Two people at the till."})
        send_answers(session, desk, asked.secret or "")


def waiting(wired: Wired) -> list[Item]:
    with wired.read() as session:
        return [each for each in due_items(session, wired.clock) if each.matter is Matter.ANSWERED]


def of_line(wired: Wired, account: uuid.UUID) -> list[Item]:
    with wired.read() as session:
        return tasks_of(session, account, wired.clock).answered


def test_answers_wait_for_the_officer_and_the_head_of_the_line_until_they_are_settled(service: Service) -> None:
    wired = service.wired
    owner = account_of(wired, Role.OWNER)
    activity, asked = asked_about(wired, owner)
    assert waiting(wired) == []

    answer(wired, asked)

    [item] = waiting(wired)
    assert (item.reference, item.name, item.text) == (
        activity.slug,
        str(asked.questionnaire.id),
        asked.questionnaire.whom,
    )
    assert [each.name for each in of_line(wired, owner)] == [item.name]
    assert of_line(wired, account_of(wired, Role.DPO)) == []

    with wired.write() as session:
        dpo = acting(wired, Role.DPO)
        settle(session, desk_of(wired), AnswerSeal(wired.keyring), dpo, asked.questionnaire.id)

    assert waiting(wired) == of_line(wired, owner) == []


def test_what_nobody_answered_does_not_wait(service: Service) -> None:
    wired = service.wired
    _, asked = asked_about(wired, account_of(wired, Role.OWNER))
    with wired.write() as session:
        revoke(session, desk_of(wired), acting(wired, Role.DPO), asked.questionnaire.id)

    assert waiting(wired) == []


@pytest.mark.parametrize(("language", "said"), [("fr", "a répondu"), ("en", "answered")])
def test_the_first_pages_lead_to_the_answers(service: Service, language: str, said: str) -> None:
    wired = service.wired
    activity, asked = asked_about(wired, account_of(wired, Role.OWNER))
    answer(wired, asked)

    for role, path in ((Role.DPO, "/today"), (Role.OWNER, "/tasks")):
        page = reader(service, role).open(path, language)
        assert f"The till of the shop {said}" in words(page)
        address = f"/activities/{activity.slug}/questionnaires/{asked.questionnaire.id}"
        assert f'href="{address}"' in page.text
        assert reader(service, role).open(address, language).status_code == 200
