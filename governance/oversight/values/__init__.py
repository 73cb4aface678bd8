"""What the first pages are made of: matters that wait or differ, with what is needed to name and to find each."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from governance.actor import Role

REFERENCE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name that the register keeps in both languages."""

    fr: str
    en: str


class About(StrEnum):
    """The kinds of things that an action is about, or that a document proves."""

    ACTIVITY = "activity"
    # The impact assessment of an activity, or the decision that none is needed. GDPR Art. 35.
    ASSESSMENT = "assessment"
    PARTY = "party"
    CONTRACT = "contract"
    DRIFT = "drift"
    ACCESS_REVIEW = "access-review"
    ACTION = "action"
    DOCUMENT = "document"
    TRAINING = "training"
    OFFICER = "officer"
    LETTER = "letter"
    MATURITY = "maturity"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the house, by its kind and by what its room calls it: an identifier, or a stable name."""

    about: About
    reference: str


class Matter(StrEnum):
    """What something on a first page is about."""

    # What is due.
    OPINION = "opinion"
    ACTIVATION = "activation"
    GRANTS_ASKED = "grants-asked"
    GRANTS_END = "grants-end"
    ROLE_ENDS = "role-ends"
    ROLE_WAITS = "role-waits"
    TOKEN_ENDS = "token-ends"  # noqa: S105 -- the name of a matter
    TOKEN_WAITS = "token-waits"  # noqa: S105 -- the name of a matter
    LOG_PURGE = "log-purge"
    DRAFT = "draft"
    RETURNED = "returned"
    ACCESS_ASKED = "access-asked"
    OBSERVATION_ENDS = "observation-ends"
    MAP_WAITS = "map-waits"
    INFORM = "inform"
    REVIEW = "review"
    ACTION_DUE = "action-due"
    DOCUMENT_ENDS = "document-ends"
    ANSWER_DUE = "answer-due"
    ANSWERED = "answered"
    # What differs from what was declared.
    OBSERVED = "observed"
    UNREAD = "unread"
    UNENROLLED = "unenrolled"
    LEFT_OUT = "left-out"
    POLICY_SET = "policy-set"
    ALTERED = "altered"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One matter.

    Attributes:
        label: What the register calls it.
        name: What else it is called: a token, a table, a kind of work.
        person: Whom it concerns, by account.
        reference: What leads to it: a slug, an identifier.
        count: How many rows, people or grants.
        at: Since when it waits, or when it was last seen.
        due: When it ends or has to be done.
        last_day: The same, where it is a day and no moment.
        text: What somebody wrote about it.
        grave: It stops work, or something was altered.
    """

    matter: Matter
    label: Label | None = None
    name: str | None = None
    role: Role | None = None
    person: uuid.UUID | None = None
    reference: str | None = None
    count: int = 1
    at: datetime | None = None
    due: datetime | None = None
    last_day: date | None = None
    text: str = ""
    grave: bool = False


class Measure(StrEnum):
    """What an indicator measures."""

    IN_FORCE = "in-force"
    ENFORCED = "enforced"
    SEALED = "sealed"
    CLEAR = "clear"
    READS = "reads"
    REFUSALS = "refusals"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure against its target.

    Attributes:
        value: The figure; None where there is nothing to measure yet.
        of: What it is a part of; None where it stands alone.
        target: What is wanted; None where only the course tells.
        at_most: Whether the target is a ceiling rather than a floor.
        trend: The last days, oldest first.
    """

    measure: Measure
    value: int | None
    of: int | None = None
    target: int | None = None
    at_most: bool = False
    trend: tuple[int, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing to measure."""
        if self.target is None or self.value is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target
