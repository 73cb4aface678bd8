"""The register in files: what is written out comes back as drafts, the same; all of it or nothing."""

import io
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from governance.actor import Role
from governance.database import Database
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vocabulary import DataCategory
from register.catalogue.contracts import contract_states
from register.catalogue.models import Contract
from register.catalogue.values import Clause, ContractState
from register.errors import DraftingNotAllowedError
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import Fate, Imported, ImportRegister, import_register, look_over
from register.exchange.errors import MalformedRegisterError, NameClashError, NothingToImportError
from register.exchange.json_file import read_json, write_json
from register.exchange.reading import written_activities
from register.exchange.written import WrittenActivity, WrittenMeasure, WrittenPartaking, WrittenParty
from register.lifecycle import ActivityState
from register.lines.values import Relation
from register.models import Activity, Party, Purpose
from register.service import (
    ContractTerms,
    Desk,
    NewActivity,
    SetPurposeData,
    change_contract,
    draft_activity,
    set_purpose_data,
)
from register.values import Standing
from tests.builders.ground import an_actor
from tests.builders.register import a_purpose, the_dpo, the_owner
from tests.builders.register import terms as new_terms
from tests.builders.written import HOST, HOSTING, a_written_activity, as_read, without_dates


def brought_in(exchanging: ExchangeDesk, *activities: WrittenActivity, clashing: Fate | None = None) -> Imported:
    return import_register(exchanging, the_dpo(), ImportRegister(register=as_read(*activities), clashing=clashing))


def written_out(session: Session, attestor: Attestor) -> list[WrittenActivity]:
    return [without_dates(each) for each in written_activities(session, attestor)]


