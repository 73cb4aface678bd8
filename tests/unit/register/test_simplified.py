"""The simplified register of the CNIL: read by its labels whatever was done to it, written so that it comes back."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from governance.actor import Role
from governance.periods import Period
from governance.spreadsheets.errors import SpreadsheetError
from governance.spreadsheets.limits import DEFAULT_LIMITS
from governance.spreadsheets.ods_writer import OdsWriter
from governance.spreadsheets.workbooks import read_sheets
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.catalogue.countries import COUNTRIES
from register.catalogue.values import MeasureDomain
from register.exchange.cnil.actors import read_heads
from register.exchange.cnil.drawing import card_of
from register.exchange.cnil.labels import Actor, Section
from register.exchange.cnil.listing import ListLine
from register.exchange.cnil.periods import understood
from register.exchange.cnil.writing import write_simplified
from register.exchange.country_names import country_code, country_name
from register.exchange.errors import MalformedRegisterError, UnknownFormatError
from register.exchange.opening import open_register
from register.exchange.placed import PlacedActivity
from register.exchange.written import WrittenActivity, WrittenOfficer, WrittenPartaking, WrittenParty
from register.lines.values import Relation, Safeguard
from register.values import Capacity, StartingEvent
from tests.builders.simplified import BLANK, CARD, FULL, LIST, Rows, an_ods_of, retyped, with_cell
from tests.builders.written import THE_DPO, THE_OFFICES, a_written_activity, without_dates

THEIRS = Path(__file__).parents[3].parent / "shared/data/register/cnil-registre-simplifie.ods"


def opened(content: bytes) -> list[PlacedActivity]:
    return list(open_register(io.BytesIO(content)).activities)


def one(sheets: dict[str, Rows]) -> PlacedActivity:
    [found] = opened(an_ods_of(sheets))
    return found


def written(*activities: WrittenActivity) -> bytes:
    file = io.BytesIO()
    write_simplified(file, activities)
    return file.getvalue()


def test_a_sheet_is_read_field_by_field() -> None:
    found = one({"Liste": LIST, "Modèle": BLANK, "P-1": CARD})
    activity = found.activity

    assert (activity.slug, activity.name_fr) == ("fichier-du-personnel", "Fichier du personnel")
    assert (activity.created_on, activity.changed_on) == (date(2020, 1, 2), date(2021, 3, 4))
    controller = activity.controller
    assert controller is not None
    assert (controller.name, controller.postcode, controller.city) == ("Atelier Exemple", "07100", "Annonay")
    assert controller.dpo is not None
    assert (controller.dpo.name, controller.dpo.email) == ("Camille Modèle", "dpo@x.example")
    assert controller.dpo.firm is not None
    assert controller.dpo.firm.name == "Conseil Exemple"
    assert controller.representative is None
    assert [each.label_fr for each in activity.purposes] == ["Gérer le personnel", "Établir les plannings"]
    assert activity.purposes[1].parent == activity.purposes[0].slug
    assert {each.basis for each in activity.purposes} == {None}
    data = {each.category: each for each in activity.purposes[1].data}
    assert {each.subject_kind for each in data.values()} == {SubjectKind.EMPLOYEE}
    identity = data[DataCategory.IDENTITY]
    assert (identity.active_for, identity.starting_event) == ("P5Y", StartingEvent.END_OF_CONTRACT)
    assert data[DataCategory.CONNECTION].active_for == "P6M"
    assert data[DataCategory.SPECIAL].retention_source == "aussi longtemps que nécessaire"
    assert activity.purposes[0].recipients == (Role.ACCOUNTING,)
    assert [(each.party.name, each.relation) for each in activity.parties] == [("Paie Exemple", Relation.PROCESSOR)]
    assert [(each.label_fr, each.domain, each.remark) for each in activity.measures] == [
        ("Chiffrement des données", MeasureDomain.ENCRYPTION, "disques"),
        ("Badge à l’entrée", MeasureDomain.ORGANISATION, ""),
    ]
    [transfer] = activity.transfers
    assert (transfer.country, transfer.safeguard, transfer.grounds) == ("US", Safeguard.STANDARD_CLAUSES, "Contrat")
    assert transfer.party is not None
    assert transfer.party.country == "US"
    assert [(each.subject_kind, each.estimate) for each in activity.people] == [(SubjectKind.EMPLOYEE, 1200)]


def test_only_what_has_no_place_of_its_own_is_kept_in_the_description() -> None:
    description = one({"P-1": CARD}).activity.description

    assert description == "Destinataire interne : Service comptabilité"


def test_what_a_sheet_says_exactly_stands_with_the_data_and_the_people() -> None:
    activity = one({"Fiche": FULL}).activity
    data = {(each.subject_kind, each.category): each for each in activity.purposes[0].data}

    assert (activity.slug, activity.reference) == ("accueil-des-patients", "7 bis - Accueil")
    assert data[SubjectKind.CUSTOMER, DataCategory.ECONOMIC].which_fr == "RIB"
    assert data[SubjectKind.CUSTOMER, DataCategory.NATIONAL_NUMBER].which_fr == "Numéro des patients"
    assert data[SubjectKind.CUSTOMER, DataCategory.OFFENCES].which_fr == "Agressions"
    special = data[SubjectKind.CUSTOMER, DataCategory.SPECIAL]
    assert special.which_fr.splitlines()[-2:] == [
        "Données concernant la santé : Dossier : antécédents",
        "Ordonnances",
    ]
    assert special.active_for == "P20Y"
    assert {kind: each.whom_fr for (kind, _), each in data.items()} == {
        SubjectKind.CUSTOMER: "Patients",
        SubjectKind.EMPLOYEE: "Salariés\nServices Internes : Stagiaires",
        SubjectKind.OTHER: "Candidats\nVisiteurs",
    }


def test_data_that_are_neither_special_nor_offences_are_not_told_as_sensitive() -> None:
    def listed(category: DataCategory) -> bool:
        whole = a_written_activity()
        terms = replace(whole.purposes[0].data[0], category=category)
        return ListLine.of(replace(whole, purposes=(replace(whole.purposes[0], data=(terms,)),))).sensitive

    assert [each for each in DataCategory if listed(each)] == [DataCategory.SPECIAL, DataCategory.OFFENCES]


def test_what_a_person_says_exactly_on_our_own_sheet_is_read_again() -> None:
    ours = one({"Fiche": FULL}).activity
    content = written(ours)
    assert [each.activity for each in opened(content)] == [ours]

    [found] = opened(retyped(content, {"RIB": "RIB et salaires", "Patients": "Patients et proches"}))

    told = {(each.subject_kind, each.category): each for each in found.activity.purposes[1].data}
    assert told[SubjectKind.EMPLOYEE, DataCategory.ECONOMIC].which_fr == "RIB et salaires"
    assert told[SubjectKind.CUSTOMER, DataCategory.IDENTITY].whom_fr == "Patients et proches"
    assert told[SubjectKind.OTHER, DataCategory.OFFENCES].which_fr == "Agressions"


@pytest.mark.parametrize(
    "mangle",
    [
        lambda rows: [row for row in rows if row],
        lambda rows: [["", *row] for row in rows],
        lambda rows: [[cell.upper() if place == 0 else cell for place, cell in enumerate(row)] for row in rows],
        lambda rows: [[f" {row[0]}  ", *row[1:]] if row else row for row in rows],
        lambda rows: [*rows[:3], ["Une remarque de plus", "à nous"], *rows[3:]],
        lambda rows: rows[2:],
    ],
    ids=["rows deleted", "a column before", "capitals", "blanks", "a row of their own", "title deleted"],
)
def test_whatever_people_do_to_a_sheet_it_reads_the_same(mangle: Callable[[Any], Rows]) -> None:
    # The description quotes labels as they are written.
    read = [replace(one({"P-1": rows}).activity, description="") for rows in (CARD, mangle(CARD))]

    assert read[0] == read[1]


def test_more_rows_than_the_template_has_are_read() -> None:
    more = [
        *CARD[:18],
        *([f"Sous-finalité {number}", f"Finalité {number}"] for number in range(2, 30)),
        *CARD[18:],
    ]

    assert len(one({"P-1": more}).activity.purposes) == 30


def test_a_copied_sheet_is_another_activity_of_another_reference() -> None:
    copy = with_cell(CARD, "Nom du traitement", "Copie")

    first, second = opened(an_ods_of({"P-1": CARD, "P-1 (2)": copy}))

    assert first.activity.slug != second.activity.slug
    assert not {each.slug for each in first.activity.purposes} & {each.slug for each in second.activity.purposes}


def test_what_stands_in_the_list_alone_comes_with_its_name_and_its_purposes() -> None:
    found = one({"Liste": LIST})

    assert found.activity.name_fr == "Fichier du personnel"
    assert [each.label_fr for each in found.activity.purposes] == ["Embauche", "Planning"]
    assert any("no sheet" in note for note in found.notes)


def test_the_blank_model_is_no_activity() -> None:
    assert opened(an_ods_of({"Modèle": BLANK})) == []


def test_whoever_heads_the_list_answers_for_sheets_that_name_nobody() -> None:
    heads: Rows = [
        ["Coordonnées du responsable", "Nom : Atelier Exemple", "", "Prénom :", "", "Adresse :", "3 rue du Port"],
        ["", "Code postal :", 7100, "Ville :", "Annonay"],
        *LIST[2:],
    ]
    nobody = with_cell(CARD, "Responsable du traitement")

    controller = one({"Liste": heads, "P-1": nobody}).activity.controller

    assert controller is not None
    assert (controller.name, controller.address, controller.postcode) == ("Atelier Exemple", "3 rue du Port", "07100")


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (with_cell(CARD, "Organisme destinataire 1", "Paie Exemple", "Atlantide"), "cell C41"),
        (with_cell(CARD, "Responsable du traitement", "Atelier", "", "", "", "Atlantide"), "cell F10"),
        (with_cell(CARD, "Nom du traitement"), "cell B4"),
        (with_cell(CARD, "Nom du traitement", "x" * 201), "cell B4"),
    ],
    ids=["country of a transfer", "country of an actor", "no name", "a name too long"],
)
def test_what_cannot_be_read_is_told_with_its_sheet_and_its_cell(rows: Rows, place: str) -> None:
    with pytest.raises(MalformedRegisterError, match=f"sheet “P-1”, {place}: "):
        opened(an_ods_of({"P-1": rows}))


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("5 ans à compter du versement de la paie", ("P5Y", "P0D", StartingEvent.PAYMENT)),
        ("3 ans après le dernier contact, puis 2 ans en archivage", ("P3Y", "P2Y", StartingEvent.LAST_CONTACT)),
        ("Jusqu’à la fin du contrat", ("P0D", "P0D", StartingEvent.END_OF_CONTRACT)),
        ("6 mois", ("P6M", "P0D", StartingEvent.COLLECTION)),
        ("10 ans à compter de la clôture de l’exercice", ("P10Y", "P0D", StartingEvent.END_OF_FINANCIAL_YEAR)),
        ("aussi longtemps que nécessaire", None),
        ("200 ans", None),
        ("", None),
    ],
)
def test_a_period_is_understood_where_it_is_said_as_usual(sentence: str, period: tuple[Any, ...] | None) -> None:
    found = understood(sentence)

    assert (None if found is None else found[:3]) == period


def test_our_own_workbook_comes_back_as_it_went() -> None:
    activities = [
        replace(a_written_activity(), created_on=date(2020, 1, 2), changed_on=date(2021, 3, 4)),
        a_written_activity("second", name_fr="Programme de fidélité", rights=None, controller=None),
        WrittenActivity(slug="bare", name_fr="Égide", name_en="Bare"),
    ]

    assert [each.activity for each in opened(written(*activities))] == activities


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@settings(max_examples=15)
@example(name="0", words="0\t0")
@given(name=texts.filter(lambda text: bool(text.strip())), words=texts)
def test_whatever_stands_in_it_our_own_workbook_comes_back_as_it_went(name: str, words: str) -> None:
    whole = a_written_activity()
    measure = replace(whole.measures[0], remark=words)
    purpose = replace(whole.purposes[0], label_fr=name, balance=words)
    activity = replace(
        whole, name_fr=name, description=words, measures=(measure,), purposes=(purpose, *whole.purposes[1:])
    )

    assert [each.activity for each in opened(written(activity))] == [activity]


def test_what_somebody_changed_on_a_sheet_is_what_they_wrote_and_the_rest_is_ours() -> None:
    ours = a_written_activity()
    changes = {"Envoyer des offres choisies": "Envoyer des cadeaux", "Contrat du 23/01/2025": "Contrat de 2026"}

    [found] = opened(retyped(written(ours), changes))

    offers = ours.purposes[1]
    told = replace(offers, label_fr="Envoyer des cadeaux", label_en="Envoyer des cadeaux")
    transfer = replace(ours.transfers[0], grounds="Contrat de 2026")
    assert found.activity == replace(
        ours, purposes=(ours.purposes[0], told, ours.purposes[2]), transfers=(transfer, ours.transfers[1])
    )
    assert found.activity.purposes[1].basis is LawfulBasis.CONSENT


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Programme de fidélité", "Club", lambda each: (each.name_fr, each.name_en)),
        ("75001", "75002", lambda each: each.controller.postcode),
        ("Environ 2000", "Environ 3000", lambda each: [one.estimate for one in each.people]),
        ("Comptes nominatifs", "Badges", lambda each: each.measures[1].remark),
        ("Service client", "Comptabilité", lambda each: each.purposes[0].recipients),
        ("Achats", "Localisation", lambda each: {one.category for one in each.purposes[0].data}),
        ("Hébergeur Exemple", "Autre Hébergeur", lambda each: each.parties[0].party.name),
    ],
)
def test_each_part_of_a_sheet_may_be_changed(before: str, after: str, told: Callable[[Any], Any]) -> None:
    ours = a_written_activity()

    [found] = opened(retyped(written(ours), {before: after}))

    assert told(found.activity) != told(ours)
    assert found.activity.decisions == ours.decisions
    assert found.activity.rights == ours.rights


def test_a_complement_that_was_altered_is_refused_with_its_cell() -> None:
    content = retyped(written(a_written_activity()), {"&quot;loyalty&quot;": "{&quot;nothing&quot;"})

    with pytest.raises(MalformedRegisterError, match="sheet “Égide”, cell D"):
        opened(content)


def test_without_its_complement_our_workbook_is_read_as_any_other() -> None:
    content = retyped(written(a_written_activity()), {"Complément d’Égide": "Autre chose"})

    [found] = opened(content)

    assert [each.label_fr for each in found.activity.purposes] == [
        each.label_fr for each in a_written_activity().purposes
    ]
    assert {each.category for each in found.activity.purposes[0].data} == {
        DataCategory.IDENTITY,
        DataCategory.CONTACT,
        DataCategory.PURCHASES,
        DataCategory.SPECIAL,
    }


def test_every_country_is_known_by_its_names() -> None:
    for language in ("fr", "en"):
        assert {code: country_code(country_name(code, language)) for code in COUNTRIES} == {
            code: code for code in COUNTRIES
        }


def test_names_of_sheets_are_those_that_spreadsheets_take() -> None:
    file = io.BytesIO()
    with OdsWriter(file, (3.0,)) as writer:
        part = writer.part()
        names = []
        for wanted in ("A/B: [c]*?", "x" * 60, "X" * 60, "'", "A/B: [c]*?"):
            names.append(part.begin(wanted))
            part.row(("",))
            part.end()

    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]*?:/\\']", name) for name in names)


@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing more", an_ods_of({"Une feuille": [["Rien", "ici"]]})])
def test_what_is_no_register_is_refused(content: bytes) -> None:
    with pytest.raises((UnknownFormatError, SpreadsheetError)):
        opened(content)


# Its own file, where somebody put it beside the checkout: pytest says so where nobody did. Ours has the same shape, and
# stands in every test above.
@pytest.mark.parametrize("example", [THEIRS] if THEIRS.exists() else [])
def test_the_example_of_the_cnil_is_read_field_by_field(example: Path) -> None:
    [found] = opened(example.read_bytes())
    check_payroll(found.activity)


def check_payroll(activity: WrittenActivity) -> None:
    assert activity.name_fr == "Gestion de la paie"
    assert len(activity.purposes) == 4
    assert {each.category for each in activity.purposes[0].data} == {
        DataCategory.IDENTITY,
        DataCategory.ECONOMIC,
        DataCategory.NATIONAL_NUMBER,
    }
    assert {(each.active_for, each.starting_event) for each in activity.purposes[0].data} == {
        (Period("P5Y"), StartingEvent.PAYMENT)
    }
    assert activity.purposes[0].recipients == (Role.ACCOUNTING,)
    assert [each.party.name for each in activity.parties] == ["Organismes sociaux", "Banque d'Andorre"]
    assert [each.domain for each in activity.measures] == [
        MeasureDomain.SOFTWARE,
        MeasureDomain.CONTINUITY,
        MeasureDomain.ACCESS,
    ]
    [transfer] = activity.transfers
    assert (transfer.country, transfer.safeguard) == ("AD", Safeguard.STANDARD_CLAUSES)
    assert transfer.grounds == "Contrat en date du 23/01/2018"


def test_libreoffice_opens_our_workbook_and_what_it_saves_comes_back_as_it_went(tmp_path: Path) -> None:
    activity = a_written_activity(description="Deux  blancs,\tune tabulation.")
    (tmp_path / "register.ods").write_bytes(written(activity))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--convert-to", "ods", "--outdir", str(tmp_path / "saved"), str(tmp_path / "register.ods")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    assert [each.activity for each in opened((tmp_path / "saved/register.ods").read_bytes())] == [activity]


def for_others() -> WrittenActivity:
    """Return what a printer does for a town and for a school."""
    town = WrittenParty(name="Ville Exemple", city="Nantes", dpo=WrittenOfficer(name="Camille Modèle"))
    partakings = (
        WrittenPartaking(party=town, relation=Relation.PRINCIPAL, part="Imprime son courrier."),
        WrittenPartaking(party=WrittenParty(name="École Exemple"), relation=Relation.PRINCIPAL, part="Ses affiches."),
        WrittenPartaking(party=WrittenParty(name="Hébergeur Exemple"), relation=Relation.PROCESSOR),
    )
    ours = WrittenParty(name="Imprimerie Exemple")
    return a_written_activity(
        capacity=Capacity.PROCESSOR, controller=ours, parties=partakings, purposes=(), transfers=(), rights=None
    )


def test_whom_it_is_done_for_stands_where_the_controller_does_and_nowhere_else() -> None:
    card = card_of(for_others())

    stand = [(row.label, row[0]) for row in card.rows(Section.ACTORS) if row.label == Actor.CONTROLLER]
    assert stand == [(Actor.CONTROLLER, "Ville Exemple"), (Actor.CONTROLLER, "École Exemple")]
    assert "Camille Modèle" in [row[0] for row in card.rows(Section.ACTORS) if row.label == Actor.DPO]
    assert [row[0] for row in card.rows(Section.PURPOSES)] == ["Imprime son courrier.", "Ses affiches."]
    assert [row[1] for row in card.rows(Section.RECIPIENTS)] == ["Hébergeur Exemple"]


def test_a_dpo_of_another_firm_stands_with_that_firm_wherever_the_model_asks_for_it() -> None:
    own = card_of(a_written_activity())
    town = replace(for_others().parties[0].party, dpo=THE_DPO)
    acted_for = replace(
        for_others(), parties=(WrittenPartaking(party=town, relation=Relation.PRINCIPAL, part="Tout."),)
    )

    for card in (own, card_of(acted_for)):
        [firm] = [row for row in card.rows(Section.ACTORS) if row.label == Actor.FIRM]
        assert firm.texts[:4] == ("Cabinet Conseil Exemple", "2 rue des Lois", "69001", "Lyon")


def test_the_top_of_the_list_tells_the_firm_of_the_dpo_and_is_read_again() -> None:
    with TemporaryFile() as file:
        write_simplified(file, [a_written_activity()])
        listing, *_ = read_sheets(file, file.tell(), DEFAULT_LIMITS)

    heads = read_heads(listing)

    assert heads is not None
    assert heads.dpo is not None
    assert heads.dpo.firm is not None
    assert (heads.dpo.name, heads.dpo.firm.name) == ("Camille Modèle", "Cabinet Conseil Exemple")


def test_the_list_is_headed_by_whoever_answers_for_most_of_the_register() -> None:
    ours = a_written_activity()
    theirs = replace(ours, slug="theirs", controller=WrittenParty(name="Filiale Exemple"))
    nobodys = replace(ours, slug="nobodys", controller=None)
    with TemporaryFile() as file:
        write_simplified(file, [nobodys, theirs, ours, replace(ours, slug="ours-too")])
        listing, *_ = read_sheets(file, file.tell(), DEFAULT_LIMITS)

    heads = read_heads(listing)

    assert ours.controller is not None
    assert heads is not None
    assert heads.name == ours.controller.name


def test_of_several_for_whom_it_is_done_nobody_is_given_the_dpo_of_another() -> None:
    ours = for_others()
    town, school, host = ours.parties
    town = replace(town, party=replace(town.party, dpo=None, registration="217501234"))
    school = replace(school, party=replace(school.party, dpo=THE_DPO))
    ours = replace(ours, parties=(town, school, host))

    [found] = opened(retyped(written(ours), {"Nantes": "Rezé"}))

    moved = replace(town, party=replace(town.party, city="Rezé"))
    assert found.activity.parties == (moved, school, host)


def test_a_processors_sheet_that_was_changed_keeps_what_the_model_has_no_place_for() -> None:
    ours = for_others()
    town = replace(ours.parties[0], party=replace(ours.parties[0].party, dpo=THE_DPO))
    ours = replace(ours, parties=(town, *ours.parties[1:]))

    [found] = opened(retyped(written(ours), {"2 rue des Lois": "4 rue des Lois"}))

    dpo = found.activity.parties[0].party.dpo
    assert dpo is not None
    assert dpo.firm == replace(THE_OFFICES, address="4 rue des Lois")


def test_a_processors_sheet_comes_back_as_it_was() -> None:
    [found] = opened(written(for_others()))

    assert without_dates(found.activity) == without_dates(for_others())
