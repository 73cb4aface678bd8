"""What is asked of the rules of prospecting, and what they answer. Nothing here is read: callers bring the facts.

An `Occasion` is what a message or call has in common for all its people; a `Situation`, what is known of one of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.states import ConsentState
from governance.campaigns.reasons import Reason
from governance.campaigns.rules import Recipient, Rule
from governance.vocabulary import Channel


class Basis(StrEnum):
    """On what somebody may be solicited."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft-opt-in"
    CONTRACT = "contract"
    LEGITIMATE_INTERESTS = "legitimate-interests"


class Contract(StrEnum):
    """Whether a contract with the person runs, and whether the message is about its object."""

    NONE = "none"
    OTHER_OBJECT = "other-object"
    ITS_OBJECT = "its-object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a message or a call is, whoever receives it.

    Attributes:
        channel: By which it goes.
        recipient: To whom: a consumer, or a professional at a professional address about their profession.
        moment: When, aware.
        similar: Whether it is about products similar to those that its people bought, as its activity declares.
        offers_objection: Whether it carries a simple way to object, free of charge.
    """

    channel: Channel
    recipient: Recipient
    moment: datetime
    similar: bool = False
    offers_objection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of one person, for one channel, at the moment of the occasion.

    Attributes:
        consent: What their consent to be solicited by the channel amounts to: `GIVEN` where it holds at that moment,
            `EXPIRED` once it has run out; None where they were never asked.
        bought: Whether they bought from this very seller, who had their address on that occasion.
        objection_offered: Whether they could object, simply and free of charge, when the address was collected.
        contract: Whether a contract with them runs, and whether the message is about its object.
        contacts: The days on which they were called by the channel, each attempt counted; any order.
        refused_on: The day of their last refusal during a call.
        objected: Whether they objected to prospecting.
        restricted: Whether the use of their data is restricted.
        deceased: Whether they are known to have died.
        erased: Whether their data were erased.
        suppressed: Whether a list of people not to be solicited names them: the house's own or, while it was one, a
            public one.
        minor_alone: Whether they are known to be too young to consent alone, and nobody who holds parental authority
            agreed with them.
    """

    consent: ConsentState | None = None
    bought: bool = False
    objection_offered: bool = False
    contract: Contract = Contract.NONE
    contacts: tuple[date, ...] = ()
    refused_on: date | None = None
    objected: bool = False
    restricted: bool = False
    deceased: bool = False
    erased: bool = False
    suppressed: bool = False
    minor_alone: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why somebody may not be solicited.

    Attributes:
        reason: Which.
        rule: The rule that says so; None where no file of rules can say otherwise.
        ends: The first moment, in UTC, at which it no longer stands, where time alone ends it.
    """

    reason: Reason
    rule: Rule | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether somebody may be solicited.

    Attributes:
        basis: On what; None where they may not.
        rule: The rule by which they may.
        obstacles: Every reason why not, in the order of `Reason`, each reason once; empty where they may.
        allowed_from: The first moment, in UTC, at which they may, where nothing but time stands in the way and nothing
            that is known of them changes; only `decide` looks for it.
    """

    basis: Basis | None = None
    rule: Rule | None = None
    obstacles: tuple[Obstacle, ...] = ()
    allowed_from: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether they may be solicited."""
        return self.basis is not None
