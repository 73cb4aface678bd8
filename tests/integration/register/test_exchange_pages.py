"""The page Exchange: every format to take away, and a file looked over before anything of it is drafted."""

import io
import re
from collections.abc import Iterator

import pytest

from governance.actor import Role
from governance.vault.sealed_values import SealedValues
from register.exchange import waiting
from register.exchange.cnil.writing import write_simplified
from register.exchange.desk import ExchangeDesk
from register.exchange.drafting import Fate, ImportRegister, portions
from register.exchange.formats import FORMATS
from register.exchange.json_file import write_json
from register.exchange.written import WrittenActivity
from register.values import Register
from tests.builders.fides import DATASETS, SYSTEMS
from tests.builders.oversight import acting
from tests.builders.plan import desk_of
from tests.builders.service import serve_in_process
from tests.builders.simplified import CARD, an_ods_of, with_cell
from tests.builders.tables import ASKED, OURS, a_csv, a_workbook
from tests.builders.written import a_written_activity
from tests.demonstration import Home, wire_cheaply
from tests.integration.register.test_pages import House, links

PAGE = "/activities/-/exchange"
NEW = a_written_activity("press-office", name_fr="Relations presse", name_en="Press office")


@pytest.fixture
def own(sqlite_home: Home) -> Iterator[House]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield House(serve_in_process(wired), sqlite_home)
    wired.close()


def a_file(*activities: WrittenActivity) -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    write_simplified(file, activities)
    return io.BytesIO(file.getvalue()), "registre.ods"


def test_the_register_is_taken_away_in_every_format(own: House) -> None:
    auditor = own(Role.AUDITOR)
    offered = [each for each in links(auditor.get(PAGE)) if each.startswith(f"{PAGE}/")]

    each_apart = ("", *(f"?capacity={register}" for register in Register))
    assert offered == [f"{PAGE}/{form}{which}" for form in FORMATS for which in each_apart]
    for each in offered:
        answer = auditor.get(each)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert auditor.get(f"{PAGE}/unheard-of").status_code == 404
    assert 'type="file"' not in auditor.get(PAGE).text


def test_a_file_is_looked_over_and_then_drafted_as_chosen(own: House) -> None:
    dpo = own(Role.DPO)
    assert PAGE in links(dpo.get("/activities/"))
    brought = dpo.post(PAGE, file=a_file(NEW, a_written_activity()))
    assert (brought.status_code, brought.location) == (303, f"{PAGE}/file")

    seen = dpo.get(f"{PAGE}/file")
    assert "Press office" in seen.text
    assert "loyalty-2" in seen.text, "the demonstration holds an activity of this name"
    assert "Relations presse" in dpo.said(f"{PAGE}/file", "fr")
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', seen.text)
    assert digest is not None
    assert dpo.post(f"{PAGE}/file", digest="0" * 64).status_code == 422, "another file than was shown"
    done = dpo.post(f"{PAGE}/file", digest=digest[1], **{"fate-0": "draft", "fate-1": "leave-out"})

    assert done.status_code == 303
    assert dpo.get("/activities/press-office").status_code == 200
    assert dpo.get("/activities/loyalty-2").status_code == 404
    assert dpo.get(f"{PAGE}/file").status_code == 303, "the file waits no more"


def test_a_choice_that_was_not_sent_is_the_one_that_was_shown(own: House) -> None:
    dpo = own(Role.DPO)
    dpo.post(PAGE, file=a_file(NEW, a_written_activity()))
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', dpo.get(f"{PAGE}/file").text)
    assert digest is not None

    assert dpo.post(f"{PAGE}/file", digest=digest[1]).status_code == 303

    assert dpo.get("/activities/press-office").status_code == 200
    assert dpo.get("/activities/loyalty-2").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nLoyalty\n", "line 1"),
        (b"name: Loyalty\nreason: sales\n", "it names neither systems nor datasets"),
        (b"system: [\n", "line 2"),
    ],
)
@pytest.mark.parametrize("name", ["y.yml", "Y.YAML"])
def test_what_is_called_yaml_is_fides_or_refused_with_its_line(
    own: House, name: str, content: bytes, said: str
) -> None:
    refused = own(Role.DPO).post(PAGE, file=(io.BytesIO(content), name))

    assert refused.status_code == 422
    assert said in refused.text


