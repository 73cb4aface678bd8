"""Campaigns: written, launched, stopped, looked at. Whoever launches lends it their grants, and nothing more."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, JsonValue, Retention
from audit.transaction import record
from governance.actor import Actor, Role
from governance.campaigns.sending.errors import (
    CampaignNotForYouError,
    CampaignNotFoundError,
    CampaignStateError,
    NotByMailError,
)
from governance.campaigns.sending.models import Campaign, CampaignMessage
from governance.campaigns.sending.values import TRANSITIONS, CampaignTerms, CampaignVerb, MessageState, Standing
from governance.errors import listed
from governance.jobs.queue import NewJob, enqueue
from governance.vocabulary import Channel
from register.declared import declared_purposes
from register.permissions import account_of
from register.service import Desk

CAMPAIGN: Final = "campaign"
QUEUE_JOB: Final = "campaign-queueing"
CAMPAIGN_OF: Final = "campaign"
WRITERS: Final = frozenset({Role.MARKETING})
STOPPERS: Final = WRITERS | {Role.DPO, Role.CONTROLLER}
READERS: Final = STOPPERS | {Role.AUDITOR}
_MOST: Final = 200


def write_campaign(session: Session, desk: Desk, actor: Actor, terms: CampaignTerms) -> Campaign:
    """Write a campaign. Nobody is read for it before it is launched.

    Raises:
        PersonRequiredError, CampaignNotForYouError: If it is for somebody else.
        NotByMailError: If nobody agreed to e-mail for the purpose.
    """
    account = _check(actor)
    _check_purpose(session, desk, terms.purpose)
    campaign = Campaign(id=desk.ids.new(), by=account, made_at=desk.clock.now(), **asdict(terms))
    session.add(campaign)
    session.flush()
    _record(session, actor, campaign, "write")
    return campaign


def launch_campaign(session: Session, desk: Desk, actor: Actor, campaign_id: uuid.UUID) -> Campaign:
    """Let the worker queue whom the gate gives to whoever launches, and send when it is time. Twice is refused.

    Raises:
        PersonRequiredError, CampaignNotForYouError: If it is for somebody else.
        CampaignNotFoundError: If there is none.
        CampaignStateError: If it was launched or stopped already.
        NotByMailError: If nobody agreed to e-mail for the purpose, or it is not in force any more.
        AttestationError: If it was altered outside Égide.
    """
    account = _check(actor)
    campaign = locked_campaign(session, desk, campaign_id)
    _check_purpose(session, desk, campaign.purpose)
    move(campaign, CampaignVerb.LAUNCH)
    campaign.launched_at, campaign.by = desk.clock.now(), account
    session.flush()
    payload = {CAMPAIGN_OF: str(campaign.id)}
    enqueue(session, desk.ids, NewJob(kind=QUEUE_JOB, key=str(campaign.id), due_at=desk.clock.now(), payload=payload))
    _record(session, actor, campaign, "launch")
    return campaign


def stop_campaign(session: Session, desk: Desk, actor: Actor, campaign_id: uuid.UUID) -> Campaign:
    """Send nothing more of a campaign, from now on and for good.

    Raises:
        PersonRequiredError, CampaignNotForYouError: If it is for somebody else.
        CampaignNotFoundError: If there is none.
        CampaignStateError: If it has ended.
        AttestationError: If it was altered outside Égide.
    """
    account_of(actor)
    if not actor.roles & STOPPERS:
        raise CampaignNotForYouError(roles=listed(sorted(STOPPERS)))
    campaign = locked_campaign(session, desk, campaign_id)
    move(campaign, CampaignVerb.STOP)
    campaign.ended_at = desk.clock.now()
    session.flush()
    _record(session, actor, campaign, "stop")
    return campaign


def list_campaigns(session: Session) -> Sequence[Campaign]:
    """Return the newest campaigns, the newest first."""
    return session.scalars(select(Campaign).order_by(Campaign.id.desc()).limit(_MOST)).all()


def find_campaign(session: Session, desk: Desk, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign.

    Raises:
        CampaignNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise CampaignNotFoundError(reference=str(campaign_id))
    desk.attestor.verify(campaign)
    return campaign


def locked_campaign(session: Session, desk: Desk, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign, held until the transaction ends.

    Raises:
        CampaignNotFoundError: If there is none.
        AttestationError: If it was altered outside Égide.
    """
    campaign = session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise CampaignNotFoundError(reference=str(campaign_id))
    desk.attestor.verify(campaign)
    return campaign


def standing_of(session: Session, campaign_id: uuid.UUID) -> Standing:
    """Return where the messages of a campaign stand, in one statement."""
    statement = (
        select(CampaignMessage.state, CampaignMessage.reason, func.count())
        .where(CampaignMessage.campaign_id == campaign_id)
        .group_by(CampaignMessage.state, CampaignMessage.reason)
    )
    counts: Counter[MessageState] = Counter()
    reasons: Counter[str] = Counter()
    for code, reason, number in session.execute(statement):
        counts[MessageState.from_code(code)] += number
        if reason:
            reasons[reason] += number
    return Standing(counts=dict(counts), reasons=dict(reasons.most_common()))


def move(campaign: Campaign, verb: CampaignVerb) -> None:
    """Take a campaign one step on.

    Raises:
        CampaignStateError: If it cannot take it.
    """
    to = TRANSITIONS.get((campaign.state, verb))
    if to is None:
        raise CampaignStateError(state=campaign.state, verb=verb)
    campaign.state = to


def _check_purpose(session: Session, desk: Desk, slug: str) -> None:
    purpose = declared_purposes(session, desk.attestor).get(slug)
    if purpose is None or not purpose.open or purpose.consent_channel is not Channel.EMAIL:
        raise NotByMailError(purpose=slug)


def _check(actor: Actor) -> uuid.UUID:
    account = account_of(actor)
    if not actor.roles & WRITERS:
        raise CampaignNotForYouError(roles=listed(sorted(WRITERS)))
    return account


def _record(session: Session, actor: Actor, campaign: Campaign, verb: str, **details: JsonValue) -> None:
    record(
        session,
        Fact(
            retention=Retention.EVIDENCE,
            action=Action.DECIDE,
            actor=actor,
            object_type=CAMPAIGN,
            object_id=str(campaign.id),
            purpose=campaign.purpose,
            details={"verb": verb, **details},
        ),
    )
