"""The log over HTTP."""

import orjson
import pytest

from audit.proofs import EntryProof
from governance.actor import Role
from tests.builders.service import Service, problem


def test_an_auditor_lists_entries_and_that_is_recorded_too(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    size = service.log_size()
    told = program.get("/audit/entries", limit=5).get_json()
    assert len(told["entries"]) == 5
    assert service.log_size() == size + 1
    newest = program.get("/audit/entries", limit=1).get_json()["entries"][0]
    assert (newest["action"], newest["object"]["type"]) == ("read", "log")


def test_entries_are_paged_by_their_index(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    first = program.get("/audit/entries", limit=3).get_json()
    second = program.get("/audit/entries", limit=3, after=first["next"]).get_json()
    assert max(entry["index"] for entry in second["entries"]) < min(entry["index"] for entry in first["entries"])


def test_a_checkpoint_is_signed_and_an_entry_proved_against_it(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    note = program.ask("POST", "/audit/checkpoint").get_data(as_text=True)
    assert note.startswith(service.wired.origin)
    assert program.get("/audit/checkpoint").get_data(as_text=True) == note
    proof = program.get("/audit/entries/0/proof").get_data(as_text=True)
    assert proof.startswith("c2sp.org/tlog-proof@v1\n")
    assert note in proof


def test_a_proof_tells_its_entry_and_asking_for_one_is_a_look_at_the_log(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    program.ask("POST", "/audit/checkpoint")
    size = service.log_size()

    proof = EntryProof.parse(program.get("/audit/entries/1/proof").get_data(as_text=True))

    assert proof.body is not None
    assert service.log_size() == size + 1
    newest = program.get("/audit/entries", limit=1).get_json()["entries"][0]
    assert (newest["action"], newest["object"]["type"], newest["details"]["count"]) == ("read", "log", 1)


def test_what_gives_out_commitments_only_is_no_look_at_the_log(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    program.ask("POST", "/audit/checkpoint")
    size = service.log_size()

    assert program.get("/audit/tile/entries/000.p/5").status_code == 200
    assert program.get("/audit/checkpoint").status_code == 200
    problem(program.get("/audit/entries/999999999/proof"), 404)

    assert service.log_size() == size


def test_a_tile_of_hashes_is_served(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    program.ask("POST", "/audit/checkpoint")
    assert len(program.get("/audit/tile/0/000.p/5").get_data()) == 5 * 32


def test_an_entry_is_returned_by_its_id(service: Service) -> None:
    program = service.program(Role.AUDITOR)
    listed = program.get("/audit/entries", limit=1).get_json()["entries"][0]
    assert program.get(f"/audit/entries/{listed['id']}").get_json()["index"] == listed["index"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/entries/nothing", "The log has no such entry."),
        ("/entries/nothing/proof", "The log has no such entry."),
        ("/entries/999999999/proof", "The log has no entry 999999999."),
        ("/tile/0/999", "The log has no such tile."),
        ("/tile/64/000", "The log has no such tile."),
        ("/tile/../000", "The log has no such tile."),
    ],
)
def test_what_is_not_there_is_a_problem(site: Service, path: str, said: str) -> None:
    assert problem(site.program(Role.AUDITOR).get(f"/audit{path}"), 404)["detail"] == said


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": "x"}, {"nobody_asked": 1}, {"subject": -1}, {"since": "yesterday"}]
)
def test_what_cannot_be_asked_is_a_problem(site: Service, query: dict[str, object]) -> None:
    told = problem(site.program(Role.AUDITOR).get("/audit/entries", **query), 422)
    assert set(told["errors"]["query"]) == set(query)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN, Role.SERVICE])
def test_the_log_is_not_for_everybody_and_a_refusal_is_recorded(site: Service, role: Role) -> None:
    size = site.log_size()
    problem(site.program(role).get("/audit/entries"), 403)
    assert site.log_size() > size


def test_a_search_by_person_is_recorded_with_the_person(site: Service) -> None:
    program = site.program(Role.AUDITOR)
    told = program.get("/audit/entries", subject=1, limit=100).get_json()
    assert told["entries"]
    newest = program.get("/audit/entries", limit=1).get_json()["entries"][0]
    assert newest["object"]["type"] == "log"
    assert "demo.example" not in orjson.dumps(told).decode()
