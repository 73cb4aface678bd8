"""The table of transitions: who may do what, and what can never happen."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.actor import Role
from register.lifecycle import (
    EDITABLE,
    TRANSITIONS,
    ActivityState,
    Verb,
    diagram,
    runs_after,
    transition_of,
    verbs_open_to,
)

OWNER, DPO, CONTROLLER = Role.OWNER, Role.DPO, Role.CONTROLLER
S, V = ActivityState, Verb

# Who may take which step, whatever the state: the whole truth, written a second time.
WHO: dict[Verb, set[Role]] = {
    V.SUBMIT: {OWNER, DPO},
    V.RETURN: {OWNER, DPO, CONTROLLER},
    V.ADVISE: {DPO},
    V.ACTIVATE: {CONTROLLER},
    V.REVIEW: {OWNER, DPO, CONTROLLER},
    V.CONFIRM: {CONTROLLER},
    V.SUSPEND: {CONTROLLER},
    V.RESUME: {CONTROLLER},
    V.REVISE: {OWNER, DPO},
    V.RETIRE: {CONTROLLER, OWNER, DPO},
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("role", list(Role))
def test_each_step_is_for_its_roles_only(role: Role, verb: Verb) -> None:
    allowed = any(row.verb is verb and role in row.roles for row in TRANSITIONS)

    assert allowed is (role in WHO[verb])


def test_only_the_controller_opens_or_closes_what_runs() -> None:
    for row in TRANSITIONS:
        before = row.running is True or row.source in {S.ACTIVE, S.UNDER_REVIEW}
        if runs_after(row, running=before) is not before or row.target is S.ACTIVE:
            assert row.roles == {CONTROLLER}, row


def test_only_a_draft_is_thrown_away_without_the_controller() -> None:
    for row in TRANSITIONS:
        if row.verb is V.RETIRE and row.roles != {CONTROLLER}:
            assert row.source is S.DRAFT


@pytest.mark.parametrize(("state", "verb", "running"), list(product(S, V, (True, False))))
def test_a_step_leads_to_one_state(state: ActivityState, verb: Verb, *, running: bool) -> None:
    rows = [row for row in TRANSITIONS if row.source is state and row.verb is verb and row.running in (None, running)]

    assert len(rows) <= 1
    assert transition_of(state, verb, running=running) == (rows[0] if rows else None)


@pytest.mark.parametrize("state", [S.DRAFT, S.SUSPENDED, S.RETIRED])
def test_nothing_runs_once_it_reached_a_closed_state(state: ActivityState) -> None:
    for row in TRANSITIONS:
        if row.target is state and state is not S.DRAFT:
            assert runs_after(row, running=True) is False


def test_every_row_names_its_article() -> None:
    assert all(row.article.startswith("GDPR Art. ") for row in TRANSITIONS)


def test_content_changes_only_before_submission() -> None:
    assert {S.DRAFT, S.UNDER_REVIEW} == EDITABLE


def test_a_retired_activity_moves_no_more() -> None:
    assert verbs_open_to(S.RETIRED, frozenset(Role), running=False) == ()


@given(st.lists(st.sampled_from(Verb), max_size=40))
def test_no_path_is_active_without_submission_and_opinion(verbs: list[Verb]) -> None:
    state, running = S.DRAFT, False
    since_draft: list[Verb] = []
    for verb in verbs:
        row = transition_of(state, verb, running=running)
        if row is None:
            continue
        since_draft.append(verb)
        state, running = row.target, runs_after(row, running=running)
        if state is S.ACTIVE:
            assert V.SUBMIT in since_draft
            assert V.ADVISE in since_draft
            assert since_draft.index(V.SUBMIT) < since_draft.index(V.ADVISE) < since_draft.index(V.ACTIVATE)
        if state in {S.DRAFT, S.SUSPENDED, S.RETIRED}:
            assert not running
        if state in {S.ACTIVE, S.UNDER_REVIEW}:
            assert running


@given(st.lists(st.sampled_from(Verb), max_size=40))
def test_activation_always_follows_the_opinion_on_what_was_submitted(verbs: list[Verb]) -> None:
    state, running = S.DRAFT, False
    last_submission = last_opinion = -1
    for place, verb in enumerate(verbs):
        row = transition_of(state, verb, running=running)
        if row is None:
            continue
        state, running = row.target, runs_after(row, running=running)
        last_submission = place if verb is V.SUBMIT else last_submission
        last_opinion = place if verb is V.ADVISE else last_opinion
        if verb is V.ACTIVATE:
            assert last_opinion > last_submission >= 0


def test_the_diagram_draws_every_row() -> None:
    drawn = diagram()

    assert drawn.startswith("stateDiagram-v2\n    [*] --> draft\n")
    assert drawn.count("-->") == len(TRANSITIONS) + 2
    assert "    under_review --> active: confirm (controller)\n" in drawn
