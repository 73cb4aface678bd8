"""The list pages, as the server answers them: search results, related lists, imports, accounts, the log.

The reference customer database is filled with as many customers as the house has people; each page is asked for through
the whole application, with its access control, its reads recorded durably, and its template. A page costs the same
number of statements however much stands behind it: the first page and a later one are counted.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from benchmarks.house import MeasuredHouse
from benchmarks.measure import Result, Target, Work, bootstrap, no_garbage
from governance.actor import SYSTEM, ActorKind, Role
from governance.app import create_app
from governance.customers.reference import reference_map
from governance.customers.uploads.models import ImportUpload, UploadState
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.gate.bulk import MAX_ROWS, BulkContext, NewRow, load
from governance.identity.bearer import TOKEN_PREFIX, hash_secret, new_secret
from governance.identity.models import Account, ApiToken
from governance.vocabulary import DataCategory, GrantedAction, SubjectKind
from governance.wiring import Wired
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose
from tests.builders.statements import counted_statements

PURPOSE: Final = "customer-relationship"
_PURPOSE_ID: Final = 50
_CATEGORIES: Final = (
    DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.PROFESSIONAL, DataCategory.PREFERENCES,
    DataCategory.PURCHASES, DataCategory.RELATIONSHIP, DataCategory.BEHAVIOUR,
)  # fmt: skip
_ACTIONS: Final = (GrantedAction.READ, GrantedAction.CREATE, GrantedAction.CHANGE)
_TARGET: Final = Target(value=100)
_ORDERS: Final = 60
_FILES: Final = 400
_ACCOUNTS: Final = 400
_NAMES: Final = ("Lefèvre", "Moreau", "Girard", "Bonnet", "Fontaine", "Rousseau")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page to ask for.

    Attributes:
        name: What it is called in the table.
        first: Asks for the first page.
        later: Asks for one further on, where the list has one.
    """

    name: str
    first: Callable[[], bytes]
    later: Callable[[], bytes] | None = None


def paging(house: MeasuredHouse, pairs: int) -> Iterator[Result]:
    """Measure the server time of each list page."""
    wired = house.wired
    customer = _fill(wired, house.rows)
    app = create_app(wired)
    clients = {role: client_of(app.test_client(), wired, role) for role in (Role.SALES, Role.ADMIN, Role.AUDITOR)}
    for asked in _pages(clients, customer):
        times = timed(asked.first, max(15, pairs))
        _, high = bootstrap(times)
        statements = counted(wired, asked.first)
        detail = f"{statements} statements"
        if asked.later is not None:
            detail += f", {counted(wired, asked.later)} on a later page"
        yield Result(
            name=f"page: {asked.name}, {house.rows} customers",
            database=house.database.dialect,
            value=statistics.median(times),
            bound=high,
            unit="ms",
            target=_TARGET,
            detail=detail,
        )


def _pages(clients: dict[Role, "Reader"], customer: uuid.UUID) -> Iterator[Asked]:
    sales, admin, auditor = clients[Role.SALES], clients[Role.ADMIN], clients[Role.AUDITOR]
    searched = {"purpose": PURPOSE, "way": "", "wanted": "moreau"}
    yield Asked(name="search by the beginning of a name", first=lambda: sales.post("/customers/", searched))
    looked_up = {"purpose": PURPOSE, "way": "", "wanted": "customer-7@paging.demo.example"}
    yield Asked(name="search by e-mail", first=lambda: sales.post("/customers/", looked_up))
    yield Asked(name="record", first=lambda: sales.get(f"/customers/{customer}", purpose=PURPOSE))
    orders = f"/customers/{customer}/orders"
    yield sales.paged("orders of a customer", orders, purpose=PURPOSE)
    yield sales.paged("imports", "/imports/")
    yield admin.paged("accounts", "/accounts/")
    yield auditor.paged("log", "/log/")


