"""The words that the lines of a record are written in."""

from enum import StrEnum


class Subject(StrEnum):
    """What a line speaks of; it names the part of the record in addresses, snapshots and the log."""

    PARTIES = "parties"
    TRANSFERS = "transfers"
    MEASURES = "measures"
    PEOPLE = "people"
    DECISIONS = "decisions"
    RIGHTS = "rights"
    ASSETS = "assets"


class Relation(StrEnum):
    """What another organisation has to do with an activity. GDPR Art. 26, 28, 30(1)(d), 30(2)(a)."""

    JOINT_CONTROLLER = "joint-controller"
    PROCESSOR = "processor"
    RECIPIENT = "recipient"
    # Whom we process for: the controller of an activity of the processor's register.
    PRINCIPAL = "principal"


class Safeguard(StrEnum):
    """What protects data in another country. GDPR Art. 45, 46(2)(b) to (f), 46(3)(a), 49."""

    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard-clauses"
    BINDING_RULES = "binding-rules"
    CODE = "code-of-conduct"
    CERTIFICATION = "certification"
    AD_HOC = "ad-hoc-clauses"
    DEROGATION = "derogation"


class Derogation(StrEnum):
    """For which situation data may go without a safeguard. GDPR Art. 49(1)(a) to (g), and its second subparagraph."""

    EXPLICIT_CONSENT = "explicit-consent"
    CONTRACT = "contract"
    CONTRACT_FOR_PERSON = "contract-for-person"
    PUBLIC_INTEREST = "public-interest"
    LEGAL_CLAIMS = "legal-claims"
    VITAL_INTERESTS = "vital-interests"
    PUBLIC_REGISTER = "public-register"
    COMPELLING_INTERESTS = "compelling-interests"


class DecisionGround(StrEnum):
    """Why a decision may be taken by a machine alone. GDPR Art. 22(2)(a) to (c)."""

    CONTRACT = "contract"
    LAW = "law"
    EXPLICIT_CONSENT = "explicit-consent"


class AssetKind(StrEnum):
    """What an activity works with."""

    APPLICATION = "application"
    TABLE = "table"
