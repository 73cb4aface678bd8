"""Governed reads over HTTP."""

import orjson
import pytest

from governance.actor import Role
from tests.builders.service import Service, problem
from tests.demonstration import Home

QUERY = "/data/customers/query"
ASKED = {"purpose": "after-sales", "fields": ["email", "city", "iban"], "limit": 3}


def test_a_token_reads_through_the_gate(both_sites: Service) -> None:
    answer = both_sites.program(Role.SUPPORT).post(QUERY, ASKED)
    told = answer.get_json()
    assert answer.status_code == 200
    assert [row["email"] for row in told["rows"]] == [f"customer-{n}@demo.example" for n in (1, 2, 3)]
    assert all("•" in row["iban"] for row in told["rows"] if row["iban"])
    assert told["entry"] == both_sites.log_size() - 1
    assert told["purpose"] == "after-sales"


def test_what_is_withheld_is_named_with_its_reason(both_sites: Service) -> None:
    told = both_sites.program(Role.SUPPORT).post(QUERY, {"purpose": "after-sales", "limit": 1}).get_json()
    assert told["withheld"]["segment"]["message"]
    assert "segment" not in told["rows"][0]


def test_pages_follow_each_other(both_sites: Service) -> None:
    program = both_sites.program(Role.SUPPORT)
    numbers, after = [], None
    while True:
        told = program.post(QUERY, {**ASKED, "fields": ["number"], "limit": 12, "after": after}).get_json()
        numbers += [row["number"] for row in told["rows"]]
        after = told["next"]
        if after is None:
            break
    assert len(numbers) == len(set(numbers)) == 30


def test_a_get_reads_without_filters(both_sites: Service) -> None:
    program = both_sites.program(Role.SUPPORT)
    told = program.get("/data/customers", purpose="after-sales", field=["email", "city"], limit=2).get_json()
    assert [set(row) for row in told["rows"]] == [{"id", "email", "city"}] * 2


def test_a_filter_in_an_address_is_refused(both_sites: Service) -> None:
    answer = both_sites.program(Role.SUPPORT).get("/data/customers", purpose="after-sales", email="a@demo.example")
    told = problem(answer, 422)
    assert "a@demo.example" not in orjson.dumps(told).decode()


def test_a_filter_in_a_body_finds_somebody_by_their_blind_index(both_sites: Service) -> None:
    where = [{"field": "email", "value": "customer-12@demo.example"}]
    told = both_sites.program(Role.SUPPORT).post(QUERY, {**ASKED, "where": where}).get_json()
    assert [row["email"] for row in told["rows"]] == ["customer-12@demo.example"]


def test_one_row_is_read_with_its_revision(both_sites: Service) -> None:
    program = both_sites.program(Role.SUPPORT)
    row = program.post(QUERY, ASKED).get_json()["rows"][0]
    told = program.get(f"/data/customers/{row['id']}", purpose="after-sales").get_json()
    (found,) = told["row"] if isinstance(told["row"], list) else [told["row"]]
    assert found["email"] == row["email"]


def test_a_stream_is_newline_delimited(both_sites: Service) -> None:
    answer = both_sites.program(Role.SUPPORT).post(QUERY, {**ASKED, "limit": 1000}, Accept="application/x-ndjson")
    rows = [orjson.loads(line) for line in answer.get_data().splitlines()]
    assert answer.mimetype == "application/x-ndjson"
    assert len(rows) == 30


def test_a_refused_stream_is_an_answer_of_its_own(both_sites: Service) -> None:
    answer = both_sites.program(Role.SUPPORT).post(
        QUERY, {**ASKED, "purpose": "scoring"}, Accept="application/x-ndjson"
    )
    assert problem(answer, 403)["reasons"]


def test_a_wrong_purpose_is_refused_with_every_rule_that_failed(both_sites: Service) -> None:
    told = problem(both_sites.program(Role.SUPPORT).post(QUERY, {**ASKED, "purpose": "scoring"}), 403)
    assert {"role-not-recipient", "category-not-declared"} <= {reason["code"] for reason in told["reasons"]}


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("en", "The read is refused.", "None of the roles held is a recipient of this purpose."),
        ("fr", "La lecture est refusée.", "Aucun des rôles détenus n’est destinataire pour cette finalité."),
    ],
)
def test_a_refused_read_says_every_reason_in_words_in_the_readers_language(
    site: Service, language: str, title: str, sentence: str
) -> None:
    program = site.program(Role.SUPPORT)
    told = problem(program.post(QUERY, {**ASKED, "purpose": "scoring"}, Accept_Language=language), 403)
    assert told["title"] == title
    messages = {reason["code"]: reason["message"] for reason in told["reasons"]}
    assert messages["role-not-recipient"] == sentence
    assert all("{" not in message for message in messages.values())


