"""The worker's part: the register is put on paper a volume at a time, and destroyed when its day is over.

A volume is drawn in one transaction, made in a process of its own, sealed, and noted in the transaction that moves the
job along: killed in between, the next step makes the same volume again, and the sweep destroys what was left lying.
"""

import io
import logging
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import SYSTEM
from governance.days import day_of
from governance.documents.errors import DocumentsUnavailableError, DocumentTooLargeError
from governance.errors import DomainError
from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.vault.errors import AttestationError
from register.models import Activity
from register.printing.models import WITH_FILES, PrintState, RegisterPrint, RegisterVolume
from register.printing.service import JOB, PrintDesk, end_print, printed, record_print
from register.printing.volumes import VolumePlace, digest_of
from register.stated import Stated, state_activities

_LOG: Final = logging.getLogger(__name__)
# A page takes about 3 MB while it is made, and an activity two or three pages.
VOLUME: Final = 100
_SWEEP: Final = timedelta(hours=1)
_TRIES: Final = 3
# Draws a volume as HTML, in a language, as it stands at a moment.
Draw = Callable[[Sequence[Stated], VolumePlace, str, datetime], str]


class _House(Protocol):
    def read(self) -> AbstractContextManager[Session]: ...
    def write(self) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """Where the next volume begins, and how many activities it holds at most."""

    after: uuid.UUID | None
    number: int
    size: int
    done: int

    @classmethod
    def read(cls, payload: Any) -> "_Cursor":
        after = payload.get("after")
        return cls(
            after=None if after is None else uuid.UUID(after),
            number=payload.get("number", 1),
            size=payload.get("size", VOLUME),
            done=payload.get("done", 0),
        )

    def told(self, print_id: uuid.UUID) -> dict[str, Any]:
        after = None if self.after is None else str(self.after)
        return {"print": str(print_id), "after": after, "number": self.number, "size": self.size, "done": self.done}


