"""A small shop behind the gate, twice: in Égide's own sealed tables, and in a database that another program keeps.

Both have the same fields, so that a test of the gate runs on both and expects the same answers.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from audit.entries import Action, EntryRef
from audit.log import Log
from audit.models import LogEntry
from audit.transaction import unrecorded
from governance.actor import Actor, Role
from governance.database import Database
from governance.datamap.loader import parse_map
from governance.datamap.sources import Sources
from governance.datamap.values import DataMap
from governance.gate.gate import Gate, GateParts
from governance.gate.query import Page, Query
from governance.policies.models import Grant
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.subject_keys import erase, lift, restrict, set_objection
from governance.vocabulary import DataCategory, Form, SubjectKind
from register.service import NamePurposes, NoticeRef, name_purposes
from tests.builders.consent import a_consent
from tests.builders.ground import CountingIds, StandingClock, an_actor
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose

_FIELDS: Final = """\
      family_name: {{category: identity, link: person, kind: name, origin: provided{phonetic}}}
      given_name: {{category: identity, link: person, kind: name, origin: provided}}
      birth_date: {{category: identity, link: person, kind: birth-date, origin: provided}}
      email: {{category: contact, link: person, kind: email, origin: provided, search: [exact]}}
      phone: {{category: contact, link: person, kind: phone, origin: provided, search: [exact]}}
      postcode: {{category: contact, link: person, kind: postcode, origin: provided{area}}}
      iban: {{category: economic, link: person, kind: iban, origin: provided}}
      note: {{category: economic, link: person, kind: free-text, origin: observed}}
      health: {{category: relationship, link: person, kind: text, origin: provided, special: true}}
      since: {{category: relationship, link: person, kind: date, storage: clear, origin: observed}}
      points: {{category: behaviour, link: person, kind: integer, storage: clear, origin: observed}}
      faithful: {{category: behaviour, link: person, kind: boolean, storage: clear, origin: observed}}
      seen_at: {{category: behaviour, link: person, kind: moment, storage: clear, origin: observed}}
"""
_ORDER_FIELDS: Final = """\
      number: {category: purchases, link: buyer, kind: text, storage: clear, origin: observed}
      total: {category: purchases, link: buyer, kind: integer, storage: clear, origin: observed}
      delivery: {category: contact, link: buyer, kind: address, origin: provided}
"""
_SHOP_FIELDS: Final = """\
      name: {category: professional, kind: text, storage: clear, origin: provided}
      city: {category: professional, kind: city, storage: clear, origin: provided}