def test_a_name_that_turns_writing_round_is_refused_with_its_place(own: House) -> None:
    file = io.BytesIO()
    write_json(file, [a_written_activity("press-office", name_fr="Presse\u202egpj")])

    refused = own(Role.DPO).post(PAGE, file=(io.BytesIO(file.getvalue()), "registre.json"))

    assert refused.status_code == 422
    assert "$.activities[0].name_fr" in refused.text
    assert "characters that are not seen" in refused.text


def test_a_wrong_file_is_told_cell_by_cell(own: House) -> None:
    dpo = own(Role.DPO)
    wrong = an_ods_of({"Fiche": with_cell(CARD, "Organisme destinataire 1", "Paie Exemple", "Atlantide")})

    refused = dpo.post(PAGE, file=(io.BytesIO(wrong), "registre.ods"))
    nothing = dpo.post(PAGE)

    assert refused.status_code == nothing.status_code == 422
    assert "sheet “Fiche”, cell C41" in refused.text
    assert "Choose a file." in nothing.text
    assert dpo.get(f"{PAGE}/file").status_code == 303


def test_what_a_foreign_register_does_not_say_is_told_and_marked_to_be_looked_at(own: House) -> None:
    dpo = own(Role.DPO)
    dpo.post(PAGE, file=(io.BytesIO(an_ods_of({"Fiche": CARD})), "registre.ods"))
    seen = dpo.get(f"{PAGE}/file")
    assert "lawful basis" in seen.text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', seen.text)
    assert digest is not None
    dpo.post(f"{PAGE}/file", digest=digest[1], **{"fate-0": "draft"})

    assert dpo.get("/activities/fichier-du-personnel").status_code == 200
    assert "no lawful basis" in dpo.said("/activities/fichier-du-personnel/steps/submit")


def test_a_file_can_be_forgotten(own: House) -> None:
    dpo = own(Role.DPO)
    dpo.post(PAGE, file=a_file(NEW))

    assert dpo.post(f"{PAGE}/file/discard").status_code == 303
    assert dpo.get(f"{PAGE}/file").status_code == 303
    assert own(Role.OWNER).get(f"{PAGE}/file").status_code == 303, "nobody sees another’s file"


def test_columns_that_nobody_knows_are_asked_for_and_then_the_file_is_shown(own: House) -> None:
    dpo = own(Role.DPO)
    brought = dpo.post(PAGE, file=(io.BytesIO(a_csv(OURS)), "registre.csv"))
    assert (brought.status_code, brought.location) == (303, f"{PAGE}/file/columns")
    assert dpo.get(f"{PAGE}/file").location == f"{PAGE}/file/columns", "nothing can be shown yet"

    asked = dpo.get(f"{PAGE}/file/columns")
    assert "Paie des équipes" in asked.text
    assert "not recognised" in asked.text
    assert "non reconnue" in dpo.said(f"{PAGE}/file/columns", "fr")
    places = list(OURS)
    said = {f"column-{places.index(heading) + 1}": field.value for heading, field in ASKED.columns.items()}
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', asked.text)
    assert shown is not None
    named = {"shown": shown[1], "sheet": "", "row": "1"}

    nameless = dpo.post(f"{PAGE}/file/columns", **{**named, **said, "column-1": "kept"})
    assert nameless.status_code == 422
    assert "names the activities" in nameless.text
    unclear = dpo.post(f"{PAGE}/file/columns", **{**named, **said, "column-12": "basis"})
    assert "row 2, cell L2" in unclear.text
    assert '<option value="basis" selected>' in unclear.text, "what was chosen is still chosen"
    assert dpo.post(f"{PAGE}/file/columns", **{**named, **said, "shown": "0" * 64}).status_code == 422
    done = dpo.post(f"{PAGE}/file/columns", **named, **said)
    assert (done.status_code, done.location) == (303, f"{PAGE}/file")

    seen = dpo.get(f"{PAGE}/file")
    assert "Verser les salaires" in seen.text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', seen.text)
    assert digest is not None
    assert digest[1] != shown[1], "what was said of the columns is part of what was shown"
    assert dpo.post(f"{PAGE}/file", digest=shown[1], **{"fate-0": "draft"}).status_code == 422
    assert dpo.post(f"{PAGE}/file", digest=digest[1], **{"fate-0": "draft"}).status_code == 303
    assert dpo.get("/activities/paie-des-equipes").status_code == 200
    assert dpo.get(f"{PAGE}/file/columns").status_code == 303, "the file waits no more"


