"""A table whose columns somebody has to say: what is proposed, what may be said, and cells that are not understood."""

import io
import json
import re
import zipfile

import openpyxl
import pytest

from governance.spreadsheets.errors import SpreadsheetError
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.exchange.errors import MalformedRegisterError, NoTableError, UnknownFormatError
from register.exchange.json_file import write_json
from register.exchange.opening import open_file, open_register, propose_columns
from register.exchange.placed import PlacedActivity
from register.exchange.tables.asked import AskedColumns, as_text, read_asked
from register.exchange.tables.columns import Certainty, Field
from register.exchange.tables.labels import EXAMPLES, FIELD_LABELS
from register.exchange.tables.laying import Proposal
from register.exchange.words import spoken_in
from register.lines.values import Relation, Safeguard
from register.values import Capacity, StartingEvent
from tests.builders.simplified import CARD, an_ods_of
from tests.builders.tables import ASKED, OURS, a_csv, a_workbook

LINE = {"Quoi": "Paie", "Pourquoi": "Payer"}
SAID = AskedColumns(columns={"Quoi": Field.NAME, "Pourquoi": Field.PURPOSES})


def opened(content: bytes, asked: AskedColumns | None = None) -> list[PlacedActivity]:
    return list(open_register(io.BytesIO(content), asked).activities)


def proposed(content: bytes, asked: AskedColumns | None = None) -> Proposal:
    return propose_columns(io.BytesIO(content), asked)


def one_said(field: Field, *cells: str) -> PlacedActivity:
    """Return the first of lines that have another column, of which it is said what it is."""
    lines = [{**LINE, "Autre": cell} for cell in cells]
    return opened(a_csv(*lines), AskedColumns(columns={**SAID.columns, "Autre": field}))[0]


def test_a_table_of_other_headings_is_no_register_until_somebody_says_what_its_columns_are() -> None:
    with pytest.raises(UnknownFormatError):
        opened(a_csv(OURS))
    [found] = opened(a_csv(OURS), ASKED)
    activity = found.activity

    assert activity.name_fr == "Paie des équipes"
    assert activity.capacity is Capacity.CONTROLLER
    [first, second] = activity.purposes
    assert (first.label_fr, second.label_fr) == ("Verser les salaires", "Déclarer les cotisations")
    assert first.basis is LawfulBasis.LEGAL_OBLIGATION
    assert {each.category for each in first.data} == {DataCategory.IDENTITY, DataCategory.ECONOMIC}
    assert {(each.subject_kind, each.active_for, each.starting_event) for each in first.data} == {
        (SubjectKind.EMPLOYEE, "P5Y", StartingEvent.END_OF_CONTRACT)
    }
    assert [(each.country, each.safeguard) for each in activity.transfers] == [("US", Safeguard.STANDARD_CLAUSES)]
    assert [(each.party.name, each.relation) for each in activity.parties] == [("Paie Exemple", Relation.PROCESSOR)]
    assert activity.rights is not None
    assert "Couleur du classeur : bleu" in activity.description, "what is kept stands under its heading"
    assert "secret" not in activity.description, "what is left out is left out"


def test_each_column_is_proposed_with_values_and_with_how_sure_it_is() -> None:
    rows = [
        ["Nom", "Objectif poursuivi", "Couleur", "Couleur"],
        *[["Paie", "Payer", f"bleu {number}", "rouge"] for number in range(9)],
    ]
    found = proposed(a_workbook({"Registre": rows}))

    assert [(each.letters, each.says, each.certainty) for each in found.columns] == [
        ("A", Field.NAME, Certainty.SURE),
        ("B", Field.PURPOSES, Certainty.LIKELY),
        ("C", None, Certainty.UNKNOWN),
        ("D", None, Certainty.UNKNOWN),
    ]
    assert [list(each.samples) for each in found.columns[2:]] == [["bleu 0", "bleu 1", "bleu 2"], ["rouge"]]
    assert not found.known
    assert (found.sheets, found.sheet, found.row) == (["Registre"], "Registre", 1)


def test_the_sheet_that_looks_like_a_register_is_found_and_any_other_can_be_said() -> None:
    content = a_workbook(
        {
            "Lisez-moi": [["Version", "2"], ["Auteur", "DPO"]],
            "Traitements": [["Registre"], [], ["Nom", "Finalité", "Durée"], ["Paie", "Payer", "5 ans"]],
            "Autre": [["", ""], ["Quoi", "Pourquoi"], ["Vidéo", "Surveiller"]],
        }
    )

    assert (proposed(content).sheet, proposed(content).row) == ("Traitements", 3)
    assert [each.activity.name_fr for each in opened(content)] == ["Paie"]
    other = AskedColumns(sheet="Autre", row=2, columns=SAID.columns)
    assert [each.activity.name_fr for each in opened(content, other)] == ["Vidéo"]
    assert [each.heading for each in proposed(content, AskedColumns(sheet="Autre")).columns] == ["Quoi", "Pourquoi"]
    for nowhere in (AskedColumns(sheet="Nulle part"), AskedColumns(row=900)):
        with pytest.raises(MalformedRegisterError):
            proposed(content, nowhere)


