"""Judging columns by their names and by samples of their values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.datamap.adopt.columns import About, Judgement, judge
from governance.datamap.adopt.content import look_at
from governance.datamap.adopt.proposal import Confidence, LeftOut
from governance.datamap.adopt.reflect import ColumnType, ReflectedColumn
from governance.datamap.values import FieldKind
from governance.vocabulary import DataCategory

EMAILS = [f"p{number}@courrier.example" for number in range(30)]
PHONES = [f"+33 1 99 00 {number:02d} {number:02d}" for number in range(30)]
IBANS = ["FR7630006000011234567890189", "DE89370400440532013000"] * 10
SIRETS = ["73282932000074", "44306184100047"] * 10
NIRS = ["255081416802538", "2 55 08 14 168 025 38"] * 10
NAMES = ["Jean", "Émilie", "Marie-Claude", "Anne", "Xyz"] * 5
PROSE = ["Elle préfère être rappelée le matin, avant neuf heures.", "ok"] * 10


def judged(
    name: str, values: list[object], kind: ColumnType = ColumnType.TEXT, about: About = About.PERSONS
) -> Judgement | LeftOut:
    return judge(ReflectedColumn(name=name, type=kind, declared=kind.name), look_at(values, kind), about)


def proposed(
    name: str, values: list[object], kind: ColumnType = ColumnType.TEXT, about: About = About.PERSONS
) -> Judgement:
    found = judged(name, values, kind, about)
    assert isinstance(found, Judgement)
    return found


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (EMAILS, FieldKind.EMAIL),
        (PHONES, FieldKind.PHONE),
        (IBANS, FieldKind.IBAN),
        (SIRETS, FieldKind.SIRET),
        (["192.0.2.7", "2001:db8::7"] * 10, FieldKind.TEXT),
        (["https://shop.example/a"] * 20, FieldKind.URL),
        (NAMES, FieldKind.NAME),
        (PROSE, FieldKind.FREE_TEXT),
        (["75011", "97400", "01000"] * 10, FieldKind.POSTCODE),
    ],
    ids=["e-mail", "telephone", "iban", "siret", "network", "url", "given name", "prose", "postcode"],
)
def test_content_speaks_where_the_name_says_nothing(values: list[object], kind: FieldKind) -> None:
    assert proposed("xq7", values).kind is kind


def test_a_national_number_is_flagged_by_its_content() -> None:
    assert proposed("xq7", list(NIRS)).meaning.nir


def test_name_and_content_that_agree_give_confidence() -> None:
    found = proposed("courriel", list(EMAILS))

    assert found.grounds.confidence is Confidence.HIGH
    assert found.grounds.sentence.endswith("100 % of 30 values parse as an e-mail address")


def test_a_name_that_the_content_contradicts_gives_little_confidence() -> None:
    found = proposed("email", ["see the paper file"] * 10)

    assert (found.kind, found.grounds.confidence) == (FieldKind.TEXT, Confidence.LOW)
    assert found.meaning.category is DataCategory.CONTACT


def test_content_of_a_form_of_its_own_wins_over_the_name() -> None:
    found = proposed("telephone", list(EMAILS))

    assert (found.kind, found.grounds.confidence) == (FieldKind.EMAIL, Confidence.MEDIUM)


def test_the_warning_of_a_name_is_not_lost_to_the_content() -> None:
    found = proposed("allergies", list(EMAILS))

    assert found.meaning.special
    assert found.meaning.category is DataCategory.SPECIAL


def test_what_is_not_understood_about_a_person_is_left_out() -> None:
    found = judged("xq7", ["a1-9", "b2-8"] * 10)

    assert isinstance(found, LeftOut)
    assert found.reason == "neither its name nor its content says what it holds"


def test_what_is_not_understood_about_a_thing_is_proposed_with_little_confidence() -> None:
    found = proposed("xq7", ["a1-9", "b2-8"] * 10, about=About.THINGS)

    assert (found.kind, found.grounds.confidence) == (FieldKind.TEXT, Confidence.LOW)


@pytest.mark.parametrize("name", ["password", "mot_de_passe", "ApiKey", "reset_token", "PasswordHash"])
def test_secrets_are_left_out(name: str) -> None:
    assert isinstance(judged(name, ["x"] * 20), LeftOut)


def test_what_has_no_type_to_give_is_left_out() -> None:
    found = judged("photo", [], ColumnType.OTHER)

    assert isinstance(found, LeftOut)
    assert "cannot be given" in found.reason


@pytest.mark.parametrize(
    ("name", "values", "column", "kind"),
    [
        ("birth_date", ["1970-01-01 00:00:00"], ColumnType.MOMENT, FieldKind.BIRTH_DATE),
        ("hire_date", ["2020-01-01"], ColumnType.DATE, FieldKind.DATE),
        ("order_date", ["2026-01-01 00:00:00"] * 3, ColumnType.MOMENT, FieldKind.DATE),
        ("order_date", ["2026-01-01 10:30:00"] * 3, ColumnType.MOMENT, FieldKind.MOMENT),
        ("order_date", ["2026-01-01"] * 3, ColumnType.TEXT, FieldKind.DATE),
        ("order_date", ["last spring"] * 3, ColumnType.TEXT, FieldKind.TEXT),
        ("total", [1], ColumnType.INTEGER, FieldKind.INTEGER),
        ("total", [1.5], ColumnType.NUMBER, FieldKind.NUMBER),
        ("total", ["1,50"], ColumnType.TEXT, FieldKind.TEXT),
        ("newsletter", [True], ColumnType.BOOLEAN, FieldKind.BOOLEAN),
        ("cp", [75011] * 20, ColumnType.INTEGER, FieldKind.POSTCODE),
    ],
)
def test_the_kind_fits_the_type_of_the_column(
    name: str, values: list[object], column: ColumnType, kind: FieldKind
) -> None:
    assert proposed(name, values, column).kind is kind


def test_a_name_names_a_person_only_in_a_table_of_persons() -> None:
    assert proposed("name", ["Nocturne"] * 9).meaning.what == "a person's name"
    assert proposed("name", ["Nocturne"] * 9, about=About.THINGS).meaning.what == "a label"
    assert isinstance(judged("name", ["Nocturne"] * 9, about=About.LINKED), LeftOut)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), min_size=12), min_size=5, max_size=20))
def test_no_value_comes_back_in_the_evidence(values: list[str]) -> None:
    found = judged("xq7", list(values), about=About.THINGS)

    said = found.reason if isinstance(found, LeftOut) else found.grounds.sentence
    assert not any(value.strip() and value.strip() in said for value in values)


@pytest.mark.parametrize("name", ["birth", "born", "date_naissance", "DDN"])
def test_days_written_as_text_are_a_date_of_birth_where_the_name_says_so(name: str) -> None:
    days: list[object] = [f"19{number:02d}-05-04" for number in range(40, 70)]

    assert proposed(name, [*days, ""]).kind is FieldKind.BIRTH_DATE


@pytest.mark.parametrize("name", ["created", "date_facture", "hired"])
def test_days_written_as_text_are_days_where_the_name_speaks_of_a_date(name: str) -> None:
    assert proposed(name, [f"20{number}-05-04" for number in range(10, 26)]).kind is FieldKind.DATE


def test_days_of_which_nothing_says_whose_they_are_are_offered_as_days_to_whoever_takes_them_in() -> None:
    found = judged("xq7", [f"20{number}-05-04" for number in range(10, 26)])

    assert isinstance(found, LeftOut)
    assert found.kind is FieldKind.DATE
