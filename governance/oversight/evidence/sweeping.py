"""Destroys files of the library that nothing speaks of any more: of documents taken away, or never put on file."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from governance.jobs.queue import Lease
from governance.jobs.worker import Handler, Progress
from governance.oversight.evidence.desk import EvidenceDesk
from governance.oversight.models import Document, DocumentVersion

_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EvidenceSweep:
    """Does the jobs of the kind `evidence-sweep`."""

    desk: EvidenceDesk

    def handler(self) -> Handler:
        """Return how files are swept, for the worker."""
        return Handler(kind="evidence-sweep", step=self.sweep, every=_EVERY)

    def sweep(self, _lease: Lease) -> Progress:
        """Destroy what is left over. A file that is just being brought in has no row yet, so the youngest stay."""
        house, store = self.desk.house, self.desk.store
        there = store.names()
        with house.read() as session:
            kept = set(
                session.scalars(
                    select(DocumentVersion.id)
                    .join(Document, Document.id == DocumentVersion.document_id)
                    .where(Document.removed_at.is_(None))
                )
            )
        # UUIDv7: the first 48 bits are milliseconds since 1970 (RFC 9562, section 5.7).
        old = (house.clock.now() - _EVERY).timestamp() * 1000
        gone = [each for each in there if each not in kept and each.int >> 80 < old]
        for each in gone:
            store.destroy(each)
        return Progress(finished=True, progress=len(gone))
