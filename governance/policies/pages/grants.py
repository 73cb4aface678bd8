"""Grants: the list behind a cell of the matrix, one grant with its thread, approving and taking back."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from audit.search import Filters, FoundEntry, search
from governance.actor import Role, confirmed_anew, open_to
from governance.errors import DomainError
from governance.identity.permissions import person
from governance.identity.service import names_of_actors
from governance.identity.service.second_person import another_decides, concerns
from governance.ids import parse_id
from governance.policies import service
from governance.policies.forms import RevokeForm
from governance.policies.holders import holders_of
from governance.policies.labels import DONE_LABELS
from governance.policies.models import Grant
from governance.policies.pages.entrance import READERS, policies
from governance.policies.pages.wording import link_to, told
from governance.policies.permissions import REVOKERS, check_line
from governance.policies.records import GrantQuery, describe_grant, list_grant_records
from governance.policies.service import GrantState, RevokeGrant
from governance.vault.attest import Attestor
from governance.vault.errors import AttestationError
from governance.web.context import current
from register.declared import declared_purposes
from register.service import get_purpose

_ON_A_PAGE: Final = 50
_IN_THREAD: Final = 50


@policies.get("/grants")
@open_to(*READERS)
def grants() -> ResponseReturnValue:
    """List grants in the order in which they were asked for."""
    context = current()
    role, purpose = request.args.get("role", ""), request.args.get("purpose", "")
    after = parse_id(request.args.get("after", ""))
    query = GrantQuery(
        role=Role(role) if role in set(Role) else None, purpose=purpose or None, after=after, limit=_ON_A_PAGE
    )
    purposes = declared_purposes(context.session, context.get(Attestor))
    if query.purpose is not None and query.purpose not in purposes:
        abort(404)
    page = list_grant_records(context.session, query, context.clock.now())
    asked: dict[str, Any] = {"role": query.role, "purpose": query.purpose}
    return render_template(
        "policies/grants.html",
        page=page,
        query=query,
        purposes=purposes,
        roles=tuple(role for role in Role),
        older=None if page.next is None else url_for("policies.grants", after=page.next, **asked),
        newest=url_for("policies.grants", **asked) if after else None,
    )


@policies.get("/grants/<uuid:grant_id>")
@open_to(*READERS)
def grant(grant_id: uuid.UUID) -> ResponseReturnValue:
    """Show one grant: who asked, who approved, why, and what happened to it."""
    return _page(grant_id)


@policies.post("/grants/<uuid:grant_id>/approve")
@open_to(Role.CONTROLLER)
@confirmed_anew
def approve_grant(grant_id: uuid.UUID) -> ResponseReturnValue:
    """Approve a grant that somebody else asked for."""
    context = current()
    try:
        service.approve_grant(context.session, context.clock, context.get(Attestor), context.actor, grant_id)
    except DomainError as error:
        context.roll_back()
        return _page(grant_id, error=error), 422
    flash(gettext("It is granted, from now on."), "given")
    return redirect(url_for("policies.grant", grant_id=grant_id), code=303)


@policies.post("/grants/<uuid:grant_id>/revoke")
@open_to(*sorted(REVOKERS))
def revoke_grant(grant_id: uuid.UUID) -> ResponseReturnValue:
    """Take a grant back, or turn one down that waits."""
    context = current()
    form = RevokeForm()
    if not form.validate():
        return _page(grant_id, form=form), 422
    command = RevokeGrant(grant_id=grant_id, because=form.because.data)
    try:
        service.revoke_grant(context.session, context.clock, context.get(Attestor), context.actor, command)
    except DomainError as error:
        context.roll_back()
        return _page(grant_id, form=form, error=error), 422
    flash(gettext("It is taken back: the next read no longer has it."), "given")
    return redirect(url_for("policies.grant", grant_id=grant_id), code=303)


def _page(grant_id: uuid.UUID, *, form: RevokeForm | None = None, error: DomainError | None = None) -> str:
    context = current()
    session, now = context.session, context.clock.now()
    record = describe_grant(session, service.get_grant(session, grant_id), now)
    found = record.grant
    purposes = declared_purposes(session, context.get(Attestor))
    entries = search(session, Filters(object_type="grant", object_id=str(grant_id)), limit=_IN_THREAD)
    actors = {found.requested_by, found.approved_by, found.revoked_by, *map(_actor_of, entries)}
    names = names_of_actors(session, {each for each in actors if each is not None})
    may_approve = Role.CONTROLLER in context.actor.roles and record.state is GrantState.REQUESTED
    alone = may_approve and concerns(session, person(context.actor), found.requested_by, now)
    others = alone and another_decides(session, found.requested_by, now)
    return render_template(
        "policies/grant.html",
        record=record,
        grant=found,
        altered=_is_altered(found),
        purpose=purposes.get(record.purpose),
        holders=holders_of(session, [found.role], now)[found.role],
        names=names,
        facts=[_fact(entry, names) for entry in entries],
        may_approve=may_approve and not others,
        own=alone,
        asked_self=found.requested_by == person(context.actor),
        may_revoke=_may_revoke(session, found, record.state),
        form=form or RevokeForm(formdata=None),
        refusal=None if error is None else told(error),
        request_url=None if found.request_id is None else link_to("access.request", request_id=found.request_id),
        now=now,
    )


def _may_revoke(session: Session, grant: Grant, state: GrantState) -> bool:
    actor = current().actor
    if not actor.roles & REVOKERS or person(actor) is None or state in {GrantState.REVOKED, GrantState.EXPIRED}:
        return False
    try:
        check_line(session, actor, get_purpose(session, grant.purpose_id))
    except DomainError:
        return False
    return True


def _is_altered(grant: Grant) -> bool:
    try:
        current().get(Attestor).verify(grant)
    except AttestationError:
        return True
    return False


def _actor_of(entry: FoundEntry) -> uuid.UUID | None:
    return parse_id(str(entry.said["actor"].get("id") or ""))


def _fact(entry: FoundEntry, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    said = entry.said
    actor = _actor_of(entry)
    verb = str(said["details"].get("verb", ""))
    return {
        "at": datetime.fromisoformat(said["at"]),
        "text": gettext(DONE_LABELS[verb]) if verb in DONE_LABELS else verb,
        "note": names.get(actor, "") if actor is not None else "",
        "tone": {"approve": "given", "revoke": "refused", "request": "due"}.get(verb),
        "proof_url": link_to("log.proof", index=entry.index),
    }
