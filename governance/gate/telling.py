"""Rows whose people were told afterwards by which notice their data is used: what they know follows.

GDPR Art. 14: data that came from elsewhere lies there before the people are told. Nothing of the boxes changes, so no
key of a person is needed; what stands behind each row's MAC does, and the MAC with it.
"""

import uuid
from collections.abc import Mapping, Sequence

from pyroaring import BitMap
from sqlalchemy import RowMapping, bindparam, func, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Retention
from audit.transaction import record
from governance.datamap.given_notices import given_since
from governance.datamap.values import MappedTable, subject_column
from governance.gate.boxing import physical_table
from governance.gate.bulk import MAX_ROWS, BulkContext
from governance.gate.errors import BatchTooLargeError, RowTamperedError
from governance.gate.row_macs import RowSigner, given_of


def tell(session: Session, context: BulkContext, table: MappedTable, told: Mapping[uuid.UUID, int]) -> int:
    """Let rows know by which notice their people were told, record one fact, and return how many rows were there.

    Args:
        session: A writing transaction.
        context: Who, and with which keys.
        table: One of Égide's own tables.
        told: By row, the number of the notice; at most 500. Rows that are gone are passed over, and so are rows that
            were altered outside Égide: those open for nobody, whatever their people were told.

    Raises:
        BatchTooLargeError: If there are more.
    """
    if len(told) > MAX_ROWS:
        raise BatchTooLargeError(got=len(told), limit=MAX_ROWS)
    physical = physical_table(table)
    signer = RowSigner(table, context.keyring)
    statement = select(physical).where(physical.c.id.in_(told)).with_for_update()
    rows = [row for row in session.execute(statement).mappings() if _is_whole(signer, row)]
    if not rows:
        return 0
    signed = []
    for row in rows:
        given = given_since(given_of(row["row_mac"]), told[row["id"]])
        signed.append({"row": row["id"], "mac": signer.mac(row, given)})
    change = update(physical).where(physical.c.id == bindparam("row")).values(row_mac=bindparam("mac"))
    session.connection().execute(change, signed)
    record(
        session,
        Fact(
            retention=Retention.WRITE,
            action=Action.CHANGE,
            actor=context.actor,
            object_type=table.name,
            purpose=context.purpose,
            subjects=BitMap(row[subject_column(link)] for row in rows for link in table.links),
            details={"verb": "tell", "count": len(rows), "notices": [*sorted(set(told.values()))]},
        ),
    )
    return len(rows)


def count_on_file(session: Session, table: MappedTable, row_ids: Sequence[uuid.UUID]) -> int:
    """Return how many of these rows are there. Nothing of them is read."""
    key = physical_table(table).c.id
    parts = (row_ids[start : start + MAX_ROWS] for start in range(0, len(row_ids), MAX_ROWS))
    return sum(session.scalar(select(func.count()).where(key.in_(part))) or 0 for part in parts)


def _is_whole(signer: RowSigner, row: RowMapping) -> bool:
    try:
        signer.check(row)
    except RowTamperedError:
        return False
    return True
