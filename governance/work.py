"""What the worker does, and how often: every room's work, put together."""

import logging
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from audit.leaves import LeafKey
from audit.retention import purge
from audit.signer import Signer
from consent.expiring import Expiring
from consent.propagation.delivering import Propagation
from consent.propagation.forgetting import ForgettingChanges
from consent.propagation.sending import HttpPost
from consent.receipts.pages import draw_offstage as draw_offstage_proof
from consent.suppression.forgetting import ForgettingRefusals
from governance.actor import SYSTEM
from governance.administration.rotating import Rotating
from governance.campaigns.sending.working import CampaignHouse, Campaigning
from governance.customers.importing.forgetting import Forgetting
from governance.customers.informing.following import Following
from governance.customers.reference import reference_map
from governance.customers.signing_up.desk import SignUpDesk
from governance.customers.signing_up.working import SigningUp, SignUpHouse
from governance.customers.uploads.service import UploadDesk
from governance.customers.uploads.store import UploadStore
from governance.customers.uploads.working import UploadWork
from governance.datamap.catalogue import load_catalogue
from governance.datamap.enrolment import Enroller
from governance.datamap.enrolment_plan import Cursor
from governance.identity.postman import Postman, PostOffice
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress, Worker
from governance.oversight.drift.looking import Looking, LookingParts
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.evidence.sweeping import EvidenceSweep
from governance.oversight.inspection.pages.working import InspectionParts, InspectionWork
from governance.oversight.plan.reminders import Reminding
from governance.vault.sealed_values import SealedValues
from governance.web.offstage import Studio
from governance.wiring import LEAF_SECRET, Wired
from register.exchange.sweeping import ExchangeSweep
from register.pages.paper import draw_offstage
from register.pages.wording import FILTERS
from register.printing.working import PrintWork
from register.questionnaires.postman import QuestionnairePostman
from register.questionnaires.sealing import AnswerSeal
from register.reminding import ReviewReminders
from register.service import DraftSweep

_LOG: Final = logging.getLogger(__name__)
_SIGN_EVERY: Final = timedelta(minutes=1)
_PURGE_EVERY: Final = timedelta(hours=24)
_ENROL_EVERY: Final = timedelta(minutes=5)


def worker_of(wired: Wired) -> Worker:
    """Return a worker that knows everything there is to do."""
    office = _post_office(wired)
    return Worker(
        wired.database,
        wired.clock,
        wired.ids,
        (
            Handler(kind="log-checkpoint", step=_Signing(wired.signer), every=_SIGN_EVERY),
            Handler(kind="log-purge", step=_Purging(wired), every=_PURGE_EVERY),
            Handler(kind="enrolment", step=_Enrolling(wired), every=_ENROL_EVERY),
            wired.gate.place_keeper().handler(),
            *UploadWork(UploadDesk(wired, UploadStore(wired.settings.home, wired.keyring))).handlers(),
            Forgetting(wired).handler(),
            Following(wired).handler(),
            ForgettingRefusals(
                database=wired.database, keyring=wired.keyring, attestor=wired.attestor, clock=wired.clock
            ).handler(),
            Expiring(database=wired.database, attestor=wired.attestor, clock=wired.clock).handler(),
            *SigningUp(_sign_ups(wired)).handlers(),
            *Campaigning(_campaigns(wired)).handlers(),
            *PrintWork(
                wired, wired.prints, draw_offstage(Studio(FILTERS, demonstration=wired.demonstration))
            ).handlers(),
            *inspection_work(wired).handlers(),
            _looking(wired).handler(),
            DraftSweep(wired.database, wired.clock).handler(),
            ExchangeSweep(wired.database, wired.clock).handler(),
            Postman(office).handler(),
            ReviewReminders(office).handler(),
            *QuestionnairePostman(office, AnswerSeal(wired.keyring)).handlers(),
            EvidenceSweep(EvidenceDesk.of(wired)).handler(),
            Reminding(database=wired.database, clock=wired.clock, ids=wired.ids).handler(),
            Rotating(wired.database, wired.keyring, wired.clock).handler(),
            _propagation(wired).handler(),
            ForgettingChanges(database=wired.database, clock=wired.clock).handler(),
        ),
    )


