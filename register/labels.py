"""What the register's words are called on the pages, and what each step does; marked for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.errors import mark
from governance.vocabulary import Channel, LawfulBasis
from register.lifecycle import ActivityState, Mode, Opinion, Verb
from register.values import (
    Capacity,
    FinalFate,
    OlderData,
    Provenance,
    PurposePart,
    Register,
    SpecialCondition,
    StartingEvent,
)

STATE_LABELS: Final[Mapping[ActivityState, str]] = {
    ActivityState.DRAFT: mark("Draft"),
    ActivityState.SUBMITTED: mark("Submitted"),
    ActivityState.ADVISED: mark("Advised"),
    ActivityState.ACTIVE: mark("Active"),
    ActivityState.UNDER_REVIEW: mark("Under review"),
    ActivityState.SUSPENDED: mark("Suspended"),
    ActivityState.RETIRED: mark("Retired"),
}

MODE_LABELS: Final[Mapping[Mode, str]] = {
    Mode.OBSERVE: mark("observe"),
    Mode.ENFORCE: mark("enforced"),
}

OPINION_LABELS: Final[Mapping[Opinion, str]] = {
    Opinion.FAVOURABLE: mark("Favourable"),
    Opinion.RESERVED: mark("Favourable with reservations"),
    Opinion.UNFAVOURABLE: mark("Unfavourable"),
}

OLDER_LABELS: Final[Mapping[OlderData, str]] = {
    OlderData.COLLECTED_FOR: mark("open: it was collected for this"),
    OlderData.CONSENT: mark("open for each person who consents to this purpose"),
    OlderData.LAW: mark("open: a text of law obliges"),
    OlderData.COMPATIBLE: mark("open by a compatibility test"),
    OlderData.CLOSED: mark("closed: only data is read that was collected under a notice that names this purpose"),
}

CAPACITY_LABELS: Final[Mapping[Capacity, str]] = {
    Capacity.CONTROLLER: mark("Controller: we decide why and how"),
    Capacity.JOINT_CONTROLLER: mark("Joint controller: we decide together with others"),
    Capacity.PROCESSOR: mark("Processor: we act for somebody else"),
}

REGISTER_LABELS: Final[Mapping[Register, str]] = {
    Register.CONTROLLER: mark("Controller’s register"),
    Register.PROCESSOR: mark("Processor’s register"),
}

BASIS_LABELS: Final[Mapping[LawfulBasis, str]] = {
    LawfulBasis.CONSENT: mark("Consent"),
    LawfulBasis.CONTRACT: mark("Contract"),
    LawfulBasis.LEGAL_OBLIGATION: mark("Legal obligation"),
    LawfulBasis.VITAL_INTERESTS: mark("Vital interests"),
    LawfulBasis.PUBLIC_TASK: mark("Public task"),
    LawfulBasis.LEGITIMATE_INTERESTS: mark("Legitimate interests"),
}
_POINTS: Final = "abcdefghij"
BASIS_ARTICLES: Final[Mapping[LawfulBasis, str]] = {
    basis: f"GDPR Art. 6(1)({point})" for basis, point in zip(LawfulBasis, _POINTS, strict=False)
}

CONDITION_LABELS: Final[Mapping[SpecialCondition, str]] = {
    SpecialCondition.EXPLICIT_CONSENT: mark("Explicit consent"),
    SpecialCondition.EMPLOYMENT: mark("Employment and social protection law"),
    SpecialCondition.VITAL_INTERESTS: mark("Vital interests of somebody who cannot consent"),
    SpecialCondition.NON_PROFIT_BODY: mark("Members of a foundation, association or union"),
    SpecialCondition.MADE_PUBLIC: mark("Made public by the person"),
    SpecialCondition.LEGAL_CLAIMS: mark("Legal claims"),
    SpecialCondition.PUBLIC_INTEREST: mark("Substantial public interest"),
    SpecialCondition.HEALTH_CARE: mark("Health care and occupational medicine"),
    SpecialCondition.PUBLIC_HEALTH: mark("Public health"),
    SpecialCondition.ARCHIVING_RESEARCH: mark("Archiving, research, statistics"),
}
CONDITION_ARTICLES: Final[Mapping[SpecialCondition, str]] = {
    condition: f"GDPR Art. 9(2)({point})" for condition, point in zip(SpecialCondition, _POINTS, strict=True)
}

CHANNEL_LABELS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: mark("e-mail"),
    Channel.SMS: mark("text message"),
    Channel.TELEPHONE: mark("telephone"),
    Channel.POST: mark("post"),
    Channel.PUSH: mark("push message"),
    Channel.USE: mark("the use itself, without any message"),
    Channel.PROFILING: mark("profiling"),
    Channel.SHARING: mark("sharing with a partner"),
}

PROVENANCE_LABELS: Final[Mapping[Provenance, str]] = {
    Provenance.PERSON: mark("the person"),
    Provenance.INTERNAL: mark("our own files"),
    Provenance.THIRD_PARTY_FILE: mark("the file of a third party"),
    Provenance.PUBLIC_SOURCE: mark("a public source"),
}

EVENT_LABELS: Final[Mapping[StartingEvent, str]] = {
    StartingEvent.COLLECTION: mark("their collection"),
    StartingEvent.LAST_CONTACT: mark("the last contact"),
    StartingEvent.LAST_ORDER: mark("the last order"),
    StartingEvent.END_OF_RELATIONSHIP: mark("the end of the relationship"),
    StartingEvent.END_OF_CONTRACT: mark("the end of the contract"),
    StartingEvent.END_OF_FINANCIAL_YEAR: mark("the end of the financial year"),
    StartingEvent.PAYMENT: mark("the payment"),
    StartingEvent.CLOSURE: mark("the closure of the file"),
    StartingEvent.WITHDRAWAL: mark("the withdrawal of consent"),
}

FATE_LABELS: Final[Mapping[FinalFate, str]] = {
    FinalFate.DELETION: mark("deleted"),
    FinalFate.ANONYMISATION: mark("made anonymous"),
    FinalFate.HISTORICAL_ARCHIVE: mark("moved to the historical archive"),
}

# What of a purpose somebody looks at before it is theirs.
PART_LABELS: Final[Mapping[PurposePart, str]] = {
    PurposePart.WORDS: mark("its words and its lawful basis"),
    PurposePart.DATA: mark("its data and how long they are kept"),
    PurposePart.RECIPIENTS: mark("who receives them"),
}

# What was done to an activity, as its thread tells it; by the word that the log records.
DONE_LABELS: Final[Mapping[str, str]] = {
    "add-party": mark("Was put on file"),
    "change-party": mark("Corrected"),
    "name-officer": mark("Another data protection officer named"),
    "write-party-anew": mark("Written anew after it was altered outside Égide"),
    "add-contract": mark("Contract put on file"),
    "import-contract": mark("Contract that a file brought, to be looked at"),
    "change-contract": mark("Contract corrected"),
    "write-contract-anew": mark("Contract written anew after it was altered outside Égide"),
    "draft": mark("Drafted"),
    "start-from": mark("Filled in from a starting point"),
    "import": mark("Filled in from a file"),
    "confirm-defaults": mark("Defaults confirmed"),
    "change": mark("Description corrected"),
    "add-purpose": mark("Purpose proposed"),
    "take-over": mark("Answers taken over from the purpose above"),
    "change-purpose": mark("Purpose corrected"),
    "end-purpose": mark("End of a purpose proposed"),
    "keep-purpose": mark("Purpose kept"),
    "set-data": mark("Data of a purpose corrected"),
    "set-recipients": mark("Recipients of a purpose corrected"),
    "add-measure": mark("Measure added"),
    "change-measure": mark("Measure corrected"),
    "write-measure-anew": mark("Measure written anew after it was altered outside Égide"),
    "add-adequacy": mark("Decision on adequacy put on file"),
    "change-adequacy": mark("Decision on adequacy corrected"),
    "write-adequacy-anew": mark("Decision on adequacy written anew after it was altered outside Égide"),
    "set-parties": mark("Those who take part corrected"),
    "set-transfers": mark("Transfers corrected"),
    "set-measures": mark("Measures of security corrected"),
    "set-people": mark("Numbers of people corrected"),
    "set-decisions": mark("Automated decisions corrected"),
    "set-rights": mark("How rights are exercised corrected"),
    "set-assets": mark("Applications and tables corrected"),
    "set-mode": mark("Mode changed"),
    "write-test": mark("Compatibility test written"),
    "advise-test": mark("Opinion on a compatibility test given"),
    "decide-test": mark("Older data opened"),
    "withdraw-test": mark("Older data closed again"),
    "ask-questionnaire": mark("Questionnaire made"),
    "letter-questionnaire": mark("Questionnaire sent by mail"),
    "remind-questionnaire": mark("Reminder of a questionnaire sent"),
    "answer-questionnaire": mark("Questionnaire answered"),
    "revoke-questionnaire": mark("Questionnaire taken back"),
    "take-answers": mark("Answer taken over"),
    "leave-answers": mark("Answers left"),
    "set-review-period": mark("Period of review changed"),
    Verb.SUBMIT: mark("Submitted for the opinion of the DPO"),
    Verb.RETURN: mark("Sent back"),
    Verb.ADVISE: mark("Opinion of the DPO given"),
    Verb.ACTIVATE: mark("Activated"),
    Verb.REVIEW: mark("Review opened"),
    Verb.CONFIRM: mark("Confirmed as it is"),
    Verb.SUSPEND: mark("Suspended: nothing can be read"),
    Verb.RESUME: mark("Resumed"),
    Verb.REVISE: mark("Taken up again as a draft"),
    Verb.RETIRE: mark("Retired for ever"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A step in words.

    Attributes:
        button: What the button says.
        does: What the step does.
        follows: What it opens or closes.
        observing: What it opens while the activity only observes, where that differs.
        note: What may be written, and for whom.
        grave: Whether it closes something.
    """

    button: str
    does: str
    follows: str
    observing: str = ""
    note: str = mark("A word for those who read the record later. It is kept with the version.")
    grave: bool = False

    def follows_in(self, mode: Mode) -> str:
        """Return what it opens or closes in a mode."""
        return (self.observing if mode is Mode.OBSERVE else "") or self.follows


