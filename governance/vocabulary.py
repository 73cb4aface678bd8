"""The words that several rooms share, as enumerations with stable slugs.

A slug is what users, files and the API write; a code is the small number that compact columns hold. Neither ever
changes its meaning; new ones are added at the end. Labels belong to the catalogues of translations.
"""

from enum import StrEnum
from typing import Final, Self

from governance.errors import mark


class Coded(StrEnum):
    """A slug with a code: its place in the list, counted from 1."""

    @property
    def code(self) -> int:
        """The small number that a compact column holds."""
        return list(type(self)).index(self) + 1

    @classmethod
    def from_code(cls, code: int) -> Self:
        """Return the member with this code.

        Raises:
            ValueError: If no member has it.
        """
        members = list(cls)
        if not 1 <= code <= len(members):
            raise ValueError(f"{cls.__name__} has no code {code}")
        return members[code - 1]


class DataCategory(Coded):
    """What a personal field speaks of. One category of one person in one row is one sealed box."""

    IDENTITY = mark("identity")
    CONTACT = mark("contact")
    FAMILY = mark("family")
    PROFESSIONAL = mark("professional")
    ECONOMIC = mark("economic")
    CONNECTION = mark("connection")
    LOCATION = mark("location")
    BEHAVIOUR = mark("behaviour")
    PREFERENCES = mark("preferences")
    PURCHASES = mark("purchases")
    RELATIONSHIP = mark("relationship")
    SPECIAL = mark("special")
    NATIONAL_NUMBER = mark("national-number")
    OFFENCES = mark("offences")


# What the law opens on conditions of its own alone: GDPR Art. 9, 87 with Art. 30 of the Act of 6 January 1978, and 10.
GUARDED: Final = frozenset({DataCategory.SPECIAL, DataCategory.NATIONAL_NUMBER, DataCategory.OFFENCES})


class SubjectKind(Coded):
    """In what capacity a data subject is known."""

    CUSTOMER = mark("customer")
    PROSPECT = mark("prospect")
    CONTACT = mark("contact")
    EMPLOYEE = mark("employee")
    OTHER = mark("other")


class Form(Coded):
    """How a field is given, from the least to the most."""

    WITHHELD = mark("withheld")
    GENERALISED = mark("generalised")
    PSEUDONYM = mark("pseudonym")
    MASKED = mark("masked")
    CLEAR = mark("clear")


class GrantedAction(Coded):
    """What a grant lets its role do."""

    READ = mark("read")
    CREATE = mark("create")
    CHANGE = mark("change")
    DELETE = mark("delete")
    EXPORT = mark("export")


class Channel(Coded):
    """What a person agrees to or refuses: being written to or called in one way, or the use itself.

    Trackers, a card kept for later purchases, photographs, health: there no message is sent, and nothing but the use is
    consented to. Profiling and handing on to a partner, whom the record names, are uses that people are asked apart.
    """

    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    POST = "post"
    PUSH = "push"
    USE = "use"
    PROFILING = "profiling"
    SHARING = "sharing"


# Those that a message goes by, or a call.
MESSAGING: Final = frozenset({Channel.EMAIL, Channel.SMS, Channel.TELEPHONE, Channel.POST, Channel.PUSH})


class LawfulBasis(Coded):
    """Why a purpose is lawful. GDPR Art. 6(1)(a) to (f)."""

    CONSENT = mark("consent")
    CONTRACT = mark("contract")
    LEGAL_OBLIGATION = mark("legal-obligation")
    VITAL_INTERESTS = mark("vital-interests")
    PUBLIC_TASK = mark("public-task")
    LEGITIMATE_INTERESTS = mark("legitimate-interests")


# CHECK constraints and file formats rely on slugs of at most this length.
SLUG_LENGTH: Final = 64
