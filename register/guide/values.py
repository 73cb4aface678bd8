"""The words of the guide: its steps, where each thing that a record lacks is said, and how far one has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from register.lines.values import Subject
from register.values import PurposePart


class GuideStep(StrEnum):
    """A question of the guide, in the order in which it is asked; it names its page in addresses."""

    WHAT = "what"
    WHY = "why"
    PEOPLE = "people"
    DATA = "data"
    RECIPIENTS = "recipients"
    HELPERS = "helpers"
    TRANSFERS = "transfers"
    MEASURES = "measures"
    DECISIONS = "decisions"
    RIGHTS = "rights"
    ASSETS = "assets"
    ANSWERS = "answers"
    REVIEW = "review"


# Asked for each purpose anew, and the part of the purpose that the answer is.
PARTS: Final[Mapping[GuideStep, PurposePart]] = {
    GuideStep.WHY: PurposePart.WORDS,
    GuideStep.DATA: PurposePart.DATA,
    GuideStep.RECIPIENTS: PurposePart.RECIPIENTS,
}
STEP_OF_PART: Final[Mapping[PurposePart, GuideStep]] = {part: step for step, part in PARTS.items()}

# What lines of the record the answer is.
SUBJECTS: Final[Mapping[GuideStep, Subject]] = {
    GuideStep.PEOPLE: Subject.PEOPLE,
    GuideStep.HELPERS: Subject.PARTIES,
    GuideStep.TRANSFERS: Subject.TRANSFERS,
    GuideStep.MEASURES: Subject.MEASURES,
    GuideStep.DECISIONS: Subject.DECISIONS,
    GuideStep.RIGHTS: Subject.RIGHTS,
    GuideStep.ASSETS: Subject.ASSETS,
}

# What is asked of whoever acts for others: the rest is for those to say for whom they act. GDPR Art. 30(2).
FOR_OTHERS: Final = frozenset({
    GuideStep.WHAT, GuideStep.HELPERS, GuideStep.TRANSFERS, GuideStep.MEASURES, GuideStep.ANSWERS, GuideStep.REVIEW,
})  # fmt: skip

# Where each shortcoming is settled, by its code.
STEP_OF_LACK: Final[Mapping[str, GuideStep]] = {
    "no-controller": GuideStep.ANSWERS,
    "no-processor": GuideStep.ANSWERS,
    "consent-without-withdrawal": GuideStep.RIGHTS,
    "shared-with-nobody-named": GuideStep.HELPERS,
    "no-purpose": GuideStep.WHY,
    "no-basis": GuideStep.WHY,
    "no-data": GuideStep.DATA,
    "no-recipient": GuideStep.RECIPIENTS,
    "special-category-without-condition": GuideStep.WHY,
    "national-number-without-ground": GuideStep.WHY,
    "offences-without-ground": GuideStep.WHY,
    "no-balancing-test": GuideStep.WHY,
    "no-legal-reference": GuideStep.WHY,
    "no-joint-controller": GuideStep.HELPERS,
    "no-arrangement": GuideStep.HELPERS,
    "no-principal": GuideStep.HELPERS,
    "no-contract": GuideStep.HELPERS,
    "no-categories-of-processing": GuideStep.HELPERS,
    "transfer-without-safeguard": GuideStep.TRANSFERS,
    "no-adequacy-decision": GuideStep.TRANSFERS,
    "partial-adequacy-unexplained": GuideStep.TRANSFERS,
    "no-transfer-assessment": GuideStep.TRANSFERS,
    "decision-without-ground": GuideStep.DECISIONS,
    "decision-unexplained": GuideStep.DECISIONS,
    "decision-without-safeguards": GuideStep.DECISIONS,
    "decision-on-special-categories": GuideStep.DECISIONS,
}


class Standing(StrEnum):
    """How a question stands."""

    DONE = "done"
    TO_DO = "to-do"
    TO_CONFIRM = "to-confirm"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page of the guide: a question, and of which purpose where each has its own.

    Attributes:
        purpose: The slug of the purpose; None where the question is of the activity, or no purpose is there yet.
    """

    step: GuideStep
    purpose: str | None = None

    @property
    def key(self) -> str:
        """How it is written where it is kept, and in addresses."""
        return self.step.value if self.purpose is None else f"{self.step.value}/{self.purpose}"

    @classmethod
    def read(cls, key: str) -> Self | None:
        """Return the place that is written so; None where there is none."""
        step, _, purpose = key.partition("/")
        if step not in set(GuideStep):
            return None
        return cls(step=GuideStep(step), purpose=purpose or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStanding:
    """How one page of the guide stands.

    Attributes:
        left: Somebody has answered it, or gone by.
    """

    place: Place
    standing: Standing
    left: bool
