"""The policy set: all rows that decide, as one attested digest with a counter, the policy epoch.

A row's own MAC shows that Égide wrote it, not that it is still meant: a revoked grant could be restored, a row deleted.
So the one row of `policy_epoch` holds, under its own MAC, the digest of the MACs of every deciding table. Before a
transaction changes the first deciding row, it locks that row and checks the digest against what it finds: otherwise the
change would sign a tampering that came before it. Before it commits, it writes the next epoch.

An older `policy_epoch` restored together with all its rows fits itself. A process that has seen a higher epoch refuses
it; a fresh process cannot know, but the log can: each epoch and digest is an entry of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import CompoundSelect, Integer, Table, literal_column, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from governance.errors import phrase
from governance.vault.errors import PolicySetError
from governance.vault.macs import Macs
from governance.vault.models import PolicyEpoch

ROW_ID: Final = 1
_ATTEMPTS: Final = 20
_KIND: Final = "policy_epoch"
_COUNT_BYTES: Final = 4


class PolicyState(NamedTuple):
    """A policy epoch with the digest of its set. Epoch 0 is the empty set of a new installation."""

    epoch: int
    digest: bytes


class _Stored(NamedTuple):
    epoch: int
    digest: bytes
    parts: bytes
    mac: bytes


_NOTHING: Final = _Stored(0, b"", b"", b"")


class PolicySet:
    """Reads, checks and advances the policy epoch over a given list of deciding tables."""

    def __init__(self, macs: Macs, tables: Sequence[Table]) -> None:
        """Take the tables that decide; each has a column `mac`."""
        self._macs: Final = macs
        self._tables: Final = sorted(tables, key=lambda table: table.name)

    def verify(self, session: Session) -> PolicyState:
        """Check the stored digest against the rows.

        Raises:
            PolicySetError: If they do not fit; names the table.
        """
        for _ in range(_ATTEMPTS):
            stored = self._stored(session)
            found = self._found(session)
            # READ COMMITTED: a change may have been committed between the statements. Then look again.
            if self._stored(session) == stored:
                return self._compare(stored, found)
        raise PolicySetError(table=_KIND, reason=phrase("it changes faster than it can be read"))

    def lock(self, session: Session) -> PolicyState:
        """Hold the policy epoch until the transaction ends, and check the rows as they stand.

        Raises:
            PolicySetError: If they do not fit.
        """
        stored = self._stored(session, lock=True)
        if stored is _NOTHING:
            self._insert_first(session)
            stored = self._stored(session, lock=True)
        return self._compare(stored, self._found(session))

    def advance(self, session: Session) -> PolicyState:
        """Write the next epoch with the digest of the rows as they stand. Call it after `lock`, before the commit."""
        found = self._found(session)
        state = PolicyState(self._stored(session).epoch + 1, self._digest(found))
        session.connection().execute(update(PolicyEpoch).where(PolicyEpoch.id == ROW_ID), self._values(state, found))
        return state

    def accept(self, session: Session) -> PolicyState:
        """Take the rows as they stand for the policy set, whatever the stored digest says.

        For an operator who has looked at a tampering and undone it. The caller records the fact.
        """
        if self._stored(session, lock=True) is _NOTHING:
            self._insert_first(session)
            self._stored(session, lock=True)
        return self.advance(session)

    def _stored(self, session: Session, *, lock: bool = False) -> _Stored:
        # Columns, not the entity: the identity map could answer with what was true before.
        columns = (PolicyEpoch.epoch, PolicyEpoch.digest, PolicyEpoch.parts, PolicyEpoch.mac)
        statement = select(*columns).where(PolicyEpoch.id == ROW_ID)
        row = session.connection().execute(statement.with_for_update() if lock else statement).one_or_none()
        return _NOTHING if row is None else _Stored(*row)

    def _found(self, session: Session) -> Mapping[str, tuple[int, bytes]]:
        # An empty table is left out, so that an upgrade that adds one leaves the digest as it is.
        macs_of: defaultdict[int, list[bytes]] = defaultdict(list)
        for place, mac in session.connection().execute(_all_macs(tuple(self._tables))):
            if not isinstance(mac, bytes):
                raise PolicySetError(
                    table=self._tables[place].name, reason=phrase("a row has something else in the place of its MAC")
                )
            macs_of[place].append(mac)
        return {self._tables[place].name: (len(macs), self._macs.set_digest(macs)) for place, macs in macs_of.items()}

    def _digest(self, found: Mapping[str, tuple[int, bytes]]) -> bytes:
        return self._macs.set_digest([_encode_parts(found)])

    def _values(self, state: PolicyState, found: Mapping[str, tuple[int, bytes]]) -> dict[str, object]:
        parts = _encode_parts(found)
        mac = self._macs.mac(_KIND, state.epoch, state.digest, parts)
        return {"epoch": state.epoch, "digest": state.digest, "parts": parts, "mac": mac}

    def _insert_first(self, session: Session) -> None:
        insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
        values = {"id": ROW_ID, **self._values(PolicyState(0, self._digest({})), {})}
        # Two first changes at once: one inserts, the other waits for it and goes on.
        session.connection().execute(insert(PolicyEpoch).values(values).on_conflict_do_nothing())

    def _compare(self, stored: _Stored, found: Mapping[str, tuple[int, bytes]]) -> PolicyState:
        if stored is _NOTHING:
            if found:
                raise PolicySetError(table=_KIND, reason=phrase("its row is missing"))
            return PolicyState(0, self._digest({}))
        epoch, digest, parts, mac = stored
        if not self._macs.matches(mac, _KIND, epoch, digest, parts):
            raise PolicySetError(table=_KIND, reason=phrase("its row was altered"))
        attested = _decode_parts(parts)
        for name in sorted(attested.keys() | found.keys()):
            if attested.get(name) != found.get(name):
                raise PolicySetError(table=name, reason=_difference(attested.get(name), found.get(name)))
        return PolicyState(epoch, digest)


@cache
def _all_macs(tables: tuple[Table, ...]) -> CompoundSelect[int, bytes]:
    """Return one statement for the MACs of all tables, by the table's place: each change of what decides asks twice."""
    return union_all(*(select(literal_column(str(place), Integer), table.c.mac) for place, table in enumerate(tables)))


def _difference(attested: tuple[int, bytes] | None, found: tuple[int, bytes] | None) -> str:
    before, now = attested[0] if attested else 0, found[0] if found else 0
    if before == now:
        return phrase("a row was exchanged")
    return phrase("{before} rows were attested, {now} are there", before=before, now=now)


def _encode_parts(found: Mapping[str, tuple[int, bytes]]) -> bytes:
    encoded = b""
    for name, (count, digest) in sorted(found.items()):
        encoded += bytes((len(name.encode()),)) + name.encode() + count.to_bytes(_COUNT_BYTES, "big") + digest
    return encoded


def _decode_parts(parts: bytes) -> Mapping[str, tuple[int, bytes]]:
    # Only after its MAC was found to fit, so the bytes are our own.
    found = {}
    while parts:
        name, rest = parts[1 : 1 + parts[0]], parts[1 + parts[0] :]
        count, digest, parts = rest[:4], rest[4:20], rest[20:]
        found[name.decode()] = (int.from_bytes(count, "big"), digest)
    return found
