"""Use cases of the data map: load a map, show what is in force, settle rows that came back.

Loading a map is a policy change: it decides what can be read. It is attested, recorded, and in force in every process
with the next policy epoch.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor, ActorKind
from governance.clock import Clock
from governance.datamap.catalogue import documents_in_force
from governance.datamap.errors import (
    MapAddressError,
    MapConflictError,
    MapError,
    NotAdoptedError,
    RegistryAlteredError,
    UnknownMapError,
)
from governance.datamap.loader import OWN_DATABASE, parse_map
from governance.datamap.models import MapDocument, RegisteredRow, TableNumber
from governance.datamap.numbering import lock_numbers, number
from governance.datamap.opening import NewColumn, WhoReads, new_columns
from governance.datamap.registry import Registration, Signer, select_registrations
from governance.datamap.registry_seal import lay_seal, move_seal, seal_anew
from governance.datamap.values import DataMap, MappedTable
from governance.datamap.weakening import check_decides, check_not_opening, check_not_weaker, weakenings
from governance.errors import Phrase, phrase
from governance.ids import IdSource
from governance.orm import Base
from governance.settings import SOURCE_PREFIX
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError

# Tables of Égide's own database that no model describes.
_UNDESCRIBED: Final = frozenset({"alembic_version"})


def nowhere(_source: str) -> str | None:
    """Return the address of a database of which the host said nothing."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadMap:
    """A map file to put in force.

    Attributes:
        file: The file's name, without its folder.
        text: Its content.
        base: The map that comes with the program, whose names are taken.
        who_reads: Says who would read new columns by what was granted before.
        address_of: Gives the address that the host set up for a database; None where it set up none.
    """

    file: str
    text: str
    base: DataMap
    who_reads: WhoReads = field(repr=False)
    address_of: Callable[[str], str | None] = field(default=nowhere, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedMap:
    """What loading did.

    Attributes:
        source: The database described; `egide` for Égide's own.
        version: The version now in force.
        changed: Whether the file differs from the one in force; if not, nothing was done.
        tables: The names of its tables.
        fields: How many fields can now be granted.
        new: How many tables, fields and shapes had no number before.
    """

    source: str
    version: int
    changed: bool
    tables: tuple[str, ...]
    fields: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReturned:
    """What a person says about rows whose keys came back after they had gone.

    Attributes:
        table: An adopted table.
        same: Whether they are the rows of old (a database that was restored), or new ones under old keys.
    """

    table: MappedTable
    same: bool


def load_map(
    session: Session, clock: Clock, ids: IdSource, attestor: Attestor, actor: Actor, command: LoadMap
) -> LoadedMap:
    """Put a map in force. One that protects less, or opens what was closed, the controller alone puts in force.

    Raises:
        MapError: If the file cannot be used.
        MapAddressError: If somebody who is not the host says in it where the database is.
        MapWeakensError: If it protects less, and somebody else loads it.
        MapOpensError: If its new columns are open to people already, and somebody else loads it.
        MapConflictError: If it takes a name that another map has, or describes tables that only the program can make.
        MeaningChangedError: If one of its names stood for another table before.
    """
    data_map = parse_map(command.text, command.file)
    source = data_map.source or OWN_DATABASE
    # Under the lock, so that two loads of one map do not take the same version.
    lock_numbers(session)
    documents = documents_in_force(session)
    _check_place(data_map, source, command, documents)
    current = next((document for document in documents if document.source == source), None)
    tables = tuple(data_map.tables)
    fields = sum(len(table.fields) for table in data_map.tables.values())
    if current is not None and current.text == command.text:
        return LoadedMap(source=source, version=current.version, changed=False, tables=tables, fields=fields, new=0)
    before = None if current is None else _said_by(current)
    _check_address(actor, data_map, before, command.address_of)
    check_not_weaker(actor, source, _weaker(attestor, current, data_map, command.base))
    # A grant that is approved at the same moment would see no new column, and this no grant.
    attestor.hold_policy_set(session)
    now = clock.now()
    check_not_opening(actor, source, command.who_reads(session, now, new_columns(before, data_map)))
    new = _number(session, attestor, data_map)
    document = MapDocument(
        id=ids.new(),
        source=source,
        version=1 if current is None else current.version + 1,
        file=command.file,
        text=command.text,
        loaded_by=actor.id,
        loaded_at=now,
    )
    session.add(document)
    session.flush()
    loaded = LoadedMap(source=source, version=document.version, changed=True, tables=tables, fields=fields, new=new)
    details: dict[str, JsonValue] = {"map": "loaded", "version": loaded.version, "tables": list(tables)}
    record(session, _fact(actor, Action.POLICY, "data-map", details | {"source": source}))
    return loaded


def show_map(session: Session, attestor: Attestor, source: str) -> MapDocument:
    """Return the map of a database as it was loaded, comments and all.

    Raises:
        UnknownMapError: If nobody loaded one.
        AttestationError: If it was altered outside Égide.
    """
    for document in documents_in_force(session):
        if document.source == source:
            attestor.verify(document)
            return document
    raise UnknownMapError(source=source)


def list_maps(session: Session) -> list[MapDocument]:
    """Return the loaded maps in force, in the order of their databases' names."""
    return documents_in_force(session)


def settle_returned(session: Session, attestor: Attestor, actor: Actor, command: SettleReturned) -> int:
    """Take rows whose keys came back for the rows of old, or forget the old ones, and return how many they are.

    Raises:
        NotAdoptedError: If the table is not adopted.
        DecisionNeededError: If it is not the controller, in person, who says it.
        RegistryAlteredError: If the seal of its registrations does not fit.
    """
    table = command.table
    if not table.adopted:
        raise NotAdoptedError(table=table.name)
    check_decides(actor)
    signer = Signer(attestor)
    gone = (RegisteredRow.table_id == table.id) & RegisteredRow.gone_at.is_not(None)
    old = [Registration(*row) for row in session.execute(select_registrations().where(gone))]
    if not old:
        return 0
    for row in old:
        if not signer.fits(row):
            raise RegistryAlteredError(
                table=table.name, reason=phrase("row {row} does not fit its MAC", row=row.row_id)
            )
    new = [signer.signed(row._replace(gone_at=None)) for row in old] if command.same else []
    session.execute(delete(RegisteredRow).where(gone))
    if new:
        session.execute(insert(RegisteredRow), [row._asdict() for row in new])
    move_seal(session, table, added=new, removed=old, attestor=attestor)
    rows = len({row.row_id for row in old})
    details: dict[str, JsonValue] = {"rows": rows, "same": command.same}
    record(session, _fact(actor, Action.DECIDE, table.name, details, subjects=_subjects(old)))
    return rows


def accept_registry(session: Session, attestor: Attestor, actor: Actor, table: MappedTable) -> int:
    """Take the registered rows of a table as they stand, after a person has looked at what was altered.

    Returns:
        How many registrations were removed, because Égide did not write them; their rows will be enrolled as new.

    Raises:
        NotAdoptedError: If the table is not adopted.
        DecisionNeededError: If it is not the controller, in person, who accepts them.
    """
    if not table.adopted:
        raise NotAdoptedError(table=table.name)
    check_decides(actor)
    removed = seal_anew(session, table, attestor=attestor)
    details: dict[str, JsonValue] = {"registry": "accepted", "removed": removed}
    record(session, _fact(actor, Action.DECIDE, table.name, details))
    return removed


def count_gone(session: Session, table: MappedTable) -> int:
    """Return how many rows of an adopted table are gone, those that came back among them."""
    gone = select(func.count(RegisteredRow.row_id.distinct())).where(
        RegisteredRow.table_id == table.id, RegisteredRow.gone_at.is_not(None)
    )
    return session.scalar(gone) or 0


def weaker_than_in_force(session: Session, attestor: Attestor, data_map: DataMap, base: DataMap) -> list[Phrase]:
    """Return, in words, what a map would protect less than what is in force: the controller has to load it."""
    source = data_map.source or OWN_DATABASE
    current = next((document for document in documents_in_force(session) if document.source == source), None)
    return _weaker(attestor, current, data_map, base)


def new_to_force(session: Session, data_map: DataMap) -> list[NewColumn]:
    """Return the columns of a map that the one in force does not describe so."""
    source = data_map.source or OWN_DATABASE
    current = next((document for document in documents_in_force(session) if document.source == source), None)
    return new_columns(None if current is None else _said_by(current), data_map)


def _weaker(attestor: Attestor, current: MapDocument | None, data_map: DataMap, base: DataMap) -> list[Phrase]:
    if current is None:
        return weakenings(None, data_map, base)
    try:
        attestor.verify(current)
    except AttestationError:
        # What it said before is not known, so nobody can tell what is weaker.
        return [phrase("the map in force was altered outside Égide")]
    return weakenings(_said_by(current), data_map, base)


def _said_by(document: MapDocument) -> DataMap | None:
    try:
        return parse_map(document.text, document.file)
    except MapError:
        # A map of an older version of the program, of which nothing can be read.
        return None


def _check_address(
    actor: Actor, data_map: DataMap, before: DataMap | None, address_of: Callable[[str], str | None]
) -> None:
    """Refuse an address from the web: by it, whoever loads a map would reach all that the host reaches."""
    source, address = data_map.source, data_map.address
    if source is None or address is None or actor.kind is ActorKind.HOST:
        return
    if address not in {address_of(source), None if before is None else before.address}:
        raise MapAddressError(source=source, setting=f"{SOURCE_PREFIX}{source.upper()}")


def _check_place(data_map: DataMap, source: str, command: LoadMap, documents: Sequence[MapDocument]) -> None:
    taken: dict[str, str] = dict.fromkeys(command.base.tables, phrase("the program"))
    for document in documents:
        if document.source != source:
            taken |= dict.fromkeys(parse_map(document.text, document.file).tables, document.source)
    own = {name.casefold() for name in Base.metadata.tables} | _UNDESCRIBED
    for name, table in data_map.tables.items():
        if name in taken:
            raise MapConflictError(
                source=source,
                reason=phrase("{table} is a table of {source}; choose another name", table=name, source=taken[name]),
            )
        if not table.adopted:
            raise MapConflictError(
                source=source, reason=phrase("{table} needs key, the columns of its primary key", table=name)
            )
        if source == OWN_DATABASE and table.physical.casefold() in own:
            raise MapConflictError(
                source=source, reason=phrase("{table} describes a table in which Égide keeps its own state", table=name)
            )


def _number(session: Session, attestor: Attestor, data_map: DataMap) -> int:
    known = set(session.scalars(select(TableNumber.id)))
    new = number(session, data_map)
    mapped = TableNumber.name.in_(list(data_map.tables))
    for table_id in session.scalars(select(TableNumber.id).where(mapped).order_by(TableNumber.id)).all():
        if table_id not in known:
            lay_seal(session, table_id, attestor=attestor)
    return new


def _subjects(rows: Sequence[Registration]) -> set[int]:
    return {row.subject_id for row in rows if row.subject_id is not None}


def _fact(
    actor: Actor, action: Action, object_type: str, details: dict[str, JsonValue], *, subjects: Collection[int] = ()
) -> Fact:
    return Fact(
        retention=Retention.EVIDENCE,
        action=action,
        actor=actor,
        object_type=object_type,
        subjects=subjects,
        details=details,
    )
