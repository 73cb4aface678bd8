"""`/actions`: the action plan over REST."""

import uuid
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from governance.actor import open_to
from governance.days import day_of
from governance.oversight.models import PlanAction
from governance.oversight.permissions import DOERS, LOOKERS, SEERS, known_thing
from governance.oversight.plan import service
from governance.oversight.plan.schemas import (
    ActionPageSchema,
    ActionQuerySchema,
    ActionSchema,
    ActionStepSchema,
    ActionTermsSchema,
    TotalsSchema,
)
from governance.oversight.values.plan import ActionFilter, ActionTerms, ActionVerb, MoveAction
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.service import Desk
from register.values import Page

blueprint: Final = Blueprint("actions", __name__, url_prefix="/api/v1", description="The action plan.")


@blueprint.route("/actions")
class Actions(MethodView):
    """The plan."""

    @blueprint.arguments(ActionQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, ActionPageSchema)
    @open_to(*LOOKERS)
    def get(self, asked: dict[str, Any]) -> Page[PlanAction]:
        """List the actions that whoever asks may know of, the next due first."""
        context = current()
        about = None
        if asked["about"] is not None:
            about = known_thing(context.session, context.actor, asked["about"], asked["reference"])
        wanted = ActionFilter(
            states=None if asked["state"] is None else frozenset({asked["state"]}),
            owner_id=asked["owner"],
            late_on=day_of(context.clock.now()) if asked["late"] else None,
            about=about,
        )
        return service.list_actions(context.session, context.actor, wanted, after=asked["after"], limit=asked["limit"])

    @blueprint.arguments(ActionTermsSchema)
    @blueprint.response(201, ActionSchema)
    @open_to(*DOERS)
    def post(self, terms: ActionTerms) -> PlanAction:
        """Put an action in the plan."""
        return service.add_action(current().session, desk(), current().actor, terms)


@blueprint.route("/actions/totals")
@blueprint.response(200, TotalsSchema)
@open_to(*SEERS)
def totals() -> dict[str, Any]:
    """Return what the plan comes to, by state."""
    return {"totals": service.totals(current().session, desk(), current().actor)}


@blueprint.route("/actions/<uuid:action_id>")
class OneAction(MethodView):
    """One action."""

    @blueprint.response(200, ActionSchema)
    @open_to(*LOOKERS)
    def get(self, action_id: uuid.UUID) -> PlanAction:
        """Return an action."""
        return service.find_action(current().session, current().actor, action_id)

    @blueprint.arguments(ActionTermsSchema)
    @blueprint.response(200, ActionSchema)
    @open_to(*DOERS)
    def put(self, terms: ActionTerms, action_id: uuid.UUID) -> PlanAction:
        """Correct an action, whole."""
        return service.change_action(current().session, desk(), current().actor, (action_id, terms))


@blueprint.route("/actions/<uuid:action_id>/<any(start, finish, drop, reopen):verb>", methods=["POST"])
@blueprint.arguments(ActionStepSchema)
@blueprint.response(200, ActionSchema)
@open_to(*DOERS)
def move(step: dict[str, Any], action_id: uuid.UUID, verb: str) -> PlanAction:
    """Begin an action, finish it with evidence, drop it with a reason, or take it up again."""
    command = MoveAction(action_id=action_id, verb=ActionVerb(verb), note=step["note"])
    return service.move_action(current().session, desk(), current().actor, command)


def desk() -> Desk:
    """Return what writing takes."""
    return Desk(current().clock, current().ids, current().get(Attestor))
