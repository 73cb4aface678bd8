"""Campaigns: everybody is asked about again as their message leaves, and one no is enough, whoever says it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from audit.search import Filters, search
from audit.transaction import unrecorded
from consent.service import Objection, object_to
from governance.actor import SYSTEM, Role
from governance.campaigns.sending.errors import CampaignNotForYouError, CampaignStateError, NotByMailError
from governance.campaigns.sending.models import Campaign, CampaignMessage
from governance.campaigns.sending.service import (
    find_campaign,
    launch_campaign,
    standing_of,
    stop_campaign,
    write_campaign,
)
from governance.campaigns.sending.values import CampaignState, CampaignTerms, MessageState
from governance.clock import SystemClock
from governance.customers.tables import TABLES
from governance.mail.address import parse_smtp_url
from governance.mail.message import Message
from governance.policies.models import Grant
from governance.vault.subject_keys import erase, restrict
from governance.wiring import Wired, wire
from governance.work import worker_of
from register.service import Desk
from tests.builders.campaigns import a_campaign
from tests.builders.consent import desk_of
from tests.builders.ground import StandingClock
from tests.builders.mail import Pile
from tests.builders.oversight import acting
from tests.builders.service import Service, serve_in_process
from tests.demonstration import Home

HTML = {"Accept": "text/html", "Accept-Language": "fr"}


@dataclass
class Firm:
    """A house with a mail server, and its marketing."""

    service: Service
    pile: Pile
    clock: StandingClock

    @property
    def wired(self) -> Wired:
        return self.service.wired

    @property
    def desk(self) -> Desk:
        return Desk(self.wired.clock, self.wired.ids, self.wired.attestor)

    def launch(self, terms: CampaignTerms | None = None) -> Campaign:
        with self.wired.write() as session:
            marketing = acting(self.wired, Role.MARKETING)
            made = write_campaign(session, self.desk, marketing, terms or a_campaign())
            launch_campaign(session, self.desk, marketing, made.id)
            session.flush()
            session.expunge(made)
            return made

    def work(self, **span: float) -> None:
        self.clock.advance(**span) if span else None
        worker = worker_of(self.wired)
        while worker.run_once():
            self.clock.advance(seconds=1)

    def counts(self, campaign: Campaign) -> dict[MessageState, int]:
        with self.wired.read() as session:
            return dict(standing_of(session, campaign.id).counts)

    def reasons(self, campaign: Campaign) -> dict[str, int]:
        with self.wired.read() as session:
            return dict(standing_of(session, campaign.id).reasons)

    def state(self, campaign: Campaign) -> CampaignState:
        with self.wired.read() as session:
            return find_campaign(session, self.desk, campaign.id).state

    def unsubscribe(self, letter: Message) -> int:
        assert letter.unsubscribe is not None
        path = letter.unsubscribe.removeprefix("http://localhost:8000")
        client = self.service.app.test_client()
        return client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code

    def subject_of(self, letter: Message) -> int:
        """Return whom a letter went to, as the log has it."""
        with self.wired.read() as session:
            sent = search(session, Filters(object_type="campaign"), limit=200)
            reached = [next(iter(each.subjects)) for each in reversed(sent) if each.said["details"]["verb"] == "sent"]
        return int(reached[self.pile.letters.index(letter)])


@pytest.fixture
def firm(home: Home) -> Iterator[Firm]:
    clock, pile = StandingClock(SystemClock().now()), Pile()
    settings = replace(home.settings, smtp=parse_smtp_url("smtp://127.0.0.1:25"))
    wired = replace(wire(settings, clock=clock), mailer=pile)
    yield Firm(serve_in_process(wired), pile, clock)
    wired.close()


@pytest.fixture
def agreeing(firm: Firm) -> int:
    """How many people agree to e-mail."""
    first = firm.launch()
    firm.work()
    sent = firm.counts(first)[MessageState.SENT]
    assert sent == len(firm.pile.letters) > 5
    firm.pile.letters.clear()
    firm.clock.advance(days=8)
    return sent


def test_each_message_names_the_firm_and_says_where_one_post_ends_it(firm: Firm) -> None:
    campaign = firm.launch()
    firm.work()

    letter = firm.pile.letters[0]
    assert (letter.subject, letter.sender_name) == ("Nos ventes de décembre", "Maison Lumen (société fictive)")
    assert letter.unsubscribe is not None
    assert re.fullmatch(r"http://localhost:8000/preferences/[\w-]+/unsubscribe", letter.unsubscribe)
    assert letter.unsubscribe.removesuffix("/unsubscribe") in letter.text
    assert "Nos ventes commencent lundi." in letter.text
    assert Counter(each.to for each in firm.pile.letters).most_common(1)[0][1] == 1
    assert firm.state(campaign) is CampaignState.DONE


def test_whoever_unsubscribes_gets_no_message_that_waits_and_the_log_says_why(firm: Firm, agreeing: int) -> None:
    first = firm.launch()
    firm.work()
    second = firm.launch(a_campaign(send_at=firm.clock.now() + timedelta(days=8)))
    firm.work()
    assert firm.counts(second) == {MessageState.QUEUED: agreeing}

    letter = firm.pile.letters[3]
    whose = firm.subject_of(letter)
    assert firm.unsubscribe(letter) == 200
    firm.pile.letters.clear()
    firm.work(days=8)

    assert firm.counts(second) == {MessageState.SENT: agreeing - 1, MessageState.LEFT_OUT: 1}
    assert letter.to not in {each.to for each in firm.pile.letters}
    assert firm.reasons(second) == {"withdrawn": 1}
    with firm.wired.read() as session:
        entries = search(session, Filters(object_type="campaign", subject=whose), limit=10)
        told = [(each.said["details"]["verb"], each.said["details"].get("reason")) for each in entries]
        assert told[0] == ("left-out", "withdrawn")
        assert ("sent", None) in told
        assert entries[0].said["outcome"] == "refused"
    assert firm.state(first) is CampaignState.DONE


@pytest.mark.parametrize("happened", ["restricted", "erased", "objected", "altered"])
def test_what_happens_while_a_message_waits_keeps_it_back(firm: Firm, agreeing: int, happened: str) -> None:
    waits = firm.launch(a_campaign(send_at=firm.clock.now() + timedelta(days=1)))
    firm.work()
    with firm.wired.read() as session:
        row_id = session.scalars(select(CampaignMessage.row_id).order_by(CampaignMessage.id.desc())).first()
        mine = select(TABLES["customers"].c.person_subject_id).where(TABLES["customers"].c.id == row_id)
        subject_id = session.execute(mine).scalar_one()
    with firm.wired.write() as session:
        unrecorded(session, "a test's own change")
        if happened == "restricted":
            restrict(session, firm.wired.keyring, subject_id)
        elif happened == "erased":
            erase(session, subject_id)
        elif happened == "objected":
            object_to(session, desk_of(firm.wired), SYSTEM, Objection(subject_id=subject_id, purpose="email-marketing"))
        else:
            session.execute(text("UPDATE consent SET holds_until = NULL WHERE subject_id = :id"), {"id": subject_id})

    firm.work(days=1)

    assert firm.counts(waits) == {MessageState.SENT: agreeing - 1, MessageState.LEFT_OUT: 1}


def test_nobody_gets_more_than_so_many_in_a_week(firm: Firm, agreeing: int) -> None:
    for _ in range(2):
        assert firm.counts(firm.launch()) == {}
        firm.work()
    assert len(firm.pile.letters) == 2 * agreeing

    third = firm.launch()
    firm.work()

    assert firm.counts(third) == {MessageState.LEFT_OUT: agreeing}
    assert firm.reasons(third) == {"too-many": agreeing}
    firm.pile.letters.clear()
    firm.clock.advance(days=8)
    firm.launch()
    firm.work()
    assert len(firm.pile.letters) == agreeing


def test_a_server_that_is_down_loses_nothing_and_repeats_nothing(firm: Firm, agreeing: int) -> None:
    firm.pile.failures = 3
    campaign = firm.launch()
    for _ in range(8):
        firm.work(hours=1)

    assert firm.counts(campaign) == {MessageState.SENT: agreeing}
    assert len({each.to for each in firm.pile.letters}) == len(firm.pile.letters) == agreeing


def test_what_a_stop_left_on_its_way_is_not_sent_again(firm: Firm, agreeing: int) -> None:
    def pull(message: Message) -> None:
        firm.pile.letters.append(message)
        raise KeyboardInterrupt

    campaign = firm.launch()
    send = firm.pile.send
    firm.pile.send = pull  # type: ignore[method-assign] # the plug is pulled as a letter leaves
    with pytest.raises(KeyboardInterrupt):
        firm.work()
    firm.pile.send = send  # type: ignore[method-assign] # back in
    firm.work(hours=1)

    assert firm.counts(campaign) == {MessageState.SENDING: 1, MessageState.SENT: agreeing - 1}
    assert len(firm.pile.letters) == agreeing


def test_a_stopped_campaign_sends_nothing_more(firm: Firm, agreeing: int) -> None:
    campaign = firm.launch(a_campaign(send_at=firm.clock.now() + timedelta(days=1)))
    firm.work()
    with firm.wired.write() as session:
        stop_campaign(session, firm.desk, acting(firm.wired, Role.DPO), campaign.id)
    firm.work(days=2)

    assert firm.pile.letters == []
    assert firm.counts(campaign) == {MessageState.QUEUED: agreeing}


def test_a_grant_taken_back_keeps_everything_back(firm: Firm, agreeing: int) -> None:
    firm.launch(a_campaign(send_at=firm.clock.now() + timedelta(days=1)))
    firm.work()
    with firm.wired.write() as session:
        unrecorded(session, "a test's own change")
        for grant in session.scalars(select(Grant).where(Grant.role == Role.MARKETING)):
            session.delete(grant)
    firm.work(days=1)

    assert firm.pile.letters == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE campaign SET text_fr = 'Virez cent euros.'",
        "UPDATE campaign SET state = 'launched', launched_at = made_at",
    ],
)
def test_a_campaign_altered_by_sql_sends_nothing(firm: Firm, statement: str) -> None:
    firm.launch(a_campaign(send_at=firm.clock.now() + timedelta(days=1)))
    with firm.wired.write() as session:
        write_campaign(session, firm.desk, acting(firm.wired, Role.MARKETING), a_campaign())
    with firm.wired.database.engine.begin() as connection:
        connection.execute(text(statement + " WHERE 1 = 1"))
    firm.work(days=1)

    assert all("cent euros" not in each.text for each in firm.pile.letters)


def test_only_marketing_writes_and_a_campaign_is_launched_once(firm: Firm) -> None:
    campaign = firm.launch()
    with firm.wired.write() as session:
        unrecorded(session, "nothing changes")
        with pytest.raises(CampaignNotForYouError):
            write_campaign(session, firm.desk, acting(firm.wired, Role.SALES), a_campaign())
        with pytest.raises(CampaignNotForYouError):
            launch_campaign(session, firm.desk, acting(firm.wired, Role.DPO), campaign.id)
        with pytest.raises(CampaignNotForYouError):
            stop_campaign(session, firm.desk, acting(firm.wired, Role.AUDITOR), campaign.id)
        with pytest.raises(CampaignStateError):
            launch_campaign(session, firm.desk, acting(firm.wired, Role.MARKETING), campaign.id)


@pytest.mark.parametrize("purpose", ["sms-marketing", "customer-relationship", "no-such-purpose"])
def test_nobody_is_written_to_for_what_they_did_not_agree_to_by_mail(firm: Firm, purpose: str) -> None:
    with firm.wired.write() as session:
        unrecorded(session, "nothing changes")
        with pytest.raises(NotByMailError):
            write_campaign(session, firm.desk, acting(firm.wired, Role.MARKETING), a_campaign(purpose=purpose))
