"""What grants give together, what a request would add, and what the matrix was at any moment."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.actor import Role
from governance.gate.reasons import Code
from governance.policies.holding import Cell, Held, holding_of, lines_of, together
from governance.policies.labels import RULE_LABELS
from governance.policies.union import Change, union_of
from governance.policies.values import GrantOnFile
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GIVING = [form for form in Form if form is not Form.WITHHELD]
# A reader's refusals that observing cannot let through are not among what it records.
NEVER_OBSERVED = {
    Code.NOT_SIGNED_IN,
    Code.ROLE_NEVER_READS,
    Code.UNKNOWN_PURPOSE,
    Code.ACTIVITY_NOT_ACTIVE,
    Code.UNKNOWN_TABLE,
    Code.UNKNOWN_FIELD,
    Code.OLDER_DATA,
}


def a_grant(
    form: Form, *, days: int = 100, begun: int = 1, category: DataCategory = DataCategory.CONTACT
) -> GrantOnFile:
    return GrantOnFile(
        id=uuid.UUID(int=1),
        role=Role.SUPPORT,
        purpose_id=1,
        subject_kind=SubjectKind.CUSTOMER,
        category=category,
        action=GrantedAction.READ,
        form=form,
        exact_lookup=False,
        valid_from=NOW - timedelta(days=begun),
        valid_to=NOW + timedelta(days=days),
    )


CELL = Cell(1, GrantedAction.READ, SubjectKind.CUSTOMER, DataCategory.CONTACT)


def test_the_strongest_form_is_held_and_of_equals_the_one_that_lasts_longest() -> None:
    held = holding_of([a_grant(Form.MASKED, days=300), a_grant(Form.CLEAR, days=5), a_grant(Form.CLEAR, days=9)], NOW)

    assert held == {CELL: Held(Form.CLEAR, NOW + timedelta(days=9))}


def test_what_has_not_begun_or_has_ended_is_not_held() -> None:
    assert holding_of([a_grant(Form.CLEAR, days=0), a_grant(Form.CLEAR, begun=-1)], NOW) == {}


def test_what_is_held_alike_is_said_in_one_line() -> None:
    grants = [a_grant(Form.CLEAR, category=each) for each in (DataCategory.PURCHASES, DataCategory.IDENTITY)]

    (line,) = lines_of(holding_of(grants, NOW), 1)

    assert line.categories == (DataCategory.IDENTITY, DataCategory.PURCHASES)
    assert line.kinds == (SubjectKind.CUSTOMER,)


def test_the_union_marks_what_is_new_and_what_is_stronger() -> None:
    before = holding_of([a_grant(Form.MASKED), a_grant(Form.CLEAR, category=DataCategory.IDENTITY)], NOW)
    more = holding_of([a_grant(Form.CLEAR), a_grant(Form.MASKED, category=DataCategory.ECONOMIC)], NOW)

    (row,) = union_of(before, more)

    assert row.changed
    assert {mark.category: mark.change for mark in row.marks} == {
        DataCategory.IDENTITY: Change.SAME,
        DataCategory.CONTACT: Change.STRONGER,
        DataCategory.ECONOMIC: Change.ADDED,
    }


@given(st.lists(st.tuples(st.sampled_from(GIVING), st.sampled_from(list(DataCategory)), st.integers(-5, 5))))
def test_a_union_never_takes_anything_away(drawn: list[tuple[Form, DataCategory, int]]) -> None:
    grants = [a_grant(form, category=category, days=days) for form, category, days in drawn]
    before, more = holding_of(grants[::2], NOW), holding_of(grants[1::2], NOW)

    marks = [mark for row in union_of(before, more) for mark in row.marks]

    assert not [mark for mark in marks if mark.change in {Change.WEAKER, Change.REMOVED}]
    assert together(before, more) == together(more, before)
    assert {mark.category for mark in marks if mark.before} == {cell.category for cell in before}


def test_every_rule_that_observing_records_has_words() -> None:
    assert {code.value for code in Code if code not in NEVER_OBSERVED} == set(RULE_LABELS)
