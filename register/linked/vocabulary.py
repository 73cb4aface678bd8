"""Which word of the register is which term of DPV 2.3 and of its extensions for the GDPR and for personal data."""

from collections.abc import Mapping
from typing import Final

from governance.vocabulary import DataCategory, LawfulBasis, SubjectKind
from register.lifecycle import ActivityState
from register.lines.values import Derogation, Safeguard
from register.values import FinalFate, Provenance, SpecialCondition

# Written into each file: whoever reads it asks nobody what the prefixes mean.
CONTEXT: Final[Mapping[str, str]] = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_POINTS: Final = "abcdefghij"
# GDPR Art. 6(1)(a) to (f), and 9(2)(a) to (j), in their order.
BASES: Final[Mapping[LawfulBasis, str]] = {
    basis: f"eu-gdpr:A6-1-{point}" for basis, point in zip(LawfulBasis, _POINTS, strict=False)
}
CONDITIONS: Final[Mapping[SpecialCondition, str]] = {
    condition: f"eu-gdpr:A9-2-{point}" for condition, point in zip(SpecialCondition, _POINTS, strict=True)
}
SAFEGUARDS: Final[Mapping[Safeguard, str]] = {
    Safeguard.ADEQUACY: "eu-gdpr:A45-3",
    Safeguard.STANDARD_CLAUSES: "eu-gdpr:A46-2-c",
    Safeguard.BINDING_RULES: "eu-gdpr:A46-2-b",
    Safeguard.CODE: "eu-gdpr:A46-2-e",
    Safeguard.CERTIFICATION: "eu-gdpr:A46-2-f",
    Safeguard.AD_HOC: "eu-gdpr:A46-3-a",
}
DEROGATIONS: Final[Mapping[Derogation, str]] = {
    Derogation.EXPLICIT_CONSENT: "eu-gdpr:A49-1-a",
    Derogation.CONTRACT: "eu-gdpr:A49-1-b",
    Derogation.CONTRACT_FOR_PERSON: "eu-gdpr:A49-1-c",
    Derogation.PUBLIC_INTEREST: "eu-gdpr:A49-1-d",
    Derogation.LEGAL_CLAIMS: "eu-gdpr:A49-1-e",
    Derogation.VITAL_INTERESTS: "eu-gdpr:A49-1-f",
    Derogation.PUBLIC_REGISTER: "eu-gdpr:A49-1-g",
    Derogation.COMPELLING_INTERESTS: "eu-gdpr:A49-2",
}
# By the article that `register.lines.rights` names.
RIGHTS: Final[Mapping[str, str]] = {
    "GDPR Art. 7(3)": "eu-gdpr:A7-3",
    "GDPR Art. 15": "eu-gdpr:A15",
    "GDPR Art. 16": "eu-gdpr:A16",
    "GDPR Art. 17": "eu-gdpr:A17",
    "GDPR Art. 18": "eu-gdpr:A18",
    "GDPR Art. 20": "eu-gdpr:A20",
    "GDPR Art. 21": "eu-gdpr:A21",
    "GDPR Art. 22(3)": "eu-gdpr:A22",
}
CATEGORIES: Final[Mapping[DataCategory, str]] = {
    DataCategory.IDENTITY: "pd:Identifying",
    DataCategory.CONTACT: "pd:Contact",
    DataCategory.FAMILY: "pd:Family",
    DataCategory.PROFESSIONAL: "pd:Professional",
    DataCategory.ECONOMIC: "pd:Financial",
    DataCategory.CONNECTION: "pd:Tracking",
    DataCategory.LOCATION: "pd:Location",
    DataCategory.BEHAVIOUR: "pd:Behavioural",
    DataCategory.PREFERENCES: "pd:Preference",
    DataCategory.PURCHASES: "pd:PurchasesAndSpendingHabit",
    DataCategory.RELATIONSHIP: "pd:Interaction",
    DataCategory.SPECIAL: "dpv:SpecialCategoryPersonalData",
    DataCategory.NATIONAL_NUMBER: "pd:OfficialID",
    DataCategory.OFFENCES: "pd:Criminal",
}
# Prospects, and somebody's contacts in a company, have no term of their own.
PEOPLE: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.CUSTOMER: "dpv:Customer",
    SubjectKind.PROSPECT: "dpv:DataSubject",
    SubjectKind.CONTACT: "dpv:DataSubject",
    SubjectKind.EMPLOYEE: "dpv:Employee",
    SubjectKind.OTHER: "dpv:DataSubject",
}
SOURCES: Final[Mapping[Provenance, str]] = {
    Provenance.PERSON: "dpv:DataSubjectDataSource",
    Provenance.INTERNAL: "dpv:DataControllerDataSource",
    Provenance.THIRD_PARTY_FILE: "dpv:ThirdPartyDataSource",
    Provenance.PUBLIC_SOURCE: "dpv:PublicDataSource",
}
# What is archived for history is stored on, and neither deleted nor made anonymous.
FATES: Final[Mapping[FinalFate, str]] = {
    FinalFate.DELETION: "dpv:Erase",
    FinalFate.ANONYMISATION: "dpv:Anonymise",
    FinalFate.HISTORICAL_ARCHIVE: "dpv:Store",
}
STATUSES: Final[Mapping[ActivityState, str]] = {
    ActivityState.DRAFT: "dpv:ActivityProposed",
    ActivityState.SUBMITTED: "dpv:ActivityProposed",
    ActivityState.ADVISED: "dpv:ActivityProposed",
    ActivityState.ACTIVE: "dpv:ActivityOngoing",
    ActivityState.UNDER_REVIEW: "dpv:ActivityOngoing",
    ActivityState.SUSPENDED: "dpv:ActivityHalted",
    ActivityState.RETIRED: "dpv:ActivityCompleted",
}
