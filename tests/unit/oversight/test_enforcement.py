"""How far an activity is enforced: by what it names, by what the map holds, and by whether it observes."""

import pytest

from governance.oversight.drift.enforcement import enforcement_of
from governance.vocabulary import DataCategory, SubjectKind
from register.enforcement import Enforcement

IDENTITY = (SubjectKind.CUSTOMER, DataCategory.IDENTITY)
CONTACT = (SubjectKind.CUSTOMER, DataCategory.CONTACT)
FAMILY = (SubjectKind.CUSTOMER, DataCategory.FAMILY)
HELD = frozenset({IDENTITY, CONTACT})


@pytest.mark.parametrize(
    ("pairs", "observes", "mark"),
    [
        ({IDENTITY, CONTACT}, False, Enforcement.ENFORCED),
        ({IDENTITY, CONTACT}, True, Enforcement.PARTLY),
        ({IDENTITY, FAMILY}, False, Enforcement.PARTLY),
        ({FAMILY}, False, Enforcement.DECLARED),
        ({FAMILY}, True, Enforcement.DECLARED),
        (set(), False, Enforcement.DECLARED),
    ],
)
def test_it_is_enforced_where_it_refuses_and_holds_all_that_is_named(
    pairs: set[tuple[SubjectKind, DataCategory]], observes: bool, mark: Enforcement
) -> None:
    assert enforcement_of(frozenset(pairs), HELD, observes=observes) is mark
