"""The list of activities, and the record of one: what it declares, what is proposed, what was observed."""

import uuid
from collections.abc import Mapping, Sequence
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
from governance.days import day_of
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.vocabulary import DataCategory, LawfulBasis
from governance.web.access import may_open
from governance.web.context import current
from register import service
from register.articles import articles_of
from register.catalogue.adequacy import adequacy_on
from register.catalogue.contracts import contract_states
from register.catalogue.countries import EEA
from register.catalogue.labels import CONTRACT_STATE_LABELS, CONTRACT_TONES
from register.catalogue.models import Adequacy
from register.catalogue.values import ContractState
from register.enforcement import Enforcements
from register.errors import RegisterError
from register.forms import NarrowForm, offer
from register.labels import (
    BASIS_ARTICLES,
    CAPACITY_LABELS,
    CONDITION_ARTICLES,
    DONE_LABELS,
    MODE_LABELS,
    OLDER_LABELS,
    PART_LABELS,
    REGISTER_LABELS,
    STATE_LABELS,
    STEP_WORDS,
)
from register.lifecycle import ActivityState, Mode
from register.lines.contents import DecisionLine, PartyLine
from register.lines.labels import SUBJECT_WORDS
from register.lines.rights import rights_under
from register.lines.values import Relation, Subject
from register.models import Activity
from register.pages.beside import Beside
from register.pages.drafting import reader_language
from register.pages.entrance import DRAFTERS, READERS, blueprint
from register.pages.older import standings
from register.pages.pictures import heatmap
from register.pages.questionnaires import listed_questionnaires
from register.pages.wording import labelled, word
from register.pages.worth import worth_adding
from register.permissions import check_drafts, check_keeps
from register.record import ActivityRecord, Change, record_of
from register.service import ActivityFilter, Prospect, ThreadFact
from register.service.life.steps import WHATEVER_IT_SAYS
from register.starting_points.schemas.loader import starting_points
from register.values import Page, Register

OBSERVED_DAYS: Final = 30
_ON_A_PAGE: Final = 50
# What is written whole, on one page.
_WHOLE: Final = frozenset({Subject.MEASURES, Subject.PEOPLE, Subject.RIGHTS, Subject.ASSETS})
_ALL: Final = lazy_gettext("all")
_BOTH: Final = lazy_gettext("both")
_TONES: Final[Mapping[str, str]] = {"activate": "given", "resume": "given", "suspend": "refused", "retire": "refused"}
# Pages of other rooms that a record leads to, where they exist.
_ELSEWHERE: Final = ("policies.matrix", "access.reviews", "oversight.drift")


@blueprint.get("/")
@open_to(*READERS)
def activities() -> ResponseReturnValue:
    """List the activities, narrowed as the address asks."""
    context = current()
    form = NarrowForm(formdata=request.args)
    _offer(form)
    valid = form.validate()
    page: Page[Any] = Page(rows=(), next=None)
    if valid:
        wanted = ActivityFilter(
            state=ActivityState(form.state.data) if form.state.data else None,
            owner_id=context.actor.id if form.mine.data else None,
            register=Register(form.capacity.data) if form.capacity.data else None,
            to_review_by=day_of(context.clock.now()) if form.to_review.data else None,
            text=form.text.data or "",
            category=DataCategory(form.category.data) if form.category.data else None,
            basis=LawfulBasis(form.basis.data) if form.basis.data else None,
            party_id=parse_id(form.party.data) if form.party.data else None,
        )
        after = parse_id(form.after.data) if form.after.data else None
        page = service.list_activity_rows(
            context.session, wanted, today=day_of(context.clock.now()), after=after, limit=_ON_A_PAGE
        )
    asked = {
        **{name: form[name].data or None for name in ("text", "state", "capacity", "category", "basis", "party")},
        "mine": "y" if form.mine.data else None,
        "to_review": "y" if form.to_review.data else None,
    }
    drawn = render_template(
        "register/activities.html",
        page=page,
        form=form,
        asked=asked,
        narrowed=any(asked.values()) or bool(form.after.data),
        may_draft=bool(context.actor.roles & frozenset(DRAFTERS)),
        goes_on={row.activity.id for row in page.rows if may_draft(row.activity)},
        heat=heatmap(page.rows) if request.args.get("view") == "map" and page.rows else None,
        heads_a_line=Role.OWNER in context.actor.roles,
        marks=context.get(Enforcements).of(context.session, [row.activity for row in page.rows], context.clock.now()),
        drift_url=_url("oversight.drift"),
        sets_periods=Role.DPO in context.actor.roles,
        now=context.clock.now(),
        today=day_of(context.clock.now()),
    )
    return drawn, HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY


