"""The house that is measured, and the same people unprotected beside it, in the same database.

Twelve personal fields in three categories, sealed; a purpose that rests on consent, so that each row's consent is
probed and its attestation verified; grants; the log on and durable. The unprotected tables hold the same values in
plain columns, one of them read by an ORM and one encrypted column by column.
"""

import random
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, String, Table, create_engine, insert, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy_utils.types.encrypted.encrypted_type import AesGcmEngine, StringEncryptedType

from audit.transaction import unrecorded
from consent.service import RecordEvent, record_many
from consent.states import EventKind, Method
from consent.values import Desk
from governance.actor import SYSTEM, Actor, ActorKind, Role
from governance.database import Database
from governance.datamap.catalogue import load_catalogue
from governance.datamap.loader import parse_map
from governance.datamap.numbering import number, number_source
from governance.datamap.physical import governed_table
from governance.datamap.values import DataMap
from governance.founding import found
from governance.gate.bulk import BulkContext, NewRow, load
from governance.gate.gate import Gate, GateParts
from governance.gate.identifiers import identifiers_by
from governance.orm import Base
from governance.settings import Settings
from governance.vocabulary import Channel, DataCategory, Form, GrantedAction, LawfulBasis, SubjectKind
from governance.wiring import Wired, wire
from tests.builders.policies import a_grant
from tests.builders.register import a_purpose
from tests.postgres import running_postgres

SEED: Final = 20_261_122
CLEAR: Final = "newsletter"
MASKED: Final = "after-sales"
THIRD: Final = "partners"
FIELDS: Final = (
    "family_name", "given_name", "birth_date", "civility", "email", "phone",
    "address", "postcode", "city", "iban", "profession", "employer",
)  # fmt: skip
# A flagged field stands under the category `offences`, whatever box it lies in: so one field of each box can be granted
# masked while the others are granted clear.
CATEGORIES: Final = (DataCategory.IDENTITY, DataCategory.CONTACT, DataCategory.ECONOMIC)
_YAML: Final = """\
version: 1
tables:
  measured:
    table: bench_measured
    links:
      person: {kind: customer}
    fields:
      family_name: {category: identity, link: person, kind: name, origin: provided, search: [phonetic, prefix]}
      given_name: {category: identity, link: person, kind: name, origin: provided}
      birth_date: {category: identity, link: person, kind: birth-date, origin: provided, criminal: true}
      civility: {category: identity, link: person, kind: choice, choices: [madame, monsieur], origin: provided}
      email: {category: contact, link: person, kind: email, origin: provided, search: [exact]}
      phone: {category: contact, link: person, kind: phone, origin: provided, search: [exact], criminal: true}
      address: {category: contact, link: person, kind: address, origin: provided}
      postcode: {category: contact, link: person, kind: postcode, origin: provided}
      city: {category: contact, link: person, kind: city, origin: provided}
      iban: {category: economic, link: person, kind: iban, origin: provided, criminal: true}
      profession: {category: economic, link: person, kind: text, origin: provided}
      employer: {category: economic, link: person, kind: text, origin: provided}
      number: {category: relationship, link: person, kind: text, storage: clear, origin: observed}
  unasked:
    table: bench_unasked
    links:
      person: {kind: customer}
    fields:
      household: {category: family, link: person, kind: text, storage: clear, origin: provided}
"""
BESIDE: Final = (DataCategory.RELATIONSHIP, DataCategory.OFFENCES)
_FAMILY_NAMES: Final = ("Lefèvre", "Moreau", "Girard", "Bonnet", "Fontaine", "Rousseau")
# Three consents each in one batch of the ledger.
_BATCH: Final = 300
_COLUMN_KEY: Final = "a key of thirty-two characters..."


class PlainBase(DeclarativeBase):
    """Tables of an application that protects nothing."""


class Plain(PlainBase):
    """The same people in plain columns."""

    __tablename__ = "bench_plain"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    birth_date: Mapped[str]
    civility: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str]
    address: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    iban: Mapped[str]
    profession: Mapped[str]
    employer: Mapped[str]


