"""One entry's page, samples, what leaves the house as a file, and the state of the log for programs."""

import csv
import io
import re
import zipfile

import orjson
import pytest

from audit.anchor import Anchor
from audit.proofs import verify_proof
from governance.actor import Role
from tests.builders.oversight import acting, name_of, read, reader, refuse
from tests.builders.service import Service
from tests.builders.web import parse, words


def test_an_entry_has_a_page_of_its_own_by_id_and_by_place(service: Service) -> None:
    wired = service.wired
    read(wired, Role.SUPPORT, 1)
    index = service.log_size() - 1
    wired.signer.checkpoint()
    browser = reader(service, Role.AUDITOR)

    by_place = browser.open(f"/log/entries/{index}")
    whole = browser.open(f"/log/{index}/entry").get_json()
    by_id = browser.open(f"/log/entries/{whole['id']}")

    said = words(by_place)
    assert said == words(by_id)
    for part in (
        name_of(wired, Role.SUPPORT),
        whole["id"],
        "in clear: city; masked: email, telephone",
        "Download the proof",
    ):
        assert part in said
    assert browser.open(f"/log/{index}/proof").mimetype == "text/plain"


@pytest.mark.parametrize("path", ["entries/3", "3/entry", "3/proof", "sample/proofs?seed=dice&size=2", "export.csv"])
def test_looking_at_an_entry_is_an_entry(service: Service, path: str) -> None:
    service.wired.signer.checkpoint()
    browser = reader(service, Role.AUDITOR)
    before = service.log_size()

    assert browser.open(f"/log/{path}").status_code == 200

    assert service.log_size() == before + 1


@pytest.mark.parametrize("which", ["999999", "nothing", "0" * 40, "01a2027a-0000-7000-8000-000000000000", "-1"])
def test_an_entry_that_is_not_there_is_not_found(site: Service, which: str) -> None:
    assert reader(site, Role.AUDITOR).open(f"/log/entries/{which}").status_code == 404


def test_an_entry_leads_to_the_page_of_what_it_is_about(site: Service) -> None:
    browser = reader(site, Role.SECURITY)
    listed = parse(browser.open("/log/?object=account"))
    first = listed.findall(".//{*}td[@data-label='Entry']/{*}a")[0].attrib["href"]

    page = parse(browser.open(first))

    links = {a.attrib["href"] for a in page.findall(".//{*}dl//{*}a")}
    assert [each for each in links if each.startswith("/watch/")]


@pytest.mark.parametrize("path", ["/log/entries/3", "/log/sample", "/log/export.csv", "/log/checkpoint", "/log/state"])
@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN, Role.OWNER, Role.CONTROLLER])
def test_the_log_is_closed_to_others(site: Service, path: str, role: Role) -> None:
    assert reader(site, role).open(path).status_code == 403


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_file_holds_what_was_asked_for_and_nobodys_name_address_or_number(service: Service, form: str) -> None:
    wired = service.wired
    read(wired, Role.SUPPORT, 3)
    refuse(wired, Role.SALES, 2)
    browser = reader(service, Role.AUDITOR)

    answer = browser.open(f"/log/export.{form}?action=read&object=customers")
    everything = browser.open(f"/log/export.{form}").get_data(as_text=True)

    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    rows = (
        list(csv.DictReader(io.StringIO(text))) if form == "csv" else [orjson.loads(line) for line in text.splitlines()]
    )
    assert len(rows) == 3
    assert {str(row["people"]) for row in rows} == {"2"}
    assert {row["actor"] for row in rows} == {str(acting(wired, Role.SUPPORT).id)}
    # A version of a notice is written with the sign, too: what stands before is its name, behind it a number.
    assert not re.search(r"@(?!\d)", everything)
    assert "127.0.0.1" not in everything
    assert "subjects" not in everything