def _offer(form: NarrowForm) -> None:
    none = str(_ALL)
    offer(form.state, ((each.value, gettext(label)) for each, label in STATE_LABELS.items()), none=none)
    offer(form.capacity, ((each.value, gettext(label)) for each, label in REGISTER_LABELS.items()), none=str(_BOTH))
    offer(form.category, ((each.value, word(each)) for each in DataCategory), none=none)
    offer(form.basis, ((each.value, word(each)) for each in LawfulBasis), none=none)
    offer(form.party, service.parties_named(current().session), none=none)


@blueprint.get("/<slug>")
@open_to(*READERS)
def activity(slug: str) -> ResponseReturnValue:
    """Show the record of one activity."""
    context = current()
    session = context.session
    record = record_of(session, context.get(Attestor), slug)
    return render_template(
        "register/activity.html",
        kept=len(service.version_numbers(session, record.activity.id)),
        record=record,
        activity=record.activity,
        prospects=_prospects(record),
        steps=STEP_WORDS,
        capacities=CAPACITY_LABELS,
        basis_articles=BASIS_ARTICLES,
        condition_articles=CONDITION_ARTICLES,
        may_draft=may_draft(record.activity),
        may_keep=may_keep(record.activity),
        review=service.review_of(session, record.activity),
        now=context.clock.now(),
        subjects=SUBJECT_WORDS,
        whole=_WHOLE,
        contracts=_contracts(record),
        adequacy=_adequacy(record),
        eea=EEA,
        rights=_rights(record),
        contract_labels=CONTRACT_STATE_LABELS,
        contract_tones=CONTRACT_TONES,
        articles=articles_of(record.activity.capacity),
        thread=_thread(
            slug,
            service.thread_of(session, record.activity),
            {lines.purpose.slug: labelled(lines.purpose) for lines in record.purposes},
        ),
        mirror=_mirror(record),
        older=standings(list(record.purposes)),
        older_labels=OLDER_LABELS,
        points=service.points_of(session, record.activity.id),
        beside=context.get(Beside).look_up("activity", str(record.activity.id)),
        **_defaults(record.activity),
        **worth_adding(record, writes=may_draft(record.activity)),
        enforcement=context.get(Enforcements).of(session, [record.activity], context.clock.now()).get(slug),
        **listed_questionnaires(record.activity),
        elsewhere={name: _url(name) for name in _ELSEWHERE},
        modes_url=_url("policies.activity", slug=slug) if record.activity.running else None,
    )


def _prospects(record: ActivityRecord) -> Sequence[Prospect]:
    """Return the steps that can be taken now: where something was altered, those that wait for nothing."""
    context = current()
    if any(each.kind == Activity.__tablename__ for each in record.altered):
        return []
    every = service.prospects(context.session, context.actor, record.activity, context.clock.now())
    return [each for each in every if not record.altered or each.verb in WHATEVER_IT_SAYS]


def _contracts(record: ActivityRecord) -> Mapping[uuid.UUID, ContractState]:
    """Return how the contracts of the processors of a record stand today."""
    named = [line.content for line in record.lines[Subject.PARTIES]]
    processors = {
        each.party_id for each in named if isinstance(each, PartyLine) and each.relation is Relation.PROCESSOR
    }
    return contract_states(current().session, processors, day_of(current().clock.now()))


def _adequacy(record: ActivityRecord) -> Mapping[str, Adequacy]:
    """Return the decisions on adequacy that are in force today for the countries of a record."""
    countries = {getattr(line.content, "country", "") for line in record.lines[Subject.TRANSFERS]}
    return adequacy_on(current().session, countries, day_of(current().clock.now()))


def _rights(record: ActivityRecord) -> list[tuple[str, str]]:
    decisions = [line.content for line in record.lines[Subject.DECISIONS]]
    alone = any(isinstance(each, DecisionLine) and each.solely for each in decisions)
    return list(rights_under({lines.purpose.basis for lines in record.purposes}, decides_alone=alone))


def may_draft(activity: Activity) -> bool:
    """Say whether whoever looks may write on the record now."""
    try:
        check_drafts(current().actor, activity)
    except RegisterError:
        return False
    return True


def may_keep(activity: Activity) -> bool:
    """Say whether whoever looks may look after the record, whatever its state."""
    try:
        check_keeps(current().actor, activity)
    except RegisterError:
        return False
    return True


def _defaults(activity: Activity) -> dict[str, Any]:
    """Return what of a starting point nobody has looked at, and what it asks the firm to look at."""
    unconfirmed = service.unconfirmed_defaults(current().session, activity.id)
    # A version of the program to come may have this starting point no more.
    point = starting_points().get(unconfirmed.starting_point or "")
    return {"unconfirmed": unconfirmed, "point": point, "parts": PART_LABELS, "language": reader_language()}


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
            "page_label": gettext("version %(number)s", number=fact.number),
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
