"""The seal of a table's registered rows: how many there are, and the sum of their MACs.

A registered row that vanished would let the next enrolment take its person for a new one, without their objections and
restrictions. The sum (AdHash over keyed MACs, modulo 2^128) moves with each change in its transaction, and is attested.
The seal is laid when a table is first numbered; a table without one was tampered with. A database set back whole, rows
and seal together, is caught by the log's anchor, not here.
"""

import hmac
import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from governance.datamap.errors import RegistryAlteredError
from governance.datamap.models import RegisteredRow, RegistrySeal
from governance.datamap.registry import Registration, Signer, select_registrations
from governance.datamap.values import MappedTable
from governance.errors import phrase
from governance.vault.attest import Attestor

_KIND: Final = "registry-seal"
_SUM_BYTES: Final = 16
_MODULUS: Final = 1 << (8 * _SUM_BYTES)
_AT_ONCE: Final = 5_000


def lay_seal(session: Session, table_id: int, *, attestor: Attestor) -> None:
    """Lay the seal of a table that has no registered rows yet, when it gets its number."""
    seal = RegistrySeal(table_id=table_id, rows=0, total=bytes(_SUM_BYTES), mac=b"")
    seal.mac = _mac(seal, attestor)
    session.add(seal)
    session.flush()


def move_seal(
    session: Session,
    table: MappedTable,
    *,
    added: Iterable[Registration] = (),
    removed: Iterable[Registration] = (),
    attestor: Attestor,
) -> None:
    """Carry a change of a table's registered rows over to its seal, in the same transaction.

    Raises:
        RegistryAlteredError: If the seal is missing or was altered.
    """
    seal = _checked_seal(session, table, attestor, lock=True)
    came, went = list(added), list(removed)
    seal.rows += len(came) - len(went)
    seal.total = _to_bytes(int.from_bytes(seal.total) + _sum(came) - _sum(went))
    seal.mac = _mac(seal, attestor)
    session.flush()


def unregister(session: Session, table: MappedTable, row_ids: Collection[uuid.UUID], *, attestor: Attestor) -> int:
    """Forget rows of an adopted table, and return how many registrations went. The caller records the fact.

    Raises:
        RegistryAlteredError: If the seal is missing or was altered.
    """
    chosen = (RegisteredRow.table_id == table.id) & RegisteredRow.row_id.in_(row_ids)
    gone = [Registration(*row) for row in session.execute(select_registrations().where(chosen))]
    session.execute(delete(RegisteredRow).where(chosen))
    move_seal(session, table, removed=gone, attestor=attestor)
    return len(gone)


def check_registry(session: Session, table: MappedTable, *, attestor: Attestor) -> int:
    """Check every registered row of a table and their seal, and return how many rows there are.

    Raises:
        RegistryAlteredError: If one was changed, added or deleted outside Égide.
    """
    seal, total, rows = _checked_seal(session, table, attestor, lock=False), 0, 0
    for registration in _signed_by_us(session, table, attestor):
        total += int.from_bytes(registration.mac[1:])
        rows += 1
    if rows != seal.rows:
        raise RegistryAlteredError(
            table=table.name, reason=phrase("it has {found} rows instead of {expected}", found=rows, expected=seal.rows)
        )
    if _to_bytes(total) != seal.total:
        raise RegistryAlteredError(table=table.name, reason=phrase("rows were exchanged for older ones"))
    return rows


def check_count(session: Session, table: MappedTable, *, attestor: Attestor) -> None:
    """Check that a table has as many registered rows as its seal says: one cheap statement.

    Raises:
        RegistryAlteredError: If rows were added or deleted outside Égide, or the seal was altered.
    """
    _checked_seal(session, table, attestor, lock=False)
    counted = select(func.count()).select_from(RegisteredRow).where(RegisteredRow.table_id == table.id)
    # Both in one statement: between two, an honest change could come.
    pair = select(RegistrySeal.rows, counted.scalar_subquery()).where(RegistrySeal.table_id == table.id)
    for expected, found in session.execute(pair):
        if expected != found:
            raise RegistryAlteredError(
                table=table.name,
                reason=phrase("it has {found} rows instead of {expected}", found=found, expected=expected),
            )


def seal_anew(session: Session, table: MappedTable, *, attestor: Attestor) -> int:
    """Lay a table's seal over its registered rows as they stand, those that Égide did not write removed.

    For a person who has looked at what was altered. The caller records the fact.

    Returns:
        How many rows were removed; they will be enrolled as new ones.
    """
    signer, total, rows, forged = Signer(attestor), 0, 0, 0
    chosen = RegisteredRow.table_id == table.id
    for found in session.execute(select_registrations().where(chosen)).all():
        registration = Registration(*found)
        if signer.fits(registration):
            total += int.from_bytes(registration.mac[1:])
            rows += 1
            continue
        place = (RegisteredRow.source_key == registration.source_key) & (RegisteredRow.link == registration.link)
        session.execute(delete(RegisteredRow).where(chosen, place))
        forged += 1
    seal = RegistrySeal(table_id=table.id, rows=rows, total=_to_bytes(total), mac=b"")
    seal.mac = _mac(seal, attestor)
    session.merge(seal)
    session.flush()
    return forged


def _signed_by_us(session: Session, table: MappedTable, attestor: Attestor) -> Iterator[Registration]:
    signer = Signer(attestor)
    statement = select_registrations().where(RegisteredRow.table_id == table.id)
    with session.execute(statement.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in rows:
            registration = Registration(*row)
            if not signer.fits(registration):
                raise RegistryAlteredError(
                    table=table.name, reason=phrase("row {row} does not fit its MAC", row=registration.row_id)
                )
            yield registration


def _checked_seal(session: Session, table: MappedTable, attestor: Attestor, *, lock: bool) -> RegistrySeal:
    seal = session.get(RegistrySeal, table.id, populate_existing=True, with_for_update=lock)
    if seal is None:
        raise RegistryAlteredError(table=table.name, reason=phrase("its seal is missing"))
    if not hmac.compare_digest(seal.mac, _mac(seal, attestor)):
        raise RegistryAlteredError(table=table.name, reason=phrase("its seal does not fit"))
    return seal


def _mac(seal: RegistrySeal, attestor: Attestor) -> bytes:
    return attestor.mac(_KIND, seal.table_id, seal.rows, seal.total)


def _sum(rows: Iterable[Registration]) -> int:
    return sum(int.from_bytes(row.mac[1:]) for row in rows)


def _to_bytes(total: int) -> bytes:
    return (total % _MODULUS).to_bytes(_SUM_BYTES)
