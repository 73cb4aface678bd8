"""`/today`: what the data protection officer finds in the morning. What is due, the mirror, the indicators."""

from typing import Any, Final

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, select

from governance.actor import Role, open_to
from governance.oversight.decisions import altered_set
from governance.oversight.drift.labels import SEVERITY_LABELS, SEVERITY_TONES
from governance.oversight.drift.reading import report_for
from governance.oversight.drift.report import worst
from governance.oversight.due import due_items
from governance.oversight.indicators import figures
from governance.oversight.mirror import drift
from governance.oversight.pages.drift import drift_desk, shown
from governance.oversight.pages.entrance import address_of, blueprint, names_of, snapshot_in_force, span_of
from governance.oversight.pages.tiles import tile_of
from governance.oversight.pages.wording import lines_of
from governance.oversight.reads import latest_reads
from governance.oversight.values import Item, Matter
from governance.vault.attest import Attestor
from governance.web.context import current
from register.models import Activity
from register.values import DeclaredPurposes

# Of the drift report; the rest is a page away.
_WORST: Final = 3


@blueprint.get("/today")
@open_to(Role.DPO)
def today() -> ResponseReturnValue:
    """Show what is due, what differs and how it goes."""
    context = current()
    session, now, span = context.session, context.clock.now(), span_of()
    snapshot = snapshot_in_force()
    reads = latest_reads(session, span.since)
    items = due_items(session, context.clock)
    if snapshot is None:
        differs = [_set(altered_set(session, context.get(Attestor)))]
        measured = None
    else:
        differs = drift(session, snapshot, reads, now)
        measured = figures(session, snapshot, reads, now, span)
    names = names_of(session, [item.person for item in items])
    return render_template(
        "oversight/today.html",
        empty_register=not context.session.scalar(select(exists().select_from(Activity))),
        now=now,
        due=lines_of(items, names),
        drift=lines_of(differs, names),
        **_report(),
        tiles=[] if measured is None else [tile_of(each) for each in measured.indicators],
        span=span,
        purposes=[] if measured is None or snapshot is None else _purposes(measured.purposes, snapshot.purposes),
    )


def _report() -> dict[str, Any]:
    """Return the drift report in short: how many of each severity, and the worst."""
    context = current()
    report = report_for(context.session, drift_desk(context), context.actor)
    return {
        "counts": report.counts if report.whole else {},
        "worst": shown(worst(report, _WORST)),
        "labels": SEVERITY_LABELS,
        "tones": SEVERITY_TONES,
    }


def _set(altered: Any) -> Item:
    return Item(matter=Matter.POLICY_SET, name=None if altered is None else altered.table, grave=True)


def _purposes(reads: dict[str, list[int]], declared: DeclaredPurposes) -> list[dict[str, Any]]:
    return [
        {
            "slug": slug,
            "purpose": declared.get(slug),
            "days": days,
            "total": sum(days),
            "url": address_of("log.entries", purpose=slug),
        }
        for slug, days in reads.items()
    ]
