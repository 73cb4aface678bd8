"""Indicators: a few figures, each against its target where one can be set, and none without the rows behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.counts import Span, reads_by_purpose, refusals
from audit.state import LastCheck, last_check
from governance.datamap.values import MappedField, Storage
from governance.gate.snapshot import PolicySnapshot
from governance.oversight.reads import Reads
from governance.oversight.values import Indicator, Measure
from governance.vocabulary import GUARDED, DataCategory, Form
from register.lifecycle import ActivityState, Mode, mode_at
from register.models import Activity

# The whole log is to be checked at least so often.
CHECK_WITHIN: Final = timedelta(days=7)
_PERCENT: Final = 100
_EXPOSING: Final = frozenset(
    {
        DataCategory.CONTACT,
        DataCategory.FAMILY,
        DataCategory.ECONOMIC,
        DataCategory.LOCATION,
        DataCategory.CONNECTION,
        *GUARDED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The indicators, and the reads of each purpose, day by day.

    Attributes:
        purposes: By slug, those with most reads first.
    """

    span: Span
    indicators: tuple[Indicator, ...]
    purposes: dict[str, list[int]]


def figures(session: Session, snapshot: PolicySnapshot, reads: Reads, now: datetime, span: Span) -> Figures:
    """Return what is measured over a span, in a fixed number of queries."""
    by_purpose = reads_by_purpose(session, span)
    read = [sum(days) for days in zip(*by_purpose.values(), strict=True)] or [0] * len(span.days)
    refused = refusals(session, span)
    indicators = (
        *_activities(session, now),
        _sealed(snapshot),
        _clear(reads),
        Indicator(measure=Measure.READS, value=sum(read), trend=tuple(read)),
        Indicator(measure=Measure.REFUSALS, value=sum(refused), trend=tuple(refused)),
        _verified(last_check(session), now),
    )
    ordered = sorted(by_purpose.items(), key=lambda each: (-sum(each[1]), each[0]))
    return Figures(span=span, indicators=indicators, purposes=dict(ordered))


def _activities(session: Session, now: datetime) -> tuple[Indicator, Indicator]:
    rows = session.execute(
        select(Activity.running, Activity.mode, Activity.observed_until, func.count())
        .where(Activity.state.not_in([ActivityState.RETIRED, ActivityState.DRAFT]))
        .group_by(Activity.running, Activity.mode, Activity.observed_until)
    ).all()
    declared = sum(row[-1] for row in rows)
    running = sum(row[-1] for row in rows if row.running)
    enforced = sum(
        row[-1] for row in rows if row.running and mode_at(row.mode, row.observed_until, now) is Mode.ENFORCE
    )
    return (
        Indicator(measure=Measure.IN_FORCE, value=running, of=declared, target=declared),
        Indicator(measure=Measure.ENFORCED, value=enforced, of=running, target=running),
    )


def _sealed(snapshot: PolicySnapshot) -> Indicator:
    """Count the fields by which somebody is reached, found or hurt: those that lie sealed, of all."""
    exposed = [
        field
        for table in snapshot.catalogue.tables.values()
        for field in table.fields.values()
        if field.link is not None and _exposes(field)
    ]
    sealed = sum(1 for field in exposed if field.storage is Storage.SEALED)
    share = _PERCENT * sealed // len(exposed) if exposed else None
    return Indicator(measure=Measure.SEALED, value=share, target=_PERCENT)


def _exposes(field: MappedField) -> bool:
    special = field.special or field.criminal or field.nir or field.free_text
    return special or bool(field.search) or field.category in _EXPOSING


def _clear(reads: Reads) -> Indicator:
    share = _PERCENT * reads.given[Form.CLEAR.value] // reads.values if reads.values else None
    return Indicator(measure=Measure.CLEAR, value=share)


def _verified(check: LastCheck | None, now: datetime) -> Indicator:
    days = None if check is None or not check.whole else (now - check.at).days
    return Indicator(measure=Measure.VERIFIED, value=days, target=CHECK_WITHIN.days, at_most=True)
