"""What was altered outside Égide is written anew, whole, by whoever keeps it; and two people at one form see both."""

import uuid
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Role
from governance.oversight.accountability.letters import keep_letter
from governance.oversight.accountability.officer import keep_officer
from governance.oversight.accountability.training import keep_training, takers
from governance.oversight.errors import NotYoursError
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.service import change_document, remove_document, things_proved
from governance.oversight.models import PlanAction
from governance.oversight.plan.service import change_action, move_action
from governance.oversight.values import About, Thing
from governance.oversight.values.evidence import DocumentTerms
from governance.oversight.values.plan import ActionState, ActionVerb, MoveAction
from governance.vault.errors import AttestationError
from governance.wiring import Wired
from tests.builders.oversight import account_of, acting, reader
from tests.builders.pages import elements, inputs
from tests.builders.plan import (
    desk_of,
    given_action,
    letter_terms,
    officer_terms,
    put_on_shelf,
    terms,
    training_terms,
    whole_file,
)
from tests.builders.service import Service
from tests.builders.web import words


def alter(wired: Wired, *statements: str) -> None:
    with wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        for each in statements:
            session.execute(text(each))


def sent(answer: TestResponse) -> dict[str, Any]:
    """Return what a browser would send of a form, what is ticked included."""
    ticked = [each for each in elements(answer, "input") if "checked" in each.attrib]
    form: dict[str, Any] = inputs(answer)
    for each in ticked:
        form.setdefault(each.attrib["name"], []).append(each.attrib["value"])
    return form


def check_whole(wired: Wired) -> None:
    """Check that nothing is altered any more, and that the log says that it was written anew."""
    with wired.read() as session:
        assert wired.attestor.find_alterations(session) == []
        entry = session.scalars(select(LogEntry).order_by(LogEntry.leaf_index.desc()).limit(1)).one()
        assert orjson.loads(bytes(entry.body))["details"].get("anew") is True


@pytest.mark.parametrize(
    ("kind", "column", "keep", "given"),
    [
        ("letter", "authority_letter SET subject", keep_letter, letter_terms),
        ("officer", "officer SET name", keep_officer, officer_terms),
        ("training", "training_session SET subject", keep_training, lambda wired: training_terms(wired, Role.SALES)),
    ],
)
def test_a_letter_a_designation_and_a_session_are_written_anew_whole(
    service: Service, kind: str, column: str, keep: Callable[..., Any], given: Callable[[Wired], Any]
) -> None:
    wired = service.wired
    row_id = whole_file(wired)[kind]
    alter(wired, f"UPDATE {column} = 'Forged'")

    with wired.write() as session:
        keep(session, desk_of(wired), acting(wired, Role.DPO), (row_id, given(wired)))

    check_whole(wired)


def test_who_took_part_by_what_sql_wrote_took_no_part_once_the_session_is_written_anew(service: Service) -> None:
    wired = service.wired
    training = uuid.UUID(str(whole_file(wired)["training"]))
    alter(wired, "UPDATE training_part SET mac = (SELECT mac FROM training_session)")

    with wired.write() as session:
        given = training_terms(wired, Role.SUPPORT)
        keep_training(session, desk_of(wired), acting(wired, Role.DPO), (training, given))

    with wired.read() as session:
        assert wired.attestor.find_alterations(session) == []
        people = takers(session, [training])[training]
    assert list(people) == [account_of(wired, Role.SUPPORT)]


def altered_action(wired: Wired) -> uuid.UUID:
    """Return an action that was done, and then altered."""
    action = given_action(wired)
    with wired.write() as session:
        done = MoveAction(action_id=action, verb=ActionVerb.FINISH, note="Signed on Monday.")
        move_action(session, desk_of(wired), acting(wired, Role.OWNER), done)
    alter(wired, "UPDATE plan_action SET title = 'Nothing to do', revision = 1")
    return action


