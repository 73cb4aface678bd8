"""Writing the register out: who, which format and how many activities is a fact before a byte leaves the house."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final, Generic, TypeVar

from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.log import Log
from governance.actor import Actor, ActorKind, Role
from governance.days import day_of
from governance.errors import listed
from governance.vault.attest import Attestor
from register.exchange.drafting import REGISTER
from register.exchange.errors import ReadingNotAllowedError
from register.exchange.formats import FORMATS, Export
from register.exchange.reading import written_activities
from register.stated import stated_activities
from register.values import Register

READERS: Final = frozenset({Role.DPO, Role.CONTROLLER, Role.OWNER, Role.AUDITOR})
# Beyond this an export lies in a file of no name instead of in memory.
_IN_MEMORY: Final = 4 * 1024 * 1024
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRegister:
    """An export to make.

    Attributes:
        format: A name of `FORMATS`.
        at: When.
        language: In which language, for formats that speak to people.
        only: The slugs of those wanted; None for all but those that were retired.
        register: Which of the two registers; None for both.
    """

    format: str
    at: datetime
    language: str = "fr"
    only: Collection[str] | None = None
    register: Register | None = None


class _Counted(Generic[_Told]):
    """Activities, counted as they pass."""

    def __init__(self, activities: Iterator[_Told]) -> None:
        self._activities: Final = activities
        self.count = 0

    def __iter__(self) -> Iterator[_Told]:
        for each in self._activities:
            self.count += 1
            yield each


@contextmanager
def exported(
    session: Session, attestor: Attestor, log: Log, actor: Actor, command: ExportRegister
) -> Iterator[IO[bytes]]:
    """Write the register to a file that has no name, record that, and hand the file over at its beginning.

    Raises:
        ReadingNotAllowedError: If the actor does not read the register.
        AttestationError: If a row was altered outside Égide.
        LogUnavailableError: If it cannot be recorded; then nothing is handed over.
    """
    check_may_export(actor)
    activities = _Counted(written_activities(session, attestor, command.only, command.register))
    today = day_of(command.at)
    stated = _Counted(stated_activities(session, attestor, command.only, today, command.register))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        export = Export(activities=activities, stated=stated, at=command.at, language=command.language)
        FORMATS[command.format].write(out, export)
        record_export(log, actor, command, activities.count or stated.count, bytes=out.tell())
        out.seek(0)
        yield out


def check_may_export(actor: Actor) -> None:
    """Refuse whoever does not read the register.

    Raises:
        ReadingNotAllowedError: If the actor does not.
    """
    alone = actor.kind is ActorKind.HOST and actor.id is None
    if not alone and not actor.roles & READERS:
        raise ReadingNotAllowedError(roles=listed(sorted(READERS)))


def record_export(log: Log, actor: Actor, command: ExportRegister, activities: int, **details: JsonValue) -> None:
    """Record who is handed how much of the register in which format.

    Raises:
        LogUnavailableError: If it cannot be recorded; then nothing is to be handed over.
    """
    register: dict[str, JsonValue] = {} if command.register is None else {"register": command.register.value}
    log.append(
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.EXPORT,
            actor=actor,
            object_type=REGISTER,
            details={"format": command.format, "activities": activities, **register, **details},
        )
    )
