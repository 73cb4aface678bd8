"""`/oversight`: the first pages for programs. People stand by their ids; what may be seen here, the pages show too."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from audit.counts import Span
from governance.actor import Role, open_to
from governance.datamap.desk import MapDesk
from governance.gate.gate import Gate
from governance.identity.models import RoleAssignment
from governance.identity.permissions import person
from governance.oversight.containment import Contain, Contained, contain
from governance.oversight.decisions import waiting_decisions
from governance.oversight.due import due_items
from governance.oversight.errors import NothingWaitsError
from governance.oversight.indicators import figures
from governance.oversight.mirror import drift
from governance.oversight.reads import latest_reads
from governance.oversight.schemas import (
    ContainedSchema,
    ContainSchema,
    ItemsSchema,
    JoiningSchema,
    TodaySchema,
    WatchSchema,
)
from governance.oversight.tasks import as_items, tasks_of
from governance.oversight.values import Item
from governance.oversight.watch import Watch, watch
from governance.policies.joining import joining_of
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint(
    "overview", __name__, url_prefix="/api/v1/oversight", description="What waits, what differs, how it goes."
)

_DAYS: Final = 28


@blueprint.route("/today")
@blueprint.response(200, TodaySchema)
@open_to(Role.DPO)
def today() -> Mapping[str, Any]:
    """Return what is due, what differs from what was declared, and the indicators of four weeks."""
    context = current()
    session, now, span = context.session, context.clock.now(), _span()
    snapshot = context.get(Gate).snapshot()
    reads = latest_reads(session, span.since)
    return {
        "due": due_items(session, context.clock),
        "drift": drift(session, snapshot, reads, now),
        "indicators": figures(session, snapshot, reads, now, span).indicators,
        "first": span.first,
        "last": span.last,
    }


@blueprint.route("/decisions")
@blueprint.response(200, ItemsSchema)
@open_to(Role.CONTROLLER)
def decisions() -> Mapping[str, list[Item]]:
    """Return what waits for the controller. Each is decided where it lives: roles, tokens, grants, maps, activities."""
    context = current()
    waiting = waiting_decisions(context.session, context.get(Attestor), context.get(MapDesk), context.clock)
    return {"items": waiting.items}


@blueprint.route("/roles/<uuid:assignment_id>")
@blueprint.response(200, JoiningSchema)
@open_to(Role.CONTROLLER)
def joining(assignment_id: uuid.UUID) -> dict[str, Any]:
    """Return a role that waits, with all that its holder would then hold; it is decided under `/users`."""
    context = current()
    assignment = context.session.get(RoleAssignment, assignment_id)
    if assignment is None or assignment.countersigned_at is not None or assignment.revoked_at is not None:
        raise NothingWaitsError
    found = joining_of(context.session, context.get(Attestor), assignment, context.clock.now())
    return {
        "account": assignment.account_id,
        "role": assignment.role,
        "reason": assignment.reason,
        "valid_until": assignment.valid_until,
        "held": found.roles,
        "conflict": found.conflict,
        "holders": found.holders.all,
        "union": [
            {
                "purpose": found.purposes.by_id[row.purpose_id].slug,
                "action": row.action,
                "observed": row.purpose_id in found.observed,
                "categories": row.marks,
            }
            for row in found.union
        ],
    }


@blueprint.route("/tasks")
@blueprint.response(200, ItemsSchema)
@open_to(Role.OWNER)
def tasks() -> Mapping[str, list[Item]]:
    """Return what waits for the head of a business line."""
    context = current()
    account = person(context.actor)
    return {"items": [] if account is None else as_items(tasks_of(context.session, account, context.clock))}


@blueprint.route("/watch")
@blueprint.response(200, WatchSchema)
@open_to(Role.SECURITY)
def look() -> Watch:
    """Return refusals, failures, unusual volume, locked accounts and what was found altered."""
    context = current()
    return watch(context.session, context.get(Attestor), context.clock.now(), _span())


@blueprint.route("/contain", methods=["POST"])
@blueprint.arguments(ContainSchema)
@blueprint.response(200, ContainedSchema)
@open_to(Role.SECURITY, Role.CONTROLLER, Role.ADMIN)
def close(command: Contain) -> Contained:
    """Close an account with its sessions and tokens, or take back the token of a program."""
    context = current()
    return contain(context.session, context.clock, context.ids, context.get(Attestor), context.actor, command)


def _span() -> Span:
    return Span.until(current().clock.now(), _DAYS)
