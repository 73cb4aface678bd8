"""`/imports/runs/<id>/anew`: an import whose account was altered outside Égide is written anew, over REST."""

import uuid
from typing import Any, Final

from flask.views import MethodView

from governance.actor import Role, open_to
from governance.customers.importing.anew import LoggedImport, write_anew
from governance.customers.mending.schemas import AnewSchema, WrittenAnewSchema
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.service import Desk

blueprint: Final = Blueprint(
    "altered-import-accounts", __name__, url_prefix="/api/v1", description="Imports whose account was altered."
)

# Those who keep what people are told: an import says whose people are to be told.
MENDERS: Final = (Role.DPO, Role.OWNER)


@blueprint.route("/imports/runs/<uuid:import_id>/anew")
class Anew(MethodView):
    """The account of an import, written anew."""

    @open_to(*MENDERS)
    @blueprint.arguments(AnewSchema)
    @blueprint.response(200, WrittenAnewSchema)
    def post(self, given: dict[str, Any], import_id: uuid.UUID) -> LoggedImport:
        """Write the account of an import that was altered outside Égide anew, as the log has it."""
        return write_anew(current().session, desk(), current().actor, (import_id, given["source"]))


def desk() -> Desk:
    """Return what writing an import anew takes."""
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))
