"""`/drift`: where practice and paper part, for programs; what is set aside; drafts made of refused reads."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask_babel import get_locale
from marshmallow import RAISE

from governance.actor import Role, open_to
from governance.gate.gate import Gate
from governance.oversight.drift.actions import settling
from governance.oversight.drift.aside import SetAside, set_aside
from governance.oversight.drift.drafting import draft_refused
from governance.oversight.drift.reading import READERS, DriftDesk, DriftQuery, find_finding, page_of, report_for
from governance.oversight.drift.schemas import (
    DraftedSchema,
    DriftFindingSchema,
    DriftQuerySchema,
    DriftSchema,
    EnforcementPageSchema,
    EnforcementQuerySchema,
    SetAsideSchema,
)
from governance.oversight.drift.values import DriftReport, Finding
from governance.oversight.drift.views.words import draft_words, told
from governance.oversight.plan.about import actions_about
from governance.oversight.values import About
from governance.vault.attest import Attestor
from governance.web.context import RequestContext, current
from governance.web.rest import Blueprint
from register.enforcement import Enforcements
from register.service import Desk, list_activities
from register.starting_points.values import Language

blueprint: Final = Blueprint(
    "drift", __name__, url_prefix="/api/v1/drift", description="Where practice and paper part, and what settles it."
)
_MOST_NAMED: Final = 100


@blueprint.route("")
@blueprint.arguments(DriftQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, DriftSchema)
@open_to(*READERS)
def show(query: DriftQuery) -> dict[str, Any]:
    """Return findings, the gravest first; the head of a line sees those of their own activities."""
    report = _report(current())
    page = page_of(report, query)
    rows = _findings(page.rows)
    return {
        "whole": report.whole,
        "counts": {severity.value: count for severity, count in report.counts.items()},
        "looked": report.looked,
        "findings": rows,
        "next": page.next,
    }


@blueprint.route("/enforcement")
@blueprint.arguments(EnforcementQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, EnforcementPageSchema)
@open_to(*READERS)
def enforcement(query: dict[str, Any]) -> dict[str, Any]:
    """Return how far the gate enforces each activity, in the order in which they were drafted."""
    context = current()
    now = context.clock.now()
    page = list_activities(context.session, after=query["after"], limit=query["limit"])
    marks = context.get(Enforcements).of(context.session, page.rows, now)
    rows = [
        {
            "activity": row.slug,
            "enforcement": marks.get(row.slug),
            "mode": row.mode_at(now),
            "observed_until": row.observed_until,
        }
        for row in page.rows
    ]
    return {"activities": rows, "next": page.next}


@blueprint.route("/<string:finding>/aside", methods=["POST"])
@blueprint.arguments(SetAsideSchema)
@blueprint.response(200, DriftFindingSchema)
@open_to(Role.DPO)
def put_aside(command: SetAside, finding: str) -> Mapping[str, Any]:
    """Set a finding aside until a day, for a written reason; it comes back on that day."""
    context = current()
    found = find_finding(_report(context), finding)
    set_aside(context.session, _desk(context), context.actor, (found, command))
    [told_again] = _findings([find_finding(_report(context), finding)])
    return told_again


@blueprint.route("/<string:finding>/draft", methods=["POST"])
@blueprint.response(201, DraftedSchema)
@open_to(Role.DPO)
def draft(finding: str) -> dict[str, Any]:
    """Draft the activity that refused reads lack, all of it to be looked at."""
    context = current()
    found = find_finding(_report(context), finding)
    language = Language.ENGLISH if get_locale().language == "en" else Language.FRENCH
    given = (found, draft_words(found), language)
    activity, new = draft_refused(context.session, _desk(context), context.actor, given)
    return {"activity": activity.slug, "new": new}


def _report(context: RequestContext) -> DriftReport:
    desk = DriftDesk(attestor=context.get(Attestor), clock=context.clock, snapshot=context.get(Gate).snapshot_anew)
    return report_for(context.session, desk, context.actor)


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    context, rows = current(), list(findings)
    planned = actions_about(context.session, context.actor, About.DRIFT, [each.id for each in rows])
    return [{**_finding(each), "action": planned.get(each.id)} for each in rows]


def _finding(finding: Finding) -> dict[str, Any]:
    words = told(finding)
    return {
        "id": finding.id,
        "kind": finding.kind,
        "severity": finding.severity,
        "code": finding.code,
        "title": words.title,
        "note": words.note,
        "concerns": finding.concerns,
        "activities": [ref.slug for ref in finding.activities[:_MOST_NAMED]],
        "name": finding.name,
        "role": finding.role,
        "data": [{"kind": kind, "category": category} for kind, category in finding.pairs],
        "columns": finding.columns,
        "parts": finding.parts,
        "count": finding.count,
        "since": finding.since,
        "aside": finding.aside,
        "settled_by": settling(finding).route,
    }


def _desk(context: RequestContext) -> Desk:
    return Desk(context.clock, context.ids, context.get(Attestor))
