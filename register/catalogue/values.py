"""The words of what stands for several activities."""

from enum import StrEnum


class Clause(StrEnum):
    """What a contract with a processor has to say. GDPR Art. 28(3)(a) to (h); the letters are those points."""

    INSTRUCTIONS = "a"
    CONFIDENTIALITY = "b"
    SECURITY = "c"
    SUB_PROCESSORS = "d"
    RIGHTS = "e"
    ASSISTANCE = "f"
    RETURN = "g"
    AUDIT = "h"


class SubProcessing(StrEnum):
    """Whether a processor may engage others. GDPR Art. 28(2)."""

    NONE = "none"
    SPECIFIC = "specific"
    GENERAL = "general"


class Lack(StrEnum):
    """What else a contract with a processor may lack; derived."""

    SIGNATURE = "signature"
    # It is signed as of a later day.
    BEGINNING = "beginning"
    # It came in a file, and nobody has looked at it since.
    LOOK = "look"
    SUB_PROCESSORS = "sub-processors"
    DOCUMENT = "document"


class ContractState(StrEnum):
    """How the contract with a processor stands; derived from what is on file and from the day, never kept."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"
    VALID = "valid"
    ENDING = "ending"
    OVER = "over"


class MeasureDomain(StrEnum):
    """What a measure of security is about. GDPR Art. 32(1)."""

    ACCESS = "access"
    ENCRYPTION = "encryption"
    TRACING = "tracing"
    SOFTWARE = "software"
    CONTINUITY = "continuity"
    PREMISES = "premises"
    PEOPLE = "people"
    PROCESSORS = "processors"
    ORGANISATION = "organisation"