def test_a_table_whose_columns_are_known_is_shown_at_once_and_they_can_still_be_said(own: House) -> None:
    dpo = own(Role.DPO)
    line = {"Nom": "Paie", "Finalité": "Payer", "Durée": "longtemps"}
    brought = dpo.post(PAGE, file=(io.BytesIO(a_csv(line)), "registre.csv"))

    assert brought.location == f"{PAGE}/file"
    assert 'name="column-3"' in dpo.get(f"{PAGE}/file").text


def test_another_sheet_and_other_headings_can_be_looked_at(own: House) -> None:
    dpo = own(Role.DPO)
    sheets = {"Un": [["Nom", "Couleur", "But"], ["a", "b", "c"]], "Deux": [["Quoi", "Qui"], ["Vidéo", "Vigile"]]}
    dpo.post(PAGE, file=(io.BytesIO(a_workbook(sheets)), "registre.xlsx"))

    assert "Vigile" not in dpo.get(f"{PAGE}/file/columns").text
    assert "Vigile" in dpo.get(f"{PAGE}/file/columns?sheet=Deux&row=1").text
    assert "no headings stand there" in dpo.get(f"{PAGE}/file/columns?sheet=Deux&row=9").text
    assert "no such sheet" in dpo.get(f"{PAGE}/file/columns?sheet=Trois").text


def test_a_table_that_contradicts_itself_waits_until_its_columns_are_said_otherwise(own: House) -> None:
    dpo = own(Role.DPO)
    line = {"Nom": "", "Finalité": "Payer", "Durée": "5 ans"}
    brought = dpo.post(PAGE, file=(io.BytesIO(a_csv(line)), "registre.csv"))

    assert brought.location == f"{PAGE}/file/columns"
    assert "row 2, cell A2" in dpo.get(brought.location).text


def test_systems_of_fides_are_shown_with_what_has_no_place_and_drafted(own: House) -> None:
    dpo = own(Role.DPO)
    file = io.BytesIO((SYSTEMS + DATASETS).encode())
    assert dpo.post(PAGE, file=(file, "systems.yml")).location == f"{PAGE}/file"

    seen = dpo.get(f"{PAGE}/file")
    assert "users.profile.card" in seen.text
    assert "Build server" in seen.text
    assert "qu’aucune finalité ne nomme" in dpo.said(f"{PAGE}/file", "fr")
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', seen.text)
    assert digest is not None
    assert dpo.post(f"{PAGE}/file", digest=digest[1], **{"fate-0": "draft"}).status_code == 303

    assert "Write the weekly letter" in dpo.get("/activities/newsletter-sender").text


def test_an_import_that_was_cut_short_is_gone_on_with_as_it_was_chosen(own: House, sqlite_home: Home) -> None:
    dpo = own(Role.DPO)
    several = [
        a_written_activity(slug, name_fr=slug, name_en=slug) for slug in ("press-office", "reception", "archives")
    ]
    dpo.post(PAGE, file=a_file(*several))
    wired = wire_cheaply(sqlite_home)
    desk = ExchangeDesk(database=wired.database, writing=desk_of(wired), sealed=SealedValues(wired.keyring))
    actor = acting(wired, Role.DPO)
    shown = waiting.waiting(desk, actor)
    assert shown.register is not None
    command = ImportRegister(register=shown.register, fates={1: Fate.LEAVE_OUT})
    next(portions(desk, actor, command, most=1))
    wired.close()

    seen = dpo.get(f"{PAGE}/file")
    assert "Drafted so far: 1 of 2" in seen.text
    assert "Brouillons créés : 1 sur 2" in dpo.said(f"{PAGE}/file", "fr")
    assert 'name="fate-0"' not in seen.text, "what was chosen still holds"
    done = dpo.post(f"{PAGE}/file", digest=shown.shown)

    assert done.status_code == 303
    assert [dpo.get(f"/activities/{each.slug}").status_code for each in several] == [200, 404, 200]


def test_twenty_cells_that_are_wrong_are_told_and_how_many_more_there_are(own: House) -> None:
    dpo = own(Role.DPO)
    wrong = b'{"format": "egide-register/1", "activities": [%b]}' % b",".join([b"{}"] * 23)

    refused = dpo.post(PAGE, file=(io.BytesIO(wrong), "registre.json"))

    assert refused.status_code == 422
    assert "activities[19]" in refused.text
    assert "activities[20]" not in refused.text
    assert "3 more things are wrong" in refused.text
