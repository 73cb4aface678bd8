"""What names of columns and tables say, in French and in English."""

import pytest

from governance.datamap.adopt.names import look_up, slug_of, words_of
from governance.datamap.adopt.vocabulary import COLUMNS, TABLES
from governance.datamap.values import RESERVED_FIELDS, FieldKind
from governance.vocabulary import DataCategory, SubjectKind


@pytest.mark.parametrize(
    "name",
    ["DateDeNaissance", "date_de_naissance", "DATE-NAISSANCE", "dateNaissance", "date naissance", "datenaissance"],
)
def test_a_name_means_the_same_however_it_is_written(name: str) -> None:
    meaning = look_up(name, COLUMNS)

    assert meaning is not None
    assert meaning.kind is FieldKind.BIRTH_DATE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Email", FieldKind.EMAIL),
        ("adresse_mail", FieldKind.EMAIL),
        ("CourrielPro", FieldKind.EMAIL),
        ("BillingAddress", FieldKind.ADDRESS),
        ("email_address", FieldKind.EMAIL),
        ("tel_portable", FieldKind.PHONE),
        ("Fax", FieldKind.PHONE),
        ("code_postal", FieldKind.POSTCODE),
        ("BillingPostalCode", FieldKind.POSTCODE),
        ("LastName", FieldKind.NAME),
        ("prénom", FieldKind.NAME),
        ("Prenoms", FieldKind.NAME),
        ("nom_client", FieldKind.NAME),
        ("lieu_naissance", FieldKind.CITY),
        ("ville", FieldKind.CITY),
        ("IBAN", FieldKind.IBAN),
        ("siret", FieldKind.SIRET),
        ("commentaires", FieldKind.FREE_TEXT),
        ("total_ttc", FieldKind.NUMBER),
    ],
)
def test_a_name_says_a_kind(name: str, kind: FieldKind) -> None:
    meaning = look_up(name, COLUMNS)

    assert meaning is not None
    assert meaning.kind is kind


@pytest.mark.parametrize(
    "name",
    ["allergies", "religion", "handicap", "syndicat", "orientation_sexuelle", "groupe_sanguin", "origine_ethnique"],
)
def test_special_categories_are_told_by_their_name(name: str) -> None:
    meaning = look_up(name, COLUMNS)

    assert meaning is not None
    assert meaning.special
    assert meaning.category is DataCategory.SPECIAL


def test_the_national_number_and_offences_are_told_by_their_name() -> None:
    assert look_up("numero_securite_sociale", COLUMNS).nir  # type: ignore[union-attr]
    assert look_up("casier_judiciaire", COLUMNS).criminal  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["xq7", "flags", "", "___", "42", "ключ"])
def test_an_unknown_name_says_nothing(name: str) -> None:
    assert look_up(name, COLUMNS) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Customer", SubjectKind.CUSTOMER),
        ("clients", SubjectKind.CUSTOMER),
        ("Employé", SubjectKind.EMPLOYEE),
        ("Salariés", SubjectKind.EMPLOYEE),
        ("prospects", SubjectKind.PROSPECT),
        ("utilisateurs", SubjectKind.OTHER),
    ],
)
def test_a_table_is_called_after_persons(name: str, kind: SubjectKind) -> None:
    assert look_up(name, TABLES) is kind


def test_the_words_of_an_acronym_stay_together() -> None:
    assert words_of("IBANClient") == ("iban", "client")
    assert words_of("ClientID2") == ("client", "id", "2")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("FirstName", "first_name"),
        ("Prénom", "prenom"),
        ("2ndPhone", "t_2_nd_phone"),
        ("ключ", "kliuch"),
        ("", "t"),
        ("a" * 200, "a" * 59),
        ("taken", "taken_2"),
        ("state", "state_2"),
    ],
)
def test_a_physical_name_becomes_a_name_of_the_map(name: str, slug: str) -> None:
    assert slug_of(name, {"taken", *RESERVED_FIELDS}, "t") == slug


def test_no_phrase_is_written_so_that_it_can_never_be_found() -> None:
    for phrase in (*COLUMNS, *TABLES):
        assert phrase.isalnum()
        assert phrase == phrase.lower()