STEP_WORDS: Final[Mapping[Verb, StepWords]] = {
    Verb.SUBMIT: StepWords(
        button=mark("Submit to the DPO"),
        does=mark("The record goes to the data protection officer, who gives an opinion. Its content is held still."),
        follows=mark("Nothing opens and nothing closes. To go on writing, somebody sends the record back."),
    ),
    Verb.RETURN: StepWords(
        button=mark("Send back"),
        does=mark("The record goes back to whoever writes it. What is proposed stays proposed."),
        follows=mark("Nothing opens and nothing closes. It has to be submitted again."),
        note=mark("What should be written differently."),
    ),
    Verb.ADVISE: StepWords(
        button=mark("Give an opinion"),
        does=mark("Your opinion is kept with the record and stands before the controller when they decide."),
        follows=mark("Nothing opens by it: the controller decides, and says in writing why if they go against it."),
        note=mark("The grounds of the opinion. They are required unless it is favourable without reservation."),
    ),
    Verb.ACTIVATE: StepWords(
        button=mark("Activate"),
        does=mark("What is proposed comes into force, and what is marked as leaving goes."),
        follows=mark("From now on data can be read for these purposes, by recipients who also hold a grant."),
        observing=mark("From now on recipients that the register names read data for these purposes, without grants."),
    ),
    Verb.REVIEW: StepWords(
        button=mark("Open a review"),
        does=mark("The record can be written on again. What is changed is a proposal until it is activated."),
        follows=mark("What is in force stays in force: nobody notices the review in their work."),
    ),
    Verb.CONFIRM: StepWords(
        button=mark("Confirm"),
        does=mark("The review ends, and the record stays as it is."),
        follows=mark("Nothing opens and nothing closes."),
    ),
    Verb.SUSPEND: StepWords(
        button=mark("Suspend"),
        does=mark("The activity stops at once. Its record and its data are kept."),
        follows=mark("Nobody can read for these purposes any more, from the next request on."),
        note=mark("Why it is suspended."),
        grave=True,
    ),
    Verb.RESUME: StepWords(
        button=mark("Resume"),
        does=mark("The activity goes on as it was when it was suspended."),
        follows=mark("Data can be read again for these purposes, by recipients who hold a grant."),
        observing=mark("The recipients that the register names read data for these purposes again, without grants."),
    ),
    Verb.REVISE: StepWords(
        button=mark("Write it anew"),
        does=mark("The suspended activity becomes a draft again, with all its purposes."),
        follows=mark("Nothing can be read until it has been submitted, advised on and activated."),
    ),
    Verb.RETIRE: StepWords(
        button=mark("Retire"),
        does=mark("The activity ends for ever. Its record and its versions are kept, as evidence."),
        follows=mark("Its purposes end, nobody can read for them any more, and their names are never given again."),
        note=mark("Why it ends."),
        grave=True,
    ),
}
