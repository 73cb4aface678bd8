"""What the register refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from governance.errors import DomainError, Phrase, listed, mark, phrase
from register.lifecycle import Verb
from register.shortcomings import Shortcoming


@dataclass(kw_only=True, eq=False)
class RegisterError(DomainError):
    """Base of all errors of the register."""


@dataclass(kw_only=True, eq=False)
class PartyNotFoundError(RegisterError):
    """No party has this identifier."""

    message: ClassVar[str] = mark("There is no party {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class PartyInForceError(RegisterError):
    """A party that an activity in force names would become somebody else without anybody deciding upon it."""

    message: ClassVar[str] = mark(
        "An activity in force names this organisation: its name, legal form, number, country and representative stay, "
        "and the controller alone names another data protection officer, on the page of the designation. Otherwise put "
        "it on file as it now is, and name it in a review of the activity (GDPR Art. 30(1)(a), 30(2)(a))."
    )


@dataclass(kw_only=True, eq=False)
class PartyNamesItselfError(RegisterError):
    """A party would be its own representative or data protection officer. GDPR Art. 27(1), 38(6)."""

    message: ClassVar[str] = mark(
        "Nobody is their own representative or data protection officer: name somebody else, or nobody."
    )


@dataclass(kw_only=True, eq=False)
class ActivityNotFoundError(RegisterError):
    """No activity has this identifier or slug."""

    message: ClassVar[str] = mark("There is no processing activity {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class VersionNotFoundError(RegisterError):
    """The activity has no such version: it was not decided upon then."""

    message: ClassVar[str] = mark("The activity {slug} has no version {revision}.")
    slug: str
    revision: int


@dataclass(kw_only=True, eq=False)
class PurposeNotFoundError(RegisterError):
    """No purpose has this number or slug."""

    message: ClassVar[str] = mark("There is no purpose {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class LineNotFoundError(RegisterError):
    """The record has no such line."""

    message: ClassVar[str] = mark("The record has no line {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class LineTwiceError(RegisterError):
    """Two lines of a record speak of the same."""

    message: ClassVar[str] = mark("The record of {slug} says this already: correct that line instead.")
    slug: str


@dataclass(kw_only=True, eq=False)
class TransferRecipientError(RegisterError):
    """A transfer that goes to nobody, or to two."""

    message: ClassVar[str] = mark("Say to whom the data go: an organisation on file, or else a kind of recipient.")


@dataclass(kw_only=True, eq=False)
class DerogationError(RegisterError):
    """A derogation without its situation, or a situation without derogation."""

    message: ClassVar[str] = mark("A derogation says for which situation of Article 49, and nothing else does.")


@dataclass(kw_only=True, eq=False)
class SlugTakenError(RegisterError):
    """Another activity or purpose has this slug."""

    message: ClassVar[str] = mark("The slug {slug} is taken by another {kind}.")
    kind: str
    slug: str


@dataclass(kw_only=True, eq=False)
class SlugInvalidError(RegisterError):
    """A slug that could not stand in an address or a command."""

    message: ClassVar[str] = mark(
        "A slug is 1 to 64 small letters, digits and single hyphens, and starts with a letter: the one given is not."
    )


@dataclass(kw_only=True, eq=False)
class StepNotPossibleError(RegisterError):
    """A step that the state of the activity does not allow."""

    message: ClassVar[str] = mark("An activity that is {state} cannot be moved by {verb}.{then}")
    slug: str
    state: str
    verb: str
    possible: tuple[Verb, ...] = ()

    @property
    def places(self) -> Mapping[str, object]:
        """What is possible instead, in words; nothing where nothing is."""
        then = phrase(" Possible: {possible}.", possible=listed(self.possible)) if self.possible else ""
        return {"state": self.state, "verb": self.verb, "then": then}


@dataclass(kw_only=True, eq=False)
class RecordChangedError(RegisterError):
    """A step on a record that is not any more what the person read who takes it."""

    message: ClassVar[str] = mark(
        "The record of {slug} was changed since you read it: nothing was decided. "
        "Read it as it stands now, then decide."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class StepNotAllowedError(RegisterError):
    """A step that is for somebody else to take."""

    message: ClassVar[str] = mark("{verb} is for {roles} to decide ({article}).")
    verb: str
    roles: str
    article: str


@dataclass(kw_only=True, eq=False)
class PersonRequiredError(RegisterError):
    """A step that a program, or the host alone, cannot take."""

    message: ClassVar[str] = mark("The register is written by people: sign in, or name an account.")


@dataclass(kw_only=True, eq=False)
class AdviserDecidesError(RegisterError):
    """Who gave the opinion cannot be the one who decides upon it, where there is somebody else."""

    message: ClassVar[str] = mark(
        "Who advised on {slug} cannot decide on it while another controller could (GDPR Art. 38(6))."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class NotYourActivityError(RegisterError):
    """The head of a business line works on the activities of that line only."""

    message: ClassVar[str] = mark("The activity {slug} belongs to another business line.")
    slug: str


@dataclass(kw_only=True, eq=False)
class DraftingNotAllowedError(RegisterError):
    """Somebody who drafts nothing tried to write in the register."""

    message: ClassVar[str] = mark("Writing in the register is for {roles}.")
    roles: str


@dataclass(kw_only=True, eq=False)
class ContentFrozenError(RegisterError):
    """Content changes in a draft or under review only."""

    message: ClassVar[str] = mark(
        "The activity {slug} is {state}: its content changes only while it is a draft or under review."
    )
    slug: str
    state: str


@dataclass(kw_only=True, eq=False)
class PurposeInForceError(RegisterError):
    """A purpose in force keeps what it was declared with; another basis is another purpose."""

    message: ClassVar[str] = mark(
        "The purpose {slug} is in force: its wording, basis and channel stay. Declare another (GDPR Art. 5(1)(b))."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class CircularPurposeError(RegisterError):
    """A purpose does not stand beneath itself."""

    message: ClassVar[str] = mark("The purpose {slug} cannot stand beneath {parent}, which is itself or beneath it.")
    slug: str
    parent: str


@dataclass(kw_only=True, eq=False)
class RoleCannotReceiveError(RegisterError):
    """A role that never obtains personal data."""

    message: ClassVar[str] = mark("The role {role} never obtains personal data.")
    role: str


@dataclass(kw_only=True, eq=False)
class IncompleteActivityError(RegisterError):
    """A record that lacks what the law asks of it, or contradicts itself."""

    message: ClassVar[str] = mark("The activity {slug} cannot be submitted: {reasons}.")
    slug: str
    shortcomings: tuple[Shortcoming, ...]

    @property
    def places(self) -> Mapping[str, object]:
        """The slug, and the shortcomings in words."""
        return {"slug": self.slug, "reasons": listed(map(_lacking, self.shortcomings), between="; ")}


def _lacking(found: Shortcoming) -> Phrase:
    return phrase("{what} ({article})", what=found.lack, article=found.article)


@dataclass(kw_only=True, eq=False)
class ReasonRequiredError(RegisterError):
    """A decision that must say why, in writing."""

    message: ClassVar[str] = mark("This takes a written reason ({article}).")
    verb: str
    article: str


@dataclass(kw_only=True, eq=False)
class ObservationEndError(RegisterError):
    """An observation that would last for ever, or too long."""

    message: ClassVar[str] = mark("Say for how many days the rules only report: between 1 and {most}.")
    most: int


@dataclass(kw_only=True, eq=False)
class OpinionRequiredError(RegisterError):
    """Advising means giving an opinion."""

    message: ClassVar[str] = mark("Advising takes an opinion: favourable, reserved or unfavourable.")


@dataclass(kw_only=True, eq=False)
class ControllerRequiredError(RegisterError):
    """An activity without a controller answers to nobody."""

    message: ClassVar[str] = mark("The activity {slug} names no controller (GDPR Art. 30(1)(a), 30(2)(a)).")
    slug: str


@dataclass(kw_only=True, eq=False)
class ProposalsPendingError(RegisterError):
    """What was proposed comes into force by submission, opinion and activation only."""

    message: ClassVar[str] = mark("The activity {slug} holds {count} proposed changes: submit them, or take them back.")
    slug: str
    count: int


@dataclass(kw_only=True, eq=False)
class CapacityInForceError(RegisterError):
    """What is done for others is another activity than what is done for oneself."""

    message: ClassVar[str] = mark(
        "The activity {slug} runs in the capacity in which it came into force. Draft another one for what you do in "
        "another capacity (GDPR Art. 30(1), 30(2))."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class NumbersExhaustedError(RegisterError):
    """Small numbers are given once and never again, and they are all given."""

    message: ClassVar[str] = mark("All {limit} numbers of {what} are given.")
    what: str
    limit: int


@dataclass(kw_only=True, eq=False)
class ConsentChannelError(RegisterError):
    """Consent is looked up on a channel: the two come together."""

    message: ClassVar[str] = mark(
        "The purpose {slug} needs a consent channel if it rests on consent, and none otherwise (GDPR Art. 7(1))."
    )
    slug: str


@dataclass(kw_only=True, eq=False)
class DeclaredTwiceError(RegisterError):
    """A kind and category can be declared once for a purpose."""

    message: ClassVar[str] = mark("{category} of {kind} is declared twice for {slug}.")
    slug: str
    kind: str
    category: str


@dataclass(kw_only=True, eq=False)
class StartingPointNotFoundError(RegisterError):
    """No starting point has this name."""

    message: ClassVar[str] = mark("There is no starting point {reference}.")
    reference: str


@dataclass(kw_only=True, eq=False)
class StartingPointError(RegisterError):
    """A file of a starting point that cannot be used; says where, and why."""

    message: ClassVar[str] = mark("{file}:{line}: {reason}")
    file: str
    line: int
    reason: str