def test_a_hidden_sheet_is_chosen_only_where_somebody_names_it() -> None:
    rows = [["Nom", "Finalité", "Durée"], ["Ancien", "Garder", "5 ans"]]
    content = a_workbook({"Vieux": rows, "Registre": [["Nom", "Finalité", "Durée"], ["Paie", "Payer", "5 ans"]]})
    hidden = a_workbook(
        {"Vieux": rows, "Registre": [["Nom", "Finalité", "Durée"], ["Paie", "Payer", "5 ans"]]}, hidden=["Vieux"]
    )

    assert proposed(content).sheet == "Vieux"
    assert proposed(hidden).sheet == "Registre"
    assert [each.activity.name_fr for each in opened(hidden, AskedColumns(sheet="Vieux"))] == ["Ancien"]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        (Field.BASIS, "parce que"),
        (Field.CAPACITY, "tout le monde"),
        (Field.DATA, "zzz"),
        (Field.PERIOD, "longtemps"),
        (Field.TRANSFERS, "Atlantide"),
        (Field.SAFEGUARD, "promesse"),
        (Field.ESTIMATE, "beaucoup"),
        (Field.TICKED_KIND, "peut-être"),
        (Field.TICKED_MEASURE, "peut-être"),
        (Field.CREATED, "naguère"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused_with_its_place_and_what_would_be(field: Field, cell: str) -> None:
    expected = rf"row 3, cell C3: “{re.escape(cell)}” is not understood.*{re.escape(EXAMPLES[field])}"
    with pytest.raises(MalformedRegisterError, match=expected):
        one_said(field, "", cell)


@pytest.mark.parametrize(
    ("cell", "basis"),
    [
        ("Art. 6.1.b", LawfulBasis.CONTRACT),
        ("6(1)(f)", LawfulBasis.LEGITIMATE_INTERESTS),
        ("article 6-1-c RGPD", LawfulBasis.LEGAL_OBLIGATION),
        ("contrat", LawfulBasis.CONTRACT),
        ("mission d’intérêt public", LawfulBasis.PUBLIC_TASK),
    ],
)
def test_a_basis_is_known_by_its_words_and_by_its_letter(cell: str, basis: LawfulBasis) -> None:
    assert one_said(Field.BASIS, cell).activity.purposes[0].basis is basis


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_example_of_what_is_understood_is_understood(language: str) -> None:
    for field, examples in EXAMPLES.items():
        if field is not Field.PERIOD_NUMBER:
            for example in re.split(r", (?!\d{3}\b)", spoken_in(language)(examples)):
                one_said(field, example)


def test_whom_no_word_of_ours_names_stands_as_other_people_and_that_is_told() -> None:
    found = one_said(Field.PEOPLE, "Adhérents")

    assert "Adhérents" in found.activity.description
    assert any("Adhérents" in note for note in found.notes)


def test_boxes_may_be_ticked_below_any_heading() -> None:
    line = {**LINE, "Concerne les clients": "oui", "Alarme": "x", "Coffre": "non", "Prospects": "0"}
    ticked = {"Concerne les clients": Field.TICKED_KIND, "Prospects": Field.TICKED_KIND}
    measures = {"Alarme": Field.TICKED_MEASURE, "Coffre": Field.TICKED_MEASURE}
    data = AskedColumns(columns={**SAID.columns, **ticked, **measures, "Données": Field.DATA})
    [found] = opened(a_csv({**line, "Données": "identité"}), data)

    assert [each.subject_kind for each in found.activity.purposes[0].data] == [SubjectKind.CUSTOMER]
    assert [each.label_fr for each in found.activity.measures] == ["Alarme"]


def test_several_columns_may_say_what_is_a_list_and_only_one_what_is_not() -> None:
    line = {**LINE, "Et aussi": "Déclarer", "Nom bis": "Salaires"}
    both = AskedColumns(columns={**SAID.columns, "Et aussi": Field.PURPOSES})
    twice = AskedColumns(columns={**SAID.columns, "Nom bis": Field.NAME})

    assert [each.label_fr for each in opened(a_csv(line), both)[0].activity.purposes] == ["Payer", "Déclarer"]
    with pytest.raises(MalformedRegisterError, match=f"columns A, D: only one.*{FIELD_LABELS[Field.NAME]}"):
        opened(a_csv(line), twice)
    with pytest.raises(MalformedRegisterError, match="names the activities"):
        opened(a_csv(LINE), AskedColumns(columns={"Pourquoi": Field.PURPOSES}))
    with pytest.raises(MalformedRegisterError, match="no column has this heading"):
        opened(a_csv(line), AskedColumns(columns={"Absent": Field.NAME}))


def test_what_somebody_says_comes_before_what_a_heading_says() -> None:
    content = a_csv({"Nom": "X12", "Intitulé réel": "Paie", "Finalité": "Payer", "Durée": "5 ans"})

    [found] = opened(content, AskedColumns(numbers={2: Field.NAME}))

    assert found.activity.name_fr == "Paie"
    assert "Nom : X12" in found.activity.description


def test_what_is_said_of_columns_is_yaml_or_json_and_comes_back_the_same() -> None:
    asked = read_asked('sheet: Feuille\nrow: 4\ncolumns:\n  Remarques: ""\n  Nom: name\nnumbers:\n  7: purposes\n')

    assert asked == AskedColumns(
        sheet="Feuille", row=4, columns={"Remarques": Field.LEFT_OUT, "Nom": Field.NAME}, numbers={7: Field.PURPOSES}
    )
    assert read_asked(as_text(asked)) == asked
    assert read_asked(json.dumps({"columns": {"Nom": "name"}})).columns == {"Nom": Field.NAME}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "columns: name",
        "columns:\n  Nom: [name]",
        "columns:\n  Nom: unheard-of",
        "numbers:\n  x: name",
        "numbers:\n  0: name",
        "row: -1",
        "row: 99999999999999999999",
        "other: 1",
        "columns: &a\n  Nom: name",
        "columns:\n  Nom: name\n  Nom: purposes",
        "columns:\n  Nom: !!python/object:os.system x",
    ],
)
def test_what_cannot_be_said_of_columns_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(MalformedRegisterError, match="line"):
        read_asked(text)