class ColumnEncrypted(PlainBase):
    """The same people, each column encrypted by sqlalchemy-utils with AES-GCM."""

    __tablename__ = "bench_column_encrypted"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    family_name: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    given_name: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    birth_date: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    civility: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    email: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    phone: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    address: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    postcode: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    city: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    iban: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    profession: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))
    employer: Mapped[str] = mapped_column(StringEncryptedType(String, _COLUMN_KEY, AesGcmEngine))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredHouse:
    """What the measures work with."""

    wired: Wired
    gate: Gate
    actor: Actor
    map: DataMap
    rows: int
    row_ids: Sequence[uuid.UUID] = field(repr=False)
    emails: Sequence[str] = field(repr=False)

    @property
    def database(self) -> Database:
        """The database that all contenders share."""
        return self.wired.database


def person(lot: random.Random, place: int) -> dict[str, Any]:
    """Return one fictional person: twelve values of about 300 bytes in all."""
    streets = ("rue de la République", "avenue Jean-Jaurès", "boulevard Gambetta", "chemin des Lavandières")
    return {
        "family_name": lot.choice(("Lefèvre", "Moreau", "Girard", "Bonnet", "Fontaine", "Rousseau"))
        + chr(97 + place % 26),
        "given_name": lot.choice(("Camille", "Dominique", "Claude", "Maxence", "Alix", "Sacha")),
        "birth_date": f"{lot.randint(1940, 2005)}-{lot.randint(1, 12):02d}-{lot.randint(1, 28):02d}",
        "civility": lot.choice(("madame", "monsieur")),
        "email": f"customer-number.{place:06d}@messages.demo.example",
        "phone": f"+336399800{place % 100:02d}",
        "address": f"{lot.randint(1, 199)} {lot.choice(streets)}, bâtiment {place % 6}, escalier {place % 9}, "
        "porte 12, résidence du Parc des Tilleuls",
        "postcode": f"{lot.randint(1, 95):02d}{lot.randint(0, 999):03d}",
        "city": lot.choice(("Rennes", "Besançon", "Montpellier", "Saint-Étienne", "Clermont-Ferrand")),
        "iban": "FR1420041010050500013M02606",
        "profession": lot.choice(
            (
                "ingénieure d'études en bâtiment",
                "professeur des écoles à la retraite",
                "artisan ébéniste d'art",
                "cadre infirmier en milieu hospitalier",
            )
        ),
        "employer": lot.choice(
            (
                "Ateliers du Faubourg, société coopérative ouvrière",
                "Coopérative agricole des Deux Rives",
                "Maison Lumen (entreprise fictive de luminaires)",
            )
        ),
    }


@contextmanager
def measured_house(kind: str, rows: int) -> Iterator[MeasuredHouse]:
    """Build the house on one kind of database, filled, and take it away afterwards."""
    with tempfile.TemporaryDirectory(prefix="egide-bench-") as folder, _address(kind, Path(folder)) as url:
        home = Path(folder) / "home"
        settings = Settings(home=home, database_url=url, keys=str(home / "keys"), anchor=home / "anchor")
        actor = Actor(kind=ActorKind.HOST, id=None, roles=frozenset(), host_user="bench")
        found(settings, actor, demonstration=True)
        wired = wire(settings)
        try:
            yield _filled(wired, rows)
        finally:
            wired.close()


