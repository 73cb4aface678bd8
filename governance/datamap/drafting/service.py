"""Use cases of a map on its way: put it on file, correct it, throw it away, load it.

Looking at a database takes seconds and needs no transaction (`looking.look_at`); what it found is put on file here.
Only loading changes what can be read, and that is `load_map`, as from a file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor
from governance.clock import Clock
from governance.datamap.drafting.codec import from_json, to_json
from governance.datamap.drafting.correcting import TableWords, corrected, relinked
from governance.datamap.drafting.draft import Draft
from governance.datamap.drafting.flaws import file_of, flaws_of, text_of
from governance.datamap.errors import (
    ProposalChangedError,
    ProposalFlawedError,
    ProposalNotFoundError,
    UnknownTableError,
)
from governance.datamap.models import MapProposal
from governance.datamap.opening import WhoReads
from governance.datamap.service import LoadedMap, LoadMap, load_map, nowhere
from governance.datamap.values import DataMap
from governance.ids import IdSource
from governance.vault.attest import Attestor


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectTable:
    """What a person says of one table of a map on its way.

    Attributes:
        revision: Of the proposal that they saw.
    """

    source: str
    revision: int
    table: str
    words: TableWords


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProposal:
    """A map on its way to put in force.

    Attributes:
        revision: Of the proposal that was looked at.
        base: The map that comes with the program, whose names are taken.
        who_reads: Says who would read new columns by what was granted before.
        address_of: Gives the address that the host set up for a database; None where it set up none.
    """

    source: str
    revision: int
    base: DataMap = field(repr=False)
    who_reads: WhoReads = field(repr=False)
    address_of: Callable[[str], str | None] = field(default=nowhere, repr=False)


def put_on_file(session: Session, clock: Clock, actor: Actor, draft: Draft) -> MapProposal:
    """Keep what was found in a database, in the place of what was kept before."""
    now = clock.now()
    before = session.scalar(select(MapProposal).where(MapProposal.source == draft.source).with_for_update())
    revision = 1 if before is None else before.revision + 1
    if before is not None:
        session.delete(before)
        session.flush()
    proposal = MapProposal(
        source=draft.source,
        draft=to_json(draft),
        revision=revision,
        made_by=actor.id,
        made_at=now,
        changed_at=now,
    )
    session.add(proposal)
    session.flush()
    _record(session, actor, draft.source, {"map": "proposed", "tables": [table.name for table in draft.tables]})
    return proposal


def list_proposals(session: Session) -> list[MapProposal]:
    """Return the maps on their way, in the order of their databases' names."""
    return list(session.scalars(select(MapProposal).order_by(MapProposal.source)))


def find_proposal(session: Session, attestor: Attestor, source: str) -> tuple[MapProposal, Draft]:
    """Return a map on its way.

    Raises:
        ProposalNotFoundError: If there is none of this database.
        AttestationError: If it was altered outside Égide.
    """
    found = session.get(MapProposal, source)
    if found is None:
        raise ProposalNotFoundError(source=source)
    attestor.verify(found)
    return found, from_json(found.draft)


def correct_table(
    session: Session, clock: Clock, attestor: Attestor, actor: Actor, command: CorrectTable
) -> MapProposal:
    """Write down what a person says of one table. Whether it can be loaded so, `flaws_of` says.

    Raises:
        ProposalNotFoundError: If there is no such proposal.
        ProposalChangedError: If it was changed after they saw it.
        UnknownTableError: If it has no such table.
        AttestationError: If it was altered outside Égide.
    """
    proposal, draft = _held(session, attestor, command.source, command.revision)
    table = draft.table(command.table)
    if table is None:
        raise UnknownTableError(table=command.table)
    described = corrected(table, command.words)
    changed = [
        after.field.name for before, after in zip(table.columns, described.columns, strict=True) if before != after
    ]
    proposal.draft = to_json(replace(draft, tables=relinked(draft.with_table(described).tables)))
    proposal.revision += 1
    proposal.changed_at = clock.now()
    session.flush()
    details: dict[str, JsonValue] = {"map": "corrected", "table": table.name, "fields": [*changed]}
    _record(session, actor, command.source, details)
    return proposal


def drop_proposal(session: Session, attestor: Attestor, actor: Actor, source: str) -> None:
    """Throw a map on its way away; what is in force stays.

    Raises:
        ProposalNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    proposal, _ = find_proposal(session, attestor, source)
    session.delete(proposal)
    session.flush()
    _record(session, actor, source, {"map": "dropped"})


def load_proposal(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, command: LoadProposal
) -> LoadedMap:
    """Put a map on its way in force, and take it off the file.

    Raises:
        ProposalNotFoundError: If there is none.
        ProposalChangedError: If it was changed after it was looked at.
        ProposalFlawedError: If something of it is still to be corrected.
        MapWeakensError: If it protects less than the one in force, and somebody else than the controller loads it.
        MapOpensError: If its new columns are open to people already, and somebody else than the controller loads it.
        MapConflictError, MeaningChangedError: If it cannot stand beside what is in force.
        AttestationError: If it was altered outside Égide.
    """
    proposal, draft = _held(session, attestor, command.source, command.revision)
    flaws = flaws_of(draft)
    if flaws:
        raise ProposalFlawedError(source=command.source, flaws=tuple(flaws))
    file = LoadMap(
        file=file_of(draft),
        text=text_of(draft),
        base=command.base,
        who_reads=command.who_reads,
        address_of=command.address_of,
    )
    loaded = load_map(session, clock, ids, attestor, actor, file)
    session.delete(proposal)
    session.flush()
    if not loaded.changed:
        _record(session, actor, command.source, {"map": "dropped"})
    return loaded


def _held(session: Session, attestor: Attestor, source: str, revision: int) -> tuple[MapProposal, Draft]:
    held = select(MapProposal).where(MapProposal.source == source).with_for_update()
    session.scalar(held.execution_options(populate_existing=True))
    proposal, draft = find_proposal(session, attestor, source)
    if proposal.revision != revision:
        raise ProposalChangedError(source=source)
    return proposal, draft


def _record(session: Session, actor: Actor, source: str, details: dict[str, JsonValue]) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.POLICY,
            actor=actor,
            object_type="data-map",
            object_id=source,
            details=details,
        ),
    )
