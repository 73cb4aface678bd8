"""The pages of whoever keeps the house running: its health, and its keys."""

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import Role, confirmed_anew, open_to
from governance.administration import service
from governance.administration.looking import Looker, look
from governance.administration.rotating import ask_for_rotation, rotation_under_way, was_blocked
from governance.administration.values import STATE_LABELS
from governance.jobs.errors import JobNotDeadError
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.key_status import status as key_status
from governance.vault.keyring import Keyring
from governance.web.context import RequestContext, current
from governance.web.problems import spoken

blueprint: Final = Blueprint("administration", __name__, url_prefix="/administration")
WATCHERS: Final = (Role.ADMIN, Role.CONTROLLER)


def looker(context: RequestContext) -> Looker:
    """Return what there is to look at."""
    return Looker(
        database=context.database,
        clock=context.clock,
        keyring=context.get(Keyring),
        attestor=context.get(Attestor),
        settings=context.get(Settings),
    )


@blueprint.get("/health")
@open_to(*WATCHERS)
def health() -> ResponseReturnValue:
    """Show how the installation stands."""
    context = current()
    return render_template(
        "administration/health.html",
        health=look(context.session, looker(context)),
        mail=context.get(Settings).smtp is not None,
        acts=Role.ADMIN in context.actor.roles,
        labels=STATE_LABELS,
        spoken=spoken,
    )


@blueprint.post("/jobs/<uuid:job_id>/retry")
@open_to(Role.ADMIN)
def retry_job(job_id: UUID) -> ResponseReturnValue:
    """Let a job that was given up be tried again; pressed twice, it is tried once."""
    context = current()
    try:
        service.retry_job(context.session, context.clock, context.actor, job_id)
    except JobNotDeadError:
        context.roll_back()
        flash(gettext("This job is no longer given up."), "info")
    else:
        flash(gettext("It will be tried again in a moment."), "given")
    return redirect(url_for("administration.health"), code=303)


@blueprint.post("/test-letter")
@open_to(Role.ADMIN)
def test_letter() -> ResponseReturnValue:
    """Have a letter sent to whoever asks."""
    context = current()
    if service.send_test_letter(context.session, context.clock, context.ids, context.actor):
        flash(
            gettext("A letter to you is on its way. If none comes, look below at the work that was given up."), "given"
        )
    return redirect(url_for("administration.health"), code=303)


@blueprint.get("/keys")
@open_to(Role.ADMIN)
def keys() -> ResponseReturnValue:
    """Show the epochs of the keys, and by when the next rotation is due."""
    context = current()
    found = key_status(context.session, context.get(Keyring), context.clock, context.get(Settings))
    return render_template(
        "administration/keys.html",
        keys=found,
        job=rotation_under_way(context.session),
        blocked=was_blocked(context.session),
        now=context.clock.now(),
    )


@blueprint.get("/keys/rotate")
@open_to(Role.ADMIN)
@confirmed_anew
def confirm_rotation() -> ResponseReturnValue:
    """Ask once more."""
    back = url_for("administration.keys")
    return render_template(
        "components/confirm.html",
        title=gettext("Rotate the keys"),
        text=gettext("Every person’s key is wrapped anew under a fresh key of the house; the old one is destroyed."),
        consequences=[
            gettext("The service goes on meanwhile; the worker does it in small steps."),
            gettext("What was erased before becomes unreadable in every copy made before, for good."),
            gettext("Backups made before can no longer be restored with the new keyring: make one afterwards."),
        ],
        verb=gettext("Rotate now"),
        grave=False,
        action=url_for("administration.rotate"),
        back=back,
        steps=[(gettext("Keys"), back)],
    )


@blueprint.post("/keys/rotate")
@open_to(Role.ADMIN)
@confirmed_anew
def rotate() -> ResponseReturnValue:
    """Have the keys rotated by the worker."""
    context = current()
    ask_for_rotation(context.session, context.clock, context.ids, context.actor)
    flash(gettext("The rotation begins in a moment."), "given")
    return redirect(url_for("administration.keys"), code=303)
