"""Rules that the database itself holds about consents, each broken by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consent.service import Desk, RecordEvent, record_consent
from consent.states import EventKind, Method
from governance.actor import Role
from governance.database import Database
from governance.vocabulary import Channel
from tests.builders.ground import an_actor


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("ck_consent_state_known", "UPDATE consent SET state = 7"),
        ("ck_consent_channel_known", "UPDATE consent SET channel = 0"),
        ("ck_consent_sequence_positive", "UPDATE consent SET sequence = 0"),
        ("ck_consent_only_given_holds", "UPDATE consent SET state = 3, holds_until = 1"),
        ("ck_consent_kind_known", "UPDATE consent SET kind = 8"),
        ("ck_consent_method_known", "UPDATE consent SET method = 0"),
        ("ck_consent_only_given_expires", "UPDATE consent SET kind = 3, expires_at = recorded_at + {day}"),
        ("ck_consent_expires_after", "UPDATE consent SET expires_at = occurred_at"),
        ("ck_consent_earlier_event_channel_known", "UPDATE consent_earlier_event SET channel = 0"),
        ("ck_consent_earlier_event_kind_known", "UPDATE consent_earlier_event SET kind = 8"),
        ("ck_consent_earlier_event_method_known", "UPDATE consent_earlier_event SET method = 0"),
        ("ck_consent_earlier_event_sequence_positive", "UPDATE consent_earlier_event SET sequence = 0"),
        (
            "ck_consent_earlier_event_only_given_expires",
            "UPDATE consent_earlier_event SET kind = 3, expires_at = recorded_at + {day}",
        ),
        ("ck_consent_earlier_event_expires_after", "UPDATE consent_earlier_event SET expires_at = occurred_at"),
        ("(?i)foreign key", "UPDATE consent SET subject_id = 99"),
        ("(?i)foreign key", "UPDATE consent SET purpose_id = 99"),
        ("(?i)foreign key", "UPDATE consent SET notice_id = 99"),
        ("(?i)foreign key", "UPDATE consent_earlier_event SET source_id = 99"),
    ],
)
def test_the_database_refuses(database: Database, desk: Desk, rule: str, statement: str) -> None:
    with database.write() as session:
        for kind in (EventKind.GIVEN, EventKind.RENEWED):
            event = RecordEvent(
                subject_id=1, purpose="newsletter", channel=Channel.EMAIL, kind=kind, method=Method.CHECKBOX
            )
            record_consent(session, desk, an_actor(Role.SUPPORT), event)
    day = "86400000000" if database.dialect == "sqlite" else "interval '1 day'"

    with pytest.raises(IntegrityError, match=rule), database.write_connection() as connection:
        connection.execute(text(statement.format(day=day)))
