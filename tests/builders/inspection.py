"""Files for an inspection, as the officer has them made and the worker makes them."""

import io
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from governance.actor import Role
from governance.jobs.worker import Worker
from governance.oversight.inspection.models import InspectionFile
from governance.oversight.inspection.pages.working import InspectionWork
from governance.oversight.inspection.service import find_inspection, order_inspection, take_archive
from governance.oversight.inspection.values import OrderInspection
from governance.wiring import Wired
from governance.work import inspection_work
from tests.builders.oversight import acting
from tests.builders.paper import PaperlessPrinter

OCCASION = "Contrôle sur place du 3 mars"


def ordered(wired: Wired, role: Role = Role.DPO, **more: Any) -> uuid.UUID:
    """Have a file made by the worker; return it."""
    command = OrderInspection(**{"occasion": OCCASION, "languages": ("fr",), **more})
    with wired.write() as session:
        return order_inspection(session, wired.inspections, acting(wired, role), command).file.id


def worker_of_files(wired: Wired, work: InspectionWork | None = None) -> Worker:
    """Return a worker that makes files and nothing else; where no work is given, its documents are their HTML."""
    work = work or inspection_work(replace(wired, printer=PaperlessPrinter()))
    return Worker(wired.database, wired.clock, wired.ids, work.handlers()[:1])


def an_inspection(wired: Wired, work: InspectionWork | None = None, **more: Any) -> uuid.UUID:
    """Have a file made, whole; return it. One that another test left half made is made first."""
    make_all(worker_of_files(wired))
    file_id = ordered(wired, **more)
    make_all(worker_of_files(wired, work))
    return file_id


def make_all(worker: Worker) -> None:
    """Let a worker work until nothing is left to do."""
    while worker.run_once():
        pass


def told(wired: Wired, file_id: uuid.UUID) -> InspectionFile:
    """Return how a file stands."""
    with wired.read() as session:
        file = find_inspection(session, wired.inspections, file_id)
        session.expunge_all()
        return file


def archive_of(wired: Wired, file_id: uuid.UUID, role: Role = Role.DPO) -> bytes:
    """Take an archive."""
    with (
        wired.read() as session,
        take_archive(session, wired.inspections, wired.log, acting(wired, role), file_id) as (_, copy),
    ):
        return copy.read()


def unpacked(archive: bytes) -> Mapping[str, bytes]:
    """Return what an archive holds, by path."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: Mapping[str, bytes], *twice: str) -> bytes:
    """Return an archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name in twice:
            archive.writestr(name, files[name])
    return out.getvalue()
