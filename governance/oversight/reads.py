"""What the latest reads tell beyond their columns: which forms were given, and what enforcing would have refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.counts import GIVING
from audit.models import LogEntry
from governance.vocabulary import Form

# So many are looked at, the newest; whoever wants all of them asks the log.
LOOKED_AT: Final = 2_000


@dataclass(slots=True, kw_only=True)
class Reads:
    """What the latest reads gave.

    Attributes:
        looked_at: How many were looked at.
        given: How many fields were given, times their rows, by form.
        observed: By purpose, how many reads would have been refused or cut, were its activity enforced.
    """

    looked_at: int = 0
    given: Counter[str] = field(default_factory=Counter)
    observed: Counter[str] = field(default_factory=Counter)

    @property
    def values(self) -> int:
        """How many values were given, in whatever form."""
        return sum(count for form, count in self.given.items() if form != Form.WITHHELD.value)


def latest_reads(session: Session, since: datetime, limit: int = LOOKED_AT) -> Reads:
    """Look at the latest reads and exports of customers' data."""
    bodies = session.execute(
        select(LogEntry.purpose, LogEntry.body)
        .where(LogEntry.at >= since, LogEntry.action.in_(GIVING), LogEntry.purpose.is_not(None))
        .order_by(LogEntry.at.desc(), LogEntry.leaf_index.desc())
        .limit(limit)
    )
    reads = Reads()
    for purpose, body in bodies:
        reads.looked_at += 1
        _take(reads, str(purpose), _details(body))
    return reads


def _take(reads: Reads, purpose: str, details: Mapping[str, Any]) -> None:
    rows, fields = details.get("rows"), details.get("fields")
    if isinstance(rows, int) and isinstance(fields, Mapping):
        for form, names in fields.items():
            reads.given[form] += rows * len(names)
    if details.get("observed"):
        reads.observed[purpose] += 1


def _details(body: bytes) -> Mapping[str, Any]:
    # An entry that was altered into something else tells nothing here; the check of the log finds it.
    try:
        details = orjson.loads(body)["details"]
    except (KeyError, TypeError, ValueError):
        return {}
    return details if isinstance(details, Mapping) else {}
