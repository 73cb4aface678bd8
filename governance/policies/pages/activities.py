"""Observe and enforce: what enforcing an activity would change, and the switch."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.errors import DomainError
from governance.policies.forms import ObserveForm
from governance.policies.observed import observed_report
from governance.policies.pages.entrance import READERS, policies
from governance.policies.pages.wording import link_to
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.problems import sentence
from register.declared import declared_purposes
from register.lifecycle import ActivityState, Mode
from register.service import SetMode, get_activity, loosened_by, set_mode

PERIODS: Final = (7, 30, 90, 180)
DEFAULT_PERIOD: Final = 30


@policies.get("/activities/<slug>")
@open_to(*READERS)
def activity(slug: str) -> ResponseReturnValue:
    """Show the mode of an activity, and what enforcing it would have changed."""
    return _page(slug)


@policies.post("/activities/<slug>/mode")
@open_to(Role.CONTROLLER)
@confirmed_anew
def switch_mode(slug: str) -> ResponseReturnValue:
    """Let an activity's rules refuse, or only report."""
    context = current()
    wanted = request.form.get("mode", "")
    form = ObserveForm()
    if wanted not in set(Mode) or (wanted == Mode.OBSERVE and not form.validate()):
        return _page(slug, form=form), 422
    command = SetMode(activity=slug, mode=Mode(wanted), reason=form.reason.data or "", days=form.days.data)
    try:
        set_mode(context.session, context.clock, context.get(Attestor), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(slug, error, form), 422
    enforced = command.mode is Mode.ENFORCE
    flash(
        gettext("The rules refuse from now on.") if enforced else gettext("The rules only report from now on."), "given"
    )
    return redirect(url_for("policies.activity", slug=slug), code=303)


def _page(slug: str, error: DomainError | None = None, form: ObserveForm | None = None) -> str:
    context = current()
    now = context.clock.now()
    found = get_activity(context.session, slug)
    days = request.args.get("days", type=int)
    period = days if days in PERIODS else DEFAULT_PERIOD
    purposes = declared_purposes(context.session, context.get(Attestor))
    report = observed_report(context.session, found, now, period)
    return render_template(
        "policies/activity.html",
        activity=found,
        now=now,
        report=report,
        period=period,
        periods=PERIODS,
        purposes={slug: purpose for slug, purpose in purposes.items() if purpose.activity_slug == found.slug},
        switchable=Role.CONTROLLER in context.actor.roles and found.state is not ActivityState.RETIRED,
        observing=found.mode_at(now) is Mode.OBSERVE,
        loosened=loosened_by(context.session, found),
        form=form or ObserveForm(formdata=None),
        refusal=None if error is None else sentence(error),
        record_url=link_to("register.activity", slug=found.slug),
    )
