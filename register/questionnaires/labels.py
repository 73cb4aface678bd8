"""What questionnaires are called on the pages; marked for translation."""

from collections.abc import Mapping
from typing import Final

from governance.errors import mark
from register.questionnaires.values import Kind, Part, Status, Topic, Verdict

KIND_LABELS: Final[Mapping[Kind, str]] = {
    Kind.PROCESSOR: mark("Questions to a processor"),
    Kind.PRACTICE: mark("Questions to a colleague"),
}
TOPIC_LABELS: Final[Mapping[Topic, str]] = {
    Topic.SECURITY: mark("How the data are protected"),
    Topic.OTHERS: mark("Who else works on them"),
    Topic.COUNTRIES: mark("Where they are"),
    Topic.CONTRACT: mark("Certificates and contract"),
    Topic.CONTACTS: mark("Whom we reach"),
    Topic.DATA: mark("What is collected, and where from"),
    Topic.PEOPLE: mark("About how many people"),
    Topic.ACCESS: mark("Who sees it, and for how long"),
    Topic.TOOLS: mark("What you work with"),
}
STATUS_LABELS: Final[Mapping[Status, str]] = {
    Status.OPEN: mark("waits for answers"),
    Status.ANSWERED: mark("answered: to be looked at"),
    Status.SETTLED: mark("settled"),
    Status.REVOKED: mark("taken back"),
    Status.EXPIRED: mark("ended without answers"),
}
STATUS_TONES: Final[Mapping[Status, str | None]] = {
    Status.OPEN: None,
    Status.ANSWERED: "due",
    Status.SETTLED: "given",
    Status.REVOKED: None,
    Status.EXPIRED: "refused",
}
VERDICT_LABELS: Final[Mapping[Verdict, str]] = {
    Verdict.TAKEN: mark("taken over"),
    Verdict.LEFT: mark("left"),
}
PART_LABELS: Final[Mapping[Part, str]] = {
    Part.MEASURE: mark("Security measure"),
    Part.SECURITY: mark("Security, in words"),
    Part.SUB_PROCESSORS: mark("Sub-processors"),
    Part.TRANSFER: mark("Transfer"),
    Part.CERTIFICATIONS: mark("Certificates"),
    Part.ENDS_ON: mark("End of the contract"),
    Part.BREACH_CONTACT: mark("Contact in case of a breach"),
    Part.DPO: mark("Data protection officer of the processor"),
    Part.DATA: mark("What is collected"),
    Part.SOURCES: mark("Where it comes from"),
    Part.PEOPLE: mark("Number of people"),
    Part.WHO: mark("Who sees it"),
    Part.KEPT: mark("How long it is kept"),
    Part.APPLICATION: mark("Application used"),
    Part.PAPERS: mark("Papers"),
}
# Where an answer is written when it is taken over.
GOES_LABELS: Final[Mapping[Part, str]] = {
    Part.MEASURE: mark("Proposed among the measures of the activity."),
    Part.SECURITY: mark("Proposed behind what the processor does: nothing of it goes."),
    Part.SUB_PROCESSORS: mark("Written into the contract on file."),
    Part.TRANSFER: mark("Proposed among the transfers."),
    Part.CERTIFICATIONS: mark("Proposed behind what the processor does: nothing of it goes."),
    Part.ENDS_ON: mark("Written into the contract on file."),
    Part.BREACH_CONTACT: mark("Written on file, as how the processor is reached."),
    Part.DPO: mark("Put on file, as the officer of the processor."),
    Part.DATA: mark("Added to the description: nothing of it goes."),
    Part.SOURCES: mark("Added to the description: nothing of it goes."),
    Part.PEOPLE: mark("Proposed among the numbers of people."),
    Part.WHO: mark("Added to the description: nothing of it goes."),
    Part.KEPT: mark("Added to the description: nothing of it goes."),
    Part.APPLICATION: mark("Proposed among the applications."),
    Part.PAPERS: mark("Added to the description: nothing of it goes."),
}
