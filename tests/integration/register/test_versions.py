"""The register can be shown as it stood: by version and by day, beside today, vouched for by the log."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.models import LogEntry
from governance.actor import Role
from governance.database import Database
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory, SubjectKind
from register.errors import VersionNotFoundError
from register.lifecycle import Mode, Verb
from register.past import differences
from register.service import (
    ActivityChange,
    Desk,
    PastVersion,
    SetMode,
    SetPurposeRecipients,
    Step,
    change_activity,
    get_activity,
    list_versions,
    move_activity,
    past_version,
    revision_at,
    set_mode,
    set_purpose_recipients,
)
from tests.builders.ground import StandingClock
from tests.builders.register import a_complete_draft, activate, the_controller, the_dpo


def live(session: Session, desk: Desk) -> None:
    """Let the loyalty activity live: activated, enforced three days later, and under review with changes after ten."""
    assert isinstance(desk.clock, StandingClock)
    a_complete_draft(session, desk)
    activate(session, desk)
    desk.clock.advance(days=3)
    command = SetMode(activity="loyalty", mode=Mode.ENFORCE)
    set_mode(session, desk.clock, desk.attestor, the_controller(), command)
    desk.clock.advance(days=7)
    move_activity(session, desk.clock, desk.attestor, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW))
    change = ("loyalty", ActivityChange(description="Points and a card."))
    change_activity(session, desk.clock, desk.attestor, the_dpo(), change)
    recipients = SetPurposeRecipients(purpose="loyalty-points", roles=frozenset({Role.MARKETING}))
    set_purpose_recipients(session, desk, the_dpo(), recipients)


def version_of(session: Session, desk: Desk, verb: Verb | None) -> PastVersion:
    """Return the version that a step kept; None for the change of mode."""
    kept = list_versions(session, "loyalty", after=None, limit=50).rows
    revision = next(each.revision for each in kept if each.verb is verb)
    return past_version(session, desk.attestor, "loyalty", revision)


def test_a_version_says_what_stood_and_what_has_changed_since(database: Database, desk: Desk) -> None:
    with database.write() as session:
        live(session, desk)

    with database.read() as session:
        found = version_of(session, desk, Verb.ACTIVATE)
        told = {(each.purpose, each.field, each.key): (each.then, each.now) for each in found.since}

    assert found.record.mode is Mode.OBSERVE
    assert told[None, "state", ()] == ("active", "under-review")
    assert told[None, "mode", ()] == ("observe", "enforce")
    assert told[None, "description", ()][1] == "Points and a card."
    recipients = {key: change for (_, field, key), change in told.items() if field == "recipients"}
    assert recipients["marketing", "proposed"][0] is None
    assert {name for _, name, _ in told} == {"state", "mode", "observed_until", "description", "recipients"}


def test_the_last_version_differs_from_today_only_by_what_is_written_since(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)

    with database.read() as session:
        found = version_of(session, desk, Verb.ACTIVATE)
        assert found.since == []
        assert (found.after, found.before) == (None, version_of(session, desk, Verb.ADVISE).version.revision)


def test_the_log_vouches_for_the_text_of_a_version(database: Database, desk: Desk) -> None:
    with database.write() as session:
        live(session, desk)

    with database.read() as session:
        found = version_of(session, desk, None)
        assert found.entry is not None
        entry = session.get_one(LogEntry, found.entry)
        assert found.digest == hashlib.sha256(found.version.snapshot.encode()).hexdigest()
        assert found.digest.encode() in bytes(entry.body)


def test_the_version_of_a_day_is_the_last_that_had_been_decided_by_then(database: Database, desk: Desk) -> None:
    began = desk.clock.now()
    with database.write() as session:
        live(session, desk)

    with database.read() as session:
        activated, enforced = version_of(session, desk, Verb.ACTIVATE), version_of(session, desk, None)
        assert revision_at(session, "loyalty", began - timedelta(seconds=1)) is None
        assert revision_at(session, "loyalty", began + timedelta(days=2)) == activated.version.revision
        assert revision_at(session, "loyalty", began + timedelta(days=3)) == enforced.version.revision


def test_a_version_that_was_altered_is_not_shown(database: Database, desk: Desk) -> None:
    with database.write() as session:
        live(session, desk)
        revision = version_of(session, desk, Verb.ACTIVATE).version.revision
    with database.write_connection() as connection:
        connection.execute(text("UPDATE activity_version SET snapshot = replace(snapshot, 'observe', 'enforce')"))

    with database.read() as session, pytest.raises(AttestationError):
        past_version(session, desk.attestor, "loyalty", revision)


def test_a_list_of_versions_gives_no_words_that_were_forged(database: Database, desk: Desk) -> None:
    with database.write() as session:
        live(session, desk)
        whole = len(list_versions(session, "loyalty", after=None, limit=50).rows)
    with database.write_connection() as connection:
        connection.execute(text("UPDATE activity_version SET note = 'Forged', snapshot = '{}' WHERE verb = 'activate'"))

    with database.read() as session:
        rows = list_versions(session, "loyalty", after=None, limit=50).rows
    assert len(rows) == whole
    assert [(each.verb, each.note, each.snapshot) for each in rows if each.altered] == [(Verb.ACTIVATE, "", "")]


def test_a_revision_that_kept_no_version_is_none(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)

    with database.read() as session, pytest.raises(VersionNotFoundError):
        past_version(session, desk.attestor, "loyalty", get_activity(session, "loyalty").revision)


@pytest.mark.parametrize("number", [2**31, 10**30])
def test_a_number_beyond_every_column_is_no_version_and_nothing_comes_after_it(
    database: Database, desk: Desk, number: int
) -> None:
    with database.write() as session:
        live(session, desk)

    with database.read() as session:
        with pytest.raises(VersionNotFoundError):
            past_version(session, desk.attestor, "loyalty", number)
        assert list_versions(session, "loyalty", after=number, limit=5).rows == []
        assert len(list_versions(session, "loyalty", after=-number, limit=5).rows) > 0


def purpose(**parts: object) -> dict[str, object]:
    row = {
        "subject_kind": SubjectKind.CUSTOMER.value,
        "category": DataCategory.CONTACT.value,
        "standing": "in-force",
        "active_for": "P30D",
    }
    told: dict[str, object] = {
        "id": 1,
        "slug": "points",
        "parent_id": None,
        "standing": "in-force",
        "balancing": {"interest": "", "necessity": "", "balance": ""},
        "data": [row],
        "recipients": [{"role": "support", "standing": "in-force"}],
    }
    words = (
        "label_fr", "label_en", "basis", "consent_channel", "special_condition", "legal_reference", "collected_for"
    )  # fmt: skip
    return told | dict.fromkeys(words) | parts


def test_a_purpose_on_one_side_only_is_one_difference() -> None:
    then, now = {"name_en": "A", "purposes": []}, {"name_en": "A", "purposes": [purpose()]}

    (told,) = differences(then, now)

    assert (told.purpose, told.field, told.then, told.now) == ("points", "purpose", None, "in-force")
    assert differences(now, now) == []


def test_what_an_older_version_did_not_say_is_no_difference() -> None:
    now: dict[str, object] = {"controller": None, "dpo": {"id": "1", "name": "Cabinet Exemple"}, "purposes": []}

    assert differences({"controller": None, "purposes": []}, now) == []
    (told,) = differences(now | {"dpo": None}, now)
    assert (told.field, told.then, told.now) == ("dpo", None, now["dpo"])


def test_that_a_proposed_purpose_came_into_force_is_one_difference() -> None:
    row = {"subject_kind": "customer", "category": "contact", "standing": "proposed", "active_for": "P30D"}
    recipient = {"role": "support", "standing": "proposed"}
    then = {"purposes": [purpose(standing="proposed", data=[row], recipients=[recipient])]}

    (told,) = differences(then, {"purposes": [purpose()]})

    assert (told.field, told.then, told.now) == ("purpose", "proposed", "in-force")


def test_a_purpose_that_has_ended_stands_no_more() -> None:
    then = {"purposes": [purpose()]}

    (told,) = differences(then, {"purposes": [purpose(standing="ended", data=[], recipients=[])]})

    assert (told.purpose, told.then, told.now) == ("points", "in-force", None)
