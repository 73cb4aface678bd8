"""The file of a first message, made a part at a time: one row a person, each with the notice. GDPR Art. 14(3)(b).

Everybody is read through the gate, for a purpose that the actor is granted, a batch at a time: whoever objected, whose
data are restricted or who did not consent is left out by it, and each batch is recorded before a byte of it leaves.
Making the file is the first use of the data, which the task keeps before it leaves, too. Only the newest file of an
import goes on: an older one that is still being made ends, so that whoever is counted stands in files that left whole.
"""

import csv
import io
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from audit.transaction import unrecorded
from governance.actor import Actor
from governance.customers.errors import (
    ImportUnfinishedError,
    MessageSupersededError,
    NobodyToBeToldError,
    NobodyToWriteToError,
    NoNoticeToSendError,
    NoWayToWriteError,
)
from governance.customers.house import House
from governance.customers.importing.imported import Imported, ImportedRows
from governance.customers.importing.models import ImportedRow, ImportState
from governance.customers.informing.messages import Standing, message_standing
from governance.customers.informing.models import FirstMessage
from governance.customers.informing.ways import LANGUAGE, Way, ways_to_write
from governance.customers.notices import notice_number
from governance.gate.plan import PlanRequest
from governance.gate.query import Query
from governance.gate.telling import count_on_file
from governance.spreadsheets.cells import neutralise
from governance.vocabulary import Channel, GrantedAction
from register.service import Desk as RegisterDesk
from register.service import (
    FirstWords,
    begin_first_message,
    count_first_message,
    first_words,
    hold_open_task,
    make_first_message,
)
from register.values import NoticeRef

