"""Transfers, measures, numbers, decisions, rights and assets: what contradicts the law is refused at submission."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from governance.database import Database
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.adequacy import adequacy_on
from register.catalogue.countries import COUNTRIES, EEA
from register.catalogue.errors import AdequacyDatesError, CountryUnknownError, MeasureNotFoundError
from register.catalogue.models import Adequacy, Measure
from register.catalogue.seeding import seed_catalogues
from register.catalogue.values import MeasureDomain
from register.errors import DerogationError, DraftingNotAllowedError, IncompleteActivityError, TransferRecipientError
from register.lifecycle import Verb
from register.lines.contents import (
    AssetLine,
    Content,
    DecisionLine,
    MeasureLine,
    PeopleLine,
    RightsLine,
    TransferLine,
)
from register.lines.rights import rights_under
from register.lines.values import AssetKind, DecisionGround, Derogation, Safeguard, Subject
from register.models import ActivityVersion
from register.past import past_record
from register.service import (
    AdequacyTerms,
    Desk,
    MeasureTerms,
    SetPurposeData,
    Step,
    keep_adequacy,
    keep_measure,
    offered_outside,
    set_purpose_data,
)
from tests.builders.ground import StandingClock
from tests.builders.lines import given, put
from tests.builders.register import a_complete_draft, activate, step, terms, the_dpo, the_owner


@pytest.fixture
def house(database: Database, desk: Desk) -> Database:
    """A house with its catalogues and a draft that lacks nothing."""
    with database.write() as session:
        seed_catalogues(session, desk.ids)
        a_complete_draft(session, desk)
    return database


def lacking(database: Database, desk: Desk) -> set[str]:
    try:
        with database.write() as session:
            step(session, desk, the_owner(), Step(activity="loyalty", verb=Verb.SUBMIT))
    except IncompleteActivityError as error:
        return {each.code for each in error.shortcomings}
    return set()


def to(country: str, **fields: object) -> TransferLine:
    return TransferLine(**{"country": country, "recipient": "Support desk", **fields})  # type: ignore[arg-type] # a builder


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (to("IE"), set()),
        (to("RE"), set()),
        (to("IN"), {"transfer-without-safeguard"}),
        (to("IN", safeguard=Safeguard.ADEQUACY), {"no-adequacy-decision"}),
        (to("NZ"), {"transfer-without-safeguard"}),
        (to("NZ", safeguard=Safeguard.ADEQUACY), set()),
        (to("US", safeguard=Safeguard.ADEQUACY), {"partial-adequacy-unexplained"}),
        (to("US", safeguard=Safeguard.ADEQUACY, grounds="On the list since 2024."), set()),
        (to("IN", safeguard=Safeguard.STANDARD_CLAUSES), {"no-transfer-assessment"}),
        (to("US", safeguard=Safeguard.BINDING_RULES), {"no-transfer-assessment"}),
        (to("AD", safeguard=Safeguard.STANDARD_CLAUSES), set()),
        (to("IN", safeguard=Safeguard.STANDARD_CLAUSES, assessment="Encrypted, keys here."), set()),
        (to("IN", safeguard=Safeguard.DEROGATION, derogation=Derogation.CONTRACT), set()),
        (
            to("IN", safeguard=Safeguard.DEROGATION, derogation=Derogation.COMPELLING_INTERESTS),
            {"no-transfer-assessment"},
        ),
    ],
)
def test_a_transfer_is_safe_by_what_its_country_asks_for(
    house: Database, desk: Desk, line: TransferLine, codes: set[str]
) -> None:
    with house.write() as session:
        put(session, desk, Subject.TRANSFERS, line)

    assert lacking(house, desk) == codes


def test_a_decision_on_adequacy_ends_on_its_day(house: Database, desk: Desk, clock: StandingClock) -> None:
    with house.write() as session:
        put(session, desk, Subject.TRANSFERS, to("GB", safeguard=Safeguard.ADEQUACY))
    clock.moment = clock.moment.replace(year=2032)

    assert lacking(house, desk) == {"no-adequacy-decision"}


def test_of_several_decisions_the_widest_in_force_counts(house: Database, desk: Desk) -> None:
    day = date(2026, 1, 1)
    with house.write() as session:
        for decided, some in ((day, ""), (day + timedelta(days=9), "Some")):
            decision = AdequacyTerms(
                country="IN", decided_on=decided, source="x", checked_on=decided, scope_fr=some, scope_en=some
            )
            keep_adequacy(session, desk, the_dpo(), (None, decision))

    with house.read() as session:
        assert not adequacy_on(session, {"IN"}, date(2026, 2, 1))["IN"].partial
        assert adequacy_on(session, {"IN"}, date(2025, 2, 1)) == {}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (TransferLine(country="XX", recipient="Somebody"), CountryUnknownError),
        (TransferLine(country="IN"), TransferRecipientError),
        (TransferLine(country="IN", party_id=uuid.UUID(int=9), recipient="Both"), TransferRecipientError),
        (to("IN", safeguard=Safeguard.DEROGATION), DerogationError),
        (to("IN", derogation=Derogation.CONTRACT), DerogationError),
    ],
)
def test_a_transfer_that_contradicts_itself_is_not_kept(
    house: Database, desk: Desk, line: TransferLine, error: type[Exception]
) -> None:
    with pytest.raises(error), house.write() as session:
        put(session, desk, Subject.TRANSFERS, line)


def a_decision(**fields: object) -> DecisionLine:
    whole = {
        "name": "Instalments", "ground": DecisionGround.CONTRACT, "logic": "Income.", "significance": "Refusal.",
        "safeguards": "Call us.",
    }  # fmt: skip
    return DecisionLine(**{**whole, **fields})  # type: ignore[arg-type] # a builder


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (a_decision(), set()),
        (a_decision(ground=None), {"decision-without-ground"}),
        (a_decision(ground=None, solely=False), set()),
        (a_decision(logic=""), {"decision-unexplained"}),
        (a_decision(significance="", solely=False), {"decision-unexplained"}),
        (a_decision(safeguards=""), {"decision-without-safeguards"}),
        (a_decision(safeguards="", ground=DecisionGround.LAW), set()),
    ],
)
def test_a_machine_decides_alone_by_an_exception_and_with_safeguards(
    house: Database, desk: Desk, line: DecisionLine, codes: set[str]
) -> None:
    with house.write() as session:
        put(session, desk, Subject.DECISIONS, line)

    assert lacking(house, desk) == codes


def test_a_machine_alone_does_not_decide_on_special_categories(house: Database, desk: Desk) -> None:
    with house.write() as session:
        put(session, desk, Subject.DECISIONS, a_decision())
        data = SetPurposeData(purpose="loyalty-points", data=[terms(DataCategory.SPECIAL)])
        set_purpose_data(session, desk, the_owner(), data)

    assert lacking(house, desk) == {"special-category-without-condition", "decision-on-special-categories"}


def test_everything_else_that_a_record_says_comes_into_force_and_stands_in_its_version(
    house: Database, desk: Desk
) -> None:
    with house.write() as session:
        measure = session.scalars(select(Measure).order_by(Measure.id)).first()
        assert measure is not None
        label = (measure.label_fr, measure.label_en)
        said: dict[Subject, Content] = {
            Subject.TRANSFERS: to("NZ", safeguard=Safeguard.ADEQUACY, assessed_on=date(2026, 5, 1)),
            Subject.MEASURES: MeasureLine(measure_id=measure.id, remark="Every night"),
            Subject.PEOPLE: PeopleLine(subject_kind=SubjectKind.CUSTOMER, estimate=12_000),
            Subject.DECISIONS: a_decision(),
            Subject.RIGHTS: RightsLine(how_fr="Écrivez-nous.", how_en="Write to us."),
            Subject.ASSETS: AssetLine(kind=AssetKind.TABLE, name="customers"),
        }
        for subject, line in said.items():
            given(session, desk, subject, line)
        activate(session, desk)

    with house.write() as session:
        keep_measure(
            session,
            desk,
            the_dpo(),
            (measure.id, MeasureTerms(domain=MeasureDomain.ACCESS, label_fr="A", label_en="B")),
        )
    with house.read() as session:
        newest = select(ActivityVersion.snapshot).order_by(ActivityVersion.revision.desc()).limit(1)
        kept = past_record(session.scalars(newest).one()).lines
    assert {subject: [line.content for line in lines] for subject, lines in kept.items() if lines} == {
        subject: [line] for subject, line in said.items()
    }
    assert kept[Subject.MEASURES][0].called == label, "a version keeps the words of its day"


def test_the_catalogues_come_once_and_are_the_officers(house: Database, desk: Desk) -> None:
    measure = MeasureTerms(domain=MeasureDomain.ACCESS, label_fr="Badge", label_en="Badge")
    decision = AdequacyTerms(
        country="IN", decided_on=date(2026, 1, 2), source="x", checked_on=date(2026, 1, 2), until=date(2026, 1, 1)
    )
    with house.read() as session:
        assert seed_catalogues(session, desk.ids) == 0
        countries = set(session.scalars(select(Adequacy.country)))
        assert countries <= COUNTRIES - EEA
    with pytest.raises(DraftingNotAllowedError), house.write() as session:
        keep_measure(session, desk, the_owner(), (None, measure))
    with pytest.raises(MeasureNotFoundError), house.write() as session:
        keep_measure(session, desk, the_dpo(), (uuid.UUID(int=9), measure))
    with pytest.raises(AdequacyDatesError), house.write() as session:
        keep_adequacy(session, desk, the_dpo(), (None, decision))
    with pytest.raises(MeasureNotFoundError), house.write() as session:
        given(session, desk, Subject.MEASURES, MeasureLine(measure_id=uuid.UUID(int=9)))


def test_a_decision_that_was_altered_outside_egide_is_none(house: Database, desk: Desk) -> None:
    today = date(2026, 11, 1)
    with house.read() as session:
        assert set(adequacy_on(session, {"GB", "CN"}, today)) == {"GB"}
    with house.write() as session:
        session.execute(text("UPDATE adequacy SET country = 'CN', until = NULL WHERE country = 'GB'"))

    with house.read() as session:
        assert adequacy_on(session, {"GB", "CN"}, today) == {}


@pytest.mark.parametrize(
    ("basis", "had", "not_had"),
    [
        (LawfulBasis.CONSENT, {"withdrawal of consent", "portability", "erasure"}, {"objection"}),
        (LawfulBasis.CONTRACT, {"portability", "erasure"}, {"objection", "withdrawal of consent"}),
        (LawfulBasis.LEGITIMATE_INTERESTS, {"objection", "erasure"}, {"portability"}),
        (LawfulBasis.LEGAL_OBLIGATION, {"access"}, {"objection", "portability", "erasure"}),
    ],
)
def test_which_rights_people_have_follows_from_the_bases(basis: LawfulBasis, had: set[str], not_had: set[str]) -> None:
    rights = {right for right, _ in rights_under({basis}, decides_alone=False)}

    assert had | {"access", "rectification", "restriction"} <= rights
    assert not not_had & rights
    assert "human intervention" in {right for right, _ in rights_under({basis}, decides_alone=True)}


def test_somebody_outside_is_offered_the_measures_in_our_words_and_none_of_the_houses(
    database: Database, desk: Desk
) -> None:
    own = MeasureTerms(domain=MeasureDomain.ACCESS, label_fr="Coffre 3, code à six chiffres", label_en="Safe 3")
    with database.write() as session:
        seed_catalogues(session, desk.ids)
        first, second, third, *_ = offered_outside(session)
        keep_measure(session, desk, the_dpo(), (None, own))
        keep_measure(session, desk, the_dpo(), (first.id, own))
        said = MeasureTerms(domain=second.domain, label_fr=second.label_fr, label_en=second.label_en, withdrawn=True)
        keep_measure(session, desk, the_dpo(), (second.id, said))
        session.flush()

        offered = offered_outside(session)
        assert third in offered
        assert not {first, second} & set(offered)
        assert all(each.label_en != own.label_en for each in offered)

    with database.write_connection() as connection:
        connection.execute(text("UPDATE measure SET label_en = 'Our safe', delivered = TRUE, withdrawn = FALSE"))
    with database.read() as session:
        assert offered_outside(session) == []
