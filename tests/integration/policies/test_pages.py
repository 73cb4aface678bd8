"""The pages of access and policies, in both languages: what people see, ask for and decide, and what stays closed."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from governance.actor import Role
from governance.policies.models import AccessRequest, Grant
from governance.policies.values import RequestState, RequestSubject
from governance.vocabulary import DataCategory
from register.lifecycle import Mode
from register.service import get_activity
from tests.builders.service import Program, Service, serve_in_process
from tests.builders.web import parse, words
from tests.demonstration import Home, copied, wire_cheaply

READERS = {Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR, Role.SECURITY}
STAFF = [role for role in Role if role is not Role.SERVICE]
BY_LANGUAGE = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture(scope="module")
def shared(sqlite_demonstration: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demonstration that the tests of this module only look at."""
    wired = wire_cheaply(copied(sqlite_demonstration, tmp_path_factory.mktemp("access") / "home"))
    yield serve_in_process(wired)
    wired.close()


@pytest.fixture(scope="module")
def enter(shared: Service, sqlite_demonstration: Home) -> "Enter":
    return Enter(shared, sqlite_demonstration)


@pytest.fixture
def own(sqlite_home: Home) -> Iterator["Enter"]:
    """A demonstration of the test's own, to change things in."""
    wired = wire_cheaply(sqlite_home)
    yield Enter(serve_in_process(wired), sqlite_home)
    wired.close()


class Enter:
    """Lets members of the staff in, each once."""

    def __init__(self, service: Service, home: Home) -> None:
        self.service = service
        self._home = home
        self._inside: dict[Role, Program] = {}

    def __call__(self, role: Role) -> "Visitor":
        if role not in self._inside:
            self._inside[role] = self.service.person(role, self._home.password(role))
        return Visitor(self._inside[role])

    def request_for(self, subject: RequestSubject) -> str:
        with self.service.wired.read() as session:
            found = select(AccessRequest.id).where(AccessRequest.subject == subject)
            return str(session.scalars(found).one())

    def grant_of(self, role: Role, category: DataCategory = DataCategory.IDENTITY) -> str:
        with self.service.wired.read() as session:
            found = select(Grant.id).where(Grant.role == role, Grant.category == category).order_by(Grant.id)
            return str(session.scalars(found).first())


