"""The fictional customers and the people in the fictional companies, drawn by lot from a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from unidecode import unidecode

from governance.customers.demo import numbers, words
from governance.customers.demo.lots import Lots
from governance.gate.values import CleanValue

FORM_ON_THE_SITE: Final = "Formulaire du site"
SHOP: Final = "Recueilli en magasin"
FAIR: Final = "Salon de l’habitat"
TELEPHONE: Final = "Recueilli par téléphone"
REFERRAL: Final = "Parrainage"
PUBLIC_REGISTER: Final = "Répertoire des entreprises"
SOURCES: Final = (FORM_ON_THE_SITE, SHOP, FAIR, TELEPHONE, REFERRAL, PUBLIC_REGISTER)

_SOURCE_OF: Final = {
    "website": FORM_ON_THE_SITE,
    "shop": SHOP,
    "fair": FAIR,
    "telephone": TELEPHONE,
    "referral": REFERRAL,
}
_WEIGHTED_TOWNS: Final = tuple(size for _, _, size in words.TOWNS)
_YEARS_AS_CUSTOMER: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Drawn:
    """A row drawn by lot.

    Attributes:
        values: Clean values of its fields.
        source: Where the data came from, in words.
        collected_on: When they were collected.
        verified_on: When somebody last made sure of them.
    """

    values: Mapping[str, CleanValue]
    source: str = FORM_ON_THE_SITE
    collected_on: date | None = None
    verified_on: date | None = None


def draw_customers(seed: str, today: date, count: int, companies: int) -> Iterator[Drawn]:
    """Yield customers 1 to `count`; some of them name one of so many companies by its place.

    Args:
        seed: The same seed gives the same people.
        today: The day of loading, from which dates are counted back.
        count: How many.
        companies: How many companies there are.
    """
    lots = Lots.of(seed, "customers")
    for number in range(1, count + 1):
        yield _customer(lots, today, number, companies)


def _customer(lots: Lots, today: date, number: int, companies: int) -> Drawn:
    since = today - timedelta(days=lots.randrange(_YEARS_AS_CUSTOMER * 365))
    acquired = lots.choices(tuple(_SOURCE_OF), weights=(45, 35, 8, 7, 5))[0]
    values: dict[str, CleanValue] = {
        "number": f"C-{number:06d}",
        "status": lots.choices(("customer", "prospect", "former"), weights=(82, 13, 5))[0],
        "since": since.isoformat(),
        "acquired_through": acquired,
        "segment": lots.choices(("new", "occasional", "faithful", "premium", "sleeping"), weights=(15, 40, 25, 8, 12))[
            0
        ],
        **_identity(lots, today),
        **_address(lots),
        "email": f"customer-{number}@demo.example",
        **_preferences(lots),
    }
    postcode = str(values["postcode"])
    values["mobile"] = numbers.mobile(number) if lots.in_hundred(85) else None
    values["phone"] = numbers.landline(number, postcode) if lots.in_hundred(50) else None
    values["iban"] = numbers.iban(number) if lots.in_hundred(25) else None
    if lots.in_hundred(60):
        values["profession"] = lots.choice(words.PROFESSIONS)
    company = lots.randrange(companies) if lots.in_hundred(4) else None
    if company is not None:
        values["employer"] = company_name(company)
    verified = since + timedelta(days=lots.randrange((today - since).days + 1)) if lots.in_hundred(70) else None
    return Drawn(values=values, source=_SOURCE_OF[acquired], collected_on=since, verified_on=verified)


def _identity(lots: Lots, today: date) -> dict[str, CleanValue]:
    woman = lots.in_hundred(56)
    born = today - timedelta(days=lots.randrange(18 * 366, 92 * 365))
    return {
        "civility": "unstated" if lots.in_hundred(2) else "madame" if woman else "monsieur",
        "family_name": lots.choice(words.FAMILY_NAMES),
        "given_name": lots.choice(words.WOMEN if woman else words.MEN),
        "birth_date": born.isoformat() if lots.in_hundred(80) else None,
    }


def _address(lots: Lots) -> dict[str, CleanValue]:
    postcode, city, _ = lots.choices(words.TOWNS, weights=_WEIGHTED_TOWNS)[0]
    number = lots.randrange(1, 160)
    suffix = " bis" if lots.in_hundred(6) else ""
    return {
        "address_line": f"{number}{suffix} {lots.choice(words.STREETS)}",
        "postcode": postcode,
        "city": city,
        "country": "FR",
    }


def _preferences(lots: Lots) -> dict[str, CleanValue]:
    if lots.in_hundred(40):
        return {}
    return {
        "language": lots.choices(("fr", "en", "de", "es", "it"), weights=(94, 3, 1, 1, 1))[0],
        "preferred_channel": lots.choices(("email", "sms", "telephone", "post"), weights=(60, 20, 12, 8))[0],
        "interests": ", ".join(lots.sample(words.INTERESTS, lots.randrange(1, 4))),
    }


def company_name(index: int) -> str:
    """Return the name of the company with this place."""
    first = words.COMPANY_FIRST[index % len(words.COMPANY_FIRST)]
    second = words.COMPANY_SECOND[index // len(words.COMPANY_FIRST) % len(words.COMPANY_SECOND)]
    return f"{first} {second}"


def company_siret(index: int) -> str:
    """Return the SIRET of the company with this place."""
    return numbers.siret(numbers.siren(index + 1))


def draw_companies(seed: str, today: date, count: int) -> Iterator[Drawn]:
    """Yield so many companies; they speak of nobody."""
    lots = Lots.of(seed, "companies")
    forms = tuple(weight for _, _, weight in words.LEGAL_FORMS)
    for index in range(count):
        form, capital, _ = lots.choices(words.LEGAL_FORMS, weights=forms)[0]
        verified = today - timedelta(days=lots.randrange(700))
        siret = company_siret(index)
        yield Drawn(
            values={
                "name": company_name(index),
                "siret": siret,
                "siren": siret[:9],
                "ape": lots.choice(words.ACTIVITIES),
                "legal_form": form,
                "capital_cents": capital * lots.randrange(1, 9) * 100,
                "workforce": int(lots.paretovariate(1.1)) + lots.randrange(6),
                "founded_year": today.year - 1 - lots.randrange(60),
                "status": lots.choices(("customer", "prospect", "former"), weights=(60, 32, 8))[0],
                **_address(lots),
                "website": f"https://{_label(company_name(index))}.example/",
                "source": PUBLIC_REGISTER,
                "verified_on": verified.isoformat(),
            },
        )


def draw_contacts(seed: str, today: date, companies: int) -> Iterator[tuple[int, Drawn]]:
    """Yield one to three people in each company, with the company's place."""
    lots = Lots.of(seed, "contacts")
    number = 0
    for index in range(companies):
        for _ in range(lots.choices((1, 2, 3), weights=(55, 33, 12))[0]):
            number += 1
            yield index, _contact(lots, today, number, index)


def _contact(lots: Lots, today: date, number: int, company: int) -> Drawn:
    function, department, role = lots.choice(words.FUNCTIONS)
    woman = lots.in_hundred(50)
    met = today - timedelta(days=lots.randrange(1500))
    return Drawn(
        values={
            "role": role,
            "civility": "madame" if woman else "monsieur",
            "family_name": lots.choice(words.FAMILY_NAMES),
            "given_name": lots.choice(words.WOMEN if woman else words.MEN),
            "email": f"contact-{number}@{_label(company_name(company))}.example",
            "phone": numbers.landline(5000 + number, "75001") if lots.in_hundred(80) else None,
            "mobile": numbers.mobile(5000 + number) if lots.in_hundred(40) else None,
            "function": function,
            "department": department,
        },
        source=FAIR if lots.in_hundred(30) else TELEPHONE,
        collected_on=met,
        verified_on=met + timedelta(days=lots.randrange((today - met).days + 1)),
    )


def _label(name: str) -> str:
    plain = "".join(character if character.isalnum() else "-" for character in unidecode(name).lower())
    return "-".join(part for part in plain.split("-") if part)
