"""What the fictional company sells and has sold, and what followed: orders, equipment, exchanges, behaviour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from governance.clock import to_rfc3339
from governance.customers.demo import words
from governance.customers.demo.lots import Lots
from governance.customers.demo.people import Drawn
from governance.gate.values import CleanValue

_YEARS_OF_ORDERS: Final = 3
_STILL_OPEN_DAYS: Final = 15
_PAID_BY: Final = ("card", "transfer", "direct-debit", "cheque", "cash", "voucher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One article."""

    reference: str
    brand: str
    name: str
    price_cents: int
    values: Mapping[str, CleanValue]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DrawnOrder:
    """An order drawn by lot.

    Attributes:
        buyer: The place of the customer, counted from 0.
        order: Its row.
        lines: Its lines, each with the place of the product, counted from 0.
    """

    buyer: int
    order: Drawn
    lines: tuple[tuple[int, Mapping[str, CleanValue]], ...]


def products() -> tuple[Product, ...]:
    """Return the forty articles."""
    found = []
    for position, (kind_of_room, brand, article, price) in enumerate(words.RANGES):
        for step, model in enumerate(words.MODELS):
            cents = price + step * (price // 4 // 100 * 100)
            reference = f"{brand[:3].upper()}-{position + 1}{step + 1:02d}"
            values: dict[str, CleanValue] = {
                "reference": reference,
                "name": f"{article} {model}",
                "range": kind_of_room,
                "price_cents": cents,
                "currency": "EUR",
                "on_sale": (position + step) % 9 != 0,
            }
            found.append(
                Product(reference=reference, brand=brand, name=f"{article} {model}", price_cents=cents, values=values)
            )
    return tuple(found)


def draw_orders(seed: str, today: date, count: int, customers: int) -> Iterator[DrawnOrder]:
    """Yield so many orders in the order of their days; some customers buy often, some never."""
    lots = Lots.of(seed, "orders")
    articles = products()
    days = sorted(lots.randrange(_YEARS_OF_ORDERS * 365) for _ in range(count))
    for number, days_ago in enumerate(reversed(days), start=1):
        # The square of a lot: the first customers of the list are the faithful ones.
        buyer = lots.early(customers)
        yield _order(lots, today - timedelta(days=days_ago), number, (buyer, articles))


def _order(lots: Lots, day: date, number: int, who_and_what: tuple[int, tuple[Product, ...]]) -> DrawnOrder:
    buyer, articles = who_and_what
    lines = []
    for place in lots.sample(range(len(articles)), lots.choices((1, 2, 3, 4), weights=(58, 27, 11, 4))[0]):
        quantity = lots.choices((1, 2, 3, 4, 6), weights=(62, 22, 7, 6, 3))[0]
        lines.append((place, {"quantity": quantity, "unit_price_cents": articles[place].price_cents}))
    values: dict[str, CleanValue] = {
        "number": f"W-{day.year}-{number:06d}",
        "ordered_on": day.isoformat(),
        "total_cents": sum(line["quantity"] * line["unit_price_cents"] for _, line in lines),
        "currency": "EUR",
        "payment_means": lots.choices(_PAID_BY, weights=(68, 7, 10, 6, 6, 3))[0],
        "channel": lots.choices(("website", "shop", "telephone", "fair"), weights=(58, 33, 7, 2))[0],
        "status": lots.choices(("delivered", "returned", "cancelled", "sent"), weights=(89, 5, 4, 2))[0],
        "invoice_number": f"F-{day.year}-{number:06d}",
    }
    if lots.in_hundred(12):
        postcode, city, _ = lots.choice(words.TOWNS)
        values |= {
            "delivery_address": f"{lots.randrange(1, 90)} {lots.choice(words.STREETS)}",
            "delivery_postcode": postcode,
            "delivery_city": city,
        }
    return DrawnOrder(buyer=buyer, order=Drawn(values=values, collected_on=day), lines=tuple(lines))


def draw_equipment(seed: str, today: date, count: int, customers: int) -> Iterator[tuple[int, Drawn]]:
    """Yield so many articles that customers own, with the customer's place."""
    lots = Lots.of(seed, "equipment")
    articles = products()
    for _ in range(count):
        article = lots.choice(articles)
        bought = today - timedelta(days=lots.randrange(6 * 365))
        replaced = bought + timedelta(days=365 * words.LIFETIME_YEARS + lots.randrange(-200, 200))
        values: dict[str, CleanValue] = {
            "brand": article.brand,
            "model": article.name,
            "serial_number": f"{article.reference}-{lots.randrange(16**8):08X}" if lots.in_hundred(60) else None,
            "bought_on": bought.isoformat(),
            "replacement_on": replaced.isoformat(),
        }
        yield lots.randrange(customers), Drawn(values=values, collected_on=bought)


def draw_exchanges(seed: str, today: date, count: int, customers: int) -> Iterator[tuple[int, Drawn]]:
    """Yield so many calls, visits, mailings and complaints, with the customer's place."""
    lots = Lots.of(seed, "exchanges")
    channels = {"call": "telephone", "visit": "shop", "mailing": "post", "fair": "fair"}
    for _ in range(count):
        nature, subject, note = lots.choice(words.EXCHANGES)
        days_ago = lots.early(700)
        open_still = days_ago < _STILL_OPEN_DAYS and nature in {"complaint", "message"} and lots.in_hundred(60)
        values: dict[str, CleanValue] = {
            "nature": nature,
            "channel": channels.get(nature) or lots.choice(("email", "sms")),
            "direction": "outgoing" if nature == "mailing" else "incoming",
            "happened_at": _moment(lots, today, days_ago),
            "status": lots.choice(("open", "waiting")) if open_still else "settled",
            "subject": subject,
            "note": note,
        }
        yield lots.randrange(customers), Drawn(values=values, collected_on=today - timedelta(days=days_ago))


def draw_behaviour(seed: str, today: date, count: int, customers: int) -> Iterator[tuple[int, Drawn]]:
    """Yield so many traces: who, where, when, how, how much; with the customer's place."""
    lots = Lots.of(seed, "behaviour")
    events = ("visit", "search", "basket", "purchase", "review", "mail-opened", "mail-clicked")
    for _ in range(count):
        event = lots.choices(events, weights=(40, 18, 12, 8, 3, 13, 6))[0]
        by_mail = event.startswith("mail")
        means = "email" if by_mail else lots.choices(("website", "application", "shop"), weights=(70, 20, 10))[0]
        spends = event in {"basket", "purchase"}
        days_ago = lots.randrange(390)
        values: dict[str, CleanValue] = {
            "event": event,
            "happened_at": _moment(lots, today, days_ago),
            "means": means,
            "amount_cents": lots.randrange(790, 40000) if spends else None,
            "seconds": lots.randrange(5, 900) if means in {"website", "application"} else None,
            "place": lots.choice(words.SHOPS) if means == "shop" else None,
        }
        yield lots.early(customers), Drawn(values=values, collected_on=today - timedelta(days=days_ago))


def _moment(lots: Lots, today: date, days_ago: int) -> str:
    # The hours of today may still be to come.
    day = today - timedelta(days=max(1, days_ago))
    return to_rfc3339(datetime.combine(day, time(lots.randrange(7, 20), lots.randrange(60)), UTC))