class Reader:
    """Asks for pages with a token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client: Final = client
        self._headers: Final = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: str) -> bytes:
        return self._checked(self._client.get(path, query_string=query or None, headers=self._headers))

    def post(self, path: str, form: dict[str, str]) -> bytes:
        return self._checked(self._client.post(path, data=form, headers=self._headers))

    def paged(self, name: str, path: str, **query: str) -> Asked:
        """Return a list with the page that its link to the following ones leads to."""
        following = _following(self.get(path, **query))
        later = None if following is None else (lambda: self.get(following))
        return Asked(name=name, first=lambda: self.get(path, **query), later=later)

    @staticmethod
    def _checked(answer: object) -> bytes:
        status = getattr(answer, "status_code", 0)
        if status != 200:
            raise AssertionError(f"the page answered {status}: nothing was measured")
        return bytes(answer.get_data())  # type: ignore[attr-defined] # a response of werkzeug's choosing


def _following(page: bytes) -> str | None:
    """Return the address behind the link to the following page."""
    _, found, rest = page.partition(b'rel="next" href="')
    return rest.partition(b'"')[0].decode().replace("&amp;", "&") if found else None


def timed(ask: Work, times: int) -> list[float]:
    """Return how many milliseconds each of so many turns took."""
    for _ in range(3):
        ask()
    taken = []
    with no_garbage():
        for _ in range(times):
            begin = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - begin) * 1e3)
    return taken


def counted(wired: Wired, ask: Callable[[], bytes]) -> int:
    """Return how many statements one answer takes."""
    with counted_statements(wired) as statements:
        ask()
    return len(statements)


def client_of(client: FlaskClient, wired: Wired, role: Role) -> Reader:
    return Reader(client, token_of(wired, role))


def token_of(wired: Wired, role: Role) -> str:
    """Make a token of a role, and return its secret."""
    secret = new_secret(TOKEN_PREFIX)
    number, now = wired.ids.new(), wired.clock.now()
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        session.add(
            ApiToken(
                id=number,
                name=f"bench {number}",
                role=role,
                secret_hash=hash_secret(secret),
                made_by=None,
                made_at=now,
                countersigned_at=now,
            )
        )
    return secret


def _fill(wired: Wired, rows: int) -> uuid.UUID:
    """Fill the reference database, and return the customer with the most orders."""
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        _allow(session, wired)
        _lists(session, wired)
    with wired.read() as session:
        catalogue = load_catalogue(session, wired.attestor, reference_map())
    customer: uuid.UUID | None = None
    for first in range(0, rows, MAX_ROWS):
        with wired.write() as session:
            new = [_customer(place) for place in range(first, min(first + MAX_ROWS, rows))]
            done = load(session, _context(wired, catalogue), catalogue.table("customers"), new)
            if customer is None:
                customer = done.row_ids[0]
                orders = [_order(place, done.subjects[0]["person"]) for place in range(_ORDERS)]
                load(session, _context(wired, catalogue), catalogue.table("orders"), orders)
    if customer is None:
        raise AssertionError("a house without customers has no pages to measure")
    if wired.database.dialect == "postgresql":
        with wired.database.write_connection() as connection:
            connection.execute(text("ANALYZE"))
    return customer


def _context(wired: Wired, catalogue: Catalogue) -> BulkContext:
    return BulkContext(
        keyring=wired.keyring, clock=wired.clock, ids=wired.ids, catalogue=catalogue, actor=SYSTEM, purpose=PURPOSE
    )


def _customer(place: int) -> NewRow:
    return NewRow(
        values={
            "number": f"P-{place:06d}",
            "status": "customer",
            "family_name": f"{_NAMES[place % len(_NAMES)]}{chr(97 + place % 26)}",
            "given_name": "Camille",
            "email": f"customer-{place}@paging.demo.example",
            "phone": f"+33535{490000 + place % 10_000:06d}",
            "postcode": f"{1 + place % 95:02d}{place % 1000:03d}",
            "city": "Besançon",
        }
    )


def _order(place: int, buyer: int) -> NewRow:
    return NewRow(
        values={
            "number": f"PO-{place:06d}",
            "ordered_on": f"2026-{1 + place % 12:02d}-{1 + place % 28:02d}",
            "total_cents": 12_300 + place,
            "status": "delivered",
        },
        subjects={"buyer": buyer},
    )


def _allow(session: Session, wired: Wired) -> None:
    data = [(SubjectKind.CUSTOMER, category) for category in _CATEGORIES]
    now = wired.clock.now()
    a_purpose(session, id=_PURPOSE_ID, slug=PURPOSE, data=data, recipients=(Role.SALES,))
    for _, category in data:
        for action in _ACTIONS:
            a_grant(
                session, role=Role.SALES, purpose_id=_PURPOSE_ID, category=category, action=action,
                exact_lookup=action is GrantedAction.READ,
                valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=300),
            )  # fmt: skip


def _lists(session: Session, wired: Wired) -> None:
    """Add files and accounts, so that their lists have pages behind the first."""
    now = wired.clock.now()
    for place in range(_ACCOUNTS):
        session.add(Account(id=wired.ids.new(), email=f"person-{place:04d}@paging.demo.example", name="", made_at=now))
    for _ in range(_FILES):
        session.add(
            ImportUpload(
                id=wired.ids.new(),
                actor_id=uuid.UUID(int=1),
                actor_kind=ActorKind.PERSON,
                token_id=None,
                table_name="customers",
                purpose=PURPOSE,
                state=UploadState.DISCARDED,
                size=1_000,
                made_at=now,
                changed_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
