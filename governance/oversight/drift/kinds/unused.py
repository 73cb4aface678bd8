"""Purposes that were granted and for which nothing was read for a year: access that nobody needs. GDPR Art. 25(2).

The log keeps a year of reads, so no read that counts is purged before it would.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.counts import last_reads
from governance.actor import Role
from governance.oversight.drift.ground import Ground
from governance.oversight.drift.values import Finding, Kind, Severity
from governance.oversight.values import Label
from governance.policies.models import Grant
from governance.policies.terms import READING

YEAR: Final = timedelta(days=365)


def unused(ground: Ground) -> Iterator[Finding]:
    """Yield one finding for each purpose; two statements."""
    since = ground.now - YEAR
    granted = _granted_now(ground)
    first = _first_granted(ground.session, since)
    seen = last_reads(ground.session, since)
    for purpose in ground.purposes:
        begun = first.get(purpose.id)
        if purpose.id not in granted or begun is None or begun > since or purpose.slug in seen:
            continue
        yield Finding(
            kind=Kind.UNUSED,
            severity=Severity.SETTLE,
            key=(purpose.slug,),
            concerns=Role.OWNER,
            activities=ground.activity_of(purpose),
            label=Label(fr=purpose.label_fr, en=purpose.label_en),
            purpose=purpose.slug,
            at=begun,
        )


def _granted_now(ground: Ground) -> set[int]:
    return {
        purpose
        for (_, purpose, action), cells in ground.snapshot.grants.items()
        if action in READING
        and any(each.valid_from <= ground.now < each.valid_to for grants in cells.values() for each in grants)
    }


def _first_granted(session: Session, since: datetime) -> dict[int, datetime]:
    """Return since when each purpose has been granted; grants that ended within the year and were renewed count."""
    standing = (Grant.approved_at.is_not(None), Grant.revoked_at.is_(None), Grant.valid_to > since)
    rows = session.execute(
        select(Grant.purpose_id, func.min(Grant.valid_from)).where(*standing).group_by(Grant.purpose_id)
    )
    return {row[0]: row[1] for row in rows}
