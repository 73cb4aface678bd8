"""A dry run: what importing a file would come to. Nothing is written but that somebody asked."""

from dataclasses import dataclass, field
from itertools import islice

from audit.entries import Action, Fact, Retention
from governance.customers.importing.batches import Desk, Sorted, sort_batch
from governance.customers.importing.job import Job, Tell
from governance.customers.importing.report import ImportReport
from governance.customers.importing.rows import Refusal
from governance.customers.importing.writing import LISTED_REFUSALS, count_duplicates
from governance.gate.bulk import MAX_ROWS
from governance.gate.listed import ListedPeople


@dataclass(slots=True, kw_only=True)
class _Outcome:
    accepted: int = 0
    refused: int = 0
    duplicates: int = 0
    unsolicited: int = 0
    listed: list[Refusal] = field(default_factory=list)

    def add(self, refused: list[Refusal], found: Sorted, unsolicited: int) -> None:
        refusals = [*refused, *found.refusals]
        self.accepted += len(found.rows)
        self.refused += len({refusal.row for refusal in refusals})
        self.unsolicited += unsolicited
        self.duplicates += count_duplicates(refusals)
        self.listed += refusals[: max(LISTED_REFUSALS - len(self.listed), 0)]


def rehearse(job: Job, tell: Tell, *, most: int | None = None) -> ImportReport:
    """Check the whole file as an import would, or its first rows.

    Whom it finds on file is told, so the asking is recorded first.

    Args:
        job: What is checked.
        tell: Told of each batch.
        most: Rows at most; None for all.
    """
    job.house.log.append(
        Fact(
            retention=Retention.ACCESS,
            action=Action.IMPORT,
            actor=job.actor,
            object_type=job.table.name,
            purpose=job.command.purpose,
            details={"verb": "rehearse", "fields": [*job.columns.fields], "rows": job.file.count - job.file.header_row},
        )
    )
    desk = Desk(
        keyring=job.house.keyring,
        catalogue=job.catalogue,
        plan=job.columns,
        duplicates=job.command.duplicates,
        seen={name: set() for name in job.columns.fields},
    )
    people = ListedPeople(job.table, job.house.keyring)
    outcome = _Outcome()
    rows = islice(job.file.rows(), most)
    while batch := list(islice(rows, MAX_ROWS)):
        checked, refused = job.check(batch)
        with job.house.read() as session:
            found = sort_batch(session, desk, checked)
            outcome.add(refused, found, len(people.marks(session, [row.values for row in found.rows])))
        tell(job.progress(None, batch[-1].number, outcome.accepted, outcome.refused))
    return ImportReport(
        id=None,
        table=job.table.name,
        state=None,
        already=False,
        rows=outcome.accepted + outcome.refused,
        accepted=outcome.accepted,
        refused=outcome.refused,
        duplicates=outcome.duplicates,
        unsolicited=outcome.unsolicited,
        refusals=tuple(outcome.listed),
    )
