"""What records name of what is on file and somebody wrote past Égide: stated nowhere, and written anew whole."""

import uuid
from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.database import Database
from governance.days import day_of
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from register.catalogue.models import Adequacy, Contract, Measure
from register.catalogue.values import MeasureDomain
from register.errors import PartyInForceError, PartyNamesItselfError
from register.exchange.reading import written_activities
from register.lifecycle import Verb
from register.lines.values import Relation, Subject
from register.models import Party
from register.notices.facts import gather
from register.record import record_of
from register.service import (
    AdequacyTerms,
    ContractTerms,
    Desk,
    MeasureTerms,
    NewParty,
    PartyChange,
    Step,
    add_contract,
    add_party,
    change_contract,
    change_party,
    get_activity,
    keep_adequacy,
    keep_measure,
    published_notice,
)
from register.stated import stated_activities
from tests.builders.lines import on_file, put, taking_part
from tests.builders.notices import WEBSITE, a_point
from tests.builders.register import a_complete_draft, activate, step, the_controller, the_dpo, the_owner

OFFICER: dict[str, Any] = {
    "name": "Cabinet Conseil Exemple",
    "legal_form": "SAS",
    "registration": "552100554",
    "address": "1 rue de la Paix",
    "postcode": "69001",
    "city": "Lyon",
    "country": "FR",
    "email": "dpo@boutique.example",
    "telephone": "+33400000000",
    "representative_id": None,
    "dpo_id": None,
    "firm_id": None,
}


def by_sql(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))
        unrecorded(session, "somebody's SQL")


@pytest.fixture
def officer(database: Database, desk: Desk) -> uuid.UUID:
    """The officer of whoever answers for an activity in force, whose address a notice tells."""
    with database.write() as session:
        a_point(session, desk)
        officer = add_party(session, desk.ids, the_dpo(), NewParty(**OFFICER)).id
        activity = a_complete_draft(session, desk)
        assert activity.controller_id is not None
        change_party(session, the_dpo(), activity.controller_id, PartyChange(dpo_id=officer))
        activate(session, desk)
    by_sql(database, "UPDATE party SET email = 'thief@elsewhere.example' WHERE email <> ''")
    return officer


def said(session: Session) -> list[dict[str, Any]]:
    return [orjson.loads(body)["details"] for body in session.scalars(select(LogEntry.body))]


@pytest.mark.usefixtures("officer")
def test_an_address_that_sql_wrote_is_stated_nowhere(database: Database, desk: Desk) -> None:
    today = day_of(desk.clock.now())
    with database.read() as session:
        with pytest.raises(AttestationError, match="party"):
            gather(session, desk.attestor, today)
        with pytest.raises(AttestationError, match="party"):
            list(stated_activities(session, desk.attestor, None, today))
        with pytest.raises(AttestationError, match="party"):
            list(written_activities(session, desk.attestor))
        assert [error.kind for error in record_of(session, desk.attestor, "loyalty").altered] == ["party"]
        kept = published_notice(session, desk.attestor, WEBSITE)
        assert "thief" not in kept.text.text


@pytest.mark.usefixtures("officer")
def test_nobody_decides_on_a_record_that_names_whom_sql_wrote_and_what_closes_is_not_held_up(
    database: Database, desk: Desk
) -> None:
    with pytest.raises(AttestationError), database.write() as session:
        step(session, desk, the_dpo(), Step(activity="loyalty", verb=Verb.REVIEW, text="To be looked at."))
    with database.write() as session:
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="Stopped."))
        assert not get_activity(session, "loyalty").running


def test_an_organisation_that_was_altered_is_written_anew_whole_by_a_person_and_the_log_says_so(
    database: Database, desk: Desk, officer: uuid.UUID
) -> None:
    with pytest.raises(AttestationError), database.write() as session:
        change_party(session, the_dpo(), officer, PartyChange(city="Lille"))
    with database.write() as session:
        change_party(session, the_dpo(), officer, PartyChange(**OFFICER))

    with database.read() as session:
        assert desk.attestor.is_whole(session.get_one(Party, officer))
        assert session.get_one(Party, officer).email == "dpo@boutique.example"
        assert {"verb": "write-party-anew", "fields": ["email"]} in said(session)
        assert gather(session, desk.attestor, day_of(desk.clock.now())).parties[officer].city == "Lyon"


