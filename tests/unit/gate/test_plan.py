"""Plans: what is given in which form, and why not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.actor import Role
from governance.datamap.values import FieldKind, MappedField
from governance.gate.errors import NotInDataMapError, ReadRefusedError
from governance.gate.forms import is_possible
from governance.gate.plan import PlanRequest, ReadPlan, compile_plan
from governance.gate.reasons import Code, Reason, Rule
from governance.gate.rules import governing_category, is_sensitive
from governance.gate.snapshot import PolicySnapshot
from governance.policies.values import GrantOnFile
from governance.vocabulary import DataCategory, Form, GrantedAction, SubjectKind
from register.lifecycle import Mode
from register.values import DeclaredPurpose
from tests.builders.gate_policies import (
    CONSENT,
    EXPLICIT,
    NOW,
    a_catalogue,
    a_declared_purpose,
    a_grant_on_file,
    a_snapshot,
)
from tests.builders.ground import an_actor

CUSTOMER, PROSPECT = SubjectKind.CUSTOMER, SubjectKind.PROSPECT
SPECIAL = DataCategory.SPECIAL


def plan(
    snapshot: PolicySnapshot, *fields: str, roles: tuple[Role, ...] = (Role.SUPPORT,), table: str = "people"
) -> ReadPlan:
    request = PlanRequest(actor=an_actor(*roles), purpose="customer-relationship", table=table, fields=fields or None)
    return compile_plan(snapshot, request, NOW)


def refusal(snapshot: PolicySnapshot, *fields: str, roles: tuple[Role, ...] = (Role.SUPPORT,)) -> set[Code]:
    with pytest.raises(ReadRefusedError) as refused:
        plan(snapshot, *fields, roles=roles)
    return {reason.code for reason in refused.value.reasons}


def form_of(made: ReadPlan, name: str, kind: SubjectKind | None = CUSTOMER) -> Form:
    decision = made.decisions(name).get(kind)
    return Form.WITHHELD if decision is None else decision.form


def test_a_plan_holds_until_the_first_grant_it_uses_ends() -> None:
    soon, late = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    made = plan(
        a_snapshot(
            [
                a_grant_on_file(valid_to=late),
                a_grant_on_file(category=DataCategory.CONTACT, valid_to=soon),
                a_grant_on_file(category=DataCategory.ECONOMIC, valid_to=NOW + timedelta(minutes=1)),
            ]
        ),
        "family_name",
        "email",
    )

    assert (made.valid_until, made.review_at) == (soon, NOW + timedelta(minutes=1))


def test_of_grants_that_give_the_same_the_longest_counts() -> None:
    late = NOW + timedelta(hours=2)
    made = plan(a_snapshot([a_grant_on_file(valid_to=NOW + timedelta(hours=1)), a_grant_on_file(valid_to=late)]))

    assert made.valid_until == late


def test_a_grant_to_come_makes_the_plan_be_looked_at_again() -> None:
    soon = NOW + timedelta(minutes=5)
    made = plan(
        a_snapshot(
            [
                a_grant_on_file(form=Form.MASKED),
                a_grant_on_file(valid_from=soon, valid_to=NOW + timedelta(days=30)),
            ]
        ),
        "family_name",
    )

    assert form_of(made, "family_name") is Form.MASKED
    assert made.review_at == soon


@pytest.mark.parametrize(("start", "end"), [(1, 2), (-2, -1), (-1, 0)])
def test_a_grant_outside_its_validity_gives_nothing(start: int, end: int) -> None:
    grant = a_grant_on_file(valid_from=NOW + timedelta(hours=start), valid_to=NOW + timedelta(hours=end))

    assert refusal(a_snapshot([grant]), "family_name") == {Code.GRANT_OUT_OF_VALIDITY}


def test_a_grant_to_a_role_that_is_no_recipient_gives_nothing() -> None:
    snapshot = a_snapshot([a_grant_on_file(role=Role.SALES)])

    assert refusal(snapshot, "family_name", roles=(Role.SALES,)) == {Code.ROLE_NOT_RECIPIENT}
    assert refusal(snapshot, "family_name", roles=(Role.SALES, Role.SUPPORT)) == {Code.NO_GRANT}


@pytest.mark.parametrize("action", [action for action in GrantedAction if action is not GrantedAction.READ])
def test_a_grant_for_another_action_gives_nothing_to_read(action: GrantedAction) -> None:
    assert refusal(a_snapshot([a_grant_on_file(action=action)]), "family_name") == {Code.NO_GRANT}


def test_a_closed_activity_gives_nothing_and_the_other_rules_are_told_too() -> None:
    snapshot = a_snapshot(purposes=[a_declared_purpose(open=False)])

    assert refusal(snapshot, "family_name") == {Code.ACTIVITY_NOT_ACTIVE, Code.NO_GRANT}


def test_what_the_purpose_does_not_declare_is_not_given_however_it_is_granted() -> None:
    snapshot = a_snapshot(
        [a_grant_on_file(category=category) for category in DataCategory],
        [a_declared_purpose(data=frozenset({(CUSTOMER, DataCategory.IDENTITY), (PROSPECT, DataCategory.CONTACT)}))],
    )

    made = plan(snapshot, "family_name", "email", "iban")

    assert form_of(made, "family_name") is Form.CLEAR
    assert {name: reason.code for name, reason in made.withheld.items()} == {
        "email": Code.WRONG_KIND,
        "iban": Code.CATEGORY_NOT_DECLARED,
    }


def test_a_special_field_takes_a_grant_on_special_and_a_condition() -> None:
    grants = [a_grant_on_file(category=DataCategory.RELATIONSHIP), a_grant_on_file(category=SPECIAL)]

    without = plan(a_snapshot(grants), "health", "since")
    with_condition = plan(a_snapshot(grants, [a_declared_purpose(special_condition=EXPLICIT)]), "health", "since")

    assert (form_of(without, "health"), without.withheld["health"].code) == (
        Form.WITHHELD,
        Code.SPECIAL_CONDITION_MISSING,
    )
    assert form_of(with_condition, "health") is Form.CLEAR


@pytest.mark.parametrize(
    ("marked", "category"),
    [
        ({"nir": True}, DataCategory.NATIONAL_NUMBER),
        ({"criminal": True}, DataCategory.OFFENCES),
        ({"criminal": True, "nir": True}, DataCategory.OFFENCES),
        ({"special": True, "criminal": True}, SPECIAL),
        ({}, DataCategory.RELATIONSHIP),
    ],
)
def test_what_the_law_guards_stands_under_a_category_of_its_own(marked: dict[str, Any], category: DataCategory) -> None:
    field = replace(next(iter(a_snapshot().catalogue.tables.values())).fields["since"], **marked)

    assert governing_category(field) is category
    assert is_sensitive(field) is bool(marked)


def test_observing_gives_nothing_special() -> None:
    purpose = a_declared_purpose(mode=Mode.OBSERVE, special_condition=EXPLICIT)

    made = plan(a_snapshot(purposes=[purpose]), "health", "family_name")

    assert (form_of(made, "health"), form_of(made, "family_name")) == (Form.WITHHELD, Form.CLEAR)


def test_observing_tells_what_enforcing_would_do() -> None:
    purpose = a_declared_purpose(mode=Mode.OBSERVE)
    snapshot = a_snapshot([a_grant_on_file(category=DataCategory.CONTACT, form=Form.MASKED)], [purpose])

    made = plan(snapshot, "family_name", "email")

    assert {reason.code for reason in made.observed} == {Code.NO_GRANT, Code.WEAKER_FORM}
    assert made.valid_until == purpose.observes_until


def test_free_text_is_never_given_in_part() -> None:
    made = plan(a_snapshot([a_grant_on_file(category=DataCategory.ECONOMIC, form=Form.MASKED)]), "iban", "note")

    assert made.withheld["note"] == Reason(
        code=Code.FORM_IMPOSSIBLE, field="note", category=DataCategory.ECONOMIC, form=Form.MASKED
    )


def test_a_weaker_form_is_given_where_the_strongest_is_impossible() -> None:
    grants = [a_grant_on_file(form=form) for form in (Form.PSEUDONYM, Form.GENERALISED)]

    made = plan(a_snapshot(grants), "family_name", "birth_date")

    assert (form_of(made, "family_name"), form_of(made, "birth_date")) == (Form.PSEUDONYM, Form.PSEUDONYM)
    assert made.opaque


def test_one_pseudonym_makes_the_whole_purpose_opaque_to_the_role() -> None:
    grants = [a_grant_on_file(), a_grant_on_file(category=DataCategory.CONTACT, form=Form.PSEUDONYM)]

    assert plan(a_snapshot(grants), "family_name").opaque
    clear = a_grant_on_file(category=DataCategory.CONTACT)
    assert not plan(a_snapshot([*grants, clear]), "family_name").opaque


def test_a_purpose_based_on_consent_asks_for_it() -> None:
    enforced = plan(a_snapshot([a_grant_on_file()], [a_declared_purpose(**CONSENT)])).consent
    observed = plan(a_snapshot([a_grant_on_file()], [a_declared_purpose(mode=Mode.OBSERVE, **CONSENT)])).consent

    assert (enforced and enforced.enforced, observed and observed.enforced) == (True, False)


def test_a_field_that_speaks_of_nobody_takes_a_grant_for_any_kind() -> None:
    professional = DataCategory.PROFESSIONAL
    purpose = a_declared_purpose(data=frozenset({(PROSPECT, professional)}))
    grant = a_grant_on_file(category=professional, subject_kind=PROSPECT)

    assert form_of(plan(a_snapshot([grant], [purpose]), table="shops"), "name", None) is Form.CLEAR
    with pytest.raises(ReadRefusedError):
        plan(a_snapshot([a_grant_on_file(category=professional)], [purpose]), table="shops")


def test_every_reason_is_a_sentence_with_a_remedy() -> None:
    for code in Code:
        reason = Reason(
            code=code, kind=CUSTOMER, category=DataCategory.CONTACT, form=Form.MASKED, field="email", role=Role.SALES
        )
        assert str(reason).endswith(".")
        assert reason.remedy
        assert reason.rule in Rule
        assert reason.as_json()["code"] == code.value
        assert "{" not in str(Reason(code=code, category=DataCategory.CONTACT, form=Form.MASKED))


def test_an_unknown_field_is_told_beside_the_rules_that_failed() -> None:
    with pytest.raises(NotInDataMapError) as refused:
        plan(a_snapshot(), "family_name", "salary")

    assert {reason.code for reason in refused.value.reasons} == {Code.UNKNOWN_FIELD, Code.NO_GRANT}


ROLES = (Role.SUPPORT, Role.SALES, Role.ADMIN)
KINDS = (CUSTOMER, PROSPECT)
CATALOGUE = a_catalogue()
PEOPLE = CATALOGUE.table("people")

grants_strategy = st.builds(
    a_grant_on_file,
    role=st.sampled_from(ROLES),
    purpose_id=st.sampled_from((1, 2)),
    subject_kind=st.sampled_from(KINDS),
    category=st.sampled_from(tuple(DataCategory)),
    action=st.sampled_from((GrantedAction.READ, GrantedAction.EXPORT)),
    form=st.sampled_from([form for form in Form if form is not Form.WITHHELD]),
    valid_from=st.sampled_from([NOW + timedelta(hours=hours) for hours in (-2, 0, 1)]),
    valid_to=st.sampled_from([NOW + timedelta(hours=hours) for hours in (0, 2, 3)]),
)
purposes_strategy = st.builds(
    a_declared_purpose,
    open=st.booleans(),
    data=st.frozensets(st.tuples(st.sampled_from(KINDS), st.sampled_from(tuple(DataCategory)))),
    recipients=st.frozensets(st.sampled_from(ROLES)),
    special_condition=st.sampled_from([None, EXPLICIT]),
)


def rules_give(
    field: MappedField, kind: SubjectKind, purpose: DeclaredPurpose, grants: list[GrantOnFile], roles: set[Role]
) -> set[Form]:
    """What the rules give, spelt out one by one and as slowly as one likes."""
    sensitive = field.special or field.criminal or field.nir
    category = SPECIAL if sensitive else field.category
    declared = purpose.open and (kind, category) in purpose.data
    if not declared or (category is SPECIAL and purpose.special_condition is None):
        return set()
    readers = roles & purpose.recipients - {Role.ADMIN, Role.AUDITOR}
    forms = set()
    for grant in grants:
        rightful = grant.role in readers and grant.purpose_id == purpose.id
        fitting = grant.subject_kind is kind and grant.category is category
        now = grant.action is GrantedAction.READ and grant.valid_from <= NOW < grant.valid_to
        possible = is_possible(field, grant.form) and (
            field.kind is not FieldKind.FREE_TEXT or grant.form is Form.CLEAR
        )
        if rightful and fitting and now and possible:
            forms.add(grant.form)
    return forms


@given(
    grants=st.lists(grants_strategy, max_size=12),
    purpose=purposes_strategy,
    roles=st.sets(st.sampled_from(ROLES), min_size=1),
)
@settings(max_examples=50, deadline=None)
def test_a_plan_gives_exactly_what_the_rules_give(
    grants: list[GrantOnFile], purpose: DeclaredPurpose, roles: set[Role]
) -> None:
    snapshot = a_snapshot(grants, [purpose], CATALOGUE)
    try:
        made = plan(snapshot, roles=tuple(roles))
    except ReadRefusedError:
        made = None

    for name, field in PEOPLE.fields.items():
        for kind in SubjectKind:
            forms = rules_give(field, kind, purpose, grants, roles)
            told = Form.WITHHELD if made is None else form_of(made, name, kind)
            assert told is max(forms, key=lambda form: form.code, default=Form.WITHHELD)
            if made is not None and kind is CUSTOMER:
                assert (name in made.withheld) or forms
