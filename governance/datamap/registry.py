"""Which person an adopted row speaks of, and Égide's own id for it.

One row of `registered_row` for each link of a source row, each under a MAC, for whoever is named here decides whose
consents and restrictions hold. An altered row counts as absent: what is not registered is not read. `registry_seal`
sees to it that no row vanishes unseen.
"""

import hmac
import struct
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance.clock import to_microseconds
from governance.datamap.models import RegisteredRow
from governance.datamap.values import MappedTable
from governance.vault.attest import Attestor
from governance.vault.macs import MAC_VERSION

_Item = TypeVar("_Item")
# What a row without links stands under.
NO_LINK: Final = ""
_KIND: Final = "registered-row"
_FIXED: Final = struct.Struct(">H16sqqB")  # table, row, subject or -1, gone at or -1, length of the link
# Statements take a few tens of thousands of parameters at most.
_AT_ONCE: Final = 5_000


class Registration(NamedTuple):
    """One registered row as it lies in the database."""

    table_id: int
    source_key: str
    link: str
    row_id: uuid.UUID
    subject_id: int | None
    gone_at: datetime | None
    mac: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredKeys:
    """What the registry says of a source row.

    Attributes:
        row_id: Égide's id for it.
        subjects: The person of each link that was enrolled; None where the row names nobody.
    """

    row_id: uuid.UUID
    subjects: Mapping[str, int | None]


class Signer:
    """Makes the MACs of registered rows: about a microsecond each."""

    def __init__(self, attestor: Attestor) -> None:
        """Feed key and kind once."""
        self._keyed: Final = attestor.prekeyed(_KIND)

    def mac(self, row: Registration) -> bytes:
        """Return the MAC that the row must have."""
        link = row.link.encode()
        fresh = self._keyed.copy()
        gone = -1 if row.gone_at is None else to_microseconds(row.gone_at)
        subject = -1 if row.subject_id is None else row.subject_id
        fresh.update(_FIXED.pack(row.table_id, row.row_id.bytes, subject, gone, len(link)) + link)
        fresh.update(row.source_key.encode())
        return MAC_VERSION + fresh.digest()

    def signed(self, row: Registration) -> Registration:
        """Return the row with its MAC."""
        return row._replace(mac=self.mac(row))

    def fits(self, row: Registration) -> bool:
        """Say whether Égide wrote the row."""
        return hmac.compare_digest(row.mac, self.mac(row))


def resolve(
    session: Session, table: MappedTable, source_keys: Collection[str], *, attestor: Attestor
) -> dict[str, RegisteredKeys]:
    """Return what is registered of source rows; a page is one query.

    A row that is not enrolled, is gone from its database or was altered outside Égide is not among them.

    Args:
        session: A transaction of Égide's own database.
        table: An adopted table.
        source_keys: As `source_key_of` writes them.
        attestor: Checks each row.
    """
    signer = Signer(attestor)
    found: dict[str, RegisteredKeys] = {}
    for row in registrations(session, table.id, source_keys):
        if row.gone_at is not None or not signer.fits(row):
            continue
        subjects = {} if row.link == NO_LINK else {row.link: row.subject_id}
        known = found.get(row.source_key)
        if known is not None:
            subjects = {**known.subjects, **subjects}
        found[row.source_key] = RegisteredKeys(row_id=row.row_id, subjects=subjects)
    return found


def locate(
    session: Session, table: MappedTable, row_ids: Collection[uuid.UUID], *, attestor: Attestor
) -> dict[uuid.UUID, str]:
    """Return the source keys of rows; those that are gone, altered or unknown are not among them."""
    signer = Signer(attestor)
    statement = select_registrations().where(RegisteredRow.table_id == table.id)
    found: dict[uuid.UUID, str] = {}
    for some in _chunks(row_ids):
        for row in _run(session, statement.where(RegisteredRow.row_id.in_(some))):
            if row.gone_at is None and signer.fits(row):
                found[row.row_id] = row.source_key
    return found


def rows_of_subject(session: Session, subject_id: int, *, attestor: Attestor) -> list[Registration]:
    """Return every registered row that speaks of a person, in the order of tables and keys."""
    signer = Signer(attestor)
    order = (RegisteredRow.table_id, RegisteredRow.source_key, RegisteredRow.link)
    statement = select_registrations().where(RegisteredRow.subject_id == subject_id).order_by(*order)
    return [row for row in _run(session, statement) if signer.fits(row)]


def registrations(session: Session, table_id: int, source_keys: Collection[str]) -> list[Registration]:
    """Return registered rows by their keys, as they lie there, unchecked."""
    statement = select_registrations().where(RegisteredRow.table_id == table_id)
    rows: list[Registration] = []
    for some in _chunks(source_keys):
        rows += _run(session, statement.where(RegisteredRow.source_key.in_(some)))
    return rows


def registrations_after(session: Session, table_id: int, after: str, limit: int) -> list[Registration]:
    """Return registered rows in the order of their keys, unchecked; a source row's last may be cut off."""
    statement = (
        select_registrations()
        .where(RegisteredRow.table_id == table_id, RegisteredRow.source_key > after)
        .order_by(RegisteredRow.source_key, RegisteredRow.link)
        .limit(limit)
    )
    return _run(session, statement)


def select_registrations() -> Select[int, str, str, uuid.UUID, int | None, datetime | None, bytes]:
    """Return the statement that gives `Registration`s, to be narrowed."""
    return select(
        RegisteredRow.table_id,
        RegisteredRow.source_key,
        RegisteredRow.link,
        RegisteredRow.row_id,
        RegisteredRow.subject_id,
        RegisteredRow.gone_at,
        RegisteredRow.mac,
    )


def _run(
    session: Session, statement: Select[int, str, str, uuid.UUID, int | None, datetime | None, bytes]
) -> list[Registration]:
    return [Registration(*row) for row in session.execute(statement)]


def _chunks(items: Collection[_Item]) -> Iterable[list[_Item]]:
    everything = list(items)
    for start in range(0, len(everything), _AT_ONCE):
        yield everything[start : start + _AT_ONCE]
