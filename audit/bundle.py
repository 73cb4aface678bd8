"""Exports the log, or a selection of its entries, as a bundle that anybody with the public key can check.

The bundle carries the data of every leaf, so that the checkpoint's root can be computed, and body and salt of the
chosen entries alone. A leaf is a salted commitment: without the salt it says nothing of its entry, so a selection tells
how many other entries there are, and nothing else about them. The format is in `audit.verify`.
"""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.anchor import Anchor
from audit.entries import Action
from audit.errors import AnchorUnusableError, BundleExistsError, LogTamperedError, NotYetSignedError
from audit.models import Leaf, LogEntry
from audit.packing import CHECKPOINT, ENTRIES, KEY, LEAVES, MANIFEST, Manifest
from audit.reading import read_consistently
from audit.search import Filters, conditions_of, subjects_match
from audit.verify import Progress, no_progress
from governance.errors import phrase

_AT_ONCE: Final = 2_000
# A zip file dates its members; a fixed date makes the same log the same file.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedBundle:
    """What an export wrote."""

    size: int
    entries: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What to export.

    Attributes:
        anchor: The anchor folder; the bundle is that of its last checkpoint.
        out: The file to write; there must be none.
        filters: The entries to give; all of them where None.
    """

    anchor: Path
    out: Path
    filters: Filters | None = None


def export_bundle(session: Session, export: Export, progress: Progress = no_progress) -> ExportedBundle:
    """Write a bundle of the log as of the last checkpoint.

    Args:
        session: A session in which nothing was read yet; on PostgreSQL its reads are made to agree with one another.
        export: What to export.
        progress: Told from time to time how many leaves of how many are done.

    Raises:
        AnchorUnusableError: If there is no checkpoint to export under.
        BundleExistsError: If the file is there already.
        NotYetSignedError: If entries were purged since, so that this checkpoint cannot tell a purge from a theft.
        LogTamperedError: If leaves are missing.
    """
    anchor = Anchor(export.anchor)
    last = anchor.last()
    if last is None:
        raise AnchorUnusableError(file="checkpoints", reason=phrase("nothing was published yet"))
    if export.out.exists():
        raise BundleExistsError
    note, head = last
    read_consistently(session)
    _check_no_later_purge(session, head.size)
    descriptor, name = tempfile.mkstemp(prefix=".bundle-", dir=export.out.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
                _write_leaves(session, bundle, head.size, progress)
                entries = _write_entries(session, bundle, head.size, export.filters)
                manifest = Manifest(
                    origin=head.origin, size=head.size, entries=entries, complete=export.filters is None
                )
                bundle.writestr(_member(CHECKPOINT), note)
                bundle.writestr(_member(KEY), f"{anchor.verifier}\n")
                bundle.writestr(_member(MANIFEST), manifest.text())
            file.flush()
            os.fsync(file.fileno())
        os.link(name, export.out)
    except FileExistsError:
        raise BundleExistsError from None
    finally:
        Path(name).unlink()
    return ExportedBundle(size=head.size, entries=entries, complete=export.filters is None)


def _check_no_later_purge(session: Session, size: int) -> None:
    later = session.scalars(
        select(LogEntry.leaf_index)
        .where(LogEntry.leaf_index >= size, LogEntry.action == Action.PURGE.code)
        .order_by(LogEntry.leaf_index.desc())
        .limit(1)
    ).first()
    if later is not None:
        raise NotYetSignedError(index=later, size=size)


def _write_leaves(session: Session, bundle: zipfile.ZipFile, size: int, progress: Progress) -> None:
    done = 0
    with _open(bundle, _member(LEAVES, zipfile.ZIP_STORED)) as out:
        while done < size:
            rows = session.execute(
                select(Leaf.leaf_index, Leaf.data).where(Leaf.leaf_index >= done, Leaf.leaf_index < size)
                .order_by(Leaf.leaf_index).limit(_AT_ONCE)
            ).all()  # fmt: skip
            for index, data in rows:
                if index != done:
                    break
                out.write(data)
                done += 1
            if not rows or done <= rows[-1][0]:
                raise LogTamperedError(index=done, reason=phrase("a leaf is missing"))
            progress(done, size)


def _write_entries(session: Session, bundle: zipfile.ZipFile, size: int, filters: Filters | None) -> int:
    written = 0
    with _open(bundle, _member(ENTRIES)) as out:
        for index, salt, body in _entries(session, size, filters):
            out.write(b"%d\t%s\t%s\n" % (index, salt.hex().encode("ascii"), body))
            written += 1
    return written


def _entries(session: Session, size: int, filters: Filters | None) -> Iterator[tuple[int, bytes, bytes]]:
    conditions = [] if filters is None else conditions_of(filters)
    start = 0
    while True:
        rows = session.execute(
            select(LogEntry.leaf_index, LogEntry.salt, LogEntry.body)
            .where(*conditions, LogEntry.leaf_index >= start, LogEntry.leaf_index < size)
            .order_by(LogEntry.leaf_index).limit(_AT_ONCE)
        ).all()  # fmt: skip
        if not rows:
            return
        for index, salt, body in rows:
            if filters is None or subjects_match(filters, body):
                yield index, salt, body
        start = rows[-1][0] + 1


def _member(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _DATE)
    member.compress_type = compression
    member.external_attr = 0o600 << 16
    return member


def _open(bundle: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    return bundle.open(member, "w", force_zip64=True)
