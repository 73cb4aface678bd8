"""My access: what I hold, why, until when; what waits; what was decided."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from governance.actor import open_to_signed_in
from governance.identity.permissions import person
from governance.identity.service import names_of_actors
from governance.policies.mine import REMEMBERED, what_is_held
from governance.policies.pages.entrance import access
from governance.policies.pages.wording import link_to
from governance.policies.request_records import RequestQuery, list_requests
from governance.policies.values import RequestState
from governance.vault.attest import Attestor
from governance.web.context import current

_MOST: Final = 50


@access.get("/")
@open_to_signed_in
def mine() -> ResponseReturnValue:
    """Show what somebody holds and waits for."""
    context = current()
    now = context.clock.now()
    asked = list_requests(context.session, context.actor, RequestQuery(mine=True, limit=_MOST)).rows
    settled = [
        each
        for each in asked
        if each.request.state is not RequestState.WAITING and now - each.request.asked_at < REMEMBERED
    ]
    return render_template(
        "access/mine.html",
        mine=what_is_held(context.session, context.get(Attestor), context.actor, now),
        waiting=[each for each in asked if each.request.state is RequestState.WAITING],
        settled=settled,
        deciders=names_of_actors(
            context.session, {each.request.decided_by for each in settled if each.request.decided_by}
        ),
        now=now,
        may_ask=person(context.actor) is not None,
        requests_url=link_to("access.requests"),
    )
