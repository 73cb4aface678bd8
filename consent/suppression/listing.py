"""The list itself: hashes of identifiers, rows with their MACs, the tally.

A hash is HMAC-SHA256 (RFC 2104, FIPS 198-1) of an identifier's normal form, cut to 16 bytes, under a key of its own for
each kind (HKDF, secret "suppression/<kind>"). The keys of blind indexes are others, so that a copy of the database
without the keyring does not tell which person on file a row is about.

The MAC of a row is the fixed encoding of `governance.vault.macs` over, big-endian,

    hash 16 bytes | purpose u16 | channel u8 | since i64 | kind u8 | reason u8 | source u16 | ended_at i64 (NEVER)

with times in microseconds. An altered row refuses everything, on every channel: it never opens. One that was deleted is
not seen by looking; so every row has an *element*, a MAC of another kind over all but its end, and the tally is their
number and their sum modulo 2^128, which neither the order of writing nor a row taken back changes.
"""

import hmac
import struct
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ARRAY, LargeBinary, Table, bindparam, func, select, true, type_coerce, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from consent.identifiers import Identifier, IdentifierKind
from consent.suppression.models import HASH_BYTES, Suppression, SuppressionTally
from consent.suppression.values import Reason, Refusal
from governance.clock import from_microseconds, to_microseconds
from governance.vault.keyring import Keyring
from governance.vault.macs import MAC_VERSION, Macs, fits

