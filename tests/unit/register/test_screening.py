"""Which criteria of a likely high risk a record meets: WP 248 rev.01, and GDPR Art. 35(3)."""

import pytest

from governance.vocabulary import DataCategory, SubjectKind
from register.screening.criteria import Criterion, Screened, criteria_met, large_scale, surely_required
from register.screening.labels import CRITERION_LABELS
from register.values import Provenance

MANY = large_scale()
CUSTOMER, EMPLOYEE = SubjectKind.CUSTOMER, SubjectKind.EMPLOYEE


def record(
    *categories: DataCategory,
    kind: SubjectKind = CUSTOMER,
    provenances: tuple[Provenance, ...] = (Provenance.PERSON,),
    people: int = 0,
    profiles: bool = False,
    decides: bool = False,
) -> Screened:
    return Screened(
        data={(kind, each) for each in (DataCategory.IDENTITY, *categories)},
        provenances=frozenset(provenances),
        people=people,
        profiles=profiles or decides,
        decides=decides,
    )


@pytest.mark.parametrize(
    ("screened", "met"),
    [
        (record(), ()),
        (record(profiles=True), (Criterion.EVALUATION,)),
        (record(decides=True), (Criterion.EVALUATION, Criterion.DECISION)),
        (record(DataCategory.BEHAVIOUR), (Criterion.MONITORING,)),
        (record(DataCategory.SPECIAL), (Criterion.SENSITIVE,)),
        (record(DataCategory.OFFENCES), (Criterion.SENSITIVE,)),
        (record(DataCategory.LOCATION, DataCategory.ECONOMIC), (Criterion.SENSITIVE,)),
        (record(people=MANY - 1), ()),
        (record(people=MANY), (Criterion.LARGE_SCALE,)),
        (record(provenances=(Provenance.THIRD_PARTY_FILE,)), ()),
        (record(provenances=(Provenance.PERSON, Provenance.INTERNAL)), ()),
        (record(provenances=(Provenance.PERSON, Provenance.THIRD_PARTY_FILE)), (Criterion.MATCHING,)),
        (record(provenances=(Provenance.INTERNAL, Provenance.PUBLIC_SOURCE)), (Criterion.MATCHING,)),
        (record(kind=EMPLOYEE), (Criterion.VULNERABLE,)),
    ],
)
def test_a_criterion_is_what_the_record_says(screened: Screened, met: tuple[Criterion, ...]) -> None:
    assert criteria_met(screened) == met


@pytest.mark.parametrize(
    ("screened", "sure"),
    [
        (record(decides=True), True),
        (record(DataCategory.SPECIAL, people=MANY), True),
        (record(DataCategory.OFFENCES, people=MANY), True),
        (record(DataCategory.OFFENCES, people=MANY - 1), False),
        (record(DataCategory.LOCATION, people=MANY), False),
        (record(DataCategory.SPECIAL, kind=EMPLOYEE), False),
        (record(DataCategory.LOCATION, kind=EMPLOYEE, people=MANY), True),
    ],
)
def test_what_the_law_names_and_three_criteria_leave_no_doubt(screened: Screened, sure: bool) -> None:
    assert surely_required(screened) is sure


def test_every_criterion_has_its_words() -> None:
    assert set(CRITERION_LABELS) == set(Criterion)
