"""`/preference-links`: links to people's choices, for messages that other programs send."""

from typing import Any, Final

from flask.views import MethodView
from pyroaring import BitMap

from audit.entries import Action, Fact, Retention
from audit.log import Log
from consent.permissions import RECORDERS, check_records
from consent.preferences.links import PreferenceLink, seal_link
from consent.preferences.schemas import PreferenceLinksAskedSchema, PreferenceLinksSchema
from governance.actor import open_to
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vault.sealed_values import SealedValues
from governance.web.context import current
from governance.web.rest import Blueprint
from register.declared import purpose_on_file

blueprint: Final = Blueprint(
    "preference-links", __name__, url_prefix="/api/v1", description="Links by which people change their choices."
)


@blueprint.route("/preference-links")
class PreferenceLinks(MethodView):
    """Links for one message, a person each."""

    @blueprint.arguments(PreferenceLinksAskedSchema)
    @blueprint.response(200, PreferenceLinksSchema)
    @open_to(*RECORDERS)
    def post(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Make links for the people whom a message goes to; who made them for whom is recorded first."""
        context = current()
        check_records(context.actor)
        purpose_id = purpose_on_file(context.session, context.get(Attestor), asked["purpose"]).id
        context.roll_back()
        context.get(Log).append(
            Fact(
                retention=Retention.ACCESS,
                action=Action.READ,
                actor=context.actor,
                object_type="preferences",
                purpose=asked["purpose"],
                subjects=BitMap(asked["subjects"]),
                details={"verb": "link", "count": len(asked["subjects"])},
            )
        )
        seal, base = context.get(SealedValues), context.get(Settings).base_url
        addresses = {
            subject_id: f"{base}/preferences/{seal_link(seal, context.clock, link)}"
            for subject_id in asked["subjects"]
            for link in [PreferenceLink(subject_id=subject_id, purpose_id=purpose_id, channel=asked["channel"].code)]
        }
        links = [
            {"subject_id": each, "choices": address, "unsubscribe": f"{address}/unsubscribe"}
            for each, address in addresses.items()
        ]
        return {"links": links}