def test_columns_are_said_of_tables_alone() -> None:
    file = io.BytesIO()
    write_json(file, [])
    with pytest.raises(NoTableError):
        opened(file.getvalue(), SAID)
    with pytest.raises(NoTableError):
        proposed(an_ods_of({"Fiche": CARD}))


def test_a_formula_is_read_as_what_it_comes_to_and_never_reckoned() -> None:
    rows = [["Nom", "Finalité", "Durée"], ["=1+1", "Payer", "5 ans"]]

    with pytest.raises(MalformedRegisterError, match="no name"):
        # A workbook that no spreadsheet has opened yet holds no result.
        opened(a_workbook({"Registre": rows}))
    assert opened(a_csv(dict(zip(*rows, strict=True))))[0].activity.name_fr == "=1+1"


def test_a_merged_cell_says_what_it_says_in_its_first_cell_alone() -> None:
    file = io.BytesIO()
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["Nom", "Finalité", "Durée"], ["Paie", "Payer", "5 ans"], ["", "Déclarer", "5 ans"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    workbook.save(file)

    with pytest.raises(MalformedRegisterError, match="row 3, cell A3: the activity has no name"):
        opened(file.getvalue())


def test_a_heading_of_any_length_is_shown_in_part_and_kept_in_part() -> None:
    long = "Remarque " + "très " * 1000
    content = a_csv({**LINE, long: "bleu"})

    assert len(proposed(content).columns[2].heading) == 200
    assert len(opened(content, SAID)[0].activity.description) < 300


def test_a_wide_table_is_read_and_a_wider_one_refused() -> None:
    widest = {**LINE, **{f"Colonne {number}": "x" for number in range(198)}}

    assert len(proposed(a_csv(widest)).columns) == 200
    for content in (a_csv({**widest, "Trop": "x"}), a_workbook({"R": [["x"] * 201]})):
        with pytest.raises(SpreadsheetError):
            open_file(io.BytesIO(content))


def test_a_line_beyond_the_ten_thousandth_is_refused_with_its_place() -> None:
    with pytest.raises(MalformedRegisterError, match="row 10002, cell A10002: there are more than 10000 activities"):
        opened(a_csv(*[LINE] * 10_001), SAID)


def test_a_workbook_that_unpacks_without_end_or_names_entities_is_refused() -> None:
    bomb, entities = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 64 * 1024 * 1024)
    lines = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(entities, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", lines)
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    for content in (bomb.getvalue(), entities.getvalue()):
        with pytest.raises((SpreadsheetError, UnknownFormatError)):
            proposed(content)
