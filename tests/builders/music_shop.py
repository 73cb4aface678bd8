"""A small music shop's database, as its own program might have made it: what a company brings to be adopted.

Forty-one customers under French column names, six employees under English ones, invoices with their lines, a loyalty
card with a key of two columns, albums that speak of nobody. On SQLite and on PostgreSQL, the same rows. All fictional.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, text

from tests.postgres import administer

CUSTOMERS: Final = 41
EMPLOYEES: Final = 6
INVOICES: Final = 90
_FAMILY: Final = ("Arnaud", "Bélanger", "Colin", "Dürr", "Estève", "Fontaine", "Géraud")
_GIVEN: Final = ("Alix", "Béatrice", "Cyril", "Delphine", "Émile", "Faustine")
_TOWNS: Final = (
    ("75011", "Paris"),
    ("69003", "Lyon"),
    ("13006", "Marseille"),
    ("59000", "Lille"),
    ("97400", "Saint-Denis"),
)
# Valid by their check digits, and nobody's.
_IBANS: Final = ("FR7630006000011234567890189", "FR1420041010050500013M02606", "DE89370400440532013000")

SCHEMA: Final = """
CREATE TABLE employee (
    employee_id INTEGER PRIMARY KEY,
    last_name VARCHAR(40) NOT NULL,
    first_name VARCHAR(40) NOT NULL,
    title VARCHAR(40),
    reports_to INTEGER REFERENCES employee (employee_id),
    birth_date DATE,
    hire_date DATE,
    email VARCHAR(80),
    salary NUMERIC(10, 2)
);
CREATE TABLE client (
    id_client INTEGER PRIMARY KEY,
    nom VARCHAR(60) NOT NULL,
    prenom VARCHAR(60),
    courriel VARCHAR(120),
    telephone VARCHAR(30),
    adresse VARCHAR(120),
    code_postal VARCHAR(10),
    ville VARCHAR(60),
    pays VARCHAR(40),
    date_naissance DATE,
    iban VARCHAR(34),
    allergies VARCHAR(200),
    commentaire TEXT,
    xq7 VARCHAR(40),
    vendeur_id INTEGER REFERENCES employee (employee_id)
);
CREATE TABLE carte_fidelite (
    magasin VARCHAR(4) NOT NULL,
    numero INTEGER NOT NULL,
    id_client INTEGER NOT NULL REFERENCES client (id_client),
    points INTEGER NOT NULL,
    PRIMARY KEY (magasin, numero)
);
CREATE TABLE album (
    album_id INTEGER PRIMARY KEY,
    titre VARCHAR(120) NOT NULL,
    prix NUMERIC(10, 2) NOT NULL
);
CREATE TABLE invoice (
    invoice_id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES client (id_client),
    invoice_date TIMESTAMP NOT NULL,
    billing_address VARCHAR(120),
    total NUMERIC(10, 2) NOT NULL
);
CREATE TABLE invoice_line (
    invoice_line_id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (invoice_id),
    album_id INTEGER NOT NULL REFERENCES album (album_id),
    quantity INTEGER NOT NULL
);
"""

SHOP_YAML: Final = """\
version: 1
source: shop
tables:
  staff:
    table: employee
    key: [employee_id]
    links:
      person: {kind: employee}
      manager: {kind: employee, of: staff, columns: [reports_to]}
    fields:
      family_name: {column: last_name, category: identity, link: person, kind: name, origin: provided, search: [exact]}
      given_name: {column: first_name, category: identity, link: person, kind: name, origin: provided}
      email: {category: contact, link: person, kind: email, origin: provided, search: [exact]}
  shop_customers:
    table: client
    key: [id_client]
    links:
      person: {kind: customer}
      seller: {kind: employee, of: staff, columns: [vendeur_id]}
    fields:
      family_name: {column: nom, category: identity, link: person, kind: name, origin: provided, search: [exact]}
      given_name: {column: prenom, category: identity, link: person, kind: name, origin: provided}
      email: {column: courriel, category: contact, link: person, kind: email, origin: provided, search: [exact]}
      birth_date: {column: date_naissance, category: identity, link: person, kind: birth-date, origin: provided}
  cards:
    table: carte_fidelite
    key: [magasin, numero]
    links:
      owner: {kind: customer, of: shop_customers, columns: [id_client]}
    fields:
      points: {category: behaviour, link: owner, kind: integer, origin: observed}
  albums:
    table: album
    key: [album_id]
    fields:
      title: {column: titre, category: purchases, kind: text, origin: provided}
  invoices:
    table: invoice
    key: [invoice_id]
    links:
      buyer: {kind: customer, of: shop_customers, columns: [customer_id]}
    fields:
      invoiced_at: {column: invoice_date, category: purchases, link: buyer, kind: moment, origin: observed}
      address: {column: billing_address, category: contact, link: buyer, kind: address, origin: provided}
      total: {category: purchases, link: buyer, kind: number, origin: observed}
  invoice_lines:
    table: invoice_line
    key: [invoice_line_id]
    links:
      buyer: {kind: customer, of: invoices, columns: [invoice_id]}
    fields:
      quantity: {category: purchases, link: buyer, kind: integer, origin: observed}
