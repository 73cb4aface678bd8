"""`/access` and `/access-requests`: what one holds and asks for, and what is decided about it."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import Role, confirmed_anew, open_to, open_to_signed_in
from governance.policies import service
from governance.policies.mine import Mine, what_is_held
from governance.policies.request_records import RequestQuery, RequestRecord, get_request, list_requests
from governance.policies.requests import AdviseRequest, ApproveRequest, AskData, AskRole, RefuseRequest
from governance.policies.schemas import (
    AccessApprovalSchema,
    AccessOpinionSchema,
    AccessRefusalSchema,
    AccessRequestPageSchema,
    AccessRequestQuerySchema,
    AccessRequestSchema,
    AskSchema,
    HoldingsSchema,
)
from governance.policies.service import Desk
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint("access-requests", __name__, url_prefix="/api/v1", description="What people ask for.")


@blueprint.route("/access")
@blueprint.response(200, HoldingsSchema)
@open_to_signed_in
def held() -> dict[str, Any]:
    """Return what whoever asks holds, and which roles were turned down for them."""
    context = current()
    return _held(what_is_held(context.session, context.get(Attestor), context.actor, context.clock.now()))


@blueprint.route("/access-requests")
class AccessRequests(MethodView):
    """Requests: everybody's for those who oversee, else one's own."""

    @blueprint.arguments(AccessRequestQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, AccessRequestPageSchema)
    @open_to_signed_in
    def get(self, query: RequestQuery) -> Page[RequestRecord]:
        """List requests, newest first."""
        context = current()
        return list_requests(context.session, context.actor, query)

    @blueprint.arguments(AskSchema)
    @blueprint.response(201, AccessRequestSchema)
    @open_to_signed_in
    def post(self, command: AskRole | AskData) -> RequestRecord:
        """Ask for a role, or for more data under one; nothing opens before the controller decides."""
        context = current()
        if isinstance(command, AskRole):
            asked = service.ask_role(context.session, _desk(), context.actor, command)
        else:
            asked = service.ask_data(context.session, _desk(), context.actor, command)
        return _record(asked.id)


@blueprint.route("/access-requests/<uuid:request_id>")
@blueprint.response(200, AccessRequestSchema)
@open_to_signed_in
def get_one(request_id: uuid.UUID) -> RequestRecord:
    """Return a request."""
    return _record(request_id)


@blueprint.route("/access-requests/<uuid:request_id>/advise", methods=["POST"])
@blueprint.arguments(AccessOpinionSchema)
@blueprint.response(200, AccessRequestSchema)
@open_to(Role.DPO)
def advise(given: dict[str, Any], request_id: uuid.UUID) -> RequestRecord:
    """Give an opinion on a request that waits; whoever decides reads it."""
    service.advise_request(current().session, _desk(), current().actor, AdviseRequest(request_id=request_id, **given))
    return _record(request_id)


@blueprint.route("/access-requests/<uuid:request_id>/approve", methods=["POST"])
@blueprint.arguments(AccessApprovalSchema)
@blueprint.response(200, AccessRequestSchema)
@open_to(Role.CONTROLLER)
@confirmed_anew
def approve(given: dict[str, Any], request_id: uuid.UUID) -> RequestRecord:
    """Give what was asked for, or less."""
    categories = given.pop("categories")
    command = ApproveRequest(
        request_id=request_id, categories=None if categories is None else frozenset(categories), **given
    )
    service.approve_request(current().session, _desk(), current().actor, command)
    return _record(request_id)


@blueprint.route("/access-requests/<uuid:request_id>/refuse", methods=["POST"])
@blueprint.arguments(AccessRefusalSchema)
@blueprint.response(200, AccessRequestSchema)
@open_to(Role.CONTROLLER)
def refuse(given: dict[str, Any], request_id: uuid.UUID) -> RequestRecord:
    """Refuse a request, and say why."""
    context = current()
    command = RefuseRequest(request_id=request_id, **given)
    service.refuse_request(context.session, context.clock, context.get(Attestor), context.actor, command)
    return _record(request_id)


@blueprint.route("/access-requests/<uuid:request_id>/withdraw", methods=["POST"])
@blueprint.response(200, AccessRequestSchema)
@open_to_signed_in
def withdraw(request_id: uuid.UUID) -> RequestRecord:
    """Take back what one asked for."""
    context = current()
    # Somebody else's is not there at all, unless they may see it.
    _record(request_id)
    service.withdraw_request(context.session, context.clock, context.get(Attestor), context.actor, request_id)
    return _record(request_id)


def _desk() -> Desk:
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))


def _record(request_id: uuid.UUID) -> RequestRecord:
    return get_request(current().session, current().actor, request_id)


def _held(mine: Mine) -> dict[str, Any]:
    return {
        "roles": [
            {
                "role": each.assignment.role,
                "in_force": each.in_force,
                "reason": each.assignment.reason,
                "assigned_at": each.assignment.assigned_at,
                "valid_until": each.assignment.valid_until,
                "in_conflict": each.assignment.in_conflict,
                "purposes": [
                    {"purpose": purpose.slug, "open": purpose.open, "gives": lines} for purpose, lines in each.purposes
                ],
                "observed": [
                    {"purpose": one.purpose.slug, "until": one.until, "categories": one.categories}
                    for one in each.observed.values()
                ],
            }
            for each in mine.roles
        ],
        "ending": mine.endings,
        "refused": mine.refused,
    }
