"""Access reviews: who still needs what, activity by activity."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from governance.actor import Role, open_to
from governance.errors import DomainError
from governance.ids import parse_id
from governance.policies import service
from governance.policies.forms import ReviewForm
from governance.policies.pages.entrance import access
from governance.policies.pages.wording import link_to, told
from governance.policies.reviews import STALE, reviews_for
from governance.policies.service import Desk, ReviewGrants
from governance.policies.values import Verdict
from governance.vault.attest import Attestor
from governance.web.context import current
from register.declared import declared_purposes


@access.get("/reviews")
@open_to(Role.OWNER, Role.CONTROLLER)
def reviews() -> ResponseReturnValue:
    """Show what is to be looked at again."""
    return _page()


@access.post("/reviews")
@open_to(Role.OWNER, Role.CONTROLLER)
def review() -> ResponseReturnValue:
    """Keep some grants, or take them back."""
    context = current()
    form = ReviewForm()
    wanted = request.form.get("verdict", "")
    grants = _grants(form.grants.data or "")
    if not form.validate() or wanted not in set(Verdict) or not grants:
        return _page(refusal=gettext("Choose what becomes of it."), of=form.grants.data), 422
    verdict = Verdict(wanted)
    desk = Desk(context.clock, context.ids, context.get(Attestor))
    command = ReviewGrants(grant_ids=grants, verdict=verdict, reason=form.reason.data or "")
    try:
        done = service.review_grants(context.session, desk, context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(refusal=told(error), of=form.grants.data, reason=form.reason.data or ""), 422
    if verdict is Verdict.KEEP:
        flash(ngettext("%(num)d grant is kept.", "%(num)d grants are kept.", len(done)), "given")
    else:
        flash(ngettext("%(num)d grant is taken back.", "%(num)d grants are taken back.", len(done)), "given")
    return redirect(url_for("access.reviews"), code=303)


def _page(*, refusal: str | None = None, of: str | None = None, reason: str = "") -> str:
    context = current()
    now = context.clock.now()
    return render_template(
        "access/reviews.html",
        activities=reviews_for(context.session, context.actor, now),
        purposes=declared_purposes(context.session, context.get(Attestor)),
        stale_days=STALE.days,
        now=now,
        refusal=refusal,
        refused_of=of,
        typed=reason,
        matrix_url=link_to("policies.matrix"),
        requests_url=link_to("access.requests"),
    )


def _grants(written: str) -> tuple[uuid.UUID, ...]:
    found = [parse_id(each) for each in written.split()]
    return tuple(each for each in found if each is not None)