def inspection_work(wired: Wired) -> InspectionWork:
    """Return what makes files for an inspection: the worker's, and the command's."""
    return InspectionWork(
        InspectionParts(
            read=wired.read,
            write=wired.write,
            desk=wired.inspections,
            printer=wired.printer,
            studio=Studio(FILTERS, demonstration=wired.demonstration),
            signer=wired.signer,
            snapshot=wired.gate.snapshot_anew,
            anchor=wired.settings.anchor,
            evidence=EvidenceDesk.of(wired).store,
            generator=f"egide {version('egide')}",
        )
    )


def _sign_ups(wired: Wired) -> SignUpHouse:
    return SignUpHouse(
        database=wired.database,
        desk=SignUpDesk(wired.clock, wired.ids, wired.attestor, wired.keyring),
        gate=wired.gate,
        writer=wired.writer,
        mailer=wired.mailer,
        base_url=wired.settings.base_url,
        proofs=wired.proofs,
        printer=wired.printer,
        draw=draw_offstage_proof(Studio(FILTERS, demonstration=wired.demonstration)),
    )


def _campaigns(wired: Wired) -> CampaignHouse:
    return CampaignHouse(
        database=wired.database,
        clock=wired.clock,
        ids=wired.ids,
        attestor=wired.attestor,
        gate=wired.gate,
        seal=SealedValues(wired.keyring),
        mailer=wired.mailer,
        base_url=wired.settings.base_url,
    )


def _post_office(wired: Wired) -> PostOffice:
    return PostOffice(
        database=wired.database,
        clock=wired.clock,
        ids=wired.ids,
        attestor=wired.attestor,
        mailer=wired.mailer,
        base_url=wired.settings.base_url,
    )


def _propagation(wired: Wired) -> Propagation:
    return Propagation(
        database=wired.database,
        clock=wired.clock,
        attestor=wired.attestor,
        seal=SealedValues(wired.keyring),
        post=HttpPost,
    )


def _looking(wired: Wired) -> Looking:
    return Looking(
        LookingParts(
            read=wired.read,
            write=wired.write,
            snapshot=wired.gate.snapshot_anew,
            attestor=wired.attestor,
            clock=wired.clock,
            sources=wired.sources,
        )
    )


class _Signing:
    """Publishes a checkpoint where anything was added."""

    def __init__(self, signer: Signer) -> None:
        self._signer: Final = signer

    def __call__(self, _lease: Lease) -> Progress:
        return Progress(finished=True, progress=self._signer.checkpoint().size)


class _Purging:
    """Deletes the entries whose retention has ended, so many at a time; their leaves stay."""

    def __init__(self, wired: Wired) -> None:
        self._wired: Final = wired
        self._key: Final = LeafKey(wired.keyring.secret(LEAF_SECRET))

    def __call__(self, lease: Lease) -> Progress:
        with self._wired.write() as session:
            done = purge(session, self._wired.clock, SYSTEM, self._key)
        return Progress(finished=not done.more, progress=lease.progress + done.entries)


class _Enrolling:
    """Enrols the rows of adopted tables, a batch at a time."""

    def __init__(self, wired: Wired) -> None:
        self._wired: Final = wired
        self._enroller: Final = Enroller(wired.enrolment)

    def __call__(self, lease: Lease) -> Progress:
        with self._wired.read() as session:
            catalogue = load_catalogue(session, self._wired.attestor, reference_map())
        done = self._enroller.step(catalogue, Cursor.from_json(lease.payload))
        if done.problem is not None:
            # The other tables go on; `egide map check` says the same.
            _LOG.warning("%s is not enrolled: %s", done.table, done.problem)
        seen = lease.progress + done.counts.seen
        if done.cursor is None:
            return Progress(finished=True, progress=seen)
        return Progress(finished=False, progress=seen, payload=done.cursor.to_json())
