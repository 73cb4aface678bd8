"""`/consents`, `/objections` and `/suppressions`: recorded, withdrawn, told, looked up.

A look is recorded before it is answered.
"""

from dataclasses import replace
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from audit.log import Log
from consent import service
from consent.identifiers import Identifiers
from consent.permissions import READERS, RECORDERS
from consent.schemas import (
    BatchReportSchema,
    BatchSchema,
    ConsentQuerySchema,
    ConsentSchema,
    ConsentsSchema,
    EventSchema,
    HistorySchema,
    ObjectionSchema,
    WithdrawalSchema,
)
from consent.service import (
    BatchReport,
    ConsentRecord,
    ConsentRef,
    History,
    Objection,
    RecordEvent,
    Withdraw,
)
from consent.suppression.schemas import TellReportSchema, TellSchema
from consent.suppression.service import tell
from consent.suppression.values import Tell, TellReport
from consent.values import Desk
from governance.actor import open_to
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.web.context import current
from governance.web.limits import paced
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("consents", __name__, url_prefix="/api/v1", description="What people agreed to.")

# A hundred a second: more than any form asks for, and little enough that one program leaves room for the others.
_PACE: Final = "6000 per minute"


@blueprint.route("/consents")
class Consents(MethodView):
    """Consents of one person, and the recording of them."""

    @blueprint.arguments(ConsentQuerySchema, location="query", unknown=RAISE)
    @blueprint.response(200, ConsentsSchema)
    @open_to(*READERS)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """List what a person agreed to and did not."""
        context = current()
        log = context.get(Log)
        return {"consents": service.consent_status(context.session, desk(), log, context.actor, **query)}

    @blueprint.arguments(EventSchema)
    @blueprint.response(201, ConsentSchema)
    @open_to(*RECORDERS)
    @paced(_PACE)
    def post(self, command: RecordEvent) -> ConsentRecord:
        """Record something that happened to a consent; the same again is recorded once."""
        context = current()
        return service.record_consent(context.session, desk(), context.actor, command)


@blueprint.route("/consents/batch", methods=["POST"])
@blueprint.arguments(BatchSchema)
@blueprint.response(200, BatchReportSchema)
@open_to(*RECORDERS)
@paced(_PACE)
def record_batch(given: dict[str, Any]) -> BatchReport:
    """Record many events, in whatever order; the same batch again records nothing."""
    context = current()
    return service.record_many(context.session, desk(), context.actor, given["events"])


@blueprint.route("/consents/<reference>")
@blueprint.response(200, HistorySchema)
@open_to(*READERS)
def get_history(reference: str) -> History:
    """Return a consent, named `person.purpose.channel`, with every event behind it."""
    context = current()
    ref = ConsentRef.parse(reference)
    return service.consent_history(context.session, desk(), context.get(Log), context.actor, ref)


@blueprint.route("/consents/<reference>/withdraw", methods=["POST"])
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, ConsentSchema)
@open_to(*RECORDERS)
def withdraw(given: dict[str, Any], reference: str) -> ConsentRecord:
    """Withdraw a consent; twice is once."""
    context = current()
    ref = ConsentRef.parse(reference)
    command = Withdraw(subject_id=ref.subject_id, purpose=ref.purpose, channel=ref.channel, **given)
    return service.withdraw_consent(context.session, desk(), context.actor, command)[0]


@blueprint.route("/objections", methods=["POST"])
@blueprint.arguments(ObjectionSchema)
@blueprint.response(204)
@open_to(*RECORDERS)
def object_to(command: Objection) -> None:
    """Record a person's objection to a purpose."""
    context = current()
    service.object_to(context.session, desk(), context.actor, command)


@blueprint.route("/objections/lift", methods=["POST"])
@blueprint.arguments(ObjectionSchema)
@blueprint.response(204)
@open_to(*RECORDERS)
def lift_objection(command: Objection) -> None:
    """Lift an objection that the person takes back."""
    context = current()
    service.object_to(context.session, desk(), context.actor, replace(command, objected=False))


@blueprint.route("/suppressions", methods=["POST"])
@blueprint.arguments(TellSchema)
@blueprint.response(200, TellReportSchema)
@open_to(*RECORDERS)
def tell_of_refusals(command: Tell) -> TellReport:
    """Put addresses and numbers on the list of refusals; whoever has them is not solicited, on file or not yet.

    Twice is once. Nothing is said of people on file.
    """
    context = current()
    return tell(context.session, desk(), context.actor, command)


def desk() -> Desk:
    """Return what recording takes, as the house of the request has it."""
    context = current()
    return Desk(context.clock, context.get(Attestor), context.get(Keyring), context.get(Identifiers))
