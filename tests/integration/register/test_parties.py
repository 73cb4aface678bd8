"""What is on file about an organisation is corrected by whoever may add one; who answers for what runs is not."""

import uuid
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.models import LogEntry
from governance.actor import SYSTEM, Role
from governance.database import Database
from register.errors import (
    DraftingNotAllowedError,
    PartyInForceError,
    PartyNamesItselfError,
    PartyNotFoundError,
    PersonRequiredError,
)
from register.lifecycle import Verb
from register.service import (
    ActivityChange,
    Desk,
    NewParty,
    PartyChange,
    Step,
    add_party,
    change_activity,
    change_party,
    find_party,
    get_activity,
    party_thread_of,
    usual_controller,
)
from register.service.recording import snapshot_of
from tests.builders.ground import an_actor
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo, the_owner

MAY = {Role.OWNER, Role.DPO, Role.CONTROLLER}


def on_file(session: Session, desk: Desk, **parts: Any) -> uuid.UUID:
    return add_party(session, desk.ids, the_dpo(), NewParty(**({"name": "Atelier Exemple"} | parts))).id


def a_step(verb: Verb) -> Step:
    return Step(activity="loyalty", verb=verb, text="As decided.")


def said(session: Session) -> list[dict[str, Any]]:
    bodies = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index))
    return [orjson.loads(body)["details"] for body in bodies]


