"""The list of activities, and the record of one: what it declares, what is proposed, what was observed."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from audit.checkpoints import latest_note
from audit.notes import TreeHead, split_note
from audit.observed import observe
from governance.actor import Role, open_to
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.web.access import may_open
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import NarrowForm, offer
from register.labels import (
    BASIS_ARTICLES,
    CAPACITY_LABELS,
    CONDITION_ARTICLES,
    DONE_LABELS,
    MODE_LABELS,
    STATE_LABELS,
    STEP_WORDS,
)
from register.lifecycle import ActivityState, Mode
from register.models import Activity
from register.pages.entrance import DRAFTERS, READERS, blueprint
from register.pages.wording import labelled
from register.permissions import check_drafts
from register.record import ActivityRecord, Change, record_of
from register.service import ActivityFilter, ThreadFact
from register.values import Page

OBSERVED_DAYS: Final = 30
_ON_A_PAGE: Final = 50
_ALL: Final = lazy_gettext("all")
_TONES: Final[Mapping[str, str]] = {"activate": "given", "resume": "given", "suspend": "refused", "retire": "refused"}
# Pages of other rooms that a record leads to, where they exist.
_ELSEWHERE: Final = ("policies.matrix", "access.reviews")


@blueprint.get("/")
@open_to(*READERS)
def activities() -> ResponseReturnValue:
    """List the activities, narrowed as the address asks."""
    context = current()
    form = NarrowForm(formdata=request.args)
    offer(form.state, ((each.value, gettext(label)) for each, label in STATE_LABELS.items()), none=str(_ALL))
    valid = form.validate()
    page: Page[Any] = Page(rows=(), next=None)
    if valid:
        wanted = ActivityFilter(
            state=ActivityState(form.state.data) if form.state.data else None,
            owner_id=context.actor.id if form.mine.data else None,
        )
        after = parse_id(form.after.data) if form.after.data else None
        page = service.list_activity_rows(context.session, wanted, after=after, limit=_ON_A_PAGE)
    asked = {"state": form.state.data or None, "mine": "y" if form.mine.data else None}
    drawn = render_template(
        "register/activities.html",
        page=page,
        form=form,
        asked=asked,
        narrowed=any(asked.values()) or bool(form.after.data),
        may_draft=bool(context.actor.roles & frozenset(DRAFTERS)),
        heads_a_line=Role.OWNER in context.actor.roles,
    )
    return drawn, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/<slug>")
@open_to(*READERS)
def activity(slug: str) -> ResponseReturnValue:
    """Show the record of one activity."""
    context = current()
    session = context.session
    record = record_of(session, context.get(Attestor), slug)
    return render_template(
        "register/activity.html",
        record=record,
        activity=record.activity,
        prospects=list(service.prospects(session, context.actor, record.activity)),
        steps=STEP_WORDS,
        capacities=CAPACITY_LABELS,
        basis_articles=BASIS_ARTICLES,
        condition_articles=CONDITION_ARTICLES,
        may_draft=may_draft(record.activity),
        thread=_thread(
            slug,
            service.thread_of(session, record.activity),
            {lines.purpose.slug: labelled(lines.purpose) for lines in record.purposes},
        ),
        mirror=_mirror(record),
        elsewhere={name: _url(name) for name in _ELSEWHERE},
        modes_url=_url("policies.activity", slug=slug) if record.activity.running else None,
    )


def may_draft(activity: Activity) -> bool:
    """Say whether whoever looks may write on the record now."""
    try:
        check_drafts(current().actor, activity)
    except RegisterError:
        return False
    return True


def _thread(slug: str, facts: list[ThreadFact], names: Mapping[str, str]) -> list[dict[str, Any]]:
    proved = signed_size() if may_open(current_app, "log.proof", current().actor) else 0
    return [
        {
            "at": fact.at,
            "text": _said(fact, names),
            "note": " · ".join(
                part for part in (fact.who, gettext("“%(words)s”", words=fact.note) if fact.note else None) if part
            ),
            "tone": _TONES.get(fact.verb),
            "page_url": None
            if fact.revision is None
            else url_for("register.version", slug=slug, revision=fact.revision),
            "page_label": gettext("version %(number)s", number=fact.revision),
            "proof_url": url_for("log.proof", index=fact.index) if fact.index < proved else None,
        }
        for fact in facts
    ]


def _said(fact: ThreadFact, names: Mapping[str, str]) -> str:
    said: str = gettext(DONE_LABELS.get(fact.verb, fact.verb))
    what = names.get(fact.purpose, fact.purpose) if fact.purpose else _mode(fact)
    return said if what is None else str(gettext("%(what)s: %(which)s", what=said, which=what))


def _mode(fact: ThreadFact) -> str | None:
    if fact.verb != "set-mode" or fact.mode is None:
        return None
    return str(gettext(MODE_LABELS[Mode(fact.mode)])) if fact.mode in set(Mode) else fact.mode


def signed_size() -> int:
    """Return how many entries of the log the last checkpoint covers: those have a proof."""
    note = latest_note(current().session)
    return 0 if note is None else TreeHead.parse(split_note(note)[0]).size


def _mirror(record: ActivityRecord) -> dict[str, Any]:
    """Return what the log saw of the activity's purposes lately, beside what they declare."""
    context = current()
    since = context.clock.now() - timedelta(days=OBSERVED_DAYS)
    purposes = {lines.purpose.slug: lines for lines in record.purposes}
    seen = observe(context.session, purposes, since)
    declared = {
        slug: {line.role.value for line in lines.recipients if line.change is not Change.ADDED}
        for slug, lines in purposes.items()
    }
    return {
        "seen": seen,
        "days": OBSERVED_DAYS,
        # What a role reads without being declared, and what is declared and nobody reads: paper and practice apart.
        "undeclared": {slug: sorted(set(seen.by_purpose[slug].by_role) - declared[slug]) for slug in purposes},
        "unused": {slug: sorted(declared[slug] - set(seen.by_purpose[slug].by_role)) for slug in purposes},
    }


def _url(endpoint: str, slug: str | None = None) -> str | None:
    return url_for(endpoint, slug=slug) if may_open(current_app, endpoint, current().actor) else None
