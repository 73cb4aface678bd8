"""What observing gives before the rules refuse: reading, to whom the register names, for a time."""

from datetime import datetime, timedelta

import pytest

from governance.actor import Role
from governance.gate.errors import ReadRefusedError
from governance.gate.plan import PlanRequest, ReadPlan, compile_plan
from governance.gate.reasons import Code
from governance.gate.snapshot import PolicySnapshot
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.lifecycle import Mode
from tests.builders.gate_policies import CONSENT, NOW, a_declared_purpose, a_grant_on_file, a_snapshot
from tests.builders.ground import an_actor

_WRITING = [action for action in GrantedAction if action is not GrantedAction.READ]


def observed(*grants: object, **parts: object) -> PolicySnapshot:
    return a_snapshot(grants, [a_declared_purpose(mode=Mode.OBSERVE, **parts)])  # type: ignore[arg-type]


def plan(
    snapshot: PolicySnapshot,
    action: GrantedAction = GrantedAction.READ,
    now: datetime = NOW,
    role: Role = Role.SUPPORT,
) -> ReadPlan:
    request = PlanRequest(
        actor=an_actor(role),
        purpose="customer-relationship",
        table="people",
        action=action,
        fields=("family_name", "email"),
    )
    return compile_plan(snapshot, request, now)


def refusal(
    snapshot: PolicySnapshot,
    action: GrantedAction = GrantedAction.READ,
    now: datetime = NOW,
    role: Role = Role.SUPPORT,
) -> set[Code]:
    with pytest.raises(ReadRefusedError) as refused:
        plan(snapshot, action, now, role)
    return {reason.code for reason in refused.value.reasons}


def form_of(made: ReadPlan, name: str) -> Form:
    decision = made.decisions(name).get(SubjectKind.CUSTOMER)
    return Form.WITHHELD if decision is None else decision.form


@pytest.mark.parametrize("action", _WRITING)
def test_observing_lets_nobody_write_or_export_without_a_grant(action: GrantedAction) -> None:
    assert Code.NO_GRANT in refusal(observed(), action)


@pytest.mark.parametrize("action", _WRITING)
def test_writing_and_exporting_go_by_grants_as_if_enforced(action: GrantedAction) -> None:
    made = plan(observed(a_grant_on_file(action=action, form=Form.CLEAR), **CONSENT), action)

    assert (form_of(made, "family_name"), form_of(made, "email")) == (Form.CLEAR, Form.WITHHELD)
    assert made.observed == ()
    assert made.consent is not None
    assert made.consent.enforced


def test_observing_relaxes_grants_and_not_whom_the_register_names() -> None:
    assert Code.ROLE_NOT_RECIPIENT in refusal(observed(), role=Role.MARKETING)


def test_a_role_that_works_with_no_customers_reads_by_grants_even_where_the_register_names_it() -> None:
    assert Code.NO_GRANT in refusal(observed(recipients=frozenset({Role.OWNER})), role=Role.OWNER)


def test_an_observation_ends_by_itself_at_its_moment() -> None:
    until = NOW + timedelta(days=3)
    snapshot = observed(observes_until=until)

    before = plan(snapshot, now=until - timedelta(microseconds=1))

    assert form_of(before, "family_name") is Form.CLEAR
    assert (before.valid_until, before.review_at) == (until, until)
    assert Code.NO_GRANT in refusal(snapshot, now=until)


def test_what_a_grant_gives_outlives_the_observation() -> None:
    until = NOW + timedelta(hours=3)
    snapshot = observed(a_grant_on_file(category=DataCategory.IDENTITY), observes_until=until)

    after = plan(snapshot, now=until)

    assert (form_of(after, "family_name"), form_of(after, "email")) == (Form.CLEAR, Form.WITHHELD)
    assert after.observed == ()


def test_what_observes_without_an_end_does_not_observe() -> None:
    assert Code.NO_GRANT in refusal(observed(observes_until=None))


def test_who_only_observes_is_told_no_revision_to_write_against() -> None:
    assert not plan(observed()).revisions