@dataclass(frozen=True, slots=True)
class PrintWork:
    """Puts the register on paper, and destroys it when its day is over."""

    house: _House = field(repr=False)
    desk: PrintDesk = field(repr=False)
    draw: Draw = field(repr=False)

    def handlers(self) -> tuple[Handler, ...]:
        """Return what the worker does for this room."""
        return (Handler(kind=JOB, step=self.step), Handler(kind="print-sweep", step=self.sweep, every=_SWEEP))

    def step(self, lease: Lease) -> Progress:
        """Make one volume."""
        print_id = uuid.UUID(lease.payload["print"])
        try:
            return self._volume(lease, print_id, _Cursor.read(lease.payload))
        except DocumentTooLargeError as error:
            return self._smaller(lease, print_id, error)
        except (AttestationError, DocumentsUnavailableError) as error:
            self._fail(print_id, error)
        except DomainError as error:
            if lease.attempts < _TRIES:
                raise
            self._fail(print_id, error)
        return Progress(finished=True, progress=lease.progress, total=lease.total)

    def sweep(self, _lease: Lease) -> Progress:
        """Destroy what is over, and the files that no volume knows."""
        now, count = self.desk.clock.now(), 0
        with self.house.write() as session:
            over = session.scalars(
                select(RegisterPrint).where(RegisterPrint.state.in_(WITH_FILES), RegisterPrint.expires_at <= now)
            ).all()
            for asked in over:
                end_print(session, self.desk, SYSTEM, asked)
                count += 1
            if not count:
                unrecorded(session, "nothing was destroyed")
            known = set(session.scalars(select(RegisterVolume.id)))
        for file_id in set(self.desk.store.names()) - known:
            # A volume that is just being noted has no row yet: it is left for the next time.
            if self._is_old(file_id):
                self.desk.store.destroy(file_id)
        return Progress(finished=True, progress=count)

    def _volume(self, lease: Lease, print_id: uuid.UUID, cursor: _Cursor) -> Progress:
        drawn = self._draw(print_id, cursor)
        if drawn is None:
            return Progress(finished=True, progress=lease.progress, total=lease.total)
        asked, records, html = drawn
        made = self.desk.printer.print(html)
        volume = RegisterVolume(
            id=self.desk.ids.new(),
            print_id=print_id,
            number=cursor.number,
            first=cursor.done + 1,
            count=len(records),
            size=len(made),
            digest=digest_of(records),
        )
        done = cursor.done + len(records)
        following = _Cursor(
            after=records[-1].activity.id if records else None, number=cursor.number + 1, size=cursor.size, done=done
        )
        self.desk.store.keep(volume.id, io.BytesIO(made))
        try:
            finished = self._note(lease, volume, following)
        except BaseException:
            self.desk.store.destroy(volume.id)
            raise
        return Progress(finished=finished, progress=done, total=asked.count, payload=following.told(print_id))

    def _draw(self, print_id: uuid.UUID, cursor: _Cursor) -> tuple[RegisterPrint, Sequence[Stated], str] | None:
        now = self.desk.clock.now()
        with self.house.read() as session:
            asked = session.get(RegisterPrint, print_id)
            if asked is None or asked.state is not PrintState.QUEUED or asked.expires_at <= now:
                return None
            self.desk.attestor.verify(asked)
            statement = select(Activity).where(printed(asked.register)).order_by(Activity.id).limit(cursor.size)
            if asked.last_id is not None:
                statement = statement.where(Activity.id <= asked.last_id)
            if cursor.after is not None:
                statement = statement.where(Activity.id > cursor.after)
            records = state_activities(session, self.desk.attestor, session.scalars(statement).all(), day_of(now))
            place = VolumePlace(number=cursor.number, first=cursor.done + 1, count=asked.count, register=asked.register)
            html = self.draw(records, place, asked.language, now)
            session.expunge_all()
        return asked, records, html

    def _note(self, lease: Lease, volume: RegisterVolume, following: _Cursor) -> bool:
        """Note that a volume is there, and say whether it is the last one."""
        with self.house.write() as session:
            asked = session.get_one(RegisterPrint, volume.print_id, with_for_update=True)
            if asked.state is not PrintState.QUEUED:
                unrecorded(session, "it was discarded meanwhile, and that was recorded")
                self.desk.store.destroy(volume.id)
                return True
            lease.advance(session, progress=following.done, payload=following.told(asked.id))
            finished = following.done >= asked.count or volume.count < following.size
            asked.done, asked.changed_at = following.done, self.desk.clock.now()
            if finished:
                asked.state = PrintState.READY
            session.add(volume)
            session.flush()
            verb = "finish" if finished else "print"
            record_print(session, SYSTEM, asked, verb=verb, volume=volume.number, digest=volume.digest)
            return finished

    def _smaller(self, lease: Lease, print_id: uuid.UUID, error: DocumentTooLargeError) -> Progress:
        """Try again with half as many activities in a volume."""
        cursor = _Cursor.read(lease.payload)
        if cursor.size == 1:
            self._fail(print_id, error)
            return Progress(finished=True, progress=lease.progress, total=lease.total)
        half = _Cursor(after=cursor.after, number=cursor.number, size=cursor.size // 2, done=cursor.done)
        return Progress(finished=False, progress=lease.progress, total=lease.total, payload=half.told(print_id))

    def _fail(self, print_id: uuid.UUID, error: DomainError) -> None:
        _LOG.warning("putting the register on paper broke off: %s", type(error).__name__)
        with self.house.write() as session:
            asked = session.get_one(RegisterPrint, print_id, with_for_update=True)
            if asked.state is not PrintState.QUEUED:
                unrecorded(session, "it was discarded meanwhile, and that was recorded")
                return
            end_print(session, self.desk, SYSTEM, asked)
            asked.state, asked.failure = PrintState.FAILED, _code_of(error)
            session.flush()

    def _is_old(self, file_id: uuid.UUID) -> bool:
        # UUIDv7: the first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7).
        return self.desk.clock.now().timestamp() - (file_id.int >> 80) / 1000 > _SWEEP.total_seconds()


def _code_of(error: DomainError) -> str:
    kinds: tuple[tuple[type[DomainError], str], ...] = (
        (AttestationError, "altered"),
        (DocumentTooLargeError, "large"),
        (DocumentsUnavailableError, "unavailable"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "unexpected")
