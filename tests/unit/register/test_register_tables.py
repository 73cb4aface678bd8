"""The register as a table: written for spreadsheets, and read from whatever others keep as one."""

import csv
import io
import time
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from governance.actor import Role
from governance.periods import Period
from governance.spreadsheets.errors import SpreadsheetError
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.values import MeasureDomain
from register.exchange.errors import MalformedRegisterError, UnknownFormatError
from register.exchange.opening import open_register
from register.exchange.placed import PlacedActivity
from register.exchange.tables.columns import Field, field_of
from register.exchange.tables.writing import write_csv, write_xlsx
from register.exchange.words import spoken_in
from register.exchange.written import WrittenActivity
from register.labels import STATE_LABELS
from register.lifecycle import ActivityState
from register.lines.values import Relation, Safeguard
from register.values import StartingEvent
from tests.builders.simplified import an_ods_of
from tests.builders.written import HOSTING, ITS_DRAFT, a_written_activity

# As MADIS names its columns: boxes that are ticked, each with one for remarks behind.
MADIS: dict[str, str] = {
    "Nom": "Gestion des inscriptions",
    "Structure - Nom": "Commune Exemple",
    "Structure - SIREN": "123456789",
    "En tant que": "Responsable de traitement",
    "Finalités": "Inscrire les enfants",
    "Gestionnaire": "Service enfance",
    "Actif": "Actif",
    "Base légale": "Mission d'intérêt public",
    "Justification de la base légale": "Code de l’éducation",
    "Observation": "Rentrée de septembre",
    "Catégories de données": "État civil - Coordonnées téléphoniques - Données de santé",
    "Destinataires - Catégorie de destinataires": "Éducation nationale",
    "Destinataires - Sous-traitants": "Logiciel Exemple - Hébergeur Exemple",
    "Détails - Personnes concernées - Particuliers": "Oui",
    "Détails - Personnes concernées - Particuliers - Commentaire": "Parents",
    "Détails - Personnes concernées - Agents": "Non",
    "Détails - Nombre estimé de personnes": "350",
    "Détails - Logiciel": "Portail famille",
    "Détails - Délai de conservation - Nombre": "2",
    "Détails - Délai de conservation - Période": "Années",
    "Détails - Délai de conservation - Commentaire": "après la fin de la relation",
    "Mesures de sécurité - Contrôle d'accès": "Oui",
    "Mesures de sécurité - Contrôle d'accès - Commentaire": "Badge",
    "Mesures de sécurité - Sauvegarde": "Non",
}


def opened(content: bytes) -> list[PlacedActivity]:
    return list(open_register(io.BytesIO(content)).activities)


def as_csv(*rows: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def written(activity: WrittenActivity, language: str = "fr") -> bytes:
    file = io.BytesIO()
    write_csv(file, [activity], language)
    return file.getvalue()


def test_a_line_of_madis_is_read() -> None:
    [found] = opened(as_csv(MADIS))
    activity = found.activity

    assert activity.name_fr == "Gestion des inscriptions"
    assert activity.controller is not None
    assert activity.controller.name == "Commune Exemple"
    [purpose] = activity.purposes
    assert (purpose.label_fr, purpose.basis) == ("Inscrire les enfants", LawfulBasis.PUBLIC_TASK)
    assert purpose.legal_reference == "Code de l’éducation"
    assert {each.category for each in purpose.data} == {
        DataCategory.IDENTITY,
        DataCategory.CONTACT,
        DataCategory.SPECIAL,
    }
    assert {(each.subject_kind, each.active_for, each.starting_event) for each in purpose.data} == {
        (SubjectKind.CUSTOMER, Period("P2Y"), StartingEvent.END_OF_RELATIONSHIP)
    }
    assert [(each.party.name, each.relation) for each in activity.parties] == [
        ("Logiciel Exemple", Relation.PROCESSOR),
        ("Hébergeur Exemple", Relation.PROCESSOR),
        ("Éducation nationale", Relation.RECIPIENT),
    ]
    assert [each.domain for each in activity.measures] == [MeasureDomain.ACCESS]
    assert [each.estimate for each in activity.people] == [350]
    assert [each.name for each in activity.assets] == ["Portail famille"]
    for kept in ("Rentrée de septembre", "Service enfance", "Parents", "Badge", "123456789"):
        assert kept in activity.description


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_own_table_comes_back_with_what_a_line_can_say(language: str) -> None:
    purpose = replace(a_written_activity().purposes[0], basis=LawfulBasis.CONTRACT)
    ours = replace(a_written_activity(purposes=(purpose,)), state=ActivityState.ACTIVE)

    [found] = opened(written(ours, language))
    activity = found.activity

    assert (activity.slug, activity.name_fr, activity.name_en) == (ours.slug, ours.name_fr, ours.name_en)
    assert activity.capacity is ours.capacity
    assert activity.purposes[0].basis is LawfulBasis.CONTRACT
    assert activity.purposes[0].recipients == (Role.SALES, Role.SUPPORT)
    assert {each.category for each in activity.purposes[0].data} == {DataCategory.IDENTITY, DataCategory.PURCHASES}
    assert {each.active_for for each in activity.purposes[0].data} == {Period("P3Y")}
    assert {each.party.name for each in activity.parties} == {each.party.name for each in ours.parties}
    contracts = [one for each in activity.parties for one in each.contracts]
    assert [(one.label, one.signed_on, one.ends_on) for one in contracts] == [
        (one.label, one.signed_on, one.ends_on) for one in (HOSTING, ITS_DRAFT)
    ]
    assert [(each.country, each.safeguard) for each in activity.transfers] == [
        ("US", Safeguard.STANDARD_CLAUSES),
        ("CH", Safeguard.ADEQUACY),
    ]
    assert [each.label_fr for each in activity.measures] == [each.label_fr for each in ours.measures]
    assert ours.rights is not None
    assert activity.rights is not None
    assert activity.rights.how_fr == ours.rights.how_fr
    assert spoken_in(language)(STATE_LABELS[ActivityState.ACTIVE]) not in activity.description, "it arrives as a draft"


def test_consent_needs_a_channel_that_no_table_says_so_that_the_basis_is_left_to_a_person() -> None:
    [found] = opened(as_csv({"Nom": "Lettre", "Finalité": "Écrire", "Base légale": "Consentement", "Durée": "3 ans"}))

    assert found.activity.purposes[0].basis is None
    assert any("channel" in note for note in found.notes)
    assert "Consentement" in found.activity.description


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Base juridique", Field.BASIS),
        ("Qui est concerné", Field.PEOPLE),
        ("Who is concerned", Field.PEOPLE),
        ("Combien de temps on garde", Field.PERIOD),
        ("Remarques de Martine", None),
    ],
)
def test_a_heading_in_words_of_the_house_is_guessed(heading: str, said: Field | None) -> None:
    assert field_of(heading) is said


