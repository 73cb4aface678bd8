"""What a grant may say, without a database."""

from datetime import timedelta
from itertools import product

import pytest

from governance.actor import BUSINESS_ROLES, Role
from governance.policies.errors import FormError, RoleCannotHoldError, ValidityError
from governance.policies.terms import DEFAULT_DAYS, MAX_DAYS, RequestGrant, check_terms, validity_of
from governance.vocabulary import DataCategory, Form, GrantedAction
from tests.builders.ground import StandingClock


@pytest.mark.parametrize(("action", "form", "lookup"), list(product(GrantedAction, Form, (False, True))))
def test_only_reading_takes_another_form_than_clear(action: GrantedAction, form: Form, *, lookup: bool) -> None:
    command = RequestGrant(
        role=Role.SUPPORT,
        purpose="after-sales",
        category=DataCategory.CONTACT,
        action=action,
        form=form,
        exact_lookup=lookup,
    )
    reads = action in {GrantedAction.READ, GrantedAction.EXPORT}

    if form is not Form.WITHHELD and (reads or (form is Form.CLEAR and not lookup)):
        check_terms(command)
    else:
        with pytest.raises(FormError):
            check_terms(command)


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_that_may_hold_grants(role: Role) -> None:
    command = RequestGrant(role=role, purpose="after-sales", category=DataCategory.CONTACT)

    if role in BUSINESS_ROLES or role is Role.DPO:
        check_terms(command)
    else:
        with pytest.raises(RoleCannotHoldError):
            check_terms(command)


def test_a_grant_holds_for_a_year_unless_told_otherwise() -> None:
    now = StandingClock().now()
    command = RequestGrant(role=Role.SUPPORT, purpose="after-sales", category=DataCategory.CONTACT)

    assert validity_of(command, now) == (now, now + timedelta(days=DEFAULT_DAYS))


def test_a_grant_never_holds_for_more_than_four_hundred_days() -> None:
    now = StandingClock().now()
    command = RequestGrant(
        role=Role.SUPPORT,
        purpose="after-sales",
        category=DataCategory.CONTACT,
        valid_to=now + timedelta(days=MAX_DAYS, microseconds=1),
    )

    with pytest.raises(ValidityError):
        validity_of(command, now)