"""
OWN_YAML: Final = f"""\
version: 1
tables:
  people:
    table: gate_people
    links:
      person: {{kind: customer}}
    fields:
{_FIELDS.format(phonetic=", search: [phonetic, prefix]", area=", search: [area]")}
  orders:
    table: gate_orders
    links:
      buyer: {{kind: customer, of: people}}
    fields:
{_ORDER_FIELDS}
      person: {{category: purchases, link: buyer, kind: reference, of: people, storage: clear, origin: observed}}
  shops:
    table: gate_shops
    fields:
{_SHOP_FIELDS}
"""
ADOPTED_YAML: Final = f"""\
version: 1
source: legacy
tables:
  people:
    table: Person
    key: [PersonId]
    links:
      person: {{kind: customer}}
    fields:
{_FIELDS.format(phonetic="", area="")}
  orders:
    table: Purchase
    key: [PurchaseId]
    links:
      buyer: {{kind: customer, of: people, columns: [PersonId]}}
    fields:
{_ORDER_FIELDS}
  shops:
    table: Shop
    key: [ShopId]
    fields:
{_SHOP_FIELDS}
"""
CATEGORIES: Final = (
    DataCategory.IDENTITY,
    DataCategory.CONTACT,
    DataCategory.ECONOMIC,
    DataCategory.RELATIONSHIP,
    DataCategory.BEHAVIOUR,
    DataCategory.PURCHASES,
    DataCategory.PROFESSIONAL,
)


def own_map() -> DataMap:
    """Return the shop's map of Égide's own tables."""
    return parse_map(OWN_YAML, "own.yaml")


NO_TABLES: Final = DataMap(source=None, tables={})


def person_values(number: int) -> dict[str, Any]:
    """Return the values of one fictional customer, in their normal forms."""
    return {
        "family_name": f"Lefèvre{chr(97 + number % 26)}",
        "given_name": "Zoé",
        "birth_date": f"{1950 + number % 50}-03-15",
        "email": f"person-{number}@demo.example",
        "phone": f"+336399800{number % 100:02d}",
        "postcode": f"690{number % 9 + 1:02d}",
        "iban": "FR1420041010050500013M02606",
        "note": f"Prefers the {number}th floor.",
        "health": "allergic to nuts" if number % 5 == 0 else None,
        "since": f"2020-01-{number % 28 + 1:02d}",
        "points": None if number % 7 == 3 else number,
        "faithful": number % 2 == 0,
        "seen_at": "2026-11-20T09:00:00Z",
    }


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The shop and the gate before it. `people` holds row ids by number, `subjects` the data subjects' numbers."""

    database: Database
    keyring: Keyring
    attestor: Attestor
    log: Log
    clock: StandingClock
    ids: CountingIds
    sources: Sources
    base: DataMap
    adopted: bool
    source_url: str | None
    gate: Gate
    people: dict[int, uuid.UUID] = field(default_factory=dict)
    subjects: dict[int, int] = field(default_factory=dict)
    gates: list[Gate] = field(default_factory=list)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that a test answers for."""
        with self.database.write() as session:
            unrecorded(session, "a test sets the scene")
            yield session

    def purpose(self, **parts: Any) -> int:
        """Declare a purpose over every category of customers, unless told otherwise."""
        parts.setdefault("data", [(SubjectKind.CUSTOMER, category) for category in CATEGORIES])
        with self.write() as session:
            return a_purpose(session, **parts).id

    def publish(self, *purposes: int, slug: str = "shop-form", version: int = 1) -> int:
        """Publish a notice that names purposes, and return its number."""
        named = NamePurposes(notice=NoticeRef(slug=slug, version=version), purposes=frozenset(purposes))
        with self.write() as session:
            return name_purposes(session, self.attestor, an_actor(Role.CONTROLLER), named)

    def grant(self, *categories: DataCategory, **parts: Any) -> list[uuid.UUID]:
        """Grant categories, clear to the support unless told otherwise."""
        with self.write() as session:
            return [a_grant(session, category=category, **parts).id for category in categories]

    def revoke(self, grant_id: uuid.UUID) -> None:
        """Revoke a grant."""
        with self.write() as session:
            grant = session.get_one(Grant, grant_id)
            grant.revoked_by, grant.revoked_at = uuid.UUID(int=903), self.clock.now()

    def grants(self, purpose_id: int, form: Form, category: DataCategory) -> list[uuid.UUID]:
        """Return the grants of a category in a form."""
        with self.database.read() as session:
            wanted = (Grant.purpose_id == purpose_id, Grant.form == form, Grant.category == category)
            return list(session.scalars(select(Grant.id).where(*wanted)))

    def consents(self, *numbers: int, **parts: Any) -> None:
        """Let people consent."""
        with self.write() as session:
            for each in numbers:
                a_consent(session, self.attestor, subject_id=self.subjects[each], **parts)

    def restrict(self, number: int) -> None:
        """Restrict somebody."""
        with self.write() as session:
            restrict(session, self.keyring, self.subjects[number])

    def lift(self, number: int) -> None:
        """Lift somebody's restriction."""
        with self.write() as session:
            lift(session, self.keyring, self.subjects[number])

    def object(self, number: int, purpose_id: int) -> None:
        """Let somebody object to a purpose."""
        with self.write() as session:
            set_objection(session, self.keyring, self.subjects[number], purpose_id, objected=True)

    def erase(self, number: int) -> None:
        """Destroy somebody's key, and leave their rows."""
        with self.write() as session:
            erase(session, self.subjects[number])

    def execute(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Do to Égide's own database what its administrator could."""
        with self.database.write_connection() as connection:
            connection.execute(text(statement), parameters or {})

    def another_gate(self, **parts: Any) -> Gate:
        """Return the gate of another process: the same keys and database, nothing at hand."""
        told: dict[str, Any] = {
            "database": self.database,
            "clock": self.clock,
            "keyring": self.keyring,
            "attestor": Attestor(self.keyring),
            "log": self.log,
            "sources": self.sources,
            "base": self.base,
        }
        self.gates.append(Gate(GateParts(**(told | parts))))
        return self.gates[-1]

    def entry(self, ref: EntryRef) -> dict[str, Any]:
        """Return the body of an entry of the log."""
        with self.database.read() as session:
            body = session.scalars(select(LogEntry.body).where(LogEntry.id == ref.id)).one()
        told: dict[str, Any] = orjson.loads(body)
        return told

    def entries(self, action: Action) -> list[dict[str, Any]]:
        """Return the bodies of all entries of an action, in their order."""
        with self.database.read() as session:
            bodies = session.scalars(select(LogEntry.body).order_by(LogEntry.leaf_index)).all()
        return [told for body in bodies if (told := orjson.loads(body))["action"] == action.value]

    def read(self, *fields: str, actor: Actor | None = None, **query: Any) -> Page:
        """Read people as the support does, for the first purpose."""
        query = {"purpose": "customer-relationship", "table": "people", "fields": fields or None} | query
        return self.gate.read(actor or an_actor(Role.SUPPORT), Query(**query))
