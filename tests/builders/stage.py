"""A site on which something stands on every page: work in hand, matters that wait, things that went wrong."""

import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from governance.actor import SYSTEM, Actor, Role
from governance.customers.reference import reference_map
from governance.customers.tables import TABLES
from governance.customers.uploads import service as uploads
from governance.customers.uploads import working
from governance.customers.uploads.service import NewUpload, UploadDesk
from governance.customers.uploads.store import UploadStore
from governance.customers.uploads.values import Settings
from governance.datamap.catalogue import load_catalogue
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import put_on_file
from governance.identity.factors.models import TotpFactor
from governance.identity.service import NewAccount, add_account
from governance.identity.service.links import link_password
from governance.jobs.worker import Worker
from governance.policies.models import AccessRequest, Grant
from governance.wiring import Wired
from governance.work import worker_of
from register.models import Party
from tests.builders.customers import HEADER, a_person, csv_text
from tests.builders.music_shop import sqlite_shop
from tests.builders.oversight import acting, hire, program, read, refuse
from tests.builders.serving import serving
from tests.builders.site import Site
from tests.demonstration import Home, copied

PEOPLE = NewUpload(table="customers", purpose="customer-relationship")
COLUMNS = Settings(
    columns=dict(
        enumerate(("number", "civility", "family_name", "given_name", "email", "mobile", "postcode", "city"), 1)
    ),
    source="Foire de Lyon, novembre 2026",
)
# Two of them stand in the file as nobody can read them: without an address, and under a title of their own.
VISITORS: Final[Sequence[tuple[str, ...]]] = (
    ("F-0001", "Mme", "Aubry", "Capucine", "c.aubry@person.example", "06 39 98 41 01", "38000", "Grenoble"),
    ("F-0002", "M.", "Besson", "Théodore", "theo.besson@person.example", "06 39 98 41 02", "69007", "Lyon"),
    ("F-0003", "Mme", "Carlier", "Ninon", "pas d’adresse", "06 39 98 41 03", "69100", "Villeurbanne"),
    ("F-0004", "Maître", "Delmas", "Apolline", "a.delmas@person.example", "06 39 98 41 04", "01000", "Bourg-en-Bresse"),
    ("F-0005", "M.", "Évrard", "Ulysse", "u.evrard@person.example", "", "42000", "Saint-Étienne"),
    ("F-0006", "Mme", "Faivre", "Suzanne", "s.faivre@person.example", "06 39 98 41 06", "26000", "Valence"),
)


@dataclass(frozen=True)
class Stage:
    """The site, and what the addresses of its pages name.

    Attributes:
        site: The site.
        names: What stands in the places of an address: the number of an entry, the identifier of a customer.
    """

    site: Site
    names: Mapping[str, object]


@contextmanager
def staged(demonstration: Home, browser: Browser, folder: Path) -> Iterator[Stage]:
    """Serve a copy of the demonstration on which every page has something to show."""
    home = copied(demonstration, folder / "home")
    with serving(home, browser, sources={"shop": sqlite_shop(folder)}) as site:
        site.signed_in(Role.ACCOUNTING, second_factor=True).context.close()
        yield Stage(site, {**_people(site.wired), **_records(site.wired), **_files(site.wired), **_matters(site)})


def _people(wired: Wired) -> dict[str, object]:
    assignment = hire(wired, "camille@demo.example")
    with wired.write() as session:
        new = add_account(session, wired.clock, wired.ids, SYSTEM, NewAccount(email="nadia@demo.example"))
        link = link_password(session, wired.clock, wired.ids, acting(wired, Role.CONTROLLER), new)
        factor = session.scalars(select(TotpFactor.id)).one()
    return {"account": new.id, "link": link.secret, "factor": factor, "assignment": assignment}


def _matters(site: Site) -> dict[str, object]:
    wired = site.wired
    token = program(wired, "Caisse 7")
    refuse(wired, Role.SALES, 4)
    read(wired, Role.SUPPORT, 260)
    with wired.read() as session:
        catalogue = load_catalogue(session, wired.attestor, reference_map())
        request = session.scalars(select(AccessRequest.id).where(AccessRequest.purpose_id.is_not(None))).first()
        grant = session.scalars(select(Grant.id)).first()
        party = session.scalars(select(Party.id)).first()
    with wired.write() as session:
        put_on_file(session, wired.clock, SYSTEM, look_at(wired.sources, "shop", catalogue))
    wired.signer.checkpoint()
    return {
        "token": token,
        "request": request,
        "grant": grant,
        "party": party,
        "holder": acting(wired, Role.SUPPORT).id,
        "accounting": acting(wired, Role.ACCOUNTING).id,
    }


def _records(wired: Wired) -> dict[str, object]:
    """Find somebody who has ordered, has called, and owns something; and a company with somebody to speak with."""
    customers, orders, exchanges = TABLES["customers"].c, TABLES["orders"].c, TABLES["exchanges"].c
    companies, contacts = TABLES["companies"].c, TABLES["contacts"].c
    with wired.read() as session:
        found: Any = session.execute(
            select(customers.id, orders.id, exchanges.id)
            .join(TABLES["orders"], orders.buyer_subject_id == customers.person_subject_id)
            .join(TABLES["exchanges"], exchanges.person_subject_id == customers.person_subject_id)
            .order_by(customers.id, orders.id, exchanges.id)
        ).first()
        there: Any = session.execute(
            select(companies.id, contacts.id)
            .join(TABLES["contacts"], contacts.company == companies.id)
            .order_by(companies.id, contacts.id)
        ).first()
    return {
        "customer": found[0], "order": found[1], "exchange": found[2], "company": there[0], "contact": there[1]
    }  # fmt: skip


def _files(wired: Wired) -> dict[str, object]:
    desk = UploadDesk(wired, UploadStore(wired.settings.home, wired.keyring))
    sales = acting(wired, Role.SALES)
    imported = _bring(desk, sales, [*_many(8, first=7000), *VISITORS[2:4]])
    uploads.start(desk, sales, imported)
    worker = worker_of(wired)
    while worker.run_once():
        pass
    stopped = _bring(desk, sales, _many(400, first=8000))
    uploads.start(desk, sales, stopped)
    _begin(worker)
    uploads.stop(desk, sales, stopped)
    return {
        "waiting_file": _bring(desk, sales, VISITORS),
        "stopped_file": stopped,
        "imported_file": imported,
        "import": uploads.show(desk, sales, imported).import_id,
    }


def _many(count: int, first: int) -> list[tuple[str, ...]]:
    return [(*a_person(number)[:6], "97400", "Saint-Denis") for number in range(first, first + count)]


def _bring(desk: UploadDesk, actor: Actor, people: Sequence[tuple[str, ...]]) -> uuid.UUID:
    content = csv_text(people, header=HEADER).encode()
    upload = uploads.receive(desk, actor, PEOPLE, io.BytesIO(content))
    uploads.describe(desk, actor, upload, COLUMNS)
    return upload


def _begin(worker: Worker) -> None:
    """Let the worker take one step, which ends after the first rows as it does with large files."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(working, "_SECONDS", 0.0)
        changed.setattr(working, "_OF_OPENING", 0.0)
        worker.run_once()
