"""The composition root: the only place that builds anything, and it knows no Flask.

The app, the command line, the worker and the benchmarks all start from `wire`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from audit.log import Log
from audit.signer import Signer
from consent.receipts.proving import ProofDesk
from consent.values import Desk as ConsentDesk
from governance.clock import Clock, SystemClock
from governance.customers.reference import reference_map
from governance.database import Database, UnreadableValueError
from governance.datamap.enrolment import EnrolmentHouse
from governance.datamap.sources import Sources
from governance.documents.printer import ChildPrinter, Printer
from governance.errors import phrase
from governance.gate.gate import Gate, GateParts
from governance.gate.identifiers import identifiers_by
from governance.gate.writer import Writer
from governance.gate.writing import WriterParts
from governance.identity.passwords import PasswordHasher
from governance.ids import IdSource, TimeOrderedIds
from governance.installation.errors import ForeignKeyringError, NotInitialisedError, SchemaOutdatedError
from governance.installation.models import ONLY, Installation
from governance.mail.message import Mailer
from governance.mail.smtp import SmtpMailer
from governance.migrations.revisions import current_revision, head_revision
from governance.oversight.inspection import service as inspecting
from governance.oversight.inspection.service import InspectionDesk
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.vault.keyring import Keyring, open_keyring
from governance.vault.policy_log import record_policy_epoch
from governance.vault.sealed_store import SealedStore
from register.printing import service as printing
from register.printing.service import PrintDesk

LEAF_SECRET: Final = "leaf"  # noqa: S105 -- the name of a derived secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """The house, built: what a program holds while it runs."""

    settings: Settings
    clock: Clock = field(repr=False)
    ids: IdSource = field(repr=False)
    database: Database = field(repr=False)
    keyring: Keyring = field(repr=False)
    attestor: Attestor = field(repr=False)
    log: Log = field(repr=False)
    signer: Signer = field(repr=False)
    sources: Sources = field(repr=False)
    gate: Gate = field(repr=False)
    writer: Writer = field(repr=False)
    passwords: PasswordHasher = field(repr=False)
    mailer: Mailer | None = field(repr=False)
    printer: Printer = field(repr=False)
    origin: str
    demonstration: bool

    @property
    def enrolment(self) -> EnrolmentHouse:
        """What an enrolment of adopted rows works with."""
        return EnrolmentHouse(
            database=self.database,
            sources=self.sources,
            keyring=self.keyring,
            attestor=self.attestor,
            clock=self.clock,
            ids=self.ids,
        )

    @property
    def prints(self) -> PrintDesk:
        """What putting the register on paper works with."""
        return PrintDesk(
            clock=self.clock,
            ids=self.ids,
            attestor=self.attestor,
            store=SealedStore(self.settings.home / printing.FOLDER, self.keyring, printing.JOB),
            printer=self.printer,
        )

    @property
    def inspections(self) -> InspectionDesk:
        """What making files for an inspection works with."""
        return InspectionDesk(
            clock=self.clock,
            ids=self.ids,
            attestor=self.attestor,
            store=SealedStore(self.settings.home / inspecting.FOLDER, self.keyring, inspecting.JOB),
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that changes nothing."""
        with self.database.read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that records what it changes, and commits when the block ends without an error."""
        with self.database.write() as session:
            yield session

    @property
    def consents(self) -> ConsentDesk:
        """What recording consents takes."""
        identifiers = identifiers_by(self.keyring, self.attestor, reference_map())
        return ConsentDesk(self.clock, self.attestor, self.keyring, identifiers)

    @property
    def proofs(self) -> ProofDesk:
        """What proving consents takes."""
        return ProofDesk(self.consents, self.ids, self.log, self.signer, self.settings.base_url)

    def close(self) -> None:
        """Stop the log's thread and close every connection."""
        self.log.close()
        self.gate.close()
        self.sources.close()
        self.database.close()


def wire(settings: Settings, *, clock: Clock | None = None, ids: IdSource | None = None) -> Wired:
    """Build the house that stands in the settings' home.

    Raises:
        NotInitialisedError: If nothing is installed there.
        SchemaOutdatedError: If the tables are not those of this version.
        ForeignKeyringError: If keyring and database belong to different installations.
        KeyringError: If the keyring cannot be read.
        AttestationError: If the installation's row was altered outside Égide.
        NarrowDatabaseError: If the database does not hold every letter.
        UnsafeDatabaseError: If the database may lose what it acknowledged.
    """
    clock = clock or SystemClock()
    ids = ids or TimeOrderedIds()
    database = Database(settings.database_url)
    try:
        database.check_server()
        installation = _installation(database)
        keyring = _keyring(settings, installation)
        attestor, log = attach(database, keyring, clock, ids)
        attestor.verify(installation)
    except BaseException:
        database.close()
        raise
    sources = Sources(database, settings.sources)
    gate = Gate(
        GateParts(
            database=database,
            clock=clock,
            keyring=keyring,
            attestor=attestor,
            log=log,
            sources=sources,
            base=reference_map(),
        )
    )
    writer = Writer(
        WriterParts(database=database, clock=clock, ids=ids, keyring=keyring, plan=gate.plan, snapshot=gate.snapshot)
    )
    return Wired(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        keyring=keyring,
        attestor=attestor,
        log=log,
        signer=Signer(database, clock, settings.anchor, keyring.secret(LEAF_SECRET)),
        sources=sources,
        gate=gate,
        writer=writer,
        passwords=PasswordHasher(),
        mailer=_mailer(settings, clock, ids),
        printer=ChildPrinter(),
        origin=installation.origin,
        demonstration=installation.demonstration,
    )


def attach(database: Database, keyring: Keyring, clock: Clock, ids: IdSource) -> tuple[Attestor, Log]:
    """Let a database's sessions attest what decides and record what changes.

    The attestor's hooks run first, so that the facts are the last statements of a change.
    """
    attestor = Attestor(keyring)
    log = Log(database, clock, ids, keyring.secret(LEAF_SECRET))
    attestor.attach(database.sessions, announce=record_policy_epoch)
    log.attach(database.sessions)
    return attestor, log


def _mailer(settings: Settings, clock: Clock, ids: IdSource) -> Mailer | None:
    if settings.smtp is None:
        return None
    sender = settings.smtp.sender or f"egide@{urlsplit(settings.base_url).hostname}"
    return SmtpMailer(settings.smtp, sender, clock, ids)


def _keyring(settings: Settings, installation: Installation) -> Keyring:
    keyring = open_keyring(settings.keys, settings.home)
    if keyring.installation != installation.identifier:
        raise ForeignKeyringError
    return keyring


def _installation(database: Database) -> Installation:
    address = database.engine.url
    if database.dialect == "sqlite" and address.database and not Path(address.database).exists():
        # Connecting would make an empty file.
        raise NotInitialisedError
    if not inspect(database.engine).has_table(Installation.__tablename__):
        raise NotInitialisedError
    found, expected = current_revision(database), head_revision()
    if found != expected:
        raise SchemaOutdatedError(found=str(found), expected=str(expected))
    with database.read() as session:
        try:
            installation = session.get(Installation, ONLY)
        except (LookupError, TypeError, ValueError, UnreadableValueError):
            # SQLite keeps any type in any column.
            raise AttestationError(
                kind=Installation.__tablename__, reference=phrase("with an unreadable value")
            ) from None
        session.expunge_all()
    if installation is None:
        raise NotInitialisedError
    return installation
