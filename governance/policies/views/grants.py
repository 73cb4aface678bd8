"""`/grants`: asked for, approved, revoked, listed. Who may, the policies say."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import Role, confirmed_anew, open_to
from governance.policies import service
from governance.policies.permissions import APPROVERS, REQUESTERS, REVOKERS
from governance.policies.records import GrantQuery, GrantRecord, describe_grant, describe_grants, list_grant_records
from governance.policies.schemas import (
    GrantPageSchema,
    GrantQuerySchema,
    GrantSchema,
    GrantsSchema,
    RequestGrantSchema,
    RevocationSchema,
)
from governance.policies.service import Desk, RequestGrant, RevokeGrant
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.values import Page

blueprint: Final = Blueprint("grants", __name__, url_prefix="/api/v1", description="Who may use what, for what.")

_READERS: Final = (Role.CONTROLLER, Role.DPO, Role.OWNER, Role.SECURITY, Role.AUDITOR, Role.ADMIN)


@blueprint.route("/grants")
class Grants(MethodView):
    """All grants."""

    @blueprint.arguments(GrantQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, GrantPageSchema)
    @open_to(*_READERS)
    def get(self, query: GrantQuery) -> Page[GrantRecord]:
        """List grants in the order in which they were asked for."""
        context = current()
        return list_grant_records(context.session, query, context.clock.now())

    @blueprint.arguments(RequestGrantSchema)
    @blueprint.response(201, GrantsSchema)
    @open_to(*REQUESTERS)
    @confirmed_anew
    def post(self, command: RequestGrant) -> dict[str, list[GrantRecord]]:
        """Ask for a grant; one is made for each kind of data subject, and gives nothing before it is approved."""
        context = current()
        desk = Desk(context.clock, context.ids, context.get(Attestor))
        grants = service.request_grant(context.session, desk, context.actor, command)
        return {"grants": describe_grants(context.session, grants, context.clock.now())}


@blueprint.route("/grants/<uuid:grant_id>")
@blueprint.response(200, GrantSchema)
@open_to(*_READERS)
def get_grant(grant_id: uuid.UUID) -> GrantRecord:
    """Return a grant."""
    context = current()
    return describe_grant(context.session, service.get_grant(context.session, grant_id), context.clock.now())


@blueprint.route("/grants/<uuid:grant_id>/approve", methods=["POST"])
@blueprint.response(200, GrantSchema)
@open_to(*APPROVERS)
@confirmed_anew
def approve(grant_id: uuid.UUID) -> GrantRecord:
    """Approve a grant that somebody else asked for."""
    context = current()
    attestor = context.get(Attestor)
    grant = service.approve_grant(context.session, context.clock, attestor, context.actor, grant_id)
    return describe_grant(context.session, grant, context.clock.now())


@blueprint.route("/grants/<uuid:grant_id>/revoke", methods=["POST"])
@blueprint.arguments(RevocationSchema)
@blueprint.response(200, GrantSchema)
@open_to(*REVOKERS)
def revoke(given: dict[str, Any], grant_id: uuid.UUID) -> GrantRecord:
    """Take a grant back, or turn a request down."""
    context = current()
    attestor = context.get(Attestor)
    command = RevokeGrant(grant_id=grant_id, **given)
    grant = service.revoke_grant(context.session, context.clock, attestor, context.actor, command)
    return describe_grant(context.session, grant, context.clock.now())
