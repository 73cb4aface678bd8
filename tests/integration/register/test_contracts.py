"""Contracts with processors: what is on file, how they stand, and which processor may not begin without one."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from audit.search import Filters, search
from governance.actor import Role
from governance.database import Database
from governance.days import day_of
from register.catalogue.contracts import contract_states
from register.catalogue.errors import ContractDatesError, ContractNotFoundError
from register.catalogue.values import Clause, ContractState, SubProcessing
from register.errors import DraftingNotAllowedError, IncompleteActivityError, PartyNotFoundError
from register.lifecycle import Verb
from register.lines.values import Relation, Subject
from register.service import (
    ContractTerms,
    Desk,
    Step,
    add_contract,
    change_contract,
    find_contract,
    list_processors,
)
from tests.builders.ground import StandingClock, an_actor
from tests.builders.lines import contract_terms, given, on_file, taking_part
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_owner

TODAY = date(2026, 11, 22)
IN_90_DAYS = TODAY + timedelta(days=90)


@pytest.mark.parametrize(
    ("contracts", "state"),
    [
        ([], ContractState.MISSING),
        ([{}], ContractState.VALID),
        ([{"signed_on": None}], ContractState.INCOMPLETE),
        ([{"signed_on": TODAY + timedelta(days=1)}], ContractState.INCOMPLETE),
        ([{"clauses": frozenset(Clause) - {Clause.AUDIT}}], ContractState.INCOMPLETE),
        ([{"document": ""}], ContractState.INCOMPLETE),
        ([{"sub_processing": SubProcessing.SPECIFIC}], ContractState.INCOMPLETE),
        ([{"sub_processing": SubProcessing.SPECIFIC, "sub_processors": "Cloud, Ireland"}], ContractState.VALID),
        ([{"sub_processing": SubProcessing.GENERAL}], ContractState.VALID),
        ([{"ends_on": IN_90_DAYS}], ContractState.ENDING),
        ([{"ends_on": IN_90_DAYS + timedelta(days=1)}], ContractState.VALID),
        ([{"ends_on": TODAY}], ContractState.ENDING),
        ([{"ends_on": TODAY - timedelta(days=1)}], ContractState.OVER),
        ([{"ends_on": TODAY - timedelta(days=1)}, {}], ContractState.VALID),
        ([{"ends_on": TODAY}, {"ends_on": TODAY + timedelta(days=400)}], ContractState.VALID),
    ],
)
def test_how_a_contract_stands_follows_from_what_is_on_file_and_from_the_day(
    database: Database, desk: Desk, contracts: list[dict[str, Any]], state: ContractState
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = on_file(session, desk)
        given(session, desk, Subject.PARTIES, taking_part(party, Relation.PROCESSOR))
        for terms in contracts:
            add_contract(session, desk, the_owner(), contract_terms(party, **terms))

    with database.read() as session:
        [row] = list_processors(session, TODAY, after=None, limit=10).rows
        assert (row.party.name, row.state, len(row.contracts)) == ("Hébergeur Exemple", state, len(contracts))


def test_a_contract_is_corrected_and_each_time_recorded(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party = on_file(session, desk)
        contract = add_contract(session, desk, the_owner(), contract_terms(party, clauses=frozenset({Clause.AUDIT})))
        terms = contract_terms(party, clauses=frozenset({Clause.RIGHTS, Clause.AUDIT}), label="Hosting")
        change_contract(session, desk, the_controller(), (contract.id, terms))
        kept = contract.id

    with database.read() as session:
        found = find_contract(session, kept)
        entries = search(session, Filters(object_type="contract", object_id=str(kept)), limit=5)
        assert (found.label, found.clauses, len(found.missing_clauses)) == ("Hosting", "eh", 6)
        assert [entry.said["details"]["verb"] for entry in entries] == ["change-contract", "add-contract"]


def test_what_cannot_be_a_contract_is_refused(database: Database, desk: Desk) -> None:
    with database.write() as session:
        party, other = on_file(session, desk), on_file(session, desk, "Other")
        contract = add_contract(session, desk, the_owner(), contract_terms(party)).id
        terms, others = contract_terms(party), contract_terms(other)
        backwards = contract_terms(party, ends_on=date(2025, 12, 31))
        unsigned = contract_terms(party, signed_on=None, ends_on=TODAY)

    for wrong in (backwards, unsigned):
        with pytest.raises(ContractDatesError), database.write() as session:
            add_contract(session, desk, the_owner(), wrong)
    with pytest.raises(PartyNotFoundError), database.write() as session:
        add_contract(session, desk, the_owner(), ContractTerms(party_id=uuid.UUID(int=9), label="x"))
    for absent in (uuid.UUID(int=9), contract):
        with pytest.raises(ContractNotFoundError), database.write() as session:
            change_contract(session, desk, the_owner(), (absent, others))
    with pytest.raises(DraftingNotAllowedError), database.write() as session:
        change_contract(session, desk, an_actor(Role.SALES), (contract, terms))


def test_an_altered_contract_does_not_count(database: Database, desk: Desk) -> None:
    today = day_of(desk.clock.now())
    with database.write() as session:
        party = on_file(session, desk)
        add_contract(session, desk, the_owner(), contract_terms(party))
        before = contract_states(session, [party.id], today)[party.id]
        session.execute(text("UPDATE contract SET document = 'forged'"))
        session.expire_all()

        assert before is ContractState.VALID
        assert contract_states(session, [party.id], today)[party.id] is ContractState.MISSING


def test_a_processor_begins_with_a_contract_and_goes_on_when_a_date_passes(
    database: Database, desk: Desk, clock: StandingClock
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        party = on_file(session, desk)
        given(session, desk, Subject.PARTIES, taking_part(party, Relation.PROCESSOR))
    with pytest.raises(IncompleteActivityError) as refused, database.write() as session:
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
    assert [(each.code, each.about) for each in refused.value.shortcomings] == [("no-contract", "Hébergeur Exemple")]

    with database.write() as session:
        add_contract(session, desk, the_owner(), contract_terms(party, ends_on=TODAY + timedelta(days=10)))
        activate(session, desk)
    clock.advance(days=30)
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.REVIEW))
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.CONFIRM))
        [row] = list_processors(session, day_of(clock.now()), after=None, limit=10).rows
    assert row.state is ContractState.OVER