def test_a_period_that_nobody_gives_is_not_told_as_one_that_was_not_understood() -> None:
    [without] = opened(as_csv({"Nom": "Paie", "Finalité": "Payer", "Durée": ""}))
    [unclear] = opened(as_csv({"Nom": "Paie", "Finalité": "Payer", "Durée": "longtemps"}))

    assert any("No period is given" in str(note) for note in without.notes)
    assert any("not understood" in str(note) for note in unclear.notes)
    assert not any("not understood" in str(note) for note in without.notes)


def test_headings_may_stand_below_a_title_and_the_table_in_any_spreadsheet() -> None:
    rows = [["Registre 2026"], [], ["Traitement", "Finalités", "Durée"], ["Paie", "Payer; Déclarer", "5 ans"]]
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Registre")
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)

    for content in (file.getvalue(), an_ods_of({"Feuille1": rows})):
        [found] = opened(content)
        assert [each.label_fr for each in found.activity.purposes] == ["Payer", "Déclarer"]


def test_an_address_of_somebody_that_would_end_in_a_description_is_told() -> None:
    line = {"Nom": "Paie", "Finalité": "Payer", "Durée": "5 ans"}

    named, unnamed = opened(as_csv({**line, "Gestionnaire": "A. Martin <a.martin@firm.example>"}, line))

    told = [str(note) for note in named.notes if note not in unnamed.notes]
    assert len(told) == 1
    assert told[0].startswith("Its description would hold an e-mail address. Leave out the column that holds it")
    assert "a.martin" not in told[0]


def test_lines_of_one_name_are_several_activities() -> None:
    line = {"Nom": "Paie", "Finalité": "Payer", "Durée": "5 ans"}

    first, second = opened(as_csv(line, line))

    assert (first.activity.slug, second.activity.slug) == ("paie", "paie-2")
    assert first.activity.purposes[0].slug != second.activity.purposes[0].slug


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ({"Nom": "", "Finalité": "Payer", "Durée": "5 ans"}, "row 2, cell A2"),
        ({"Finalité": "Payer", "Durée": "5 ans", "Nom": "x" * 201}, "row 2, cell C2"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row_and_its_cell(line: dict[str, str], place: str) -> None:
    with pytest.raises(MalformedRegisterError, match=place):
        opened(as_csv(line))


@pytest.mark.parametrize(
    "content",
    [b"", b"a;b\n1;2\n", b'Nom;Finalit\xe9;Dur\xe9e\n"never closed;x;y\n', b"\xd0\xcf\x11\xe0\xa1\xb1", b"\0\0\0"],
)
def test_what_is_no_register_is_refused(content: bytes) -> None:
    with pytest.raises((UnknownFormatError, SpreadsheetError)):
        opened(content)


@pytest.mark.parametrize("beginning", ["=1+1", "+33", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(beginning: str) -> None:
    activity = a_written_activity(name_fr=beginning, description=beginning)
    workbook = io.BytesIO()
    write_xlsx(workbook, [activity], "fr")

    line = list(csv.reader(io.StringIO(written(activity).decode("utf-8-sig")), delimiter=";"))[1]
    cells = [cell for sheet in openpyxl.load_workbook(workbook) for row in sheet.iter_rows() for cell in row]

    assert line[1] == line[3] == f"'{beginning}"
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}


def test_the_workbook_holds_what_the_register_holds() -> None:
    file = io.BytesIO()
    activity = a_written_activity(created_on=date(2026, 1, 2))
    write_xlsx(file, [activity], "en")

    sheets = {sheet.title: list(sheet.values) for sheet in openpyxl.load_workbook(file)}

    assert list(sheets) == [
        "Activities", "Purposes", "Data", "Others who take part", "Contracts with processors", "Transfers",
        "Measures of security"
    ]  # fmt: skip
    assert [row[1] for row in sheets["Purposes"][1:]] == [each.slug for each in activity.purposes]
    assert len(sheets["Data"]) - 1 == sum(len(each.data) for each in activity.purposes)
    assert sheets["Transfers"][1][1:4] == ("Cloud Example Inc.", "United States", "Standard contractual clauses")


def test_a_heading_as_long_as_a_book_is_none_and_takes_no_time_to_say_so() -> None:
    began = time.process_time()

    assert all(field_of(word * 20_000) is None for word in ("delai ", "securite ", "base legale ", "nombre "))
    assert time.process_time() - began < 1
