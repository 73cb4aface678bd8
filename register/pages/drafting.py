"""Drafting an activity, and correcting what it is called, what it is and who answers for it."""

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext, lazy_gettext

from governance.actor import Actor, Role, open_to
from governance.identity.service import called
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.vocabulary import SLUG_LENGTH
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import ActivityForm, NewActivityForm, offer
from register.guide.values import GuideStep, Place
from register.labels import CAPACITY_LABELS
from register.models import Activity, Party
from register.pages.entrance import DRAFTERS, blueprint, desk, refuse
from register.pages.meanwhile import form_page, unseen
from register.permissions import check_drafts
from register.service import ActivityChange, NewActivity, StartActivity
from register.service.loading import locked_activity
from register.starting_points.schemas.loader import starting_point, starting_points
from register.starting_points.values import Language, StartingPoint
from register.values import Capacity

# Parties are few: a firm, its processors, its partners. Of more, the later ones are named over REST.
MOST_PARTIES: Final = 200
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


@blueprint.get("/-/start")
@open_to(*DRAFTERS)
def start() -> ResponseReturnValue:
    """Offer what a new activity can be drafted from."""
    return render_template("register/start.html", points=starting_points().values(), language=reader_language())


@blueprint.get("/-/draft")
@open_to(*DRAFTERS)
def draft() -> ResponseReturnValue:
    """Show the form of a new activity, filled in where the address names a starting point."""
    point = _point()
    form = NewActivityForm(data={} if point is None else _proposed(point))
    offer_words(form)
    return _page(form, point=point)


@blueprint.post("/-/draft")
@open_to(*DRAFTERS)
def add_draft() -> ResponseReturnValue:
    """Draft an activity, with the purposes of the starting point that the address names."""
    context = current()
    point = _point()
    form = NewActivityForm()
    offer_words(form)
    if not form.validate():
        return _page(form, point=point), HTTPStatus.UNPROCESSABLE_ENTITY
    slug = (form.slug.data or "").strip() or service.free_slug(
        context.session, Activity.slug, slug_of(form.name_fr.data)
    )
    command = NewActivity(slug=slug, **given_words(form))
    try:
        if point is None:
            activity = service.draft_activity(context.session, context.clock, context.ids, context.actor, command)
            said = gettext("The activity is drafted. Now answer one question after the other; everything is kept.")
        else:
            begun = StartActivity(point=point, activity=command, language=reader_language())
            activity = service.start_activity(context.session, desk(), context.actor, begun)
            said = gettext("The activity is drafted and filled in. Now look at each answer, one by one.")
    except RegisterError as error:
        return _page(form, refusal=refuse(form, error), point=point), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(said, "given")
    # What it is was just said.
    service.leave_place(context.session, context.clock, context.actor, activity, Place(step=GuideStep.WHAT))
    return redirect(url_for("register.guide", slug=activity.slug), code=303)


@blueprint.get("/<slug>/description")
@open_to(*DRAFTERS)
def describe(slug: str) -> ResponseReturnValue:
    """Show the form by which an activity's own words are corrected."""
    activity = own_activity(slug)
    form = ActivityForm(data=shown_words(activity))
    offer_words(form, activity)
    return _page(form, activity)


