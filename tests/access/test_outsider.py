"""What somebody with nothing but the network tries, and another site through somebody's browser."""

import re
from http import HTTPStatus

import pytest
from werkzeug.http import parse_cookie

from governance.actor import Role
from governance.web.csrf import needs_no_token
from tests.access.table import ANYONE, HALF_SIGNED_IN
from tests.access.visitors import HALF, NOBODY, Visitors
from tests.access.walking import SAFE, Step, steps
from tests.builders.identity import PASSWORD
from tests.builders.service import Service
from tests.builders.web import parse, sign_in, token_of
from tests.demonstration import Home, email_of

ELSEWHERE = "evil.example"
ONWARD = f"https://{ELSEWHERE}/"
EARLY = {ANYONE, HALF_SIGNED_IN}
FORGED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}


def changing(service: Service) -> list[Step]:
    return [step for step in steps(service.app) if step.method not in SAFE]


def looking(service: Service) -> list[Step]:
    return [step for step in steps(service.app) if step.method == "GET" and not step.static]


@pytest.mark.parametrize("token", ["", "IjEi.made.up"])
def test_nothing_is_changed_without_the_token_against_forgery(site: Service, visitors: Visitors, token: str) -> None:
    forged = {"X-CSRFToken": token}
    # What is for programs alone takes no cookie, so there is nothing to forge.
    forgeable = [each for each in changing(site) if each.who != Role.SERVICE]
    for step in (each for each in forgeable if not needs_no_token(site.app, each.endpoint)):
        answer = step.ask(step.asker(visitors), {**forged, "Accept": "application/problem+json"}, data={"x": "1"})
        assert answer.status_code == HTTPStatus.BAD_REQUEST, (step, answer.status_code)
        assert answer.get_json()["type"].endswith("/form-expired"), step


def test_what_asks_for_no_such_token_is_opened_by_a_secret_or_is_a_form_for_strangers(
    site: Service, visitors: Visitors
) -> None:
    for step in (each for each in changing(site) if needs_no_token(site.app, each.endpoint)):
        answer = step.ask(step.asker(visitors), data={"x": "1"})
        assert step.who == "anyone", step
        assert answer.status_code == HTTPStatus.NOT_FOUND, (step, answer.status_code)


