"""`/campaigns/…`: campaigns written, launched, stopped; whom each message reached, and why not the others."""

import uuid
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from governance.actor import open_to
from governance.campaigns.errors import CampaignsError
from governance.campaigns.sending.forms import CampaignForm
from governance.campaigns.sending.labels import MESSAGE_LABELS, REASONS, STATE_LABELS
from governance.campaigns.sending.service import (
    READERS,
    STOPPERS,
    WRITERS,
    find_campaign,
    launch_campaign,
    list_campaigns,
    standing_of,
    stop_campaign,
    write_campaign,
)
from governance.campaigns.sending.values import TRANSITIONS, CampaignState, CampaignTerms, CampaignVerb, MessageState
from governance.campaigns.sending.views import check_sender, desk
from governance.days import start_of_day
from governance.settings import Settings
from governance.vault.attest import Attestor
from governance.vocabulary import Channel
from governance.web.context import current
from governance.web.problems import sentence
from register.declared import declared_purposes
from register.forms import offer
from register.pages.wording import labelled

blueprint: Final = Blueprint("sending", __name__, url_prefix="/campaigns")

_USUAL_IN_A_WEEK: Final = 2


@blueprint.get("/")
@open_to(*READERS)
def listed() -> ResponseReturnValue:
    """List the campaigns."""
    return render_template(
        "campaigns/list.html",
        campaigns=list_campaigns(current().session),
        labels=STATE_LABELS,
        purposes=declared_purposes(current().session, current().get(Attestor)),
        writes=_writes(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@open_to(*WRITERS)
def new() -> ResponseReturnValue:
    """Write a campaign."""
    form = CampaignForm(most_in_a_week=_USUAL_IN_A_WEEK)
    rows = declared_purposes(current().session, current().get(Attestor)).values()
    by_mail = [each for each in rows if each.open and each.consent_channel is Channel.EMAIL]
    offer(form.purpose, ((each.slug, labelled(each)) for each in by_mail), none="—")
    refusal, status = None, HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.validate():
            try:
                made = write_campaign(current().session, desk(), current().actor, _terms(form))
            except CampaignsError as error:
                current().roll_back()
                refusal = sentence(error)
            else:
                return redirect(url_for("sending.shown", campaign_id=made.id), code=303)
    return render_template("campaigns/write.html", form=form, refusal=refusal), status


@blueprint.get("/<uuid:campaign_id>")
@open_to(*READERS)
def shown(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Show a campaign, where its messages stand, and why some were left out."""
    return _page(campaign_id)


@blueprint.post("/<uuid:campaign_id>/launch")
@open_to(*WRITERS)
def launch(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Launch a campaign."""
    try:
        check_sender()
        launch_campaign(current().session, desk(), current().actor, campaign_id)
    except CampaignsError as error:
        current().roll_back()
        return _page(campaign_id, sentence(error)), HTTPStatus.CONFLICT
    flash(gettext("It is launched. Each person is asked about again as their message leaves."), "given")
    return redirect(url_for("sending.shown", campaign_id=campaign_id), code=303)


@blueprint.post("/<uuid:campaign_id>/stop")
@open_to(*STOPPERS)
def stop(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """Stop a campaign for good."""
    try:
        stop_campaign(current().session, desk(), current().actor, campaign_id)
    except CampaignsError as error:
        current().roll_back()
        return _page(campaign_id, sentence(error)), HTTPStatus.CONFLICT
    flash(gettext("It is stopped: nothing more of it is sent."), "given")
    return redirect(url_for("sending.shown", campaign_id=campaign_id), code=303)


def _page(campaign_id: uuid.UUID, refusal: str | None = None) -> str:
    campaign = find_campaign(current().session, desk(), campaign_id)
    standing = standing_of(current().session, campaign_id)
    return render_template(
        "campaigns/shown.html",
        campaign=campaign,
        purpose=declared_purposes(current().session, current().get(Attestor)).get(campaign.purpose),
        state=STATE_LABELS[campaign.state],
        counts=[(gettext(MESSAGE_LABELS[each]), standing.counts.get(each, 0)) for each in MessageState],
        reasons=[(gettext(REASONS[code]) if code in REASONS else code, n) for code, n in standing.reasons.items()],
        may_launch=_writes() and campaign.state is CampaignState.DRAFT,
        may_stop=bool(current().actor.roles & STOPPERS) and (campaign.state, CampaignVerb.STOP) in TRANSITIONS,
        mail=current().get(Settings).smtp is not None,
        refusal=refusal,
    )


def _terms(form: CampaignForm) -> CampaignTerms:
    return CampaignTerms(
        name=form.name.data.strip(),
        purpose=form.purpose.data,
        subject_fr=form.subject_fr.data.strip(),
        subject_en=form.subject_en.data.strip(),
        text_fr=form.text_fr.data.strip(),
        text_en=form.text_en.data.strip(),
        send_at=None if form.send_on.data is None else start_of_day(form.send_on.data),
        most_in_a_week=form.most_in_a_week.data,
    )


def _writes() -> bool:
    return bool(current().actor.roles & WRITERS)
