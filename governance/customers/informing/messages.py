"""How the first message to the people of an import stands, and which imports wait for theirs. GDPR Art. 14."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.customers.errors import ImportNotFoundError
from governance.customers.house import House
from governance.customers.importing.models import ImportRun, ImportState
from governance.customers.importing.whole import altered_imports, whole_import
from governance.customers.informing.models import FirstMessage
from governance.customers.informing.ways import ways_to_write
from register.service import FirstWords, Information, first_words, information_of, open_information

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class MessageDesk:
    """What the pages of first messages work with."""

    house: House = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the first message of an import stands.

    Attributes:
        run: The import.
        asked: Who is to be told.
        words: What the message says; None where nothing is published.
        files: The files that were made of it, the newest first.
        people: How many are to be told; until the import has finished, how many it brought so far.
        reached: How many of them stand in a file; None while a file broke off.
    """

    run: ImportRun
    asked: Information
    words: FirstWords | None
    files: Sequence[FirstMessage]
    people: int
    reached: int | None


def message_standing(session: Session, house: House, import_id: uuid.UUID) -> Standing:
    """Return how the first message of an import stands.

    Raises:
        ImportNotFoundError: If there is no such import, or nobody of it is, or was, to be told.
        AttestationError: If the import, the task or the text was altered outside Égide.
    """
    run = whole_import(session, house.attestor, import_id)
    asked = None if run is None else information_of(session, house.attestor, import_id)
    if run is None or asked is None:
        raise ImportNotFoundError(reference=str(import_id))
    task = asked.task
    mine = select(FirstMessage).where(FirstMessage.import_id == import_id).order_by(FirstMessage.id.desc())
    return Standing(
        run=run,
        asked=asked,
        words=first_words(session, house.attestor, asked),
        files=session.scalars(mine).all(),
        people=run.accepted if task.people is None else task.people,
        reached=0 if task.message_on is None else task.message_people,
    )


def awaited_messages(session: Session, house: House, actor: Actor) -> list[Information]:
    """Return the imports whose people are still to be told and whom somebody may write to, the oldest first.

    Drift tells of a task, or an import, that was altered: nobody is written to on its word.
    """
    asked = {each.task.import_id: each for each in open_information(session, house.attestor, _MOST)}
    if not asked:
        return []
    finished = session.execute(
        select(ImportRun.id, ImportRun.table_name).where(
            ImportRun.id.in_(asked),
            ImportRun.state == ImportState.FINISHED,
            ImportRun.id.not_in(altered_imports(session, house.attestor, ImportRun.id.in_(asked))),
        )
    ).all()
    tables = {name for name in {run.table_name for run in finished} if ways_to_write(house.gate, actor, name)}
    open_to_them = {run.id for run in finished if run.table_name in tables}
    return [each for import_id, each in asked.items() if import_id in open_to_them]