_ROWS: Final[Table] = Suppression.__table__  # type: ignore[assignment] # a declarative table is a Table
_TALLY: Final[Table] = SuppressionTally.__table__  # type: ignore[assignment] # the same
_LAYOUT: Final = struct.Struct(">16sHBqBBHq")
_TALLIED: Final = struct.Struct(">I16s")
_NEVER: Final = -(1 << 63)
_MODULUS: Final = 1 << 8 * HASH_BYTES
_ONLY: Final = 1
_INSTANT: Final = timedelta(microseconds=1)
# Rows as they lie there: SQLite keeps any type in any column, and a column's own type would fail to read it.
RAW: Final[Any] = select(*(type_coerce(column, NullType()).label(column.name) for column in _ROWS.columns))
_RAW_TALLY: Final[Any] = select(*(type_coerce(column, NullType()).label(column.name) for column in _TALLY.columns))
_NAMES: Final = tuple(column.name for column in _ROWS.columns)
# What an altered row says: everything is refused, and nobody knows since when. A doubt closes.
ALTERED: Final = Refusal(since=datetime.max.replace(tzinfo=UTC), reason=Reason.TOLD)
# Below the number of parameters that either database takes, and more than a batch of rows has identifiers.
_AT_ONCE: Final = 4_000
# Two 32-bit numbers of a PostgreSQL advisory lock: "EGID", and the list of refusals.
_LOCK: Final = (0x45474944, 4)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows, and the sum of their elements."""

    count: int = 0
    total: int = 0

    def plus(self, elements: Collection[int]) -> "Tally":
        """Return the tally with more rows."""
        return Tally(self.count + len(elements), (self.total + sum(elements)) % _MODULUS)

    def minus(self, elements: Collection[int]) -> "Tally":
        """Return the tally with fewer rows."""
        return Tally(max(self.count - len(elements), 0), (self.total - sum(elements)) % _MODULUS)

    @property
    def digest(self) -> bytes:
        """The sum in 16 bytes."""
        return self.total.to_bytes(HASH_BYTES)


def hold_list(session: Session, *, exclusive: bool) -> None:
    """Keep refusals from being added while people are put on file, and the other way round, until the transaction ends.

    Whoever adds then finds everybody on file, and whoever puts somebody on file sees every refusal. It is taken before
    any person's row is held. SQLite's lock does all of this already.
    """
    if session.get_bind().dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock if exclusive else func.pg_advisory_xact_lock_shared
        session.execute(select(take(*_LOCK)))


class SuppressionList:
    """Reads and writes the list. Holds its keys inside hash objects only. Prepared once per batch."""

    def __init__(self, keyring: Keyring) -> None:
        """Derive the keys."""
        self._keyed: Final = {
            kind: hmac.new(keyring.secret(f"suppression/{kind.value}"), digestmod="sha256") for kind in IdentifierKind
        }
        macs = Macs(keyring)
        self._row: Final = macs.prekeyed("suppression")
        self._element: Final = macs.prekeyed("suppression-element")
        self._tally: Final = macs.prekeyed("suppression-tally")

    def hash(self, identifier: Identifier) -> bytes:
        """Return the hash under which an identifier is found."""
        return self.hasher(identifier.kind)(identifier.form)

    def hasher(self, kind: IdentifierKind) -> Callable[[str], bytes]:
        """Return what makes hashes of normal forms of one kind, for loops."""
        copy = self._keyed[kind].copy

        def hashed(form: str) -> bytes:
            fresh = copy()
            fresh.update(form.encode())
            return fresh.digest()[:HASH_BYTES]

        return hashed

    def find(self, session: Session, identifiers: Collection[Identifier]) -> dict[Identifier, list[Refusal]]:
        """Return what is refused now by whoever has each identifier; those that are not on the list are left out."""
        by_hash = {self.hash(each): each for each in identifiers}
        return {by_hash[hashed]: refused for hashed, refused in self.find_hashed(session, by_hash).items()}

    def find_hashed(self, session: Session, hashes: Collection[bytes]) -> dict[bytes, list[Refusal]]:
        """Return the same for hashes, as a batch of rows has them."""
        found: dict[bytes, list[Refusal]] = defaultdict(list)
        for hashed, row in self._rows_of(session, hashes):
            if row is None:
                found[hashed].append(ALTERED)
            elif row["ended_at"] is None:
                found[hashed].append(_refusal(row))
        return dict(found)

    def on_list(self, session: Session, identifiers: Collection[Identifier]) -> set[Identifier]:
        """Return those identifiers by which somebody refused anything: of people who may not be on file."""
        return {*self.find(session, identifiers)}

    def add(self, session: Session, identifiers: Iterable[Identifier], refusal: Refusal) -> int:
        """Put identifiers on the list, and return how many were not there with the same refusal.

        The caller holds the list, exclusively, and records the fact with `told`.
        """
        scope = (refusal.purpose_id, refusal.channel)
        taken: dict[bytes, set[datetime]] = defaultdict(set)
        wanted = {self.hash(each): each.kind for each in identifiers}
        for hashed, row in [*self._rows_of(session, wanted)]:
            if row is not None and (row["purpose_id"], row["channel"]) == scope:
                taken[hashed].add(row["since"])
                if row["ended_at"] is None:
                    wanted.pop(hashed, None)
        rows = [
            self._new(hashed, kind, replace(refusal, since=_free(refusal.since, taken[hashed])))
            for hashed, kind in sorted(wanted.items())
        ]
        if rows:
            session.connection().execute(_ROWS.insert(), rows)
            self.write_tally(session, self.read_tally(session).plus([self.element(row) for row in rows]))
        return len(rows)

    def end(
        self, session: Session, identifiers: Collection[Identifier], purpose_id: int, at: datetime
    ) -> list[Refusal]:
        """Let what was refused for a purpose by these identifiers end, and return it. The rows stay, with their end."""
        ended = []
        for _, row in [*self._rows_of(session, {self.hash(each) for each in identifiers})]:
            if row is None or row["purpose_id"] != purpose_id or row["ended_at"] is not None:
                continue
            ended.append(_refusal(row))
            values = {**row, "ended_at": max(at, row["since"])}
            session.connection().execute(
                update(_ROWS)
                .where(*(column == row[column.name] for column in _ROWS.primary_key))
                .values(ended_at=values["ended_at"], mac=self._mac(values))
            )
        return ended

    def whole(self, raw: Sequence[Any]) -> dict[str, Any] | None:
        """Return a row of `RAW` by column as Égide wrote it; None where it was altered."""
        row = dict(zip(_NAMES, raw, strict=True))
        try:
            row |= {name: _moment(row[name]) for name in ("since", "ended_at")}
            return row if fits(row["mac"], self._mac(row)) else None
        except (AttributeError, OverflowError, TypeError, ValueError, struct.error):
            # SQLite keeps any type in any column.
            return None

    def element(self, row: Mapping[str, Any]) -> int:
        """Return what a whole row adds to the tally."""
        fresh = self._element.copy()
        fresh.update(_packed(row, None))
        return int.from_bytes(fresh.digest())

    def read_tally(self, session: Session) -> Tally:
        """Return the tally as it stands; whether Égide wrote it so, `tally_holds` says."""
        row = session.execute(_RAW_TALLY.where(_TALLY.c.id == _ONLY)).first()
        if row is None:
            return Tally()
        try:
            _, count, digest, _ = row
            return Tally(int(count), int.from_bytes(digest[:HASH_BYTES]))
        except (TypeError, ValueError):
            # SQLite keeps any type in any column.
            return Tally()

    def tally_holds(self, session: Session) -> bool:
        """Say whether the tally is as Égide wrote it: none at all is that of an empty list."""
        row = session.execute(_RAW_TALLY.where(_TALLY.c.id == _ONLY)).first()
        if row is None:
            return True
        try:
            return fits(row.mac, self._mac_of(self.read_tally(session)))
        except (TypeError, ValueError, struct.error):
            return False

    def write_tally(self, session: Session, tally: Tally) -> None:
        """Write the tally anew."""
        connection = session.connection()
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(_TALLY)
        values = {"count": tally.count, "digest": tally.digest, "mac": self._mac_of(tally)}
        connection.execute(
            insert.values(id=_ONLY, **values).on_conflict_do_update(index_elements=[_TALLY.c.id], set_=values)
        )

    def told(self, session: Session) -> Mapping[str, int | str]:
        """Return what an entry of the log says of the whole list, so that rows that are missing are missed."""
        tally = self.read_tally(session)
        return {"total": tally.count, "digest": tally.digest.hex()}

    def _rows_of(self, session: Session, hashes: Collection[bytes]) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
        asked = [*hashes]
        statement = _asking(session.get_bind().dialect.name)
        for start in range(0, len(asked), _AT_ONCE):
            for raw in session.execute(statement, {"hashes": asked[start : start + _AT_ONCE]}):
                yield raw.hash, self.whole(raw)

    def _new(self, hashed: bytes, kind: IdentifierKind, refusal: Refusal) -> dict[str, Any]:
        row = {
            "hash": hashed,
            "purpose_id": refusal.purpose_id,
            "channel": refusal.channel,
            "since": refusal.since,
            "kind": kind.code,
            "reason": refusal.reason.code,
            "source_id": refusal.source_id,
            "ended_at": None,
        }
        return {**row, "mac": self._mac(row)}

    def _mac(self, row: Mapping[Any, Any]) -> bytes:
        fresh = self._row.copy()
        fresh.update(_packed(row, row["ended_at"]))
        return MAC_VERSION + fresh.digest()

    def _mac_of(self, tally: Tally) -> bytes:
        fresh = self._tally.copy()
        fresh.update(_TALLIED.pack(tally.count, tally.digest))
        return MAC_VERSION + fresh.digest()


@cache
def _asking(dialect: str) -> Any:
    """Return the statement that finds the rows of some hashes, each by one look-up in the primary key.

    PostgreSQL would read the whole list for a batch of hashes until it has counted what a list just told has brought:
    so each is looked up by itself, and nothing is left to be guessed.
    """
    if dialect != "postgresql":
        # Of no type: bytes are what the driver takes, and a type would be asked about each.
        return RAW.where(
            type_coerce(_ROWS.c.hash, NullType()).in_(bindparam("hashes", expanding=True, type_=NullType()))
        )
    asked = func.unnest(bindparam("hashes", type_=ARRAY(LargeBinary()))).table_valued("hash").render_derived()
    found = RAW.where(_ROWS.c.hash == asked.c.hash).offset(0).lateral()
    return select(found).select_from(asked.join(found, true()))


def _packed(row: Mapping[Any, Any], ended_at: datetime | None) -> bytes:
    return _LAYOUT.pack(
        row["hash"],
        row["purpose_id"],
        row["channel"],
        to_microseconds(row["since"]),
        row["kind"],
        row["reason"],
        row["source_id"] or 0,
        _NEVER if ended_at is None else to_microseconds(ended_at),
    )


def _moment(raw: Any) -> Any:
    """Return a moment as either database has it, and anything else as it is: no MAC fits that."""
    return from_microseconds(raw) if isinstance(raw, int) else raw


def _free(since: datetime, taken: Collection[datetime]) -> datetime:
    """Return a moment at which nothing ended that begins anew: the next instant, where it has to be."""
    while since in taken:
        since += _INSTANT
    return since


def _refusal(row: Mapping[str, Any]) -> Refusal:
    return Refusal(
        since=row["since"],
        reason=Reason.from_code(row["reason"]),
        purpose_id=row["purpose_id"],
        channel=row["channel"],
        source_id=row["source_id"],
    )
