"""The web application: blueprints, the edge and the table of problems, around a house that `wiring` built."""

import os
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.live import LiveCheck
from audit.log import Log
from audit.names import ActorNames, ObjectPages, PurposeNames
from audit.signer import Signer
from consent.identifiers import Identifiers
from governance.actor import Actor
from governance.customers.informing.messages import MessageDesk
from governance.customers.labels import field_label
from governance.customers.pages.opening import check_opening
from governance.customers.reference import reference_map
from governance.customers.uploads.service import UploadDesk
from governance.customers.uploads.store import UploadStore
from governance.datamap.desk import MapDesk
from governance.gate.gate import Gate
from governance.gate.openings import Openings
from governance.gate.reach import measure_by
from governance.gate.who_reads import who_reads_by
from governance.gate.writer import Writer
from governance.identity.doorkeeper import Doorkeeper
from governance.identity.factors.ceremony import RelyingParty
from governance.identity.openid_door import DoorParts, OpenIdDoor
from governance.identity.second_door import SecondDoor, SecondDoorParts
from governance.identity.service import everybody, names_of_actors
from governance.identity.views.pages import problem_page
from governance.oversight.drift.enforcement import enforcements_by
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.inspection.service import InspectionDesk
from governance.oversight.objects import page_of_object
from governance.oversight.pages.beside import beside
from governance.policies.counting import count_grants
from governance.policies.reach import Reach
from governance.problems import PROBLEMS, problem_of
from governance.rest import LIBRARY_ACCESS, register_api
from governance.settings import Settings
from governance.site import register_pages
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.vault.sealed_values import SealedValues
from governance.web.edge import Behind, EdgeSettings, install, new_app
from governance.web.problem_kinds import problem_book
from governance.web.problem_pages import ProblemBook
from governance.wiring import LEAF_SECRET, Wired
from register.enforcement import Enforcements
from register.models import Purpose
from register.pages.beside import Beside
from register.printing.service import PrintDesk
from register.questionnaires.sealing import AnswerSeal
from register.stopping import GrantsHeld

_SECRET_FILE: Final = "secret.key"  # noqa: S105 -- the name of a file
_SECRET_BYTES: Final = 32


def create_app(wired: Wired) -> Flask:
    """Put the web in front of a house."""
    app = new_app()
    doorkeeper = Doorkeeper(
        database=wired.database,
        clock=wired.clock,
        ids=wired.ids,
        attestor=wired.attestor,
        log=wired.log,
        hasher=wired.passwords,
    )
    settings = EdgeSettings(
        base_url=wired.settings.base_url,
        secret_key=secret_key(wired.settings),
        locale=wired.settings.locale,
        demonstration=wired.demonstration,
        proxies=wired.settings.proxies,
    )
    behind = Behind(
        database=wired.database,
        clock=wired.clock,
        ids=wired.ids,
        doorkeeper=doorkeeper,
        services=_services(wired, doorkeeper),
        problem_of=problem_of,
        refused=RefusalRecorder(wired.log),
        problem_page=problem_page,
        library=LIBRARY_ACCESS,
    )
    install(app, settings, behind)
    register_api(app)
    register_pages(app)
    return app


def _services(wired: Wired, doorkeeper: Doorkeeper) -> Mapping[type, object]:
    """Return what views reach by its type."""
    return {
        AnswerSeal: AnswerSeal(wired.keyring),
        Attestor: wired.attestor,
        Beside: Beside(beside),
        Doorkeeper: doorkeeper,
        SecondDoor: second_door(wired),
        Enforcements: enforcements_by(wired.attestor, reference_map()),
        Gate: wired.gate,
        Identifiers: wired.consents.identifiers,
        Keyring: wired.keyring,
        Log: wired.log,
        Signer: wired.signer,
        LiveCheck: LiveCheck(
            database=wired.database, anchor=wired.settings.anchor, leaf_key=wired.keyring.secret(LEAF_SECRET)
        ),
        ActorNames: ActorNames(names_of_actors, everybody),
        Openings: Openings(check_opening),
        PurposeNames: PurposeNames(names_of_purposes),
        ObjectPages: ObjectPages(page_of_object),
        GrantsHeld: GrantsHeld(count_grants),
        MapDesk: MapDesk(
            base=reference_map(),
            sources=wired.sources,
            who_reads=who_reads_by(wired.attestor),
            titles=field_label,
        ),
        ProblemBook: problem_book(PROBLEMS),
        Reach: Reach(measure_by(wired.gate.snapshot)),
        SealedValues: SealedValues(wired.keyring),
        Settings: wired.settings,
        **_files(wired),
        Writer: wired.writer,
        **_openid_door(wired),
    }


def second_door(wired: Wired) -> SecondDoor:
    """Return what asks for second factors, at the address at which people reach the service."""
    return SecondDoor(
        SecondDoorParts(
            database=wired.database,
            clock=wired.clock,
            ids=wired.ids,
            attestor=wired.attestor,
            log=wired.log,
            hasher=wired.passwords,
            seal=SealedValues(wired.keyring),
            party=RelyingParty.at(wired.settings.base_url),
        )
    )


def _files(wired: Wired) -> Mapping[type, object]:
    """Return what keeps files: those brought in, and those made."""
    return {
        EvidenceDesk: EvidenceDesk.of(wired),
        InspectionDesk: wired.inspections,
        PrintDesk: wired.prints,
        MessageDesk: MessageDesk(wired),
        UploadDesk: UploadDesk(wired, UploadStore(wired.settings.home, wired.keyring)),
    }


def _openid_door(wired: Wired) -> Mapping[type, object]:
    """Return the door of the company's own provider, where the settings name one."""
    provider = wired.settings.openid
    if provider is None:
        return {}
    parts = DoorParts(
        database=wired.database,
        clock=wired.clock,
        ids=wired.ids,
        attestor=wired.attestor,
        log=wired.log,
        settings=provider,
        return_address=f"{wired.settings.base_url}/sign-in/openid/return",
    )
    return {OpenIdDoor: OpenIdDoor(parts)}


def names_of_purposes(session: Session) -> Mapping[str, tuple[str, str]]:
    """Return what the register calls each purpose, by slug: in French and in English."""
    purposes = session.execute(select(Purpose.slug, Purpose.label_fr, Purpose.label_en).order_by(Purpose.slug))
    return {row.slug: (row.label_fr, row.label_en) for row in purposes}


def secret_key(settings: Settings) -> str:
    """Return the secret that signs cookies: the setting, or one made once and kept in the home (0600)."""
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.home / _SECRET_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written_secret(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        made = secrets.token_hex(_SECRET_BYTES)
        file.write(made)
    return made


def _written_secret(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()


class RefusalRecorder:
    """Records whom access control sent away, and from where: CNIL 2021-122 asks for refusals too."""

    def __init__(self, log: Log) -> None:
        """Hold the log."""
        self._log: Final = log

    def __call__(self, actor: Actor, endpoint: str, method: str) -> None:
        """Record one refusal."""
        self._log.append(
            Fact(
                retention=Retention.SECURITY,
                action=Action.REFUSAL,
                actor=actor,
                object_type="route",
                object_id=endpoint,
                outcome=Outcome.REFUSED,
                details={"method": method, "status": int(HTTPStatus.FORBIDDEN)},
            )
        )
