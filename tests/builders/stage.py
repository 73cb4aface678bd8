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
from sqlalchemy.orm import Session

from consent.models import Consent
from consent.preferences.links import PreferenceLink, seal_link
from consent.states import ConsentState
from governance.actor import SYSTEM, Actor, Role
from governance.campaigns.sending.service import write_campaign
from governance.customers.demo.company import FAIR
from governance.customers.demo.signing import FORM
from governance.customers.reference import reference_map
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.models import SignUp
from governance.customers.signing_up.service.asking import sign_up
from governance.customers.signing_up.service.forms import form_shown_to_people
from governance.customers.signing_up.values import Said, SignUpRequest
from governance.customers.tables import TABLES
from governance.customers.uploads import service as uploads
from governance.customers.uploads import working
from governance.customers.uploads.service import NewUpload, UploadDesk
from governance.customers.uploads.store import UploadStore
from governance.customers.uploads.values import Settings
from governance.datamap.catalogue import load_catalogue
from governance.datamap.drafting.looking import look_at
from governance.datamap.drafting.service import put_on_file
from governance.identity.bearer import hash_secret, new_secret
from governance.identity.factors.models import TotpFactor
from governance.identity.service import NewAccount, add_account
from governance.identity.service.links import link_password
from governance.jobs.worker import Worker
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.report import drift_report
from governance.oversight.values import About, Thing
from governance.policies.models import AccessRequest, Grant
from governance.vault.sealed_values import SealedValues
from governance.wiring import Wired
from governance.work import worker_of
from register.catalogue.models import Adequacy, Measure
from register.exchange import waiting
from register.exchange.cnil.writing import write_simplified
from register.exchange.desk import ExchangeDesk
from register.lines.contents import PartyLine, TransferLine
from register.lines.values import Relation, Safeguard, Subject
from register.models import Party
from register.notices.models import InformationTask
from register.questionnaires.sealing import AnswerSeal
from register.questionnaires.service import AnswerDesk, Ask, ask, save_answers, send_answers
from register.questionnaires.values import Answers, Kind
from register.service import ContractTerms, Desk, PutLine, add_contract, get_activity, put_line
from tests.builders.campaigns import a_campaign
from tests.builders.customers import HEADER, a_person, csv_text
from tests.builders.inspection import an_inspection
from tests.builders.music_shop import sqlite_shop
from tests.builders.oversight import acting, hire, program, read, refuse
from tests.builders.plan import given_action, put_on_shelf, whole_file
from tests.builders.serving import serving
from tests.builders.site import Site
from tests.builders.tables import OURS, a_csv
from tests.builders.written import a_written_activity
from tests.demonstration import Home, copied

