"""A log with a fictional key and anchor, and facts to put in it."""

from dataclasses import dataclass
from pathlib import Path

from audit.anchor import Anchor, create
from audit.checkpoints import Checkpoint
from audit.entries import Action, Fact, JsonValue, Retention
from audit.live import LiveCheck, verify_live
from audit.log import Log
from audit.notes import VerifierKey
from audit.signer import Signer
from audit.verify import Report
from governance.actor import SYSTEM, Role
from governance.clock import Clock
from governance.database import Database
from governance.ids import IdSource
from tests.builders.ground import an_actor

LEAF_KEY = bytes(range(32))
ORIGIN = "demo.example/log"


def a_log(database: Database, clock: Clock, ids: IdSource) -> Log:
    """Return a log on the database, attached to its sessions. The caller closes it."""
    log = Log(database, clock, ids, LEAF_KEY)
    log.attach(database.sessions)
    return log


def a_fact(number: int = 0, **details: JsonValue) -> Fact:
    """Return the fact that somebody of the support read a customer."""
    return Fact(
        retention=Retention.ACCESS,
        action=Action.READ,
        actor=an_actor(Role.SUPPORT),
        object_type="customers",
        object_id=f"row-{number}",
        purpose="after-sales",
        subjects=(number,),
        details={"fields": ["email"], "number": number, **details},
    )


def a_purge(**details: JsonValue) -> Fact:
    """Return the fact that the house deleted entries, whether or not it did."""
    return Fact(
        retention=Retention.EVIDENCE, action=Action.PURGE, actor=SYSTEM, object_type="audit-entries", details=details
    )


@dataclass(frozen=True)
class AnchoredLog:
    """A log with its anchor and its signer."""

    database: Database
    log: Log
    signer: Signer
    folder: Path

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.folder)

    @property
    def verifier(self) -> VerifierKey:
        return self.anchor.verifier

    def grow(self, count: int, start: int = 0) -> None:
        """Append so many facts."""
        self.log.append_many([a_fact(start + number) for number in range(count)])

    def checkpoint(self) -> Checkpoint:
        return self.signer.checkpoint()

    def verify(self, against: str | None = None) -> Report:
        return verify_live(LiveCheck(database=self.database, anchor=self.folder, leaf_key=LEAF_KEY, against=against))


def an_anchored_log(database: Database, clock: Clock, ids: IdSource, folder: Path) -> AnchoredLog:
    """Return a log with a new anchor in the folder. The caller closes `log`."""
    create(folder, ORIGIN)
    return AnchoredLog(
        database=database,
        log=a_log(database, clock, ids),
        signer=Signer(database, clock, folder, LEAF_KEY),
        folder=folder,
    )
