"""The words of questionnaires: whom they are for, their topics, and what becomes of each answer."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from audit.entries import JsonValue

# What was answered, by question.
Answers = Mapping[str, JsonValue]

DEFAULT_DAYS: Final = 30
MOST_DAYS: Final = 90
# So long before its end a link is reminded of; half of its life where it lives shorter.
REMIND_BEFORE: Final = timedelta(days=7)
MOST_WORDS: Final = 4_000
MOST_TRANSFERS: Final = 4
MOST_LINES: Final = 50
# What a questionnaire holds at most, as JSON.
MOST_BYTES: Final = 64 * 1024
# So many of one activity wait for answers at a time: nobody fills mailboxes from here.
MOST_OPEN: Final = 20


class Kind(StrEnum):
    """Whom a questionnaire is for."""

    PROCESSOR = "processor"
    PRACTICE = "practice"


class Topic(StrEnum):
    """One page of a questionnaire."""

    SECURITY = "security"
    OTHERS = "others"
    COUNTRIES = "countries"
    CONTRACT = "contract"
    CONTACTS = "contacts"
    DATA = "data"
    PEOPLE = "people"
    ACCESS = "access"
    TOOLS = "tools"


TOPICS: Final[Mapping[Kind, tuple[Topic, ...]]] = {
    Kind.PROCESSOR: (Topic.SECURITY, Topic.OTHERS, Topic.COUNTRIES, Topic.CONTRACT, Topic.CONTACTS),
    Kind.PRACTICE: (Topic.DATA, Topic.PEOPLE, Topic.ACCESS, Topic.TOOLS),
}


class Status(StrEnum):
    """How a questionnaire stands; derived."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    LEFT = "left"


class Part(StrEnum):
    """What an answer speaks of: where it is taken over to."""

    MEASURE = "measure"
    SECURITY = "security"
    SUB_PROCESSORS = "sub-processors"
    TRANSFER = "transfer"
    CERTIFICATIONS = "certifications"
    ENDS_ON = "ends-on"
    BREACH_CONTACT = "breach-contact"
    DPO = "dpo"
    DATA = "data"
    SOURCES = "sources"
    PEOPLE = "people"
    WHO = "who"
    KEPT = "kept"
    APPLICATION = "application"
    PAPERS = "papers"


# Words that are added behind what the record says; any other answer takes the place of what it says differently.
ADDED: Final = frozenset(
    {Part.SECURITY, Part.CERTIFICATIONS, Part.DATA, Part.SOURCES, Part.WHO, Part.KEPT, Part.PAPERS}
)