PEOPLE = NewUpload(table="customers", purpose="customer-relationship")
COLUMNS = Settings(
    columns=dict(
        enumerate(("number", "civility", "family_name", "given_name", "email", "mobile", "postcode", "city"), 1)
    ),
    source="Foire de Lyon, novembre 2026",
    point=FAIR,
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
        _register_waits(site.wired)
        parts = (
            _people(site.wired),
            _choices(site.wired),
            _signing_up(site.wired),
            _campaigning(site.wired),
            _records(site.wired),
            _files(site.wired),
            _matters(site),
            _file_of(site),
        )
        yield Stage(site, {name: value for part in parts for name, value in part.items()})


def _people(wired: Wired) -> dict[str, object]:
    assignment = hire(wired, "camille@demo.example")
    with wired.write() as session:
        new = add_account(session, wired.clock, wired.ids, SYSTEM, NewAccount(email="nadia@demo.example"))
        link = link_password(session, wired.clock, wired.ids, acting(wired, Role.CONTROLLER), new)
        factor = session.scalars(select(TotpFactor.id)).one()
    return {"account": new.id, "link": link.secret, "factor": factor, "assignment": assignment}


def _choices(wired: Wired) -> dict[str, object]:
    """Return two links to somebody's choices: one alone, and one of a message that they agreed to."""
    seal, clock = SealedValues(wired.keyring), wired.clock
    with wired.read() as session:
        given = select(Consent).where(Consent.state == ConsentState.GIVEN.code, Consent.holds_until.is_not(None))
        held = session.scalars(given.order_by(Consent.holds_until.desc())).first()
        assert held is not None
        link = PreferenceLink(subject_id=held.subject_id, purpose_id=held.purpose_id, channel=held.channel)
    return {
        "preferences": seal_link(seal, clock, PreferenceLink(subject_id=link.subject_id)),
        "unsubscribing": seal_link(seal, clock, link),
    }


def _signing_up(wired: Wired) -> dict[str, object]:
    """Let somebody have sent the form of the house, and return the secret of their letter."""
    desk = SignUpDesk(wired.clock, wired.ids, wired.attestor, wired.keyring)
    request = SignUpRequest(
        email="somebody@demo.example", family_name="Roux", answers={"email-marketing": Said.YES}, language="fr"
    )
    secret = new_secret()
    with wired.write() as session:
        sign_up(session, desk, SYSTEM, form_shown_to_people(session, desk, FORM), request)
        session.scalars(select(SignUp)).one().link_hash = hash_secret(secret)
    return {"form": FORM, "joining": secret}


def _campaigning(wired: Wired) -> dict[str, object]:
    """Write a campaign, which nobody launches here."""
    with wired.write() as session:
        desk = Desk(wired.clock, wired.ids, wired.attestor)
        campaign = write_campaign(session, desk, acting(wired, Role.MARKETING), a_campaign())
        return {"campaign": campaign.id}


def _register_waits(wired: Wired) -> None:
    """Let registers wait to be imported: an activity that is new and one whose name is taken; and a table."""
    new = a_written_activity("press-office", name_fr="Relations presse", name_en="Press office")
    file = io.BytesIO()
    write_simplified(file, (new, a_written_activity()))
    file.seek(0)
    desk = ExchangeDesk(
        database=wired.database,
        writing=Desk(wired.clock, wired.ids, wired.attestor),
        sealed=SealedValues(wired.keyring),
    )
    waiting.bring(desk, acting(wired, Role.DPO), "registre.ods", file)
    # Another's, of which somebody has to say what its columns are.
    waiting.bring(desk, acting(wired, Role.OWNER), "traitements.csv", io.BytesIO(a_csv(OURS)))


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
        measure = session.scalars(select(Measure.id)).first()
        adequacy = session.scalars(select(Adequacy.id)).first()
        task = session.scalars(select(InformationTask.id)).first()
        version = get_activity(session, "customer-management").revision
    with wired.write() as session:
        put_on_file(session, wired.clock, SYSTEM, look_at(wired.sources, "shop", catalogue))
        party_line, contract = _lines(session, wired, party)
        questionnaire, answering = _asked(session, wired)
    wired.signer.checkpoint()
    return {
        "finding": _finding(wired),
        "party_line": party_line,
        "questionnaire": questionnaire,
        "answering": answering,
        "contract": contract,
        "measure": measure,
        "adequacy": adequacy,
        "task": task,
        "version": version,
        "token": token,
        "request": request,
        "grant": grant,
        "party": party,
        "holder": acting(wired, Role.SUPPORT).id,
        "accounting": acting(wired, Role.ACCOUNTING).id,
    }


def _finding(wired: Wired) -> str:
    """Find something that differs between the register and practice."""
    snapshot = wired.gate.snapshot()
    with wired.read() as session:
        ground = Ground(session=session, attestor=wired.attestor, snapshot=snapshot, now=wired.clock.now())
        return drift_report(ground).open[0].id


def _file_of(site: Site) -> dict[str, object]:
    """Have the officer keep a plan and a file of evidence."""
    wired = site.wired
    action = given_action(wired, about=Thing(About.ACTIVITY, "loyalty"), due_in=-4, title="Signer le contrat")
    return {
        "action": action,
        "document": put_on_shelf(wired, Thing(About.ACTION, str(action)), title="Procès-verbal"),
        "inspection": an_inspection(wired),
        **whole_file(wired),
    }


def _lines(session: Session, wired: Wired, party: uuid.UUID | None) -> tuple[uuid.UUID, uuid.UUID]:
    """Have the owner say who takes part in the activity that is being written, and under which contract."""
    assert party is not None
    desk, owner = Desk(wired.clock, wired.ids, wired.attestor), acting(wired, Role.OWNER)
    line = PartyLine(party_id=party, relation=Relation.PROCESSOR, part="Imprime les cartes.")
    command = PutLine(activity="loyalty", subject=Subject.PARTIES, line=line)
    abroad = TransferLine(country="US", recipient="Assistance", safeguard=Safeguard.STANDARD_CLAUSES)
    put_line(session, desk, owner, PutLine(activity="loyalty", subject=Subject.TRANSFERS, line=abroad))
    contract = add_contract(session, desk, owner, ContractTerms(party_id=party, label="Cartes"))
    return put_line(session, desk, owner, command)[-1].id, contract.id


def _asked(session: Session, wired: Wired) -> tuple[uuid.UUID, str | None]:
    """Have a colleague asked who has answered, and another one who has begun to."""
    desk, owner, seal = (
        Desk(wired.clock, wired.ids, wired.attestor),
        acting(wired, Role.OWNER),
        AnswerSeal(wired.keyring),
    )
    answering = AnswerDesk(clock=wired.clock, attestor=wired.attestor, seal=seal)
    command = Ask(activity="loyalty", kind=Kind.PRACTICE, whom="La caisse du magasin")
    asked, begun = (ask(session, desk, seal, owner, command) for _ in range(2))
    said: Answers = {
        "data": "Nom, adresse et points de fidélité.",
        "people": [{"kind": "customer", "estimate": 1200}],
        "kept": "Jamais supprimés.",
        "applications": ["Caisse", "Tableur des points"],
    }
    for each in (asked, begun):
        save_answers(session, answering, str(each.secret), said)
    send_answers(session, answering, str(asked.secret))
    return asked.questionnaire.id, begun.secret


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
