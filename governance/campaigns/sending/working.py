"""The worker's part of campaigns: everybody whom the gate gives is queued, and each is asked about again as it goes.

At most once: a message is marked as being sent, durably, before it leaves; what a stop leaves marked is not sent again,
for nobody knows whether it left. Between queueing and sending people change their minds: right before a message leaves,
their row is read through the gate, their consent in the ledger, and the rules of prospecting of this minute; one no is
enough, and the log says which.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.entries import Action, Fact, Outcome, Retention
from audit.transaction import record, unrecorded
from consent.events import Key
from consent.ledger import read_chains
from consent.preferences.links import PreferenceLink, seal_link
from consent.states import ConsentState
from governance.actor import SYSTEM, Actor, ActorKind
from governance.campaigns.deciding import decide
from governance.campaigns.errors import RulesClosedError
from governance.campaigns.rules import Recipient
from governance.campaigns.sending.models import Campaign, CampaignMessage
from governance.campaigns.sending.service import CAMPAIGN, CAMPAIGN_OF, QUEUE_JOB, locked_campaign, move
from governance.campaigns.sending.values import TABLE, CampaignState, CampaignVerb, MessageState
from governance.campaigns.service import rules_in_force
from governance.campaigns.values import Occasion, Situation
from governance.clock import Clock
from governance.customers.informing.ways import LANGUAGE
from governance.database import Database
from governance.gate.errors import ReadRefusedError, TamperedError
from governance.gate.gate import Gate
from governance.gate.query import Query
from governance.identity.models import Account
from governance.identity.service import roles_in_force
from governance.identity.service.accounts import is_usable
from governance.ids import IdSource, parse_id
from governance.jobs.queue import Lease, NewJob, enqueue
from governance.jobs.worker import Handler, Progress
from governance.mail.drawing import draw
from governance.mail.errors import MailRefusedError
from governance.mail.message import Mailer, Message
from governance.text import one_line
from governance.vault.attest import Attestor
from governance.vault.errors import VaultError
from governance.vault.sealed_values import SealedValues
from governance.vocabulary import Channel
from register.declared import purpose_on_file
from register.models import Activity
from register.on_file import party_on_file
from register.service import Desk

SEND_JOB: Final = "campaign-sending"
_AFTER: Final = "after"
_BATCH: Final = 500
_AT_ONCE: Final = 20
_WEEK: Final = timedelta(days=7)
_FIELD: Final = "email"
# Why a message did not go, beside the reasons of the rules and of the gate.
GONE: Final = "gone"
TOO_MANY: Final = "too-many"
TAMPERED: Final = "altered"
NO_ADDRESS: Final = "no-address"
NO_RULES: Final = "rules-closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignHouse:
    """What the worker's part works with.

    Attributes:
        mailer: None where no mail server is set: then every message fails.
        base_url: Of the house, for the links.
    """

    database: Database
    clock: Clock
    ids: IdSource
    attestor: Attestor
    gate: Gate
    seal: SealedValues = field(repr=False)
    mailer: Mailer | None
    base_url: str

    @property
    def desk(self) -> Desk:
        """What writing a campaign takes."""
        return Desk(self.clock, self.ids, self.attestor)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Going:
    """A message about to leave."""

    campaign: Campaign
    message_id: uuid.UUID
    row_id: uuid.UUID
    purpose_id: int
    organisation: str
    actor: Actor


class Campaigning:
    """Queues and sends campaigns."""

    def __init__(self, house: CampaignHouse) -> None:
        """Send nothing yet."""
        self._house: Final = house

    def handlers(self) -> tuple[Handler, Handler]:
        """Return what the worker does."""
        return (Handler(kind=QUEUE_JOB, step=self.queue), Handler(kind=SEND_JOB, step=self.send))

    def queue(self, lease: Lease) -> Progress:
        """Queue one page of those whom the gate gives; the last page lets sending begin.

        Raises:
            ReadRefusedError: If whoever launched it may not read them any more; the job is tried again later.
        """
        campaign_id = uuid.UUID(lease.payload[CAMPAIGN_OF])
        campaign, actor = self._launched(campaign_id)
        if campaign is None or actor is None:
            return Progress(finished=True)
        page = self._house.gate.read(
            actor,
            Query(
                purpose=campaign.purpose, table=TABLE, fields=(_FIELD,), limit=_BATCH, after=lease.payload.get(_AFTER)
            ),
        )
        wanted = [row_id for row in page if row.get(_FIELD) and (row_id := parse_id(str(row["id"]))) is not None]
        with self._house.database.write() as session:
            unrecorded(session, "the gate recorded whom it gave, and each message is recorded as it leaves")
            known = select(CampaignMessage.row_id).where(CampaignMessage.campaign_id == campaign_id)
            there = set(session.scalars(known.where(CampaignMessage.row_id.in_(wanted))))
            session.add_all(
                CampaignMessage(id=self._house.ids.new(), campaign_id=campaign_id, row_id=each)
                for each in wanted
                if each not in there
            )
            if page.next is None:
                self._begin(session, campaign_id)
            session.flush()
        done = lease.progress + len(wanted)
        if page.next is None:
            return Progress(finished=True, progress=done)
        return Progress(finished=False, progress=done, payload={**lease.payload, _AFTER: page.next})

    def send(self, lease: Lease) -> Progress:
        """Send some messages of a campaign, or leave them out; the last one ends it.

        Raises:
            MailUnavailableError: If the server cannot be used; the work goes on from here later.
        """
        campaign_id = uuid.UUID(lease.payload[CAMPAIGN_OF])
        done = 0
        for _ in range(_AT_ONCE):
            going = self._take(campaign_id)
            if going is None:
                return Progress(finished=True, progress=lease.progress + done)
            self._go(going)
            done += 1
        return Progress(finished=False, progress=lease.progress + done, payload=dict(lease.payload))

    def _begin(self, session: Session, campaign_id: uuid.UUID) -> None:
        campaign = locked_campaign(session, self._house.desk, campaign_id)
        campaign.queued = True
        due_at = max(campaign.send_at or self._house.clock.now(), self._house.clock.now())
        payload = {CAMPAIGN_OF: str(campaign_id)}
        enqueue(session, self._house.ids, NewJob(kind=SEND_JOB, key=str(campaign_id), due_at=due_at, payload=payload))

    def _launched(self, campaign_id: uuid.UUID) -> tuple[Campaign | None, Actor | None]:
        """Return a campaign under way, and in whose name people are read now.

        Raises:
            ReadRefusedError: If their account is closed.
        """
        house = self._house
        with house.database.read() as session:
            campaign = session.get(Campaign, campaign_id)
            if campaign is None:
                return None, None
            house.attestor.verify(campaign)
            if campaign.state is not CampaignState.LAUNCHED:
                return None, None
            now = house.clock.now()
            account = session.get(Account, campaign.by)
            if account is None:
                raise ReadRefusedError(reasons=())
            house.attestor.verify(account)
            if not is_usable(account, now):
                raise ReadRefusedError(reasons=())
            roles = roles_in_force(session, house.attestor, account.id, now)
            actor = Actor(kind=ActorKind.PERSON, id=account.id, roles=roles)
            session.expunge_all()
            return campaign, actor

    def _take(self, campaign_id: uuid.UUID) -> _Going | None:
        """Mark the next message as being sent, durably; None where nothing is left, and the campaign has ended then."""
        campaign, actor = self._launched(campaign_id)
        if campaign is None or actor is None:
            return None
        with self._house.database.write() as session:
            queued = select(CampaignMessage).where(
                CampaignMessage.campaign_id == campaign_id, CampaignMessage.state == MessageState.QUEUED.code
            )
            message = session.scalars(queued.order_by(CampaignMessage.id).limit(1).with_for_update()).one_or_none()
            if message is None:
                held = locked_campaign(session, self._house.desk, campaign_id)
                move(held, CampaignVerb.FINISH)
                held.ended_at = self._house.clock.now()
                session.flush()
                self._record(session, campaign, None, {"verb": "finish"})
                return None
            unrecorded(session, "what becomes of a message is recorded once it is known")
            purpose = purpose_on_file(session, self._house.attestor, campaign.purpose)
            organisation = party_on_file(session, session.get_one(Activity, purpose.activity_id).controller_id)
            message.state = MessageState.SENDING.code
            session.flush()
            return _Going(
                campaign=campaign,
                message_id=message.id,
                row_id=message.row_id,
                purpose_id=purpose.id,
                organisation="" if organisation is None else organisation.name,
                actor=actor,
            )

    def _go(self, going: _Going) -> None:
        """Ask once more, and send or leave out."""
        try:
            subject_id = next(iter(self._house.gate.people_of(TABLE, str(going.row_id))), None)
            state, reason = self._sent_or_not(going, subject_id)
        except Exception:
            # It did not leave: the next attempt asks again.
            self._put_back(going)
            raise
        self._settle(going, subject_id, state, reason)

    def _sent_or_not(self, going: _Going, subject_id: int | None) -> tuple[MessageState, str]:
        reason, row = self._asked_again(going, subject_id)
        if reason is not None or subject_id is None:
            return MessageState.LEFT_OUT, reason or GONE
        try:
            self._post(going, subject_id, row)
        except MailRefusedError as error:
            return MessageState.FAILED, f"mail-{error.code}"
        return MessageState.SENT, ""

    def _asked_again(self, going: _Going, subject_id: int | None) -> tuple[str | None, Mapping[str, Any]]:
        """Return why a message must not go, or None; and the person's row, as the gate gives it this second."""
        if subject_id is None:
            return GONE, {}
        with self._house.database.read() as session:
            reason = self._refusal(session, going, subject_id)
        if reason is not None:
            return reason, {}
        try:
            fields = (_FIELD, LANGUAGE) if self._gives_language(going) else (_FIELD,)
            query = Query(purpose=going.campaign.purpose, table=TABLE, fields=fields, limit=1, rows=(going.row_id,))
            page = self._house.gate.read(going.actor, query)
        except (TamperedError, VaultError):
            return TAMPERED, {}
        rows = page.decoded()
        if not rows or _FIELD not in rows[0]:
            return next(iter(page.left_out), "restricted" if rows else GONE), {}
        return (None if rows[0][_FIELD] else NO_ADDRESS), rows[0]

    def _refusal(self, session: Session, going: _Going, subject_id: int) -> str | None:
        """Return what the ledger, the rules of this minute or the number of messages say against it."""
        house, now = self._house, self._house.clock.now()
        key = Key(subject_id, going.purpose_id, Channel.EMAIL.code)
        standing = read_chains(session, house.attestor, (key,))[key].standing
        state = standing.state
        if state is ConsentState.GIVEN and not standing.holds(now):
            state = ConsentState.EXPIRED
        occasion = Occasion(channel=Channel.EMAIL, recipient=Recipient.CONSUMER, moment=now, offers_objection=True)
        try:
            rules = rules_in_force(session, house.attestor).rules
        except RulesClosedError:
            return NO_RULES
        decision = decide(rules, occasion, Situation(consent=state))
        if not decision.allowed:
            return decision.obstacles[0].reason.value
        sent = select(func.count()).where(
            CampaignMessage.subject_id == subject_id,
            CampaignMessage.state == MessageState.SENT.code,
            CampaignMessage.settled_at > now - _WEEK,
        )
        return TOO_MANY if (session.scalar(sent) or 0) >= going.campaign.most_in_a_week else None

    def _gives_language(self, going: _Going) -> bool:
        plan = self._house.gate.explain(going.actor, going.campaign.purpose, TABLE, (LANGUAGE,)).plan
        return plan is not None

    def _post(self, going: _Going, subject_id: int, row: Mapping[str, Any]) -> None:
        house, campaign = self._house, going.campaign
        if house.mailer is None:
            raise MailRefusedError(code=0)
        link = PreferenceLink(
            subject_id=subject_id,
            purpose_id=going.purpose_id,
            channel=Channel.EMAIL.code,
            message_id=going.message_id,
        )
        address = f"{house.base_url}/preferences/{seal_link(house.seal, house.clock, link)}"
        language = "en" if row.get(LANGUAGE) == "en" else "fr"
        english = language == "en"
        text = campaign.text_en if english else campaign.text_fr
        facts = {
            "title": campaign.subject_en if english else campaign.subject_fr,
            "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
            "choices": address,
            "organisation": going.organisation,
            "house": house.base_url,
        }
        drawn = draw("campaign", language, facts)
        message = Message(
            to=str(row[_FIELD]),
            subject=drawn.subject,
            text=drawn.text,
            html=drawn.html,
            unsubscribe=f"{address}/unsubscribe",
            sender_name=one_line(going.organisation),
        )
        house.mailer.send(message)

    def _settle(self, going: _Going, subject_id: int | None, state: MessageState, reason: str) -> None:
        with self._house.database.write() as session:
            message = session.get_one(CampaignMessage, going.message_id, with_for_update=True)
            message.state, message.reason, message.subject_id = state.code, reason, subject_id
            message.settled_at = self._house.clock.now()
            session.flush()
            details = {"verb": state.value, "message": str(message.id)} | ({"reason": reason} if reason else {})
            self._record(session, going.campaign, subject_id, details, done=state is MessageState.SENT)

    def _put_back(self, going: _Going) -> None:
        with self._house.database.write() as session:
            unrecorded(session, "it did not leave, and is tried again")
            message = session.get_one(CampaignMessage, going.message_id, with_for_update=True)
            message.state = MessageState.QUEUED.code
            session.flush()

    def _record(
        self,
        session: Session,
        campaign: Campaign,
        subject_id: int | None,
        details: dict[str, str],
        *,
        done: bool = True,
    ) -> None:
        record(
            session,
            Fact(
                retention=Retention.EVIDENCE,
                action=Action.NOTIFY,
                actor=SYSTEM,
                object_type=CAMPAIGN,
                object_id=str(campaign.id),
                purpose=campaign.purpose,
                subjects=() if subject_id is None else (subject_id,),
                outcome=Outcome.DONE if done else Outcome.REFUSED,
                details=dict(details),
            ),
        )
