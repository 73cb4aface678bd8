"""`/campaigns`: campaigns and where their messages stand, over REST."""

import uuid
from typing import Any, Final

from flask.views import MethodView

from governance.actor import open_to
from governance.campaigns.sending import service
from governance.campaigns.sending.errors import NoSenderError
from governance.campaigns.sending.models import Campaign
from governance.campaigns.sending.schemas import (
    CampaignSchema,
    CampaignsSchema,
    CampaignStandingSchema,
    CampaignTermsSchema,
)
from governance.campaigns.sending.service import READERS, STOPPERS, WRITERS
from governance.campaigns.sending.values import CampaignTerms
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.web.context import current
from governance.web.rest import Blueprint
from register.service import Desk

blueprint: Final = Blueprint("sendings", __name__, url_prefix="/api/v1", description="Campaigns and their messages.")


@blueprint.route("/campaigns")
class Campaigns(MethodView):
    """The campaigns, and the writing of one."""

    @blueprint.response(200, CampaignsSchema)
    @open_to(*READERS)
    def get(self) -> dict[str, Any]:
        """List the newest campaigns."""
        return {"campaigns": service.list_campaigns(current().session)}

    @blueprint.arguments(CampaignTermsSchema)
    @blueprint.response(201, CampaignSchema)
    @open_to(*WRITERS)
    def post(self, terms: CampaignTerms) -> Campaign:
        """Write a campaign; nobody is read for it before it is launched."""
        return service.write_campaign(current().session, desk(), current().actor, terms)


@blueprint.route("/campaigns/<uuid:campaign_id>", methods=["GET"])
@blueprint.response(200, CampaignStandingSchema)
@open_to(*READERS)
def show(campaign_id: uuid.UUID) -> dict[str, Any]:
    """Return a campaign: how many messages were sent, wait, were left out, and why."""
    campaign = service.find_campaign(current().session, desk(), campaign_id)
    standing = service.standing_of(current().session, campaign_id)
    counts = {state.value: number for state, number in standing.counts.items()}
    return {"campaign": campaign, "counts": counts, "reasons": standing.reasons}


@blueprint.route("/campaigns/<uuid:campaign_id>/launch", methods=["POST"])
@blueprint.response(200, CampaignSchema)
@open_to(*WRITERS)
def launch(campaign_id: uuid.UUID) -> Campaign:
    """Launch a campaign: each person is asked about again as their message leaves."""
    check_sender()
    return service.launch_campaign(current().session, desk(), current().actor, campaign_id)


@blueprint.route("/campaigns/<uuid:campaign_id>/stop", methods=["POST"])
@blueprint.response(200, CampaignSchema)
@open_to(*STOPPERS)
def stop(campaign_id: uuid.UUID) -> Campaign:
    """Stop a campaign for good: nothing more of it is sent."""
    return service.stop_campaign(current().session, desk(), current().actor, campaign_id)


def desk() -> Desk:
    """Return what writing a campaign takes."""
    context = current()
    return Desk(context.clock, context.ids, context.get(Attestor))


def check_sender() -> None:
    """Refuse where nothing could leave.

    Raises:
        NoSenderError: If no mail server is set.
    """
    if current().get(Settings).smtp is None:
        raise NoSenderError
