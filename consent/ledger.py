"""The ledger: events are appended, and the states that they amount to are written beside the last, all attested.

A chain is *intact* when its state's MAC holds, its events are all there in sequence, and each of their MACs holds. On
an altered chain nothing of the past is believed: the next event is preceded by an invalidation, and only what comes
after it counts, so that only what the person says from now on can open again. Withdrawing therefore always works (GDPR
Art. 7(3)), and a withdrawal that somebody deletes opens nothing.
"""

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Insert, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consent.errors import PersonNotFoundError
from consent.events import Event, Key, from_row, mac_of, to_row
from consent.models import Consent, EarlierEvent
from consent.probe import StateRow, consent_mac, to_seconds
from consent.propagation.changes import NewChange
from consent.propagation.outbox import put_out
from consent.states import ConsentState, EventKind, Method, Standing, fold, order_of
from governance.vault.attest import Attestor
from governance.vault.models import DataSubject, SubjectState

_CONSENTS: Final[Table] = Consent.__table__  # type: ignore[assignment] # a declarative table is a Table
_EARLIER: Final[Table] = EarlierEvent.__table__  # type: ignore[assignment] # the same
_EVENT_COLUMNS: Final = tuple(column.name for column in _EARLIER.columns)
# Rows fetched by one statement; below the number of parameters that SQLite takes.
_CHUNK: Final = 1000
_INSTANT: Final = timedelta(microseconds=1)
# Built once: to build a statement takes longer than to run it.
_OF_A_PERSON: Final = {
    table: select(table).where(table.c.subject_id == bindparam("subject_id")) for table in (_CONSENTS, _EARLIER)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Everything recorded of one consent.

    Attributes:
        events: By sequence; those whose MAC fails are left out.
        places: The sequence of each of them.
        believed: The events that the state is derived from: all of them, or those since the last invalidation of an
            altered past; None where the past is altered and nothing of it can be believed.
        last: The sequence of the last event on file.
        head: The columns of the event in the consent's own row, as they stand there; None where no row is, or where its
            place among the earlier events is taken.
        whole: Whether every event is there and its MAC holds.
        intact: Whether, besides, the state's MAC holds and it counts as many events.
    """

    key: Key
    events: tuple[Event, ...] = ()
    places: tuple[int, ...] = ()
    believed: tuple[Event, ...] | None = ()
    last: int = 0
    head: Mapping[str, Any] | None = None
    whole: bool = True
    intact: bool = True

    @property
    def standing(self) -> Standing:
        """What the chain amounts to; what cannot be believed is an invalidated consent."""
        if self.believed is None:
            return Standing(state=ConsentState.INVALIDATED)
        return fold(event.happening for event in self.believed)


@dataclass(slots=True, kw_only=True)
class Appended:
    """What one appending came to: the standing of each consent, and how much was new.

    Attributes:
        standings: What each consent amounts to, and its last sequence.
        places: The sequence that each new event was given, by its content.
    """

    standings: dict[Key, tuple[Standing, int]] = field(default_factory=dict)
    places: dict[tuple[object, ...], int] = field(default_factory=dict)
    recorded: int = 0
    repeated: int = 0
    altered: list[Key] = field(default_factory=list)


def hold_subjects(session: Session, subject_ids: Collection[int]) -> dict[int, bytes]:
    """Hold people's rows until the transaction ends, so that their events are appended one after the other.

    Returns:
        What each objects to, as their rows say; not verified.

    Raises:
        PersonNotFoundError: If one is not on file, or was erased.
    """
    found: dict[int, int] = {}
    objections: dict[int, bytes] = {}
    for part in _parts(sorted(set(subject_ids))):
        statement = select(DataSubject.id, DataSubject.state, DataSubject.objections)
        statement = statement.where(DataSubject.id.in_(part)).order_by(DataSubject.id)
        # FOR NO KEY UPDATE: others may go on inserting rows that refer to the person.
        for number, state, objected in session.execute(statement.with_for_update(key_share=True)):
            found[number], objections[number] = state, objected
    for subject_id in subject_ids:
        if found.get(subject_id, SubjectState.ERASED.code) == SubjectState.ERASED.code:
            raise PersonNotFoundError(subject_id=subject_id)
    return objections


def append(session: Session, attestor: Attestor, chains: Mapping[Key, Chain], events: Sequence[Event]) -> Appended:
    """Append events to the chains and write the states that come of it. An event delivered twice is recorded once.

    What changed goes to the outbox, for whoever is to be told.

    Args:
        session: A writing transaction that holds the people's rows.
        attestor: Who signs.
        chains: The chain of every key among the events, as `read_chains` gives them.
        events: In whatever order.
    """
    by_key: dict[Key, list[Event]] = defaultdict(list)
    for event in events:
        by_key[event.key].append(event)
    done = Appended()
    earlier: list[Mapping[str, Any]] = []
    consents: list[dict[str, Any]] = []
    changes: list[NewChange] = []
    for key, delivered in by_key.items():
        known = chains[key]
        fresh = _unknown(known, delivered)
        done.recorded += len(fresh)
        done.repeated += len(delivered) - len(fresh)
        if not known.intact:
            done.altered.append(key)
        if not fresh:
            done.standings[key] = (known.standing, known.last)
            continue
        base = known.believed
        if base is None:
            # Later readers will find the events whole, or begin to believe at the invalidation.
            base = known.events if known.whole else ()
            fresh.insert(0, _invalidation(fresh[0]))
        standing = fold(event.happening for event in (*base, *fresh))
        last = known.last + len(fresh)
        done.standings[key] = (standing, last)
        done.places.update((event.content, known.last + place) for place, event in enumerate(fresh, 1))
        rows = [to_row(attestor, event, known.last + place) for place, event in enumerate(fresh, 1)]
        earlier += rows[:-1] if known.head is None else [known.head, *rows[:-1]]
        state = _state(attestor, key, standing, last)
        consents.append(rows[-1] | state)
        # Whoever was told of a past that is no longer believed is told what stands now, whatever it is.
        if standing != known.standing or not known.intact:
            changes.append(_change(key, fresh, standing, state))
    _write(session, earlier, consents)
    put_out(session, attestor, changes)
    return done


def read_chains(session: Session, attestor: Attestor, keys: Iterable[Key]) -> dict[Key, Chain]:
    """Return everything recorded under these keys; a key without any event gets an empty chain."""
    wanted = sorted(set(keys))
    parts = list(_parts(wanted))
    earlier = [row for part in parts for row in _rows(session, _EARLIER, part)]
    consents = [row for part in parts for row in _rows(session, _CONSENTS, part)]
    return _chains(attestor, wanted, consents, earlier)


def chains_of(session: Session, attestor: Attestor, subject_id: int) -> dict[Key, Chain]:
    """Return everything recorded of a person, by key."""
    earlier, consents = (
        [dict(row) for row in session.execute(_OF_A_PERSON[table], {"subject_id": subject_id}).mappings()]
        for table in (_EARLIER, _CONSENTS)
    )
    return _chains(attestor, sorted({_key(row) for row in (*earlier, *consents)}), consents, earlier)


def keys_of(session: Session, subject_id: int) -> list[Key]:
    """Return the keys under which anything is recorded of a person."""
    present, past = (
        select(table.c.subject_id, table.c.purpose_id, table.c.channel).where(table.c.subject_id == subject_id)
        for table in (_CONSENTS, _EARLIER)
    )
    statement = present.union(past)
    return sorted(Key(*row) for row in session.execute(statement))


def _unknown(known: Chain, delivered: Sequence[Event]) -> list[Event]:
    seen = {event.content for event in known.events}
    fresh = []
    for event in delivered:
        if event.content not in seen:
            seen.add(event.content)
            fresh.append(event)
    return fresh


def _invalidation(first: Event) -> Event:
    # Just before what is said now, so that a fresh yes counts, and after everything that was said before.
    at = first.recorded_at - _INSTANT
    return Event(
        key=first.key,
        kind=EventKind.INVALIDATED,
        method=Method.API,
        occurred_at=at,
        recorded_at=at,
    )


def _chains(
    attestor: Attestor, keys: Iterable[Key], consents: Iterable[Mapping[str, Any]], earlier: Iterable[Mapping[str, Any]]
) -> dict[Key, Chain]:
    present = {_key(row): row for row in consents}
    past: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for row in earlier:
        past[_key(row)].append(row)
    return {key: _chain(attestor, key, present.get(key), past.get(key, [])) for key in keys}


def _chain(
    attestor: Attestor, key: Key, consent: Mapping[str, Any] | None, earlier: Sequence[Mapping[str, Any]]
) -> Chain:
    if consent is None and not earlier:
        return Chain(key=key)
    by_sequence = {row["sequence"]: _event(attestor, row) for row in earlier}
    head, sealed = None, False
    if consent is not None and consent["sequence"] not in by_sequence:
        head = {name: consent[name] for name in _EVENT_COLUMNS}
        by_sequence[head["sequence"]] = _event(attestor, head)
        sealed = head["sequence"] == max(by_sequence) and _state_holds(attestor, consent)
    good = {sequence: event for sequence, event in sorted(by_sequence.items()) if event is not None}
    last = max(by_sequence)
    whole = list(good) == list(range(1, last + 1))
    events = tuple(good.values())
    believed = None
    if sealed:
        believed = events if whole else _since_invalidation(good, last)
    return Chain(
        key=key,
        events=events,
        places=tuple(good),
        believed=believed,
        last=last,
        head=head,
        whole=whole,
        intact=sealed and whole,
    )


def _since_invalidation(good: Mapping[int, Event], last: int) -> tuple[Event, ...] | None:
    """Return the events back to the last one that voids everything before it; None where one is missing on the way."""
    believed: list[Event] = []
    for sequence in range(last, 0, -1):
        event = good.get(sequence)
        if event is None:
            return None
        believed.append(event)
        if event.kind is EventKind.INVALIDATED and event.occurred_at == event.recorded_at:
            return tuple(reversed(believed))
    return None


def _event(attestor: Attestor, row: Mapping[str, Any]) -> Event | None:
    try:
        event = from_row(row)
    except ValueError:
        return None
    return event if hmac.compare_digest(row["mac"], mac_of(attestor, event, row["sequence"])) else None


def _state_holds(attestor: Attestor, consent: Mapping[str, Any]) -> bool:
    row = StateRow(*(consent[name] for name in StateRow._fields))
    return hmac.compare_digest(consent["state_mac"], consent_mac(attestor, row))


def _state(attestor: Attestor, key: Key, standing: Standing, sequence: int) -> dict[str, Any]:
    if standing.state is None:
        raise ValueError("a chain without events has no state")
    holds_until = None if standing.expires_at is None else to_seconds(standing.expires_at)
    row = StateRow(*key, standing.state.code, holds_until, sequence)
    mac = consent_mac(attestor, row)
    return {"state": row.state, "sequence": sequence, "holds_until": holds_until, "state_mac": mac}


def _change(key: Key, fresh: Sequence[Event], standing: Standing, state: Mapping[str, Any]) -> NewChange:
    latest = max(fresh, key=lambda event: order_of(event.happening))
    return NewChange(
        *key,
        sequence=state["sequence"],
        kind=latest.kind.code,
        state=state["state"],
        occurred_at=latest.occurred_at,
        recorded_at=latest.recorded_at,
        holds_until=standing.expires_at,
    )


def _write(session: Session, earlier: Sequence[Mapping[str, Any]], consents: Sequence[Mapping[str, Any]]) -> None:
    connection = session.connection()
    if earlier:
        connection.execute(_EARLIER.insert(), earlier)
    if consents:
        connection.execute(_upsert(connection.dialect.name), consents)


@cache
def _upsert(dialect: str) -> Insert:
    # Built once: to build it takes longer than to run it.
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(_CONSENTS)
    moved = {column.name: insert.excluded[column.name] for column in _CONSENTS.columns if not column.primary_key}
    upsert: Insert = insert.on_conflict_do_update(index_elements=list(_CONSENTS.primary_key), set_=moved)
    return upsert


def _rows(session: Session, table: Table, keys: Sequence[Key]) -> list[dict[str, Any]]:
    # The channel is left to the caller: one look-up by the beginning of the primary key for each person and purpose.
    statement = select(table).where(
        table.c.subject_id.in_({key.subject_id for key in keys}),
        table.c.purpose_id.in_({key.purpose_id for key in keys}),
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def _key(row: Mapping[str, Any]) -> Key:
    return Key(row["subject_id"], row["purpose_id"], row["channel"])


def _parts(items: Sequence[Any], size: int = _CHUNK) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
