"""What a notice says, by what the register holds; marked for translation. It speaks to whoever gave the data."""

from collections.abc import Mapping
from typing import Final

from governance.actor import Role
from governance.errors import mark
from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.lines.values import DecisionGround, Derogation, Safeguard
from register.notices.values import CollectionWay
from register.values import FinalFate, Provenance, StartingEvent

CATEGORY_WORDS: Final[Mapping[DataCategory, str]] = {
    DataCategory.IDENTITY: mark("who you are (name, date of birth)"),
    DataCategory.CONTACT: mark("how to reach you (address, e-mail, telephone)"),
    DataCategory.FAMILY: mark("your family"),
    DataCategory.PROFESSIONAL: mark("your work"),
    DataCategory.ECONOMIC: mark("your financial data, such as a means of payment"),
    DataCategory.CONNECTION: mark("your connections to our sites and applications"),
    DataCategory.LOCATION: mark("where you are"),
    DataCategory.BEHAVIOUR: mark("what you look at and do"),
    DataCategory.PREFERENCES: mark("your preferences"),
    DataCategory.PURCHASES: mark("your orders and purchases"),
    DataCategory.RELATIONSHIP: mark("our exchanges with you"),
    DataCategory.SPECIAL: mark("sensitive data (health, opinions, origin, and the like)"),
    DataCategory.NATIONAL_NUMBER: mark("your social security number"),
    DataCategory.OFFENCES: mark("convictions and offences that concern you"),
}
KIND_WORDS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: mark("If you are a customer"),
    SubjectKind.PROSPECT: mark("If you are not a customer yet"),
    SubjectKind.CONTACT: mark("If we write to you at your company"),
    SubjectKind.EMPLOYEE: mark("If you work with us"),
    SubjectKind.OTHER: mark("In any other case"),
}
BASIS_WORDS: Final[Mapping[LawfulBasis, str]] = {
    LawfulBasis.CONSENT: mark(
        "You agreed to it. You may withdraw your consent at any time, as easily as you gave it; what was done before "
        "then stays lawful."
    ),
    LawfulBasis.CONTRACT: mark("A contract with you needs it, or steps that you asked for before one."),
    LawfulBasis.LEGAL_OBLIGATION: mark("The law obliges us to it."),
    LawfulBasis.VITAL_INTERESTS: mark("Somebody’s life or health depends on it."),
    LawfulBasis.PUBLIC_TASK: mark("It is needed for a task in the public interest."),
    LawfulBasis.LEGITIMATE_INTERESTS: mark("Our legitimate interests need it. You may object to it."),
}
# What follows where somebody keeps to themself what is needed. GDPR Art. 13(2)(e).
WITHOUT_WORDS: Final[Mapping[LawfulBasis, str]] = {
    LawfulBasis.CONTRACT: mark(
        "The contract requires: {data}. Without them we can neither make it nor do what it promises."
    ),
    LawfulBasis.LEGAL_OBLIGATION: mark(
        "The law requires: {data}. Without them we have to refuse what we may only do with them."
    ),
}
WITHOUT_OTHERWISE: Final = mark("Needed: {data}. Without them we cannot do this for you; nothing else changes.")
ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.CONTROLLER: mark("our management"),
    Role.DPO: mark("our data protection officer"),
    Role.OWNER: mark("those who head our business lines"),
    Role.SECURITY: mark("those who watch over security"),
    Role.AUDITOR: mark("our auditors"),
    Role.SALES: mark("our sales staff"),
    Role.MARKETING: mark("our marketing staff"),
    Role.SUPPORT: mark("our customer service"),
    Role.ACCOUNTING: mark("our accounts department"),
    Role.ANALYST: mark("those who make our statistics"),
    Role.SERVICE: mark("our own programs"),
}
SAFEGUARD_WORDS: Final[Mapping[Safeguard, str]] = {
    Safeguard.ADEQUACY: mark("The European Commission has decided that this country protects data adequately."),
    Safeguard.STANDARD_CLAUSES: mark("They are protected by standard contractual clauses of the European Commission."),
    Safeguard.BINDING_RULES: mark("They are protected by binding corporate rules that an authority approved."),
    Safeguard.CODE: mark("They are protected by a code of conduct that an authority approved."),
    Safeguard.CERTIFICATION: mark("They are protected by a certification that an authority approved."),
    Safeguard.AD_HOC: mark("They are protected by contractual clauses that an authority authorised."),
    Safeguard.DEROGATION: mark("They are sent without such a safeguard, in one situation that the law provides for:"),
}
DEROGATION_WORDS: Final[Mapping[Derogation, str]] = {
    Derogation.EXPLICIT_CONSENT: mark("you agreed explicitly, knowing the risks"),
    Derogation.CONTRACT: mark("a contract with you needs it"),
    Derogation.CONTRACT_FOR_PERSON: mark("a contract in your interest needs it"),
    Derogation.PUBLIC_INTEREST: mark("important reasons of public interest"),
    Derogation.LEGAL_CLAIMS: mark("legal claims"),
    Derogation.VITAL_INTERESTS: mark("somebody’s vital interests"),
    Derogation.PUBLIC_REGISTER: mark("a register that is open to the public"),
    Derogation.COMPELLING_INTERESTS: mark("our compelling legitimate interests, once and for few people"),
}
GROUND_WORDS: Final[Mapping[DecisionGround, str]] = {
    DecisionGround.CONTRACT: mark("a contract with you needs it"),
    DecisionGround.LAW: mark("a law allows it, and protects you"),
    DecisionGround.EXPLICIT_CONSENT: mark("you agreed to it explicitly"),
}
EVENT_WORDS: Final[Mapping[StartingEvent, str]] = {
    StartingEvent.COLLECTION: mark("from the day we collected them"),
    StartingEvent.LAST_CONTACT: mark("from our last contact"),
    StartingEvent.LAST_ORDER: mark("from your last order"),
    StartingEvent.END_OF_RELATIONSHIP: mark("from the end of our relationship"),
    StartingEvent.END_OF_CONTRACT: mark("from the end of the contract"),
    StartingEvent.END_OF_FINANCIAL_YEAR: mark("from the end of the financial year"),
    StartingEvent.PAYMENT: mark("from the payment"),
    StartingEvent.CLOSURE: mark("from the day your file is closed"),
    StartingEvent.WITHDRAWAL: mark("from the day you object, or withdraw your consent"),
}
FATE_WORDS: Final[Mapping[FinalFate, str]] = {
    FinalFate.DELETION: mark("Then they are deleted."),
    FinalFate.ANONYMISATION: mark("Then nothing in them leads to you any more: they are made anonymous."),
    FinalFate.HISTORICAL_ARCHIVE: mark("Then they go to the historical archive."),
}
# What did not come from the person, at a point where people give their data themselves.
PROVENANCE_WORDS: Final[Mapping[Provenance, str]] = {
    Provenance.INTERNAL: mark("We derive from your use of our services, or already hold: {data}."),
    Provenance.THIRD_PARTY_FILE: mark(
        "We have from the file of somebody else, which is not open to the public: {data}."
    ),
    Provenance.PUBLIC_SOURCE: mark("We have from sources that are open to the public: {data}."),
}
WAY_WORDS: Final[Mapping[CollectionWay, str]] = {
    CollectionWay.BOUGHT_FILE: mark(
        "You did not give us these data yourself. We have them from a file that we bought or rented: {source}. It is "
        "not open to the public."
    ),
    CollectionWay.PARTNER: mark(
        "You did not give us these data yourself. A partner gave them to us: {source}. It is not a source that is open "
        "to the public."
    ),
    CollectionWay.PUBLIC_SOURCE: mark(
        "You did not give us these data yourself. We have them from a source that is open to the public: {source}."
    ),
}
# In the words of GDPR chapter III, by the names that `register.lines.rights` gives them.
RIGHT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "access": (mark("Know and see"), mark("Ask whether we hold data about you, which, and have a copy of them.")),
    "rectification": (mark("Correct"), mark("Have what is wrong corrected, and what is missing added.")),
    "erasure": (
        mark("Erase"),
        mark("Have your data erased, unless the law, or a claim in court, asks us to keep them."),
    ),
    "restriction": (
        mark("Hold"),
        mark("Have the use of your data stopped for as long as it takes to settle a question about them."),
    ),
    "portability": (
        mark("Take with you"),
        mark("Receive what you gave us in a form that machines read, or have it sent to somebody else."),
    ),
    "objection": (
        mark("Object to it"),
        mark(
            "Object at any time, for reasons of your own, to what we do in our legitimate interests or in the public "
            "interest. To commercial messages, and to profiling for them, you may object without giving any reason, "
            "and we stop."
        ),
    ),
    "human intervention": (
        mark("Have a person look again"),
        mark("Where a machine decided, ask for a person, say what you think, and contest the decision."),
    ),
    "withdrawal of consent": (
        mark("Withdraw your consent"),
        mark("Take back at any time what you agreed to, as easily as you gave it."),
    ),
}
