"""`/watch`: what security looks at, and containment: an account or a token closed within a minute."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from audit.counts import Trouble, reads_by_account
from audit.labels import ACTION_LABELS, OUTCOME_LABELS
from governance.actor import Role, open_to
from governance.errors import DomainError, mark
from governance.identity.devices import device_name
from governance.oversight.containment import Contain, Holder, contain, holder_of
from governance.oversight.errors import OwnAccountError
from governance.oversight.forms import ContainForm
from governance.oversight.pages.entrance import address_of, blueprint, names_of, span_of
from governance.oversight.pages.wording import lines_of, thing_named
from governance.oversight.watch import AT_LEAST, TIMES, USUAL_DAYS, WITHOUT_USUAL, watch
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.navigation import PLACES
from governance.web.problems import sentence

CONTAINERS: Final = (Role.SECURITY, Role.CONTROLLER, Role.ADMIN)
_KEPT_OPEN: Final = mark(
    "%(name)s is signed out everywhere and its tokens are taken back. The account stays open, for it is the last "
    "controller’s: have its holder choose another password now, and name a second controller."
)
_PLACE_LABELS: Final[Mapping[str, str]] = {place.endpoint: place.label for place in PLACES}


@blueprint.get("/watch", endpoint="watch")
@open_to(Role.SECURITY)
def look() -> ResponseReturnValue:
    """Show refusals, failures, unusual volume, locked accounts and what was found altered."""
    context = current()
    session, now, span = context.session, context.clock.now(), span_of()
    found = watch(session, context.get(Attestor), now, span)
    people = [*(each.actor_id for each in found.troubles), *(each.actor_id for each in found.unusual)]
    names = names_of(session, people)
    return render_template(
        "oversight/watch.html",
        now=now,
        found=found,
        names=names,
        troubles=[_trouble(each, names) for each in found.troubles],
        altered=lines_of(found.altered, names),
        rule={"times": TIMES, "least": AT_LEAST, "days": USUAL_DAYS, "without": WITHOUT_USUAL},
        log_of=lambda **asked: address_of("log.entries", **asked),
    )


@blueprint.get("/watch/<uuid:holder_id>")
@open_to(*CONTAINERS)
def holder(holder_id: uuid.UUID) -> ResponseReturnValue:
    """Show what an account or a program's token holds, and its last four weeks."""
    context = current()
    span = span_of()
    found = holder_of(context.session, context.clock, holder_id)
    course = reads_by_account(context.session, span).get(holder_id, [0] * len(span.days))
    return render_template(
        "oversight/holder.html",
        holder=found,
        span=span,
        course=course,
        device_name=device_name,
        own=holder_id == context.actor.id,
        log=address_of("log.entries", actor=holder_id),
        refused=address_of("log.entries", actor=holder_id, outcome="refused"),
        steps=_steps(),
    )


@blueprint.get("/watch/<uuid:holder_id>/contain")
@open_to(*CONTAINERS)
def ask_to_contain(holder_id: uuid.UUID) -> ResponseReturnValue:
    """Say what containing somebody does, and ask on what ground."""
    context = current()
    return _confirm(holder_of(context.session, context.clock, holder_id), ContainForm())


@blueprint.post("/watch/<uuid:holder_id>/contain")
@open_to(*CONTAINERS)
def contain_now(holder_id: uuid.UUID) -> ResponseReturnValue:
    """Close an account with all that acts in its name, or a program's token."""
    context = current()
    form = ContainForm()
    found = holder_of(context.session, context.clock, holder_id)
    if not form.validate():
        return _confirm(found, form), 422
    command = Contain(holder_id=holder_id, ground=form.chosen, programs=bool(form.programs.data))
    try:
        done = contain(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)
    except OwnAccountError as error:
        context.roll_back()
        return _confirm(holder_of(context.session, context.clock, holder_id), form, error), 422
    if done.kept_open:
        flash(gettext(_KEPT_OPEN, name=found.name), "due")
    else:
        flash(gettext("%(name)s is closed. It is kept as evidence.", name=found.name), "given")
    return redirect(url_for("oversight.holder", holder_id=holder_id), code=303)


def _confirm(found: Holder, form: ContainForm, error: DomainError | None = None) -> str:
    if not found.made:
        del form.programs
    return render_template(
        "components/confirm.html",
        title=gettext("Close %(name)s", name=found.name),
        text=gettext(
            "Containment is for an account or a token that may be in other hands. It takes effect at once; opening "
            "again is for whoever looks after accounts."
        ),
        consequences=_consequences(found),
        action=url_for("oversight.contain_now", holder_id=found.id),
        verb=gettext("Close it now"),
        back=url_for("oversight.holder", holder_id=found.id),
        form=form,
        grave=True,
        refusal=None if error is None else sentence(error),
        steps=[*_steps(), (found.name, url_for("oversight.holder", holder_id=found.id))],
    )


def _consequences(found: Holder) -> list[str]:
    if found.token is not None:
        return [
            gettext("The token is taken back: the program is refused from its next request on."),
            gettext("What the program did stays in the log, and so does this."),
        ]
    kept = [_kept()] if any(each.role is Role.CONTROLLER and each.countersigned_at for each in found.roles) else []
    return [
        gettext("The account is disabled: nobody signs in with it, and its sessions end at once (%(num)s now).",
                num=len(found.sessions)),
        gettext("Its own tokens are taken back (%(num)s now).", num=len(found.tokens)),
        gettext("Its roles reach nothing. Grants belong to roles, and stay: take one back where it is no longer owed."),
        *kept,
        gettext("What it did stays in the log, and so does this."),
    ]  # fmt: skip


def _kept() -> str:
    told: str = gettext("The last controller’s account itself stays open: without it nobody could name another.")
    return told


def _steps() -> list[tuple[str, str]]:
    url = address_of("oversight.watch")
    return [] if url is None else [(gettext("Vigilance"), url)]


def _trouble(trouble: Trouble, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    place = _PLACE_LABELS.get(trouble.object_id or "")
    asked = {"action": trouble.action.value, "outcome": trouble.outcome.value, "object": trouble.object_type}
    if trouble.actor_id is not None:
        asked["actor"] = str(trouble.actor_id)
    return {
        "who": None if trouble.actor_id is None else names.get(trouble.actor_id, str(trouble.actor_id)),
        "holder": None if trouble.actor_id is None else url_for("oversight.holder", holder_id=trouble.actor_id),
        "action": gettext(ACTION_LABELS[trouble.action]),
        "outcome": gettext(OUTCOME_LABELS[trouble.outcome]),
        "thing": thing_named(trouble.object_type),
        "place": gettext(place) if place is not None else trouble.object_id,
        "count": trouble.count,
        "last_at": trouble.last_at,
        "url": address_of("log.entries", **asked),
    }