def test_taking_a_file_is_recorded_as_an_export(service: Service) -> None:
    browser = reader(service, Role.DPO)
    browser.open("/log/export.csv?action=read")

    whole = browser.open(f"/log/{service.log_size() - 1}/entry").get_json()

    assert (whole["action"], whole["object"]["type"]) == ("export", "log")


def test_a_file_of_what_cannot_be_asked_is_a_page_that_says_so(site: Service) -> None:
    answer = reader(site, Role.AUDITOR).open("/log/export.csv?subject=abc")

    assert answer.status_code == 422
    assert "Nothing was looked for" in words(answer)


def test_a_sample_is_drawn_again_by_its_seed_though_the_log_has_grown(service: Service) -> None:
    wired = service.wired
    wired.signer.checkpoint()
    browser = reader(service, Role.AUDITOR)
    first = parse(browser.open("/log/sample?seed=dice&size=7"))
    again = next(a.attrib["href"] for a in first.findall(".//{*}main//{*}a") if a.text == "this address")
    places = [code.text for code in first.findall(".//{*}td[@data-label='Entry']//{*}code")]

    read(wired, Role.SUPPORT, 30)
    wired.signer.checkpoint()
    second = parse(browser.open(again))

    assert len(places) == 7
    assert [code.text for code in second.findall(".//{*}td[@data-label='Entry']//{*}code")] == places


def test_a_sample_comes_with_proofs_that_others_check(service: Service) -> None:
    service.wired.signer.checkpoint()

    answer = reader(service, Role.AUDITOR).open("/log/sample/proofs?seed=dice&size=5")

    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        names = archive.namelist()
        proofs = [archive.read(name).decode() for name in names if name.endswith(".tlog-proof")]
    assert "checkpoint" in names
    assert len(proofs) == 5
    verifier = Anchor(service.wired.settings.anchor).verifier
    signed = {verify_proof(proof, verifier)[0].size for proof in proofs}
    assert signed == {service.log_size() - 2}


@pytest.mark.parametrize(
    "query", ["seed=&size=5", "seed=a&size=0", "seed=a&size=201", "seed=a&size=x", "seed=a&size=5&of=0"]
)
def test_a_sample_that_cannot_be_drawn_says_why_beside_its_field(site: Service, query: str) -> None:
    site.wired.signer.checkpoint()

    answer = reader(site, Role.AUDITOR).open(f"/log/sample?{query}")

    assert answer.status_code == 422
    assert parse(answer).findall(".//{*}*[@aria-invalid='true']")


def test_programs_learn_how_the_log_stands_and_draw_samples(service: Service) -> None:
    wired = service.wired
    read(wired, Role.SUPPORT, 4)
    wired.signer.checkpoint()
    auditor = service.program(Role.AUDITOR)

    told = auditor.get("/audit/summary", days=7).get_json()
    sample = auditor.get("/audit/sample", seed="dice", size=5).get_json()
    same = auditor.get("/audit/sample", seed="dice", size=5, of=sample["of"]).get_json()

    assert len(told["classes"]["access"]) == 7
    assert told["classes"]["access"][-1] == 4
    assert told["state"]["anchor"]["agrees"]
    assert sample["places"] == same["places"]
    assert len(sample["entries"]) == 5
    assert service.program(Role.SUPPORT).get("/audit/summary").status_code == 403
    assert auditor.get("/audit/sample", seed="dice", size=500).status_code == 422
    assert auditor.get("/audit/summary", wrong=1).status_code == 422


def test_findings_speak_french_on_the_french_page(sqlite_service: Service) -> None:
    with sqlite_service.wired.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE leaf_index = 5")
        connection.exec_driver_sql("UPDATE audit_entry SET purpose = 'x' WHERE leaf_index = 6")
    browser = reader(sqlite_service, Role.AUDITOR)

    said = words(browser.send("/log/verify", "fr"))

    assert "entrée 5 : contenu : les entrées 5 à 5 manquent, et aucune purge ne les nomme" in said
    assert "la colonne purpose ne dit pas ce que dit le corps" in said