class Visitor:
    """Somebody at their browser."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def get(self, path: str, language: str = "en") -> TestResponse:
        return self._program.client.get(path, headers={"Accept-Language": language})

    def post(self, path: str, **form: object) -> TestResponse:
        headers = {**self._program.headers, "Accept-Language": "en"}
        return self._program.client.post(path, data=form, headers=headers)


@BY_LANGUAGE
@pytest.mark.parametrize("role", STAFF)
def test_everybody_sees_what_they_hold(enter: Enter, role: Role, language: str) -> None:
    answer = enter(role).get("/access/", language)

    assert answer.status_code == 200
    assert ("Mes accès" if language == "fr" else "My access") in words(answer)
    assert ("Ask for more" in words(answer)) == (language == "en")


def test_what_is_held_is_told_with_its_form_people_and_end(enter: Enter) -> None:
    told = words(enter(Role.ACCOUNTING).get("/access/"))

    assert "Invoicing" in told
    assert re.search(r"See masked Means of payment · Customers · until \d", told)
    assert "Ends within 30 days" in told
    assert "Ask to renew" in told


@BY_LANGUAGE
@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize(
    "path",
    [
        "/policies/",
        "/policies/?view=words&action=export&kind=customer",
        "/policies/?since=2020-01-01&at=2099-01-01",
        "/policies/grants?role=support&purpose=after-sales",
        "/policies/grants/{grant}",
        "/policies/simulate",
        "/policies/activities/customer-management?days=90",
        "/access/requests",
    ],
)
def test_policies_are_open_to_those_who_oversee(enter: Enter, path: str, role: Role, language: str) -> None:
    answer = enter(role).get(path.format(grant=enter.grant_of(Role.SUPPORT)), language)

    parse(answer)
    assert answer.status_code == (200 if role in READERS else 403)


@BY_LANGUAGE
@pytest.mark.parametrize("role", STAFF)
def test_reviews_are_open_to_owners_and_controllers(enter: Enter, role: Role, language: str) -> None:
    answer = enter(role).get("/access/reviews", language)

    parse(answer)
    assert answer.status_code == (200 if role in {Role.OWNER, Role.CONTROLLER} else 403)


@pytest.mark.parametrize("role", STAFF)
def test_a_request_is_shown_to_whoever_asked_and_to_those_who_oversee(enter: Enter, role: Role) -> None:
    data, wish = enter.request_for(RequestSubject.DATA), enter.request_for(RequestSubject.ROLE)

    # A role is asked for on no business line, so that its head has nothing to do with it.
    sees_data = READERS | {Role.SALES}
    sees_role = READERS - {Role.OWNER} | {Role.MARKETING}
    assert enter(role).get(f"/access/requests/{data}").status_code == (200 if role in sees_data else 404)
    assert enter(role).get(f"/access/requests/{wish}").status_code == (200 if role in sees_role else 404)


def test_the_controller_sees_the_union_the_reach_and_the_reason(enter: Enter) -> None:
    told = words(enter(Role.CONTROLLER).get(f"/access/requests/{enter.request_for(RequestSubject.DATA)}"))

    assert "What the role Sales would hold in all" in told
    assert "Means of payment masked, new" in told
    assert "1 person with the role Sales" in told
    assert re.search(r"Customers it opens ?(fewer than 10|\d+)", told)
    assert "Confirmer au téléphone" in told


def test_looking_at_a_request_counts_and_says_so_in_the_log(own: Enter) -> None:
    before = own.service.log_size()

    own(Role.CONTROLLER).get(f"/access/requests/{own.request_for(RequestSubject.DATA)}")
    counted = own.service.log_size()
    own(Role.SALES).get(f"/access/requests/{own.request_for(RequestSubject.DATA)}")

    assert counted > before
    assert own.service.log_size() - counted == 1  # the sign-in alone


def test_what_is_written_is_asked_for_in_clear_whatever_form_was_chosen(own: Enter) -> None:
    sales = own(Role.SALES)
    until = (own.service.wired.clock.now() + timedelta(days=30)).date().isoformat()
    form = {"categories": ["economic"], "kinds": ["customer"], "action": "create", "form": "masked"}

    asked = sales.post("/access/ask/sales/customer-relationship", **form, reason="New customers.", until=until)

    assert asked.status_code == 303
    assert "masked" not in words(sales.get(asked.headers["Location"])).partition("What is asked for")[2][:300]


def test_data_is_asked_for_granted_for_less_and_then_held(own: Enter) -> None:
    sales, controller = own(Role.SALES), own(Role.CONTROLLER)
    until = (own.service.wired.clock.now() + timedelta(days=30)).date().isoformat()
    form = {"categories": ["economic", "behaviour"], "kinds": ["customer"], "action": "export", "form": "masked"}
    asked = sales.post("/access/ask/sales/customer-relationship", **form, reason="A campaign.", until=until)
    assert asked.status_code == 303
    page = asked.headers["Location"]

    granted = controller.post(
        f"{page}/approve", categories=["economic"], form="generalised", until=until, because="Less."
    )

    assert granted.status_code == 303
    told = words(sales.get(page))
    assert "less than was asked for" in told
    assert "Export generalised Means of payment" in words(sales.get("/access/"))


def test_a_role_is_granted_and_a_wish_refused_with_a_word(own: Enter) -> None:
    controller = own(Role.CONTROLLER)
    wish, data = own.request_for(RequestSubject.ROLE), own.request_for(RequestSubject.DATA)
    until = (own.service.wired.clock.now() + timedelta(days=10)).date().isoformat()

    assert controller.post(f"/access/requests/{wish}/refuse", because="").status_code == 422
    assert controller.post(f"/access/requests/{data}/refuse", because="Ask the till.").status_code == 303
    assert controller.post(f"/access/requests/{wish}/approve", until=until).status_code == 303

    assert re.search(
        r"Ask the till\. ?decided by Claire Fontaine \(fictive\), \d", words(own(Role.SALES).get("/access/"))
    )
    marketing = words(own(Role.MARKETING).get("/access/"))
    assert "Analyst" in marketing
    assert "Statistics" in marketing


def test_somebody_elses_request_is_neither_seen_nor_withdrawn(own: Enter) -> None:
    data = own.request_for(RequestSubject.DATA)

    assert own(Role.MARKETING).post(f"/access/requests/{data}/withdraw").status_code == 404
    assert own(Role.AUDITOR).post(f"/access/requests/{data}/withdraw").status_code == 422
    assert own(Role.SALES).post(f"/access/requests/{data}/approve").status_code == 403
    assert own(Role.SALES).post(f"/access/requests/{data}/withdraw").status_code == 303
    with own.service.wired.read() as session:
        states = set(session.scalars(select(AccessRequest.state)))
    assert states == {RequestState.WITHDRAWN, RequestState.WAITING}


@pytest.mark.parametrize(
    "path", ["support/customer-relationship", "sales/invoicing", "sales/nothing", "king/invoicing"]
)
def test_only_what_could_be_granted_is_offered(enter: Enter, path: str) -> None:
    assert enter(Role.SALES).get(f"/access/ask/{path}").status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(enter: Enter) -> None:
    answer = enter(Role.SALES).post("/access/ask/sales/order-management", reason="For the till.", until="soon")

    assert answer.status_code == 422
    assert "Choose at least one." in words(answer)
    assert "This is no day." in words(answer)
    assert "For the till." in words(answer)


def test_roles_that_conflict_or_are_named_are_not_offered(enter: Enter) -> None:
    page = parse(enter(Role.AUDITOR).get("/access/ask"))
    offered = {each.attrib["value"] for each in page.findall(".//{*}select[@name='role']/{*}option")}

    assert "sales" in offered
    assert not offered & {"controller", "admin", "service"}


def test_a_review_keeps_takes_back_and_says_what_is_missing(own: Enter) -> None:
    owner, grant = own(Role.OWNER), own.grant_of(Role.MARKETING)

    assert owner.post("/access/reviews", grants=grant, verdict="take-back", reason="").status_code == 422
    assert owner.post("/access/reviews", grants=grant, verdict="perhaps").status_code == 422
    assert owner.post("/access/reviews", grants="nonsense", verdict="keep").status_code == 422
    assert owner.post("/access/reviews", grants=grant, verdict="keep").status_code == 303
    assert owner.post("/access/reviews", grants=grant, verdict="take-back", reason="Over.").status_code == 303

    told = words(own(Role.DPO).get(f"/policies/grants/{grant}"))
    assert "revoked" in told
    assert told.count("Reviewed") == 2


def test_a_grant_is_taken_back_with_a_reason_by_those_who_may(own: Enter) -> None:
    path = f"/policies/grants/{own.grant_of(Role.SUPPORT)}/revoke"

    assert own(Role.DPO).post(path, because="x").status_code == 403
    assert own(Role.SECURITY).post(path, because="").status_code == 422
    assert own(Role.SECURITY).post(path, because="The account was lost.").status_code == 303
    assert "The account was lost." in words(own(Role.DPO).get(path.removesuffix("/revoke")))


def test_a_simulation_is_counted_and_recorded(own: Enter) -> None:
    dpo = own(Role.DPO)
    before = own.service.log_size()
    form = {"role": "support", "purpose": "after-sales", "action": "read", "form": "clear"}

    told = words(dpo.post("/policies/simulate", **form, categories=["economic"]))

    assert "What it would open" in told
    assert "1 person with the role Customer service" in told
    assert own.service.log_size() == before + 1
    assert dpo.post("/policies/simulate", **form).status_code == 422
    refused = dpo.post("/policies/simulate", **form, categories=["special"])
    assert refused.status_code == 422
    assert "does not declare Special categories" in words(refused)


def test_an_activity_is_switched_by_the_controller_alone(own: Enter) -> None:
    path = "/policies/activities/customer-management"

    assert own(Role.DPO).post(f"{path}/mode", mode="observe").status_code == 403
    assert own(Role.CONTROLLER).post(f"{path}/mode", mode="perhaps").status_code == 422
    assert own(Role.CONTROLLER).post(f"{path}/mode", mode="observe").status_code == 422
    loosened = {"mode": "observe", "reason": "A new till is tried.", "days": 7}
    assert own(Role.CONTROLLER).post(f"{path}/mode", **loosened).status_code == 303

    with own.service.wired.read() as session:
        assert get_activity(session, "customer-management").mode is Mode.OBSERVE
    assert "observed: not applied yet" in words(own(Role.DPO).get(path))
    assert own(Role.DPO).get("/policies/activities/nothing").status_code == 404


def test_a_grant_altered_by_sql_is_not_drawn_and_says_so(own: Enter) -> None:
    grant = own.grant_of(Role.SUPPORT)
    with own.service.wired.database.write_connection() as connection:
        connection.execute(text("UPDATE access_grant SET form = 'clear' WHERE form = 'masked'"))

    assert "altered outside Égide" in words(own(Role.DPO).get("/policies/"))
    assert own(Role.DPO).get(f"/policies/grants/{grant}").status_code == 200


@pytest.mark.parametrize("query", ["at=never", "since=9999-99-99", "action=own", "kind=king", "at=0001-01-01"])
def test_an_odd_question_to_the_matrix_is_told_so(enter: Enter, query: str) -> None:
    answer = enter(Role.DPO).get(f"/policies/?{query}")

    parse(answer)
    assert answer.status_code == 422
