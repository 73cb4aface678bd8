"""The rows of the shop behind the gate: sealed in Égide's own tables, or plain in those of another program."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.enrolment import Enroller, EnrolmentHouse
from governance.datamap.given_notices import given_at_once
from governance.datamap.models import RegisteredRow, blind_tokens
from governance.datamap.values import FieldKind, Storage, box_column, box_companion, subject_column
from governance.gate.boxing import Owner, RowBoxer
from governance.gate.indexing import BlindIndexer
from governance.gate.row_macs import RowSigner
from governance.vault.models import DataSubject
from governance.vault.subject_keys import create_subjects, marks_of, unwrap
from governance.vocabulary import SubjectKind
from tests.builders.datamap import own_tables
from tests.builders.gate import Shop, person_values

_DDL: Final = """
CREATE TABLE "Person" (
    "PersonId" INTEGER PRIMARY KEY, family_name TEXT, given_name TEXT, birth_date TEXT, email TEXT, phone TEXT,
    postcode TEXT, iban TEXT, note TEXT, health TEXT, since DATE, points INTEGER, faithful BOOLEAN, seen_at TEXT
);
CREATE TABLE "Purchase" (
    "PurchaseId" INTEGER PRIMARY KEY, "PersonId" INTEGER, number TEXT, total INTEGER, delivery TEXT
);
CREATE TABLE "Shop" ("ShopId" INTEGER PRIMARY KEY, name TEXT, city TEXT)
"""
_PHYSICAL: Final = {"people": ("Person", "PersonId"), "orders": ("Purchase", "PurchaseId"), "shops": ("Shop", "ShopId")}


class Rows(Protocol):
    """Puts rows into a shop."""

    def add_people(self, numbers: Iterable[int], kind: SubjectKind = SubjectKind.CUSTOMER) -> None: ...

    def add_order(self, number: int, person: int, /, **values: Any) -> None: ...

    def add_shop(self, number: int, /, **values: Any) -> None: ...

    def change(self, number: int, /, **values: Any) -> None: ...


def order_values(number: int) -> dict[str, Any]:
    return {"number": f"A-{number:04d}", "total": number * 100, "delivery": f"{number} rue de l'Exemple"}


class OwnRows:
    """Rows of Égide's own tables."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._tables = own_tables(shop.base)
        # Which notices the people of the next rows were given, as it stands behind their MACs.
        self.given = b""

    def add_people(
        self, numbers: Iterable[int], kind: SubjectKind = SubjectKind.CUSTOMER, notice: int | None = None
    ) -> None:
        """Add people, collected under a notice; under none that is known unless told otherwise."""
        self.given = given_at_once(notice)
        wanted = list(numbers)
        with self._shop.write() as session:
            catalogue = self._catalogue(session)
            subjects = create_subjects(session, self._shop.keyring, self._shop.clock, [kind] * len(wanted))
            for number, subject in zip(wanted, subjects, strict=True):
                owner = Owner(id=subject.id, kind=kind, key=subject.key, key_version=subject.key_version)
                self._shop.subjects[number] = subject.id
                self._shop.people[number] = self._insert(
                    session, catalogue, "people", {"person": owner}, person_values(number)
                )

    def add_order(self, number: int, person: int, /, **values: Any) -> None:
        with self._shop.write() as session:
            owner = self._owner(session, self._shop.subjects[person])
            told = {**order_values(number), "person": self._shop.people[person], **values}
            self._insert(session, self._catalogue(session), "orders", {"buyer": owner}, told)

    def add_shop(self, number: int, /, **values: Any) -> None:
        with self._shop.write() as session:
            told = {"name": f"Shop {number}", "city": "Lyon", **values}
            self._insert(session, self._catalogue(session), "shops", {}, told)

    def change(self, number: int, /, **values: Any) -> None:
        """Write all of a person's row again, as a change through the writer would."""
        with self._shop.write() as session:
            owner = self._owner(session, self._shop.subjects[number])
            row_id, told = self._shop.people[number], person_values(number) | values
            columns = self._columns(self._catalogue(session), "people", {"person": owner}, (row_id, 2, told))
            physical = self._tables["people"]
            session.execute(update(physical).where(physical.c.id == row_id).values(**columns))

    def _catalogue(self, session: Session) -> Catalogue:
        return load_catalogue(session, self._shop.attestor, self._shop.base)

    def _owner(self, session: Session, subject_id: int) -> Owner:
        subject = session.get_one(DataSubject, subject_id)
        key = unwrap(self._shop.keyring, marks_of(subject), subject.wrapped_key)
        return Owner(id=subject_id, kind=SubjectKind.from_code(subject.kind), key=key, key_version=subject.key_version)

    def _insert(
        self,
        session: Session,
        catalogue: Catalogue,
        name: str,
        owners: Mapping[str, Owner],
        values: Mapping[str, Any],
    ) -> uuid.UUID:
        row_id = self._shop.ids.new()
        columns = self._columns(catalogue, name, owners, (row_id, 1, values))
        session.execute(insert(self._tables[name]).values(**columns))
        tokens = BlindIndexer(catalogue.table(name), self._shop.keyring).tokens(values)
        rows = [{"token": token, "row_id": row_id} for token in tokens]
        if rows:
            session.execute(insert(blind_tokens), rows)
        return row_id

    def _columns(
        self,
        catalogue: Catalogue,
        name: str,
        owners: Mapping[str, Owner],
        row: tuple[uuid.UUID, int, Mapping[str, Any]],
    ) -> dict[str, Any]:
        row_id, revision, values = row
        table = catalogue.table(name)
        boxer = RowBoxer(catalogue, table, self._shop.keyring.installation)
        columns: dict[str, Any] = {"id": row_id, "revision": revision}
        columns |= {subject_column(link): owner.id for link, owner in owners.items()}
        for each in table.fields.values():
            if each.storage is Storage.CLEAR:
                columns[each.column] = _typed(each.kind, values.get(each.name))
        for place, names in table.boxes.items():
            full = any(values.get(name) is not None for name in names)
            box = boxer.seal(place, owners[place[0]], row_id, revision, values) if full else None
            columns |= {box_column(*place): box, box_companion(*place, "revision"): revision if full else None}
        return columns | {"row_mac": RowSigner(table, self._shop.keyring).mac(columns, self.given)}


