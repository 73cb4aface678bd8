"""Undoing an import that has not finished: its rows leave, batch by batch, and an undo that was stopped goes on."""

import uuid
from typing import Final, NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.transaction import record, unrecorded
from governance.actor import Actor
from governance.customers.errors import ImportNotFoundError, ImportNotUndoableError
from governance.customers.house import House
from governance.customers.importing.imported import ImportedRows
from governance.customers.importing.models import TRANSITIONS, ImportRefusal, ImportRun, ImportState, ImportVerb
from governance.customers.importing.rights import plan_undo
from governance.customers.reference import reference_map
from governance.datamap.catalogue import Catalogue, load_catalogue
from governance.datamap.values import MappedTable
from governance.gate.bulk import BulkContext
from governance.gate.unload import unload
from register.service import forget_information

_BATCH: Final = 50


class _Undo(NamedTuple):
    """What is undone."""

    id: uuid.UUID
    table: MappedTable
    purpose: str


def undo_import(house: House, actor: Actor, import_id: uuid.UUID) -> int:
    """Take back everything that an unfinished import wrote, and return how many rows went.

    Whoever began the import may; anybody else needs a grant to delete everything that the table holds.

    Raises:
        ImportNotFoundError: If there is no such import.
        ImportNotUndoableError: If it has finished, or was undone.
        ReadRefusedError: If it is somebody else's, and the actor may not delete.
        AttestationError: If what is kept of it was altered outside Égide: nothing is deleted by it.
    """
    with house.read() as session:
        run = session.get(ImportRun, import_id)
        if run is None:
            raise ImportNotFoundError(reference=str(import_id))
        house.attestor.verify(run)
        catalogue = load_catalogue(session, house.attestor, reference_map())
        undo = _Undo(run.id, catalogue.table(run.table_name), run.purpose)
        own = actor.id is not None and actor.id == run.actor_id
    if not own:
        plan_undo(house.gate, actor, undo.purpose, undo.table.name)
    with house.write() as session:
        _turn(session, house, import_id, ImportVerb.UNDO)
        _record(session, actor, undo, {"verb": "undo"})
    gone = 0
    while (taken := _take_back(house, actor, undo, catalogue)) is not None:
        gone += taken
    with house.write() as session:
        session.execute(delete(ImportRefusal).where(ImportRefusal.import_id == import_id))
        run = _turn(session, house, import_id, ImportVerb.FORGET)
        forget_information(session, house.attestor, actor, import_id)
        details: dict[str, str | int] = {"verb": "undone", "count": gone}
        if run.accepted:
            # Somebody deleted, outside Égide, that the import wrote them: they stay, and nothing tells which they are.
            details["unknown"] = run.accepted
        _record(session, actor, undo, details, Outcome.FAILED if run.accepted else Outcome.DONE)
    return gone


def _held(session: Session, house: House, import_id: uuid.UUID) -> ImportRun:
    run = session.get_one(ImportRun, import_id, with_for_update=True)
    house.attestor.verify(run)
    return run


def _turn(session: Session, house: House, import_id: uuid.UUID, verb: ImportVerb) -> ImportRun:
    run = _held(session, house, import_id)
    target: ImportState | None = TRANSITIONS.get((run.state, verb))
    if target is None:
        raise ImportNotUndoableError(reference=str(import_id), state=run.state)
    run.state, run.changed_at = target, house.clock.now()
    session.flush()
    return run


def _take_back(house: House, actor: Actor, undo: _Undo, catalogue: Catalogue) -> int | None:
    """Take some rows back; return how many went, or None where none are left."""
    context = BulkContext(
        keyring=house.keyring,
        clock=house.clock,
        ids=house.ids,
        catalogue=catalogue,
        actor=actor,
        purpose=undo.purpose,
        action=Action.DELETE,
    )
    with house.write() as session:
        # The newest first: a batch that was being written when the import stopped was rolled back anyway.
        rows = ImportedRows(house.attestor, undo.id)
        some = rows.some(session, _BATCH, newest=True)
        if not some:
            unrecorded(session, "nothing is left to take back")
            return None
        for row in some:
            rows.check(row)
        taken = [row.row_id for row in some]
        gone = unload(session, context, undo.table, taken)
        _held(session, house, undo.id).accepted -= rows.forget(session, taken)
        session.flush()
        if not gone:
            unrecorded(session, "these rows stay, for others were built upon them")
        return gone


def _record(
    session: Session, actor: Actor, undo: _Undo, details: dict[str, str | int], outcome: Outcome = Outcome.DONE
) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.IMPORT,
            actor=actor,
            object_type=undo.table.name,
            object_id=str(undo.id),
            purpose=undo.purpose,
            outcome=outcome,
            details={**details},
        ),
    )
