"""Documents of the register on pages and over REST: read back, in both languages; one's own alone."""

import orjson
import pytest

from governance.actor import Role
from governance.work import worker_of
from tests.builders.pages import Enter, links
from tests.builders.paper import read_paper
from tests.builders.service import Service
from tests.builders.web import words


@pytest.mark.parametrize(
    ("language", "name", "told"),
    [
        ("fr", "Gestion des clients et des commandes", ["Page 1 sur", "Intérêts légitimes", "RGPD, art. 30, § 1"]),
        ("en", "Customers and orders", ["Page 1 of", "Legitimate interests", "GDPR Art. 30(1)"]),
    ],
)
def test_the_record_of_an_activity_is_read_back_from_its_document(
    enter: Enter, language: str, name: str, told: list[str]
) -> None:
    client = enter(Role.AUDITOR).program.client

    answer = client.get("/activities/customer-management/record.pdf", headers={"Accept-Language": language})

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=customer-management.pdf"
    paper = read_paper(answer.data)
    assert (paper.language, paper.title, paper.marked) == (language, name, True)
    assert paper.fonts_embedded
    assert paper.outlines[0] == name
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= paper.tags
    assert len(paper.alternatives) == 2
    assert all(text in paper.text for text in told)
    assert "fictional" in paper.text or "fictives" in paper.text


def test_the_same_document_is_given_over_rest_by_slug_and_by_identifier(enter: Enter) -> None:
    client = enter(Role.DPO).program.client
    activity = client.get("/api/v1/activities/loyalty").get_json()["id"]

    answer = client.get(f"/api/v1/activities/{activity}/record.pdf", headers={"Accept-Language": "en"})

    assert answer.mimetype == "application/pdf"
    paper = read_paper(answer.data)
    assert "Not in force: this is what is proposed." in paper.text
    assert client.get("/api/v1/activities/no-such/record.pdf").status_code == 404


def test_whoever_reads_the_register_not_is_given_no_document_of_it(enter: Enter) -> None:
    sales = enter(Role.SALES)

    assert sales.get("/activities/customer-management/record.pdf").status_code == 403
    assert sales.get("/activities/-/documents").status_code == 403
    assert sales.program.client.get("/api/v1/prints").status_code == 403


def test_the_whole_register_is_asked_for_followed_and_taken(enter: Enter, site: Service) -> None:
    dpo, auditor = enter(Role.DPO), enter(Role.AUDITOR)
    empty = words(dpo.get("/activities/-/documents"))
    ordered = dpo.post("/activities/-/documents")
    waiting = dpo.get("/activities/-/documents")

    worker = worker_of(site.wired)
    while worker.run_once():
        pass
    done = dpo.get("/activities/-/documents")
    way = next(link for link in links(done) if link.endswith("/1.pdf"))
    taken = dpo.get(way)

    assert "Nothing on paper yet" in empty
    assert (ordered.status_code, ordered.headers["Location"]) == (303, "/activities/-/documents")
    assert "You may leave this page" in words(waiting)
    assert "follow.js" in waiting.text
    assert "Download the register" in words(done)
    paper = read_paper(taken.data)
    assert paper.title == "Record of processing activities"
    assert any(line.startswith("1. Customers and orders") for line in paper.outlines)
    contents = next(line for line in paper.text.splitlines() if line.strip().startswith("1. Customers and orders"))
    assert contents.split()[-1].isdigit()
    assert f"of {paper.pages}" in paper.text
    assert auditor.get(way).status_code == 404
    assert "Nothing on paper yet" in words(auditor.get("/activities/-/documents"))
    discarded = dpo.post(way.removesuffix("/1.pdf") + "/discard")
    assert discarded.status_code == 303
    assert dpo.get(way).status_code == 404


def test_one_of_the_two_registers_is_chosen_on_the_page_and_named_on_it_and_on_every_sheet(
    enter: Enter, site: Service
) -> None:
    owner = enter(Role.OWNER)
    page = owner.get("/activities/-/documents")
    refused = owner.post("/activities/-/documents", {"capacity": "author"})
    owner.post("/activities/-/documents", {"capacity": "controller"})
    worker = worker_of(site.wired)
    while worker.run_once():
        pass
    done = owner.get("/activities/-/documents")
    taken = owner.get(next(link for link in links(done) if link.endswith("/1.pdf")))

    assert "Which register? The whole register Controller’s register Processor’s register" in words(page)
    assert refused.status_code == 422
    assert "Not a valid choice" in words(refused)
    assert "RegisterController’s register Stateready" in words(done)
    paper = read_paper(taken.data)
    assert paper.title == "Record of processing activities · Controller’s register"
    assert paper.text.count(paper.title) >= paper.pages - 1
    assert "GDPR Art. 30(1)" in paper.text


def test_over_rest_a_register_is_ordered_in_a_language_and_unknown_ones_are_refused(enter: Enter) -> None:
    program = enter(Role.CONTROLLER).program

    def post(path: str, body: object = None) -> tuple[int, dict[str, object]]:
        answer = program.client.post(path, json=body, headers=program.headers)
        return answer.status_code, answer.get_json(silent=True) or {}

    assert post("/api/v1/prints", {"language": "de"})[0] == 422
    assert post("/api/v1/prints", {"language": "fr", "more": 1})[0] == 422
    assert post("/api/v1/prints", {"language": "fr", "capacity": "author"})[0] == 422
    status, whole = post("/api/v1/prints", {"language": "fr"})
    assert (status, whole["capacity"]) == (202, None)
    status, asked = post("/api/v1/prints", {"language": "fr", "capacity": "processor"})
    assert (status, asked["state"], asked["volumes"], asked["capacity"]) == (202, "queued", [], "processor")
    told = program.client.get(f"/api/v1/prints/{asked['id']}").get_json()
    listed = program.client.get("/api/v1/prints").get_json()["prints"]
    assert told in listed
    assert program.client.get(f"/api/v1/prints/{asked['id']}/volumes/1").status_code == 404
    assert post(f"/api/v1/prints/{asked['id']}/discard")[0] == 204


def test_the_record_of_an_activity_is_given_as_linked_data_on_its_page_and_over_rest(enter: Enter) -> None:
    client = enter(Role.OWNER).program.client

    page = client.get("/activities/customer-management/record.jsonld")
    rest = client.get("/api/v1/activities/customer-management/record.jsonld")

    assert page.mimetype == rest.mimetype == "application/ld+json"
    assert orjson.loads(page.data) | {"dct:created": None} == orjson.loads(rest.data) | {"dct:created": None}
    (activity,) = orjson.loads(page.data)["dpv:hasProcess"]
    assert activity["dct:identifier"] == "customer-management"
    assert client.get("/activities/no-such/record.jsonld").status_code == 404
    assert enter(Role.SALES).get("/activities/customer-management/record.jsonld").status_code == 403