def test_an_activity_with_nothing_left_empty_comes_back_as_it_was(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    wanted = [a_written_activity(), a_written_activity("second", name_fr="Deuxième", name_en="Second", rights=None)]
    done = brought_in(exchanging, *wanted)
    with database.read() as session:
        assert written_out(session, desk.attestor) == wanted
    assert done.drafted == ["loyalty", "second"]


def test_through_json_the_register_is_the_same(database: Database, desk: Desk, exchanging: ExchangeDesk) -> None:
    brought_in(exchanging, a_written_activity())
    file = io.BytesIO()
    with database.read() as session:
        there = list(written_activities(session, desk.attestor))
        write_json(file, there)

    assert [each.activity for each in read_json(file.getvalue()).activities] == there


def test_whatever_a_file_says_it_drafts_and_puts_nothing_in_force(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    brought_in(exchanging, replace(a_written_activity(), state=ActivityState.ACTIVE))
    with database.write() as session:
        activity = session.scalars(select(Activity)).one()

        assert activity.state is ActivityState.DRAFT
        assert not activity.running
        assert set(session.scalars(select(Purpose.standing))) == {Standing.PROPOSED}


def test_an_organisation_named_twice_is_one_and_one_on_file_is_found_again(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    again = a_written_activity("second", name_fr="Deuxième", name_en="Second")
    first = brought_in(exchanging, a_written_activity())
    second = brought_in(exchanging, again)
    with database.write() as session:
        names = list(session.scalars(select(Party.name)))

    assert len(names) == len(set(names)) == first.parties
    assert second.parties == second.measures == 0


def test_a_contract_that_a_file_brings_is_put_on_file_once_and_counts_once_somebody_saved_it(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    again = a_written_activity("second", name_fr="Deuxième", name_en="Second")
    assert brought_in(exchanging, a_written_activity()).contracts == 2
    assert brought_in(exchanging, again).contracts == 0
    with database.write() as session:
        contract = session.scalars(select(Contract).where(Contract.signed_on.is_not(None))).one()
        today = date(2026, 12, 1)
        before = contract_states(session, [contract.party_id], today)
        told = {name: getattr(contract, name) for name in ContractTerms.__dataclass_fields__}
        seen = ContractTerms(**{**told, "clauses": frozenset(Clause)})
        change_contract(session, desk, the_owner(), (contract.id, seen))
        after = contract_states(session, [contract.party_id], today)

    assert before == {contract.party_id: ContractState.INCOMPLETE}
    assert after == {contract.party_id: ContractState.VALID}


def test_a_contract_of_a_file_takes_nothing_from_one_that_counts(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    longer = replace(HOSTING, label="Autre", ends_on=date(2090, 1, 1), clauses=())
    processor = WrittenPartaking(party=HOST, relation=Relation.PROCESSOR, contracts=(longer,))
    brought_in(exchanging, a_written_activity())
    with database.write() as session:
        contract = session.scalars(select(Contract).where(Contract.signed_on.is_not(None))).one()
        told = {name: getattr(contract, name) for name in ContractTerms.__dataclass_fields__}
        seen = ContractTerms(**{**told, "clauses": frozenset(Clause)})
        change_contract(session, desk, the_owner(), (contract.id, seen))
    brought_in(exchanging, a_written_activity("second", name_fr="Deuxième", parties=(processor,)))
    with database.write() as session:
        states = contract_states(session, [contract.party_id], date(2026, 12, 1))

    assert states == {contract.party_id: ContractState.VALID}


def test_a_contract_that_contradicts_itself_is_told_with_its_place(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    wrong = WrittenPartaking(
        party=HOST, relation=Relation.PROCESSOR, contracts=(HOSTING, replace(HOSTING, ends_on=date(2020, 1, 1)))
    )
    nobody = WrittenPartaking(party=HOST, relation=Relation.RECIPIENT, contracts=(HOSTING,))

    place = r"\$\.activities\[0\]\.parties\[0\]\.contracts\[1\]\.ends_on.*\$\.activities\[0\]\.parties\[1\]\.contracts"
    with pytest.raises(MalformedRegisterError, match=place):
        brought_in(exchanging, a_written_activity(parties=(wrong, nobody)))


def test_what_differs_from_an_organisation_on_file_is_another_one(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    moved = WrittenParty(name="Boutique Exemple", city="Lille")
    brought_in(exchanging, a_written_activity())
    brought_in(exchanging, a_written_activity("second", name_fr="Deuxième", controller=moved))
    with database.write() as session:
        cities = session.scalars(select(Party.city).where(Party.name == moved.name).order_by(Party.id)).all()

    assert cities == ["Paris", "Lille"]


def test_each_time_that_a_file_is_drafted_again_its_names_get_the_next_number(
    database: Database, exchanging: ExchangeDesk
) -> None:
    same = a_written_activity()
    for _ in range(3):
        brought_in(exchanging, same, clashing=Fate.DRAFT)

    with database.read() as session:
        assert [*session.scalars(select(Activity.name_fr).order_by(Activity.id))] == [
            "Programme de fidélité", "Programme de fidélité (2)", "Programme de fidélité (3)",
        ]  # fmt: skip


def test_a_name_that_is_taken_is_told_and_somebody_chooses(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    same, named_alike = a_written_activity(), a_written_activity("fidelity")
    brought_in(exchanging, same)
    with database.read() as session:
        found = look_over(session, as_read(same, named_alike))
    assert [(each.clashes_with, each.named.slug, each.named.name_fr) for each in found] == [
        ("loyalty", "loyalty-2", "Programme de fidélité (2)"),
        ("loyalty", "fidelity", "Programme de fidélité (3)"),
    ]
    with pytest.raises(NameClashError, match="loyalty"):
        brought_in(exchanging, same)
    with pytest.raises(NothingToImportError):
        brought_in(exchanging, same, clashing=Fate.LEAVE_OUT)
    done = brought_in(exchanging, same, clashing=Fate.DRAFT)
    with database.write() as session:
        # Purposes keep their slugs for ever, so the second draft's have others.
        slugs = session.scalars(select(Purpose.slug).order_by(Purpose.id)).all()

    assert done.drafted == ["loyalty-2"]
    assert slugs[3:] == ["loyalty-points-2", "loyalty-offers-2", "loyalty-diets-2"]


def test_one_wrong_activity_keeps_all_out(database: Database, desk: Desk, exchanging: ExchangeDesk) -> None:
    good = a_written_activity()
    twice = replace(good.purposes[0], slug="other", data=(*good.purposes[0].data, good.purposes[0].data[0]))
    bad = a_written_activity("second", name_fr="Deuxième", purposes=(twice,))

    place = r"\$\.activities\[1\]\.purposes\[0\]\.data\[2\]"
    with pytest.raises(MalformedRegisterError, match=place):
        brought_in(exchanging, good, bad)

    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_only_the_dpo_brings_a_new_measure_into_the_catalogue(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    file = ImportRegister(register=as_read(a_written_activity()))
    with pytest.raises(MalformedRegisterError, match=r"measures\[0\]"):
        import_register(exchanging, the_owner(), file)
    with database.write() as session:
        bare = replace(a_written_activity(), measures=())
    import_register(exchanging, the_owner(), ImportRegister(register=as_read(bare)))
    with database.write() as session:
        assert session.scalars(select(Activity.owner_id)).one() == the_owner().id


def test_who_drafts_nothing_imports_nothing(database: Database, desk: Desk, exchanging: ExchangeDesk) -> None:
    for role in (Role.CONTROLLER, Role.AUDITOR, Role.ADMIN):
        with pytest.raises(DraftingNotAllowedError):
            import_register(exchanging, an_actor(role), ImportRegister(register=as_read(a_written_activity())))


def test_what_runs_is_written_as_it_is_in_force_and_not_as_proposed(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    with database.write() as session:
        a_purpose(session, slug="orders", state=ActivityState.UNDER_REVIEW, owner_id=the_owner().id)
        proposal = SetPurposeData(purpose="orders", data=[new_terms(DataCategory.ECONOMIC)])
        set_purpose_data(session, desk, the_owner(), proposal)
        written = next(written_activities(session, desk.attestor))

    assert {each.category for each in written.purposes[0].data} == {DataCategory.IDENTITY, DataCategory.CONTACT}


def test_a_row_altered_outside_is_not_handed_out(database: Database, desk: Desk, exchanging: ExchangeDesk) -> None:
    brought_in(exchanging, a_written_activity())
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE activity_people SET estimate = 1"))

    with database.read() as session, pytest.raises(AttestationError):
        list(written_activities(session, desk.attestor))


def test_a_retired_activity_is_left_out(database: Database, desk: Desk, exchanging: ExchangeDesk) -> None:
    with database.write() as session:
        command = NewActivity(slug="old", name_fr="Ancienne", name_en="Old")
        activity = draft_activity(session, desk.clock, desk.ids, the_owner(), command)
        activity.state = ActivityState.RETIRED
        session.flush()

        assert list(written_activities(session, desk.attestor)) == []


def test_a_measure_is_found_by_its_name_in_either_language(
    database: Database, desk: Desk, exchanging: ExchangeDesk
) -> None:
    known = a_written_activity().measures[0]
    spelt = WrittenMeasure(domain=known.domain, label_fr=known.label_fr.upper(), label_en="Something else")
    brought_in(exchanging, a_written_activity())
    done = brought_in(exchanging, a_written_activity("second", name_fr="Deuxième", measures=(spelt,)))

    assert done.measures == 0
