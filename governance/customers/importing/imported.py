"""Which rows an import wrote: kept signed, and told apart from those that were written, or changed, outside Égide.

By these rows an undo deletes customers, and what a notice names opens for data that came before it. There are as many
as there are people in a file, so that they are signed in the fixed encoding of `governance.vault.macs`, over

    import 16 bytes | row 16 bytes | notice u32 (0 where there is none) | task 16 bytes (zeros where there is none)

big-endian. A row that was taken away tells nobody anything, and is never taken back: what it stood for stays closed. So
does one whose identifiers are none.
"""

import struct
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Outcome, Retention
from audit.transaction import record
from governance.actor import SYSTEM
from governance.customers.importing.models import ImportedRow
from governance.orm import holds_uuid
from governance.vault.errors import AttestationError
from governance.vault.macs import MAC_VERSION, Macs, fits

Imported = Row[tuple[uuid.UUID, int | None, uuid.UUID | None, bytes]]
_KIND: Final = "imported-row"
_LAYOUT: Final = struct.Struct(">16s16sI16s")
_NONE: Final = bytes(16)
_COLUMNS: Final = (ImportedRow.row_id, ImportedRow.notice_id, ImportedRow.task_id, ImportedRow.mac)
READABLE: Final = and_(holds_uuid(ImportedRow.row_id), holds_uuid(ImportedRow.task_id))
# So many of those that were altered are named in one entry of the log.
_NAMED: Final = 20


class ImportedRows:
    """The rows of one import."""

    def __init__(self, macs: Macs, import_id: uuid.UUID) -> None:
        """Take the key, inside a hash object."""
        self._keyed: Final = macs.prekeyed(_KIND)
        self._import_id: Final = import_id

    def keep(self, session: Session, row_ids: Iterable[uuid.UUID]) -> None:
        """Keep that the import wrote these rows."""
        new = [{"import_id": self._import_id, "row_id": each, "mac": self._mac(each)} for each in row_ids]
        session.execute(insert(ImportedRow), new)

    def is_whole(self, row: Imported) -> bool:
        """Say whether a row is as Égide wrote it."""
        try:
            return fits(row.mac, self._mac(row.row_id, row.notice_id, row.task_id))
        except (AttributeError, TypeError, ValueError, struct.error):
            # SQLite keeps any type in any column.
            return False

    def check(self, row: Imported) -> None:
        """Check that a row is as Égide wrote it.

        Raises:
            AttestationError: If it is not; names the import and the row.
        """
        if not self.is_whole(row):
            raise AttestationError(kind=ImportedRow.__tablename__, reference=f"{self._import_id}/{row.row_id}")

    def some(self, session: Session, limit: int, *where: ColumnElement[bool], newest: bool = False) -> list[Imported]:
        """Return some rows in their order, or the newest first; those that were altered are among them."""
        order = ImportedRow.row_id.desc() if newest else ImportedRow.row_id
        return list(session.execute(self._selected(*where).order_by(order).limit(limit)))

    def all(self, session: Session, *where: ColumnElement[bool]) -> Iterator[Imported]:
        """Yield the rows in their order, fetched a thousand at a time; those that were altered are among them."""
        yield from session.execute(
            self._selected(*where).order_by(ImportedRow.row_id).execution_options(yield_per=1000)
        )

    def put_down(self, session: Session, task_id: uuid.UUID | None, notices: Mapping[uuid.UUID, int | None]) -> None:
        """Keep in which task's first message rows stand, and beside which notice; None: in none any more.

        The caller has checked the rows.
        """
        signed: list[dict[str, Any]] = [
            {
                "of": self._import_id,
                "row": each,
                "notice": notice,
                "task": task_id,
                "new": self._mac(each, notice, task_id),
            }
            for each, notice in notices.items()
        ]
        table = ImportedRow.__table__
        change = (
            update(ImportedRow)
            .where(table.c.import_id == bindparam("of"), table.c.row_id == bindparam("row"))
            .values(notice_id=bindparam("notice"), task_id=bindparam("task"), mac=bindparam("new"))
        )
        session.connection().execute(change, signed)

    def forget(self, session: Session, row_ids: Collection[uuid.UUID]) -> int:
        """Forget that the import wrote these rows, and return of how many it was known."""
        mine = (ImportedRow.import_id == self._import_id, ImportedRow.row_id.in_(row_ids))
        return session.connection().execute(delete(ImportedRow).where(*mine)).rowcount

    def tell_altered(self, session: Session, altered: Collection[Imported]) -> None:
        """Record that rows were found that are not as Égide wrote them."""
        named: list[JsonValue] = [f"{self._import_id}/{each.row_id}" for each in [*altered][:_NAMED]]
        record(
            session,
            Fact(
                retention=Retention.SECURITY,
                action=Action.CHECK,
                actor=SYSTEM,
                object_type=ImportedRow.__tablename__,
                object_id=str(self._import_id),
                outcome=Outcome.FAILED,
                details={"altered": "row", "count": len(altered), "references": named},
            ),
        )

    def _selected(self, *where: ColumnElement[bool]) -> Any:
        return select(*_COLUMNS).where(ImportedRow.import_id == self._import_id, READABLE, *where)

    def _mac(self, row_id: uuid.UUID, notice_id: int | None = None, task_id: uuid.UUID | None = None) -> bytes:
        fresh = self._keyed.copy()
        task = _NONE if task_id is None else task_id.bytes
        fresh.update(_LAYOUT.pack(self._import_id.bytes, row_id.bytes, notice_id or 0, task))
        return MAC_VERSION + fresh.digest()
