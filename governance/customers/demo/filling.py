"""The steps that fill the fictional company's tables, batch by batch, each batch in one transaction."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.service import Desk, Objection, object_to, record_many
from governance.actor import SYSTEM
from governance.customers.demo import people, trade
from governance.customers.demo.choices import draw_choices
from governance.customers.demo.company import NOTICE
from governance.customers.demo.people import Drawn
from governance.customers.demo.trade import DrawnOrder
from governance.customers.house import House
from governance.customers.reference import reference_map
from governance.customers.tables import TABLES
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.models import Source
from governance.datamap.numbering import number_source
from governance.gate.bulk import MAX_ROWS, BulkContext, NewRow, load
from governance.gate.identifiers import identifiers_by
from governance.gate.values import CleanValue
from register.models import Notice

COMPANIES: Final = 300
CUSTOMERS: Final = 2000
ORDERS: Final = 15_000
EQUIPMENT: Final = 1500
EXCHANGES: Final = 4000
BEHAVIOUR: Final = 5000
VISITORS: Final = 40
# The purpose that the rows are loaded for.
_PURPOSE: Final = "customer-relationship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is loaded; smaller in tests."""

    companies: int = COMPANIES
    customers: int = CUSTOMERS
    orders: int = ORDERS
    equipment: int = EQUIPMENT
    exchanges: int = EXCHANGES
    behaviour: int = BEHAVIOUR
    visitors: int = VISITORS


