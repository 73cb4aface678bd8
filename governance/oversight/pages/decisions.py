"""`/decisions`: what waits for the controller. What is safe in one click is decided here; the rest has its page."""

import uuid
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.datamap.desk import MapDesk
from governance.identity.bearer import Secret
from governance.identity.errors import AnotherControllerNeededError
from governance.identity.service import countersign_token, revoke_token
from governance.oversight.decisions import every_alteration, goes_against, waiting_decisions
from governance.oversight.pages.entrance import address_of, blueprint, names_of
from governance.oversight.pages.wording import Line, lines_of, named, thing_named
from governance.oversight.values import Label
from governance.policies.acceptance import accept_policies
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.context import current
from governance.web.problems import sentence
from register.models import Activity

LOOKERS: Final = (Role.CONTROLLER, Role.DPO, Role.AUDITOR, Role.SECURITY)


@blueprint.get("/decisions")
@open_to(Role.CONTROLLER)
def decisions() -> ResponseReturnValue:
    """Show what waits for a decision, with the opinion of the data protection officer where there is one."""
    return _waiting()


def _waiting(*, secret: Secret | None = None, refusal: str | None = None) -> str:
    context = current()
    session, now = context.session, context.clock.now()
    waiting = waiting_decisions(session, context.get(Attestor), context.get(MapDesk), context.clock)
    people = [
        *(each.assignment.assigned_by for each in waiting.roles),
        *(each.made_by for each in waiting.tokens),
        *(each.advised_by for each in waiting.activities),
        *(each.person for each in (*waiting.asked, *waiting.observing)),
    ]
    names = names_of(session, people)
    return render_template(
        "oversight/decisions.html",
        now=now,
        secret=secret,
        refusal=refusal,
        waiting=waiting,
        names=names,
        asked=lines_of(waiting.asked, names),
        grants=lines_of(waiting.grants, names),
        maps=lines_of(waiting.maps, names),
        observing=lines_of(waiting.observing, names),
        activities=[_activity(each) for each in waiting.activities],
        thing_named=thing_named,
    )


@blueprint.post("/decisions/tokens/<uuid:token_id>/countersign")
@open_to(Role.CONTROLLER)
@confirmed_anew
def countersign_program(token_id: uuid.UUID) -> ResponseReturnValue:
    """Put a program's token in force, and show its secret, once."""
    context = current()
    try:
        issued = countersign_token(context.session, context.clock, context.get(Attestor), context.actor, token_id)
    except AnotherControllerNeededError as error:
        context.roll_back()
        return _waiting(refusal=sentence(error)), 422
    # Not a redirect: the secret is nowhere but in this answer.
    return _waiting(secret=issued.secret)


@blueprint.post("/decisions/tokens/<uuid:token_id>/decline")
@open_to(Role.CONTROLLER)
def decline_program(token_id: uuid.UUID) -> ResponseReturnValue:
    """Take a program's token back that waits."""
    context = current()
    revoke_token(context.session, context.clock, context.get(Attestor), context.actor, token_id)
    return _back(gettext("The token was declined; it never opened anything."))


@blueprint.get("/decisions/policies")
@open_to(*LOOKERS)
def policies() -> ResponseReturnValue:
    """Show what decides and is not as Égide wrote it."""
    return _policies()


@blueprint.post("/decisions/policies")
@open_to(Role.CONTROLLER)
@confirmed_anew
def accept() -> ResponseReturnValue:
    """Take the rows that decide as they stand."""
    context = current()
    try:
        state = accept_policies(context.session, context.get(Attestor), context.actor)
    except AttestationError as error:
        context.roll_back()
        return _policies(sentence(error)), 422
    return _back(gettext("Accepted as they stand: state %(epoch)s of the policies.", epoch=state.epoch))


def _policies(refusal: str | None = None) -> str:
    context = current()
    found = every_alteration(context.session, context.get(Attestor))
    return render_template(
        "oversight/policies.html",
        rows=[each for each in found if not each.reason],
        sets=[each for each in found if each.reason],
        refusal=refusal,
        thing_named=thing_named,
        decides=Role.CONTROLLER in context.actor.roles,
        back=address_of("oversight.decisions") or "/",
    )


def _activity(activity: Activity) -> Line:
    against = goes_against(activity)
    return Line(
        title=named(Label(fr=activity.name_fr, en=activity.name_en)),
        note=activity.opinion_text,
        do=gettext("Decide against the opinion") if against else gettext("See, then activate"),
        url=address_of("register.activity", slug=activity.slug),
        at=activity.changed_at,
        grave=against,
    )


def _back(said: str) -> ResponseReturnValue:
    flash(said, "given")
    return redirect(url_for("oversight.decisions"), code=303)
