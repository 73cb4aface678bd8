"""Rules that the database itself holds, each broken by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from governance.database import Database
from register.models import Purpose
from register.service import Desk
from tests.builders.register import a_complete_draft, activate

_NOTICE = "INSERT INTO notice (id, slug, version, language, published, mac) VALUES "


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("ck_party_named", "UPDATE party SET name = ''"),
        ("ck_party_country_code", "UPDATE party SET country = 'F'"),
        ("ck_activity_slug_shape", "UPDATE activity SET slug = 'Has Capitals'"),
        ("ck_activity_revision_positive", "UPDATE activity SET revision = 0"),
        ("ck_activity_opinion_before_activation", "UPDATE activity SET opinion = NULL"),
        ("ck_activity_override_has_reason", "UPDATE activity SET opinion = 'unfavourable'"),
        ("ck_activity_override_has_reason", "UPDATE activity SET opinion = 'unfavourable', overriding_reason = ''"),
        ("ck_activity_active_has_controller", "UPDATE activity SET controller_id = NULL"),
        ("ck_activity_active_runs", "UPDATE activity SET running = FALSE"),
        ("ck_activity_closed_does_not_run", "UPDATE activity SET state = 'suspended'"),
        ("ck_activity_activitystate", "UPDATE activity SET state = 'open'"),
        ("ck_activity_mode", "UPDATE activity SET mode = 'off'"),
        ("ck_purpose_slug_shape", "UPDATE purpose SET slug = ''"),
        ("ck_purpose_number_fits", "INSERT INTO purpose (id, slug, {names}) SELECT 0, 'other', {names} FROM purpose"),
        ("ck_purpose_not_its_own_parent", "UPDATE purpose SET parent_id = id"),
        ("ck_purpose_consent_names_its_channel", "UPDATE purpose SET basis = 'consent'"),
        ("ck_purpose_consent_names_its_channel", "UPDATE purpose SET consent_channel = 'email'"),
        ("ck_purpose_consent_names_its_channel", "UPDATE purpose SET special_condition = 'explicit-consent'"),
        ("ck_purpose_data_active_for_is_a_period", "UPDATE purpose_data SET active_for = 'P-1D'"),
        ("ck_purpose_data_archived_for_is_a_period", "UPDATE purpose_data SET archived_for = '5 years'"),
        ("ck_purpose_data_ended_is_deleted", "UPDATE purpose_data SET standing = 'ended'"),
        ("ck_purpose_recipient_never_admin", "UPDATE purpose_recipient SET role = 'admin'"),
        ("ck_purpose_recipient_ended_is_deleted", "UPDATE purpose_recipient SET standing = 'ended'"),
        ("ck_notice_slug_shape", _NOTICE + "(1, 'A', 1, 'fr', false, '')"),
        ("ck_notice_version_positive", _NOTICE + "(1, 'a', 0, 'fr', false, '')"),
        ("ck_notice_number_fits", _NOTICE + "(0, 'a', 1, 'fr', false, '')"),
    ],
)
def test_the_database_refuses(database: Database, desk: Desk, rule: str, statement: str) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
    names = ", ".join(each.name for each in Purpose.__table__.columns if each.name not in {"id", "slug"})

    with pytest.raises(IntegrityError, match=rule), database.write_connection() as connection:
        connection.execute(text(statement.format(names=names)))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO activity SELECT * FROM activity",
        "UPDATE purpose SET activity_id = {absent}",
        _NOTICE + "(1, 'a', 1, 'fr', false, ''), (2, 'a', 1, 'fr', false, '')",
    ],
)
def test_the_database_refuses_doubles_and_orphans(database: Database, desk: Desk, statement: str) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
    absent = "x'00'" if database.dialect == "sqlite" else "'00000000-0000-0000-0000-000000000000'"

    with pytest.raises(IntegrityError), database.write_connection() as connection:
        connection.execute(text(statement.format(absent=absent)))