@dataclass(kw_only=True)
class Shelf:
    """What the steps take things from: the house, the lots' seed and day, and the rows that earlier steps wrote."""

    house: House = field(repr=False)
    seed: str
    today: date
    size: Size

    @cached_property
    def catalogue(self) -> Catalogue:
        """The data map with its numbers."""
        with self.house.read() as session:
            return load_catalogue(session, self.house.attestor, reference_map())

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """The numbers of the sources."""
        with self.house.read() as session:
            return dict(session.execute(select(Source.name, Source.id)).all())

    @cached_property
    def notice(self) -> int:
        """The number of the notice that everybody was given."""
        with self.house.read() as session:
            # The newest that its customers read, in the language of the house.
            mine = select(Notice.id).where(Notice.slug == NOTICE, Notice.language == "fr")
            return session.scalars(mine.order_by(Notice.version.desc()).limit(1)).one()

    @cached_property
    def customers(self) -> list[int]:
        """The customers' numbers as data subjects, in the order of their places."""
        table = TABLES["customers"]
        with self.house.read() as session:
            return list(session.scalars(select(table.c.person_subject_id).order_by(table.c.number)))

    @cached_property
    def companies(self) -> list[uuid.UUID]:
        """The companies' rows, in the order of their places."""
        table = TABLES["companies"]
        with self.house.read() as session:
            by_siret = dict(session.execute(select(table.c.siret, table.c.id)).all())
        return [by_siret[people.company_siret(place)] for place in range(self.size.companies)]

    @cached_property
    def products(self) -> list[uuid.UUID]:
        """The products' rows, in the order of their places."""
        table = TABLES["products"]
        with self.house.read() as session:
            by_reference = dict(session.execute(select(table.c.reference, table.c.id)).all())
        return [by_reference[product.reference] for product in trade.products()]

    @cached_property
    def context(self) -> BulkContext:
        """Who loads, with which keys."""
        return BulkContext(
            keyring=self.house.keyring,
            clock=self.house.clock,
            ids=self.house.ids,
            catalogue=self.catalogue,
            actor=SYSTEM,
            purpose=_PURPOSE,
        )

    def load(self, session: Session, table: str, rows: Sequence[NewRow]) -> None:
        """Write rows of one table."""
        load(session, self.context, self.catalogue.table(table), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """One step: what is drawn, how a batch of it is written, how many make a batch."""

    name: str
    total: Callable[[Shelf], int]
    draw: Callable[[Shelf], Iterator[Any]]
    write: Callable[[Session, Shelf, Sequence[Any]], None]
    batch: int


def number_sources(session: Session) -> None:
    """Give every source of the demonstration its number. The caller records the fact."""
    for name in people.SOURCES:
        number_source(session, name)


def _row(shelf: Shelf, drawn: Drawn, subjects: Mapping[str, int] | None = None, **more: CleanValue) -> NewRow:
    return NewRow(
        values={name: value for name, value in {**drawn.values, **more}.items() if value is not None},
        subjects=subjects or {},
        source_id=shelf.sources[drawn.source],
        notice_id=shelf.notice,
        collected_on=drawn.collected_on,
        verified_on=drawn.verified_on,
    )


def _write_companies(session: Session, shelf: Shelf, batch: Sequence[Drawn]) -> None:
    shelf.load(session, "companies", [_row(shelf, drawn) for drawn in batch])


def _contacts(shelf: Shelf) -> Iterator[tuple[int, Drawn]]:
    return people.draw_contacts(shelf.seed, shelf.today, shelf.size.companies)


def _write_contacts(session: Session, shelf: Shelf, batch: Sequence[tuple[int, Drawn]]) -> None:
    rows = [_row(shelf, drawn, company=str(shelf.companies[place])) for place, drawn in batch]
    shelf.load(session, "contacts", rows)


def _write_customers(session: Session, shelf: Shelf, batch: Sequence[Drawn]) -> None:
    shelf.load(session, "customers", [_row(shelf, drawn) for drawn in batch])


def _write_choices(session: Session, shelf: Shelf, batch: Sequence[tuple[int, tuple[Any, ...], bool]]) -> None:
    house = shelf.house
    events = [replace(event, subject_id=shelf.customers[place]) for place, said, _ in batch for event in said]
    identifiers = identifiers_by(house.keyring, house.attestor, reference_map())
    desk = Desk(house.clock, house.attestor, house.keyring, identifiers)
    record_many(session, desk, SYSTEM, events)
    for place, _, objects in batch:
        if objects:
            objection = Objection(subject_id=shelf.customers[place], purpose="post-marketing")
            object_to(session, desk, SYSTEM, objection)


def _write_products(session: Session, shelf: Shelf, batch: Sequence[trade.Product]) -> None:
    shelf.load(session, "products", [NewRow(values=product.values) for product in batch])


def _write_orders(session: Session, shelf: Shelf, batch: Sequence[DrawnOrder]) -> None:
    orders, lines = [], []
    for ordered in batch:
        buyer = {"buyer": shelf.customers[ordered.buyer]}
        order_id = shelf.house.ids.new()
        orders.append(replace(_row(shelf, ordered.order, buyer), id=order_id))
        lines += [
            NewRow(
                values={**values, "order": str(order_id), "product": str(shelf.products[place])},
                subjects=buyer,
                notice_id=shelf.notice,
            )
            for place, values in ordered.lines
        ]
    shelf.load(session, "orders", orders)
    for first in range(0, len(lines), MAX_ROWS):
        shelf.load(session, "order_lines", lines[first : first + MAX_ROWS])


def _writer_of(table: str, link: str) -> Callable[[Session, Shelf, Sequence[tuple[int, Drawn]]], None]:
    def write(session: Session, shelf: Shelf, batch: Sequence[tuple[int, Drawn]]) -> None:
        rows = [_row(shelf, drawn, {link: shelf.customers[place]}) for place, drawn in batch]
        shelf.load(session, table, rows)

    return write


def _drawer(draw: Callable[[str, date, int, int], Iterator[Any]], count: str) -> Callable[[Shelf], Iterator[Any]]:
    return lambda shelf: draw(shelf.seed, shelf.today, getattr(shelf.size, count), shelf.size.customers)


STEPS: Final = (
    Filling(
        name="companies",
        total=lambda shelf: shelf.size.companies,
        draw=lambda shelf: people.draw_companies(shelf.seed, shelf.today, shelf.size.companies),
        write=_write_companies,
        batch=300,
    ),
    Filling(
        name="contacts",
        total=lambda shelf: sum(1 for _ in _contacts(shelf)),
        draw=_contacts,
        write=_write_contacts,
        batch=250,
    ),
    Filling(
        name="customers",
        total=lambda shelf: shelf.size.customers,
        draw=lambda shelf: people.draw_customers(shelf.seed, shelf.today, shelf.size.customers, shelf.size.companies),
        write=_write_customers,
        batch=250,
    ),
    Filling(
        name="choices",
        total=lambda shelf: shelf.size.customers,
        draw=lambda shelf: draw_choices(shelf.seed, shelf.today, shelf.size.customers),
        write=_write_choices,
        batch=400,
    ),
    Filling(
        name="products",
        total=lambda _: len(trade.products()),
        draw=lambda _: iter(trade.products()),
        write=_write_products,
        batch=100,
    ),
    Filling(
        name="orders",
        total=lambda shelf: shelf.size.orders,
        draw=_drawer(trade.draw_orders, "orders"),
        write=_write_orders,
        batch=250,
    ),
    Filling(
        name="equipment",
        total=lambda shelf: shelf.size.equipment,
        draw=_drawer(trade.draw_equipment, "equipment"),
        write=_writer_of("equipment", "owner"),
        batch=500,
    ),
    Filling(
        name="exchanges",
        total=lambda shelf: shelf.size.exchanges,
        draw=_drawer(trade.draw_exchanges, "exchanges"),
        write=_writer_of("exchanges", "person"),
        batch=500,
    ),
    Filling(
        name="behaviour",
        total=lambda shelf: shelf.size.behaviour,
        draw=_drawer(trade.draw_behaviour, "behaviour"),
        write=_writer_of("behaviour", "person"),
        batch=500,
    ),
)
