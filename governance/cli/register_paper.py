"""`egide register export --format pdf`: the register on paper, made where the command runs, a file for each volume."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.actor import Actor
from governance.cli.output import progress
from governance.cli.words import tell
from governance.days import day_of
from governance.documents.errors import DocumentTooLargeError
from governance.web.offstage import Studio
from governance.wiring import Wired
from register.exchange.exporting import ExportRegister, check_may_export, record_export
from register.models import Activity
from register.pages.paper import draw_activity, draw_volume
from register.pages.wording import FILTERS
from register.printing.service import PRINTED
from register.printing.volumes import VolumePlace
from register.printing.working import VOLUME
from register.stated import Stated, stated_activities
from register.values import Capacity

FORMAT: Final = "pdf"


def put_on_paper(wired: Wired, actor: Actor, command: ExportRegister, out: Path) -> list[Path]:
    """Write the register to PDF; one activity alone, where one alone was asked for, with its pictures.

    Returns:
        The files: the first has the name that was asked for, the others that name with the number of their volume.

    Raises:
        ReadingNotAllowedError: If the actor does not read the register.
        AttestationError: If a row was altered outside Égide.
        DocumentError: If no document could be made.
    """
    check_may_export(actor)
    press = _Press(wired, command)
    with wired.read() as session:
        total = _count(session, command)
        record_export(wired.log, actor, command, total)
        stated = stated_activities(session, wired.attestor, command.only, day_of(command.at), command.register)
        if command.only is not None and total == 1:
            return [_keep(out, press.alone(next(stated)))]
        files = []
        with progress(tell("Activities on paper")) as report:
            for number, (done, made) in enumerate(press.volumes(stated, total), start=1):
                named = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
                files.append(_keep(named, made))
                report(done, total)
        return files


def _count(session: Session, command: ExportRegister) -> int:
    wanted = PRINTED if command.only is None else Activity.slug.in_(command.only)
    capacities = frozenset(Capacity) if command.register is None else command.register.capacities
    counted = select(func.count()).select_from(Activity).where(wanted, Activity.capacity.in_(capacities))
    return session.scalar(counted) or 0


def _keep(file: Path, made: bytes) -> Path:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(made)
    return file


class _Press:
    """Draws and makes documents in the language of the command."""

    def __init__(self, wired: Wired, command: ExportRegister) -> None:
        self._wired: Final = wired
        self._command: Final = command
        self._studio: Final = Studio(FILTERS, demonstration=wired.demonstration)
        self._number = 1

    def alone(self, stated: Stated) -> bytes:
        catalogue = self._wired.gate.snapshot().catalogue
        with self._studio.speaking(self._command.language):
            html = draw_activity(stated, catalogue, self._command.at)
        return self._wired.printer.print(html)

    def volumes(self, stated: Iterator[Stated], total: int) -> Iterator[tuple[int, bytes]]:
        """Yield each volume, with how many activities are on paper by then; of an empty register, one that says so."""
        done = 0
        records = list(islice(stated, VOLUME))
        while records or self._number == 1:
            for part, made in self._made(records, done, total):
                done += part
                yield done, made
            records = list(islice(stated, VOLUME))

    def _made(self, records: Sequence[Stated], done: int, total: int) -> Iterator[tuple[int, bytes]]:
        place = VolumePlace(number=self._number, first=done + 1, count=total, register=self._command.register)
        with self._studio.speaking(self._command.language):
            html = draw_volume(records, place, self._command.at)
        try:
            made = self._wired.printer.print(html)
        except DocumentTooLargeError:
            if len(records) <= 1:
                raise
            half = len(records) // 2
            yield from self._made(records[:half], done, total)
            yield from self._made(records[half:], done + half, total)
            return
        self._number += 1
        yield len(records), made
