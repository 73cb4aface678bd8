"""What a person is shown of their choices, and what they may do about each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from consent.states import ConsentState, EventKind, Method
from governance.vocabulary import Channel
from register.stated import Stated, StatedPurpose
from register.values import NoticeRef


class Answer(StrEnum):
    """The one gesture."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event of a choice, as its person reads it."""

    kind: EventKind
    method: Method
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One purpose that waits for a person's yes, or that they may object to.

    Attributes:
        purpose_id, slug: The purpose's.
        label_fr, label_en: What it is called.
        channel: On which channel consent is asked; None where the purpose rests on something else, and the person may
            object (GDPR Art. 21).
        answer: What the person's data are used for now: yes or no.
        state: What their events amount to; None where they were never asked, and for objections.
        open: Whether a yes can be given: the purpose is in force.
        since: When they last said something.
        expires_at: Until when a yes counts.
        history: What they said, in order.
        activity: What the register states around it; None where that was altered, and nothing is stated.
        terms: Its data, periods and recipients; None for the same reason.
        notice: The newest notice that tells people of it.
    """

    purpose_id: int
    slug: str
    label_fr: str
    label_en: str
    channel: Channel | None
    answer: Answer
    open: bool
    state: ConsentState | None = None
    since: datetime | None = None
    expires_at: datetime | None = None
    history: tuple[Told, ...] = ()
    activity: Stated | None = field(default=None, repr=False)
    terms: StatedPurpose | None = field(default=None, repr=False)
    notice: NoticeRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """What a person says on their page.

    Attributes:
        wording: The words beside the gesture, as they were shown.
        language: Their language.
        address, device: Where it came from; shortened before they are kept.
    """

    subject_id: int
    purpose: str
    answer: Answer
    wording: str
    language: str
    address: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A person's page: each purpose with their answer, those that they agreed to first."""

    choices: Sequence[Choice]

    @property
    def any_yes(self) -> bool:
        """Whether there is anything to say no to."""
        return any(each.answer is Answer.YES for each in self.choices)