def test_an_action_that_was_altered_is_written_anew_and_is_to_be_done_again(service: Service) -> None:
    wired = service.wired
    action = altered_action(wired)
    with wired.write() as session, pytest.raises(AttestationError):
        unrecorded(session, "refused")
        reopen = MoveAction(action_id=action, verb=ActionVerb.REOPEN, note="Not signed after all.")
        move_action(session, desk_of(wired), acting(wired, Role.DPO), reopen)

    with wired.write() as session:
        change_action(session, desk_of(wired), acting(wired, Role.DPO), (action, terms(wired)))

    with wired.read() as session:
        found = session.get_one(PlanAction, action)
        assert wired.attestor.find_alterations(session) == []
        assert (found.title, found.state, found.outcome, found.settled_at) == (
            "Sign the contract", ActionState.TO_DO, "", None,
        )  # fmt: skip
        assert found.made_by == account_of(wired, Role.DPO)


def test_whoever_does_an_action_does_not_write_it_anew(service: Service) -> None:
    wired = service.wired
    action = altered_action(wired)

    with wired.write() as session, pytest.raises(NotYoursError):
        unrecorded(session, "refused")
        change_action(session, desk_of(wired), acting(wired, Role.OWNER), (action, terms(wired)))


def test_a_document_that_was_altered_is_written_anew_with_what_it_proves_or_taken_away(service: Service) -> None:
    wired = service.wired
    action = Thing(About.ACTION, str(given_action(wired)))
    document = put_on_shelf(wired, action, by=Role.OWNER)
    alter(wired, "UPDATE document SET title = 'Forged'", "UPDATE document_link SET reference = 'forged'")
    given = DocumentTerms(title="Signed minutes", dated_on=letter_terms(wired).dated_on, proves=(action,))

    with wired.write() as session, pytest.raises(NotYoursError):
        unrecorded(session, "refused")
        change_document(session, desk_of(wired), acting(wired, Role.OWNER), (document, given))
    with wired.write() as session:
        change_document(session, desk_of(wired), acting(wired, Role.DPO), (document, given))

    check_whole(wired)
    with wired.read() as session:
        assert list(things_proved(session, wired.attestor, [document])[document]) == [action]
    alter(wired, "UPDATE document_version SET size = 1")
    remove_document(EvidenceDesk.of(wired), acting(wired, Role.DPO), document)
    with wired.read() as session:
        assert wired.attestor.find_alterations(session) == []


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("letter", "UPDATE authority_letter SET subject = 'Forged'"),
        ("officer", "UPDATE officer SET name = 'Forged'"),
        ("training", "UPDATE training_session SET subject = 'Forged'"),
        ("plan", "UPDATE plan_action SET title = 'Forged'"),
        ("evidence", "UPDATE document SET title = 'Forged'"),
    ],
)
def test_two_people_at_one_form_see_what_the_other_wrote_and_what_was_altered(
    service: Service, kind: str, change: str
) -> None:
    wired = service.wired
    things = {**whole_file(wired), "plan": given_action(wired), "evidence": put_on_shelf(wired)}
    paths = {"letter": "letters", "training": "training", "officer": "officer", "plan": "plan", "evidence": "evidence"}
    path = f"/{paths[kind]}/{things[kind]}/edit"
    name = {"officer": "name", "plan": "title", "evidence": "title"}.get(kind, "subject")
    dpo, controller = reader(service, Role.DPO), reader(service, Role.CONTROLLER)
    drawn = sent(dpo.open(path))
    theirs = {**sent(controller.open(path)), name: "Theirs"}
    assert controller.send(path, **theirs).status_code == 303

    refused = dpo.send(path, **{**drawn, name: "Mine"})

    assert refused.status_code == 409
    assert "Somebody wrote here while you were typing" in words(refused)
    assert "It was " in words(refused)
    again = sent(refused)
    assert (again[name], "Theirs" in words(refused)) == ("Mine", True)
    assert dpo.send(path, **again).status_code == 303

    alter(wired, change)
    stale = dpo.send(path, **{**again, name: "Mine"})
    assert stale.status_code == 409
    assert "This was altered outside Égide" in words(stale)
    assert dpo.send(path, **sent(stale)).status_code == 303
    with wired.read() as session:
        assert wired.attestor.find_alterations(session) == []
