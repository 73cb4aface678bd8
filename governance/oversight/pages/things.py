"""Things as the pages of the plan and of the library name, link and offer them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import gettext
from sqlalchemy import select

from governance.actor import Role
from governance.errors import mark
from governance.oversight.accountability.labels import MATURITY_LABELS
from governance.oversight.drift.labels import KIND_WORDS
from governance.oversight.drift.reading import whole_report
from governance.oversight.drift.values import Finding
from governance.oversight.drift.views.words import told
from governance.oversight.models import PlanAction
from governance.oversight.pages.drift import drift_desk, place_of_finding
from governance.oversight.pages.entrance import address_of
from governance.oversight.pages.wording import named
from governance.oversight.permissions import SEERS, actions_seen, keeps, known_thing
from governance.oversight.plan.labels import ABOUT_LABELS
from governance.oversight.things import Found, find_things
from governance.oversight.values import About, Label, Thing
from governance.oversight.values.accountability import MaturityActivity
from governance.oversight.values.plan import OPEN
from governance.web.context import current
from register.catalogue.models import Contract
from register.models import Activity, Party

_MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing in words.

    Attributes:
        kind: Of what kind it is.
        title: What it is called.
        url: Its page; None where it is not for whoever looks.
        gone: Whether it is there no more; of a finding, that nothing differs any more.
    """

    kind: str
    title: str
    url: str | None
    gone: bool = False


def named_things(things: Iterable[Thing | None]) -> Mapping[Thing, Named]:
    """Return several things in words, in one statement for each kind among them; findings as they are found now."""
    wanted = [thing for thing in things if thing is not None]
    found = find_things(current().session, wanted)
    findings = _findings([thing.reference for thing in wanted if thing.about is About.DRIFT])
    return {thing: findings.get(thing.reference) or _named(thing, found.get(thing)) for thing in wanted}


def thing_asked() -> Thing | None:
    """Return the thing that the address names as `about` and `reference`, by its identifier; None where it names none.

    Raises:
        ThingNotFoundError: If it is not there, or not for whoever looks.
    """
    about, reference = request.args.get("about", ""), request.args.get("reference", "")
    if about not in set(About) or not reference:
        return None
    return known_thing(current().session, current().actor, About(about), reference)


def asked_for(thing: Thing | None) -> dict[str, str]:
    """Return a thing as an address names it."""
    return {} if thing is None else {"about": thing.about.value, "reference": thing.reference}


def as_choice(thing: Thing) -> str:
    """Return a thing as the choice of a form."""
    return f"{thing.about.value} {thing.reference}"


def of_choice(choice: str | None) -> Thing | None:
    """Return the thing that a form's choice names."""
    about, _, reference = (choice or "").partition(" ")
    return Thing(About(about), reference) if about in set(About) and reference else None


def offered_things(*, actions: bool) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen, under the heading of its kind.

    Args:
        actions: Whether the actions of the plan are offered, too.
    """
    context = current()
    session, actor = context.session, context.actor
    groups: dict[str, list[tuple[str, str]]] = {}
    if actor.roles & {*SEERS, Role.OWNER}:
        lines = select(Activity).order_by(Activity.name_fr, Activity.id).limit(_MOST)
        if not actor.roles & set(SEERS):
            lines = lines.where(Activity.owner_id == actor.id)
        found = [(str(each.id), named(Label(fr=each.name_fr, en=each.name_en))) for each in session.scalars(lines)]
        groups[_ACTIVITIES] = [(as_choice(Thing(About.ACTIVITY, key)), name) for key, name in found]
        if keeps(actor):
            groups[_ASSESSMENTS] = [(as_choice(Thing(About.ASSESSMENT, key)), name) for key, name in found]
        contracts = session.execute(
            select(Contract.id, Contract.label, Party.name)
            .join(Party, Party.id == Contract.party_id)
            .order_by(Party.name, Contract.id)
            .limit(_MOST)
        )
        groups[_CONTRACTS] = [
            (as_choice(Thing(About.CONTRACT, str(key))), f"{party} · {label}") for key, label, party in contracts
        ]
    if actions:
        rows = session.execute(
            select(PlanAction.id, PlanAction.title)
            .where(actions_seen(session, actor), PlanAction.state.in_(OPEN))
            .order_by(PlanAction.due_on, PlanAction.id)
            .limit(_MOST)
        )
        groups[_ACTIONS] = [(as_choice(Thing(About.ACTION, str(key))), title) for key, title in rows]
    return {gettext(heading): choices for heading, choices in groups.items() if choices}


def _findings(references: list[str]) -> Mapping[str, Named]:
    if not references:
        return {}
    context = current()
    report = whole_report(context.session, drift_desk(context))
    # Where what decides was altered as a set, the report tells of nothing else: what it lacks is not settled.
    gone = {} if not report.whole else dict.fromkeys(references, _settled())
    wanted = set(references)
    return gone | {each.id: _finding(each) for each in report.findings if each.id in wanted}


def _finding(finding: Finding) -> Named:
    title = f"{gettext(KIND_WORDS[finding.kind].title)} · {told(finding).title}"
    return Named(kind=gettext(ABOUT_LABELS[About.DRIFT]), title=title, url=place_of_finding(finding))


def _settled() -> Named:
    title = gettext("found no more: it is settled")
    return Named(kind=gettext(ABOUT_LABELS[About.DRIFT]), title=title, url=None, gone=True)


def _named(thing: Thing, found: Found | None) -> Named:
    kind = gettext(ABOUT_LABELS[thing.about])
    if found is None:
        return Named(kind=kind, title=gettext("no more there"), url=None, gone=True)
    return Named(kind=kind, title=_title(thing, found), url=address_of(found.endpoint, **_place(found)))


def _title(thing: Thing, found: Found) -> str:
    if found.altered:
        return str(gettext("altered outside Égide"))
    if found.label is not None:
        return named(found.label)
    if thing.about is About.MATURITY:
        return str(gettext(MATURITY_LABELS[MaturityActivity(thing.reference)]))
    return thing.reference


def _place(found: Found) -> dict[str, Any]:
    return dict(found.place)


_ACTIVITIES: Final = mark("Processing activities")
_ASSESSMENTS: Final = mark("Impact assessments")
_CONTRACTS: Final = mark("Contracts")
_ACTIONS: Final = mark("Actions of the plan")