class AdoptedRows:
    """Rows of another program's tables, enrolled as soon as they are there."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._engine = create_engine(shop.source_url or "")
        self.enrols = True
        with self._engine.begin() as connection:
            for statement in _DDL.split(";"):
                connection.execute(text(statement))

    def add_people(self, numbers: Iterable[int], kind: SubjectKind = SubjectKind.CUSTOMER) -> None:
        wanted = list(numbers)
        with self._engine.begin() as connection:
            for number in wanted:
                self._insert(connection, "people", {"PersonId": number, **person_values(number)})
        self.enrol()
        with self._shop.write() as session:
            for row in session.scalars(select(RegisteredRow).where(RegisteredRow.link == "person")):
                number = int(row.source_key.strip("[]"))
                self._shop.people[number], self._shop.subjects[number] = row.row_id, row.subject_id or 0

    def add_order(self, number: int, person: int, /, **values: Any) -> None:
        with self._engine.begin() as connection:
            told = {"PurchaseId": number, "PersonId": person, **order_values(number), **values}
            self._insert(connection, "orders", told)
        self.enrol()

    def add_shop(self, number: int, /, **values: Any) -> None:
        with self._engine.begin() as connection:
            told = {"ShopId": number, "name": f"Shop {number}", "city": "Lyon", **values}
            self._insert(connection, "shops", told)
        self.enrol()

    def change(self, number: int, /, **values: Any) -> None:
        with self._engine.begin() as connection:
            for name, value in values.items():
                connection.execute(
                    text(f'UPDATE "Person" SET {name} = :value WHERE "PersonId" = :number'),
                    {"value": _plain(name, value), "number": number},
                )

    def enrol(self) -> None:
        if not self.enrols:
            return
        shop = self._shop
        house = EnrolmentHouse(
            database=shop.database,
            sources=shop.sources,
            keyring=shop.keyring,
            attestor=shop.attestor,
            clock=shop.clock,
            ids=shop.ids,
        )
        with shop.database.read() as session:
            catalogue = load_catalogue(session, shop.attestor, shop.base)
        Enroller(house).run(catalogue)

    def close(self) -> None:
        self._engine.dispose()

    def _insert(self, connection: Connection, table: str, values: Mapping[str, Any]) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f":{name}" for name in values)
        told = {name: _plain(name, value) for name, value in values.items()}
        connection.execute(text(f'INSERT INTO "{_PHYSICAL[table][0]}" ({names}) VALUES ({places})'), told)


def _plain(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "since" and value is not None else value


def _typed(kind: FieldKind, value: Any) -> Any:
    if value is None:
        return None
    if kind is FieldKind.DATE:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind is FieldKind.MOMENT else value


def numbers(count: int) -> Sequence[int]:
    """Return the numbers of so many people, from 1."""
    return range(1, count + 1)