def test_no_other_site_makes_a_browser_change_anything(site: Service, visitors: Visitors) -> None:
    for step in changing(site):
        # A neighbour under the same domain is another site too.
        answer = step.ask(step.asker(visitors), {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"})
        assert answer.status_code == HTTPStatus.FORBIDDEN, (step, answer.status_code)


def test_no_other_site_makes_a_browser_look_at_what_is_recorded(site: Service, visitors: Visitors) -> None:
    # Whoever has to sign in does so first, which is recorded too.
    asked = [(step, step.asker(visitors)) for step in looking(site)]
    size = site.log_size()
    for step, somebody in asked:
        answer = step.ask(somebody, FORGED)
        assert answer.status_code == HTTPStatus.FORBIDDEN, (step, answer.status_code)
    assert site.log_size() == size


def test_nothing_that_is_recorded_is_opened_ahead_of_time(site: Service, visitors: Visitors) -> None:
    for step in looking(site):
        if step.who != "anyone":
            answer = step.ask(step.asker(visitors), {"Sec-Purpose": "prefetch;prerender"})
            assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, (step, answer.status_code)


def test_no_answer_is_kept_or_half_given(site: Service, visitors: Visitors) -> None:
    """Conditional requests and ranges get what any other gets: the whole answer, recorded, and not to be kept."""
    asked = {"If-None-Match": "*", "If-Modified-Since": "Sun, 22 Nov 2099 08:00:00 GMT", "Range": "bytes=0-0"}
    for step in looking(site):
        answer = step.ask(step.asker(visitors), asked)
        assert answer.status_code not in {HTTPStatus.NOT_MODIFIED, HTTPStatus.PARTIAL_CONTENT}, step
        assert answer.headers["Cache-Control"] == "no-store", step
        assert "ETag" not in answer.headers, step


def test_a_look_by_head_is_recorded_as_any_other(site: Service, visitors: Visitors) -> None:
    support = visitors["support by token"].program
    size = site.log_size()
    answer = support.ask("HEAD", "/data/customers?purpose=after-sales&limit=1")
    assert (answer.status_code, answer.get_data()) == (HTTPStatus.OK, b"")
    assert site.log_size() == size + 1


def test_no_answer_repeats_another_host(site: Service, visitors: Visitors) -> None:
    names = ("Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-URL", "X-Rewrite-URL")
    headers = {**dict.fromkeys(names, ELSEWHERE), "Forwarded": f"host={ELSEWHERE};proto=http"}
    for step in looking(site):
        answer = step.ask(step.asker(visitors), headers)
        assert ELSEWHERE not in answer.get_data(as_text=True), step
        assert ELSEWHERE not in str(answer.headers), step


@pytest.mark.parametrize(
    "onward",
    [
        ONWARD, f"//{ELSEWHERE}/", f"/\\{ELSEWHERE}/", f"\\\\{ELSEWHERE}", f"/\t/{ELSEWHERE}",
        f"https:{ELSEWHERE}", f"///{ELSEWHERE}", f"javascript:alert('{ELSEWHERE}')", f"@{ELSEWHERE}",
    ],
)  # fmt: skip
def test_nothing_leads_anywhere_else(site: Service, visitors: Visitors, onward: str) -> None:
    """By no route and whatever a browser tells: `next`, the page it came from, a form."""
    for step in steps(site.app):
        # What is open only to roles is asked once: each of the spellings goes one way in all.
        if step.static or step.path == "/sign-out" or (step.who not in EARLY and onward != ONWARD):
            continue
        someone = step.asker(visitors)
        form = {} if step.method == "GET" else {"data": {"next": onward, "return_to": onward}}
        answer = step.ask(someone, {"Referer": onward}, query_string={"next": onward}, **form)
        leads_to = answer.headers.get("Location", "/")
        # To a browser `//host` and `/\host` are another host, and a tab between them is nothing.
        assert re.fullmatch(r"/(?![/\\])[!-~]*", leads_to), (step, leads_to)


def test_a_secret_that_an_attacker_put_into_the_browser_opens_nothing_afterwards(
    site: Service, sqlite_demonstration: Home
) -> None:
    client = site.app.test_client()
    client.set_cookie("egide", "a-secret-that-the-attacker-knows")
    sign_in(client, email_of(Role.SUPPORT), sqlite_demonstration.password(Role.SUPPORT))

    mine = client.get_cookie("egide")
    assert mine is not None
    assert mine.value != "a-secret-that-the-attacker-knows"
    attacker = site.app.test_client()
    attacker.set_cookie("egide", "a-secret-that-the-attacker-knows")
    assert attacker.get("/account").status_code == HTTPStatus.UNAUTHORIZED


def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site: Service, visitors: Visitors) -> None:
    for step in steps(site.app):
        for cookie in step.ask(visitors[NOBODY]).headers.getlist("Set-Cookie"):
            flags = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert "httponly" in flags, (step, cookie.partition("=")[0])
            assert flags & {"samesite=lax", "samesite=strict"}, (step, cookie.partition("=")[0])
            assert not any(flag.startswith("domain=") for flag in flags), step


def test_the_answer_to_a_wrong_password_does_not_depend_on_whose_it_is(site: Service) -> None:
    """An employee, a customer, nobody: the same words, the same status, the same headers."""
    told = set()
    for email in (email_of(Role.SUPPORT), "customer-1@demo.example", "nobody-at-all@demo.example"):
        client = site.app.test_client()
        form = {"csrf_token": token_of(client), "email": email, "password": PASSWORD}
        answer = client.post("/sign-in", data=form, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
        text = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
        told.add((answer.status_code, text, tuple(sorted(answer.headers.keys()))))
    assert len(told) == 1


def test_the_answer_to_a_forgotten_password_does_not_depend_on_whose_it_is(site: Service) -> None:
    told = set()
    for email in (email_of(Role.SUPPORT), "customer-1@demo.example", "nobody-at-all@demo.example", "no address"):
        client = site.app.test_client()
        form = {"csrf_token": token_of(client, "/forgotten"), "email": email}
        answer = client.post("/forgotten", data=form, environ_overrides={"REMOTE_ADDR": "203.0.113.10"})
        text = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
        told.add((answer.status_code, text, tuple(sorted(answer.headers.keys()))))
    assert len(told) == 1


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
def test_a_method_that_no_route_has_does_nothing(site: Service, visitors: Visitors, method: str) -> None:
    for step in steps(site.app):
        someone = step.asker(visitors)
        answer = someone.program.client.open(step.path, method=method, headers=someone.program.headers)
        assert answer.status_code in {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND}, (step, answer.status_code)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_request_is_what_its_method_says(site: Service, visitors: Visitors, header: str) -> None:
    """A GET that calls itself a POST stays one, and a POST is not turned into what has other roles."""
    dpo, support = visitors["dpo in a browser"], visitors["support by token"]
    assert dpo.program.client.get("/api/v1/purposes?_method=POST", headers={header: "POST"}).status_code in {200, 422}
    row = support.program.get("/data/customers", purpose="after-sales", limit=1).get_json()["rows"][0]["id"]
    turned = support.program.ask(
        "POST", f"/data/customers/{row}", headers={header: "DELETE"}, data={"_method": "DELETE"}
    )
    assert turned.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert support.program.get(f"/data/customers/{row}", purpose="after-sales").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    "path",
    [
        "//customers/", "/./customers/", "/customers//", "/customers/./", "/static/../customers/",
        "/static/..%2fcustomers/", "/static/%2e%2e/%2e%2e/pyproject.toml", "/static/....//....//pyproject.toml",
        "/static/..\\..\\pyproject.toml", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/CUSTOMERS/",
        "/customers/;/", "/customers;x=1/", "/customers/%20", "/health/live/../../customers/",
        "/api/v1/openapi.json/../data/customers", "/api/V1/purposes", "/account/", "/account%2f",
        "/bootstrap/static/../../../pyproject.toml", "/.env", "/.git/config", "/server-status", "/log", "/api/v1/",
    ],
)  # fmt: skip
def test_no_spelling_of_an_address_passes_the_door(site: Service, path: str) -> None:
    answer = site.app.test_client().get(path)
    assert answer.status_code in {301, 302, 303, 307, 308, 400, 401, 404}, answer.status_code
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        assert re.match(r"(http://localhost)?/(?!/)", answer.headers["Location"])
        after = site.app.test_client().get(answer.headers["Location"])
        assert after.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}


