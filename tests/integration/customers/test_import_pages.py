"""Imports on pages and over REST: the whole way of a file, what a stranger sees of it, and how large it may be."""

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from consent.suppression.service import tell
from consent.suppression.values import Tell
from governance.actor import Role
from governance.web import bodies
from governance.work import worker_of
from tests.builders.consent import an_email, desk_of
from tests.builders.customers import HEADER, a_person, csv_text
from tests.builders.ground import an_actor
from tests.builders.pages import Enter, Reader, headings, inputs, links, options
from tests.builders.service import Service, problem
from tests.builders.web import words

_INTO = "customer-relationship customers"
_ARGUMENTS = {"table": "customers", "purpose": "customer-relationship"}


@pytest.fixture(scope="module")
def sales(enter: Enter) -> Reader:
    return enter(Role.SALES)


def people(first: int, count: int = 3) -> str:
    """Return a file of people whom no other test brings in."""
    rows = [list(a_person(number)) for number in range(first, first + count)]
    for number, row in enumerate(rows, start=first):
        row[4] = f"imported-{number}@demo.example"
    return csv_text(rows)


def bring(reader: Reader, content: str | bytes, into: str = _INTO) -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return reader.post("/imports/new", {"into": into, "file": (io.BytesIO(data), "people.csv")})


def described(reader: Reader, content: str, **more: str) -> str:
    """Bring a file in and describe it as proposed; return its address."""
    columns = bring(reader, content).headers["Location"]
    answer = reader.post(columns, {**inputs(reader.get(columns)), "duplicates": "refuse", "point": "-", **more})
    assert answer.status_code == 303, words(answer)
    return str(columns).removesuffix("/columns")


def work(site: Service) -> None:
    worker = worker_of(site.wired)
    worker.enqueue_periodic()
    while worker.run_once():
        pass


def test_a_file_goes_all_the_way_on_pages(sales: Reader, site: Service) -> None:
    bad = ("C-9", "Dr", "", "", "no address", "", "", "")
    text = people(910_000) + ";".join(bad) + "\n"
    columns = bring(sales, text).headers["Location"]
    page = sales.get(columns)
    assert options(page, "column-3")[0] == ""
    assert inputs(page)["column-5"] == "email"

    preview = sales.post(columns, {**inputs(page), "source": "Fair of Lyon", "duplicates": "refuse", "point": "-"})
    tried = sales.get(preview.headers["Location"])
    assert "3 rows would be accepted and 1 refused." in words(tried)
    assert "imported-910000@demo.example" in words(tried)
    assert "This is missing." in words(tried)
    upload = columns.removesuffix("/columns")
    assert sales.post(f"{upload}/start").status_code == 303
    assert "It begins in a moment" in words(sales.get(upload))
    work(site)

    report = sales.follow(upload)
    assert "Fair of Lyon" in words(report)
    assert re.search(r"Rows accepted ?3", words(report))
    download = next(link for link in links(report) if link.endswith("refused.csv"))
    rows = list(csv.reader(io.StringIO(sales.get(download).get_data(as_text=True)), delimiter=";"))
    assert {row[0] for row in rows[1:]} == {"5"}
    assert {row[3] for row in rows[1:]} == {"choice", "required", "malformed"}
    assert "no address" not in sales.get(download).get_data(as_text=True)
    assert any("imported-910001@demo.example" in words(sales.find("customer-relationship", "", email)) for email in
               ["imported-910001@demo.example"])  # fmt: skip


def test_the_preview_and_the_report_say_how_many_stay_unsolicited_and_not_who(sales: Reader, site: Service) -> None:
    refused = Tell(identifiers=[an_email("imported-970001@demo.example")])
    with site.wired.write() as session:
        tell(session, desk_of(site.wired), an_actor(Role.DPO), refused)
    upload = described(sales, people(970_000))
    said = "1 accepted row is of a person on the refusal list, who is not solicited."

    assert said in words(sales.get(f"{upload}/preview"))
    sales.post(f"{upload}/start")
    work(site)

    assert said in words(sales.follow(upload))


def test_coded_values_get_their_meaning_on_the_preview(sales: Reader) -> None:
    rows = [list(a_person(920_000 + number)) for number in range(2)]
    for number, row in enumerate(rows):
        row[1], row[4] = "Dr", f"coded-{number}@demo.example"
    upload = described(sales, csv_text(rows))
    tried = sales.get(f"{upload}/preview")
    assert "0 rows would be accepted" in words(tried)

    answer = sales.post(f"{upload}/columns", {**inputs(tried), "unknown-meant": "unstated"})

    assert "2 rows would be accepted" in words(sales.get(answer.headers["Location"]))


