"""An import whose account was altered outside Égide is written anew, as the log has it: it is over, whatever it says.

By this account customers are deleted in an undo, and written to in a first message. Where it came from in words is the
one thing that the log does not hold, and a person gives it (docs/adr/0089). One that had not finished is over with the
rows that it wrote; its file may be brought in again, for then it counts as another one.
"""

import hashlib
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.search import Filters, FoundEntry, search
from audit.transaction import record
from governance.actor import Actor
from governance.customers.errors import ImportNotFoundError, ImportWholeError
from governance.customers.importing.imported import ImportedRows
from governance.customers.importing.models import ImportRun, ImportState
from governance.customers.importing.whole import altered_imports
from governance.vault.attested import table_of
from register.service import Desk, count_people
from register.service.notices.points import check_keeps_notices

_ENTRIES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedImport:
    """What the log says of an import.

    Attributes:
        state: How it is written anew: finished, being undone, or undone.
        finished: Whether the log says that it had finished, or was undone; else it is over with what it wrote.
        digest: SHA-256 of its file.
        point: The slug of the collection point through which its people came; empty where they gave their data.
        accepted, refused, duplicates, unsolicited: Rows; zero where the log does not say.
    """

    id: uuid.UUID
    table: str
    purpose: str
    actor_id: uuid.UUID | None
    begun_at: datetime
    digest: bytes
    point: str
    state: ImportState
    finished: bool
    accepted: int = 0
    refused: int = 0
    duplicates: int = 0
    unsolicited: int = 0


def logged_import(session: Session, import_id: uuid.UUID) -> LoggedImport:
    """Return what the log says of an import.

    Raises:
        ImportNotFoundError: If it says nothing.
    """
    found = search(session, Filters(action=Action.IMPORT, object_id=str(import_id)), limit=_ENTRIES)
    by_verb = {entry.said["details"].get("verb"): entry for entry in found}
    if "begin" not in by_verb:
        raise ImportNotFoundError(reference=str(import_id))
    begun = by_verb["begin"].said
    counts = _details(by_verb.get("finish"))
    actor = begun["actor"].get("id")
    return LoggedImport(
        id=import_id,
        table=begun["object"]["type"],
        purpose=begun["purpose"],
        actor_id=None if actor is None else uuid.UUID(actor),
        begun_at=datetime.fromisoformat(begun["at"]),
        digest=bytes.fromhex(begun["details"]["digest"]),
        point=begun["details"].get("point", ""),
        state=_state(by_verb.keys()),
        finished=bool(by_verb.keys() & {"finish", "undone"}),
        accepted=counts.get("accepted", 0),
        refused=counts.get("refused", 0),
        duplicates=counts.get("duplicates", 0),
        unsolicited=counts.get("unsolicited", 0),
    )


def write_anew(session: Session, desk: Desk, actor: Actor, target: tuple[uuid.UUID, str]) -> LoggedImport:
    """Write the account of an import anew, as the log has it.

    Args:
        session: A writing transaction.
        desk: What it takes.
        actor: Who; a person who keeps notices.
        target: Which import, and where its data came from, in words.

    Raises:
        PersonRequiredError, DraftingNotAllowedError: If it is for somebody else.
        ImportNotFoundError: If there is no such import, or the log says nothing of it.
        ImportWholeError: If it was not altered.
        AttestationError: If the task of telling its people was altered, too: it is asked anew first.
    """
    (import_id, source) = target
    check_keeps_notices(actor)
    if session.scalar(select(func.count()).where(ImportRun.id == import_id)) == 0:
        raise ImportNotFoundError(reference=str(import_id))
    if not altered_imports(session, desk.attestor, ImportRun.id == import_id):
        raise ImportWholeError(reference=str(import_id))
    logged = logged_import(session, import_id)
    accepted = logged.accepted
    if not logged.finished:
        rows = ImportedRows(desk.attestor, import_id)
        accepted = sum(1 for row in rows.all(session) if rows.is_whole(row))
    table = table_of(ImportRun)
    # Past the session, which could not even load what stands there; signed below.
    session.connection().execute(
        update(table)
        .where(table.c.id == import_id)
        .values(
            table_name=logged.table,
            file_digest=_digest(session, logged),
            plan_digest=_own(import_id),
            state=logged.state,
            purpose=logged.purpose,
            actor_id=logged.actor_id,
            source=source,
            point=logged.point,
            last_row=accepted + logged.refused,
            row_count=accepted + logged.refused,
            accepted=accepted,
            refused=logged.refused,
            duplicates=logged.duplicates,
            unsolicited=logged.unsolicited,
            begun_at=logged.begun_at,
            changed_at=desk.clock.now(),
        )
    )
    run = session.get_one(ImportRun, import_id, populate_existing=True)
    desk.attestor.sign_anew(run)
    session.flush()
    _record(session, actor, run)
    if logged.state is ImportState.FINISHED and not logged.finished:
        count_people(session, desk, actor, import_id, accepted)
    return logged


def _state(verbs: Collection[str]) -> ImportState:
    if "undone" in verbs:
        return ImportState.UNDONE
    return ImportState.UNDOING if "undo" in verbs else ImportState.FINISHED


def _details(entry: FoundEntry | None) -> Mapping[str, Any]:
    details: Mapping[str, Any] = {} if entry is None else entry.said["details"]
    return details


def _digest(session: Session, logged: LoggedImport) -> bytes:
    """Return what the file is known by from now on: its own digest, unless it may come, or has come, once more."""
    over = logged.state is ImportState.FINISHED and not logged.finished
    come = select(func.count()).where(
        ImportRun.id != logged.id,
        ImportRun.table_name == logged.table,
        ImportRun.file_digest == logged.digest,
        ImportRun.state != ImportState.UNDONE,
    )
    return _own(logged.id) if over or session.scalar(come) else logged.digest


def _own(import_id: uuid.UUID) -> bytes:
    return hashlib.sha256(import_id.bytes).digest()


def _record(session: Session, actor: Actor, run: ImportRun) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.IMPORT,
            actor=actor,
            object_type=run.table_name,
            object_id=str(run.id),
            purpose=run.purpose,
            details={"verb": "anew", "accepted": run.accepted, "refused": run.refused},
        ),
    )
