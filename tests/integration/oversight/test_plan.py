"""The action plan: what is added, moved, seen and listed, and by whom."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from audit.search import Filters, search
from audit.transaction import unrecorded
from governance.actor import Role
from governance.days import day_of
from governance.oversight.due import due_items
from governance.oversight.errors import (
    ActionNotFoundError,
    ActionOwnerError,
    ActionReasonError,
    ActionStateError,
    DayPassedError,
    EvidenceMissingError,
    NotYoursError,
    PersonNeededError,
    ThingNotFoundError,
)
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.service import change_document, remove_document
from governance.oversight.plan.service import (
    add_action,
    change_action,
    find_action,
    list_actions,
    move_action,
    totals,
)
from governance.oversight.plan.thread import thread_of_action
from governance.oversight.tasks import as_items, tasks_of
from governance.oversight.values import About, Matter, Thing
from governance.oversight.values.evidence import DocumentTerms
from governance.oversight.values.plan import OPEN, ActionFilter, ActionState, ActionVerb, MoveAction
from governance.vault.errors import AttestationError
from governance.wiring import Wired
from tests.builders.ground import an_actor
from tests.builders.oversight import Statements, account_of, acting
from tests.builders.plan import desk_of, given_action, put_on_shelf, terms
from tests.builders.service import Service

LOYALTY = Thing(About.ACTIVITY, "loyalty")


@pytest.fixture
def wired(both_sites: Service) -> Wired:
    return both_sites.wired


def move(wired: Wired, action: uuid.UUID, verb: ActionVerb, note: str = "", by: Role = Role.OWNER) -> ActionState:
    with wired.write() as session:
        command = MoveAction(action_id=action, verb=verb, note=note)
        return move_action(session, desk_of(wired), acting(wired, by), command).state


def seen(wired: Wired, role: Role, wanted: ActionFilter | None = None, limit: int = 200) -> list[uuid.UUID]:
    with wired.read() as session:
        page = list_actions(session, acting(wired, role), wanted or ActionFilter(), after=None, limit=limit)
        return [row.id for row in page.rows]


def test_an_action_is_worked_on_and_done_with_a_statement_and_each_step_is_a_fact(wired: Wired) -> None:
    action = given_action(wired, about=LOYALTY)

    assert move(wired, action, ActionVerb.START) is ActionState.UNDER_WAY
    assert move(wired, action, ActionVerb.FINISH, "The host signed on Monday.") is ActionState.DONE

    with wired.read() as session:
        found = find_action(session, acting(wired, Role.DPO), action)
        assert found.settled_at is not None
        assert found.outcome == "The host signed on Monday."
        # An activity is named by its identifier, whatever its short name was.
        assert found.reference == str(uuid.UUID(found.reference))
        deeds = thread_of_action(session, found)
        facts = [
            entry.said["details"] for entry in search(session, Filters(object_type="action", object_id=str(action)))
        ]
    assert [(deed.verb, deed.note) for deed in deeds] == [
        ("finish", "The host signed on Monday."), ("start", ""), ("add", "")
    ]  # fmt: skip
    assert [fact["state"] for fact in facts] == ["done", "under-way", "to-do"]
    # Free words may speak of people, and the log keeps none.
    assert "signed" not in str(facts).lower()
    assert "contract" not in str(facts).lower()


def test_an_action_is_given_no_day_that_has_passed_and_a_late_one_keeps_its_own(wired: Wired) -> None:
    desk, dpo = desk_of(wired), acting(wired, Role.DPO)
    late = given_action(wired, due_in=-4)

    with pytest.raises(DayPassedError), wired.write() as session:
        add_action(session, desk, dpo, terms(wired, due_in=-1))
    with pytest.raises(DayPassedError), wired.write() as session:
        change_action(session, desk, dpo, (late, terms(wired, due_in=-1)))
    with wired.write() as session:
        add_action(session, desk, dpo, terms(wired, due_in=0))
        assert change_action(session, desk, dpo, (late, terms(wired, due_in=-4, title="Sign it"))).title == "Sign it"


def test_an_action_is_not_done_by_evidence_that_egide_did_not_tie_to_it(wired: Wired) -> None:
    action = given_action(wired)
    document = put_on_shelf(wired)
    with wired.database.write_connection() as connection:
        connection.execute(
            text("INSERT INTO document_link (document_id, about, reference, mac) SELECT id, 'action', :action, mac "
                 "FROM document"),
            {"action": str(action)},
        )  # fmt: skip
    with pytest.raises(EvidenceMissingError):
        move(wired, action, ActionVerb.FINISH)

    # Whoever corrects the document says it anew.
    wanted = DocumentTerms(
        title="Minutes", dated_on=day_of(wired.clock.now()), proves=(Thing(About.ACTION, str(action)),)
    )
    with wired.write() as session:
        change_document(session, desk_of(wired), acting(wired, Role.DPO), (document, wanted))
    assert move(wired, action, ActionVerb.FINISH) is ActionState.DONE


def test_an_action_is_not_done_without_evidence(wired: Wired) -> None:
    action = given_action(wired)

    with pytest.raises(EvidenceMissingError):
        move(wired, action, ActionVerb.FINISH, "  ")

    put_on_shelf(wired, Thing(About.ACTION, str(action)))
    assert move(wired, action, ActionVerb.FINISH) is ActionState.DONE


def test_evidence_that_was_taken_away_proves_nothing(wired: Wired) -> None:
    action = given_action(wired)
    document = put_on_shelf(wired, Thing(About.ACTION, str(action)))

    remove_document(EvidenceDesk.of(wired), acting(wired, Role.DPO), document)

    with pytest.raises(EvidenceMissingError):
        move(wired, action, ActionVerb.FINISH)


@pytest.mark.parametrize("verb", [ActionVerb.DROP, ActionVerb.REOPEN])
def test_dropping_and_taking_up_again_take_a_reason(wired: Wired, verb: ActionVerb) -> None:
    action = given_action(wired)
    if verb is ActionVerb.REOPEN:
        move(wired, action, ActionVerb.FINISH, "Done.")

    with pytest.raises(ActionReasonError):
        move(wired, action, verb, by=Role.DPO)

    assert move(wired, action, verb, "The shop closes.", by=Role.CONTROLLER) in {
        ActionState.DROPPED, ActionState.TO_DO
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        (ActionVerb.FINISH, ActionVerb.START),
        (ActionVerb.FINISH, ActionVerb.DROP),
        (ActionVerb.START, ActionVerb.START),
        (ActionVerb.START, ActionVerb.REOPEN),
    ],
)
def test_a_step_that_the_state_does_not_know_is_refused(wired: Wired, before: ActionVerb, verb: ActionVerb) -> None:
    action = given_action(wired)
    move(wired, action, before, "Done.")

    with pytest.raises(ActionStateError):
        move(wired, action, verb, "Why not.", by=Role.DPO)


def test_whoever_it_is_given_to_works_on_it_and_does_not_drop_it(wired: Wired) -> None:
    action = given_action(wired, Role.SECURITY)

    move(wired, action, ActionVerb.START, by=Role.SECURITY)
    with pytest.raises(NotYoursError):
        move(wired, action, ActionVerb.DROP, "I do not want to.", by=Role.SECURITY)
    # To another, there is none.
    with pytest.raises(ActionNotFoundError):
        move(wired, action, ActionVerb.FINISH, "Done.", by=Role.ADMIN)


def test_whoever_does_not_keep_the_plan_makes_actions_for_themselves_alone(wired: Wired) -> None:
    mine = given_action(wired, Role.OWNER, by=Role.OWNER, about=LOYALTY)

    with pytest.raises(NotYoursError):
        given_action(wired, Role.DPO, by=Role.OWNER)
    with pytest.raises(NotYoursError):
        given_action(wired, Role.SECURITY, by=Role.SECURITY, about=LOYALTY)
    assert move(wired, mine, ActionVerb.DROP, "Made twice.") is ActionState.DROPPED


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SUPPORT])
def test_an_action_is_given_only_to_those_who_act_on_it(wired: Wired, role: Role) -> None:
    with pytest.raises(ActionOwnerError):
        given_action(wired, role)


def test_a_program_writes_nothing_and_an_auditor_neither(wired: Wired) -> None:
    with wired.write() as session:
        unrecorded(session, "nothing is written")
        for actor, error in (
            (an_actor(Role.DPO, kind="program"), PersonNeededError),  # type: ignore[arg-type]
            (acting(wired, Role.AUDITOR), NotYoursError),
        ):
            with pytest.raises(error):
                add_action(session, desk_of(wired), actor, terms(wired))


@pytest.mark.parametrize(
    "thing",
    [
        Thing(About.ACTIVITY, "no-such-activity"),
        Thing(About.CONTRACT, "00000000-0000-7000-8000-000000000001"),
        Thing(About.PARTY, "not an identifier"),
        Thing(About.DRIFT, "not a finding"),
        Thing(About.MATURITY, "no-such-activity"),
    ],
)
def test_what_an_action_is_about_has_to_be_there(wired: Wired, thing: Thing) -> None:
    with pytest.raises(ThingNotFoundError):
        given_action(wired, about=thing)


def test_a_finding_goes_by_its_identifier(wired: Wired) -> None:
    about = Thing(About.DRIFT, "0123456789abcdef" * 2)
    action = given_action(wired, about=about)

    assert seen(wired, Role.DPO, ActionFilter(about=about)) == [action]


def test_an_action_is_corrected_whole_while_it_is_open(wired: Wired) -> None:
    action = given_action(wired, about=LOYALTY)
    dpo = acting(wired, Role.DPO)

    with wired.write() as session:
        wanted = terms(wired, Role.DPO, due_in=3, title="Sign both contracts", cost=500)
        changed = change_action(session, desk_of(wired), dpo, (action, wanted))
        assert (changed.title, changed.cost, changed.about, changed.revision) == ("Sign both contracts", 500, None, 2)
    move(wired, action, ActionVerb.FINISH, "Done.", by=Role.DPO)
    with wired.write() as session, pytest.raises(ActionStateError):
        unrecorded(session, "nothing is written")
        change_action(session, desk_of(wired), dpo, (action, terms(wired)))


def test_the_list_is_paged_by_its_keys_and_narrowed(wired: Wired) -> None:
    late = given_action(wired, Role.ADMIN, due_in=-2)
    soon = given_action(wired, Role.ADMIN, due_in=1)
    done = given_action(wired, Role.ADMIN, due_in=-3)
    move(wired, done, ActionVerb.FINISH, "Done.", by=Role.ADMIN)
    today = day_of(wired.clock.now())

    # An administrator sees what was given to them, and nothing else.
    assert seen(wired, Role.ADMIN) == [done, late, soon]
    assert seen(wired, Role.ADMIN, ActionFilter(states=OPEN)) == [late, soon]
    assert seen(wired, Role.DPO, ActionFilter(late_on=today, owner_id=account_of(wired, Role.ADMIN))) == [late]
    with wired.read() as session:
        admin = acting(wired, Role.ADMIN)
        first = list_actions(session, admin, ActionFilter(), after=None, limit=2)
        rest = list_actions(session, admin, ActionFilter(), after=uuid.UUID(first.next), limit=2)
        assert [row.id for row in (*first.rows, *rest.rows)] == [done, late, soon]
        assert rest.next is None


def test_the_totals_count_every_state_and_what_is_late(wired: Wired) -> None:
    def told() -> dict[ActionState, tuple[int, int, int]]:
        with wired.read() as session:
            found = totals(session, desk_of(wired), acting(wired, Role.CONTROLLER))
        return {each.state: (each.count, each.late, each.cost) for each in found}

    before = told()
    given_action(wired, due_in=-1, cost=700)
    given_action(wired, due_in=5, cost=300)
    after = told()

    assert set(after) == set(ActionState)
    grown = tuple(new - old for new, old in zip(after[ActionState.TO_DO], before[ActionState.TO_DO], strict=True))
    assert grown == (2, 1, 1000)


def test_late_actions_stand_on_the_first_pages_of_the_officer_and_of_whoever_does_them(wired: Wired) -> None:
    late, soon = given_action(wired, due_in=-9), given_action(wired, due_in=9)

    with wired.read() as session:
        due = {each.reference for each in due_items(session, wired.clock) if each.matter is Matter.ACTION_DUE}
        mine = as_items(tasks_of(session, account_of(wired, Role.OWNER), wired.clock))
    assert str(late) in due
    assert str(soon) not in due
    assert {str(late), str(soon)} <= {each.reference for each in mine if each.matter is Matter.ACTION_DUE}


def test_an_action_altered_outside_is_not_moved(service: Service) -> None:
    wired = service.wired
    action = given_action(wired)
    with wired.write() as session:
        unrecorded(session, "somebody writes behind our back")
        session.execute(text("UPDATE plan_action SET title = 'Nothing to do'"))

    with pytest.raises(AttestationError):
        move(wired, action, ActionVerb.START)


def test_a_page_of_the_list_asks_as_much_for_ten_actions_as_for_one(both_sites: Service) -> None:
    wired = both_sites.wired
    counts: list[Any] = []
    for number in (1, 10):
        for _ in range(number):
            given_action(wired, about=LOYALTY)
        with Statements(wired) as asked:
            seen(wired, Role.OWNER)
        counts.append(asked.count)

    assert counts[0] == counts[1]
