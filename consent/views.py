"""`/consents` and `/objections`: recorded, withdrawn, looked up. A look is recorded before it is answered."""

from dataclasses import replace
from typing import Any, Final

from flask.views import MethodView
from marshmallow import RAISE

from audit.log import Log
from consent import service
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
    Desk,
    History,
    Objection,
    RecordEvent,
    Seals,
    Withdraw,
)
from governance.actor import open_to
from governance.vault.attest import Attestor
from governance.vault.keyring import Keyring
from governance.web.context import current
from governance.web.rest import Blueprint

blueprint: Final = Blueprint("consents", __name__, url_prefix="/api/v1", description="What people agreed to.")


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
        return {"consents": service.consent_status(context.session, _desk(), log, context.actor, **query)}

    @blueprint.arguments(EventSchema)
    @blueprint.response(201, ConsentSchema)
    @open_to(*RECORDERS)
    def post(self, command: RecordEvent) -> ConsentRecord:
        """Record something that happened to a consent; the same again is recorded once."""
        context = current()
        return service.record_consent(context.session, _desk(), context.actor, command)


@blueprint.route("/consents/batch", methods=["POST"])
@blueprint.arguments(BatchSchema)
@blueprint.response(200, BatchReportSchema)
@open_to(*RECORDERS)
def record_batch(given: dict[str, Any]) -> BatchReport:
    """Record many events, in whatever order; the same batch again records nothing."""
    context = current()
    return service.record_many(context.session, _desk(), context.actor, given["events"])


@blueprint.route("/consents/<reference>")
@blueprint.response(200, HistorySchema)
@open_to(*READERS)
def get_history(reference: str) -> History:
    """Return a consent, named `person.purpose.channel`, with every event behind it."""
    context = current()
    ref = ConsentRef.parse(reference)
    return service.consent_history(context.session, _desk(), context.get(Log), context.actor, ref)


@blueprint.route("/consents/<reference>/withdraw", methods=["POST"])
@blueprint.arguments(WithdrawalSchema)
@blueprint.response(200, ConsentSchema)
@open_to(*RECORDERS)
def withdraw(given: dict[str, Any], reference: str) -> ConsentRecord:
    """Withdraw a consent; twice is once."""
    context = current()
    ref = ConsentRef.parse(reference)
    command = Withdraw(subject_id=ref.subject_id, purpose=ref.purpose, channel=ref.channel, **given)
    return service.withdraw_consent(context.session, _desk(), context.actor, command)[0]


@blueprint.route("/objections", methods=["POST"])
@blueprint.arguments(ObjectionSchema)
@blueprint.response(204)
@open_to(*RECORDERS)
def object_to(command: Objection) -> None:
    """Record a person's objection to a purpose."""
    context = current()
    service.object_to(context.session, _seals(), context.actor, command)


@blueprint.route("/objections/lift", methods=["POST"])
@blueprint.arguments(ObjectionSchema)
@blueprint.response(204)
@open_to(*RECORDERS)
def lift_objection(command: Objection) -> None:
    """Lift an objection that the person takes back."""
    context = current()
    service.object_to(context.session, _seals(), context.actor, replace(command, objected=False))


def _desk() -> Desk:
    context = current()
    return Desk(context.clock, context.get(Attestor))


def _seals() -> Seals:
    context = current()
    return Seals(context.get(Attestor), context.get(Keyring))
