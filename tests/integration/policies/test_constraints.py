"""Rules that the database itself holds about grants, each broken by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from audit.transaction import unrecorded
from governance.database import Database
from governance.policies.service import Desk
from tests.builders.policies import a_grant


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("role_may_hold_grants", "role = 'admin'"),
        ("role_may_hold_grants", "role = 'controller'"),
        ("ends_after_start", "valid_to = valid_from"),
        ("gives_something", "form = 'withheld'"),
        ("form_is_of_reading", "action = 'change', form = 'masked'"),
        ("lookup_is_of_reading", "action = 'delete', exact_lookup = TRUE"),
        ("approval_whole", "approved_by = NULL"),
        ("approval_whole", "approved_at = NULL"),
        ("revocation_whole", "revoked_at = requested_at"),
        ("approved_after_request", "requested_at = requested_at + {day}"),
        ("revoked_after_request", ("approved_at = NULL, approved_by = NULL, revoked_by = requested_by, "
         "revoked_at = requested_at - {day}")),
        ("approved_by_another", "approved_by = requested_by"),
        ("approved_by_another", "alone = TRUE, approved_by = NULL, approved_at = NULL"),
        ("subjectkind", "subject_kind = 'everybody'"),
        ("datacategory", "category = 'all'"),
        ("grantedaction", "action = 'own'"),
        ("form", "form = 'raw'"),
    ],
)  # fmt: skip
def test_the_database_refuses(database: Database, desk: Desk, rule: str, change: str) -> None:
    with database.write() as session:
        a_grant(session)
        unrecorded(session, "a test's grant")
    day = "86400000000" if database.dialect == "sqlite" else "interval '1 day'"

    with pytest.raises(IntegrityError, match=f"ck_access_grant_{rule}"), database.write_connection() as connection:
        connection.execute(text(f"UPDATE access_grant SET {change.format(day=day)}"))