def test_a_body_that_is_too_large_is_read_by_no_route(site: Service, visitors: Visitors) -> None:
    for step in changing(site):
        # It names its length, as every server has it do, and is refused by that before any of it is read.
        said = {"CONTENT_LENGTH": str(10**12), "REMOTE_ADDR": "203.0.113.11"}
        someone = step.asker(visitors)
        kind = "application/json" if step.interface else "application/x-www-form-urlencoded"
        answer = someone.program.client.open(
            step.path, method=step.method, headers=someone.program.headers, environ_overrides=said, content_type=kind
        )
        # A file over REST is the body: where it goes is looked at before it.
        allowed = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        if step.endpoint == "import-files.bring":
            allowed.add(HTTPStatus.UNPROCESSABLE_ENTITY)
        assert answer.status_code in allowed, (step, answer.status_code)


def test_half_signed_in_is_not_signed_in_by_any_header_or_cookie_of_ones_own(site: Service, visitors: Visitors) -> None:
    """The way on asks for the second factor; nothing that a browser adds leads around it."""
    half = visitors[HALF]
    for headers in ({"Authorization": ""}, {"X-Forwarded-User": "controller@demo.example"}, {"Remote-User": "1"}):
        answer = half.program.client.get("/account", headers=headers)
        assert answer.status_code in {303, 401}
    cookies = parse_cookie(half.program.client.get("/second-factor").request.headers.get("Cookie", ""))
    token = {"Authorization": f"Bearer {cookies['egide']}"}
    assert site.app.test_client().get("/api/v1/purposes", headers=token).status_code == HTTPStatus.UNAUTHORIZED


def test_pages_before_sign_in_name_nobody(site: Service, visitors: Visitors) -> None:
    for step in looking(site):
        if step.who == "anyone":
            text = step.ask(visitors[NOBODY]).get_data(as_text=True)
            assert "@demo.example" not in text, step
            if "<html" in text:
                assert parse(step.ask(visitors[NOBODY])) is not None