def test_what_sql_wrote_is_signed_where_a_person_gives_the_very_same(
    database: Database, desk: Desk, officer: uuid.UUID
) -> None:
    with database.write() as session:
        change_party(session, the_dpo(), officer, PartyChange(**OFFICER | {"email": "thief@elsewhere.example"}))

    with database.read() as session:
        assert desk.attestor.is_whole(session.get_one(Party, officer))
        assert {"verb": "write-party-anew", "fields": []} in said(session)


def test_a_version_that_is_deleted_lets_nobody_rename_whom_a_suspended_record_names(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        controller = a_complete_draft(session, desk).controller_id
        assert controller is not None
        activate(session, desk)
        step(session, desk, the_controller(), Step(activity="loyalty", verb=Verb.SUSPEND, text="Why."))
    by_sql(database, "DELETE FROM activity_version WHERE verb = 'activate'")

    with pytest.raises(PartyInForceError), database.write() as session:
        change_party(session, the_dpo(), controller, PartyChange(name="Somebody Else"))


def test_nobody_who_writes_an_organisation_anew_lets_it_name_itself(
    database: Database, desk: Desk, officer: uuid.UUID
) -> None:
    by_sql(database, "UPDATE party SET dpo_id = id WHERE email <> ''")

    with pytest.raises(PartyNamesItselfError), database.write() as session:
        change_party(session, the_dpo(), officer, PartyChange(**OFFICER | {"dpo_id": officer}))


def test_a_measure_a_decision_and_a_contract_are_written_anew_likewise(database: Database, desk: Desk) -> None:
    measure = MeasureTerms(domain=MeasureDomain.ENCRYPTION, label_fr="Chiffrement", label_en="Encryption")
    adequacy = AdequacyTerms(
        country="JP", decided_on=date(2019, 1, 23), source="(UE) 2019/419", checked_on=date(2026, 1, 1)
    )
    with database.write() as session:
        party = add_party(session, desk.ids, the_dpo(), NewParty(name="Routeur Exemple")).id
        contract = ContractTerms(party_id=party, label="Routage")
        kept: dict[Any, uuid.UUID] = {
            Measure: keep_measure(session, desk, the_dpo(), (None, measure)).id,
            Adequacy: keep_adequacy(session, desk, the_dpo(), (None, adequacy)).id,
            Contract: add_contract(session, desk, the_owner(), contract).id,
        }
    for table, change in (("measure", "label_fr = 'x'"), ("adequacy", "country = 'RU'"), ("contract", "label = 'x'")):
        by_sql(database, f"UPDATE {table} SET {change}")
    assert whole(database, desk.attestor, kept) == [False, False, False]

    with database.write() as session:
        keep_measure(session, desk, the_dpo(), (kept[Measure], measure))
        keep_adequacy(session, desk, the_dpo(), (kept[Adequacy], adequacy))
        change_contract(session, desk, the_owner(), (kept[Contract], contract))

    assert whole(database, desk.attestor, kept) == [True, True, True]
    with database.read() as session:
        verbs = [each["verb"] for each in said(session)]
    assert verbs[-3:] == ["write-measure-anew", "write-adequacy-anew", "write-contract-anew"]


def whole(database: Database, attestor: Attestor, kept: dict[Any, uuid.UUID]) -> list[bool]:
    with database.read() as session:
        return [attestor.is_whole(session.get_one(model, key)) for model, key in kept.items()]


def test_what_decides_is_never_signed_anew(database: Database, desk: Desk) -> None:
    with database.write() as session:
        activity = a_complete_draft(session, desk)
        with pytest.raises(TypeError):
            desk.attestor.sign_anew(activity)


def test_a_record_tells_whoever_stands_for_a_processor_where_that_one_was_altered(
    database: Database, desk: Desk
) -> None:
    with database.write() as session:
        a_complete_draft(session, desk)
        processor = on_file(session, desk, "Hébergeur Exemple")
        officer = add_party(session, desk.ids, the_dpo(), NewParty(name="Ada Lefranc"))
        change_party(session, the_dpo(), processor.id, PartyChange(dpo_id=officer.id))
        put(session, desk, Subject.PARTIES, taking_part(processor, Relation.PROCESSOR))
    by_sql(database, "UPDATE party SET email = 'thief@elsewhere.example' WHERE name = 'Ada Lefranc'")

    with database.read() as session:
        assert [each.kind for each in record_of(session, desk.attestor, "loyalty").altered] == ["party"]
    with pytest.raises(AttestationError), database.write() as session:
        step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
