"""`/drift`: where practice and paper part, by kind; what settles each; what is set aside, until when and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from governance.actor import Role, open_to
from governance.days import day_of
from governance.gate.gate import Gate
from governance.oversight.drift.actions import Settling, settling
from governance.oversight.drift.aside import LONGEST, SetAside, set_aside
from governance.oversight.drift.drafting import draft_refused
from governance.oversight.drift.errors import AsideDayError, AsideReasonError
from governance.oversight.drift.labels import KIND_WORDS, SEVERITY_LABELS, SEVERITY_TONES, KindWords
from governance.oversight.drift.reading import (
    READERS,
    DriftDesk,
    DriftQuery,
    find_finding,
    page_of,
    report_for,
    sees_every_line,
)
from governance.oversight.drift.values import DriftReport, Finding, Kind, Severity
from governance.oversight.drift.views.words import draft_words, told
from governance.oversight.forms import AsideForm
from governance.oversight.models import PlanAction
from governance.oversight.pages.entrance import address_of, blueprint, names_of
from governance.oversight.pages.wording import role_named
from governance.oversight.plan.about import actions_about
from governance.oversight.values import About
from governance.vault.attest import Attestor
from governance.web.context import RequestContext, current
from governance.web.problems import sentence
from register.service import Desk
from register.starting_points.values import Language

# Of each kind, until one asks for the kind alone.
_SHOWN: Final = 5
_ON_A_PAGE: Final = 50
_USUAL_WAIT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An action of the plan about a finding."""

    action: PlanAction
    owner: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding as the page shows it.

    Attributes:
        do: What its button says; `url` where it leads, None where it is not for whoever looks.
        sends: Whether the button sends rather than leads.
        whose: Whom it concerns.
        aside_url: Where it can be set aside.
        action: What the plan has about it.
        action_url: Where an action about it is added to the plan.
    """

    finding: Finding
    title: str
    note: str
    do: str
    url: str | None
    sends: bool
    whose: str
    aside_url: str | None
    action: Planned | None
    action_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The findings of one kind, or the first of them."""

    kind: Kind
    words: KindWords
    rows: list[Shown]
    count: int
    more_url: str | None


@blueprint.get("/drift")
@open_to(*READERS)
def drift() -> ResponseReturnValue:
    """Show what differs, by kind; of one kind, all of it, a page at a time."""
    context = current()
    report = report_for(context.session, drift_desk(context), context.actor)
    query = _query()
    return render_template(
        "oversight/drift/report.html",
        now=context.clock.now(),
        report=report,
        query=query,
        sections=_sections(report, query),
        older=_older(report, query),
        kinds=[(each, gettext(KIND_WORDS[each].title)) for each in Kind],
        severities=[(each, gettext(SEVERITY_LABELS[each])) for each in Severity],
        counts=[(each, gettext(SEVERITY_LABELS[each]), count) for each, count in report.counts.items()],
        labels=SEVERITY_LABELS,
        tones=SEVERITY_TONES,
        aside_count=len(report.set_aside),
        whole=sees_every_line(context.actor),
    )


@blueprint.get("/drift/<finding>/aside")
@open_to(Role.DPO)
def ask_to_set_aside(finding: str) -> ResponseReturnValue:
    """Ask until when a finding is set aside, and why."""
    form = AsideForm(data={"until": day_of(current().clock.now()) + _USUAL_WAIT})
    return _aside_page(_find(finding), form)


@blueprint.post("/drift/<finding>/aside")
@open_to(Role.DPO)
def put_aside(finding: str) -> ResponseReturnValue:
    """Set a finding aside until a day."""
    context = current()
    found = _find(finding)
    form = AsideForm()
    if not form.validate():
        return _aside_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    command = SetAside(until=form.until.data, reason=form.reason.data)
    try:
        set_aside(context.session, _desk(context), context.actor, (found, command))
    except (AsideDayError, AsideReasonError) as error:
        context.roll_back()
        beside = form.until if isinstance(error, AsideDayError) else form.reason
        beside.errors = [sentence(error)]
        return _aside_page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Set aside. It comes back on that day, if it is still there."), "given")
    return redirect(url_for("oversight.drift"), code=303)


@blueprint.post("/drift/<finding>/draft")
@open_to(Role.DPO)
def draft_refused_reads(finding: str) -> ResponseReturnValue:
    """Draft the activity that refused reads lack."""
    context = current()
    found = _find(finding)
    language = Language.ENGLISH if get_locale().language == "en" else Language.FRENCH
    given = (found, draft_words(found), language)
    activity, new = draft_refused(context.session, _desk(context), context.actor, given)
    said = gettext("The activity is drafted from the refused reads. Say why, on which basis and for how long.")
    flash(said if new else gettext("This activity is being written already."), "given" if new else "info")
    return redirect(url_for("register.activity", slug=activity.slug), code=303)