def test_nobody_is_said_to_have_given_their_data_who_was_not_asked_about(sales: Reader) -> None:
    columns = bring(sales, people(935_000)).headers["Location"]
    shown = sales.get(columns)
    assert inputs(shown)["point"] == ""

    refused = sales.post(columns, {**inputs(shown), "source": "Fair of Lyon", "duplicates": "refuse"})

    assert refused.status_code == 422
    assert "Choose one." in words(refused)
    again = inputs(refused)
    assert (again["point"], again["source"]) == ("", "Fair of Lyon")
    assert sales.post(columns, {**again, "duplicates": "refuse", "point": "-"}).status_code == 303
    assert inputs(sales.get(columns))["point"] == "-"


def test_a_column_that_cannot_be_used_is_said_on_the_page_of_the_columns(sales: Reader) -> None:
    columns = bring(sales, people(930_000)).headers["Location"]
    form = inputs(sales.get(columns))

    twice = sales.post(columns, {**form, "column-4": "family_name", "duplicates": "refuse", "point": "-"})

    assert twice.status_code == 422
    assert "Column 4: it fills family_name, as column 3 does." in words(twice)
    assert inputs(twice)["column-4"] == "family_name"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01\x02\x03", "The file cannot be read"),
        (b"", "it has no row"),
        (b"\xd0\xcf\x11\xe0old", "old binary workbook"),
        (b"PK\x03\x04broken", "this is not a workbook"),
    ],
)
def test_what_is_no_table_is_told_at_once_and_not_kept(sales: Reader, site: Service, content: bytes, told: str) -> None:
    folder = site.wired.settings.home / "uploads"
    before = {path.name for path in folder.glob("*")}

    answer = bring(sales, content)

    assert answer.status_code == 422
    assert told in words(answer)
    assert {path.name for path in folder.glob("*")} == before


def test_without_a_file_the_form_is_shown_again(sales: Reader) -> None:
    answer = sales.post("/imports/new", {"into": _INTO})

    assert answer.status_code == 422
    assert "Choose a file." in words(answer)


@pytest.mark.parametrize("into", ["", "customers", "no-purpose customers", "customer-relationship no_table"])
def test_where_nothing_may_be_created_nothing_goes(sales: Reader, into: str) -> None:
    assert bring(sales, people(940_000), into).status_code == 422


def test_a_file_is_discarded(sales: Reader) -> None:
    upload = described(sales, people(950_000))

    asked = sales.get(f"{upload}/discard")
    assert headings(asked) == ["Discard this file?"]
    assert f"{upload}/columns" in links(asked)
    answer = sales.post(f"{upload}/discard")

    assert answer.headers["Location"] == "/imports/"
    assert "nothing of it was imported" in words(sales.get(upload))


def test_an_import_is_stopped_and_the_question_stands_before_the_undo(sales: Reader, site: Service) -> None:
    upload = described(sales, people(960_000))
    sales.post(f"{upload}/start")

    assert sales.post(f"{upload}/stop").status_code == 303
    assert "Go on" in words(sales.get(upload))
    assert headings(sales.get(f"{upload}/undo")) == ["Take this import back?"]
    # Nothing was imported yet, so there is nothing to take back.
    assert sales.post(f"{upload}/undo").status_code == 409
    sales.post(f"{upload}/start")
    work(site)
    assert "finished" in words(sales.follow(upload))


def test_the_list_names_what_is_brought_in_and_by_whom(sales: Reader) -> None:
    described(sales, people(970_000))

    told = words(sales.get("/imports/"))

    assert "Customer relationship" in told
    assert "you" in told
    sales.post(f"{next(link for link in links(sales.get('/imports/')) if re.match('/imports/0', link))}/discard")


@pytest.mark.parametrize("role", [Role.ACCOUNTING, Role.ANALYST])
def test_who_may_not_create_there_sees_nothing_of_it(enter: Enter, sales: Reader, role: Role) -> None:
    upload = described(sales, people(980_000))
    other = enter(role)

    assert upload not in links(other.get("/imports/"))
    for below in ("", "/columns", "/preview", "/undo"):
        assert other.get(upload + below).status_code == 404
    for verb in ("start", "stop", "undo", "discard"):
        assert other.post(f"{upload}/{verb}").status_code == 404
    sales.post(f"{upload}/discard")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.DPO, Role.CONTROLLER])
