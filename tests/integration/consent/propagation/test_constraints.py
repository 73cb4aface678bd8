"""Rules that the database itself holds about propagation, each broken by name."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from consent.propagation.values import SubscriberVerb
from tests.builders.propagation import Receiver, Telling


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("ck_subscriber_webhook_has_address", "UPDATE subscriber SET address = NULL WHERE way = 'webhook'"),
        ("ck_subscriber_feed_has_reader", "UPDATE subscriber SET token_id = NULL WHERE way = 'feed'"),
        ("ck_subscriber_webhook_signs", "UPDATE subscriber SET secret = NULL, secret_since = NULL WHERE name = 'one'"),
        (
            "ck_subscriber_webhook_signs",
            "UPDATE subscriber SET secret = mac, secret_since = made_at WHERE way = 'feed'",
        ),
        ("ck_subscriber_secret_since_known", "UPDATE subscriber SET secret_since = NULL WHERE name = 'one'"),
        ("ck_subscriber_older_secret_beside_another", "UPDATE subscriber SET older_secret = mac WHERE way = 'feed'"),
        ("ck_subscriber_paused_for_a_cause", "UPDATE subscriber SET state = 'paused' WHERE name = 'one'"),
        ("ck_subscriber_ended_at_known", "UPDATE subscriber SET ended_at = made_at WHERE name = 'one'"),
        ("(?i)unique", "UPDATE subscriber SET name = 'two' WHERE name = 'one'"),
        ("ck_subscriber_line_failing_since_known", "UPDATE subscriber_line SET failures = 1"),
        ("ck_consent_change_position_positive", "UPDATE consent_change SET position = 0 WHERE position = 3"),
        ("(?i)unique", "UPDATE consent_change SET position = 1 WHERE position = 3"),
        ("ck_consent_change_head_single", "UPDATE consent_change_head SET id = 2"),
        ("ck_consent_delivery_attempts_not_negative", "UPDATE consent_delivery SET attempts = -1"),
        ("ck_consent_delivery_delivered_at_known", "UPDATE consent_delivery SET delivered_at = NULL"),
        ("(?i)foreign key", "UPDATE consent_delivery SET subject_id = 99"),
        ("(?i)foreign key", "UPDATE consent_delivery SET position = 99 WHERE position = 2"),
        ("(?i)foreign key", "UPDATE consent_change SET purpose_id = 99"),
        ("(?i)foreign key", "UPDATE subscriber SET token_id = id WHERE way = 'feed'"),
    ],
)
def test_the_database_refuses(telling: Telling, receiver: Receiver, rule: str, statement: str) -> None:
    telling.subscribe(receiver.address, name="one")
    telling.give(1, 2)
    telling.work()
    telling.subscribe(receiver.address, name="two", purposes=frozenset({"calls"}))
    telling.feed(telling.a_program(), purposes=frozenset({"calls"}))
    telling.move(telling.subscribe(receiver.address, name="three"), SubscriberVerb.END)
    telling.give(3)
    with telling.database.write_connection() as connection:
        # So that there is a change that nobody waits for.
        connection.execute(text("UPDATE consent_change SET position = 3 WHERE position IS NULL"))

    with pytest.raises(IntegrityError, match=rule), telling.database.write_connection() as connection:
        connection.execute(text(statement))