def drift_desk(context: RequestContext) -> DriftDesk:
    """Return what the report is worked out with, in a request."""
    return DriftDesk(attestor=context.get(Attestor), clock=context.clock, snapshot=context.get(Gate).snapshot_anew)


def shown(findings: Iterable[Finding]) -> list[Shown]:
    """Return findings as pages show them."""
    rows, context = list(findings), current()
    planned = actions_about(context.session, context.actor, About.DRIFT, [each.id for each in rows])
    people = [ref.owner_id for each in rows for ref in each.activities[:1]]
    people += [each.aside.by for each in rows if each.aside is not None]
    people += [each.owner_id for each in planned.values()]
    names = names_of(context.session, people)
    return [_shown(each, names, planned.get(each.id)) for each in rows]


def place_of_finding(finding: Finding) -> str | None:
    """Return where the report shows a finding; None where it is not for whoever looks."""
    asked = {"kind": finding.kind.value, "aside": None if finding.aside is None else "y"}
    return address_of("oversight.drift", **asked, _anchor=f"finding-{finding.id}")


def _shown(finding: Finding, names: Mapping[Any, str], planned: PlanAction | None) -> Shown:
    words, action = told(finding), settling(finding)
    owner = next((ref.owner_id for ref in finding.activities if ref.owner_id is not None), None)
    whose = [role_named(finding.concerns), names.get(owner, "") if finding.concerns is Role.OWNER else ""]
    aside = finding.kind is not Kind.ALTERED
    return Shown(
        finding=finding,
        title=words.title,
        note=words.note,
        do=gettext(action.do),
        url=address_of(action.endpoint, **action.values) if _may(action) else None,
        sends=action.sends,
        whose=" · ".join(each for each in whose if each),
        aside_url=address_of("oversight.ask_to_set_aside", finding=finding.id) if aside else None,
        action=None if planned is None else _planned(planned, names),
        action_url=address_of("oversight.new_action", about=About.DRIFT.value, reference=finding.id),
    )


def _planned(action: PlanAction, names: Mapping[Any, str]) -> Planned:
    url = address_of("oversight.action", action_id=action.id)
    return Planned(action=action, owner=names.get(action.owner_id, ""), url=url)


def _may(action: Settling) -> bool:
    return not action.roles or bool(current().actor.roles & set(action.roles))


def _sections(report: DriftReport, query: DriftQuery) -> list[Section]:
    sections = []
    for kind in Kind if query.kind is None else (query.kind,):
        asked = DriftQuery(
            kind=kind,
            severity=query.severity,
            aside=query.aside,
            after=query.after if query.kind else None,
            limit=_ON_A_PAGE if query.kind else _SHOWN,
        )
        rows = page_of(report, asked).rows
        everything = report.set_aside if query.aside else report.open
        count = sum(each.kind is kind and query.severity in {None, each.severity} for each in everything)
        if rows:
            more = None if query.kind or count <= len(rows) else _address(query, kind=kind.value)
            sections.append(Section(kind=kind, words=KIND_WORDS[kind], rows=shown(rows), count=count, more_url=more))
    return sections


def _older(report: DriftReport, query: DriftQuery) -> str | None:
    if query.kind is None:
        return None
    page = page_of(report, query)
    return None if page.next is None else _address(query, after=page.next)


def _address(query: DriftQuery, **more: str) -> str:
    asked: dict[str, Any] = {"kind": query.kind, "severity": query.severity, "aside": "y" if query.aside else None}
    return url_for("oversight.drift", **{**asked, **more})


def _query() -> DriftQuery:
    """Return what the address asks for; what it says in no words of ours asks for nothing."""
    kind, severity = request.args.get("kind", ""), request.args.get("severity", "")
    asked = DriftQuery(
        kind=Kind(kind) if kind in set(Kind) else None,
        severity=Severity(severity) if severity in set(Severity) else None,
        aside=request.args.get("aside") == "y",
        after=request.args.get("after"),
        limit=_ON_A_PAGE,
    )
    try:
        page_of(DriftReport(findings=()), asked)
    except ValueError:
        return DriftQuery(kind=asked.kind, severity=asked.severity, aside=asked.aside, limit=_ON_A_PAGE)
    return asked


def _find(finding: str) -> Finding:
    context = current()
    return find_finding(report_for(context.session, drift_desk(context), context.actor), finding)


def _aside_page(finding: Finding, form: AsideForm) -> str:
    context = current()
    today = day_of(context.clock.now())
    return render_template(
        "oversight/drift/aside.html",
        form=form,
        row=shown([finding])[0],
        words=KIND_WORDS[finding.kind],
        labels=SEVERITY_LABELS,
        tones=SEVERITY_TONES,
        first=today + timedelta(days=1),
        last=today + LONGEST,
    )


def _desk(context: RequestContext) -> Desk:
    return Desk(context.clock, context.ids, context.get(Attestor))
