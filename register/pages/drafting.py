"""Drafting an activity, and correcting what it is called, what it is and who answers for it."""

import re
import unicodedata
import uuid
from collections import Counter
from http import HTTPStatus
from typing import Any, Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from governance.actor import Actor, Role, open_to
from governance.ids import parse_id
from governance.vault.attest import Attestor
from governance.vocabulary import SLUG_LENGTH
from governance.web.context import current
from register import service
from register.errors import RegisterError
from register.forms import ActivityForm, NewActivityForm, offer
from register.labels import CAPACITY_LABELS
from register.models import Activity, Party
from register.pages.entrance import DRAFTERS, blueprint, refuse
from register.permissions import check_drafts
from register.service import ActivityChange, NewActivity
from register.values import Capacity

# Parties are few: a firm, its processors, its partners. Of more, the later ones are named over REST.
MOST_PARTIES: Final = 200
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


@blueprint.get("/-/draft")
@open_to(*DRAFTERS)
def draft() -> ResponseReturnValue:
    """Show the form of a new activity."""
    form = NewActivityForm()
    _offer(form)
    return _page(form)


@blueprint.post("/-/draft")
@open_to(*DRAFTERS)
def add_draft() -> ResponseReturnValue:
    """Draft an activity."""
    context = current()
    form = NewActivityForm()
    _offer(form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    command = NewActivity(slug=(form.slug.data or "").strip() or slug_of(form.name_fr.data), **_given(form))
    try:
        activity = service.draft_activity(context.session, context.clock, context.ids, context.actor, command)
    except RegisterError as error:
        return _page(form, refusal=refuse(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("The activity is drafted. Now declare its purposes."), "given")
    return redirect(url_for("register.activity", slug=activity.slug), code=303)


@blueprint.get("/<slug>/description")
@open_to(*DRAFTERS)
def describe(slug: str) -> ResponseReturnValue:
    """Show the form by which an activity's own words are corrected."""
    activity = own_activity(slug)
    form = ActivityForm(data=_shown(activity))
    _offer(form, activity)
    return _page(form, activity)


@blueprint.post("/<slug>/description")
@open_to(*DRAFTERS)
def change_description(slug: str) -> ResponseReturnValue:
    """Correct an activity's own words, its owner or its controller."""
    context = current()
    activity = own_activity(slug)
    form = ActivityForm()
    _offer(form, activity)
    if not form.validate():
        return _page(form, activity), HTTPStatus.UNPROCESSABLE_ENTITY
    changed = {name: value for name, value in _given(form).items() if getattr(activity, name) != value}
    target = (slug, ActivityChange(**changed))
    try:
        if changed:
            service.change_activity(context.session, context.clock, context.get(Attestor), context.actor, target)
    except RegisterError as error:
        refusal = refuse(form, error)
        return _page(form, own_activity(slug), refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(gettext("Saved."), "given")
    return redirect(url_for("register.activity", slug=slug), code=303)


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


def _shown(activity: Activity) -> dict[str, Any]:
    return {
        "name_fr": activity.name_fr,
        "name_en": activity.name_en,
        "description": activity.description,
        "capacity": activity.capacity.value,
        "owner_id": str(activity.owner_id or ""),
        "controller_id": str(activity.controller_id or ""),
    }


def _given(form: ActivityForm) -> dict[str, Any]:
    return {
        "name_fr": form.name_fr.data.strip(),
        "name_en": form.name_en.data.strip(),
        "description": (form.description.data or "").replace("\r\n", "\n").strip(),
        "capacity": Capacity(form.capacity.data),
        "owner_id": parse_id(form.owner_id.data) if form.owner_id.data else None,
        "controller_id": parse_id(form.controller_id.data) if form.controller_id.data else None,
    }


def _offer(form: ActivityForm, activity: Activity | None = None) -> None:
    context = current()
    session = context.session
    owners = {str(each): name for each, name in service.possible_owners(session, context.clock.now()).items()}
    if activity is not None and activity.owner_id is not None:
        # Whoever is named already can stay so, though they hold the role no more.
        named = service.called(session, {activity.owner_id})
        owners.setdefault(str(activity.owner_id), named.get(activity.owner_id, str(activity.owner_id)))
    if activity is None and _is_owner_alone(context.actor):
        owners = {each: name for each, name in owners.items() if each == str(context.actor.id)}
    parties = parties_on_file(None if activity is None else activity.controller_id)
    offer(form.capacity, ((each.value, gettext(label)) for each, label in CAPACITY_LABELS.items()))
    offer(form.owner_id, owners.items(), none=str(lazy_gettext("nobody yet")))
    offer(form.controller_id, parties.items(), none=str(lazy_gettext("not said yet")))
    if activity is None and not form.is_submitted():
        form.owner_id.data = str(context.actor.id) if str(context.actor.id) in owners else ""
        form.controller_id.data = next(iter(parties)) if len(parties) == 1 else ""


def _is_owner_alone(actor: Actor) -> bool:
    return Role.OWNER in actor.roles and Role.DPO not in actor.roles


def _page(form: ActivityForm, activity: Activity | None = None, refusal: str | None = None) -> str:
    return render_template("register/describe.html", form=form, activity=activity, refusal=refusal)