@pytest.mark.parametrize(
    ("table", "change", "status", "slug"),
    [
        ("customers", {"fields": ["nothing_of_the_kind"]}, 404, "not-in-data-map"),
        ("data_subject", {}, 404, "not-in-data-map"),
        ("customers", {"purpose": "nobody-declared-this"}, 403, "read-refused"),
        ("customers", {"where": [{"field": "birth_date", "value": "1970-01-01"}]}, 422, "filter-refused"),
        ("customers", {"where": [{"field": "segment", "value": "a"}]}, 422, "filter-refused"),
        ("customers", {"where": [{"field": "email", "operator": "~", "value": "a"}]}, 422, "invalid"),
        ("customers", {"order": [{"field": "email"}]}, 422, "order-refused"),
        ("customers", {"limit": 0}, 422, "invalid"),
        ("customers", {"limit": "3"}, 422, "invalid"),
        ("customers", {"after": "made-up"}, 422, "cursor-invalid"),
        ("customers", {"fields": []}, 422, "invalid"),
        ("customers", {"nobody_asked": 1}, 422, "invalid"),
        ("customers", {"purpose": None}, 422, "invalid"),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    site: Service, table: str, change: dict[str, object], status: int, slug: str
) -> None:
    told = problem(site.program(Role.SUPPORT).post(f"/data/{table}/query", {**ASKED, **change}), status)
    assert told["type"].endswith(f"/{slug}")


def test_an_injected_value_is_a_value(both_sites: Service) -> None:
    where = [{"field": "number", "value": "' OR 1=1 --"}]
    told = both_sites.program(Role.SUPPORT).post(QUERY, {**ASKED, "where": where}).get_json()
    assert told["rows"] == []


def test_an_unknown_key_is_named_under_errors(site: Service) -> None:
    told = problem(site.program(Role.SUPPORT).post(QUERY, {**ASKED, "nobody_asked": 1}), 422)
    assert "nobody_asked" in orjson.dumps(told["errors"]).decode()


@pytest.mark.parametrize("row", ["not-an-id", "1", "00000000-0000-0000-0000-000000000000", "..%2f.."])
def test_a_malformed_id_is_not_found(site: Service, row: str) -> None:
    told = problem(site.program(Role.SUPPORT).get(f"/data/customers/{row}", purpose="after-sales"), 404)
    assert told["type"].endswith(("/row-id-invalid", "/row-not-found", "/not-found"))


def test_an_oversized_body_is_refused_before_it_is_read(site: Service) -> None:
    program = site.program(Role.SUPPORT)
    answer = program.ask("POST", QUERY, data=b"[" * 2_000_000, content_type="application/json")
    assert problem(answer, 413)["type"].endswith("/too-large")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"purpose": "\xff"}', b"{" * 5000])
def test_what_is_not_json_is_a_problem(site: Service, body: bytes) -> None:
    answer = site.program(Role.SUPPORT).ask("POST", QUERY, data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code)


def test_a_method_that_is_not_there_names_those_that_are(site: Service) -> None:
    answer = site.program(Role.SUPPORT).ask("PUT", QUERY, json=ASKED)
    problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_without_a_token_nobody_reads(site: Service) -> None:
    answer = site.stranger().post(QUERY, ASKED)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_invented_token_is_refused_and_cannot_flood_the_log(site: Service) -> None:
    size = site.log_size()
    program = site.stranger()
    problem(program.ask("POST", QUERY, json=ASKED, headers={"Authorization": "Bearer egide_made_up"}), 401)
    assert site.log_size() == size


def test_a_role_without_a_grant_reads_nothing(site: Service) -> None:
    told = problem(site.program(Role.ANALYST).post(QUERY, ASKED), 403)
    assert "rows" not in told
    assert [reason["code"] for reason in told["reasons"]] == ["role-not-recipient"]


def test_the_plan_reads_nothing_and_says_why(both_sites: Service) -> None:
    program = both_sites.program(Role.SUPPORT)
    before = both_sites.log_size()
    told = program.get("/plan/customers", purpose="after-sales").get_json()
    assert told
    assert both_sites.log_size() == before


def test_a_revoked_grant_closes_the_very_next_read(service: Service, home: Home) -> None:
    support, controller = service.program(Role.SUPPORT), service.person(Role.CONTROLLER, home.password(Role.CONTROLLER))
    assert "city" in support.post(QUERY, ASKED).get_json()["rows"][0]
    grants = controller.get("/grants", role="support", purpose="after-sales").get_json()["grants"]
    for grant in grants:
        if grant["category"] == "contact" and grant["state"] == "approved" and grant["action"] == "read":
            assert controller.post(f"/grants/{grant['id']}/revoke", {"because": "test"}).status_code == 200
    told = support.post(QUERY, ASKED).get_json()
    assert "city" not in told["rows"][0]