def test_the_pages_of_imports_are_closed_to_other_roles(enter: Enter, role: Role) -> None:
    assert enter(role).get("/imports/").status_code == 403
    assert bring(enter(role), people(1)).status_code == 403


def test_an_empty_list_teaches_what_importing_is(enter: Enter) -> None:
    assert "Until it has finished it can be taken back whole." in words(enter(Role.SUPPORT).get("/imports/"))


def test_the_pages_are_complete_in_french(sales: Reader) -> None:
    french = Reader(sales.program, "fr")
    upload = described(french, people(985_000))

    assert "Que contient chaque colonne" in words(french.get(f"{upload}/columns"))
    assert "3 lignes seraient acceptées et 0 refusée" in words(french.get(f"{upload}/preview"))
    assert "Importer un fichier" in words(french.get("/imports/new"))
    sales.post(f"{upload}/discard")


def test_a_file_beyond_the_bound_is_refused_before_it_is_read(sales: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    app = sales.program.client.application
    monkeypatch.setattr(app.view_functions["imports.bring"], bodies._FILE, 5_000)  # noqa: SLF001

    assert bring(sales, b"x" * 10_000).status_code == 413


def test_a_form_elsewhere_takes_no_file_of_that_size(sales: Reader) -> None:
    answer = sales.program.client.post(
        "/customers/",
        data=b"wanted=" + b"x" * 2_000_000,
        content_type="application/x-www-form-urlencoded",
        headers=dict(sales.program.headers),
    )

    assert answer.status_code == 413


def test_a_forged_upload_is_refused(sales: Reader) -> None:
    data = {"into": _INTO, "file": (io.BytesIO(b"Nom\nX\n"), "people.csv")}

    assert sales.program.client.post("/imports/new", data=data).status_code == 400


def test_a_file_goes_all_the_way_over_rest(site: Service) -> None:
    program = site.program(Role.SALES)
    made = program.ask("POST", "/imports", query_string=_ARGUMENTS, data=people(990_000).encode())
    assert made.status_code == 201, made.get_data(as_text=True)
    upload = made.get_json()["id"]
    columns = program.get(f"/imports/{upload}/columns").get_json()["columns"]
    assert [each["header"] for each in columns] == list(HEADER)

    settings = {"columns": {str(each["number"]): each["target"] for each in columns}, "source": "Till"}
    assert program.ask("PUT", f"/imports/{upload}/columns", json=settings).get_json()["ready"]
    assert program.get(f"/imports/{upload}/preview").get_json()["accepted"] == 3
    assert program.post(f"/imports/{upload}/start", None).get_json()["state"] == "queued"
    work(site)

    told = program.get(f"/imports/{upload}").get_json()
    assert (told["state"], told["accepted"]) == ("finished", 3)
    assert program.get(f"/imports/{upload}/refusals").get_json() == {"refusals": [], "next": None}
    assert upload in {each["id"] for each in program.get("/imports", limit=100).get_json()["imports"]}


def test_over_rest_too_another_role_is_told_that_there_is_no_such_file(site: Service) -> None:
    made = site.program(Role.SALES).ask("POST", "/imports", query_string=_ARGUMENTS, data=people(995_000).encode())
    upload = made.get_json()["id"]
    other = site.program(Role.ACCOUNTING)

    for path in ("", "/columns", "/preview", "/refusals"):
        assert problem(other.get(f"/imports/{upload}{path}"), 404)["type"].endswith("upload-not-found")
    assert problem(other.post(f"/imports/{upload}/start", None), 404)
    assert upload not in str(other.get("/imports").get_json())


@pytest.mark.parametrize(
    "settings",
    [{}, {"columns": {}}, {"columns": {"0": "email"}}, {"columns": {"1": "DROP"}}, {"columns": {"1": "email"}, "x": 1}],
)
def test_over_rest_settings_are_read_strictly(site: Service, settings: dict[str, object]) -> None:
    program = site.program(Role.SALES)
    made = program.ask("POST", "/imports", query_string=_ARGUMENTS, data=people(996_000).encode())
    upload = made.get_json()["id"]

    problem(program.ask("PUT", f"/imports/{upload}/columns", json=settings), 422)


def test_over_rest_who_may_not_create_is_refused_with_the_reasons(site: Service) -> None:
    answer = site.program(Role.ACCOUNTING).ask("POST", "/imports", query_string=_ARGUMENTS, data=b"Nom\nX\n")

    assert problem(answer, 403)["reasons"]