"""


def sqlite_shop(folder: Path) -> str:
    """Make the shop's SQLite file and return its address."""
    url = f"sqlite:///{folder / 'shop.sqlite'}"
    _fill(url)
    return url


def postgres_shop(server: str, name: str) -> str:
    """Make the shop's database on a server (an address with a place for the database) and return its address."""
    administer(server, f"CREATE DATABASE {name}")
    url = server.format(database=name)
    _fill(url)
    return url


def run_sql(url: str, *statements: str) -> None:
    """Do what the shop's own program would do."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in SCHEMA.split(";"):
            if statement.strip():
                connection.execute(text(statement))
        for table, rows in _rows().items():
            places = ", ".join(f":{name}" for name in rows[0])
            connection.execute(text(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({places})"), list(rows))
    engine.dispose()


def _rows() -> dict[str, Sequence[dict[str, Any]]]:
    return {
        "employee": [_employee(number) for number in range(1, EMPLOYEES + 1)],
        "client": [_customer(number) for number in range(1, CUSTOMERS + 1)],
        "carte_fidelite": [
            {"magasin": ("PAR", "LYO")[number % 2], "numero": number, "id_client": number, "points": number * 7}
            for number in range(1, 21)
        ],
        "album": [{"album_id": n, "titre": f"Nocturnes, volume {n}", "prix": 12.5 + n} for n in range(1, 9)],
        "invoice": [_invoice(number) for number in range(1, INVOICES + 1)],
        "invoice_line": [
            {"invoice_line_id": n, "invoice_id": n % INVOICES + 1, "album_id": n % 8 + 1, "quantity": n % 3 + 1}
            for n in range(1, 151)
        ],
    }


def _employee(number: int) -> dict[str, Any]:
    return {
        "employee_id": number,
        "last_name": _FAMILY[number % 7],
        "first_name": _GIVEN[number % 6],
        "title": ("Manager", "Seller")[number > 1],
        "reports_to": None if number == 1 else 1,
        "birth_date": f"19{60 + number}-0{number}-1{number}",
        "hire_date": f"201{number}-03-01",
        "email": f"staff-{number}@shop.example",
        "salary": 2000 + 150 * number,
    }


def _customer(number: int) -> dict[str, Any]:
    postcode, town = _TOWNS[number % 5]
    return {
        "id_client": number,
        "nom": _FAMILY[number % 7],
        "prenom": _GIVEN[number % 6],
        "courriel": None if number % 20 == 0 else f"{_GIVEN[number % 6][0].lower()}{number}@courrier.example",
        "telephone": f"+33 1 99 00 {number:02d} {(number * 7) % 100:02d}",
        "adresse": f"{number} rue des Lilas",
        "code_postal": postcode,
        "ville": town,
        "pays": "France",
        "date_naissance": f"{1950 + number}-{number % 12 + 1:02d}-{number % 27 + 1:02d}",
        "iban": _IBANS[number % 3],
        "allergies": "arachide" if number % 9 == 0 else None,
        "commentaire": "Préfère être appelée le matin." if number % 2 else None,
        "xq7": f"{number * 7919 % 9973:x}-{number * 31 % 97}",
        "vendeur_id": None if number % 10 == 0 else number % EMPLOYEES + 1,
    }


def _invoice(number: int) -> dict[str, Any]:
    return {
        "invoice_id": number,
        # Some were paid in cash at the counter, by nobody known.
        "customer_id": None if number % 30 == 0 else number % CUSTOMERS + 1,
        "invoice_date": f"2026-0{number % 9 + 1}-15 10:30:00",
        "billing_address": f"{number % CUSTOMERS + 1} rue des Lilas",
        "total": number * 1.25,
    }
