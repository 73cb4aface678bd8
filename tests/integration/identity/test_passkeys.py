"""Passkeys, with real keys and signatures: the ceremony, and everything that is not quite it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from audit.models import LogEntry
from governance.actor import Role
from governance.identity.errors import (
    FactorTakenError,
    PasskeyRefusedError,
    PasskeysUnavailableError,
    SignInLockedError,
)
from governance.identity.factors.ceremony import RelyingParty
from governance.identity.factors.models import ChallengePurpose, Passkey
from governance.identity.lockout import FREE_FAILURES
from governance.identity.second_door import PasskeyShown, SecondDoor, Visit
from governance.identity.service import factors_of
from governance.vault.errors import AttestationError
from tests.builders.identity import People, stored
from tests.builders.second_factors import Authenticator, add_passkey, visit_of

SUPPORT = "support@demo.example"
SALES = "sales@demo.example"


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


@pytest.fixture
def visit(house: People, key: Authenticator) -> Visit:
    """Somebody half signed in, whose passkey this is."""
    house.account(SUPPORT, Role.SUPPORT)
    add_passkey(house.second_door, visit_of(house, house.sign_in(SUPPORT)), key)
    return visit_of(house, house.sign_in(SUPPORT))


def test_a_passkey_is_made_and_shown(house: People, key: Authenticator, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)

    secret = house.second_door.show(visit, PasskeyShown(credential=key.show(options)))

    admission = house.doorkeeper.by_session(secret, None)
    assert admission is not None
    assert (admission.pending, admission.actor.roles) == (False, frozenset({Role.SUPPORT}))
    with house.database.read() as session:
        [held] = factors_of(session, house.attestor, visit.account_id)
    assert held.used_at == house.clock.now()


def test_the_browser_is_asked_for_this_site_for_verification_and_for_none_twice(
    house: People, key: Authenticator, visit: Visit
) -> None:
    asked = house.second_door.ask(visit, ChallengePurpose.ADD)
    shown = house.second_door.ask(visit, ChallengePurpose.SHOW)

    assert asked["rp"]["id"] == shown["rpId"] == "localhost"
    assert asked["authenticatorSelection"]["userVerification"] == shown["userVerification"] == "preferred"
    assert [each["id"] for each in asked["excludeCredentials"]] == [each["id"] for each in shown["allowCredentials"]]
    assert asked["challenge"] != shown["challenge"]


def refuse(house: People, visit: Visit, credential: dict[str, object]) -> None:
    with pytest.raises(PasskeyRefusedError):
        house.second_door.show(visit, PasskeyShown(credential=credential))


@pytest.mark.parametrize(
    "change",
    [{"origin": "https://evil.example"}, {"origin": "http://localhost:9000"}, {"name": "evil.example"}],
)
def test_an_answer_given_to_another_site_opens_nothing(
    house: People, key: Authenticator, visit: Visit, change: dict[str, str]
) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)

    refuse(house, visit, replace(key, **change).show(options))  # type: ignore[arg-type] # texts all


def test_a_challenge_is_answered_once(house: People, key: Authenticator, visit: Visit) -> None:
    answer = key.show(house.second_door.ask(visit, ChallengePurpose.SHOW))
    house.second_door.show(visit, PasskeyShown(credential=answer))

    refuse(house, visit, answer)


def test_a_challenge_is_spent_by_a_wrong_answer_too(house: People, key: Authenticator, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    refuse(house, visit, replace(key, origin="https://evil.example").show(options))

    refuse(house, visit, key.show(options))


def test_a_challenge_is_good_for_five_minutes(house: People, key: Authenticator, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    house.clock.advance(minutes=5)

    refuse(house, visit, key.show(options))


def test_a_challenge_belongs_to_its_session_and_its_purpose(house: People, key: Authenticator, visit: Visit) -> None:
    elsewhere = visit_of(house, house.sign_in(SUPPORT))
    options = house.second_door.ask(elsewhere, ChallengePurpose.SHOW)
    refuse(house, visit, key.show(options))

    options = house.second_door.ask(visit, ChallengePurpose.ADD)
    known = house.second_door.ask(elsewhere, ChallengePurpose.SHOW)
    refuse(house, visit, key.show(known, challenge=options["challenge"]))


def test_a_later_challenge_voids_the_earlier_one(house: People, key: Authenticator, visit: Visit) -> None:
    earlier = house.second_door.ask(visit, ChallengePurpose.SHOW)
    house.second_door.ask(visit, ChallengePurpose.SHOW)

    refuse(house, visit, key.show(earlier))


def test_the_passkey_of_another_person_opens_nothing(house: People, visit: Visit) -> None:
    theirs = Authenticator()
    house.account(SALES, Role.SALES)
    other = visit_of(house, house.sign_in(SALES))
    add_passkey(house.second_door, other, theirs)
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    [stolen] = theirs.keys.values()

    refuse(house, visit, theirs.show(options, key=stolen))


def test_a_forged_signature_and_an_absent_person_open_nothing(house: People, key: Authenticator, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    [real] = key.keys.values()
    thief = Authenticator()
    thief.make({"challenge": options["challenge"]})
    [forged] = thief.keys.values()
    forged.id = real.id
    refuse(house, visit, thief.show(options, key=forged))

    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    refuse(house, visit, key.show(options, flags=0x04))


def test_a_counter_that_goes_back_closes_the_passkey_and_is_recorded(
    house: People, key: Authenticator, visit: Visit
) -> None:
    house.second_door.show(
        visit, PasskeyShown(credential=key.show(house.second_door.ask(visit, ChallengePurpose.SHOW)))
    )
    key.counter = 0
    again = visit_of(house, house.sign_in(SUPPORT))

    refuse(house, again, key.show(house.second_door.ask(again, ChallengePurpose.SHOW)))

    with house.database.read() as session:
        [held] = factors_of(session, house.attestor, visit.account_id)
        bodies = session.scalars(select(LogEntry.body)).all()
    assert held.closed_at == house.clock.now()
    assert any(b"counter-went-back" in body for body in bodies)
    with pytest.raises(PasskeyRefusedError):
        house.second_door.ask(again, ChallengePurpose.SHOW)


def test_only_a_true_signature_closes_a_passkey(house: People, key: Authenticator, visit: Visit) -> None:
    house.second_door.show(
        visit, PasskeyShown(credential=key.show(house.second_door.ask(visit, ChallengePurpose.SHOW)))
    )
    thief = Authenticator()
    thief.make({"challenge": "AAAA"})
    [forged] = thief.keys.values()
    [real] = key.keys.values()
    forged.id, thief.counter = real.id, -1
    refuse(house, visit, thief.show(house.second_door.ask(visit, ChallengePurpose.SHOW), key=forged))

    with house.database.read() as session:
        [held] = factors_of(session, house.attestor, visit.account_id)
    assert held.closed_at is None


def test_a_passkey_that_does_not_count_is_taken_each_time(house: People) -> None:
    silent = Authenticator(counts=False)
    house.account(SUPPORT, Role.SUPPORT)
    add_passkey(house.second_door, visit_of(house, house.sign_in(SUPPORT)), silent)

    for _ in range(2):
        visit = visit_of(house, house.sign_in(SUPPORT))
        options = house.second_door.ask(visit, ChallengePurpose.SHOW)
        house.second_door.show(visit, PasskeyShown(credential=silent.show(options)))


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"rawId": 3},
        {"rawId": "a"},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": None},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA"}},
    ],
)
def test_nonsense_is_refused_as_such(house: People, visit: Visit, credential: dict[str, object]) -> None:
    house.second_door.ask(visit, ChallengePurpose.SHOW)
    refuse(house, visit, credential)

    house.second_door.ask(visit, ChallengePurpose.ADD)
    with pytest.raises(PasskeyRefusedError):
        house.second_door.add_passkey(visit, "", credential)


def test_an_answer_for_another_site_or_challenge_adds_no_passkey(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    for wrong in (Authenticator(origin="https://evil.example"), Authenticator(name="evil.example")):
        with pytest.raises(PasskeyRefusedError):
            add_passkey(house.second_door, visit, wrong)
    options = house.second_door.ask(visit, ChallengePurpose.ADD)
    with pytest.raises(PasskeyRefusedError):
        house.second_door.add_passkey(visit, "", Authenticator().make(options, challenge="AAAA"))
    with pytest.raises(PasskeyRefusedError):
        house.second_door.add_passkey(visit, "", Authenticator().make(options))

    with house.database.read() as session:
        assert factors_of(session, house.attestor, visit.account_id) == []


def test_one_passkey_belongs_to_one_person(house: People, key: Authenticator, visit: Visit) -> None:
    house.account(SALES, Role.SALES)
    other = visit_of(house, house.sign_in(SALES))
    with house.database.read() as session:
        taken = session.scalars(select(Passkey.credential_id)).one()
    thief = Authenticator()
    options = house.second_door.ask(other, ChallengePurpose.ADD)
    thief.make(options)
    [forged] = thief.keys.values()
    forged.id = taken
    thief.keys = {taken: forged}
    with pytest.raises(FactorTakenError):
        house.second_door.add_passkey(other, "", thief.attest(forged, options))


def test_a_passkey_changed_by_sql_closes(house: People, key: Authenticator, visit: Visit) -> None:
    thief = Authenticator()
    house.account(SALES, Role.SALES)
    add_passkey(house.second_door, visit_of(house, house.sign_in(SALES)), thief)
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    with house.database.write_connection() as connection:
        [public_key] = [
            row.public_key
            for row in connection.execute(text("SELECT account_id, public_key FROM passkey"))
            if row.account_id != stored(visit.account_id, house.database)
        ]
        connection.execute(text("UPDATE passkey SET public_key = :stolen"), {"stolen": public_key})

    with pytest.raises(AttestationError):
        house.second_door.show(visit, PasskeyShown(credential=key.show(options)))


def test_a_challenge_changed_by_sql_closes(house: People, key: Authenticator, visit: Visit) -> None:
    options = house.second_door.ask(visit, ChallengePurpose.SHOW)
    with house.database.write_connection() as connection:
        connection.execute(text("UPDATE passkey_challenge SET purpose = 'add'"))
        connection.execute(
            text("UPDATE passkey_challenge SET purpose = 'show', challenge = :mine"), {"mine": bytes(32)}
        )

    with pytest.raises(AttestationError):
        house.second_door.show(visit, PasskeyShown(credential=key.show(options, challenge="A" * 43)))


def test_refused_answers_are_counted_like_wrong_codes(house: People, visit: Visit) -> None:
    for _ in range(FREE_FAILURES + 1):
        refuse(house, visit, {"rawId": "AAAA"})

    with pytest.raises(SignInLockedError):
        house.second_door.show(visit, PasskeyShown(credential={"rawId": "AAAA"}))


def test_there_are_no_passkeys_where_browsers_make_none(house: People) -> None:
    house.account(SUPPORT, Role.SUPPORT)
    visit = visit_of(house, house.sign_in(SUPPORT))
    parts = replace(house.second_door._parts, party=RelyingParty.at("http://192.0.2.1"))  # noqa: SLF001 -- another address
    door = SecondDoor(parts)

    assert not door.passkeys_possible
    with pytest.raises(PasskeysUnavailableError):
        door.ask(visit, ChallengePurpose.ADD)
