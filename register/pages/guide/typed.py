"""What is typed at a question and not saved: kept in the background, and forgotten when its author says so."""

from http import HTTPStatus

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from governance.actor import open_to
from governance.web.context import current
from register import service
from register.errors import LineNotFoundError
from register.guide.values import Place
from register.pages.drafting import own_activity
from register.pages.entrance import DRAFTERS, blueprint, guide_url
from register.pages.guide.asking import at
from register.pages.guide.frame import seal
from register.pages.guide.walk import sent


@blueprint.post("/<slug>/guide/-/typed")
@open_to(*DRAFTERS)
def keep_typed(slug: str) -> ResponseReturnValue:
    """Keep what is typed at a question, as the page's script sends it."""
    context = current()
    activity, place = own_activity(slug), _place()
    at(activity, place, {})
    kept = service.keep_draft(context.session, context.clock, seal(), context.actor, (activity, place, sent()))
    return Response(status=HTTPStatus.NO_CONTENT if kept else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@blueprint.post("/<slug>/guide/-/forget")
@open_to(*DRAFTERS)
def forget_typed(slug: str) -> ResponseReturnValue:
    """Forget what was typed at a question, and show what is on record."""
    context = current()
    activity, place = own_activity(slug), _place()
    service.drop_draft(context.session, context.actor, activity, place)
    return redirect(guide_url(slug, place), code=303)


def _place() -> Place:
    key = request.form.get("place", "")
    place = Place.read(key)
    if place is None:
        raise LineNotFoundError(reference=key[:64])
    return place
