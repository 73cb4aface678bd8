"""`egide inspection`: the file for an inspection, made where the command runs; and the check of one, anywhere."""

import os
import shutil
import sys
import threading
import uuid
from pathlib import Path
from typing import Final

import click

from governance.actor import Actor
from governance.cli.house import acting_for, house, one_line
from governance.cli.log_check import refuse, verifier_in
from governance.cli.output import progress
from governance.cli.words import spoken, tell
from governance.jobs.worker import Worker
from governance.oversight.inspection.checking import check_archive
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.service import find_inspection, order_inspection, take_archive
from governance.oversight.inspection.values import LANGUAGES, InspectionState, OrderInspection
from governance.wiring import Wired
from governance.work import inspection_work

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_PAUSE: Final = 0.5


@click.group()
def inspection() -> None:
    """The file for an inspection by the supervisory authority."""


@inspection.command("make")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The archive to write.")
@click.option("--occasion", metavar="TEXT", required=True, help="Why; it stands on the cover. Name nobody.")
@click.option("--language", "languages", type=click.Choice(LANGUAGES), multiple=True, help="Only this one.")
@click.option("--activity", "only", multiple=True, metavar="SLUG", help="Only this one; may be given several times.")
@click.option("--as", "email", metavar="EMAIL", required=True, help="For whom: the officer or the controller.")
@one_line
def inspection_make(out: Path, occasion: str, languages: tuple[str, ...], only: tuple[str, ...], email: str) -> None:
    """Gather what the authority asks for first into one signed archive."""
    with house() as wired:
        actor = acting_for(wired, email)
        command = OrderInspection(occasion=occasion, languages=languages or LANGUAGES, only=only)
        with wired.write() as session:
            file_id = order_inspection(session, wired.inspections, actor, command).file.id
        file = _made(wired, file_id)
        if file.state is not InspectionState.READY:
            refuse("The file broke off ({reason}). Nothing was written.", reason=file.failure or file.state.value)
        _take(wired, actor, file_id, out)
    click.echo(tell("File {reference} is in {file}.", reference=file.reference, file=out))
    click.echo(tell("SHA-256 of the archive: {digest}", digest=file.digest))


@inspection.command("check")
@click.argument("archive", type=_FILE)
@click.option(
    "--key", type=_FILE, required=True, help="The log's public key (verifier-key.txt), as its owner gave it to you."
)
@one_line
def inspection_check(archive: Path, key: Path) -> None:
    """Say whether ARCHIVE is as it was signed: no file changed, added or taken away."""
    with archive.open("rb") as file:
        found = check_archive(file, verifier_in(key))
    for wrong in found.wrongs:
        click.echo(tell("{file}: {what}.", file=wrong.path or archive.name, what=spoken(wrong.what)), err=True)
    if not found.intact:
        click.echo(tell("NOT intact. Differences: {found}.", found=len(found.wrongs)), err=True)
        sys.exit(1)
    click.echo(
        tell(
            "Intact: file {reference}, {files} files as they were signed.", reference=found.reference, files=found.files
        )
    )


def _made(wired: Wired, file_id: uuid.UUID) -> InspectionFile:
    """Make it, beside whatever worker there is: whoever claims a step does it."""
    worker = Worker(wired.database, wired.clock, wired.ids, inspection_work(wired).handlers()[:1])
    with progress(tell("Pieces of the file")) as report:
        while True:
            found = worker.run_once()
            with wired.read() as session:
                file = find_inspection(session, wired.inspections, file_id)
                session.expunge_all()
            report(file.done, file.total or file.done + 1)
            if file.state is not InspectionState.QUEUED:
                return file
            if not found:
                threading.Event().wait(_PAUSE)


def _take(wired: Wired, actor: Actor, file_id: uuid.UUID, out: Path) -> None:
    with (
        wired.read() as session,
        take_archive(session, wired.inspections, wired.log, actor, file_id) as (_, copy),
        os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target,
    ):
        shutil.copyfileobj(copy, target)
