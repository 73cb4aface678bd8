"""What the lines of a record are called on the pages; marked for translation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from governance.errors import mark
from register.lines.values import AssetKind, DecisionGround, Derogation, Relation, Safeguard, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWords:
    """A part of the record in words.

    Attributes:
        heading: What it is called.
        teaches: What it is, and what to do where nothing is said yet.
        add: What the button says that begins it.
    """

    heading: str
    teaches: str
    add: str


SUBJECT_WORDS: Final[Mapping[Subject, SubjectWords]] = {
    Subject.PARTIES: SubjectWords(
        heading=mark("Others who take part"),
        teaches=mark(
            "Nobody outside the company is named yet. Name those who decide with you, those who act for you (a host, a "
            "printer, a carrier), and those to whom you give data. If there are none, leave this empty."
        ),
        add=mark("Name an organisation"),
    ),
    Subject.TRANSFERS: SubjectWords(
        heading=mark("Transfers outside the European Economic Area"),
        teaches=mark(
            "No transfer is declared. Data leave the Economic Area when a processor, a support desk or another company "
            "of the group abroad can see them. Declare each country with what protects the data there; if nothing "
            "leaves, leave this empty."
        ),
        add=mark("Declare a transfer"),
    ),
    Subject.MEASURES: SubjectWords(
        heading=mark("Security measures"),
        teaches=mark(
            "No measure is chosen yet. The record describes in general terms how the data are protected: choose from "
            "the catalogue what is really in place."
        ),
        add=mark("Choose measures"),
    ),
    Subject.PEOPLE: SubjectWords(
        heading=mark("How many people"),
        teaches=mark(
            "No number is given yet. An order of magnitude for each kind of people is enough: it says how much is at "
            "stake, and whether an impact assessment may be needed."
        ),
        add=mark("Estimate the numbers"),
    ),
    Subject.DECISIONS: SubjectWords(
        heading=mark("Automated decisions and profiling"),
        teaches=mark(
            "None is declared. Declare every score, ranking or refusal that a machine makes of somebody; if people "
            "decide everything and nobody is profiled, leave this empty."
        ),
        add=mark("Declare a decision or a profile"),
    ),
    Subject.RIGHTS: SubjectWords(
        heading=mark("People’s rights"),
        teaches=mark("Nothing says yet how people exercise their rights: an address, a form, a page of their account."),
        add=mark("Say how rights are exercised"),
    ),
    Subject.ASSETS: SubjectWords(
        heading=mark("Applications and tables"),
        teaches=mark(
            "Nothing says yet what this activity works with. Name its applications, and the tables of the data map "
            "that hold its data."
        ),
        add=mark("Name applications and tables"),
    ),
}

RELATION_LABELS: Final[Mapping[Relation, str]] = {
    Relation.JOINT_CONTROLLER: mark("Joint controller: it decides with us why and how"),
    Relation.PROCESSOR: mark("Processor: it works on the data for us"),
    Relation.RECIPIENT: mark("Recipient: we give it data, for its own ends"),
    Relation.PRINCIPAL: mark("Controller for whom we process"),
}
RELATION_TAGS: Final[Mapping[Relation, str]] = {
    Relation.JOINT_CONTROLLER: mark("joint controller"),
    Relation.PROCESSOR: mark("processor"),
    Relation.RECIPIENT: mark("recipient"),
    Relation.PRINCIPAL: mark("controller we act for"),
}

SAFEGUARD_LABELS: Final[Mapping[Safeguard, str]] = {
    Safeguard.ADEQUACY: mark("Decision on adequacy"),
    Safeguard.STANDARD_CLAUSES: mark("Standard contractual clauses"),
    Safeguard.BINDING_RULES: mark("Binding corporate rules"),
    Safeguard.CODE: mark("Code of conduct"),
    Safeguard.CERTIFICATION: mark("Certification"),
    Safeguard.AD_HOC: mark("Clauses authorised by the authority"),
    Safeguard.DEROGATION: mark("Derogation for one situation"),
}
DEROGATION_LABELS: Final[Mapping[Derogation, str]] = {
    Derogation.EXPLICIT_CONSENT: mark("(a) The person agreed explicitly, knowing the risks"),
    Derogation.CONTRACT: mark("(b) A contract with the person needs it"),
    Derogation.CONTRACT_FOR_PERSON: mark("(c) A contract in the person’s interest needs it"),
    Derogation.PUBLIC_INTEREST: mark("(d) Important reasons of public interest"),
    Derogation.LEGAL_CLAIMS: mark("(e) Legal claims"),
    Derogation.VITAL_INTERESTS: mark("(f) Vital interests of somebody who cannot consent"),
    Derogation.PUBLIC_REGISTER: mark("(g) A register that is open to the public"),
    Derogation.COMPELLING_INTERESTS: mark("Compelling legitimate interests, once and for few people"),
}
GROUND_LABELS: Final[Mapping[DecisionGround, str]] = {
    DecisionGround.CONTRACT: mark("(a) A contract with the person needs it"),
    DecisionGround.LAW: mark("(b) A law allows it, with safeguards"),
    DecisionGround.EXPLICIT_CONSENT: mark("(c) The person agreed explicitly"),
}
ASSET_LABELS: Final[Mapping[AssetKind, str]] = {
    AssetKind.APPLICATION: mark("application"),
    AssetKind.TABLE: mark("table of the data map"),
}