def test_the_firm_of_an_external_officer_stays_who_it_is_while_an_activity_in_force_names_the_officer(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        firm = on_file(session, desk, name="Cabinet Conseil Exemple")
        officer = on_file(session, desk, name="Camille Modèle", firm_id=firm)
        activity = a_complete_draft(session, desk)
        assert activity.controller_id is not None
        change_party(session, the_owner(), activity.controller_id, PartyChange(dpo_id=officer))
        change_party(session, the_owner(), firm, PartyChange(registration="987654321"))
        activate(session, desk)
    for party, change in ((firm, PartyChange(name="Autre")), (officer, PartyChange(firm_id=None))):
        with database.write() as session, pytest.raises(PartyInForceError):
            change_party(session, the_owner(), party, change)
    with database.write() as session:
        change_party(session, the_owner(), firm, PartyChange(city="Lyon"))
        told = snapshot_of(session, get_activity(session, "loyalty"))

    assert told["dpo"] == {"id": str(officer), "name": "Camille Modèle"}
    assert told["dpo_firm"] == {"id": str(firm), "name": "Cabinet Conseil Exemple"}


def test_nobody_acts_for_themselves(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk)
        with pytest.raises(PartyNamesItselfError):
            change_party(session, the_owner(), party, PartyChange(firm_id=party))


def test_a_correction_keeps_the_rest_and_says_in_the_log_which_fields(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk, city="Lyon", telephone="0102030405")
    with database.write() as session:
        change_party(session, the_owner(), party, PartyChange(city="Lille", telephone="0102030405", name="Atelier B"))

    with database.read() as session:
        found = find_party(session, party)
        assert (found.name, found.city, found.telephone) == ("Atelier B", "Lille", "0102030405")
        assert said(session)[-1] == {"verb": "change-party", "fields": ["city", "name"]}
        assert [(fact.verb, fact.fields) for fact in party_thread_of(session, found)] == [
            ("change-party", ("city", "name")),
            ("add-party", ()),
        ]


def test_what_stands_so_already_is_no_correction(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk, city="Lyon")
    with database.write() as session:
        change_party(session, the_owner(), party, PartyChange(city="Lyon"))

    with database.read() as session:
        assert len(said(session)) == 1


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_add_one_may_correct_one(database: Database, desk: Desk, role: Role) -> None:
    with database.write() as session:
        party = on_file(session, desk)
        if role in MAY:
            assert change_party(session, an_actor(role), party, PartyChange(city="Lille")).city == "Lille"
        else:
            with pytest.raises(DraftingNotAllowedError):
                change_party(session, an_actor(role), party, PartyChange(city="Lille"))
        with pytest.raises(PersonRequiredError):
            change_party(session, SYSTEM, party, PartyChange(city="Lille"))


def test_who_answers_for_what_runs_stays_who_it_is_and_may_move_house(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = get_activity(session, "loyalty").controller_id
        assert party is not None
        # Nothing runs yet: whoever is named may still be corrected.
        change_party(session, the_owner(), party, PartyChange(name="Boutique Exemple SARL"))
        activate(session, desk)

        for change in (
            PartyChange(name="Somebody else"),
            PartyChange(registration="000000000"),
            PartyChange(country="BE", city="Liège"),
        ):
            with pytest.raises(PartyInForceError):
                change_party(session, the_owner(), party, change)
        moved = change_party(session, the_owner(), party, PartyChange(city="Lille", email="rgpd@boutique.example"))
        assert (moved.name, moved.city) == ("Boutique Exemple SARL", "Lille")


def test_so_do_their_representative_and_officer(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = get_activity(session, "loyalty").controller_id
        assert party is not None
        officer, another = on_file(session, desk, name="Cabinet Exemple"), on_file(session, desk, name="Cabinet Autre")
        change_party(session, the_owner(), party, PartyChange(dpo_id=officer))
        activate(session, desk)

        with pytest.raises(PartyInForceError):
            change_party(session, the_owner(), officer, PartyChange(name="Cabinet Autre"))
        for swap in (PartyChange(dpo_id=another), PartyChange(dpo_id=None), PartyChange(representative_id=another)):
            with pytest.raises(PartyInForceError):
                change_party(session, the_owner(), party, swap)
        assert (
            change_party(session, the_owner(), officer, PartyChange(telephone="0102030405")).name == "Cabinet Exemple"
        )


def test_stopping_or_reviewing_what_ran_lets_nobody_become_somebody_else(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = get_activity(session, "loyalty").controller_id
        assert party is not None
        activate(session, desk)
        # Under review, suspended, and a draft again: each may come back, or be what the log answers for.
        for verb in (Verb.REVIEW, Verb.SUSPEND, Verb.REVISE):
            step(session, desk, the_controller() if verb is not Verb.REVISE else the_dpo(), a_step(verb))
            with pytest.raises(PartyInForceError):
                change_party(session, the_owner(), party, PartyChange(name="Somebody else"))
        step(session, desk, the_controller(), a_step(Verb.RETIRE))
        assert change_party(session, the_owner(), party, PartyChange(name="Atelier B")).name == "Atelier B"


def test_another_officer_is_named_by_naming_the_firm_as_it_now_is_in_a_review(database: Database, desk: Desk) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        activate(session, desk)
        another = on_file(session, desk, name="Cabinet Autre")
        firm = on_file(session, desk, name="Boutique Exemple", dpo_id=another)

        step(session, desk, the_owner(), a_step(Verb.REVIEW))
        change = ("loyalty", ActivityChange(controller_id=firm))
        change_activity(session, desk.clock, desk.attestor, the_owner(), change)
        kept = activate(session, desk)

        assert (kept.controller_id, kept.running) == (firm, True)
        told = snapshot_of(session, kept)
        assert told["dpo"] == {"id": str(another), "name": "Cabinet Autre"}
        assert told["representative"] is None


def test_nobody_is_named_who_is_not_on_file(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk)
        for change in (PartyChange(dpo_id=desk.ids.new()), PartyChange(representative_id=desk.ids.new())):
            with pytest.raises(PartyNotFoundError):
                change_party(session, the_owner(), party, change)
        with pytest.raises(PartyNotFoundError):
            change_party(session, the_owner(), desk.ids.new(), PartyChange(city="Lille"))


def test_nobody_is_their_own_representative_or_officer(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk)
        for change in (PartyChange(dpo_id=party), PartyChange(representative_id=party)):
            with pytest.raises(PartyNamesItselfError):
                change_party(session, the_owner(), party, change)


def test_a_new_activity_is_offered_whoever_answers_for_most_of_them(database: Database, desk: Desk) -> None:
    with database.write() as session:
        assert usual_controller(session) is None
        alone = on_file(session, desk)
        assert usual_controller(session) == alone
        on_file(session, desk, name="Routage Exemple")
        assert usual_controller(session) is None, "nobody is guessed among several"

        activity = a_complete_draft(session, desk)
        assert usual_controller(session) == activity.controller_id


def test_how_to_reach_somebody_is_in_no_repr() -> None:
    change = PartyChange(email="ada@boutique.example", telephone="0102030405", address="1 rue de l’Exemple")

    assert not any(word in repr(change) for word in ("ada", "0102", "rue"))