@blueprint.post("/<slug>/description")
@open_to(*DRAFTERS)
def change_description(slug: str) -> ResponseReturnValue:
    """Correct an activity's own words, its owner or its controller."""
    context = current()
    activity = held_activity(slug)
    form = ActivityForm(data=shown_words(activity))
    offer_words(form, activity)
    if not form.validate():
        return _page(form, activity), HTTPStatus.UNPROCESSABLE_ENTITY
    if meanwhile := unseen(form, activity):
        return _page(form, activity, meanwhile=meanwhile), HTTPStatus.CONFLICT
    changed = {name: value for name, value in given_words(form).items() if getattr(activity, name) != value}
    target = (slug, ActivityChange(**changed))
    try:
        if changed:
            service.change_activity(context.session, context.clock, context.get(Attestor), context.actor, target)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(form, own_activity(slug), refusal=refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.activity", slug=slug), code=303)


def reader_language() -> Language:
    """Return the language of whoever looks, of those that starting points are written in."""
    return Language.ENGLISH if get_locale().language == "en" else Language.FRENCH


def slug_of(name: str) -> str:
    """Return a short name made of a long one: its letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = _NO_SLUG.sub("-", plain).strip("-")
    return (made if made[:1].isalpha() else f"a-{made}".strip("-"))[:SLUG_LENGTH].strip("-")


def own_activity(slug: str) -> Activity:
    """Return an activity that whoever looks may write on.

    Raises:
        RegisterError: If there is none, it is for somebody else, or not now.
    """
    activity = service.get_activity(current().session, slug)
    check_drafts(current().actor, activity)
    return activity


def held_activity(slug: str) -> Activity:
    """Return an activity that whoever sends a form may write on, held until all is written.

    Raises:
        RegisterError: As `own_activity`.
    """
    own_activity(slug)
    # Held from here on, so that nobody writes between the comparison and what is written.
    return locked_activity(current().session, current().get(Attestor), slug)


def parties_on_file(*named: uuid.UUID | None) -> dict[str, str]:
    """Return the organisations to choose from, by identifier: whoever is named already is always among them."""
    session = current().session
    there = {each.id: each for each in service.list_parties(session, after=None, limit=MOST_PARTIES).rows}
    for each in named:
        if each is not None and each not in there:
            there[each] = service.find_party(session, each)
    times = Counter(party.name for party in there.values())
    return {str(each): party.name if times[party.name] == 1 else _told_apart(party) for each, party in there.items()}


def _told_apart(party: Party) -> str:
    # A firm whose officer changes is put on file anew, under the same name.
    officer = None if party.dpo_id is None else service.find_party(current().session, party.dpo_id).name
    return str(gettext("%(name)s (DPO: %(dpo)s)", name=party.name, dpo=officer or gettext("nobody on file")))


def _point() -> StartingPoint | None:
    named = request.args.get("from")
    return None if named is None else starting_point(named)


def _proposed(point: StartingPoint) -> dict[str, str]:
    return {
        "name_fr": point.name.fr,
        "name_en": point.name.en,
        "description": point.description.written(reader_language()),
    }


def shown_words(activity: Activity) -> dict[str, Any]:
    """Return what a form shows of an activity's words."""
    return {
        "name_fr": activity.name_fr,
        "name_en": activity.name_en,
        "reference": activity.reference,
        "kept_since": activity.kept_since,
        "description": activity.description,
        "capacity": activity.capacity.value,
        "owner_id": str(activity.owner_id or ""),
        "controller_id": str(activity.controller_id or ""),
    }


def given_words(form: ActivityForm) -> dict[str, Any]:
    """Return what was written in a form of an activity's words, or in a part of it."""
    read: Mapping[str, Callable[[str], Any]] = {
        "name_fr": str.strip,
        "name_en": lambda typed: typed.strip() or form.name_fr.data.strip(),
        "reference": str.strip,
        "description": lambda typed: typed.replace("\r\n", "\n").strip(),
        "capacity": Capacity,
        "owner_id": parse_id,
        "controller_id": parse_id,
    }
    words = {name: of(form[name].data or "") for name, of in read.items() if name in form}
    return words | ({"kept_since": form.kept_since.data} if "kept_since" in form else {})


def offer_words(form: ActivityForm, activity: Activity | None = None) -> None:
    """Give a form of an activity's words its choices, and for a new one the likely ones."""
    running = activity is not None and activity.running
    capacities = {activity.capacity} if activity is not None and running else set(CAPACITY_LABELS)
    offer(
        form.capacity, ((each.value, gettext(CAPACITY_LABELS[each])) for each in CAPACITY_LABELS if each in capacities)
    )
    owners = _possible_owners(activity)
    offer(form.owner_id, owners.items(), none=str(lazy_gettext("nobody yet")))
    parties = parties_on_file(None if activity is None else activity.controller_id)
    offer(form.controller_id, parties.items(), none=str(lazy_gettext("not said yet")))
    if activity is None and not form.is_submitted():
        own = str(current().actor.id)
        form.owner_id.data = own if own in owners else ""
        usual = str(service.usual_controller(current().session) or "")
        form.controller_id.data = usual if usual in parties else ""


def _possible_owners(activity: Activity | None) -> dict[str, str]:
    context = current()
    session = context.session
    owners = {str(each): name for each, name in service.possible_owners(session, context.clock.now()).items()}
    if activity is not None and activity.owner_id is not None:
        # Whoever is named already can stay so, though they hold the role no more.
        named = called(session, {activity.owner_id})
        owners.setdefault(str(activity.owner_id), named.get(activity.owner_id, str(activity.owner_id)))
    if activity is None and _is_owner_alone(context.actor):
        owners = {each: name for each, name in owners.items() if each == str(context.actor.id)}
    return owners


def _is_owner_alone(actor: Actor) -> bool:
    return Role.OWNER in actor.roles and Role.DPO not in actor.roles


def _page(
    form: ActivityForm, activity: Activity | None = None, *, point: StartingPoint | None = None, **said: Any
) -> str:
    language = reader_language()
    return form_page("register/describe.html", form, activity=activity, point=point, language=language, **said)
