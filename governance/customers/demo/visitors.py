"""A file that the fictional company bought: visitors of a fair, who are still to be told whose hands they are in."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Final

from governance.actor import Role
from governance.customers.demo.company import FAIR
from governance.customers.demo.filling import Shelf
from governance.customers.demo.people import draw_customers
from governance.customers.demo.staff import actor
from governance.customers.importing.job import ImportFile
from governance.customers.importing.run import run_import

_SOURCE: Final = "Salon de la lumière, fichier des visiteurs (fictif)"
_FIELDS: Final = (
    "number", "civility", "family_name", "given_name", "email", "address_line", "postcode", "city", "language",
)  # fmt: skip
# One in so many gave the fair no e-mail address, one in so many others no street.
_NO_EMAIL: Final = 5
_NO_STREET: Final = 4


def bring_visitors(shelf: Shelf) -> None:
    """Import the file as sales would; what was imported already is not imported again."""
    house = shelf.house
    if not shelf.size.visitors:
        return
    with house.read() as session:
        sales = actor(session, Role.SALES)
    with tempfile.TemporaryFile() as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        csv.writer(text, delimiter=";").writerows([_FIELDS, *_rows(shelf)])
        copy = text.detach()
        copy.seek(0)
        run_import(house, sales, ImportFile(path=copy, table="customers", source=_SOURCE, point=FAIR))


def _rows(shelf: Shelf) -> Iterator[list[str]]:
    drawn_by_lot = draw_customers(f"{shelf.seed}, visitors", shelf.today, shelf.size.visitors, companies=1)
    for place, drawn in enumerate(drawn_by_lot, start=1):
        values = {name: str(drawn.values.get(name) or "") for name in _FIELDS}
        values |= {"number": f"V-{place:04d}", "email": f"visiteur-{place}@demo.example"}
        if place % _NO_EMAIL == 0:
            values["email"] = ""
        elif place % _NO_STREET == 0:
            values["address_line"] = ""
        yield [values[name] for name in _FIELDS]