@contextmanager
def _address(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    # On disk, so that a commit costs what it costs.
    with running_postgres(in_memory=False) as server:
        admin = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE bench"))
        admin.dispose()
        yield server.format(database="bench")


def _filled(wired: Wired, rows: int) -> MeasuredHouse:
    data_map = parse_map(_YAML, "measured.yaml")
    table = _governed(data_map)
    with wired.database.write_connection() as connection:
        table.create(connection)
        PlainBase.metadata.create_all(connection)
    with wired.write() as session:
        unrecorded(session, "a benchmark sets its scene")
        number(session, data_map)
        _policies(session, wired)
    people = [person(random.Random(SEED + place), place) for place in range(rows)]
    row_ids: list[uuid.UUID] = []
    for first in range(0, rows, _BATCH):
        row_ids += _load(wired, data_map, people[first : first + _BATCH], first)
    with wired.database.write_connection() as connection:
        _fill_plain(connection, row_ids, people)
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    parts = GateParts(
        database=wired.database, clock=wired.clock, keyring=wired.keyring, attestor=wired.attestor,
        log=wired.log, sources=wired.sources, base=data_map,
    )  # fmt: skip
    return MeasuredHouse(
        wired=wired,
        gate=Gate(parts),
        actor=Actor(kind=ActorKind.PERSON, id=uuid.UUID(int=1), roles=frozenset({Role.SUPPORT}), address="192.0.2.1"),
        map=data_map,
        rows=rows,
        row_ids=row_ids,
        emails=[each["email"] for each in people],
    )


def _governed(data_map: DataMap) -> Table:
    mapped = data_map.tables["measured"]
    table = Base.metadata.tables.get(mapped.physical)
    return governed_table(mapped, Base.metadata) if table is None else table


def _policies(session: Session, wired: Wired) -> None:
    data = [(SubjectKind.CUSTOMER, category) for category in (*CATEGORIES, *BESIDE)]
    now = wired.clock.now()
    for place, (slug, form) in enumerate(((CLEAR, Form.CLEAR), (MASKED, Form.MASKED), (THIRD, Form.MASKED)), start=1):
        a_purpose(
            session, id=place, slug=slug, basis=LawfulBasis.CONSENT, consent_channel=Channel.EMAIL, data=data,
            recipients=(Role.SUPPORT,),
        )  # fmt: skip
        for _, category in data:
            a_grant(
                session, purpose_id=place, category=category, exact_lookup=True,
                form=form if category is DataCategory.OFFENCES else Form.CLEAR,
                valid_from=now - timedelta(days=1), valid_to=now + timedelta(days=300), action=GrantedAction.READ,
            )  # fmt: skip


def _load(wired: Wired, data_map: DataMap, people: Sequence[dict[str, Any]], first: int) -> list[uuid.UUID]:
    with wired.write() as session:
        catalogue = load_catalogue(session, wired.attestor, data_map)
        context = BulkContext(
            keyring=wired.keyring, clock=wired.clock, ids=wired.ids, catalogue=catalogue, actor=SYSTEM, purpose=CLEAR
        )
        source_id = number_source(session, "newsletter form")
        new = [
            NewRow(
                source_id=source_id,
                values={**each, "number": f"C-{first + place:06d}"},
                collected_on=wired.clock.now().date(),
            )
            for place, each in enumerate(people)
        ]
        done = load(session, context, catalogue.table("measured"), new)
        given = [
            RecordEvent(
                subject_id=subjects["person"],
                purpose=purpose,
                channel=Channel.EMAIL,
                kind=EventKind.GIVEN,
                method=Method.CHECKBOX,
                source="newsletter form",
            )
            for subjects in done.subjects
            for purpose in (CLEAR, MASKED, THIRD)
        ]
        identifiers = identifiers_by(wired.keyring, wired.attestor, data_map)
        record_many(session, Desk(wired.clock, wired.attestor, wired.keyring, identifiers), SYSTEM, given)
    return list(done.row_ids)


def _fill_plain(connection: Connection, row_ids: Sequence[uuid.UUID], people: Sequence[dict[str, Any]]) -> None:
    rows = [{"id": str(row_id), **each} for row_id, each in zip(row_ids, people, strict=True)]
    for model in (Plain, ColumnEncrypted):
        connection.execute(insert(model), rows)


def plain_sessions(house: MeasuredHouse) -> sessionmaker[Session]:
    """Return sessions of the unprotected application: the same engine, none of our hooks."""
    return sessionmaker(house.database.engine)