# Rows that are read at once; memory holds no more of a file, however long it is.
_BATCH: Final = 500
# Spreadsheets take a CSV for UTF-8 where it begins with this mark.
_MARK: Final = "\ufeff"
NO_ADDRESS: Final = "no-address"
GONE: Final = "gone"
ALTERED: Final = "altered"
_RESTRICTED: Final = "restricted"
# What the gate shows of somebody whose data are restricted: that there is a row.
_SHOWN_OF_RESTRICTED: Final = frozenset({"id", "state"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeMessage:
    """A file of the first message.

    Attributes:
        import_id: To whose people.
        purpose: What they are read for.
        channel: By which way they are written to.
        all_again: Whether those who stand in an earlier file stand in this one, too.
    """

    import_id: uuid.UUID
    purpose: str
    channel: Channel
    all_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What stands above the columns, and where a notice is read: in the words of the page.

    Attributes:
        of: What a field is called.
        language: What the column of the language is called.
        notice: What the column of the notice is called.
        address: What the column of its address is called.
        whole: The address at which a version of a notice stands whole, in one language.
    """

    of: Callable[[str], str]
    language: str
    notice: str
    address: str
    whole: Callable[[NoticeRef], str]


def make_message(house: House, actor: Actor, command: MakeMessage, headings: Headings) -> Iterator[bytes]:
    """Return the file, a part at a time; the first part is made when it is asked for.

    Raises:
        ImportNotFoundError: If there is no such import, or nobody of it was ever to be told.
        ImportUnfinishedError: If it has not finished.
        NobodyToBeToldError: If its people were told.
        NoNoticeToSendError: If nothing is published that the message could carry.
        ReadRefusedError: If the actor may not write to them so, or no longer; every rule that failed is named.
        NoWayToWriteError: If the purpose gives no address of that kind, or not clear, or consent was not asked for it.
        NobodyToWriteToError: If nobody is left whom the purpose gives, with an address.
        MessageBrokenOffError: If it is for those who stand in no file yet, and an earlier one has not left whole.
        MessageSupersededError: If another file was begun meanwhile: this one ends, and counts for nobody.
        AttestationError, TamperedError: If something on the way was altered outside Égide.
    """
    with house.read() as session:
        standing = message_standing(session, house, command.import_id)
        session.expunge_all()
    if standing.asked.settled:
        raise NobodyToBeToldError
    if standing.run.state is not ImportState.FINISHED:
        raise ImportUnfinishedError
    if standing.words is None:
        raise NoNoticeToSendError(point=standing.asked.point.slug)
    way = _way(house, actor, command, standing.run.table_name)
    yield from _Making(house, actor, command, standing, standing.words, way, headings).parts()


def _way(house: House, actor: Actor, command: MakeMessage, table: str) -> Way:
    for way in ways_to_write(house.gate, actor, table):
        if (way.purpose, way.channel) == (command.purpose, command.channel):
            return way
    # The gate says which rule it is, and records that it refused.
    request = PlanRequest(actor=actor, purpose=command.purpose, table=table, action=GrantedAction.EXPORT)
    house.gate.plan(request)
    raise NoWayToWriteError


@dataclass(slots=True)
class _Making:
    """One file under way."""

    house: House = field(repr=False)
    actor: Actor
    command: MakeMessage
    standing: Standing
    words: FirstWords
    way: Way
    headings: Headings
    people: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def parts(self) -> Iterator[bytes]:
        """Yield the file."""
        message_id = self._begin()
        for batch in self._batches():
            trusted = self._trusted(batch)
            rows = self._read([row.row_id for row in trusted])
            self._take_out(message_id, trusted, rows)
            if not rows:
                continue
            with self.house.write() as session:
                self._hold(session, message_id)
                if self.people == 0:
                    made = make_first_message(session, self._desk, self.actor, self._task, self.words.version)
                    # Somebody else may have made it meanwhile, with another version: that one is the import's.
                    self.words = first_words(session, self.house.attestor, made) or self.words
                else:
                    unrecorded(session, "the gate recorded whom it gave, and the task that the message is made")
                self._put_down(session, rows)
            head = "" if self.people else self._heading()
            self.people += len(rows)
            yield (head + self._lines(rows)).encode()
        self._end(message_id)
        if self.people == 0:
            raise NobodyToWriteToError

    @property
    def _desk(self) -> RegisterDesk:
        return RegisterDesk(self.house.clock, self.house.ids, self.house.attestor)

    @property
    def _task(self) -> uuid.UUID:
        return self.standing.asked.task.id

    def _begin(self) -> uuid.UUID:
        message = FirstMessage(
            id=self.house.ids.new(),
            import_id=self.command.import_id,
            purpose=self.way.purpose,
            channel=self.way.channel,
            version=self.words.version,
            actor_id=self.actor.id,
            made_at=self.house.clock.now(),
        )
        with self.house.write() as session:
            unrecorded(session, "the gate records whom it gives, and the task that the message is made")
            # Made for everybody once more, it takes whoever it leaves out of the earlier file on the way.
            begin_first_message(session, self._desk, self._task, all_again=self.command.all_again)
            session.add(message)
            session.flush()
            return message.id

    def _hold(self, session: Session, message_id: uuid.UUID) -> None:
        """Hold the task, so that no other file of it is begun until the transaction ends.

        Raises:
            MessageSupersededError: If one was begun already.
        """
        hold_open_task(session, self.house.attestor, self._task)
        newest = select(FirstMessage.id).where(FirstMessage.import_id == self.command.import_id)
        if session.scalar(newest.order_by(FirstMessage.id.desc()).limit(1)) != message_id:
            raise MessageSupersededError

    @property
    def _rows(self) -> ImportedRows:
        return ImportedRows(self.house.attestor, self.command.import_id)

    def _batches(self) -> Iterator[list[Imported]]:
        # Where the task was asked anew, no message of it counts: whoever stands in an earlier file stands in this one.
        everybody = self.command.all_again or self.standing.asked.task.message_on is None
        mine = [theirs(self._task) if everybody else ImportedRow.task_id.is_(None)]
        while True:
            with self.house.read() as session:
                found = self._rows.some(session, _BATCH, *mine)
            if not found:
                return
            yield found
            mine = [mine[0], ImportedRow.row_id > found[-1].row_id]

    def _trusted(self, batch: Sequence[Imported]) -> list[Imported]:
        """Return the rows of a batch that are as Égide wrote them; nobody is written to on the word of another."""
        altered = [row for row in batch if not self._rows.is_whole(row)]
        if altered:
            self.left_out[ALTERED] += len(altered)
            with self.house.write() as session:
                self._rows.tell_altered(session, altered)
        return [row for row in batch if row not in altered]

    def _read(self, row_ids: Sequence[uuid.UUID]) -> list[Mapping[str, Any]]:
        """Return the people of a batch who can be written to; the others are counted."""
        if not row_ids:
            return []
        query = Query(
            purpose=self.way.purpose,
            table=self.standing.run.table_name,
            fields=self.way.fields,
            limit=_BATCH,
            rows=tuple(row_ids),
        )
        page = self.house.gate.read(self.actor, query, action=GrantedAction.EXPORT)
        self.left_out.update(page.left_out)
        self.left_out[GONE] += len(row_ids) - page.count - sum(page.left_out.values())
        rows: list[Mapping[str, Any]] = []
        for row in page:
            if row.keys() <= _SHOWN_OF_RESTRICTED:
                self.left_out[_RESTRICTED] += 1
            elif not any(row.get(name) for name in self.way.needed):
                self.left_out[NO_ADDRESS] += 1
            else:
                rows.append(row)
        return rows

    def _take_out(self, message_id: uuid.UUID, batch: Sequence[Imported], rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep of whoever stood in an earlier file, which was not used, that they stand in none."""
        here = {uuid.UUID(row["id"]) for row in rows}
        out = [row.row_id for row in batch if row.task_id is not None and row.row_id not in here]
        if out:
            with self.house.write() as session:
                self._hold(session, message_id)
                unrecorded(session, "it is recorded for how many the message was made")
                self._rows.put_down(session, None, dict.fromkeys(out))

    def _put_down(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep beside each row which notice its person is sent."""
        snapshot = self.house.gate.snapshot()
        numbers = {each: notice_number(snapshot, self._notice(each)) for each in self.words.short}
        notices = {uuid.UUID(row["id"]): numbers[self._language(row)] for row in rows}
        self._rows.put_down(session, self._task, notices)

    def _end(self, message_id: uuid.UUID) -> None:
        counts = self._counts()
        with self.house.write() as session:
            self._hold(session, message_id)
            message = session.get_one(FirstMessage, message_id)
            message.people = self.people
            message.left_out = orjson.dumps(+self.left_out).decode()
            if not self.people and self.standing.asked.task.message_on is None:
                unrecorded(session, "nobody stands in it")
                return
            count_first_message(session, self._desk, self.actor, self._task, counts)

    def _counts(self) -> tuple[int, int]:
        """Return how many people stand in a file, and of how many; read before the base's writer is held."""
        rows = self._rows
        with self.house.read() as session:
            whole = (row for row in rows.all(session, ImportedRow.task_id == self._task) if rows.is_whole(row))
            reached = sum(1 for _ in whole)
            return reached, max(reached, self.standing.people - self._gone(session))

    def _gone(self, session: Session) -> int:
        """Return how many of those who stand in no file left the base since: nobody is there to be told."""
        table = self.house.gate.snapshot().catalogue.table(self.standing.run.table_name)
        rows = self._rows.all(session, ImportedRow.task_id.is_(None))
        left = [row.row_id for row in rows if self._rows.is_whole(row)]
        return len(left) - count_on_file(session, table, left)

    def _heading(self) -> str:
        headings = self.headings
        names = (headings.of(name) for name in (*self.way.names, *self.way.address))
        return _MARK + _csv([[*names, headings.language, headings.notice, headings.address]])

    def _lines(self, rows: Sequence[Mapping[str, Any]]) -> str:
        return _csv([self._line(row) for row in rows])

    def _line(self, row: Mapping[str, Any]) -> list[str]:
        language = self._language(row)
        said = (row.get(name) for name in (*self.way.names, *self.way.address))
        short = "\n".join(self.words.short[language])
        return [*("" if each is None else str(each) for each in said), language, short, self._whole(language)]

    def _language(self, row: Mapping[str, Any]) -> str:
        """Return the language in which somebody is told: theirs where there are words in it, else the house's."""
        theirs = row.get(LANGUAGE)
        return str(theirs) if theirs in self.words.short else self.house.settings.locale

    def _notice(self, language: str) -> NoticeRef:
        return NoticeRef(slug=self.words.slug, version=self.words.version, language=language)

    def _whole(self, language: str) -> str:
        return self.headings.whole(self._notice(language))


def theirs(task_id: uuid.UUID) -> ColumnElement[bool]:
    """Return which rows of an import the last part of its task is about: those that no other part's message reached."""
    return or_(ImportedRow.task_id == task_id, ImportedRow.task_id.is_(None))


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue()
